#pragma once

#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "gateway/http/message.h"
#include "gateway/net/byte_stream.h"

#include <memory>
#include <string>

namespace vardbron::http {

/// One request to somebody else. The answer's body is read to limits::answer_bytes_max and refused beyond.
struct Call {
  net::Address to;
  std::string host_field;  ///< what goes into Host; made from `to` when empty
  Request request;         ///< method, target, fields and body are used
};

/// Keeps connections open per address and uses them again, for limits::kept_connection_time_max and at most
/// limits::kept_connections_max in all; a kept connection that died before the first answer byte is replaced
/// once, since nothing was read from it. One thread.
class Client {
 public:
  /// Both must outlive the client.
  Client(net::Dialer& dialer, Clock& clock);
  ~Client();
  /// TimedOut, Broken (no connection, no HTTP), TooLarge, Busy (this machine has no room for another connection). Any status is a
  /// success here.
  Task<Result<Response>> send(Call call, Deadline until);
  /// Closes what is idle.
  void close_idle();

 private:
  struct Pool;
  std::unique_ptr<Pool> pool_;
};

}  // namespace vardbron::http
