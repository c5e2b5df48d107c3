#pragma once

#include "gateway/base/result.h"
#include "gateway/base/task.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace vardbron::exchange {

/// Serialises the changes of one case in the order of arrival, so that no computation is wasted; cases do not wait for each
/// other. Any thread: a waiting task continues on its own executor.
class CaseQueue {
  struct State;

 public:
  /// Its owner may change the case; the next in the queue gets it when it is destroyed. Any thread.
  class Turn {
   public:
    Turn(std::shared_ptr<State> queue, std::string case_key);
    Turn(Turn&& other) noexcept = default;
    Turn& operator=(Turn&& other) = delete;
    ~Turn();

   private:
    std::shared_ptr<State> queue_;  // null: moved from
    std::string case_key_;
  };

  CaseQueue();
  CaseQueue(const CaseQueue&) = delete;

  /// Busy: limits::waiting_per_case_max wait for that case already. Cancelled: the waiting task was.
  Task<Result<Turn>> take(std::string case_key);
  /// Nothing when it is taken.
  std::optional<Turn> take_if_free(const std::string& case_key);

 private:
  std::shared_ptr<State> state_;  // shared, so that a turn may outlive the queue
};

}  // namespace vardbron::exchange
