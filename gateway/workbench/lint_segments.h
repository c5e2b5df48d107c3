#pragma once

// Tested by tests/workbench/lint_test.cpp.

#include "gateway/fhir/definitions.h"
#include "gateway/mapping/syntax/syntax.h"
#include "gateway/workbench/lint_names.h"

#include <map>
#include <set>
#include <string_view>
#include <utility>

namespace vardbron::workbench {

/// HL7 v2: segments that a map reads by name but misses, because the structure puts them into a group when they follow one of its
/// segments. Segments that the model declares the message's own (v2-of-message) are always found.
class SegmentReads {
 public:
  explicit SegmentReads(const fhir::Definitions& definitions) : definitions_(definitions) {}

  /// Records a step of the map from an element of type `from`; ignored if it is no segment.
  void took(fhir::TypeId from, tree::NameId name, mapping::syntax::Offset offset);
  void tell(const mapping::syntax::Map& map, Lints& out) const;

 private:
  bool is_message(fhir::TypeId type) const;
  bool is_group(fhir::TypeId type) const;
  /// Groups below, at any depth, that contain the segment and whose segment the map does not read.
  void unread_groups(fhir::TypeId below, tree::NameId segment, std::string& out) const;

  const fhir::Definitions& definitions_;
  std::set<std::pair<fhir::TypeId, tree::NameId>> taken_;
  std::map<std::pair<fhir::TypeId, tree::NameId>, mapping::syntax::Offset> of_messages_;
};

}  // namespace vardbron::workbench
