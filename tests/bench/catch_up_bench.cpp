// How soon receivers that were down have caught up, and how late new notices are meanwhile for one that was not: a store in which
// so many events wait for each of three subscriptions of three organisations, and none for a fourth one. Several programs are
// measured one after the other, each on a copy of the same store.
//
//   bench_catch_up [EVENTS [ROUNDS [ALIKE [PROGRAM..]]]]     10,000 events, once, no more subscriptions of the first
//                                                            organisation, the program built beside it

#include "gateway/base/random.h"
#include "gateway/base/scope.h"
#include "gateway/base/uuid.h"
#include "gateway/store/sqlite/sqlite_store.h"
#include "gateway/subscription/matcher.h"
#include "tests/play/play.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <thread>
#include <vector>

namespace vardbron::play {
namespace {

using store::Store;

constexpr std::size_t commits_at_once = 64;
constexpr std::chrono::milliseconds notice_pause{400};  // of each of 8 senders
constexpr std::chrono::minutes longest{30};

struct Wanted {
  std::int64_t events = 10'000;
  int rounds = 1;
  int alike = 0;
  std::vector<std::filesystem::path> programs = {VARDBRON_BINARY_DIR "/bin/vardbron"};
  std::filesystem::path folder = std::filesystem::temp_directory_path() / ("vardbron-bench-" + std::to_string(getpid()));
};

std::string behind(const std::string& text, std::string_view mark, std::string_view before) {
  std::size_t from = text.find(mark);
  if (from == std::string::npos) return {};
  from = text.find(before, from + mark.size());
  if (from == std::string::npos) return {};
  from += before.size();
  return text.substr(from, text.find('"', from) - from);
}

/// What the events that are added are like: the first one of each organisation.
struct Alike {
  std::vector<std::shared_ptr<const store::Audience>> audiences;
  std::vector<std::string> parties, subscriptions;
  store::Event event;
};

Task<Result<Alike>> look(Store& store) {
  Alike alike;
  Result<std::vector<store::SubscriptionState>> states = co_await store.subscriptions();
  if (!states) co_return std::move(states).failure();
  std::map<std::string, store::Audience> audiences;
  for (const store::SubscriptionState& state : *states) {
    store::Reader everybody{"", true};
    std::string type = "Subscription", id = state.id;
    Result<store::Resource> resource = co_await store.read(std::move(everybody), std::move(type), std::move(id));
    if (!resource) co_return std::move(resource).failure();
    subscription::Subscription read;
    read.organisation = behind(resource->body, subscription::subscriber_extension, "\"valueString\":\"");
    read.criteria = behind(resource->body, "\"criteria\"", "\"");
    store::Audience& audience = audiences[read.organisation];
    audience.name = subscription::audience_name(read);
    audience.subscriptions.push_back(state.id);
    alike.subscriptions.push_back(state.id);
  }
  for (auto& [organisation, audience] : audiences) {
    alike.parties.push_back(organisation);
    std::sort(audience.subscriptions.begin(), audience.subscriptions.end());
    alike.audiences.push_back(std::make_shared<const store::Audience>(std::move(audience)));
  }
  Result<std::vector<store::Event>> events = co_await store.events(alike.subscriptions.front(), 1, 1, 1);
  if (!events) co_return std::move(events).failure();
  CHECK(!events->empty());
  alike.event = std::move(events->front());
  co_return alike;
}

// Of its case; organisations are those of all cases. Ids of one case share their first bits, as those that care makes.
std::string renamed(const std::string& reference, std::size_t part, std::int64_t number) {
  const std::string type = reference.substr(0, reference.find('/'));
  if (type == "Organization") return reference;
  const std::string of_case = to_string(uuid_v5(uuid_root, std::to_string(number)));
  const std::string own = to_string(uuid_v5(uuid_root, std::to_string(number) + "/" + std::to_string(part)));
  return type + "/" + of_case.substr(0, 14) + "8" + own.substr(15);
}

store::Change change_like(const Alike& alike, std::int64_t number) {
  store::Change change;
  change.case_key = "added-" + std::to_string(number);
  std::vector<std::string> references = {alike.event.focus};
  references.insert(references.end(), alike.event.context.begin(), alike.event.context.end());
  for (std::size_t part = 0; part < references.size(); ++part) {
    const std::string name = renamed(references[part], part, number);
    if (name == references[part]) continue;
    references[part] = name;
    const std::size_t slash = name.find('/');
    store::ResourceWrite write;
    write.type = name.substr(0, slash);
    write.id = name.substr(slash + 1);
    write.body = R"({"resourceType":")" + write.type + R"(","id":")" + write.id + R"(","meta":{},"language":"sv"})";
    write.parties = alike.parties;
    change.resources.push_back(std::move(write));
  }
  for (const auto& audience : alike.audiences)
    change.events.push_back(
        {audience, alike.event.topic, change.case_key, references.front(), {references.begin() + 1, references.end()}});
  return change;
}

Task<> add_some(Store& store, const Alike& alike, std::int64_t& next, std::int64_t end) {
  while (next < end) {
    store::Change change = change_like(alike, next++);
    Result<store::Committed> committed = co_await store.commit(std::move(change));
    CHECK(committed);
  }
}

Task<Result<std::int64_t>> add_events(Store& store, std::int64_t count, std::string up_to_date) {
  Result<Alike> alike = co_await look(store);
  if (!alike) co_return std::move(alike).failure();
  auto executor = co_await asio::this_coro::executor;
  Scope scope(executor);
  std::int64_t next = 0;
  for (std::size_t each = 0; each < commits_at_once; ++each) scope.spawn(add_some(store, *alike, next, count));
  co_await scope.join();
  Result<store::SubscriptionState> state = co_await store.subscription(up_to_date);
  if (!state) co_return std::move(state).failure();
  Result<void> advanced = co_await store.advance(std::move(up_to_date), state->events);
  if (!advanced) co_return std::move(advanced).failure();
  std::printf("an event names %zu resources; %lld events for each of %zu organisations\n", 1 + alike->event.context.size(),
              static_cast<long long>(state->events), alike->audiences.size());
  co_return state->events;
}

std::vector<Acknowledged> send_while(Play& play, const std::atomic<bool>& stop) { return play.send(8, stop, notice_pause); }

Task<std::string> subscribe_once_more(Play& play, std::string endpoint) {
  PlayedCaller caller(play.gateway().port(), subscriber_token(0), play.clock());
  std::string type = "application/fhir+json", body = subscription_to(endpoint, "id-only");
  Result<http::Response> answer = co_await caller.call("POST", "/fhir/Subscription", std::move(type), std::move(body));
  co_return answer && answer->status == 201 ? behind(answer->body, "\"resourceType\":\"Subscription\"", "\"id\":\"") : "";
}

// The events in the store, for each of the three; 0: it was not made.
std::int64_t make_store(Play& play, PlayedReceiver& fourth, const Wanted& wanted) {
  if (!play.gateway().start() || !play.subscribe()) return 0;
  for (int made = 0; made < wanted.alike; ++made)
    (void)play.hospital_loop().run(subscribe_once_more(play, play.receivers().front()->endpoint()));
  const std::string id = play.hospital_loop().run(subscribe_once_more(play, fourth.endpoint()));
  for (int waits = 0; waits < 5000 && !fourth.was_greeted(); ++waits) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  std::atomic<bool> stop = false;
  std::thread timer([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    stop = true;
  });
  (void)play.send(1, stop);
  timer.join();
  if (id.empty() || !play.wait_for_delivery(std::chrono::seconds(20)) || !play.gateway().terminate()) return 0;
  RealClock clock;
  SystemRandom random;
  Result<std::unique_ptr<Store>> store = store::open_sqlite_store({wanted.folder / "data"}, clock, random);
  if (!store) return 0;
  LoopThread loop;
  const Result<std::int64_t> added = loop.run(add_events(**store, wanted.events, id));
  loop.run((*store)->close());
  return added ? *added : 0;
}

struct Measured {
  std::vector<double> seconds;  // of each receiver, from the gateway's start
  std::vector<std::int64_t> lags;
  GatewayProcess::Use use;
  std::int64_t resident_kib = 0;
};

void forget_all(Play& play, PlayedReceiver& fourth) {
  for (auto& each : play.receivers()) each->forget();
  fourth.forget();
}

// Whether every event that was added came, each no earlier than the one before it.
bool has_all_in_order(const PlayedReceiver& receiver, std::int64_t events, std::int64_t added) {
  std::int64_t next = events - added + 1;
  for (const SeenEvent& each : receiver.seen()) {
    if (each.number > next) return false;
    next = std::max(next, each.number + 1);
  }
  return next > events;
}

bool measure(Play& play, PlayedReceiver& fourth, std::int64_t events, const Wanted& wanted, Measured& into) {
  forget_all(play, fourth);
  const Instant began = play.clock().now();
  if (!play.gateway().start()) return false;
  std::atomic<bool> stop = false;
  std::vector<Acknowledged> sent;
  std::thread sender([&] { sent = send_while(play, stop); });
  const Deadline until = play.clock().in(longest);
  std::vector<double> took(play.receivers().size());
  for (std::size_t left = took.size(); left > 0 && !play.clock().passed(until);) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    for (std::size_t at = 0; at < took.size(); ++at) {
      const std::int64_t all = wanted.events * (at == 0 ? 1 + wanted.alike : 1);
      if (took[at] > 0 || static_cast<std::int64_t>(play.receivers()[at]->count()) < all) continue;
      took[at] = std::chrono::duration<double>(play.clock().now() - began).count();
      --left;
    }
    into.resident_kib = std::max(into.resident_kib, play.gateway().resident_kib());
  }
  into.seconds = took;
  into.use = play.gateway().use();
  stop = true;
  sender.join();
  const bool delivered = play.wait_for_delivery(std::chrono::seconds(20));
  for (std::size_t at = 1; at < play.receivers().size(); ++at) {
    if (has_all_in_order(*play.receivers()[at], events, wanted.events)) continue;
    std::fprintf(stderr, "Receiver %zu has not seen every event, in order.\n", at + 1);
    return false;
  }
  for (const SeenEvent& each : fourth.seen()) into.lags.push_back(each.lag_ms);
  std::sort(into.lags.begin(), into.lags.end());
  return delivered && play.gateway().terminate();
}

void print(const std::filesystem::path& program, std::int64_t events, int alike, const Measured& measured) {
  const double last = *std::max_element(measured.seconds.begin(), measured.seconds.end());
  const auto subscriptions = measured.seconds.size() + static_cast<std::size_t>(alike);
  const double all = static_cast<double>(events) * static_cast<double>(subscriptions);
  const std::size_t count = measured.lags.size();
  std::printf(
      "%-18s %lld x %zu in %7.2f s, %8.0f/s together; resident %.0f MB; new ones at the fourth (%zu): p50 %lld ms, p99 %lld ms\n",
      program.filename().c_str(), static_cast<long long>(events), subscriptions, last, all / last,
      static_cast<double>(measured.resident_kib) / 1024, count, count == 0 ? 0 : static_cast<long long>(measured.lags[count / 2]),
      count == 0 ? 0 : static_cast<long long>(measured.lags[count * 99 / 100]));
  std::printf("    us of CPU for each delivery:");
  for (const auto& [name, seconds] : measured.use.thread_seconds) {
    if (seconds > 0.05) std::printf(" %s %.1f", name.c_str(), seconds / all * 1e6);
  }
  std::printf("\n");
  std::fflush(stdout);
}

int run(int argc, char** argv) {
  Wanted wanted;
  if (argc > 1) wanted.events = std::atoll(argv[1]);
  if (argc > 2) wanted.rounds = std::atoi(argv[2]);
  if (argc > 3) wanted.alike = std::atoi(argv[3]);
  if (argc > 4) wanted.programs.assign(argv + 4, argv + argc);
  std::filesystem::remove_all(wanted.folder);
  std::filesystem::create_directories(wanted.folder);
  const std::filesystem::path program = wanted.folder / "program", data = wanted.folder / "data", kept = wanted.folder / "kept";
  std::filesystem::create_symlink(std::filesystem::absolute(wanted.programs.front()), program);
  Play play(program, wanted.folder, 3);
  PlayedReceiver fourth(play.receiver_loop(), play.clock());
  const std::int64_t events = make_store(play, fourth, wanted);
  if (events == 0) {
    std::fprintf(stderr, "The store was not made; see %s/gateway.log\n", wanted.folder.c_str());
    return 1;
  }
  std::filesystem::rename(data, kept);
  bool all = true;
  for (int round = 0; round < wanted.rounds; ++round) {
    for (const std::filesystem::path& each : wanted.programs) {
      std::filesystem::remove_all(data);
      std::filesystem::copy(kept, data, std::filesystem::copy_options::recursive);
      std::filesystem::remove(program);
      std::filesystem::create_symlink(std::filesystem::absolute(each), program);
      Measured measured;
      all = measure(play, fourth, events, wanted, measured) && all;
      if (measured.seconds.empty()) {
        std::fprintf(stderr, "%s does not start; see %s/gateway.log\n", each.c_str(), wanted.folder.c_str());
        return 1;
      }
      print(each, wanted.events, wanted.alike, measured);
    }
  }
  std::filesystem::remove_all(wanted.folder);
  return all ? 0 : 1;
}

}  // namespace
}  // namespace vardbron::play

int main(int argc, char** argv) { return vardbron::play::run(argc, argv); }
