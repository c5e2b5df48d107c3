#include "gateway/fhirpath/run/concepts.h"

#include "gateway/base/text.h"
#include "gateway/fhirpath/run/evaluation.h"
#include "gateway/tree/children.h"

#include <algorithm>
#include <set>
#include <utility>

namespace vardbron::fhirpath {
namespace {

constexpr int value_set_depth_max = 8;  // of sets that are composed of others

using Key = std::pair<std::string_view, std::string_view>;  // system and code

Key key_of(const fhir::Code& code) { return {code.system, code.code}; }

void add_concepts(CodeSystem& system, tree::Item parent, std::string_view url, std::string_view above) {
  tree::for_each_child(parent, "concept", [&](tree::Item each) {
    std::string_view code = each.text_of("code");
    system.own_codes.push_back({url, code, each.text_of("display")});
    system.concepts.push_back(each);
    if (!above.empty()) system.own_links.push_back({above, code});
    tree::for_each_child(each, "property", [&](tree::Item property) {
      std::string_view name = property.text_of("code"), value = property.text_of("valueCode");
      // FHIR R4 codesystem.html#defined-props.
      if (name == "parent" || name == "subsumedBy") system.own_links.push_back({value, code});
      if (name == "child") system.own_links.push_back({code, value});
    });
    add_concepts(system, each, url, code);
  });
}

CodeSystem read_code_system(Evaluation& run, tree::Item item) {
  CodeSystem system;
  add_concepts(system, item, item.text_of("url"), "");
  run.charge_children(item.document->size());
  if (item.child("hierarchyMeaning") && item.text_of("hierarchyMeaning") != "is-a") system.own_links.clear();
  std::sort(system.own_links.begin(), system.own_links.end(),
            [](const fhir::CodeLink& left, const fhir::CodeLink& right) { return left.code < right.code; });
  system.codes = system.own_codes;
  system.links = system.own_links;
  return system;
}

bool is_in(std::string_view list, std::string_view value) {
  const std::vector<std::string_view> parts = split(list, ',');
  return std::any_of(parts.begin(), parts.end(), [&](std::string_view part) { return trim(part) == value; });
}

/// FHIR R4 valueset-filter-operator; nullopt: not understood.
std::optional<bool> holds(const CodeSystem& system, std::size_t place, tree::Item filter) {
  const std::string_view property = filter.text_of("property"), operation = filter.text_of("op");
  const std::string_view value = filter.text_of("value"), code = system.codes[place].code;
  if (property == "concept" || property == "code") {
    if (operation == "is-a") return system.subsumes(value, code).value_or(false);
    if (operation == "descendent-of") return code != value && system.subsumes(value, code).value_or(false);
    if (operation == "is-not-a") return !system.subsumes(value, code).value_or(false);
    if (operation == "generalizes") return system.subsumes(code, value).value_or(false);
    if (operation == "=") return code == value;
    if (operation == "in" || operation == "not-in") return is_in(value, code) == (operation == "in");
    return std::nullopt;
  }
  if (system.concepts.empty()) return std::nullopt;  // the definitions keep no properties of concepts
  bool is_there = false, is_it = false;
  tree::for_each_child(system.concepts[place], "property", [&](tree::Item each) {
    if (each.text_of("code") != property) return;
    is_there = true;
    for (tree::Item said = each.first_child(); said; said = said.next())
      if (said.name_text().starts_with("value") && said.has_value())
        is_it = is_it || (operation == "=" ? said.text() == value : is_in(value, said.text()));
  });
  if (operation == "exists") return is_there == (value == "true");
  if (operation == "=" || operation == "in") return is_it;
  return operation == "not-in" ? std::optional(!is_it) : std::nullopt;
}

/// Expands value sets of the input, which may include each other.
class Expansion {
 public:
  explicit Expansion(Evaluation& run) : run_(run) {}

  std::optional<CodeList> find(std::string_view canonical);
  std::optional<CodeList> expand(tree::Item set);

 private:
  std::optional<CodeList> include(tree::Item include);
  std::optional<CodeList> include_system(tree::Item include);
  std::optional<CodeList> filtered(const CodeSystem& system, tree::Item include);

  Evaluation& run_;
  int depth_ = 0;
};

std::optional<CodeList> Expansion::find(std::string_view canonical) {
  tree::Item set = run_.canonical_at_hand(canonical);
  if (set && set.text_of("resourceType") == "ValueSet")
    if (std::optional<CodeList> codes = expand(set)) return codes;
  if (!run_.model().knows_types()) return std::nullopt;
  Result<std::span<const fhir::Code>> known = run_.model().definitions().value_set(canonical);
  if (!known) return std::nullopt;
  return CodeList(known->begin(), known->end());
}

std::optional<CodeList> Expansion::expand(tree::Item set) {
  CodeList all;
  const tree::Item compose = set.child("compose");
  if (!compose) {
    tree::for_each_child(set.child("expansion"), "contains", [&](tree::Item each) {
      all.push_back({each.text_of("system"), each.text_of("code"), each.text_of("display")});
    });
    return set.child("expansion") ? std::optional(all) : std::nullopt;
  }
  if (depth_ >= value_set_depth_max) return std::nullopt;
  ++depth_;
  bool is_known = true;
  std::set<Key> seen;  // excluded ones count as seen
  for (std::string_view part : {"exclude", "include"}) {
    tree::for_each_child(compose, part, [&](tree::Item each) {
      std::optional<CodeList> codes = include(each);
      is_known = is_known && codes;
      for (const fhir::Code& code : codes.value_or(CodeList{}))
        if (seen.insert(key_of(code)).second && part == "include") all.push_back(code);
    });
  }
  --depth_;
  return is_known ? std::optional(std::move(all)) : std::nullopt;
}

/// Within one include all conditions must hold (FHIR R4 valueset.html#compositions).
std::optional<CodeList> Expansion::include(tree::Item include) {
  std::optional<CodeList> codes;
  if (include.child("system")) {
    codes = include_system(include);
    if (!codes) return std::nullopt;
  }
  bool is_known = true;
  tree::for_each_child(include, "valueSet", [&](tree::Item each) {
    std::optional<CodeList> other = find(each.text());
    is_known = is_known && other;
    if (!other) return;
    if (!codes) {
      codes = std::move(other);
      return;
    }
    std::set<Key> wanted;
    for (const fhir::Code& code : *other) wanted.insert(key_of(code));
    std::erase_if(*codes, [&](const fhir::Code& code) { return !wanted.contains(key_of(code)); });
  });
  return is_known ? codes : std::nullopt;
}

std::optional<CodeList> Expansion::include_system(tree::Item include) {
  const std::string_view url = include.text_of("system");
  std::optional<CodeSystem> system = find_code_system(run_, url);
  CodeList codes;
  tree::for_each_child(include, "concept", [&](tree::Item each) {
    fhir::Code listed{url, each.text_of("code"), each.text_of("display")};
    const fhir::Code* known = system && listed.display.empty() ? system->find(listed.code) : nullptr;
    if (known != nullptr) listed.display = known->display;
    codes.push_back(listed);
  });
  if (include.child("concept")) return codes;
  if (!system) return std::nullopt;
  return filtered(*system, include);
}

std::optional<CodeList> Expansion::filtered(const CodeSystem& system, tree::Item include) {
  CodeList codes;
  bool is_understood = true;
  for (std::size_t place = 0; place < system.codes.size() && run_.compare_step(); ++place) {
    bool is_wanted = true;
    tree::for_each_child(include, "filter", [&](tree::Item filter) {
      std::optional<bool> truth = is_wanted ? holds(system, place, filter) : false;
      is_understood = is_understood && truth;
      is_wanted = truth.value_or(false);
    });
    if (is_wanted) codes.push_back(system.codes[place]);
  }
  return is_understood ? std::optional(std::move(codes)) : std::nullopt;
}

}  // namespace

const fhir::Code* CodeSystem::find(std::string_view code) const {
  auto found = std::find_if(codes.begin(), codes.end(), [code](const fhir::Code& known) { return known.code == code; });
  return found == codes.end() ? nullptr : &*found;
}

std::span<const fhir::CodeLink> CodeSystem::above(std::string_view code) const {
  struct ByCode {
    bool operator()(const fhir::CodeLink& link, std::string_view wanted) const { return link.code < wanted; }
    bool operator()(std::string_view wanted, const fhir::CodeLink& link) const { return wanted < link.code; }
  };
  auto [first, end] = std::equal_range(links.begin(), links.end(), code, ByCode{});
  return {first, end};
}

std::vector<std::string_view> CodeSystem::self_and_ancestors(std::string_view code) const {
  std::vector<std::string_view> found{code};
  for (std::size_t next = 0; next < found.size(); ++next)
    for (const fhir::CodeLink& link : above(found[next]))
      if (std::find(found.begin(), found.end(), link.parent) == found.end()) found.push_back(link.parent);
  return found;
}

std::optional<bool> CodeSystem::subsumes(std::string_view general, std::string_view special) const {
  if (find(general) == nullptr || find(special) == nullptr) return std::nullopt;
  const std::vector<std::string_view> all = self_and_ancestors(special);
  return std::find(all.begin(), all.end(), general) != all.end();
}

std::optional<CodeSystem> find_code_system(Evaluation& run, std::string_view url) {
  tree::Item item = run.canonical_at_hand(url);
  if (item && item.text_of("resourceType") == "CodeSystem" && item.text_of("content") == "complete")
    return read_code_system(run, item);
  if (!run.model().knows_types()) return std::nullopt;
  const fhir::Definitions& definitions = run.model().definitions();
  Result<std::span<const fhir::Code>> codes = definitions.code_system(url);
  Result<std::span<const fhir::CodeLink>> links = definitions.hierarchy(url);
  if (!codes || !links) return std::nullopt;
  CodeSystem system;
  system.codes = *codes;
  system.links = *links;
  return system;
}

std::optional<CodeList> find_value_set(Evaluation& run, std::string_view canonical) { return Expansion(run).find(canonical); }

std::optional<CodeList> expand_value_set(Evaluation& run, tree::Item value_set) { return Expansion(run).expand(value_set); }

}  // namespace vardbron::fhirpath
