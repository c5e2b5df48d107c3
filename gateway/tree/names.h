#pragma once

#include "gateway/tree/name_table.h"

#include <cstdint>
#include <span>
#include <string_view>

namespace vardbron::tree {

/// Number of an element name. 0 is "no name" (unknown, or an item of a nested list).
using NameId = std::uint32_t;

/// A fixed table of element names, built from the FHIR definitions and the loaded logical models and shared by all documents and
/// compiled programs. Immutable, any thread.
class Names {
 public:
  /// Ids are 1, 2, 3 .. in the given order; a text given twice keeps its first id. The texts are copied.
  explicit Names(std::span<const std::string_view> texts);
  Names() : Names(std::span<const std::string_view>{}) {}
  ~Names();
  Names(Names&&) noexcept;
  Names& operator=(Names&&) noexcept;

  /// 0 if the text is not in the table.
  NameId find(std::string_view text) const;
  /// The text of an id of this table; "" for 0.
  std::string_view text(NameId id) const { return table_.text(id); }
  /// All ids are below size().
  NameId size() const { return table_.size(); }

 private:
  NameTable table_;
};

}  // namespace vardbron::tree
