#pragma once

#include "gateway/tree/document.h"

#include <string>

namespace vardbron::clients {

/// A MeasureReport of a month ($evaluate-measure of manadsmedelvarde) as CSV with a line of headings (RFC 4180, UTF-8, LF): a row
/// per municipality and agreement, in the order of the report. What is not known is empty; days and kronor are plain numbers.
std::string month_table(tree::Item report);

}  // namespace vardbron::clients
