#include "gateway/care/arende/charges.h"

#include "gateway/care/arende/admission_rules.h"
#include "gateway/care/arende/charge_basis.h"
#include "gateway/care/arende/facts.h"
#include "gateway/sweden/hsa_id.h"
#include "gateway/time/civil.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace vardbron::care {
namespace {

constexpr std::size_t body_letters = 12;  // SE and ten digits
constexpr std::array<std::string_view, 4> charge_status_codes = {"planned", "billable", "not-billable", "entered-in-error"};

bool is_among(const std::vector<std::string>& sorted, std::string_view id) {
  return std::binary_search(sorted.begin(), sorted.end(), id);
}

/// The charge of the municipality that pays.
class ChargeMaker {
 public:
  ChargeMaker(const Facts& facts, const std::vector<AdmissionFinding>& admissions, const Policies& policies,
              const ChargeBasis& basis, Charge& charge, WallTime now)
      : facts_(facts), admissions_(admissions), policies_(policies), basis_(basis), charge_(charge), now_(now) {
    units_ = units_of(charge_.payer, facts_.members);
    if (!charge_.payer.number.empty()) return;
    // Which of the receivers are the payer's is not known; the clock runs as if one were, and the charge stays planned.
    for (const auto& [id, member] : facts_.members.all())
      if (member.is_municipal()) units_.push_back(id);
  }

  std::vector<ChargeFinding> run() {
    find_admission();
    const Policy& policy = policies_.of(charge_.payer.named.kommun, facts_.stay.care_kind, time::day_of(day_of_policy()));
    charge_.agreement = policy.name;
    charge_.is_by_average = policy.counting == Counting::MonthlyAverage;
    if (charge_.is_by_average) charge_.stay_ended = stay_end(facts_, now_);
    for (const ReadyPeriod& period : facts_.ready_periods) add_spans(period);
    find_exempt_days();
    charge_.reading = clock_.read(policy, facts_.has_admission, now_, exempt_);
    charge_.next_change = charge_.reading.next_change;
    const WallTime at = clock_.is_running() || clock_.spans().empty() ? now_ : *clock_.spans().back().until;
    charge_.villkor = villkor_of({facts_, charge_.payer, policy, sent_, admissions_, ready_sent_, at});
    note_end_of_obstacle();
    set_status();
    set_amount(policy);
    remark_conditions();
    return std::move(findings_);
  }

 private:
  /// Was the notice sent to a unit of the payer?
  bool is_for_payer(std::size_t index) const {
    const ChainEntry& link = facts_.links[index];
    const auto names_unit = [&](const Party& party) { return is_among(units_, party.id); };
    const std::vector<Party>& receivers = link.notice->receivers;
    const bool is_named = std::any_of(receivers.begin(), receivers.end(), names_unit);
    if (link.link_status == LinkStatus::Replaced) return is_named;
    if (link.link_status != LinkStatus::Effective && link.link_status != LinkStatus::History) return false;
    const LinkFacts& known = facts_.link_facts[index];
    if (!known.is_released || !known.audience) return false;
    const auto reaches = [&](const std::string& unit) {
      return is_among(*known.audience, unit) &&
             (receivers.empty() ||
              std::any_of(receivers.begin(), receivers.end(), [&](const Party& each) { return each.id == unit; }));
    };
    return std::any_of(units_.begin(), units_.end(), reaches);
  }

  void find_admission() {
    for (std::size_t index : basis_.admissions) {
      const ChainEntry& link = facts_.links[index];
      if (!is_for_payer(index) || (sent_.admission && facts_.sent(*link.notice) >= *sent_.admission)) continue;
      sent_.admission = facts_.sent(*link.notice);
      sent_.admission_link = index;
    }
    // A correction may complete what the first version lacked.
    if (sent_.admission)
      for (std::size_t index : basis_.admissions)
        if (facts_.links[index].root == facts_.links[sent_.admission_link].root &&
            facts_.links[index].link_status == LinkStatus::Effective)
          sent_.admission_link = index;
  }

  WallTime day_of_policy() const {
    return facts_.ready_periods.empty() ? now_ : facts_.sent(*facts_.links[facts_.ready_periods.back().link].notice);
  }

  /// When the payer was first sent that the patient is ready: any version of the notice, or the same said again in the period.
  std::optional<WallTime> ready_sent(const ReadyPeriod& period) const {
    const ChainEntry& begin = facts_.links[period.link];
    std::optional<WallTime> sent;
    for (std::size_t index : basis_.ready) {
      const ChainEntry& link = facts_.links[index];
      const bool is_again =
          link.link_status == LinkStatus::History && link.at >= begin.at && (!period.until || link.at < *period.until);
      if ((link.root != begin.root && !is_again) || !is_for_payer(index)) continue;
      const WallTime at = facts_.sent(*link.notice);
      if (!sent || at < *sent) sent = at;
    }
    return sent;
  }

  void add_spans(const ReadyPeriod& period) {
    sent_.ready = ready_sent(period);
    ready_sent_.push_back(first_sent(facts_, facts_.links[period.link]));
    if (!sent_.ready || !sent_.admission) return;
    // Nobody is liable before the notices were sent (5:3), nor before the patient is ready.
    WallTime from = std::max({*sent_.ready, *sent_.admission, period.ready});
    // While the municipality has no unit in the case its clock does not run.
    bool is_there = true;
    for (const PartyChange& change : facts_.party_changes) {
      const bool has_unit =
          std::any_of(units_.begin(), units_.end(), [&](const std::string& id) { return is_among(change.active, id); });
      if (has_unit == is_there || (period.until && change.at >= *period.until)) continue;
      is_there = has_unit;
      if (has_unit)
        from = std::max(from, change.at);
      else if (change.at > from)
        clock_.start(from), clock_.stop(change.at);
    }
    if (!is_there || (period.until && *period.until < from)) return;
    clock_.start(from);
    if (period.until) clock_.stop(*period.until);
  }

  void find_exempt_days() {
    for (const Obstacle& each : facts_.obstacles) {
      const auto last = each.until ? time::day_of(each.until->at) : std::chrono::local_days::max();
      exempt_.push_back({time::day_of(each.from.at), last});
    }
  }

  void note_end_of_obstacle() {
    if (!clock_.is_running()) return;
    for (const Obstacle& each : facts_.obstacles) {
      if (!each.until) continue;
      const WallTime over = time::end_of(time::day_of(each.until->at)) + std::chrono::milliseconds(1);
      if (over > now_ && (!charge_.next_change || over < *charge_.next_change)) charge_.next_change = over;
    }
  }

  bool is_call_missing() const {
    return std::any_of(charge_.villkor.begin(), charge_.villkor.end(),
                       [](const Villkor& each) { return each.code == "kallelse" && each.lage == Villkorslage::Oppet; });
  }

  void set_status() {
    charge_.days = is_call_missing() && !charge_.is_by_average ? 0 : charge_.reading.days;
    if (charge_.reading.state != ClockState::Stannad) return;
    const bool has_days = charge_.reading.first && charge_.reading.days > 0;
    charge_.status = !has_days                        ? ChargeStatus::NotBillable
                     : are_fulfilled(charge_.villkor) ? ChargeStatus::Billable
                                                      : ChargeStatus::Planned;
  }

  void set_amount(const Policy& policy) {
    if (charge_.reading.state != ClockState::Stannad || charge_.is_by_average || charge_.days == 0) return;
    std::int64_t sum = 0;
    std::set<int> unknown;
    for (std::chrono::local_days day : charged_days(clock_.spans(), exempt_, policy, now_)) {
      const int year = static_cast<int>(std::chrono::year_month_day(day).year());
      const std::optional<std::int64_t> price = policies_.price(policy, year);
      if (price)
        sum += *price;
      else
        unknown.insert(year);
    }
    for (int year : unknown)
      remark("no-price-" + std::to_string(year),
             "No price of a day in " + std::to_string(year) + " is configured, so the charge has no amount (LUS 5:6).");
    if (unknown.empty()) charge_.amount = sum;
  }

  /// Conditions that are missing when the clock has stopped; what an admission notice lacks has findings of its own.
  void remark_conditions() {
    if (charge_.reading.state != ClockState::Stannad && charge_.reading.state != ClockState::Vilar) return;
    if (charge_.reading.state == ClockState::Stannad && charge_.reading.days == 0) return;
    for (const Villkor& each : charge_.villkor)
      if (each.lage != Villkorslage::Uppfyllt && !each.code.starts_with("inskrivning-") && each.code != "oppenvard-underrattad")
        remark("villkor-" + std::string(each.code),
               "The charge is not billable by itself: " + std::string(each.says) + " (" + std::string(each.source) + ")");
  }

  /// On the notice that ended the last period, else on the one that began it.
  void remark(std::string code, std::string says) {
    if (facts_.ready_periods.empty()) return;
    const ReadyPeriod& last = facts_.ready_periods.back();
    findings_.push_back({last.until ? last.end_link : last.link, std::move(code), std::move(says)});
  }

  const Facts& facts_;
  const std::vector<AdmissionFinding>& admissions_;
  const Policies& policies_;
  const ChargeBasis& basis_;
  Charge& charge_;
  WallTime now_;
  std::vector<std::string> units_;  ///< sorted
  SentToPayer sent_;
  std::vector<WallTime> ready_sent_;
  Betalningsklocka clock_;
  std::vector<ExemptDays> exempt_;
  std::vector<ChargeFinding> findings_;
};

/// Every unit of the payer that was ever notified: what a municipality could read once stays readable when a late notice changes
/// the case.
std::vector<std::string> readers_of_payer(const Payer& payer, const Membership& members) {
  std::vector<std::string> readers = units_of(payer, members);
  std::erase_if(readers, [&](const std::string& id) { return !members.find(id)->knows(); });
  return readers;
}

}  // namespace

std::string_view to_string(ChargeStatus status) { return charge_status_codes[static_cast<std::size_t>(status)]; }

std::string body_of(const Party& unit) { return sweden::same_body(unit.id, unit.id) ? unit.id.substr(0, body_letters) : unit.id; }

Charges charges_of(const Facts& facts, const std::vector<AdmissionFinding>& admissions, const Policies& policies,
                   bool case_is_cancelled, WallTime now) {
  Charges charges;
  const ChargeBasis basis = charge_basis(facts);
  if (!basis.was_ready) return charges;
  const NamedPayer current = current_payer(facts, basis);
  const bool is_placed =
      std::any_of(basis.named.begin(), basis.named.end(), [](const NamedPayer& each) { return each.has_placed; });
  for (auto named = basis.named.begin(); named != basis.named.end(); ++named) {
    if (!charges.all.empty() && charges.all.back().payer.named.kommun == named->kommun) continue;  // registered and placed by it
    const bool pays = named->kommun == current.kommun;
    Charge charge;
    charge.payer = find_payer(pays ? current : *named, facts.members, policies);
    // The municipality that a placed patient is registered in must not see the charge, though a notice named it alone.
    if (pays || !is_placed) charge.readers = readers_of_payer(charge.payer, facts.members);
    if (policies.may_average(named->kommun)) charge.ends_named = ends_named_in(facts);
    const bool is_void = case_is_cancelled || !pays || (basis.is_all_cancelled && facts.ready_periods.empty());
    if (!is_void) charges.findings = ChargeMaker(facts, admissions, policies, basis, charge, now).run();
    if (is_void) charge.status = ChargeStatus::EnteredInError, charge.reading.state = ClockState::Makulerad;
    charges.all.push_back(std::move(charge));
  }
  return charges;
}

}  // namespace vardbron::care
