#pragma once

#include "gateway/base/clock.h"
#include "gateway/care/arende/month_contribution.h"
#include "gateway/care/chain/policies.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::care {

/// Something a person should look at before a month is billed.
struct MonthFinding {
  std::string code;  ///< of CodeSystem/manadsanmarkning: "no-price"
  std::string says;  ///< a sentence
  bool operator==(const MonthFinding&) const = default;
};

/// What one municipality pays for one month by one agreement whose price is an average over its stays. Source: LUS 4:5.
///
/// A stay counts when every condition of the law is fulfilled, and also when it lasted no longer than the free average, for then
/// it never raises what is paid. Of a longer one with a condition that is open or broken a person decides: it is among the
/// undecided, and not in the sum.
struct MonthSum {
  std::string number, kommun, agreement;  ///< as in MonthContribution; without a number the sum is of a kommun
  std::chrono::year_month month;
  int stays = 0, waited = 0;  ///< that count, and the days of all of them
  int undecided_stays = 0, undecided_days = 0;
  std::optional<WallTime> closes;  ///< from then on a change is a finding; none: the agreement is not configured any more
  bool is_closed = false;
  int free_average_tenths = 0;
  std::optional<int> chargeable_days;  ///< what all waited together above the free average; none without an agreement
  std::optional<std::int64_t> price;   ///< kronor for a day in the month's year; none: not configured
  std::optional<std::int64_t> amount;  ///< kronor; none: days to pay and no price
  std::vector<MonthFinding> findings;

  int mean_hundredths() const;  ///< days, rounded; 333 for 3.33. 0 without a stay
  bool is_of_same(const MonthSum& other) const;
  bool operator==(const MonthSum&) const = default;
};

/// The sums of a set of stays, by municipality, agreement and month, in that order. Depends on the set only, not on its order; a
/// ChargeItem that occurs twice counts once.
std::vector<MonthSum> month_sums(std::span<const MonthContribution> stays, const Policies& policies, WallTime now);

/// When a month is closed: that many days after its end in Stockholm.
WallTime month_closes(std::chrono::year_month month, const Policy& terms);
/// The moments at which the month is closed by one of the agreements, sorted.
std::vector<WallTime> closing_times(std::chrono::year_month month, const Policies& policies);

/// Adds a finding to each sum that is no more what it was when its month was closed at `closing`, with both; and a sum without a
/// stay where all have left it. `then`: month_sums of the stays as they were known at that moment.
void compare_with_closing(std::vector<MonthSum>& sums, const std::vector<MonthSum>& then, WallTime closing);

/// "2026-03"; and the month of such a text, none of anything else.
std::string to_string(std::chrono::year_month month);
std::optional<std::chrono::year_month> month_of_text(std::string_view text);
std::chrono::local_days first_day(std::chrono::year_month month);
std::chrono::local_days last_day(std::chrono::year_month month);
/// "3.3" of 33 tenths, "3.33" of 333 hundredths.
std::string decimal_of(int value, int digits);

}  // namespace vardbron::care
