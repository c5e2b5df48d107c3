#pragma once

#include "gateway/store/store.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::rest {

/// What a person gets to know of what was done with data about the person: who, when, what, and to which unit it was sent.
/// Source: HSLF-FS 2016:40, 4 kap. 10 §; PDL 8 kap. 5 §.
struct LogExtract {
  std::string number;   ///< the person's, as shown
  std::string made_by;  ///< the organisation that asked, HSA-id
  WallTime made{};
  std::vector<store::AuditRow> rows;
  std::function<std::string(std::string_view organisation)> name_of;  ///< of an HSA-id; "" = not known
};

/// For Swedish spreadsheets: UTF-8 with a byte order mark, semicolons, CRLF. A cell that would be a formula begins with an
/// apostrophe. Times are Stockholm's with their zone.
std::string to_csv(const LogExtract& extract);
/// The same as a page without script, to be read and printed.
std::string to_html(const LogExtract& extract);

}  // namespace vardbron::rest
