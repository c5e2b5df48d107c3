#include "tests/play/raw_caller.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>

namespace vardbron::play {

namespace {

sockaddr_in place(const std::string& address, std::uint16_t port) {
  sockaddr_in made{};
  made.sin_family = AF_INET;
  made.sin_port = htons(port);
  inet_pton(AF_INET, address.c_str(), &made.sin_addr);
  return made;
}

const sockaddr* general(const sockaddr_in& address) { return reinterpret_cast<const sockaddr*>(&address); }

}  // namespace

RawCaller::RawCaller(std::uint16_t port, const std::string& from) : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  if (socket_ < 0) return;
  const sockaddr_in own = place(from, 0), to = place("127.0.0.1", port);
  if (bind(socket_, general(own), sizeof own) == 0 && connect(socket_, general(to), sizeof to) == 0) return;
  close(socket_);
  socket_ = -1;
}

RawCaller::~RawCaller() {
  if (socket_ >= 0) close(socket_);
}

bool RawCaller::say(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

std::string RawCaller::hear(std::string_view until, int milliseconds_max) {
  std::string heard;
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(milliseconds_max);
  while (heard.find(until) == std::string::npos || until.empty()) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now()).count();
    pollfd waiting{socket_, POLLIN, 0};
    if (left <= 0 || poll(&waiting, 1, static_cast<int>(left)) <= 0) break;
    char room[4096];
    const ssize_t got = recv(socket_, room, sizeof room, 0);
    if (got <= 0) break;
    heard.append(room, static_cast<std::size_t>(got));
  }
  return heard;
}

bool RawCaller::is_hung_up_on(int milliseconds_max) {
  pollfd waiting{socket_, POLLIN, 0};
  if (socket_ < 0) return true;
  if (poll(&waiting, 1, milliseconds_max) <= 0) return false;
  char room[256];
  return recv(socket_, room, sizeof room, 0) <= 0;
}

void open_many_descriptors() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace vardbron::play
