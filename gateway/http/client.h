#pragma once

#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "gateway/http/message.h"
#include "gateway/net/byte_stream.h"

#include <memory>
#include <optional>
#include <string>

namespace vardbron::http {

/// One request to another server. The answer's body is read up to limits::answer_bytes_max.
struct Call {
  net::Address to;
  std::string host_field;  ///< the field Host; made from `to` when empty
  Request request;         ///< method, target, fields and body are used
};

/// The status counts whatever is wrong with the rest: a receiver that answered 2xx has the message, and is not notified again
/// because its body is too long.
struct Answer : Response {
  std::optional<Failure>
      unread;  ///< why the rest was not read to its end; then `fields` are those that arrived, and `body` is empty
};

/// Keeps connections open per address and reuses them, for limits::kept_connection_time_max and at most
/// limits::kept_connections_max in all; a kept connection that died before the first answer byte is replaced
/// once, since nothing was read from it. One thread.
class Client {
 public:
  /// Both must outlive the client.
  Client(net::Dialer& dialer, Clock& clock);
  ~Client();
  /// TimedOut, Broken (no connection, no HTTP), TooLarge (answers before the answer), Busy (this machine has no room for another
  /// connection). Any status is a success here.
  Task<Result<Answer>> send(Call call, Deadline until);
  /// Closes idle connections.
  void close_idle();

 private:
  struct Pool;
  std::unique_ptr<Pool> pool_;
};

}  // namespace vardbron::http
