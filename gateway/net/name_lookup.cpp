#include "gateway/net/name_lookup.h"

#include "gateway/base/limits.h"
#include "gateway/base/reached.h"
#include "gateway/base/text.h"
#include "gateway/net/dns_channel.h"
#include "gateway/net/tcp.h"

#include <ares.h>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <sys/stat.h>

#include <algorithm>
#include <list>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

namespace vardbron::net {

namespace {

using Addresses = std::vector<asio::ip::address>;

// Identifies the version of the machine's configuration that a channel has read.
using Edition = std::tuple<ino_t, time_t, long, off_t>;

Edition edition_now() {
  struct stat file {};
  if (::stat("/etc/resolv.conf", &file) != 0) return {};
  return {file.st_ino, file.st_mtim.tv_sec, file.st_mtim.tv_nsec, file.st_size};
}

Result<Addresses> outcome_of(const std::string& name, DnsChannel::Answer answer) {
  if (answer.status == ARES_SUCCESS && !answer.addresses.empty()) return std::move(answer.addresses);
  switch (answer.status) {
    case ARES_SUCCESS:
    case ARES_ENODATA:
    case ARES_ENOTFOUND:
    case ARES_EBADNAME: return Failure{Cause::Broken, "The name of the peer is not known: " + name, ""};
    case ARES_ETIMEOUT: return Failure{Cause::TimedOut, "No name server answered for " + name + ".", ""};
    case ARES_ECANCELLED:
    case ARES_EDESTRUCTION: return Failure{Cause::Cancelled, "Dialling was cancelled.", ""};
    default: return Failure{Cause::Broken, "The name " + name + " was not found: " + ares_strerror(answer.status) + ".", ""};
  }
}

}  // namespace

struct NameLookup::State : std::enable_shared_from_this<State> {
  State(asio::any_io_executor on, std::string given) : executor(std::move(on)), servers(std::move(given)) {}

  // A name in progress, with its waiting tasks.
  struct Asked {
    std::list<asio::steady_timer> waiting;
    std::optional<Result<Addresses>> outcome;
  };

  Result<void> have_channel();
  std::shared_ptr<Asked> ask(const std::string& name);
  void answered(const std::string& name, DnsChannel::Answer answer);
  void left();

  asio::any_io_executor executor;
  std::string servers;
  Edition edition;
  std::shared_ptr<DnsChannel> channel;
  std::vector<std::shared_ptr<DnsChannel>> former;  // of an earlier version, until their queries are answered
  std::map<std::string, std::shared_ptr<Asked>> asked;
  std::size_t waiting = 0;
};

Result<void> NameLookup::State::have_channel() {
  std::erase_if(former, [](const auto& each) { return each->is_idle(); });
  Edition now = edition_now();
  if (channel && now == edition) return done();
  auto made = std::make_shared<DnsChannel>(executor);
  if (int status = made->open(servers); status != ARES_SUCCESS)
    return Failure{Cause::Broken, std::string("Names cannot be looked up: ") + ares_strerror(status) + ".", ""};
  if (channel) former.push_back(std::move(channel));
  channel = std::move(made);
  edition = now;
  return done();
}

std::shared_ptr<NameLookup::State::Asked> NameLookup::State::ask(const std::string& name) {
  auto found = asked.find(name);
  if (found != asked.end()) return found->second;
  auto question = std::make_shared<Asked>();
  asked.emplace(name, question);
  channel->ask(name, [state = weak_from_this(), name](DnsChannel::Answer answer) {
    if (auto alive = state.lock()) alive->answered(name, std::move(answer));
  });
  return question;
}

void NameLookup::State::answered(const std::string& name, DnsChannel::Answer answer) {
  auto found = asked.find(name);
  if (found == asked.end()) return;
  std::shared_ptr<Asked> question = std::move(found->second);
  asked.erase(found);
  question->outcome = outcome_of(name, std::move(answer));
  for (asio::steady_timer& each : question->waiting) each.cancel();
}

// No task waits any more: cancels all queries, since they would keep the loop running.
void NameLookup::State::left() {
  if (--waiting > 0) return;
  for (const auto& each : former) each->cancel();
  if (channel) channel->cancel();
}

NameLookup::NameLookup(asio::any_io_executor executor, std::string servers)
    : state_(std::make_shared<State>(std::move(executor), std::move(servers))) {}

NameLookup::~NameLookup() = default;

Task<Result<Addresses>> NameLookup::addresses_of(std::string name, Deadline until) {
  std::shared_ptr<State> state = state_;
  Result<void> ready = state->have_channel();
  if (!ready) co_return std::move(ready).failure();
  if (state->asked.size() >= limits::lookups_max && !state->asked.contains(name)) {
    REACHED("net: too many names are asked for");
    co_return Failure{Cause::Busy, "Too many names are being looked up.", ""};
  }
  // Also on destruction, when the loop is destroyed.
  struct Waiting {
    explicit Waiting(std::shared_ptr<State> in) : state(std::move(in)) { ++state->waiting; }
    ~Waiting() { state->left(); }
    std::shared_ptr<State> state;
  };
  Waiting waiting(state);
  std::shared_ptr<State::Asked> question = state->ask(name);
  if (question->outcome) co_return *question->outcome;
  auto place = question->waiting.emplace(question->waiting.end(), state->executor, asio::steady_timer::time_point(until.at));
  boost::system::error_code ended;
  co_await place->async_wait(asio::redirect_error(asio::use_awaitable, ended));
  question->waiting.erase(place);
  if (question->outcome) co_return *question->outcome;
  if (!ended) co_return Failure{Cause::TimedOut, "No name server answered for " + name + " in time.", ""};
  co_return Failure{Cause::Cancelled, "Dialling was cancelled.", ""};
}

Result<void> check_name_servers(const std::string& servers) {
  for (std::string_view server : split(servers, ',')) {
    std::string_view host = server, port = "53";
    const bool has_brackets = server.starts_with('[');
    bool is_closed = !has_brackets;
    const std::size_t end = has_brackets ? server.find("]:") : server.find(':');
    if (end != std::string_view::npos && (has_brackets || server.find(':', end + 1) == std::string_view::npos)) {
      host = server.substr(0, end);
      port = server.substr(end + (has_brackets ? 2 : 1));
      is_closed = true;
    } else if (has_brackets && host.ends_with(']')) {
      host.remove_suffix(1);
      is_closed = true;
    }
    if (has_brackets) host.remove_prefix(1);
    std::optional<std::int64_t> number = parse_int(port);
    boost::system::error_code error;
    auto address = asio::ip::make_address(host, error);
    if (error || !is_closed || (has_brackets && address.is_v4()) || !number || *number < 1 || *number > 65535)
      return Failure{Cause::Invalid, "A name server is an address, with or without a port: 10.0.0.53 or 10.0.0.53:5353.", ""};
  }
  return done();
}

}  // namespace vardbron::net
