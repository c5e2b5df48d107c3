// Concern: whatever a caller can read by any request was written for it, and is still for it. The model knows who takes part in
// which stay and plan, and what is of money; it does not ask the store.
#include "gateway/base/text.h"
#include "gateway/subscription/notification.h"
#include "gateway/subscription/visibility.h"
#include "tests/exchange/plan_notices.h"
#include "tests/rest/house.h"
#include "tests/sim/seeds.h"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace vardbron::rest {
namespace {

using exchange::APlanNotice;
using exchange::health_centre;
using exchange::home_care;
using exchange::hospital;

using Organisations = std::set<std::string>;

struct Reader {
  const char* organisation;
  const char* token;
};

constexpr std::array<Reader, 5> readers = {{{hospital, hospital_reader_token},
                                            {home_care, home_care_token},
                                            {health_centre, health_centre_token},
                                            {"SE2120990011-EKO1", other_unit_token},
                                            {"SE2120990029-HSV9", stranger_token}}};

/// Who may read what after a step.
struct Allowed {
  std::array<Organisations, 2> parties, ever, payers;  ///< of the two stays
  std::array<bool, 2> is_protected{};
  Organisations plan;
  bool hides_plan = false;
};

/// "Type/id#version" of all resources that an answer shows.
std::set<std::string> shown_in(const std::string& body) {
  constexpr std::string_view start = "{\"resourceType\":\"";
  std::set<std::string> shown;
  for (std::size_t at = body.find(start); at != std::string::npos; at = body.find(start, at + 1)) {
    const std::vector<std::string_view> words = split(std::string_view(body).substr(at, 400), '"');
    if (words.size() < 14 || words[5] != "id" || words[9] != "meta" || words[11] != "versionId") continue;
    shown.insert(std::string(words[3]) + "/" + std::string(words[7]) + "#" + std::string(words[13]));
  }
  return shown;
}

class Walk {
 public:
  explicit Walk(std::uint64_t seed) : random_(seed) {
    for (const Reader& each : readers) house_.spine.watch(each.organisation, each.organisation, "case");
    admit(0, "195009072553");
  }

  std::size_t pick(std::size_t below) { return static_cast<std::size_t>(random_.below(below)); }
  bool chance(int percent) { return pick(100) < static_cast<std::size_t>(percent); }

  void step() {
    switch (pick(10)) {
      case 0: return tell_of_stay(pick(2), "party.changed", chance(50));
      case 1: return tell_of_stay(pick(2), "discharge-ready", has_home_care(0));
      case 2: return protect(pick(2));
      case 3: return begin_plan();
      case 4: return decide(chance(70) ? "active" : "inactive", "");
      case 5: return decide(chance(50) ? "active" : "inactive", home_care);
      case 6: return decide(chance(50) ? "active" : "inactive", hospital);
      case 7: return of_plan(notice("plan.agreed").to_everybody().with_four_points());
      case 8: return of_plan(notice("sip.invitation").to_everybody().meeting_at("2027-05-20T13:00:00+01:00"));
      default:
        if (allowed_.parties[1].empty()) return admit(1, "196408233234");
        return tell_of_stay(pick(2), "planning", chance(50));
    }
  }

  void compare() {
    for (const Reader& reader : readers) {
      const std::set<std::string> readable = read_each(reader);
      std::set<std::string> newest, any;
      for (const std::string& each : readable) {
        const store::Resource* found = known(each);
        (found->version == newest_[name_of(each)] ? newest : any).insert(each);
      }
      any.insert(newest.begin(), newest.end());
      expect_within(reader, newest, requests(reader));
      expect_within(reader, any, histories());
      expect_totals(reader, newest);
      expect_notified(reader, newest);
      expect_no_money(reader, newest);
    }
  }
  std::size_t shown() const { return shown_; }
  std::size_t found_by_money() const { return found_by_money_; }

 private:
  std::string time() const { return "2026-03-12T10:" + two(steps_) + ":00+01:00"; }
  static std::string two(int number) { return (number < 10 ? "0" : "") + std::to_string(number); }
  std::string id() const { return "N-" + std::to_string(steps_); }
  APlanNotice notice(const char* event) { return APlanNotice(event).with_id(id()).at(time()); }
  bool has_home_care(std::size_t stay) const { return allowed_.parties[stay].contains(home_care); }

  ANotice of_stay(std::size_t stay, const char* event, bool with_home_care) {
    ANotice made(event);
    made.with_id(id()).at(time()).of_case("A-" + std::to_string(stay)).about(stay == 0 ? "195009072553" : "196408233234");
    made.with_address();
    if (allowed_.is_protected[stay]) made.with_protected_identity();
    if (!allowed_.is_protected[stay]) made.in_kommun("0880");
    if (!with_home_care) made.to_health_centre();
    return made;
  }
  void admit(std::size_t stay, const char*) {
    const bool with_home_care = chance(70);
    allowed_.parties[stay] = {hospital, health_centre};
    if (with_home_care) allowed_.parties[stay].insert(home_care);
    take(hospital, of_stay(stay, "admission", with_home_care).json());
  }
  void tell_of_stay(std::size_t stay, const std::string& event, bool with_home_care) {
    if (allowed_.parties[stay].empty()) return;
    if (event != "party.changed") with_home_care = has_home_care(stay);
    if (event == "party.changed" && !with_home_care) allowed_.parties[stay].erase(home_care);
    if (with_home_care) allowed_.parties[stay].insert(home_care);
    take(hospital, of_stay(stay, event.c_str(), with_home_care).json());
  }
  void protect(std::size_t stay) {
    if (allowed_.parties[stay].empty() || !chance(25)) return;
    allowed_.is_protected[stay] = true;
    if (stay == 0) allowed_.hides_plan = true;  // the plan is the same person's
    tell_of_stay(stay, "planning", has_home_care(stay));
  }

  void begin_plan() {
    // Who says that there is a need is the first participant; the others are those that are called.
    has_plan_ = true;
    of_plan(notice("plan.need").to_everybody());
  }
  void decide(const std::string& decision, const std::string& unit) {
    if (!has_plan_) return;
    if (unit.empty()) is_refused_ = decision != "active";
    if (!unit.empty() && decision == "active") denied_.erase(unit);
    if (!unit.empty() && decision != "active") denied_.insert(unit);
    of_plan(notice("consent").deciding(decision, unit));
  }
  void of_plan(const APlanNotice& made) {
    if (!has_plan_) return;
    allowed_.plan = {hospital, health_centre, home_care};
    for (const std::string& each : denied_) allowed_.plan.erase(each);
    allowed_.hides_plan = is_refused_ || allowed_.is_protected[0];
    take(health_centre, made.json());
  }

  void take(const std::string& by, std::string body) {
    for (std::size_t stay = 0; stay < 2; ++stay) {
      allowed_.ever[stay].insert(allowed_.parties[stay].begin(), allowed_.parties[stay].end());
      allowed_.payers[stay] = allowed_.ever[stay];
      allowed_.payers[stay].erase(health_centre);
    }
    const access::Caller caller{by, by, true, true, false};
    exchange::Spine& spine = house_.spine;
    const Result<exchange::Receipt> receipt =
        spine.world.complete(spine.path->accept({caller, "fhir", "application/fhir+json", std::move(body)}));
    ASSERT_TRUE(receipt) << receipt.failure().says;
    for (int round = 0; round < 4; ++round)
      for (const store::CaseDue& each : spine.store.tables().cases_due({}, 100))
        if (each.at <= spine.world.clock.wall()) EXPECT_TRUE(spine.world.complete(spine.path->let_time_pass(each.case_key)));
    ++steps_;
    spine.world.run_for(std::chrono::seconds(2));
    by_time_[spine.world.clock.wall()] = allowed_;
    look();
  }

  /// All that is stored, as an operator reads it.
  void look() {
    all_.clear();
    newest_.clear();
    for (const char* type : {"Patient", "Encounter", "Communication", "Task", "CareTeam", "CarePlan", "ChargeItem", "Consent",
                             "Goal", "Appointment"}) {
      store::HistoryQuery query;
      query.type = type;
      query.count = 200;
      do {
        const Result<store::Page> page = house_.spine.store.tables().history({"", true}, query);
        ASSERT_TRUE(page);
        for (const store::Resource& each : page->resources) {
          const std::string name = each.type + "/" + each.id;
          newest_[name] = std::max(newest_[name], each.version);
          all_[name + "#" + std::to_string(each.version)] = each;
        }
        query.after = page->after;
      } while (!query.after.empty());
    }
  }
  const store::Resource* known(const std::string& version) const {
    const auto found = all_.find(version);
    return found == all_.end() ? nullptr : &found->second;
  }
  static std::string name_of(const std::string& version) { return version.substr(0, version.find('#')); }

  Organisations allowed(const store::Resource& what, const Allowed& at) const {
    const auto both = [](Organisations one, const Organisations& other) {
      one.insert(other.begin(), other.end());
      return one;
    };
    if (what.type == "Patient") return both(both(at.parties[0], at.parties[1]), at.plan);
    if (what.case_key.starts_with("plan|")) return at.plan;
    const std::size_t stay = what.case_key.ends_with("A-1") ? 1 : 0;
    if (what.type == "ChargeItem") return at.payers[stay];
    const bool is_of_one = what.type == "Communication" || what.type == "Task" || what.type == "Consent";
    return is_of_one ? at.ever[stay] : at.parties[stay];
  }
  bool hides_former(const store::Resource& what) const {
    if (what.case_key.starts_with("plan|")) return allowed_.hides_plan;
    if (what.type == "Patient") return false;  // of either; held by former_versions_test
    return allowed_.is_protected[what.case_key.ends_with("A-1") ? 1 : 0];
  }

  http::Response get(const Reader& reader, const std::string& target) {
    return house_.ask("GET", "/fhir/" + target, reader.token);
  }

  /// What it reads by id, held to the model in both directions.
  std::set<std::string> read_each(const Reader& reader) {
    std::set<std::string> readable;
    for (const auto& [name, what] : all_) {
      const bool is_newest = what.version == newest_[name_of(name)];
      const std::string target = name_of(name) + (is_newest ? "" : "/_history/" + std::to_string(what.version));
      const http::Response answer = get(reader, target);
      const bool is_written_for = allowed(what, by_time_.upper_bound(what.last_updated)->second).contains(reader.organisation);
      const bool is_for = allowed(what, allowed_).contains(reader.organisation);
      if (answer.status == 200) {
        EXPECT_TRUE(is_written_for && is_for) << name << " of " << what.case_key << " is read by " << reader.organisation;
        EXPECT_TRUE(is_newest || !hides_former(what)) << name << " is a former version of what is hidden";
        readable.insert(name);
      }
      // Of what is in error, because nothing that was said of it counts, nobody takes part.
      const bool is_in_error = what.body.find("entered-in-error") != std::string::npos;
      const bool is_of_all = !is_in_error && (what.type == "Encounter" || what.type == "CarePlan" || what.type == "Appointment");
      if (is_newest && is_of_all && is_for)
        EXPECT_EQ(answer.status, 200u) << name << " is not read by " << reader.organisation << ": " << what.body;
    }
    shown_ += readable.size();
    return readable;
  }

  void expect_within(const Reader& reader, const std::set<std::string>& readable, const std::vector<std::string>& targets) {
    for (const std::string& target : targets) {
      const http::Response answer = get(reader, target);
      EXPECT_TRUE(answer.status == 200 || answer.status == 404) << target << ' ' << answer.status << ' ' << answer.body;
      for (const std::string& each : shown_in(answer.body)) {
        if (each.starts_with("Organization/") || each.starts_with("Bundle/")) continue;
        EXPECT_TRUE(readable.contains(each)) << each << " is shown to " << reader.organisation << " by " << target;
      }
    }
  }

  std::vector<std::string> requests(const Reader&) const {
    std::vector<std::string> targets = {
        "Patient?_revinclude=Task:patient&_revinclude=CarePlan:subject&_revinclude=ChargeItem:subject&_count=50",
        "ChargeItem?_include=*",
        "Encounter?_revinclude=ChargeItem:context&_count=50",
        "CarePlan?_include=*&_revinclude=Appointment:supporting-info&_include:iterate=Task:patient",
        "Task?_include=*&_count=200",
        "ChargeItem?subject:Patient.identifier=195009072553",
        "Patient?_has:ChargeItem:subject:code=utskrivningsklar-dygn",
        "Encounter?_has:ChargeItem:context:code=utskrivningsklar-dygn&_include=*",
        "Goal?_sort=-_lastUpdated",
        "Appointment?_include=*",
        "Consent?_include=*",
        "CareTeam?_revinclude=CarePlan:care-team",
    };
    for (const auto& [name, version] : newest_)
      if (name.starts_with("Patient/"))
        for (const char* of : {"/$everything", "/ChargeItem", "/CarePlan", "/Appointment"}) targets.push_back(name + of);
    return targets;
  }
  std::vector<std::string> histories() const {
    std::vector<std::string> targets;
    for (const char* type : {"ChargeItem", "CarePlan", "Encounter", "Patient", "Task", "Appointment"})
      targets.push_back(std::string(type) + "/_history?_count=200");
    for (const auto& [name, version] : newest_)
      if (name.starts_with("ChargeItem/") || name.starts_with("CarePlan/")) targets.push_back(name + "/_history");
    return targets;
  }

  std::string total(const Reader& reader, const std::string& target) {
    const std::string body = get(reader, target + (target.find('?') == std::string::npos ? "?" : "&") + "_summary=count").body;
    const std::size_t at = body.find("\"total\":");
    return at == std::string::npos ? body : body.substr(at + 8, body.find_first_of(",}", at) - at - 8);
  }
  void expect_totals(const Reader& reader, const std::set<std::string>& newest) {
    for (const char* type : {"ChargeItem", "CarePlan", "Encounter", "Patient", "Task", "Communication"}) {
      std::size_t count = 0;
      for (const std::string& each : newest) count += each.starts_with(std::string(type) + "/") ? 1 : 0;
      EXPECT_EQ(total(reader, type), std::to_string(count)) << type << " for " << reader.organisation;
    }
  }

  /// Who may read no ChargeItem of them learns nothing of one by what refers to it.
  void expect_no_money(const Reader& reader, const std::set<std::string>& newest) {
    const bool reads_money = newest.lower_bound("ChargeItem/") != newest.lower_bound("ChargeItem0");
    for (const char* target : {"Patient?_has:ChargeItem:subject:code=utskrivningsklar-dygn",
                               "Encounter?_has:ChargeItem:context:code=utskrivningsklar-dygn",
                               "ChargeItem?context:Encounter.status=in-progress,finished"})
      if (!reads_money) EXPECT_EQ(total(reader, target), "0") << target << " for " << reader.organisation;
    found_by_money_ += reads_money && total(reader, "Patient?_has:ChargeItem:subject:code=utskrivningsklar-dygn") != "0" ? 1 : 0;
  }

  void expect_notified(const Reader& reader, const std::set<std::string>& newest) {
    std::vector<store::Event> events = house_.spine.events(reader.organisation);
    const auto sent = house_.spine.world.complete(subscription::redact(house_.spine.store, {reader.organisation, false},
                                                                       std::move(events), subscription::Content::FullResource));
    ASSERT_TRUE(sent);
    const auto expect = [&](const subscription::Shown& one) {
      if (one.as != subscription::Shown::As::Here) return;
      EXPECT_TRUE(newest.contains(one.reference + "#" + std::to_string(one.resource.version)))
          << one.reference << " is sent to " << reader.organisation;
    };
    for (const subscription::ShownEvent& each : *sent) {
      expect(each.focus);
      for (const subscription::Shown& one : each.context) expect(one);
    }
  }

  SeededRandom random_;
  House house_;
  Allowed allowed_;
  std::map<WallTime, Allowed> by_time_;  ///< until that time
  std::map<std::string, store::Resource> all_;
  std::map<std::string, std::int64_t> newest_;
  Organisations denied_;
  bool has_plan_ = false, is_refused_ = false;
  int steps_ = 0;
  std::size_t shown_ = 0, found_by_money_ = 0;
};

TEST(CompartmentWalk, WhateverACallerReadsWasWrittenForItAndIsStillForIt) {
  std::size_t shown = 0, found_by_money = 0;
  sim::for_each_seed(6, [&](std::uint64_t seed) {
    Walk walk(seed);
    for (int step = 0; step < 18 && !testing::Test::HasFailure(); ++step) {
      walk.step();
      if (step % 3 == 2) walk.compare();
    }
    shown += walk.shown();
    found_by_money += walk.found_by_money();
  });
  EXPECT_GT(shown, 1500u);
  EXPECT_GT(found_by_money, 0u);
}

}  // namespace
}  // namespace vardbron::rest
