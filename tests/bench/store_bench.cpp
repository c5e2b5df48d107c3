// What a commit of the embedded store costs: small changes and changes as a notice makes them, one by one and in groups.
// store_bench [directory] [seconds] [part of a name]; prints one line per case. `log` is the largest that the write-ahead log
// was. With many seconds the changes run out first: "endless" makes each as it is needed, and a reader searches beside it.

#include "gateway/base/random.h"
#include "gateway/base/uuid.h"
#include "gateway/store/sqlite/sqlite_store.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace vardbron::store {
namespace {

using Time = std::chrono::steady_clock;

double seconds_of(const timeval& time) { return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6; }

double cpu_seconds(int whose) {
  rusage usage{};
  getrusage(whose, &usage);
  return seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
}

/// Text with about the entropy of FHIR JSON.
std::string some_text(std::size_t size, Random& random) {
  static constexpr const char* words[] = {"\"system\":\"urn:oid:1.2.752.29.4.19\",",
                                          "\"value\":\"",
                                          "\"reference\":\"Patient/",
                                          "\"coding\":[{",
                                          "\"code\":\"requested\",",
                                          "\"display\":\"",
                                          "\"extension\":[{\"url\":\"https://vardbron.example/",
                                          "\"identifier\":[{",
                                          "\"period\":{\"start\":\"2026-03-28T10:00:00+01:00\"},"};
  std::string text;
  while (text.size() < size) {
    text += words[random.below(std::size(words))];
    text += std::to_string(random.below(1'000'000'000));
  }
  text.resize(size);
  return text;
}

search::Key key(std::string parameter, search::KeyKind kind, std::string value) {
  search::Key made;
  made.parameter = std::move(parameter);
  made.kind = kind;
  made.system = kind == search::KeyKind::Token ? "http://hl7.org/fhir/task-status" : "";
  made.value = std::move(value);
  return made;
}

const std::vector<std::string> parties = {"SE2321000016-A001", "SE2120000142-K001", "SE2321000016-V001"};
constexpr std::size_t resources_per_notice = 8;

// As care creates them: ids of one case share their first bits (UUID version 8).
std::string resource_id(const std::string& name, std::size_t number) {
  return name.substr(0, 14) + "8" + name.substr(15, 20) + std::to_string(number);
}

ResourceWrite a_resource(const std::string& name, std::size_t number, std::int64_t expected, Random& random) {
  using search::KeyKind;
  static constexpr const char* types[] = {"Patient", "Encounter", "CarePlan",      "CareTeam",
                                          "Task",    "Task",      "Communication", "Communication"};
  ResourceWrite write;
  write.type = types[number % resources_per_notice];
  write.id = resource_id(name, number);
  std::size_t size = 1024 + static_cast<std::size_t>(random.below(2048));
  write.body = R"({"resourceType":")" + write.type + R"(","id":")" + write.id + R"(","meta":{},"text":")" +
               some_text(size, random) + "\"}";
  write.expected_version = expected;
  write.keys = {key("status", KeyKind::Token, expected == 0 ? "requested" : "accepted"),
                key("intent", KeyKind::Token, "order"),
                key("code", KeyKind::Token, "ta-over-patient"),
                key("identifier", KeyKind::Token, write.id + "-identifier"),
                key("patient", KeyKind::Reference, "Patient/" + resource_id(name, 0)),
                key("subject", KeyKind::Reference, "Patient/" + resource_id(name, 0)),
                key("encounter", KeyKind::Reference, "Encounter/" + resource_id(name, 1)),
                key("focus", KeyKind::Reference, "Encounter/" + resource_id(name, 1)),
                key("owner", KeyKind::Reference, parties[1]),
                key("authored-on", KeyKind::Date, "")};
  write.keys.back().from_ms = write.keys.back().to_ms = 1'774'692'000'000;
  write.parties = parties;
  return write;
}

RawMessage a_message(const std::string& identity, std::size_t size, Random& random) {
  RawMessage message;
  message.channel = "cosmic";
  message.sender = parties[0];
  message.content_type = "application/xml";
  message.body = some_text(size, random);
  message.identity = identity;
  return message;
}

std::shared_ptr<const Audience> audience(const std::string& digit) {
  const std::string id = "0a1b2c3d-0000-4000-8000-00000000000" + digit;
  return std::make_shared<const Audience>(Audience{id, {id}});
}

const std::vector<std::shared_ptr<const Audience>> audiences = {audience("1"), audience("2"), audience("3")};

EventWrite an_event(std::size_t subscription, const std::string& name) {
  EventWrite event;
  event.to = audiences.at(subscription - 1);
  event.topic = "https://vardbron.example/fhir/SubscriptionTopic/case-changed";
  event.case_key = name;
  event.focus = "Encounter/" + resource_id(name, 1);
  event.context = {"Patient/" + resource_id(name, 0), "Task/" + resource_id(name, 4)};
  return event;
}

AuditRow an_audit_row(const std::string& name) {
  AuditRow row;
  row.action = "intake";
  row.caller = parties[0];
  row.subject = "Encounter/" + resource_id(name, 1);
  row.case_key = name;
  return row;
}

/// A message of 2 KB and three events: the minimum of an outbox.
Change small_change(const std::string& name, std::int64_t, Random& random) {
  Change change;
  change.journal = a_message(name, 2048, random);
  for (std::size_t number = 1; number <= 3; ++number) change.events.push_back(an_event(number, name));
  return change;
}

/// What a notice changes: eight resources, a link, three events, two audit rows.
Change notice_change(const std::string& name, std::int64_t version, Random& random) {
  Change change;
  change.journal = a_message(name + "/" + std::to_string(version), 3072, random);
  change.receipt = some_text(400, random);
  change.case_key = name;
  change.case_version = version;
  ChainLink link;
  link.identity = name + "/" + std::to_string(version);
  link.kind = "admission";
  link.body = some_text(4096, random);
  change.links = {link};
  for (std::size_t number = 0; number < resources_per_notice; ++number)
    change.resources.push_back(a_resource(name, number, version, random));
  for (std::size_t number = 1; number <= 3; ++number) change.events.push_back(an_event(number, name));
  change.audit = {an_audit_row(name), an_audit_row(name)};
  return change;
}

void rethrow(std::exception_ptr error) {
  if (error) std::rethrow_exception(error);
}

struct Tally {
  std::size_t committed = 0;
  std::vector<double> milliseconds;
  std::filesystem::path log;
  std::uintmax_t log_bytes = 0;  ///< the largest that was seen
};

Task<> lane(Store& store, std::vector<Change>& changes, Time::time_point until, Tally& tally) {
  for (Change& change : changes) {
    Time::time_point begun = Time::now();
    if (begun >= until) co_return;
    Result<Committed> committed = co_await store.commit(std::move(change));
    if (!committed) {
      std::printf("refused: %s\n", committed.failure().says.c_str());
      co_return;
    }
    ++tally.committed;
    std::error_code error;
    const std::uintmax_t log_bytes = std::filesystem::file_size(tally.log, error);
    if (!error) tally.log_bytes = std::max(tally.log_bytes, log_bytes);
    tally.milliseconds.push_back(std::chrono::duration<double, std::milli>(Time::now() - begun).count());
  }
}

struct Trial {
  const char* name;
  Change (*make)(const std::string&, std::int64_t, Random&);
  std::size_t lanes, changes;
  std::int64_t versions;  ///< notices per case: the first makes its resources, the others replace them
};

void measure(const Trial& wanted, const std::filesystem::path& root, double seconds) {
  std::filesystem::path directory = root / "vardbron-store-bench";
  std::filesystem::remove_all(directory);
  RealClock clock;
  SystemRandom ids;
  SeededRandom random(1);
  std::vector<std::vector<Change>> lanes(wanted.lanes);
  std::size_t each = wanted.changes / wanted.lanes;
  for (std::size_t at = 0; at < wanted.lanes; ++at) {
    for (std::size_t number = 0; number < each; ++number) {
      std::string name = to_string(
          uuid_v5(uuid_root, std::to_string(at) + "/" + std::to_string(static_cast<std::int64_t>(number) / wanted.versions)));
      lanes[at].push_back(wanted.make(name, static_cast<std::int64_t>(number) % wanted.versions, random));
    }
  }
  Result<std::unique_ptr<Store>> store = open_sqlite_store({directory, 1}, clock, ids);
  CHECK(store);
  asio::io_context io;
  Tally tally;
  tally.log = directory / "vardbron.db-wal";
  double all_cpu = cpu_seconds(RUSAGE_SELF), own_cpu = cpu_seconds(RUSAGE_THREAD);
  Time::time_point begun = Time::now();
  Time::time_point until = begun + std::chrono::duration_cast<Time::duration>(std::chrono::duration<double>(seconds));
  for (std::vector<Change>& changes : lanes) asio::co_spawn(io, lane(**store, changes, until, tally), rethrow);
  io.run();
  double took = std::chrono::duration<double>(Time::now() - begun).count();
  own_cpu = cpu_seconds(RUSAGE_THREAD) - own_cpu;  // the caller's part: digests, compression, thread switches
  all_cpu = cpu_seconds(RUSAGE_SELF) - all_cpu;
  std::sort(tally.milliseconds.begin(), tally.milliseconds.end());
  auto at = [&](double part) {
    return tally.milliseconds[static_cast<std::size_t>(part * static_cast<double>(tally.milliseconds.size() - 1))];
  };
  auto count = static_cast<double>(tally.committed);
  store->reset();
  double bytes = static_cast<double>(std::filesystem::file_size(directory / "vardbron.db"));
  std::printf("%-34s %7zu changes %9.0f/s  CPU %6.1f + %5.1f us  p50 %6.2f ms  p99 %6.2f ms  file %6.1f KB each  log %5.1f MB\n",
              wanted.name, tally.committed, count / took, (all_cpu - own_cpu) / count * 1e6, own_cpu / count * 1e6, at(0.5),
              at(0.99), bytes / count / 1024, static_cast<double>(tally.log_bytes) / (1024 * 1024));
  std::fflush(stdout);
  std::filesystem::remove_all(directory);
}

/// What happens for as long as one likes, with readers at work: changes, and what the log came to meanwhile.
struct Endless {
  Store& store;
  Time::time_point begun, until;
  std::filesystem::path log;
  std::size_t committed = 0, searches = 0;
  std::uintmax_t log_bytes = 0;
  double reported_seconds = 0;
};

Task<> endless_loop(Endless& all, std::size_t lane) {
  SeededRandom random(lane + 1);
  for (std::size_t number = 0; Time::now() < all.until; ++number) {
    const std::string name = to_string(uuid_v5(uuid_root, std::to_string(lane) + "/" + std::to_string(number / 4)));
    Change change = notice_change(name, static_cast<std::int64_t>(number % 4), random);
    Result<Committed> committed = co_await all.store.commit(std::move(change));
    CHECK(committed);
    ++all.committed;
    std::error_code error;
    const std::uintmax_t log_bytes = std::filesystem::file_size(all.log, error);
    if (!error) all.log_bytes = std::max(all.log_bytes, log_bytes);
    const double seconds = std::chrono::duration<double>(Time::now() - all.begun).count();
    if (seconds < all.reported_seconds + 10) continue;
    all.reported_seconds = seconds;
    std::printf("endless %7.0f s %9zu changes %7zu searches  log %5.1f MB now, %5.1f MB at most\n", seconds, all.committed,
                all.searches, static_cast<double>(log_bytes) / (1024 * 1024), static_cast<double>(all.log_bytes) / (1024 * 1024));
    std::fflush(stdout);
  }
}

Task<> endless_search(Endless& all) {
  while (Time::now() < all.until) {
    search::Query query;
    query.resource_type = "Task";
    query.count = 0;
    Reader everybody{"", true};
    Result<Page> page = co_await all.store.search(std::move(everybody), std::move(query));
    CHECK(page);
    ++all.searches;
  }
}

void measure_endless(const std::filesystem::path& root, double seconds) {
  const std::filesystem::path directory = root / "vardbron-store-bench";
  std::filesystem::remove_all(directory);
  RealClock clock;
  SystemRandom ids;
  Result<std::unique_ptr<Store>> store = open_sqlite_store({directory, 1}, clock, ids);
  CHECK(store);
  const Time::time_point begun = Time::now();
  Endless all{**store, begun, begun + std::chrono::duration_cast<Time::duration>(std::chrono::duration<double>(seconds)),
              directory / "vardbron.db-wal"};
  asio::io_context io;
  for (std::size_t lane = 0; lane < 8; ++lane) asio::co_spawn(io, endless_loop(all, lane), rethrow);
  asio::co_spawn(io, endless_search(all), rethrow);
  io.run();
  std::printf("endless %zu changes in %.0f s, log at most %.1f MB, file %.1f MB\n", all.committed, seconds,
              static_cast<double>(all.log_bytes) / (1024 * 1024),
              static_cast<double>(std::filesystem::file_size(directory / "vardbron.db")) / (1024 * 1024));
  store->reset();
  std::filesystem::remove_all(directory);
}

}  // namespace
}  // namespace vardbron::store

int main(int count, char** arguments) {
  using namespace vardbron::store;
  std::filesystem::path root = count > 1 ? arguments[1] : std::filesystem::temp_directory_path();
  double seconds = count > 2 ? std::atof(arguments[2]) : 5;
  if (count > 3 && std::string_view(arguments[3]) == "endless") {
    measure_endless(root, seconds);
    return 0;
  }
  for (const Trial& wanted :
       {Trial{"small, one by one", small_change, 1, 60'000, 1}, Trial{"small, 64 at once", small_change, 64, 192'000, 1},
        Trial{"notice (new case), one by one", notice_change, 1, 12'000, 1},
        Trial{"notice (new case), 8 at once", notice_change, 8, 16'000, 1},
        Trial{"notice (new case), 64 at once", notice_change, 64, 16'000, 1},
        Trial{"notice (4 per case), one by one", notice_change, 1, 12'000, 4},
        Trial{"notice (4 per case), 64 at once", notice_change, 64, 16'000, 4}}) {
    if (count <= 3 || std::string_view(wanted.name).find(arguments[3]) != std::string_view::npos) measure(wanted, root, seconds);
  }
  return 0;
}
