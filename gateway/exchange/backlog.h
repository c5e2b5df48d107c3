#pragma once

#include "gateway/base/clock.h"
#include "gateway/base/doorbell.h"
#include "gateway/base/result.h"
#include "gateway/base/task.h"
#include "gateway/exchange/message_path.h"
#include "gateway/store/store.h"

#include <cstdint>

namespace vardbron::exchange {

/// Works off what was journalled before it was read (Prefer: respond-async), in the order it came, also after a crash.
/// Lives on the thread of its path; `wake` and `stop` may be called from any thread, while the loop of that thread lives.
class Backlog {
 public:
  /// All outlive the backlog.
  Backlog(store::Store& store, MessagePath& path, Clock& clock, asio::any_io_executor executor);
  Backlog(const Backlog&) = delete;

  /// Runs until stop(). A store that is busy or broken is asked again after a pause; nothing is skipped.
  Task<> run();
  void wake();
  void stop();

 private:
  Task<Result<bool>> work_off_some();

  store::Store& store_;
  MessagePath& path_;
  Clock& clock_;
  asio::any_io_executor executor_;
  Doorbell bell_;
  std::int64_t done_to_ = 0;
  bool stopping_ = false;
};

}  // namespace vardbron::exchange
