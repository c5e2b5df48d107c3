#pragma once

#include "gateway/base/clock.h"
#include "gateway/care/chain/notice.h"

#include <string>
#include <vector>

namespace vardbron::care {

/// Implausible dates and times of a notice, a sentence each without the value: a birth later in the year, an event long after it
/// was sent. Such a notice counts; a person should look at it.
std::vector<std::string> implausible_dates(const Notice& notice, WallTime now);

/// A sentence if a notice whose sending a clock of the law counts from, an admission notice or one of utskrivningsklar, came more
/// than five minutes from when it says that it was sent, before or after; empty otherwise, and while it is not known when it
/// came. A correction is none: the first version counts. `by_receipt`: Policies::counts_from_receipt.
std::string sent_otherwise(const Notice& notice, bool by_receipt);

/// Likewise dates before the admission; `admitted` is a FHIR dateTime, or empty while unknown.
std::vector<std::string> before_admission(const Notice& notice, const std::string& admitted);

}  // namespace vardbron::care
