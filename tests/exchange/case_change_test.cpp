#include "gateway/exchange/case_change.h"

#include "gateway/base/limits.h"
#include "tests/exchange/spine.h"

#include <gtest/gtest.h>

#include <functional>

namespace vardbron::exchange {
namespace {

ANotice admission() { return ANotice("admission").with_id("M-1"); }

/// A stored case with one admission.
struct Stored : Spine {
  Stored() {
    CHECK(accept(admission()));
    known = stored_case("A-1");
    projected = project(known.times.seen);
  }
  CaseRules rules() { return case_parts().rules; }
  ProjectedCase project(WallTime now) {
    Result<ProjectedCase> made = project_case(known, std::nullopt, rules(), now);
    CHECK(made);
    return std::move(*made);
  }
  CaseChange change() { return change_of(known, projected, rules(), *matcher); }

  store::Case known;
  ProjectedCase projected;
};

TEST(CaseChange, WritesAResourceWhenItsBytesOrThoseWhoMaySeeItAreOthers) {
  struct Row {
    const char* what;
    std::function<void(Stored&)> given;
    std::size_t written;
    std::int64_t expected_version;
  };
  for (const Row& row :
       {Row{"nothing changed", [](Stored&) {}, 0, 0},
        Row{"other bytes", [](Stored& stored) { stored.known.resources[0].digest = "another"; }, 1, 1},
        Row{"other bytes of a later version",
            [](Stored& stored) {
              stored.known.resources[0].digest = "another";
              stored.known.resources[0].version = 7;
            },
            1, 7},
        Row{"another may see it", [](Stored& stored) { stored.projected.before.resources[0].parties.push_back("SE-X"); }, 1, 1},
        Row{"somebody may see it no more", [](Stored& stored) { stored.projected.before.resources[0].parties.clear(); }, 1, 1},
        Row{"it is new", [](Stored& stored) { stored.known.resources.erase(stored.known.resources.begin()); }, 1, 0},
        Row{"two changed",
            [](Stored& stored) {
              stored.known.resources[0].digest = "another";
              stored.known.resources[1].digest = "another";
            },
            2, 1}}) {
    Stored stored;
    row.given(stored);
    const CaseChange made = stored.change();
    ASSERT_EQ(made.change.resources.size(), row.written) << row.what;
    for (const store::ResourceWrite& each : made.change.resources) {
      EXPECT_EQ(each.expected_version, row.expected_version) << row.what;
      EXPECT_FALSE(each.keys.empty()) << row.what << ": it is found by search";
      EXPECT_FALSE(each.parties.empty()) << row.what;
    }
  }
}

TEST(CaseChange, IsWorkedOutOnTheCaseThatWasLoaded) {
  Stored stored;
  const store::Change change = stored.change().change;
  EXPECT_EQ(change.case_key, stored.known.key);
  EXPECT_EQ(change.case_version, stored.known.version);
  EXPECT_EQ(change.case_seen, stored.known.times.seen);
  ASSERT_TRUE(change.times);
  EXPECT_EQ(*change.times, stored.known.times);
  EXPECT_TRUE(change.events.empty());
  EXPECT_TRUE(change.links.empty()) << "which belong to the step";
}

TEST(CaseChange, CountsWhomOfEachOrganisationItNotifies) {
  Stored stored;
  stored.watch("home-1", home_care, "case");
  stored.watch("home-2", home_care, "admission");
  stored.watch("home-3", home_care, "death");
  stored.known.links.clear();
  stored.known.resources.clear();
  ASSERT_TRUE(stored.accept(admission().of_case("A-2")));
  const store::Case other = stored.stored_case("A-2");
  Result<ProjectedCase> projected = project_case(other, std::nullopt, stored.rules(), other.times.seen);
  ASSERT_TRUE(projected);
  projected->before = {};  // as when the admission is new

  const CaseChange made = change_of(other, *projected, stored.rules(), *stored.matcher);

  EXPECT_EQ(made.notified, (Notified{{home_care, 2}, {health_centre, 0}}));
  std::vector<std::string> subscriptions;
  for (const store::EventWrite& each : made.change.events) {
    subscriptions.push_back(each.subscription);
    EXPECT_EQ(each.case_key, other.key);
  }
  EXPECT_EQ(subscriptions, (std::vector<std::string>{"home-1", "home-2"}));
}

TEST(ProjectCase, FollowsAClockThatWasPutBackOnlyWhenItWasWrongBefore) {
  using std::chrono::milliseconds;
  const milliseconds most = limits::clock_set_back_max;
  struct Row {
    const char* what;
    milliseconds after;  ///< when the case was last worked out
    bool is_followed;
  };
  for (const Row& row : {Row{"later", milliseconds(1), true}, Row{"at the same time", milliseconds(0), true},
                         Row{"a little earlier", milliseconds(-1), false}, Row{"just as much earlier as may be", -most, false},
                         Row{"much earlier", -most - milliseconds(1), true}}) {
    Stored stored;
    const WallTime seen = stored.known.times.seen;
    EXPECT_EQ(stored.project(seen + row.after).seen, row.is_followed ? seen + row.after : seen) << row.what;
  }
}

TEST(ProjectCase, KnowsTheCaseAsItWasByAllThatEventsAreMadeOf) {
  Stored stored;
  EXPECT_EQ(stored.projected.before.parties, stored.projected.after.parties);
  EXPECT_EQ(stored.projected.before.dispatches, stored.projected.after.dispatches);
  EXPECT_EQ(stored.projected.before.case_tasks, stored.projected.after.case_tasks);
  stored.known.links.clear();
  EXPECT_TRUE(stored.project(stored.known.times.seen).before.links.empty()) << "a new case was nothing before";
}

TEST(ProjectCase, SaysWhichStoredLinkCannotBeRead) {
  for (const char* body : {"", "{", "{\"resourceType\":\"Bundle\"}", "{\"resourceType\":\"Parameters\"}"}) {
    Stored stored;
    stored.known.links[0].body = body;
    Result<ProjectedCase> made = project_case(stored.known, std::nullopt, stored.rules(), stored.known.times.seen);
    ASSERT_FALSE(made) << body;
    EXPECT_EQ(made.failure().cause, Cause::Broken) << body;
    EXPECT_TRUE(made.failure().says.starts_with("A stored notice of the case cannot be read: ")) << made.failure().says;
  }
}

}  // namespace
}  // namespace vardbron::exchange
