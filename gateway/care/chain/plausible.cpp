#include "gateway/care/chain/plausible.h"

#include "gateway/time/civil.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string_view>

namespace vardbron::care {
namespace {

using Days = std::chrono::days;

constexpr Days ahead_max{7};            // of past events; a leave may be reported a few days before
constexpr Days planned_ahead_max{366};  // of a planned discharge
constexpr Days clock_ahead_max{1};      // of the sender's clock
constexpr std::chrono::minutes sent_differs_max{5};

/// The earliest moment of a date or time; none for a month or a year alone.
std::optional<WallTime> moment_of(std::string_view text) {
  if (text.size() < 8) return std::nullopt;
  Result<time::CivilTime> read = time::parse_civil(text);
  return read ? std::optional(read->at) : std::nullopt;
}

bool is_later(std::string_view text, WallTime limit) {
  std::optional<WallTime> at = moment_of(text);
  return at && *at > limit;
}

/// A birth in another year is checked by read_person. FHIR dates of any precision sort as text.
void look_at_birth(const std::string& birth, WallTime sent, std::vector<std::string>& says) {
  const std::string today = time::format_day(time::day_of(sent));
  if (birth.starts_with(today.substr(0, 4)) && birth > today.substr(0, birth.size()))
    says.emplace_back("The birth date lies in the future. Check it.");
}

/// In the year of birth too: FHIR dates of any precision sort as text. A birth to come is said to be that.
void look_at_admission_of(const Notice& notice, WallTime sent, std::vector<std::string>& says) {
  const std::string& birth = notice.person.birth_date;
  const bool is_admission = notice.says() == Event::Admission || notice.says() == Event::AdmissionLocal;
  std::optional<WallTime> admitted = moment_of(notice.stay.period_start);
  if (!admitted && is_admission) admitted = notice.happened.at;
  if (!admitted || birth > time::format_day(time::day_of(sent)).substr(0, birth.size())) return;
  if (birth > time::format_day(time::day_of(*admitted)).substr(0, birth.size()))
    says.emplace_back("The admission lies before the patient's birth. Check both dates.");
}

bool is_day_before(std::string_view time, WallTime admitted) {
  std::optional<WallTime> at = moment_of(time);
  return at && time::day_of(*at) < time::day_of(admitted);
}

}  // namespace

std::vector<std::string> implausible_dates(const Notice& notice, WallTime now) {
  std::vector<std::string> says;
  // Dates are compared with the time of sending, so that a replay gives the same; a sender's clock that is ahead is not used.
  const bool is_sent_known = notice.sent != WallTime{};
  const WallTime sent = is_sent_known ? std::min(notice.sent, now) : now;
  if (is_sent_known && notice.sent > now + clock_ahead_max)
    says.emplace_back("The notice says that it was made in the future. Check the sender's clock.");
  look_at_birth(notice.person.birth_date, sent, says);
  look_at_admission_of(notice, sent, says);
  if (notice.happened.at > sent + ahead_max)
    says.emplace_back("What happened is said to happen long after it was told. Check the time.");
  if (is_later(notice.stay.period_start, sent + ahead_max))
    says.emplace_back("The admission lies long after it was told. Check the time.");
  if (notice.stay.discharge_ready && notice.stay.discharge_ready->at > sent + ahead_max)
    says.emplace_back("The patient is said to be ready for discharge long after it was told. Check the time.");
  if (is_later(notice.stay.planned_discharge, sent + planned_ahead_max))
    says.emplace_back("The planned discharge lies more than a year ahead. Check it.");
  if (is_later(notice.person.deceased_at, sent + clock_ahead_max))
    says.emplace_back("The death lies in the future. Check the time.");
  return says;
}

std::string sent_otherwise(const Notice& notice, bool by_receipt) {
  const bool begins_clock = notice.event == Event::Admission || notice.event == Event::DischargeReady;
  if (!begins_clock || !notice.received || notice.sent == WallTime{} ||
      std::chrono::abs(*notice.received - notice.sent) <= sent_differs_max)
    return {};
  const std::string sent = time::format_local(notice.sent), arrived = time::format_local(*notice.received);
  return "The message says that it was sent at " + sent + ", and it arrived at " + arrived + ": the clock (LUS " +
         (notice.event == Event::Admission ? "2:3" : "4:3, 5:4") + ") counts from " + (by_receipt ? arrived : sent) +
         (by_receipt ? ", as is agreed." : ". If it was sent later, cancel the notice and send it with the right time.");
}

std::vector<std::string> before_admission(const Notice& notice, const std::string& admitted) {
  std::vector<std::string> says;
  const std::optional<WallTime> start = moment_of(admitted);
  if (!start) return says;
  if (is_day_before(notice.stay.planned_discharge, *start))
    says.emplace_back("The planned discharge lies before the admission. Check both.");
  if (notice.stay.discharge_ready && time::day_of(notice.stay.discharge_ready->at) < time::day_of(*start))
    says.emplace_back("The patient is said to be ready for discharge before the admission. Check both times.");
  const bool ends = notice.says() == Event::Discharge;
  const std::string& end = notice.stay.period_end.empty() ? notice.happened.text : notice.stay.period_end;
  if (ends && is_day_before(end, *start)) says.emplace_back("The discharge lies before the admission. Check both times.");
  return says;
}

}  // namespace vardbron::care
