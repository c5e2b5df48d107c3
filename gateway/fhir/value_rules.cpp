#include "gateway/fhir/value_rules.h"

#include "gateway/base/text.h"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace vardbron::fhir {

namespace {

using tree::Item;
using Rule = ValueNode::Rule;

/// The n-th child of a name, counted from 0.
Item child_at(Item parent, std::string_view name, std::size_t number) {
  for (Item each = parent.first_child(); each; each = each.next()) {
    if (each.name_text() == name && number-- == 0) return each;
  }
  return {};
}

std::size_t children_of(Item parent) {
  std::size_t count = 0;
  for (Item each = parent.first_child(); each; each = each.next()) ++count;
  return count;
}

bool agrees(Item element, ValueRule rule, std::size_t at, const Definitions& definitions);

/// In a list, a pattern requires an item of each kind at any index; a fixed value requires the same index.
bool agrees_child(Item element, ValueRule rule, std::size_t at, std::size_t before, const Definitions& definitions) {
  const std::string_view name = definitions.names().text(rule[at].name);
  if (rule[at].rule == Rule::Fixed) return agrees(child_at(element, name, before), rule, at, definitions);
  for (Item each = element.first_child(); each; each = each.next()) {
    if (each.name_text() == name && agrees(each, rule, at, definitions)) return true;
  }
  return false;
}

bool agrees(Item element, ValueRule rule, std::size_t at, const Definitions& definitions) {
  if (!element) return false;
  const ValueNode& said = rule[at];
  if (said.kind != tree::Kind::Object && element.text() != definitions.text(said.text)) return false;
  std::size_t children = 0;
  const std::size_t end = end_of_part(rule, at);
  for (std::size_t child = at + 1; child < end; child = end_of_part(rule, child)) {
    std::size_t before = 0;
    for (std::size_t other = at + 1; other < child; other = end_of_part(rule, other))
      before += rule[other].name == rule[child].name;
    if (!agrees_child(element, rule, child, before, definitions)) return false;
    ++children;
  }
  return said.rule != Rule::Fixed || children == children_of(element);
}

/// Order of numbers, and of dates and times without or with the same zone; 0 if unknown.
int order_of(std::string_view a, std::string_view b, tree::Kind kind) {
  if (kind != tree::Kind::Number) {
    const std::size_t common = std::min(a.size(), b.size());
    return a.substr(0, common).compare(b.substr(0, common));
  }
  double first = 0, second = 0;
  std::from_chars(a.data(), a.data() + a.size(), first);
  std::from_chars(b.data(), b.data() + b.size(), second);
  return first < second ? -1 : first > second ? 1 : 0;
}

std::string shown(ValueRule rule, std::size_t at, const Definitions& definitions) {
  const ValueNode& said = rule[at];
  if (said.kind != tree::Kind::Object) return "'" + std::string(definitions.text(said.text)) + "'";
  std::string out;
  const std::size_t end = end_of_part(rule, at);
  for (std::size_t child = at + 1; child < end; child = end_of_part(rule, child)) {
    out += (out.empty() ? "{" : ", ") + std::string(definitions.names().text(rule[child].name)) + ": ";
    out += shown(rule, child, definitions);
  }
  return out + "}";
}

}  // namespace

std::vector<ValueRule> value_rules(const Element& element, tree::NameId called, const Definitions& definitions) {
  std::vector<ValueRule> out;
  const ValueRule all = definitions.values(element);
  for (std::size_t at = 0; at < all.size();) {
    const std::size_t end = end_of_part(all, at);
    if (all[at].name == 0 || all[at].name == called) out.push_back(all.subspan(at, end - at));
    at = end;
  }
  return out;
}

std::size_t end_of_part(ValueRule rule, std::size_t at) {
  std::size_t end = at + 1;
  while (end < rule.size() && rule[end].depth > rule[at].depth) ++end;
  return end;
}

std::string objection_to(Item element, ValueRule rule, const Definitions& definitions) {
  const ValueNode& said = rule[0];
  if (said.rule == Rule::Fixed || said.rule == Rule::Pattern) {
    if (agrees(element, rule, 0, definitions)) return {};
    return (said.rule == Rule::Fixed ? "The value must be " : "The value must hold ") + shown(rule, 0, definitions) + ".";
  }
  if (!element.has_value() || said.kind == tree::Kind::Object) return {};
  const std::string_view bound = definitions.text(said.text);
  if (said.rule == Rule::Length) {
    std::size_t most = 0;
    std::from_chars(bound.data(), bound.data() + bound.size(), most);
    return characters_in(element.text()) <= most ? "" : "The value may have at most " + std::string(bound) + " characters.";
  }
  const int order = order_of(element.text(), bound, said.kind);
  if (said.rule == Rule::Least && order < 0) return "The value must be at least " + std::string(bound) + ".";
  if (said.rule == Rule::Most && order > 0) return "The value must be at most " + std::string(bound) + ".";
  return {};
}

}  // namespace vardbron::fhir
