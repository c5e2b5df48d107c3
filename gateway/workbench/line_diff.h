#pragma once

#include <string>
#include <string_view>

namespace vardbron::workbench {

/// What changes from one text to the other, as lines that begin with `-`, `+` or a blank, with two lines around each change and a
/// line `@@ 12 @@` with the old text's line number before it. "" when nothing does.
std::string line_diff(std::string_view before, std::string_view after);

}  // namespace vardbron::workbench
