#include "gateway/workbench/lint.h"

#include "gateway/base/text.h"
#include "gateway/workbench/lint_names.h"

#include <algorithm>
#include <array>
#include <optional>
#include <tuple>

namespace vardbron::workbench {

namespace {

using enum LintLevel;

constexpr std::array<LintRule, 33> rules{{
    {"compile", Error, "the map does not compile"},
    {"strict-path", Warning, "a FHIRPath expression that strict mode refuses: the types say that it gives nothing"},
    {"other-release", Note,
     "a copy to another release of FHIR, which lacks some elements: a message with one of them is refused"},
    {"unused-group", Warning, "a group that no rule calls, no group extends and no type finds"},
    {"unused-import", Warning, "an import of which nothing is used"},
    {"unused-uses", Warning, "a model that no parameter, source or create names"},
    {"unused-constant", Warning, "a constant that no expression names"},
    {"unused-concept-map", Warning, "a concept map that no translate names"},
    {"unused-variable", Note, "a variable that is never read"},
    {"shadowed-name", Warning, "a variable that hides another variable or a constant"},
    {"bare-variable", Warning, "a variable without % in FHIRPath where an element has the same name"},
    {"never-fires", Warning, "a rule whose condition or cardinality lets nothing through"},
    {"always-true", Note, "a condition that says yes to everything"},
    {"duplicate-rule-name", Warning, "two rules of one block with one name"},
    {"missing-rule-name", Note, "a rule without name; R4 asks for one, and reports name rules by it"},
    {"missing-header", Warning, "a map without url or name"},
    {"overwritten-target", Warning, "an element that does not repeat and is written again by a later rule"},
    {"unreached-segment", Warning, "a segment of HL7 v2 that is read from the message and may stand in one of its groups"},
    {"code-not-in-value-set", Warning, "a code of a concept map that the element's required value set does not hold"},
    {"duplicate-code", Warning, "a code that a concept map lists twice with different targets"},
    {"duplicate-concept-map", Warning, "two concept maps of one id in a map"},
    {"own-nested-transform", Note, "a transform as an argument of a transform"},
    {"own-date-op", Note, "dateOp, which the standard names and does not define"},
    {"r4-text", Note, "R4 text: FHIRPath without parentheses, collate, or the old header"},
    {"rule-order", Note, "targets that lean on rules running in the order of the file"},
    {"several-sources", Note, "a rule with more than one source"},
    {"source-list-mode", Note, "a list mode together with where"},
    {"target-list-mode", Note, "first, last or single"},
    {"batch-identity", Note, "`a -> b: x, y`"},
    {"default-value", Note, "a default that is an expression"},
    {"cardinality", Note, "a cardinality that other engines do not check"},
    {"rare-transform", Note, "a transform that other engines lack"},
    {"calls-and-rules", Note, "calls and inline rules in one rule"},
}};

LintLevel level_of(std::string_view id) {
  for (const LintRule& rule : rules) {
    if (rule.id == id) return rule.level;
  }
  return Warning;
}

/// Parses "file:12:3"; the whole text is the file if it has no such end.
Lint at_place(std::string_view where) {
  Lint out;
  std::array<std::uint32_t, 2> numbers{1, 1};
  std::string_view rest = where;
  for (int i = 1; i >= 0; --i) {
    const std::size_t colon = rest.rfind(':');
    const std::optional<std::int64_t> number = colon == std::string_view::npos ? std::nullopt : parse_int(rest.substr(colon + 1));
    if (!number) {
      out.file = std::string(where);
      return out;
    }
    numbers[static_cast<std::size_t>(i)] = static_cast<std::uint32_t>(*number);
    rest = rest.substr(0, colon);
  }
  out.file = std::string(rest);
  out.position = {numbers[0], numbers[1]};
  return out;
}

void add_failure(const Failure& failure, std::string_view rule, std::vector<Lint>& out) {
  Lint found = at_place(failure.where);
  found.level = level_of(rule);
  found.rule = rule;
  found.says = failure.says + (!failure.says.empty() && failure.says.back() != '.' ? "." : "");
  out.push_back(std::move(found));
}

auto key_of(const Lint& lint) {
  return std::tuple(std::string_view(lint.file), lint.position.line, lint.position.column, std::string_view(lint.rule),
                    std::string_view(lint.says));
}

}  // namespace

std::string_view to_string(LintLevel level) {
  switch (level) {
    case Note: return "note";
    case Warning: return "warning";
    case Error: break;
  }
  return "error";
}

std::span<const LintRule> lint_rules() { return rules; }

void Lints::add(std::string_view rule, const mapping::syntax::Map& map, mapping::syntax::Offset offset, std::string says) {
  all_.push_back({level_of(rule), std::string(rule), map.file, map.position(offset), std::move(says)});
}

std::vector<Lint> lint(const LintInput& input) {
  Lints found;
  for (const Failure& each : input.failures) add_failure(each, "compile", found.all());
  for (const mapping::Map* map : input.compiled) {
    for (const Failure& each : map->lints())
      add_failure(each, each.cause == Cause::Unsupported ? "other-release" : "strict-path", found.all());
  }
  lint_names(input.maps, found);
  for (const mapping::syntax::Map* map : input.maps) {
    lint_engines(*map, found);
    lint_types(*map, input.maps, input.definitions, found);
  }
  std::vector<Lint> all = std::move(found.all());
  std::sort(all.begin(), all.end(), [](const Lint& a, const Lint& b) { return key_of(a) < key_of(b); });
  // A group that is compiled for several types has the same lints several times.
  all.erase(std::unique(all.begin(), all.end(), [](const Lint& a, const Lint& b) { return key_of(a) == key_of(b); }), all.end());
  return all;
}

}  // namespace vardbron::workbench
