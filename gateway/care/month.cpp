#include "gateway/care/month.h"

#include "gateway/care/arende/betalningsklocka.h"
#include "gateway/time/civil.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

namespace vardbron::care {
namespace {

using std::chrono::days;
using std::chrono::local_days;
using std::chrono::year_month;

constexpr std::size_t year_letters = 4;

struct SumKey {
  std::string payer, agreement;
  year_month month;
  bool operator==(const SumKey&) const = default;
  auto operator<=>(const SumKey& other) const {
    return std::tie(payer, agreement, month) <=> std::tie(other.payer, other.agreement, other.month);
  }
};

SumKey key_of(const std::string& number, const std::string& kommun, const std::string& agreement, year_month month) {
  return {payer_key(number, kommun), agreement, month};
}

std::string count_in_words(int count, std::string_view one, std::string_view many) {
  return std::to_string(count).append(" ").append(count == 1 ? one : many);
}

/// The sum of one municipality, agreement and month.
class SumMaker {
 public:
  SumMaker(const MonthContribution& first, const Policies& policies)
      : policies_(policies), terms_(policies.find_average(first.agreement, last_day(first.month))) {
    sum_.number = first.number;
    sum_.kommun = first.kommun;
    sum_.agreement = first.agreement;
    sum_.month = first.month;
    if (terms_) sum_.free_average_tenths = terms_->free_average_tenths;
  }

  void add(const MonthContribution& stay) {
    if (sum_.kommun.empty() || (!stay.kommun.empty() && stay.kommun < sum_.kommun)) sum_.kommun = stay.kommun;
    const bool is_short = stay.has_waited && stay.days * 10 <= sum_.free_average_tenths;
    if (!stay.is_fulfilled && !is_short) {
      ++sum_.undecided_stays;
      sum_.undecided_days += stay.days;
      return;
    }
    waited_.push_back(stay.days);
    ++sum_.stays;
    sum_.waited += stay.days;
  }

  MonthSum finish(WallTime now) {
    if (sum_.number.empty())
      remark("payer-unknown", "The organisationsnummer of the municipality is not known, so nobody is charged (LUS 5:2).");
    if (sum_.undecided_stays > 0)
      remark("undecided-stays", count_in_words(sum_.undecided_stays, "stay", "stays") + " of " +
                                    count_in_words(sum_.undecided_days, "day", "days") +
                                    (sum_.undecided_stays == 1 ? " is" : " are") +
                                    " not in the sum: a condition of the law is open or broken, and a person decides. Each is "
                                    "a ChargeItem whose notes say which (LUS 5:2-5).");
    if (terms_)
      charge(now);
    else
      remark("no-agreement", "No agreement \"" + sum_.agreement +
                                 "\" by which the month's average decides is configured any more, so nothing is worked out.");
    return std::move(sum_);
  }

 private:
  void charge(WallTime now) {
    sum_.closes = month_closes(sum_.month, *terms_);
    sum_.is_closed = now >= *sum_.closes;
    sum_.chargeable_days = average_chargeable_days(waited_, *terms_);
    const int year = static_cast<int>(sum_.month.year());
    sum_.price = policies_.price(*terms_, year);
    if (sum_.price || *sum_.chargeable_days == 0)
      sum_.amount = *sum_.chargeable_days * sum_.price.value_or(0);
    else
      remark("no-price", "No price of a day in " + std::to_string(year) + " is configured, so the sum has no amount (LUS 5:6).");
  }

  void remark(std::string code, std::string says) { sum_.findings.push_back({std::move(code), std::move(says)}); }

  const Policies& policies_;
  const Policy* terms_;
  MonthSum sum_;
  std::vector<int> waited_;
};

bool says_the_same(const MonthSum& left, const MonthSum& right) {
  return std::tie(left.stays, left.waited, left.undecided_stays, left.undecided_days, left.chargeable_days) ==
         std::tie(right.stays, right.waited, right.undecided_stays, right.undecided_days, right.chargeable_days);
}

std::string in_words(const MonthSum& sum) {
  std::string words = count_in_words(sum.stays, "stay", "stays") + ", " + count_in_words(sum.waited, "day", "days") +
                      " waited, " + count_in_words(sum.chargeable_days.value_or(0), "day", "days") + " to pay";
  if (sum.undecided_stays > 0) words += ", " + std::to_string(sum.undecided_stays) + " undecided";
  return words;
}

MonthFinding changed(const MonthSum& then, const MonthSum& now, WallTime closing) {
  return {"changed-after-closing", "The month was closed on " + time::format_day(time::day_of(closing)) + " with " +
                                       in_words(then) + ". Late notices have made it " + in_words(now) +
                                       ": settle the difference."};
}

MonthSum without_stays(const MonthSum& of) {
  MonthSum sum = of;
  sum.stays = sum.waited = sum.undecided_stays = sum.undecided_days = 0;
  sum.chargeable_days = 0;
  sum.amount = 0;
  sum.findings.clear();
  return sum;
}

}  // namespace

int MonthSum::mean_hundredths() const { return stays == 0 ? 0 : (waited * 200 + stays) / (2 * stays); }

bool MonthSum::is_of_same(const MonthSum& other) const {
  return key_of(number, kommun, agreement, month) == key_of(other.number, other.kommun, other.agreement, other.month);
}

std::vector<MonthSum> month_sums(std::span<const MonthContribution> stays, const Policies& policies, WallTime now) {
  std::map<SumKey, SumMaker> sums;
  std::set<std::string_view> known;
  for (const MonthContribution& stay : stays) {
    if (!known.insert(stay.charge).second) continue;
    const SumKey key = key_of(stay.number, stay.kommun, stay.agreement, stay.month);
    sums.try_emplace(key, stay, policies).first->second.add(stay);
  }
  std::vector<MonthSum> finished;
  for (auto& [key, sum] : sums) finished.push_back(sum.finish(now));
  return finished;
}

WallTime month_closes(year_month month, const Policy& terms) {
  return time::start_of(last_day(month) + days(1 + terms.month_closes_after_days));
}

std::vector<WallTime> closing_times(year_month month, const Policies& policies) {
  std::set<WallTime> times;
  const auto add = [&](const Policy& terms) {
    if (terms.counting == Counting::MonthlyAverage) times.insert(month_closes(month, terms));
  };
  add(policies.everywhere);
  for (const Agreement& each : policies.agreements) add(each.terms);
  return {times.begin(), times.end()};
}

void compare_with_closing(std::vector<MonthSum>& sums, const std::vector<MonthSum>& then, WallTime closing) {
  for (MonthSum& sum : sums) {
    if (sum.closes != closing) continue;
    const auto before = std::find_if(then.begin(), then.end(), [&](const MonthSum& each) { return each.is_of_same(sum); });
    const MonthSum was = before == then.end() ? without_stays(sum) : *before;
    if (!says_the_same(was, sum)) sum.findings.push_back(changed(was, sum, closing));
  }
  for (const MonthSum& was : then) {
    const auto is_same = [&](const MonthSum& each) { return each.is_of_same(was); };
    if (was.closes != closing || std::any_of(sums.begin(), sums.end(), is_same)) continue;
    MonthSum none = without_stays(was);
    none.is_closed = true;
    none.findings.push_back(changed(was, none, closing));
    sums.push_back(std::move(none));
  }
}

std::string to_string(year_month month) { return time::format_day(first_day(month)).substr(0, year_letters + 3); }

std::optional<year_month> month_of_text(std::string_view text) {
  if (text.size() != year_letters + 3) return std::nullopt;
  const std::optional<local_days> day = day_of_text(std::string(text) + "-01");
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date(*day);
  return date.year() / date.month();
}

local_days first_day(year_month month) { return local_days(month / 1); }

local_days last_day(year_month month) { return local_days(month / std::chrono::last); }

std::string decimal_of(int value, int digits) {
  std::string text = std::to_string(value);
  const auto least = static_cast<std::size_t>(digits) + 1;
  if (text.size() < least) text.insert(0, least - text.size(), '0');
  return text.insert(text.size() - static_cast<std::size_t>(digits), ".");
}

}  // namespace vardbron::care
