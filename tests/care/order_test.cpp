#include "gateway/base/random.h"
#include "gateway/fhir/check.h"
#include "tests/care/our_definitions.h"
#include "tests/care/story.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace vardbron::care {
namespace {

/// An arbitrary case: any events, at any time, corrected and cancelled by any organisation.
Chain random_chain(SeededRandom& random) {
  Story story;
  auto chance = [&](std::uint64_t one_in) { return random.below(one_in) == 0; };
  auto time = [&] {
    char text[40];
    std::snprintf(text, sizeof text, "2025-03-%02uT%02u:%02u:00+01:00", unsigned(20 + random.below(6)),
                  unsigned(random.below(24)), unsigned(random.below(4) * 15));
    return std::string(text);
  };
  std::vector<Party> cast = {hospital(), other_ward(), far_hospital(), clinic(), social(), nursing(), new_nursing()};
  std::vector<Notice> made;
  std::size_t length = 1 + random.below(12);
  for (std::size_t step = 0; step < length; ++step) {
    Notice* notice = nullptr;
    if (!made.empty() && chance(4)) {
      const Notice original = made[random.below(made.size())];
      bool is_cancellation = chance(2) || original.event == Event::Nullified;
      notice = is_cancellation ? &story.cancel(original, time()) : &story.correct(original, time());
    } else {
      Event event = step == 0 && !chance(5) ? Event::Admission : Event(random.below(events_count - 4));
      notice = &story.add(event, time());
      if (event == Event::Receipt && !made.empty())
        notice->acknowledges = Identity{"", made[random.below(made.size())].identity.value};
      if (event == Event::Receipt) from(*notice, cast[3 + random.below(3)], {hospital()});
    }
    if (chance(6)) notice->sender = cast[random.below(cast.size())];
    if (chance(5)) notice->receivers.clear();
    if (chance(5)) notice->receivers.push_back(cast[random.below(cast.size())]);
    if (chance(4) && !notice->receivers.empty()) notice->receivers.erase(notice->receivers.begin());
    if (chance(20)) notice->person.identifiers[0].value = "196101182803";
    if (chance(20)) notice->person.protection = Protection::SkyddadFolkbokforing;
    if (chance(15)) notice->person.identifiers.push_back({"urn:oid:1.2.752.97.3.1.3", "991981000010"});
    if (chance(10)) notice->person.related = {{"Maj " + std::to_string(step), "070-1", "narstaende", "dotter"}};
    if (chance(6)) notice->payloads = {{"insatser", "Ord " + std::to_string(step), {}}};
    if (chance(5) || notice->says() == Event::Consent) {
      Consent consent{Consent::Decision(random.below(3)), chance(3), {}, "Patienten", ""};
      for (std::string_view scope : {"sip", "utlamnande"})
        if (chance(2) || consent.scopes.empty()) consent.scopes.emplace_back(scope);
      notice->consent = std::move(consent);
    }
    made.push_back(*notice);
    if (chance(4)) {
      constexpr std::string_view wishes[] = {"received", "accepted", "rejected", "completed"};
      const auto kind = CaseTaskKind(random.below(5));
      const Party& owner = kind == CaseTaskKind::Informationsoverforing ? cast.front() : cast[3 + random.below(3)];
      story.write(owner, kind, wishes[random.below(4)], time());
    }
  }
  return story.chain();
}

template <class T>
void shuffle(std::vector<T>& values, SeededRandom& random) {
  for (std::size_t last = values.size(); last > 1; --last) std::swap(values[last - 1], values[random.below(last)]);
}

// Promise 6: the result does not depend on the order in which notices arrive.
TEST(Projection, IsTheSameToTheByteInWhateverOrderNoticesArrive) {
  SeededRandom random(2017'612);
  Story story;
  for (int round = 0; round < 400; ++round) {
    Chain chain = random_chain(random);
    std::string expected = to_text(story.project(chain));
    for (int order = 0; order < 3; ++order) {
      shuffle(chain, random);

      ASSERT_EQ(to_text(story.project(chain)), expected) << "round " << round;
    }
  }
}

// Concern: resources are stored, so none may vanish when a notice is added.
TEST(Projection, NeverLosesAResourceWhenTheChainGrows) {
  SeededRandom random(35);
  Story story;
  for (int round = 0; round < 150; ++round) {
    Chain chain = random_chain(random);
    shuffle(chain, random);
    std::set<std::string> known;
    for (std::size_t length = 1; length <= chain.size(); ++length) {
      Projection projection = story.project(Chain(chain.begin(), chain.begin() + std::ptrdiff_t(length)));
      if (projection.case_key.empty()) continue;  // a write alone is no case
      std::erase_if(projection.resources, [](const Projected& each) { return each.type == "Patient"; });  // a person's
      std::set<std::string> now;
      for (const Projected& resource : projection.resources) now.insert(resource.type + "/" + resource.id);

      std::vector<std::string> lost;
      std::set_difference(known.begin(), known.end(), now.begin(), now.end(), std::back_inserter(lost));
      ASSERT_TRUE(lost.empty()) << lost.front() << " round " << round << " length " << length;
      ASSERT_EQ(now.size(), projection.resources.size()) << "ids are there once";
      known = std::move(now);
    }
  }
}

bool has_admission(const Projection& projection) {
  return std::any_of(projection.links.begin(), projection.links.end(), [](const LinkReport& link) {
    return link.says == Event::Admission && link.event != Event::Nullified && link.link_status != LinkStatus::Withheld;
  });
}

bool is_sluten_vard(const std::string& party) {
  return party == hospital().id || party == other_ward().id || party == far_hospital().id;
}

// Invariants: nothing leaves before an admission notice; only parties see the case; a withheld notice is visible to its sender
// only; a dead or closed case has no open Task; every party list is sorted and unique; a CaseEvent refers only to what its party
// may see.
TEST(Projection, KeepsItsInvariantsOnRandomCases) {
  SeededRandom random(821);
  Story story;
  for (int round = 0; round < 150; ++round) {
    Chain chain = random_chain(random);
    Projection before = story.project(Chain(chain.begin(), chain.end() - 1));
    Projection after = story.project(chain);
    std::set<std::string> seen_by;
    for (const Projected& resource : after.resources) {
      ASSERT_TRUE(std::is_sorted(resource.parties.begin(), resource.parties.end()));
      ASSERT_EQ(std::adjacent_find(resource.parties.begin(), resource.parties.end()), resource.parties.end());
      if (resource.type != "Communication") seen_by.insert(resource.parties.begin(), resource.parties.end());
      if (resource.type == "Encounter" || resource.type == "Patient") {
        ASSERT_EQ(resource.parties, after.parties);
      }
    }
    if (!has_admission(after)) {  // what goes into the region may come before
      for (const CaseEvent& event : case_events({}, after)) ASSERT_TRUE(is_sluten_vard(event.party)) << "round " << round;
    }
    for (const Dispatch& dispatch : after.dispatches) {
      const Projected* communication = find_resource(after, "Communication", "id=" + dispatch.communication);
      bool sees = std::binary_search(communication->parties.begin(), communication->parties.end(), dispatch.party);
      ASSERT_EQ(sees, dispatch.status != Dispatch::Status::Held);
    }
    if (after.standing.state == State::Avliden || after.standing.state == State::Avslutad) {
      for (const CaseTask& case_task : after.case_tasks) ASSERT_NE(case_task.status, "requested") << "round " << round;
    }
    for (const CaseEvent& event : case_events(before, after)) {
      std::vector<std::string> shown = event.context;
      shown.push_back(event.focus);
      for (const std::string& reference : shown) {
        // Filters by patient find a cancellation too; who may not read Patient any more is not shown it.
        if (after.patient.empty() && reference == "Patient/" + before.patient) continue;
        const Projected* resource = nullptr;
        for (const Projected& one : after.resources)
          if (one.type + "/" + one.id == reference) resource = &one;
        ASSERT_NE(resource, nullptr) << reference;
        ASSERT_TRUE(std::binary_search(resource->parties.begin(), resource->parties.end(), event.party)) << reference;
      }
    }
  }
}

/// A chain as random_chain makes it, in which organisations change their names and messages come again with other contents.
Chain restless_chain(SeededRandom& random) {
  Chain chain = random_chain(random);
  for (std::size_t index = 0, length = chain.size(); index < length; ++index) {
    Notice* notice = std::get_if<Notice>(&chain[index]);
    if (!notice) continue;
    if (random.below(15) == 0) notice->sender.name = "Under another name";
    if (random.below(15) == 0 && !notice->receivers.empty()) notice->receivers.front().name = "A receiver under another name";
    if (random.below(10) != 0) continue;
    Notice again = *notice;
    again.sent += std::chrono::minutes(int(random.below(3)) - 1) + std::chrono::milliseconds(1);
    again.reason = "Sent again with other contents";
    chain.push_back(again);
  }
  shuffle(chain, random);
  return chain;
}

using Texts = std::map<std::string, std::string>;

/// Every resource with those who may see it, by type and id.
void put_texts(const Projection& projection, Texts& into) {
  for (const Projected& resource : projection.resources) {
    std::string text = to_text(resource.document) + " for";
    for (const std::string& party : resource.parties) text += " " + party;
    into[resource.type + "/" + resource.id] = std::move(text);
  }
}

// A long case is computed with what it was before; that must be a shorter way to the same.
TEST(Projection, WithTheFormerOneIsTheSameWithoutTheCommunicationsThatDidNotChange) {
  SeededRandom random(60'412);
  std::size_t left_out = 0, written_again = 0;
  for (int round = 0; round < 400; ++round) {
    const Chain chain = restless_chain(random);
    const Policy policy = law();
    WallTime now = moment("2025-03-20T00:00:00Z");
    std::optional<Projection> former;
    Texts stored;
    for (std::size_t length = 1; length <= chain.size(); length += random.below(4) == 0 ? 0 : 1) {
      const Chain part(chain.begin(), chain.begin() + std::ptrdiff_t(length));
      now += std::chrono::hours(random.below(20));
      const Projection whole = project(part, policy, now, r4().names());
      if (whole.case_key.empty()) continue;  // a write alone is no case
      Projection next = project(part, policy, now, r4().names(), former ? &*former : nullptr);

      const std::size_t known = stored.size();
      put_texts(next, stored);
      Texts expected;
      put_texts(whole, expected);
      ASSERT_EQ(stored, expected) << "round " << round << " length " << length;
      ASSERT_EQ(next.dispatches, whole.dispatches);
      ASSERT_EQ(next.case_tasks, whole.case_tasks);
      ASSERT_EQ(next.charges, whole.charges);
      ASSERT_EQ(next.findings, whole.findings);
      ASSERT_EQ(next.next_change, whole.next_change);
      if (former) {
        ASSERT_EQ(case_events(*former, next), case_events(*former, whole));
      }
      left_out += whole.resources.size() - next.resources.size();
      written_again += next.resources.size() - (stored.size() - known);
      former = std::move(next);
      if (random.below(3) == 0) former->resources.clear();
    }
  }
  EXPECT_GT(left_out, 10'000u);
  EXPECT_GT(written_again, 10'000u);
}

// A link that comes after all others is folded onto what was folded before; that must be a shorter way to the same.
TEST(Projection, OfAFoldThatWentOnIsTheSame) {
  SeededRandom random(71'093);
  const Policies policies = law();
  const auto time_of = [](const Link& link) {
    const Notice* notice = std::get_if<Notice>(&link);
    return notice ? notice->happened.at : std::get<Write>(link).at.at;
  };
  std::size_t went_on = 0, links = 0;
  for (int round = 0; round < 400; ++round) {
    Chain chain = round % 4 == 0 ? restless_chain(random) : random_chain(random);
    if (round % 8 != 0)
      std::stable_sort(chain.begin(), chain.end(), [&](const Link& a, const Link& b) { return time_of(a) < time_of(b); });
    WallTime now = moment(round % 8 < 2 ? "2025-03-20T00:00:00Z" : "2025-06-01T00:00:00Z");
    std::optional<Projection> former;
    KeptFold kept;
    Texts stored;
    for (std::size_t length = 1; length <= chain.size(); length += random.below(4) == 0 ? 0 : 1) {
      const Chain part(chain.begin(), chain.begin() + std::ptrdiff_t(length));
      now += std::chrono::hours(random.below(20));
      if (random.below(30) == 0) now -= std::chrono::hours(30);
      const Projection whole = project(part, policies, now, r4().names());
      if (whole.case_key.empty()) continue;  // a write alone is no case
      Projection next = project(part, policies, now, r4().names(), former ? &*former : nullptr, &kept);

      put_texts(next, stored);
      Texts expected;
      put_texts(whole, expected);
      ASSERT_EQ(stored, expected) << "round " << round << " length " << length;
      ASSERT_EQ(next.links.size(), whole.links.size());
      for (std::size_t index = 0; index < whole.links.size(); ++index) {
        ASSERT_EQ(next.links[index].identity, whole.links[index].identity);
        ASSERT_EQ(next.links[index].link_status, whole.links[index].link_status);
        ASSERT_EQ(next.links[index].at, whole.links[index].at);
      }
      ASSERT_TRUE(next.dispatches == whole.dispatches) << "round " << round << " length " << length;
      ASSERT_EQ(next.case_tasks, whole.case_tasks);
      ASSERT_EQ(next.contacts, whole.contacts);
      ASSERT_EQ(next.charges, whole.charges);
      ASSERT_EQ(next.findings, whole.findings);
      ASSERT_EQ(next.next_change, whole.next_change);
      ASSERT_EQ(next.parties, whole.parties);
      if (former) {
        ASSERT_EQ(case_events(*former, next), case_events(*former, whole));
        went_on += next.links.shares(former->links, 0) ? 1 : 0;
      }
      ++links;
      former = std::move(next);
      former->resources.clear();
    }
  }
  EXPECT_GT(went_on, links / 20) << links;
  EXPECT_LT(went_on, links);
}

// What another case, or the same one under another name, has in common with it counts for nothing.
TEST(Projection, OfAnotherCaseIsNoFormerOne) {
  Story story;
  story.add(Event::Admission, "2025-03-20T10:00:00+01:00");
  const Projection former = story.project();
  struct Row {
    const char* what;
    std::function<void(Notice&)> given;
  };
  for (const Row& row : {Row{"the case", [](Notice& notice) { notice.case_key = "urn:x|other"; }},
                         Row{"its name", [](Notice& notice) { notice.case_identity.value = "other"; }},
                         Row{"the protection", [](Notice& notice) { notice.person.protection = Protection::Sekretessmarkering; }},
                         Row{"who sent it", [](Notice& notice) { notice.sender = far_hospital(); }},
                         Row{"a name", [](Notice& notice) { notice.receivers.back().name = "Another"; }}}) {
    Chain chain = story.chain();
    row.given(std::get<Notice>(chain.front()));
    const WallTime now = moment("2025-03-20T00:00:00Z");
    const Projection next = project(chain, story.policy, now, r4().names(), &former);
    EXPECT_EQ(to_text(next), to_text(project(chain, story.policy, now, r4().names()))) << row.what;
  }
  EXPECT_LT(project(story.chain(), story.policy, moment("2025-03-20T00:00:00Z"), r4().names(), &former).resources.size(),
            former.resources.size());
}

TEST(Projection, WritesResourcesOfTheRightShape) {
  SeededRandom random(401);
  Story story;
  for (int round = 0; round < 60; ++round) {
    Projection projection = story.project(random_chain(random));
    for (const Projected& resource : projection.resources) {
      if (resource.is_deleted) continue;
      std::vector<fhir::Issue> issues = fhir::check(resource.document, r4());

      ASSERT_TRUE(issues.empty()) << resource.type << " round " << round << "\n" << to_text(resource.document);
      ASSERT_THAT(undefined_in(resource.document), testing::IsEmpty()) << to_text(resource.document);
    }
  }
}

// Concern: ids must not reveal a person.
TEST(Projection, MakesIdsOfTheCaseAloneAndThatOfPatientWithASecret) {
  Story one, other;
  one.add(Event::Admission, "2025-03-20T10:00:00+01:00");
  other.add(Event::Admission, "2025-03-20T10:00:00+01:00").person.identifiers[0].value = "196101182803";

  EXPECT_EQ(one.project().encounter, other.project().encounter);
  const std::string before = one.project().patient;
  EXPECT_NE(before, other.project().patient);
  one.person.key = "another secret";
  EXPECT_NE(before, one.project().patient);
}

}  // namespace
}  // namespace vardbron::care
