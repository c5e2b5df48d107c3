#pragma once

#include <string>
#include <string_view>

namespace vardbron::workbench {

/// Differences of two texts as lines that begin with `-`, `+` or a blank, with two lines of context and a line `@@ 12 @@` with
/// the old text's line number before each. "" if there are none.
std::string line_diff(std::string_view before, std::string_view after);

}  // namespace vardbron::workbench
