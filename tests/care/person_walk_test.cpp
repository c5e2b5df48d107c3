// Scenario 28 over all aggregates: ärenden of several persons, whose notices join, correct, cancel, protect and name contacts,
// end with the same bytes in 20 orders of arrival. tests/exchange/person_walk_test.cpp walks fewer of them through the store.
#include "gateway/base/random.h"
#include "tests/care/scenario.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace vardbron::care {
namespace {

constexpr const char* number_system = "http://electronichealth.se/identifier/personnummer";
constexpr const char* numbers[] = {"195009072553", "196408233234", "199002222397"};
constexpr const char* in_summer = "2026-07-01T00:00:00Z";
constexpr int stays = 3;

std::string key_of(std::uint64_t stay) { return "urn:example:cases|" + std::to_string(stay); }

/// Notices of several stays, with what a source may do wrong.
Chain generated(SeededRandom& random) {
  Start start;
  const auto chance = [&](std::uint64_t one_in) { return random.below(one_in) == 0; };
  const auto time = [&](std::uint64_t stay) {
    char text[40];
    std::snprintf(text, sizeof text, "2026-03-%02uT%02u:%02u:00", unsigned(2 + stay * 8 + random.below(7)),
                  unsigned(random.below(24)), unsigned(random.below(4) * 15));
    return std::string(text);
  };
  std::vector<Notice> made;
  std::vector<std::uint64_t> stay_of;
  const auto place = [&](Notice& notice, std::uint64_t stay, std::uint64_t person) {
    notice.case_key = key_of(stay);
    notice.case_identity.value = std::to_string(stay);
    notice.person.identifiers = {{number_system, numbers[person]}};
    if (chance(8)) notice.person.identifiers.push_back({number_system, numbers[random.below(3)]});
    if (chance(3)) notice.person.addresses.clear();
    if (chance(12)) notice.person.protection = Protection::Sekretessmarkering;
    if (chance(6)) notice.person.kommun = "1280";
  };
  const auto keep = [&](const Notice& notice, std::uint64_t stay) {
    made.push_back(notice);
    stay_of.push_back(stay);
  };
  for (std::uint64_t stay = 0; stay < stays; ++stay) {
    const std::uint64_t person = random.below(5) == 0 ? 1 : 0;
    Notice& begin = start.ward(Event::Admission, time(stay));
    begin.stay.period_start = begin.happened.text;
    if (chance(3)) begin.receivers = {vc07(), soc1()};
    place(begin, stay, person);
    keep(begin, stay);
    for (std::uint64_t left = 1 + random.below(3); left > 0; --left) {
      const std::string at = time(stay);
      Notice* notice = nullptr;
      switch (random.below(8)) {
        case 0: notice = &start.n6(at); break;
        case 1: notice = &start.n8(at); break;
        case 2: notice = &start.out(at); break;
        case 3: notice = chance(3) ? &start.ward(Event::Death, at) : &start.ward(Event::Planning, at); break;
        default:
          notice = &start.party(chance(4) ? hsv1() : vc07(), Event::FastVardkontakt, at);
          notice->contact = Contact{chance(2) ? "Bo Lind" : "Eva Ek", "", chance(4) ? "2" : ""};
          if (chance(6)) notice->contact->until = notice->happened.text;
      }
      place(*notice, stay, person);
      keep(*notice, stay);
    }
  }
  for (std::uint64_t left = random.below(4); left > 0; --left) {
    const std::size_t which = random.below(made.size());
    const Notice original = made[which];
    Notice& change = original.event != Event::Nullified && chance(2) ? start.correct(original, original.happened.text)
                                                                     : start.cancel(original, time(stay_of[which]));
    change.case_key = original.case_key;
    change.case_identity = original.case_identity;
    if (change.event == Event::Corrected && chance(2)) change.person.identifiers = {original.person.identifiers.front()};
    keep(change, stay_of[which]);
  }
  return start.chain();
}

const Policies& policies() {
  static const Policies made = [] {
    Policies all;
    all.organisationsnummer = {{"0880", "2120001000"}, {"1280", "2120002000"}};
    return all;
  }();
  return made;
}

/// What one ärende says, whatever the others do.
StayView view_of(const Chain& chain) {
  KeptFold fold;
  return outline(chain, policies(), moment(in_summer), r4().names(), &fold, {}).stay;
}

/// The other ärenden of the person of one, joined by the numbers that any of them names.
std::vector<StayView> others_of(const StayView& own, const std::vector<StayView>& all) {
  std::vector<Identity> known = own.person.identifiers;
  std::vector<StayView> found;
  for (bool is_more = true; is_more;) {
    is_more = false;
    for (const StayView& each : all) {
      const auto is_known = [&](const Identity& number) { return std::find(known.begin(), known.end(), number) != known.end(); };
      const std::vector<Identity>& named = each.person.identifiers;
      if (each.case_key == own.case_key || std::none_of(named.begin(), named.end(), is_known)) continue;
      if (std::any_of(found.begin(), found.end(), [&](const StayView& other) { return other.case_key == each.case_key; }))
        continue;
      found.push_back(each);
      for (const Identity& number : named)
        if (!is_known(number)) known.push_back(number);
      is_more = true;
    }
  }
  std::sort(found.begin(), found.end(), [](const auto& left, const auto& right) { return left.case_key < right.case_key; });
  return found;
}

std::map<std::string, Chain> by_case(const Chain& arrived) {
  std::map<std::string, Chain> cases;
  for (const Link& link : arrived) cases[std::get<Notice>(link).case_key].push_back(link);
  return cases;
}

std::vector<StayView> views_of(const Chain& arrived) {
  std::vector<StayView> views;
  for (const auto& [key, chain] : by_case(arrived)) views.push_back(view_of(chain));
  return views;
}

/// All resources of all ärenden, when this has arrived and the others say that; and what each of them says then.
std::string all_of(const Chain& arrived, const std::vector<StayView>& views, std::vector<StayView>& said) {
  std::string text;
  for (const auto& [key, chain] : by_case(arrived)) {
    const PersonView person{"a secret", others_of(views[said.size()], views)};
    const Projection now = project(chain, policies(), moment(in_summer), r4().names(), nullptr, nullptr, person);
    text += to_text(now);
    said.push_back(now.stay);
  }
  return text;
}

// Patients are made of nothing but what the ärenden say.
TEST(Scenario28, ArendenOfSeveralPersonsFoldToTheSameBytesInTwentyOrders) {
  SeededRandom random(2028);
  std::size_t joined = 0;
  for (int round = 0; round < 200; ++round) {
    Chain chain = generated(random);
    const std::vector<StayView> views = views_of(chain);
    for (const StayView& each : views) joined += others_of(each, views).size();
    std::vector<StayView> said;
    const std::string expected = all_of(chain, views, said);
    ASSERT_EQ(said, views) << "each says the same, whatever it has read of the others";
    for (int order = 0; order < 20; ++order) {
      for (std::size_t last = chain.size(); last > 1; --last) std::swap(chain[last - 1], chain[random.below(last)]);
      said.clear();
      ASSERT_EQ(all_of(chain, views, said), expected) << "round " << round << " order " << order;
      ASSERT_EQ(said, views) << "round " << round << " order " << order;
    }
  }
  EXPECT_GT(joined, 400u);
}

}  // namespace
}  // namespace vardbron::care
