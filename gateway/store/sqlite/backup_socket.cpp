#include "gateway/store/sqlite/backup_socket.h"

#include "gateway/base/log.h"
#include "gateway/store/sqlite/page_sum.h"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <utility>

namespace vardbron::store {

namespace {

constexpr timeval silence_max{120, 0};  // of either side
constexpr std::uint32_t version = 1;

/// What is sent ahead of each piece, in the order of bytes of this machine, which is that of both sides.
struct Head {
  enum Kind : std::uint32_t { Begin = 1, Pages, End, Failed };
  std::uint32_t kind = 0;
  std::uint32_t detail = 0;  ///< Begin: version; Failed: Cause
  std::int64_t number = 0;   ///< Begin, End: pages in all; Pages: the first one
  std::uint64_t bytes = 0;   ///< after the head
};
constexpr std::uint64_t piece_bytes_max = 16u << 20;

struct Address {
  sockaddr_un name{};
  socklen_t size = 0;
};

std::optional<Address> address_of(const std::filesystem::path& directory) {
  struct stat status {};
  if (::stat(directory.c_str(), &status) != 0) return std::nullopt;
  const std::string name = "vardbron-store-" + std::to_string(status.st_dev) + "-" + std::to_string(status.st_ino);
  Address address;
  address.name.sun_family = AF_UNIX;
  std::memcpy(&address.name.sun_path[1], name.data(), name.size());  // the first byte is zero: no file
  address.size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
  return address;
}

Handle new_socket() { return Handle(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)); }

void bound_silence(const Handle& socket) {
  ::setsockopt(socket.number(), SOL_SOCKET, SO_SNDTIMEO, &silence_max, sizeof silence_max);
  ::setsockopt(socket.number(), SOL_SOCKET, SO_RCVTIMEO, &silence_max, sizeof silence_max);
}

/// The other side's process, if it is of this user, or of root.
std::optional<ucred> trusted_peer(const Handle& socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(socket.number(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return std::nullopt;
  if (peer.uid != ::geteuid() && peer.uid != 0) return std::nullopt;
  return peer;
}

bool send_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool send_piece(int socket, Head head, std::string_view bytes = {}) {
  head.bytes = bytes.size();
  return send_all(socket, {reinterpret_cast<const char*>(&head), sizeof head}) && send_all(socket, bytes);
}

bool receive_all(int socket, char* into, std::size_t size) {
  while (size > 0) {
    const ssize_t got = ::recv(socket, into, size, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    into += got;
    size -= static_cast<std::size_t>(got);
  }
  return true;
}

class SocketSink final : public PageSink {
 public:
  explicit SocketSink(int socket) : socket_(socket) {}
  bool begin(std::int64_t pages) override { return send_piece(socket_, {Head::Begin, version, pages}); }
  bool put(std::int64_t first_page, std::string_view pages) override {
    return send_piece(socket_, {Head::Pages, 0, first_page}, pages);
  }
  bool end(std::int64_t pages) override { return send_piece(socket_, {Head::End, 0, pages}); }

 private:
  int socket_;
};

Failure broken_off() { return {Cause::Cancelled, "The gateway broke the copy off; its log says why.", ""}; }
Failure no_answer(const std::filesystem::path& directory) {
  return {Cause::NotFound, "No gateway that has the store open answers.", directory.string()};
}
Failure no_more() { return {Cause::Cancelled, "The copy was broken off.", ""}; }

}  // namespace

Handle::Handle(Handle&& other) noexcept : number_(std::exchange(other.number_, -1)) {}

Handle& Handle::operator=(Handle&& other) noexcept {
  std::swap(number_, other.number_);
  return *this;
}

Handle::~Handle() {
  if (number_ >= 0) ::close(number_);
}

BackupSocket::BackupSocket(const Connections& connections, const std::filesystem::path& directory, Note note)
    : connections_(connections),
      note_(std::move(note)),
      directory_(directory),
      listening_(new_socket()),
      waking_(::eventfd(0, EFD_CLOEXEC)) {}

void BackupSocket::start() {
  const std::optional<Address> address = address_of(directory_);
  const bool is_listening = address && listening_ && waking_ &&
                            ::bind(listening_.number(), reinterpret_cast<const sockaddr*>(&address->name), address->size) == 0 &&
                            ::listen(listening_.number(), 4) == 0;
  if (!is_listening) {
    log::warning("the store cannot be backed up while it is open", {{"error", std::string_view(std::strerror(errno))}});
    return;
  }
  thread_ = std::thread([this] { loop(); });
}

BackupSocket::~BackupSocket() { stop(); }

void BackupSocket::stop() {
  stopping_ = true;
  const std::uint64_t one = 1;
  if (waking_ && ::write(waking_.number(), &one, sizeof one) < 0) return;
  break_off();
  if (thread_.joinable()) thread_.join();
}

void BackupSocket::break_off() {
  breaking_off_ = true;
  {
    std::lock_guard lock(guard_);
    if (caller_ >= 0) ::shutdown(caller_, SHUT_RDWR);
  }
  std::lock_guard ended(copying_);
}

void BackupSocket::allow() { breaking_off_ = false; }

void BackupSocket::loop() {
  pthread_setname_np(pthread_self(), "store backup");
  while (!stopping_) {
    std::array<pollfd, 2> waiting{pollfd{listening_.number(), POLLIN, 0}, pollfd{waking_.number(), POLLIN, 0}};
    if (::poll(waiting.data(), waiting.size(), -1) < 0 && errno != EINTR) return;
    if (stopping_ || (waiting[0].revents & POLLIN) == 0) continue;
    const Handle caller(::accept4(listening_.number(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!caller) continue;
    bound_silence(caller);
    serve(caller);
  }
}

void BackupSocket::serve(const Handle& caller) {
  const std::optional<ucred> peer = trusted_peer(caller);
  if (!peer) {
    log::warning("a process of another user asked for a copy of the store and was refused");
    return;
  }
  const std::string who = "process " + std::to_string(peer->pid) + " of user " + std::to_string(peer->uid);
  Result<void> copied = note_("copied for a backup, for " + who);
  if (copied) {
    log::info("the store is copied for a backup", {{"for", std::string_view(who)}});
    std::lock_guard copying(copying_);
    {
      std::lock_guard lock(guard_);
      caller_ = caller.number();
    }
    copied = copy(caller);
    std::lock_guard lock(guard_);
    caller_ = -1;
  }
  if (copied) return log::info("the store was copied for a backup");
  const Failure& why = copied.failure();
  log::warning("the store was not copied for a backup", {{"says", std::string_view(why.says)}});
  send_piece(caller.number(), {Head::Failed, static_cast<std::uint32_t>(why.cause), 0}, why.says);
}

Result<void> BackupSocket::copy(const Handle& caller) {
  const std::function<bool()> is_stopped = [this] { return stopping_.load() || breaking_off_.load(); };
  if (is_stopped()) return no_more();
  Result<std::unique_ptr<Database>> database = connections_.open_checkpointer();
  if (!database) return std::move(database).failure();
  SocketSink sink(caller.number());
  return copy_live(**database, connections_.file_changes(), sink, is_stopped);
}

Result<void> receive_copy(const std::filesystem::path& directory, PageSink& sink) {
  const std::optional<Address> address = address_of(directory);
  const Handle gateway = new_socket();
  if (!address || !gateway) return no_answer(directory);
  bound_silence(gateway);
  if (::connect(gateway.number(), reinterpret_cast<const sockaddr*>(&address->name), address->size) != 0)
    return no_answer(directory);
  // Another user could listen there while no gateway does, and give us what it likes; root's own gateway is asked by root only.
  const std::optional<ucred> peer = trusted_peer(gateway);
  if (!peer && ::geteuid() != 0) {
    return Failure{Cause::Broken, "The store is open by a process of another user: run this as the gateway's user.",
                   directory.string()};
  }
  std::string bytes;
  while (true) {
    Head head;
    if (!receive_all(gateway.number(), reinterpret_cast<char*>(&head), sizeof head)) return broken_off();
    if (head.bytes > piece_bytes_max) return broken_off();
    bytes.resize(head.bytes);
    if (!receive_all(gateway.number(), bytes.data(), bytes.size())) return broken_off();
    bool is_taken = true;
    switch (head.kind) {
      case Head::Begin:
        if (head.detail != version) return Failure{Cause::Broken, "The gateway is of another version than this program.", ""};
        is_taken = sink.begin(head.number);
        break;
      case Head::Pages: is_taken = head.number > 0 && sink.put(head.number, bytes); break;
      case Head::End: return sink.end(head.number) ? done() : Result<void>(no_more());
      default: return Failure{static_cast<Cause>(head.detail), bytes, ""};
    }
    if (!is_taken) return no_more();
  }
}

}  // namespace vardbron::store
