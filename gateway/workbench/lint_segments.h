#pragma once

#include "gateway/fhir/definitions.h"
#include "gateway/mapping/syntax/syntax.h"
#include "gateway/workbench/lint_names.h"

#include <map>
#include <set>
#include <string_view>
#include <utility>

namespace vardbron::workbench {

/// HL7 v2: which segments a map reads by name, and which it does not reach that way, since the message's structure puts them into
/// a group when they stand behind one of its segments. What the model says is the message's own (v2-of-message) is always
/// reached.
class SegmentReads {
 public:
  explicit SegmentReads(const fhir::Definitions& definitions) : definitions_(definitions) {}

  /// A step that the map takes from an element of type `from`; steps into other things than segments are passed over.
  void took(fhir::TypeId from, tree::NameId name, mapping::syntax::Offset offset);
  void tell(const mapping::syntax::Map& map, Lints& out) const;

 private:
  bool is_message(fhir::TypeId type) const;
  bool is_group(fhir::TypeId type) const;
  /// Groups below, at any depth, that have the segment and of which the map does not read it.
  void unread_groups(fhir::TypeId below, tree::NameId segment, std::string& out) const;

  const fhir::Definitions& definitions_;
  std::set<std::pair<fhir::TypeId, tree::NameId>> taken_;
  std::map<std::pair<fhir::TypeId, tree::NameId>, mapping::syntax::Offset> of_messages_;
};

}  // namespace vardbron::workbench
