#pragma once

#include "gateway/base/random.h"
#include "gateway/care/person/person_view.h"
#include "tests/exchange/spine.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace vardbron::exchange {

inline constexpr const char* personnummer = "http://electronichealth.se/identifier/personnummer";
inline constexpr const char* first_person = "195009072553";
inline constexpr const char* second_person = "196408233234";

/// Cases of persons, whose other cases follow as the clock of the cases makes them.
struct Persons : Spine {
  explicit Persons(std::uint64_t seed = 1) : Spine(seed) {
    due = [this](WallTime) { ++made_due; };
  }
  /// Sent by the hospital that it names. The answer's text.
  std::string take(const ANotice& notice) {
    Envelope envelope{caller(), "fhir", "application/fhir+json", notice.json()};
    const bool is_of_caller = access::SenderPermissions().may_speak(envelope.caller.organisation, notice.sender());
    if (!is_of_caller) envelope.caller.organisation = notice.sender();
    const Result<Receipt> receipt = world.complete(path->accept(std::move(envelope)));
    CHECK(receipt && receipt->outcome == store::Outcome::Stored);
    return receipt->text;
  }
  /// Until no case has anything left that is due by now.
  int follow() {
    int followed = 0;
    while (true) {
      const std::vector<store::CaseDue> all = *world.complete(store.cases_due({}, 1'000));
      const WallTime now = world.clock.wall();
      const bool any = std::any_of(all.begin(), all.end(), [&](const auto& each) { return each.at <= now; });
      if (!any) return followed;
      for (const store::CaseDue& each : all) {
        if (each.at > now) continue;
        CHECK(world.complete(path->let_time_pass(each.case_key)));
        ++followed;
      }
    }
  }
  std::string patient_id(const std::string& number) {
    return care::patient_id(care::person_key(store.person_secret(), {personnummer, number}));
  }
  Result<store::Resource> patient(const std::string& reader, const std::string& number, std::int64_t version = 0) {
    return world.complete(store.read({reader, reader.empty()}, "Patient", patient_id(number), version));
  }
  std::vector<std::string> texts(const std::string& case_name) {
    std::vector<std::string> bodies;
    for (const store::CaseResource& each : stored_case(case_name).resources)
      bodies.push_back(world.complete(store.read({"", true}, each.type, each.id, 0))->body);
    return bodies;
  }
  std::string text(const std::string& number) { return patient("", number)->body; }
  /// What is stored of these ärenden and persons now, by "Type/id", without what differs by time of commit. Whom no notice names
  /// any more has a Patient, without anything about the person, if one did when it came: it is left out.
  std::map<std::string, std::string> stored(const std::vector<std::string>& case_names, const std::vector<std::string>& persons) {
    std::map<std::string, std::string> now;
    const auto put = [&now](const store::Resource& found) {
      now[found.type + "/" + found.id] = found.body.substr(found.body.find("lastUpdated") + 40);
    };
    for (const std::string& name : case_names)
      for (const store::CaseResource& one : stored_case(name).resources)
        put(*world.complete(store.read({"", true}, one.type, one.id, 0)));
    for (const std::string& person : persons)
      if (const Result<store::Resource> found = patient("", person);
          found && found->body.find("\"active\":false") == std::string::npos)
        put(*found);
    return now;
  }

  /// All that is stored of these cases and Patients, and who reads the Patients. A Patient of nobody is left out.
  std::map<std::string, std::string> all(const std::vector<std::string>& case_names, const std::vector<std::string>& persons) {
    std::map<std::string, std::string> found = stored(case_names, {});
    for (const std::string& person : persons) {
      const Result<store::Resource> one = patient("", person);
      if (!one || (one->body.find("Exempelsson") == std::string::npos && one->body.find("\"link\"") == std::string::npos))
        continue;
      found[person] = one->body.substr(one->body.find("lastUpdated") + 40);
      for (const char* reader : {hospital, home_care, health_centre})
        found[person] += patient(reader, person) ? " read" : " hidden";
    }
    return found;
  }

  int made_due = 0;
};

/// Takes the notices in so many orders, with and without a cache of cases, and lets cases follow in between: stored(house) is the
/// same at the end of each.
template <class Stored>
void expect_same_in_any_order(std::vector<ANotice> notices, int orders, Random& random, const Stored& stored) {
  std::map<std::string, std::string> expected;
  for (int order = 0; order < orders; ++order) {
    for (std::size_t left = notices.size(); left > 1; --left) std::swap(notices[left - 1], notices[random.next() % left]);
    Persons house(static_cast<std::uint64_t>(order + 1));
    CaseCache kept;
    house.cache = order % 2 == 0 ? &kept : nullptr;
    house.open_path({});
    for (const ANotice& notice : notices) {
      house.take(notice);
      if (random.next() % 3 == 0) house.follow();
    }
    house.follow();
    const std::map<std::string, std::string> now = stored(house);
    if (order == 0) expected = now;
    ASSERT_EQ(now, expected) << "order " << order;
  }
}

inline ANotice admission_of(int number, const char* person = first_person) {
  return ANotice("admission").with_id("M-" + std::to_string(number)).of_case("A-" + std::to_string(number)).about(person);
}

}  // namespace vardbron::exchange
