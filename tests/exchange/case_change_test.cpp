#include "gateway/exchange/case_change.h"

#include "gateway/base/digest.h"
#include "gateway/base/limits.h"
#include "gateway/care/chain/case_id.h"
#include "gateway/formats/json/write.h"
#include "tests/exchange/spine.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

namespace vardbron::exchange {
namespace {

ANotice admission() { return ANotice("admission").with_id("M-1"); }

/// A stored case with one admission.
struct Stored : Spine {
  Stored() {
    CHECK(accept(admission()));
    known = read(stored_case("A-1"));
  }
  CaseRules rules() { return case_parts().rules; }
  KeptCase read(store::Case stored) {
    Result<KeptCase> read = read_case(std::move(stored), rules());
    CHECK(read);
    return std::move(*read);
  }
  ProjectedCase project(WallTime now) {
    Result<ProjectedCase> made = project_case(known, std::nullopt, rules(), now);
    CHECK(made);
    return std::move(*made);
  }
  CaseChange change() { return change_of(known, project(known.stored.times.seen), rules(), *matcher); }
  /// Some of its resources, always the same ones.
  StoredResource& resource(std::size_t index) {
    std::vector<std::string> names;
    for (const auto& [name, each] : known.resources) names.push_back(name);
    std::sort(names.begin(), names.end());
    return known.resources.at(names.at(index));
  }

  void see(std::size_t index, std::vector<std::string> parties) {
    resource(index).parties = std::make_shared<const std::vector<std::string>>(std::move(parties));
  }
  /// The bytes of a resource in place of their digest, and more.
  void keep_body(std::size_t index, const std::string& more) {
    StoredResource& kept = resource(index);
    const ProjectedCase projected = project(known.stored.times.seen);
    for (const care::Projected& each : projected.after.resources) {
      std::string body = json::write(each.document);
      if (to_hex(sha256(body)) == kept.digest) kept.body = body + more;
    }
    CHECK(!kept.body.empty());
    kept.digest.clear();
  }

  KeptCase known;
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
        Row{"other bytes", [](Stored& stored) { stored.resource(0).digest = "another"; }, 1, 1},
        Row{"other bytes of a later version",
            [](Stored& stored) {
              stored.resource(0).digest = "another";
              stored.resource(0).version = 7;
            },
            1, 7},
        Row{"another may see it", [](Stored& stored) { stored.see(0, {"SE-X"}); }, 1, 1},
        Row{"somebody may see it no more", [](Stored& stored) { stored.see(0, {}); }, 1, 1},
        Row{"who may see it is not known", [](Stored& stored) { stored.resource(0).parties.reset(); }, 1, 1},
        Row{"it is new", [](Stored& stored) { stored.known.resources.erase(stored.known.resources.begin()); }, 1, 0},
        Row{"two changed",
            [](Stored& stored) {
              stored.resource(0).digest = "another";
              stored.resource(1).digest = "another";
            },
            2, 1},
        Row{"the same bytes", [](Stored& stored) { stored.keep_body(0, ""); }, 0, 0},
        Row{"other bytes than those kept", [](Stored& stored) { stored.keep_body(0, " "); }, 1, 1}}) {
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

// Before, a case had one CareTeam for all its contacts.
TEST(CaseChange, TheCareTeamOfAProgramOfBeforeIsEnteredInErrorWhereItIsStoredAndNotMadeElsewhere) {
  for (const bool is_stored : {false, true}) {
    Stored stored;
    CHECK(stored.accept(ANotice("fast-vardkontakt").with_id("C-1").at("2026-03-11T10:00:00+01:00").naming_contact("Bo Lind")));
    stored.known = stored.read(stored.stored_case("A-1"));
    const std::string id = to_string(care::id_in_case(care::case_id(stored.known.stored.key), "CareTeam|fast-vardkontakt"));
    EXPECT_FALSE(stored.known.resources.contains("CareTeam/" + id));
    if (is_stored) stored.known.resources["CareTeam/" + id] = {3, "", "digest of the old body", nullptr};
    const CaseChange made = stored.change();
    ASSERT_EQ(made.change.resources.size(), is_stored ? 1u : 0u);
    if (!is_stored) continue;
    const store::ResourceWrite& former = made.change.resources[0];
    EXPECT_EQ(former.type + "/" + former.id, "CareTeam/" + id);
    EXPECT_EQ(former.expected_version, 3);
    EXPECT_NE(former.body.find("entered-in-error"), std::string::npos);
    EXPECT_EQ(former.body.find("Bo Lind"), std::string::npos);
  }
}

TEST(CaseChange, IsWorkedOutOnTheCaseThatWasLoaded) {
  Stored stored;
  const store::Change change = stored.change().change;
  EXPECT_EQ(change.case_key, stored.known.stored.key);
  EXPECT_EQ(change.case_version, stored.known.stored.version);
  EXPECT_EQ(change.case_times, stored.known.stored.times);
  ASSERT_TRUE(change.times);
  EXPECT_EQ(*change.times, stored.known.stored.times);
  EXPECT_TRUE(change.events.empty());
  EXPECT_TRUE(change.links.empty()) << "which belong to the step";
}

TEST(CaseChange, CountsWhomOfEachOrganisationItNotifies) {
  Stored stored;
  stored.watch("home-1", home_care, "case");
  stored.watch("home-2", home_care, "admission");
  stored.watch("home-3", home_care, "death");
  ASSERT_TRUE(stored.accept(admission().of_case("A-2")));
  KeptCase other = stored.read(stored.stored_case("A-2"));
  Result<ProjectedCase> projected = project_case(other, std::nullopt, stored.rules(), other.stored.times.seen);
  ASSERT_TRUE(projected);
  other.projected = {};  // as when the admission is new

  const CaseChange made = change_of(other, *projected, stored.rules(), *stored.matcher);

  EXPECT_EQ(made.notified, (Notified{{home_care, {.delivering = 2}}, {health_centre, {}}}));
  std::vector<std::string> subscriptions;
  for (const store::EventWrite& each : made.change.events) {
    for (const std::string& id : each.to->subscriptions) subscriptions.push_back(id);
    EXPECT_EQ(each.case_key, other.stored.key);
  }
  std::sort(subscriptions.begin(), subscriptions.end());
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
    const WallTime seen = stored.known.stored.times.seen;
    EXPECT_EQ(stored.project(seen + row.after).seen, row.is_followed ? seen + row.after : seen) << row.what;
  }
}

TEST(ProjectCase, KnowsTheCaseAsItWasByAllThatEventsAreMadeOf) {
  Stored stored;
  const ProjectedCase projected = stored.project(stored.known.stored.times.seen);
  EXPECT_EQ(projected.before->parties, projected.after.parties);
  EXPECT_EQ(projected.before->dispatches, projected.after.dispatches);
  EXPECT_EQ(projected.before->case_tasks, projected.after.case_tasks);
  EXPECT_TRUE(stored.read({}).projected.links.empty()) << "a new case was nothing before";
}

TEST(ReadCase, SaysWhichStoredLinkCannotBeRead) {
  for (const char* body : {"", "{", "{\"resourceType\":\"Bundle\"}", "{\"resourceType\":\"Parameters\"}"}) {
    Stored stored;
    store::Case spoilt = stored.stored_case("A-1");
    spoilt.links[0].body = body;
    Result<KeptCase> made = read_case(std::move(spoilt), stored.rules());
    ASSERT_FALSE(made) << body;
    EXPECT_EQ(made.failure().cause, Cause::Broken) << body;
    EXPECT_TRUE(made.failure().says.starts_with("A stored notice of the case cannot be read: ")) << made.failure().says;
  }
}

}  // namespace
}  // namespace vardbron::exchange
