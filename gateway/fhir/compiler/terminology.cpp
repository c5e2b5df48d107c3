#include "gateway/fhir/compiler/terminology.h"

#include "gateway/base/text.h"
#include "gateway/fhir/reference.h"
#include "gateway/tree/children.h"

#include <algorithm>

namespace vardbron::fhir {

namespace {

using tree::Item;

/// FHIR R4 codesystem.html#defined-props: a concept may name its parents.
bool is_parent(std::string_view property) { return property == "parent" || property == "subsumedBy"; }

/// Is the value in a list like "a,b , c"?
bool is_in(std::string_view list, std::string_view value) {
  const std::vector<std::string_view> parts = split(list, ',');
  return std::any_of(parts.begin(), parts.end(), [&](std::string_view part) { return trim(part) == value; });
}

}  // namespace

void Terminology::add_code_system(const tree::Document& document) {
  Item from = root(document);
  if (systems_.contains(from.text_of("url"))) return;
  System& system = systems_[std::string(from.text_of("url"))];
  system.is_complete = from.text_of("content") == "complete";
  system.subsumes = !from.child("hierarchyMeaning") || from.text_of("hierarchyMeaning") == "is-a";
  add_concepts(system, from, "concept", std::string::npos);
  for (Concept& each : system.concepts) system.by_code.emplace(each.code, &each - system.concepts.data());
  for (Concept& each : system.concepts)
    for (const auto& [name, value] : each.properties)
      if (auto above = system.by_code.find(value); is_parent(name) && above != system.by_code.end())
        system.concepts[above->second].children.push_back(each.code);
}

void Terminology::add_concepts(System& system, Item parent, std::string_view list, std::size_t above) {
  tree::for_each_child(parent, list, [&](Item each) {
    std::size_t at = system.concepts.size();
    system.concepts.push_back({std::string(each.text_of("code")), std::string(each.text_of("display")), {}, {}});
    if (above != std::string::npos) system.concepts[above].children.push_back(system.concepts[at].code);
    // V3's second parents: further children are in a property.
    tree::for_each_child(each, "property", [&](Item property) {
      if (property.text_of("code") == "child") system.concepts[at].children.emplace_back(property.text_of("valueCode"));
      for (Item value = property.first_child(); value; value = value.next())
        if (value.name_text().starts_with("value") && value.has_value())
          system.concepts[at].properties.emplace_back(property.text_of("code"), value.text());
    });
    add_concepts(system, each, list, at);
  });
}

void Terminology::add_value_set(tree::Document document) {
  std::string url(root(document).text_of("url"));
  value_sets_.emplace(std::move(url), std::move(document));
}

void Terminology::branch(const System& system, std::string_view code, std::set<std::string_view>& codes) {
  auto found = system.by_code.find(code);
  if (found == system.by_code.end() || !codes.insert(found->first).second) return;
  for (const std::string& child : system.concepts[found->second].children) branch(system, child, codes);
}

std::optional<Terminology::Codes> Terminology::expand(std::string_view canonical) {
  auto found = value_sets_.find(without_version(canonical));
  if (found == value_sets_.end() || !open_.insert(found->first).second) return std::nullopt;
  Item set = root(found->second);
  std::optional<Codes> codes;
  if (Item composed = set.child("compose")) {
    codes = compose(composed);
  } else if (Item expansion = set.child("expansion")) {
    codes.emplace();
    tree::for_each_child(expansion, "contains", [&](Item each) {
      codes->push_back({each.text_of("system"), each.text_of("code"), each.text_of("display")});
    });
  }
  open_.erase(found->first);
  return codes;
}

std::optional<Terminology::Codes> Terminology::compose(Item composed) {
  Codes all;
  std::set<Listed> seen, excluded;
  bool is_listed = true;
  tree::for_each_child(composed, "exclude", [&](Item each) {
    std::optional<Codes> part = include(each);
    is_listed &= part.has_value();
    if (part) excluded.insert(part->begin(), part->end());
  });
  tree::for_each_child(composed, "include", [&](Item each) {
    std::optional<Codes> part = include(each);
    is_listed &= part.has_value();
    if (!part) return;
    for (const Listed& code : *part)
      if (!excluded.contains(code) && seen.insert(code).second) all.push_back(code);
  });
  if (!is_listed) return std::nullopt;
  return all;
}

// FHIR R4 valueset.html#compositions: within one include, all conditions must hold.
std::optional<Terminology::Codes> Terminology::include(Item include) {
  std::optional<Codes> codes;
  if (include.child("system")) {
    codes = include_system(include);
    if (!codes) return std::nullopt;
  }
  bool is_listed = true;
  tree::for_each_child(include, "valueSet", [&](Item each) {
    std::optional<Codes> other = expand(each.text());
    is_listed &= other.has_value();
    if (!other) return;
    if (!codes) {
      codes = std::move(other);
    } else {
      std::set<Listed> wanted(other->begin(), other->end());
      std::erase_if(*codes, [&](const Listed& code) { return !wanted.contains(code); });
    }
  });
  return is_listed ? codes : std::nullopt;
}

std::optional<Terminology::Codes> Terminology::include_system(Item include) {
  std::string_view url = include.text_of("system");
  auto system = systems_.find(url);
  bool is_known = system != systems_.end() && system->second.is_complete;
  Codes codes;
  if (include.child("concept")) {
    tree::for_each_child(include, "concept", [&](Item each) {
      Listed listed{url, each.text_of("code"), each.text_of("display")};
      if (listed.display.empty() && system != systems_.end())
        if (auto known = system->second.by_code.find(listed.code); known != system->second.by_code.end())
          listed.display = system->second.concepts[known->second].display;
      codes.push_back(listed);
    });
    return codes;
  }
  if (!is_known) return std::nullopt;
  if (include.child("filter")) return filter(system->first, system->second, include);
  for (const Concept& each : system->second.concepts) codes.push_back({system->first, each.code, each.display});
  return codes;
}

/// Codes that match a filter (FHIR R4 valueset-filter-operator); nullopt: not supported, such as a regex or a property that no
/// concept has.
std::optional<std::set<std::string_view>> Terminology::filtered(const System& system, Item filter) {
  std::string_view property = filter.text_of("property"), operation = filter.text_of("op"), value = filter.text_of("value");
  const bool is_code = property == "concept" || property == "code";
  std::set<std::string_view> held, below;
  if (is_code && (operation == "is-a" || operation == "descendent-of" || operation == "is-not-a")) branch(system, value, below);
  bool is_known = is_code;
  for (const Concept& each : system.concepts) {
    auto has = [&](auto holds) {
      if (is_code) return holds(each.code);
      return std::any_of(each.properties.begin(), each.properties.end(),
                         [&](const auto& said) { return said.first == property && holds(said.second); });
    };
    auto is_any = [](std::string_view) { return true; };
    is_known = is_known || has(is_any);
    bool holds = false;
    if (operation == "is-a") {
      holds = below.contains(each.code);
    } else if (operation == "descendent-of") {
      holds = each.code != value && below.contains(each.code);
    } else if (operation == "is-not-a") {
      holds = !below.contains(each.code);
    } else if (operation == "=") {
      holds = has([&](std::string_view said) { return said == value; });
    } else if (operation == "in" || operation == "not-in") {
      holds = has([&](std::string_view said) { return is_in(value, said); }) == (operation == "in");
    } else if (operation == "exists") {
      holds = has(is_any) == (value == "true");
    } else if (operation == "generalizes" && is_code) {
      std::set<std::string_view> under;
      branch(system, each.code, under);
      holds = under.contains(value);
    } else {
      return std::nullopt;
    }
    if (holds) held.insert(each.code);
  }
  const bool is_hierarchy = operation == "is-a" || operation == "descendent-of" || operation == "is-not-a";
  if (!is_known || (is_hierarchy && !is_code)) return std::nullopt;
  return held;
}

std::optional<Terminology::Codes> Terminology::filter(std::string_view url, const System& system, Item include) const {
  Codes codes;
  for (const Concept& each : system.concepts) codes.push_back({url, each.code, each.display});
  bool is_understood = true;
  tree::for_each_child(include, "filter", [&](Item each) {
    std::optional<std::set<std::string_view>> held = filtered(system, each);
    is_understood &= held.has_value();
    if (held) std::erase_if(codes, [&](const Listed& code) { return !held->contains(code.code); });
  });
  if (!is_understood) return std::nullopt;
  return codes;
}

void Terminology::write_hierarchy(TextId url, const System& system, TableBuilder& builder) {
  std::set<std::pair<std::string_view, std::string_view>> links;  // by code, then parent; without duplicates
  for (const Concept& each : system.concepts)
    for (const std::string& child : each.children)
      if (system.by_code.contains(child)) links.emplace(child, each.code);
  if (links.empty() || !system.subsumes) return;
  std::vector<LinkRecord> records;
  for (const auto& [code, parent] : links) records.push_back({builder.text(parent), builder.text(code)});
  builder.add_hierarchy(url, records);
}

void Terminology::write(TableBuilder& builder) {
  std::vector<CodeRecord>& out = builder.codes();
  for (const auto& [url, system] : systems_) {
    CodeSetRecord record{builder.text(url), static_cast<std::uint32_t>(out.size()), not_listed};
    if (system.is_complete) {
      for (const Concept& each : system.concepts)
        out.push_back({record.canonical, builder.text(each.code), builder.text(each.display)});
      record.codes_count = static_cast<std::uint32_t>(out.size()) - record.codes_first;
      write_hierarchy(record.canonical, system, builder);
    }
    builder.add_code_system(record);
  }
  for (const auto& [url, document] : value_sets_) {
    CodeSetRecord record{builder.text(url), static_cast<std::uint32_t>(out.size()), not_listed};
    if (std::optional<Codes> codes = expand(url)) {
      for (const Listed& each : *codes)
        out.push_back({builder.text(each.system), builder.text(each.code), builder.text(each.display)});
      record.codes_count = static_cast<std::uint32_t>(codes->size());
    }
    builder.add_value_set(record);
  }
}

}  // namespace vardbron::fhir
