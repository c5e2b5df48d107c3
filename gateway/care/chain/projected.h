#pragma once

#include "gateway/tree/document.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::care {

/// In Projected::parties: every organisation may see it.
inline constexpr std::string_view every_organisation = "*";

/// What a resource is about, as to who may read it. Each has readers of its own: who may read what is open reads by that nothing
/// of a compartment.
enum class Compartment : std::uint8_t {
  Open,
  Betalning,    ///< what somebody pays
  Skattning,    ///< scales and their answers
  Arbetsgivare  ///< contacts with the person's employer
};
inline constexpr std::size_t compartments_count = 4;

/// A resource as projected, without meta.versionId and meta.lastUpdated. It never vanishes from projections of a longer chain; it
/// may become entered-in-error, cancelled or not-done.
struct Projected {
  std::string type, id;
  tree::Document document;
  std::vector<std::string> parties;  ///< who may see it, sorted
  /// Made by a program of before, and ended now; there is none where it is not stored already.
  bool is_former = false;
  bool is_deleted = false;                      ///< a former one that is no more; it has an empty document
  Compartment compartment = Compartment::Open;  ///< compartment.h
};

}  // namespace vardbron::care
