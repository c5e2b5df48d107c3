#pragma once

#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "gateway/base/task.h"
#include "gateway/exchange/message_path.h"
#include "gateway/store/store.h"

#include <memory>

namespace vardbron::exchange {

/// Works off what was journalled before it was read (Prefer: respond-async), in the order it came, also after a crash.
/// Lives on the thread of its path; `wake` may be called from any thread.
class Backlog {
 public:
  /// All outlive the backlog.
  Backlog(store::Store& store, MessagePath& path, Clock& clock, asio::any_io_executor executor);
  ~Backlog();

  /// Runs until stop(). A store that is busy or broken is asked again after a pause; nothing is skipped.
  Task<> run();
  void wake();
  void stop();

  /// Reads an entry in quarantine again, after its map was mended. NotFound: no such entry in quarantine.
  Task<Result<Receipt>> replay(std::int64_t number);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace vardbron::exchange
