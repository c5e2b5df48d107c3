#pragma once

#include <boost/asio/ip/udp.hpp>

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace vardbron {

/// A name server on loopback, for tests: it answers for names in `known`, with NXDOMAIN for names that end in ".unknown", and not
/// at all for others. It must outlive the loop's last run. One thread.
class NameServer {
 public:
  explicit NameServer(const boost::asio::any_io_executor& executor)
      : socket_(executor, {boost::asio::ip::address_v4::loopback(), 0}) {
    wait();
  }

  std::map<std::string, std::vector<std::string>> known;  ///< IPv4 addresses by name
  std::map<std::string, int> questions;                   ///< queries by name, all types together

  /// In the form of a dialer's name_servers.
  std::string place() { return "127.0.0.1:" + std::to_string(socket_.local_endpoint().port()); }
  void stop() { socket_.close(); }

 private:
  static constexpr std::size_t header_bytes = 12;

  void wait() {
    socket_.async_receive_from(boost::asio::buffer(room_), from_, [this](boost::system::error_code error, std::size_t got) {
      if (error) return;
      answer({room_.data(), got});
      wait();
    });
  }

  // One question, in the format of RFC 1035 4.1: labels, a zero, type and class.
  void answer(std::string asked) {
    std::string name;
    std::size_t at = header_bytes;
    while (at < asked.size() && asked[at] != 0) {
      auto length = static_cast<std::size_t>(asked[at]);
      name += (name.empty() ? "" : ".") + asked.substr(at + 1, length);
      at += length + 1;
    }
    if (at + 5 > asked.size()) return;
    ++questions[name];
    bool asks_for_v4 = asked[at + 2] == 1;
    auto found = known.find(name);
    bool is_unknown = name.ends_with(".unknown");
    if (found == known.end() && !is_unknown) return;
    std::vector<std::string> addresses = asks_for_v4 && !is_unknown ? found->second : std::vector<std::string>();
    std::string reply = asked.substr(0, at + 5);
    reply[2] = '\x81';  // an answer
    reply[3] = is_unknown ? '\x83' : '\x80';
    reply[6] = 0;
    reply[7] = static_cast<char>(addresses.size());
    reply[8] = reply[9] = reply[10] = reply[11] = 0;
    for (const std::string& address : addresses) {
      reply += std::string("\xC0\x0C\x00\x01\x00\x01\x00\x00\x00\x3C\x00\x04", 12);  // the name asked for, A, IN, a minute
      for (unsigned char byte : boost::asio::ip::make_address_v4(address).to_bytes()) reply += static_cast<char>(byte);
    }
    socket_.send_to(boost::asio::buffer(reply), from_);
  }

  boost::asio::ip::udp::socket socket_;
  boost::asio::ip::udp::endpoint from_;
  std::array<char, 1024> room_{};
};

}  // namespace vardbron
