#pragma once

#include "gateway/tree/document.h"

#include <string>
#include <string_view>
#include <vector>

namespace vardbron::care {

/// In Projected::parties: every organisation may see it.
inline constexpr std::string_view every_organisation = "*";

/// A resource as projected, without meta.versionId and meta.lastUpdated. It never vanishes from projections of a longer chain; it
/// may become entered-in-error, cancelled or not-done.
struct Projected {
  std::string type, id;
  tree::Document document;
  std::vector<std::string> parties;  ///< who may see it, sorted
  /// Made by a program of before, and ended now; there is none where it is not stored already.
  bool is_former = false;
  bool is_deleted = false;  ///< a former one that is no more; it has an empty document
};

}  // namespace vardbron::care
