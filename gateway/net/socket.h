#pragma once

#include "gateway/base/task.h"
#include "gateway/net/byte_stream.h"
#include "gateway/net/tls.h"

#include <functional>
#include <memory>
#include <string>

namespace boost::asio {
template <class Protocol, class Executor>
class basic_stream_socket;
namespace ip {
class tcp;
}
}  // namespace boost::asio

/// Creates streams from connected sockets, for listener and dialer. Inside this folder only.
namespace vardbron::net {

using Socket = asio::basic_stream_socket<asio::ip::tcp, asio::any_io_executor>;

/// Called when the stream ends, from its destructor.
using OnEnd = std::function<void()>;

/// Implements ByteStream::acknowledge.
void acknowledge_now(Socket& socket);
/// Implements ByteStream::has_peer_ended.
bool has_peer_ended(const Socket& socket);

StreamPtr make_tcp_stream(Socket&& socket, std::string peer, OnEnd on_end);
/// Does the TLS handshake in the first read or write.
StreamPtr make_tls_server_stream(Socket&& socket, std::string peer, std::shared_ptr<const Tls> tls, OnEnd on_end);
/// Does the TLS handshake first; the peer must prove that it is the host of `called`.
Task<Result<StreamPtr>> make_tls_client_stream(Socket socket, std::string peer, std::shared_ptr<const Tls> tls, Address called,
                                               Deadline until);

}  // namespace vardbron::net
