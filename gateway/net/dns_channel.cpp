#include "gateway/net/dns_channel.h"

#include "gateway/base/limits.h"

#include <ares.h>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <netinet/in.h>
#include <sys/time.h>

#include <array>
#include <cstring>
#include <utility>

namespace vardbron::net {

namespace {

using boost::system::error_code;

std::vector<asio::ip::address> addresses_in(const ares_addrinfo& found) {
  std::vector<asio::ip::address> addresses;
  for (const ares_addrinfo_node* node = found.nodes; node != nullptr; node = node->ai_next) {
    if (addresses.size() == limits::addresses_per_name_max) break;
    if (node->ai_family == AF_INET) {
      sockaddr_in v4{};
      std::memcpy(&v4, node->ai_addr, sizeof v4);
      addresses.emplace_back(asio::ip::address_v4(ntohl(v4.sin_addr.s_addr)));
    } else if (node->ai_family == AF_INET6) {
      sockaddr_in6 v6{};
      std::memcpy(&v6, node->ai_addr, sizeof v6);
      asio::ip::address_v6::bytes_type bytes{};
      std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
      addresses.emplace_back(asio::ip::address_v6(bytes, v6.sin6_scope_id));
    }
  }
  return addresses;
}

// c-ares must be initialised once per process.
int prepare_library() {
  static const int status = ares_library_init(ARES_LIB_INIT_ALL);
  return status;
}

}  // namespace

struct DnsChannel::Timer : asio::steady_timer {
  using asio::steady_timer::steady_timer;
};

// A descriptor that c-ares opens and closes; it is only waited for here.
struct DnsChannel::Socket {
  Socket(const asio::any_io_executor& executor, int number) : descriptor(executor, number) {}
  ~Socket() {
    if (descriptor.is_open()) descriptor.release();
  }
  asio::posix::stream_descriptor descriptor;
  bool wants_read = false, wants_write = false;
  bool reads = false, writes = false;  // a wait is in progress
};

struct DnsChannel::Question {
  DnsChannel* channel;
  OnAnswer on_answer;
};

DnsChannel::DnsChannel(asio::any_io_executor executor)
    : executor_(std::move(executor)), timer_(std::make_unique<Timer>(executor_)) {}

DnsChannel::~DnsChannel() {
  if (channel_ != nullptr) ares_destroy(channel_);
}

int DnsChannel::open(const std::string& servers) {
  if (int status = prepare_library(); status != ARES_SUCCESS) return status;
  ares_options options{};
  options.sock_state_cb = &DnsChannel::on_socket_state;
  options.sock_state_cb_data = this;
  // Shorter than resolv.conf's: a name must be resolved within the time limit of dialling.
  options.timeout = static_cast<int>(limits::lookup_try_time_max.count());
  options.tries = limits::lookup_tries_max;
  int status = ares_init_options(&channel_, &options, ARES_OPT_SOCK_STATE_CB | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES);
  if (status != ARES_SUCCESS) {
    channel_ = nullptr;
    return status;
  }
  return servers.empty() ? status : ares_set_servers_ports_csv(channel_, servers.c_str());
}

void DnsChannel::ask(const std::string& name, OnAnswer on_answer) {
  auto on_found = [](void* given, int status, int, ares_addrinfo* found) {
    std::unique_ptr<Question> question(static_cast<Question*>(given));
    Answer answer;
    answer.status = status;
    if (found != nullptr) answer.addresses = addresses_in(*found);
    ares_freeaddrinfo(found);
    --question->channel->asked_;
    question->on_answer(std::move(answer));
  };
  ares_addrinfo_hints wanted{};
  wanted.ai_family = AF_UNSPEC;
  wanted.ai_socktype = SOCK_STREAM;
  ++asked_;
  auto question = std::make_unique<Question>(Question{this, std::move(on_answer)});
  ares_getaddrinfo(channel_, name.c_str(), nullptr, &wanted, on_found, question.release());
  set_timer();
}

void DnsChannel::cancel() {
  ares_cancel(channel_);
  set_timer();
}

void DnsChannel::on_socket_state(void* self, int descriptor, int readable, int writable) {
  static_cast<DnsChannel*>(self)->watch(descriptor, readable != 0, writable != 0);
}

void DnsChannel::watch(int descriptor, bool readable, bool writable) {
  if (!readable && !writable) {
    sockets_.erase(descriptor);
    return;
  }
  std::shared_ptr<Socket>& socket = sockets_[descriptor];
  if (!socket) socket = std::make_shared<Socket>(executor_, descriptor);
  socket->wants_read = readable;
  socket->wants_write = writable;
  if (readable && !socket->reads) wait_for(socket, true);
  if (writable && !socket->writes) wait_for(socket, false);
}

void DnsChannel::wait_for(const std::shared_ptr<Socket>& socket, bool to_read) {
  (to_read ? socket->reads : socket->writes) = true;
  auto on_ready = [alive = weak_from_this(), held = std::weak_ptr<Socket>(socket), to_read](error_code error) {
    std::shared_ptr<DnsChannel> channel = alive.lock();
    std::shared_ptr<Socket> ready = held.lock();
    if (!channel || !ready) return;  // it was closed meanwhile; its number may be another socket's now
    (to_read ? ready->reads : ready->writes) = false;
    if (error) return;
    int number = ready->descriptor.native_handle();
    ready.reset();
    channel->process(to_read ? number : ARES_SOCKET_BAD, to_read ? ARES_SOCKET_BAD : number);
    ready = held.lock();
    if (!ready) return;
    bool wanted = to_read ? ready->wants_read && !ready->reads : ready->wants_write && !ready->writes;
    if (wanted) channel->wait_for(ready, to_read);
  };
  auto readiness = to_read ? asio::posix::stream_descriptor::wait_read : asio::posix::stream_descriptor::wait_write;
  socket->descriptor.async_wait(readiness, std::move(on_ready));
}

void DnsChannel::process(int readable, int writable) {
  ares_process_fd(channel_, readable, writable);
  set_timer();
}

void DnsChannel::set_timer() {
  timeval room{};
  timeval* next = asked_ == 0 ? nullptr : ares_timeout(channel_, nullptr, &room);
  if (next == nullptr) {
    timer_->cancel();
    return;
  }
  timer_->expires_after(std::chrono::seconds(next->tv_sec) + std::chrono::microseconds(next->tv_usec + 1));
  timer_->async_wait([alive = weak_from_this()](error_code error) {
    std::shared_ptr<DnsChannel> channel = alive.lock();
    if (!error && channel) channel->process(ARES_SOCKET_BAD, ARES_SOCKET_BAD);
  });
}

}  // namespace vardbron::net
