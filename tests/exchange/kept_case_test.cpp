// Concern: a case that is kept in memory changes as one that is read from the store, to the byte.
#include "gateway/base/limits.h"
#include "gateway/base/reached.h"
#include "gateway/exchange/case_repair.h"
#include "gateway/formats/json/parse.h"
#include "tests/exchange/spine.h"
#include "tests/sim/seeds.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>

namespace vardbron::exchange {
namespace {

const std::string key = std::string(hospital) + "|urn:test:cases|A-1";

ANotice admission() { return ANotice("admission").with_id("M-1").at("2026-03-28T08:00:00+01:00"); }
ANotice planning(int number) {
  return ANotice("planning").with_id("P-" + std::to_string(number)).at("2026-03-28T09:30:00+01:00");
}

access::Principal organisation(const std::string& id) {
  access::Principal made;
  made.organisation = id;
  made.may_receive = true;
  return made;
}

/// A gateway with three subscribers. With a cache it keeps its cases.
struct Gateway : Spine {
  explicit Gateway(CaseCache* kept, bool knows_all_receivers = true) {
    cache = kept;
    if (!knows_all_receivers) receivers = access::Receivers({organisation(hospital), organisation(home_care)});
    open_path({});
    for (const char* topic : {"case", "task"}) {
      watch(std::string("home-") + topic, home_care, topic);
      watch(std::string("centre-") + topic, health_centre, topic);
    }
    watch("hospital", hospital, "task");
    open_path({});
  }
  /// Another process with the same store, which keeps nothing.
  Result<Receipt> accept_elsewhere(const ANotice& notice) {
    PathParts others = parts();
    others.cases.cache = nullptr;
    MessagePath other(std::move(others));
    return world.complete(other.accept({caller(), "fhir", "application/fhir+json", notice.json()}));
  }
  std::string put_task(const std::string& id, const std::string& organisation, const std::string& status) {
    Result<tree::Document> body = json::parse(
        R"({"resourceType":"Task","id":")" + id + R"(","status":")" + status + R"(","note":[{"text":"En anteckning"}]})",
        empty_library().definitions().names());
    CHECK(body);
    Result<std::optional<store::Resource>> put =
        world.complete(path->write_task({{organisation, "", false, true, false}, id, std::move(*body), 0}));
    return put ? (*put)->body : put.failure().says;
  }
  /// All that is stored of a case, and what was notified and logged.
  std::vector<std::string> all(const std::string& case_name) {
    const store::Case found = stored_case(case_name);
    std::vector<std::string> texts{std::to_string(found.version) + " " +
                                   std::to_string(found.times.seen.time_since_epoch().count())};
    if (found.times.next_change) texts.push_back(std::to_string(found.times.next_change->time_since_epoch().count()));
    for (const store::ChainLink& link : found.links)
      texts.push_back(link.identity + " " + link.kind + " " + std::to_string(link.journal_number) + " " + link.body);
    const store::Reader reader{"", true};
    for (const store::CaseResource& each : found.resources) {
      texts.push_back(each.type + "/" + each.id + " " + std::to_string(each.version) + " " + each.digest);
      for (const char* party : {hospital, home_care, health_centre})
        if (store.tables().read({party, false}, each.type, each.id, 0)) texts.back() += std::string(" ") + party;
    }
    return texts;
  }
  std::vector<std::string> notified_and_logged() {
    std::vector<std::string> texts;
    for (const char* id : {"home-case", "home-task", "centre-case", "centre-task", "hospital"}) {
      for (const store::Event& event : events(id)) {
        texts.push_back(std::string(id) + " " + event.focus + " " + event.case_key);
        for (const std::string& each : event.context) texts.back() += " " + each;
      }
    }
    for (const store::AuditRow& row : store.tables().audit_rows(0, 100'000))
      texts.push_back(row.action + " " + row.subject + " " + row.case_key + " " + row.says);
    return texts;
  }
};

/// One step, made alike in both gateways; returns what was answered.
using Step = std::function<std::string(Gateway&)>;

std::string answer(const Result<Receipt>& receipt) {
  if (!receipt) return "failed: " + receipt.failure().says;
  std::string text = receipt->text;
  const std::size_t at = text.find(receipt->journal_id);  // in part chance, which the two draw in another order
  if (at != std::string::npos) text.replace(at, receipt->journal_id.size(), "ID");
  return std::to_string(int(receipt->outcome)) + " " + std::to_string(receipt->journal_number) + " " + text;
}

ANotice random_notice(Random& random, const std::string& case_name) {
  constexpr const char* events[] = {"admission",
                                    "planning",
                                    "planned-discharge.changed",
                                    "discharge-ready",
                                    "leave.start",
                                    "leave.end",
                                    "discharge-ready.withdrawn",
                                    "fast-vardkontakt",
                                    "sip.invitation",
                                    "interruption",
                                    "discharge",
                                    "case.closed"};
  const bool cancels = random.below(6) == 0;
  ANotice notice(cancels ? "nullified" : random.below(5) == 0 ? "admission" : events[random.below(std::size(events))]);
  notice.with_id("M-" + std::to_string(random.below(25))).of_case(case_name);
  notice.at("2026-03-2" + std::to_string(6 + random.below(3)) + "T1" + std::to_string(random.below(10)) + ":00:00+01:00");
  if (cancels) notice.replacing("M-" + std::to_string(random.below(25)));
  if (random.below(5) == 0) notice.with_reason("En annan anledning");
  if (random.below(4) == 0) notice.in_kommun("0180");
  if (random.below(25) == 0) notice.with_protected_identity();
  return notice;
}

Step random_step(Random& random) {
  const std::string case_name = random.below(4) == 0 ? "A-2" : "A-1";
  const ANotice notice = random_notice(random, case_name);
  switch (random.below(9)) {
    case 0: {
      const auto hours = std::chrono::hours(1 + random.below(60));
      return [=](Gateway& gateway) -> std::string {
        gateway.world.clock.shift_wall(hours);
        Result<bool> passed =
            gateway.world.complete(gateway.path->let_time_pass(std::string(hospital) + "|urn:test:cases|" + case_name));
        return passed ? *passed ? "passed" : "not due" : passed.failure().says;
      };
    }
    case 1: {
      const bool is_of_home = random.below(2) == 0;
      constexpr const char* statuses[] = {"received", "accepted", "in-progress", "completed", "rejected"};
      const std::string status = statuses[random.below(std::size(statuses))];
      const std::string owner = is_of_home ? home_care : health_centre;
      return [=](Gateway& gateway) -> std::string {
        const std::string id = gateway.task(case_name, "kvittera-inskrivning", owner).id;
        return id.empty() ? "no Task" : gateway.put_task(id, owner, status);
      };
    }
    case 2: return [=](Gateway& gateway) { return answer(gateway.accept_elsewhere(notice)); };
    case 3: {
      const Cause cause = random.below(2) == 0 ? Cause::Conflict : Cause::Busy;
      const std::uint64_t nth = 1 + random.below(2);
      return [=](Gateway& gateway) {
        gateway.store.fail_write(nth, cause);
        return answer(gateway.accept(notice));
      };
    }
    case 4: {
      const auto back = std::chrono::minutes(random.below(2) == 0 ? 30 : 90);
      return [=](Gateway& gateway) -> std::string {
        gateway.world.clock.shift_wall(-back);
        CaseRepair repair(gateway.case_parts(), gateway.world.clock);
        Result<Repaired> repaired = gateway.world.complete(repair.run());
        return repaired ? std::to_string(repaired->cases) : repaired.failure().says;
      };
    }
    default: return [=](Gateway& gateway) { return answer(gateway.accept(notice)); };
  }
}

TEST(AKeptCase, ChangesAsOneThatIsReadWhateverComes) {
  std::size_t most_links = 0;
  sim::for_each_seed(12, [&](std::uint64_t seed) {
    SeededRandom random(seed);
    CaseCache cache(random.below(3) == 0 ? CaseCache::Bounds{1, 1u << 20} : CaseCache::Bounds{});
    const bool knows_all = random.below(2) == 0;
    Gateway keeping(&cache, knows_all), reading(nullptr, knows_all);
    for (int number = 0; number < 45; ++number) {
      const Step step = random_step(random);
      ASSERT_EQ(step(keeping), step(reading)) << number;
      for (const char* name : {"A-1", "A-2"}) ASSERT_EQ(keeping.all(name), reading.all(name)) << number;
      if (random.below(20) == 0)  // a start of the process
        for (const char* name : {"A-1", "A-2"}) cache.take(std::string(hospital) + "|urn:test:cases|" + name);
    }
    ASSERT_EQ(keeping.notified_and_logged(), reading.notified_and_logged());
    most_links = std::max(most_links, keeping.stored_case("A-1").links.size());
  });
  EXPECT_GT(most_links, 15u);
}

// --- what is kept is used, and only while the store says the same ------------------------------------------------------

TEST(AKeptCase, IsReadFromTheStoreAgainOnlyWhenItIsAnotherThere) {
  struct Row {
    const char* what;
    std::function<void(Gateway&, KeptCase&)> given;
    bool is_used;
  };
  for (const Row& row : {
           Row{"as it was left", [](Gateway&, KeptCase&) {}, true},
           Row{"another version", [](Gateway&, KeptCase& known) { --known.stored.version; }, false},
           Row{"another time", [](Gateway&, KeptCase& known) { known.stored.times.seen += std::chrono::milliseconds(1); }, false},
           Row{"another next change", [](Gateway&, KeptCase& known) { known.stored.times.next_change.reset(); }, false},
           Row{"a notice that came elsewhere", [](Gateway& gateway, KeptCase&) { CHECK(gateway.accept_elsewhere(planning(7))); },
               false},
       }) {
    CaseCache cache;
    Gateway gateway(&cache), reading(nullptr);
    for (Gateway* each : {&gateway, &reading}) CHECK(each->accept(admission()));
    std::unique_ptr<KeptCase> known = cache.take(key);
    ASSERT_TRUE(known) << row.what;
    EXPECT_TRUE(known->is_as_projected);
    known->projected.findings.push_back({"urn:test|M-1", "a-mark", ""});
    known->resources.erase(std::find_if(known->resources.begin(), known->resources.end(),
                                        [](const auto& each) { return each.first.starts_with("Encounter/"); }));
    row.given(gateway, *known);
    row.given(reading, *known);
    cache.put(std::move(known));
    const auto conflicts = times_reached("exchange: another change of the case came first");

    const std::string answered = answer(gateway.accept(planning(1)));

    // The kept case lacks a resource, so what is computed from it writes that as new, and the store refuses.
    EXPECT_EQ(times_reached("exchange: another change of the case came first") - conflicts, row.is_used ? 1u : 0u) << row.what;
    EXPECT_EQ(answered, answer(reading.accept(planning(1)))) << row.what;
    if (std::string_view(row.what) != "a notice that came elsewhere")
      EXPECT_EQ(gateway.all("A-1"), reading.all("A-1")) << row.what;
    EXPECT_TRUE(cache.take(key)) << row.what;
  }
}

TEST(AKeptCase, IsLeftInTheCacheOnlyAsItIsStored) {
  struct Row {
    const char* what;
    std::function<void(Gateway&)> given;
    bool is_kept;
  };
  for (const Row& row : {
           Row{"a notice", [](Gateway& gateway) { CHECK(gateway.accept(planning(1))); }, true},
           Row{"the same again", [](Gateway& gateway) { CHECK(gateway.accept(admission())); }, true},
           Row{"time that changes nothing",
               [](Gateway& gateway) { CHECK(gateway.world.complete(gateway.path->let_time_pass(key))); }, true},
           Row{"a store that cannot be read",
               [](Gateway& gateway) {
                 gateway.store.fail_read(1, Cause::Busy);
                 CHECK(!gateway.accept(planning(1)));
               },
               true},
           Row{"a store that is busy",
               [](Gateway& gateway) {
                 gateway.store.fail_write(1, Cause::Busy);
                 CHECK(!gateway.accept(planning(1)));
               },
               false},
           Row{"a disk that fails",
               [](Gateway& gateway) {
                 gateway.store.fail_write(1, Cause::Broken);
                 CHECK(!gateway.accept(planning(1)));
               },
               false},
           Row{"an exception",
               [](Gateway& gateway) {
                 gateway.before_matching = [] { throw std::runtime_error("simulated"); };
                 EXPECT_THROW((void)gateway.accept(planning(1)), std::runtime_error);
                 gateway.before_matching = nullptr;
               },
               false},
       }) {
    CaseCache cache;
    Gateway gateway(&cache), reading(nullptr);
    for (Gateway* each : {&gateway, &reading}) {
      CHECK(each->accept(admission()));
      row.given(*each);
    }
    EXPECT_EQ(cache.size(), row.is_kept ? 1u : 0u) << row.what;
    for (const int number : {2, 3}) EXPECT_EQ(answer(gateway.accept(planning(number))), answer(reading.accept(planning(number))));
    EXPECT_EQ(gateway.all("A-1"), reading.all("A-1")) << row.what;
  }
}

TEST(AKeptCase, SavesReadingItsLinks) {
  CaseCache cache;
  Gateway gateway(&cache);
  ASSERT_TRUE(gateway.accept(admission()));
  ASSERT_TRUE(gateway.accept(planning(1)));
  const std::unique_ptr<KeptCase> known = cache.take(key);
  ASSERT_TRUE(known);
  EXPECT_EQ(known->chain.size(), 2u);
  EXPECT_EQ(known->resources.size(), gateway.stored_case("A-1").resources.size());
  ASSERT_EQ(known->stored.links.size(), 2u);
  for (const store::ChainLink& link : known->stored.links) {
    EXPECT_TRUE(link.body.empty());
    EXPECT_NE(link.journal_number, 0);
  }
}

}  // namespace
}  // namespace vardbron::exchange
