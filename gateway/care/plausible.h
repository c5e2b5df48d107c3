#pragma once

#include "gateway/base/clock.h"
#include "gateway/care/notice.h"

#include <string>
#include <vector>

namespace vardbron::care {

/// Dates and times of a notice that exist and can hardly be meant, a sentence each without any of them: a birth later in the
/// year, an event long after it was told. Such a notice counts; a person should look at it.
std::vector<std::string> implausible_dates(const Notice& notice, WallTime now);

/// Likewise what a notice says to be before the admission; `admitted` is a FHIR dateTime, or empty while it is not known.
std::vector<std::string> before_admission(const Notice& notice, const std::string& admitted);

}  // namespace vardbron::care
