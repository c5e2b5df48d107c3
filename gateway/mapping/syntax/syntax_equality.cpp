// Tested by tests/mapping/print_test.cpp and tests/mapping/structure_map_test.cpp.

#include "gateway/mapping/syntax/print.h"

#include <algorithm>

namespace vardbron::mapping {

namespace {

using namespace syntax;

// Declared first, so that all_same finds the overloads below.
bool is_same(const Name& a, const Name& b);
bool is_same(const Metadata& a, const Metadata& b);
bool is_same(const Argument& a, const Argument& b);
bool is_same(const Source& a, const Source& b);
bool is_same(const Target& a, const Target& b);
bool is_same(const Call& a, const Call& b);
bool is_same(const Rule& a, const Rule& b);
bool is_same(const Parameter& a, const Parameter& b);
bool is_same(const Group& a, const Group& b);
bool is_same(const Uses& a, const Uses& b);
bool is_same(const Constant& a, const Constant& b);
bool is_same(const CodePair& a, const CodePair& b);
bool is_same(const EmbeddedConceptMap& a, const EmbeddedConceptMap& b);
bool is_same(const std::pair<Name, Name>& a, const std::pair<Name, Name>& b);
bool is_same(const std::pair<Name, std::string>& a, const std::pair<Name, std::string>& b);

template <typename T>
bool all_same(const std::vector<T>& a, const std::vector<T>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const T& x, const T& y) { return is_same(x, y); });
}

bool is_same(const Name& a, const Name& b) { return a.text == b.text; }
bool is_same(const Expression& a, const Expression& b) { return in_one_line(a.text) == in_one_line(b.text); }
bool is_same(const Metadata& a, const Metadata& b) { return a.path == b.path && a.value == b.value; }

bool is_same(const Argument& a, const Argument& b) {
  if (a.kind != b.kind) return false;
  switch (a.kind) {
    case Argument::Kind::Literal: return a.literal == b.literal && a.text == b.text;
    case Argument::Kind::Path: return all_same(a.path, b.path);
    case Argument::Kind::Expression: break;
  }
  return is_same(a.expression, b.expression);
}

bool is_same(const Source& a, const Source& b) {
  return all_same(a.path, b.path) && is_same(a.type, b.type) && a.has_cardinality == b.has_cardinality && a.min == b.min &&
         a.max == b.max && is_same(a.default_value, b.default_value) && a.list == b.list && is_same(a.alias, b.alias) &&
         is_same(a.where, b.where) && is_same(a.check, b.check) && is_same(a.log, b.log);
}

bool is_same(const Target& a, const Target& b) {
  return all_same(a.path, b.path) && a.kind == b.kind && is_same(a.function, b.function) && all_same(a.arguments, b.arguments) &&
         is_same(a.expression, b.expression) && is_same(a.alias, b.alias) && a.list == b.list && is_same(a.share, b.share);
}

bool is_same(const Call& a, const Call& b) { return is_same(a.group, b.group) && all_same(a.arguments, b.arguments); }

bool is_same(const Rule& a, const Rule& b) {
  return all_same(a.sources, b.sources) && all_same(a.targets, b.targets) && all_same(a.calls, b.calls) &&
         all_same(a.rules, b.rules) && a.is_identity == b.is_identity && a.name == b.name;
}

bool is_same(const Parameter& a, const Parameter& b) {
  return a.is_source == b.is_source && is_same(a.name, b.name) && is_same(a.type, b.type);
}

bool is_same(const Group& a, const Group& b) {
  return is_same(a.name, b.name) && all_same(a.parameters, b.parameters) && is_same(a.extends, b.extends) && a.mode == b.mode &&
         all_same(a.rules, b.rules);
}

bool is_same(const Uses& a, const Uses& b) {
  return is_same(a.canonical, b.canonical) && is_same(a.alias, b.alias) && a.mode == b.mode;
}

bool is_same(const Constant& a, const Constant& b) { return is_same(a.name, b.name) && is_same(a.value, b.value); }

bool is_same(const CodePair& a, const CodePair& b) {
  return is_same(a.source_prefix, b.source_prefix) && is_same(a.source_code, b.source_code) &&
         is_same(a.target_prefix, b.target_prefix) && is_same(a.target_code, b.target_code) && a.relation == b.relation &&
         a.source_display == b.source_display && a.target_display == b.target_display;
}

bool is_same(const std::pair<Name, Name>& a, const std::pair<Name, Name>& b) {
  return is_same(a.first, b.first) && is_same(a.second, b.second);
}

bool is_same(const std::pair<Name, std::string>& a, const std::pair<Name, std::string>& b) {
  return is_same(a.first, b.first) && a.second == b.second;
}

bool is_same(const EmbeddedConceptMap& a, const EmbeddedConceptMap& b) {
  return is_same(a.id, b.id) && all_same(a.prefixes, b.prefixes) && all_same(a.unmapped, b.unmapped) &&
         all_same(a.pairs, b.pairs);
}

}  // namespace

bool same(const Map& a, const Map& b) {
  return all_same(a.metadata, b.metadata) && all_same(a.concept_maps, b.concept_maps) && all_same(a.uses, b.uses) &&
         all_same(a.imports, b.imports) && all_same(a.constants, b.constants) && all_same(a.groups, b.groups);
}

}  // namespace vardbron::mapping
