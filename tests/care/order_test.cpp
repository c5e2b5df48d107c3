#include "gateway/base/random.h"
#include "gateway/fhir/check.h"
#include "tests/care/story.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
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
      Event event = step == 0 && !chance(5) ? Event::Admission : Event(random.below(events_count - 2));
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
    made.push_back(*notice);
    if (chance(4)) {
      constexpr std::string_view wishes[] = {"received", "accepted", "rejected", "completed"};
      story.write(cast[3 + random.below(3)], CaseTaskKind(random.below(4)), wishes[random.below(4)], time());
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
    if (!has_admission(after)) {
      ASSERT_TRUE(case_events({}, after).empty()) << "round " << round;
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
        const Projected* resource = nullptr;
        for (const Projected& one : after.resources)
          if (one.type + "/" + one.id == reference) resource = &one;
        ASSERT_NE(resource, nullptr) << reference;
        ASSERT_TRUE(std::binary_search(resource->parties.begin(), resource->parties.end(), event.party)) << reference;
      }
    }
  }
}

TEST(Projection, WritesResourcesOfTheRightShape) {
  SeededRandom random(401);
  Story story;
  for (int round = 0; round < 60; ++round) {
    Projection projection = story.project(random_chain(random));
    for (const Projected& resource : projection.resources) {
      std::vector<fhir::Issue> issues = fhir::check(resource.document, r4());

      ASSERT_TRUE(issues.empty()) << resource.type << " round " << round << "\n" << to_text(resource.document);
    }
  }
}

// Concern: ids must not reveal a person.
TEST(Projection, MakesIdsOfTheCaseAlone) {
  Story one, other;
  one.add(Event::Admission, "2025-03-20T10:00:00+01:00");
  other.add(Event::Admission, "2025-03-20T10:00:00+01:00").person.identifiers[0].value = "196101182803";

  EXPECT_EQ(one.project().patient, other.project().patient);
}

}  // namespace
}  // namespace vardbron::care
