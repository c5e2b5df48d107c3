#pragma once

// Tested by tests/system/net/name_lookup_test.cpp.

#include "gateway/base/task.h"

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

struct ares_channeldata;
namespace boost::asio::ip {
class address;
}

namespace vardbron::net {

/// c-ares on Asio's loop: one set of name servers, by the configuration at creation, with its queries. One thread. Inside this
/// folder only.
class DnsChannel : public std::enable_shared_from_this<DnsChannel> {
 public:
  /// Result of one name: addresses, or a c-ares status other than ARES_SUCCESS.
  struct Answer {
    int status = 0;
    std::vector<asio::ip::address> addresses;
  };
  using OnAnswer = std::function<void(Answer)>;

  explicit DnsChannel(asio::any_io_executor executor);
  DnsChannel(const DnsChannel&) = delete;
  DnsChannel& operator=(const DnsChannel&) = delete;
  ~DnsChannel();

  /// Reads the machine's configuration. Returns a status of c-ares. Call first.
  int open(const std::string& servers);
  /// `on_answer` is called exactly once, possibly before this returns.
  void ask(const std::string& name, OnAnswer on_answer);
  /// Answers all queries as cancelled, at once.
  void cancel();
  bool is_idle() const { return asked_ == 0; }

 private:
  struct Timer;
  struct Socket;
  struct Question;

  static void on_socket_state(void* self, int descriptor, int readable, int writable);
  void watch(int descriptor, bool readable, bool writable);
  void wait_for(const std::shared_ptr<Socket>& socket, bool to_read);
  void process(int readable, int writable);
  void set_timer();

  asio::any_io_executor executor_;
  std::unique_ptr<Timer> timer_;
  ares_channeldata* channel_ = nullptr;
  std::map<int, std::shared_ptr<Socket>> sockets_;
  std::size_t asked_ = 0;
};

}  // namespace vardbron::net
