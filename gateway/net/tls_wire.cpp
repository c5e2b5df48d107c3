#include "gateway/net/tls_wire.h"

#include "gateway/base/check.h"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/error.hpp>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstddef>

namespace vardbron::net {

namespace {

int descriptor_of(BIO* wire) { return static_cast<Socket*>(BIO_get_data(wire))->native_handle(); }

bool is_to_be_waited_for() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

int read_wire(BIO* wire, char* into, int size) {
  BIO_clear_retry_flags(wire);
  const ssize_t got = recv(descriptor_of(wire), into, static_cast<std::size_t>(size), 0);
  if (got < 0 && is_to_be_waited_for()) BIO_set_retry_read(wire);
  if (got == 0) errno = 0;
  return static_cast<int>(got);
}

int write_wire(BIO* wire, const char* bytes, int size) {
  BIO_clear_retry_flags(wire);
  const ssize_t sent = send(descriptor_of(wire), bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL);
  if (sent < 0 && is_to_be_waited_for()) BIO_set_retry_write(wire);
  return static_cast<int>(sent);
}

long control_wire(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

int make_wire(BIO* wire) {
  BIO_set_init(wire, 1);
  return 1;
}

const BIO_METHOD* wire_method() {
  static BIO_METHOD* const method = [] {
    BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket without signals");
    CHECK(made != nullptr);
    BIO_meth_set_read(made, read_wire);
    BIO_meth_set_write(made, write_wire);
    BIO_meth_set_ctrl(made, control_wire);
    BIO_meth_set_create(made, make_wire);
    return made;
  }();
  return method;
}

}  // namespace

BIO* make_tls_wire(Socket& socket) {
  BIO* wire = BIO_new(wire_method());
  CHECK(wire != nullptr);
  BIO_set_data(wire, &socket);
  return wire;
}

boost::system::error_code tls_error(int wants) {
  const int of_system = errno;
  const unsigned long of_tls = ERR_peek_error();
  if (of_tls != 0) return {static_cast<int>(of_tls), asio::error::get_ssl_category()};
  if (wants == SSL_ERROR_SYSCALL && of_system != 0) return {of_system, boost::system::system_category()};
  return asio::ssl::error::stream_truncated;
}

}  // namespace vardbron::net
