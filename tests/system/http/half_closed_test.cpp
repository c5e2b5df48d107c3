#include "gateway/base/clock.h"
#include "gateway/http/server.h"
#include "gateway/net/tcp.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>

#include <string>

namespace vardbron::http {
namespace {

Task<Response> say_body(Request request) {
  Response response;
  response.body = "heard " + request.body;
  co_return response;
}

// Writes everything, ends its side, and reads until the other side ends too.
Task<void> ask(std::uint16_t port, std::string bytes, std::string& heard, Server& server) {
  using asio::ip::tcp;
  tcp::socket socket(co_await asio::this_coro::executor);
  boost::system::error_code ended;
  tcp::endpoint place(asio::ip::address_v4::loopback(), port);
  co_await socket.async_connect(place, asio::redirect_error(asio::use_awaitable, ended));
  co_await asio::async_write(socket, asio::buffer(bytes), asio::redirect_error(asio::use_awaitable, ended));
  socket.shutdown(tcp::socket::shutdown_send, ended);
  co_await asio::async_read(socket, asio::dynamic_buffer(heard), asio::redirect_error(asio::use_awaitable, ended));
  server.stop();
}

TEST(Connection, AnswersACallerThatHasEndedItsSideAndStillReads) {
  asio::io_context io{1};
  RealClock clock;
  auto listener = *net::listen_tcp(io.get_executor(), {});
  Server server(*listener, say_body, clock);
  std::string heard;
  asio::co_spawn(io, server.run(), [](std::exception_ptr) {});
  std::string request = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\n";
  asio::co_spawn(io, ask(listener->port(), request + "one" + request + "two", heard, server), [](std::exception_ptr) {});

  io.run();

  EXPECT_NE(heard.find("heard one"), std::string::npos) << heard;
  EXPECT_NE(heard.find("heard two"), std::string::npos) << heard;
}

}  // namespace
}  // namespace vardbron::http
