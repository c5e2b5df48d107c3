#include "gateway/workbench/lint_segments.h"

#include "gateway/fhir/v2_names.h"

#include <string>

namespace vardbron::workbench {

bool SegmentReads::is_message(fhir::TypeId type) const {
  if (type == 0 || definitions_.kind(type) != fhir::TypeKind::Logical) return false;
  if (!definitions_.step(type, definitions_.names().find("MSH"))) return false;
  for (fhir::TypeId base = type; base != 0; base = definitions_.base(base)) {
    if (definitions_.canonical(base).starts_with(fhir::v2::base_url)) return true;
  }
  return false;
}

bool SegmentReads::is_group(fhir::TypeId type) const { return type != 0 && definitions_.kind(type) == fhir::TypeKind::Backbone; }

void SegmentReads::took(fhir::TypeId from, tree::NameId name, mapping::syntax::Offset offset) {
  if (from == 0 || name == 0) return;
  taken_.emplace(from, name);
  const fhir::Step step = definitions_.step(from, name);
  if (!step || is_group(step.type) || step.element->is_of_message || !is_message(from)) return;
  of_messages_.emplace(std::pair(from, name), offset);
}

void SegmentReads::unread_groups(fhir::TypeId below, tree::NameId segment, std::string& out) const {
  for (const fhir::Element& element : definitions_.elements(below)) {
    const fhir::TypeId group = definitions_.types(element).empty() ? 0 : definitions_.types(element).front().type;
    if (!is_group(group)) continue;
    const fhir::Step step = definitions_.step(group, segment);
    const bool is_there = step && !is_group(step.type);
    if (is_there && taken_.count({group, segment}) == 0)
      out.append(out.empty() ? "" : ", ").append(definitions_.names().text(element.name));
    unread_groups(group, segment, out);
  }
}

void SegmentReads::tell(const mapping::syntax::Map& map, Lints& out) const {
  for (const auto& [read, offset] : of_messages_) {
    const std::string name(definitions_.names().text(read.second));
    const std::string cure = " say in the message's model that " + name + " is the message's own (extension v2-of-message)";
    std::string groups;
    unread_groups(read.first, read.second, groups);
    if (!groups.empty())
      out.add("unreached-segment", map, offset,
              "A " + name + " that stands in a group (" + groups + ") is not reached from the message: read the group too, or" +
                  cure + ".");
    else if (name.starts_with('Z'))
      out.add("unreached-segment", map, offset,
              "A " + name +
                  " behind the first segment of a group is put into that group and not reached from the message:" + cure + ".");
  }
}

}  // namespace vardbron::workbench
