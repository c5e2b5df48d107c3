#pragma once

#include "gateway/base/result.h"
#include "gateway/base/task.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace vardbron::exchange {

/// Lets what changes one case in one after the other, in the order it came, so that nothing is worked out in vain; cases do not
/// wait for each other. Any thread: whoever waits goes on on its own executor.
class CaseQueue {
  struct State;

 public:
  /// Whoever has it may change the case; the next one gets it when it is gone. Any thread.
  class Turn {
   public:
    Turn(std::shared_ptr<State> queue, std::string case_key);
    Turn(Turn&& other) noexcept = default;
    Turn& operator=(Turn&& other) = delete;
    ~Turn();

   private:
    std::shared_ptr<State> queue_;  // null: handed on
    std::string case_key_;
  };

  CaseQueue();
  CaseQueue(const CaseQueue&) = delete;

  /// Busy: limits::waiting_per_case_max wait for that case already. Cancelled: the waiting task was.
  Task<Result<Turn>> take(std::string case_key);
  /// Nothing when somebody has it.
  std::optional<Turn> take_if_free(const std::string& case_key);

 private:
  std::shared_ptr<State> state_;  // a turn that is destroyed last still finds it
};

}  // namespace vardbron::exchange
