#include "gateway/care/arende/villkor.h"

#include "gateway/care/arende/admission_rules.h"
#include "gateway/care/arende/facts.h"
#include "gateway/time/civil.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace vardbron::care {
namespace {

constexpr std::array<std::string_view, 3> lage_codes = {"uppfyllt", "oppet", "brutet"};

class VillkorJudge {
 public:
  explicit VillkorJudge(const VillkorInput& input) : in_(input), facts_(input.facts) {}

  std::vector<Villkor> run() {
    all_.reserve(8);
    judge_payer();
    judge_admission();
    judge_ready();
    judge_call();
    judge_obstacles();
    return std::move(all_);
  }

 private:
  void add(std::string_view code, std::string_view source, std::optional<WallTime> since, std::string_view missing,
           Villkorslage otherwise = Villkorslage::Oppet, bool is_fulfilled = false) {
    const bool holds = is_fulfilled || (since && missing.empty());
    all_.push_back({code, holds ? Villkorslage::Uppfyllt : otherwise, since, source, holds ? std::string_view() : missing});
  }

  void judge_payer() {
    const bool is_known = !in_.payer.named.kommun.empty();
    const std::string_view missing =
        !is_known && facts_.hides_payer()
            ? "The identity is protected, so the municipality of registration is not taken from the "
              "notices: name the municipality that placed the patient, if one did; else a person decides."
        : !is_known                ? "No notice of the hospital says in which municipality the patient is registered."
        : in_.payer.number.empty() ? "The organisationsnummer of the municipality that pays is not known."
                                   : "";
    add("betalare", "LUS 5:2", {}, missing, Villkorslage::Oppet, missing.empty());
  }

  bool lacks(std::string_view code) const {
    return std::any_of(in_.admissions.begin(), in_.admissions.end(), [&](const AdmissionFinding& each) {
      return each.code == code && (each.link == in_.sent.admission_link || code == "no-oppenvard");
    });
  }

  void judge_admission() {
    const std::optional<WallTime> sent = in_.sent.admission;
    const std::string_view not_sent = "No admission notice was sent to a unit of the municipality that pays.";
    add("inskrivning", "LUS 5:3 st 1 p 1", sent, sent ? "" : not_sent);
    if (!sent) return;
    const bool is_whole = !lacks("no-name") && !lacks("no-address") && !lacks("no-planned-discharge");
    add("inskrivning-innehall", "LUS 2:2", sent,
        is_whole ? "" : "The admission notice lacks the patient's name, address of registration or planned discharge.");
    const std::optional<WallTime> last = last_moment_to_send(facts_, *facts_.links[in_.sent.admission_link].notice);
    const std::string_view late_or_unknown =
        !last ? "No notice says when the patient was admitted, so whether the admission notice was sent in time is not known."
        : *sent > *last
            ? "The admission notice was sent to the municipality more than 24 hours after the admission or the assessment."
            : "";
    add("inskrivning-i-tid", "LUS 2:3", last ? sent : std::nullopt, late_or_unknown,
        last ? Villkorslage::Brutet : Villkorslage::Oppet);
    add("oppenvard-underrattad", "LUS 2:1 st 2", sent,
        lacks("no-oppenvard") ? "Municipal health care is needed, and the admission notice did not go to the öppenvård." : "");
  }

  void judge_ready() {
    add("utskrivningsklar", "LUS 5:3 st 1 p 2, 3:1", in_.sent.ready,
        in_.sent.ready ? "" : "No notice of utskrivningsklar was sent to a unit of the municipality that pays.");
  }

  /// Of each period in which the patient was ready the call is to be made within the days after the notice was sent; one that was
  /// made before is in time.
  void judge_call() {
    constexpr std::string_view source = "LUS 5:3 st 2, 4:3";
    if (!facts_.sip_is_due || !in_.policy.sip_call_is_wanted) return add("kallelse", source, {}, "", Villkorslage::Oppet, true);
    std::optional<WallTime> called;
    for (const SipCall& call : facts_.sip_calls)
      if (call.is_by_oppenvard && (!called || call.at.at < *called)) called = call.at.at;
    if (!called) {
      const bool is_called = !facts_.sip_calls.empty();
      return add("kallelse", source, {},
                 is_called ? "The call to a SIP is not by the fast vårdkontakt of the öppenvård."
                           : "The fast vårdkontakt of the öppenvård has not called to a SIP.");
    }
    const bool is_late = std::any_of(in_.ready_sent.begin(), in_.ready_sent.end(), [&](WallTime sent) {
      return *called > time::end_of(time::day_of(sent) + std::chrono::days(in_.policy.sip_call_days));
    });
    add("kallelse", source, called,
        is_late ? "The call to a SIP was made more than three days after the notice of utskrivningsklar." : "",
        Villkorslage::Brutet);
  }

  void judge_obstacles() {
    constexpr std::string_view source = "LUS 5:5";
    const std::string_view missing =
        facts_.obstacles_are_claimed  ? "It is not clear whether insatser of the öppenvård are available."
        : is_hindered(facts_, in_.at) ? "Insatser of the öppenvård are not available."
        : !facts_.obstacles.empty() && !in_.policy.obstacles_leave_days_out
            ? "Insatser of the öppenvård were not available for a time; a person decides on the days."
            : "";
    add("insatser-tillgangliga", source, {}, missing, Villkorslage::Oppet, missing.empty());
  }

  const VillkorInput& in_;
  const Facts& facts_;
  std::vector<Villkor> all_;
};

}  // namespace

std::string_view to_string(Villkorslage lage) { return lage_codes[static_cast<std::size_t>(lage)]; }

std::vector<Villkor> villkor_of(const VillkorInput& input) { return VillkorJudge(input).run(); }

bool are_fulfilled(const std::vector<Villkor>& all) {
  return std::all_of(all.begin(), all.end(), [](const Villkor& each) { return each.lage == Villkorslage::Uppfyllt; });
}

bool is_hindered(const Facts& facts, WallTime at) {
  return std::any_of(facts.obstacles.begin(), facts.obstacles.end(), [&](const Obstacle& each) {
    return each.from.at <= at && (!each.until || time::end_of(time::day_of(each.until->at)) >= at);
  });
}

}  // namespace vardbron::care
