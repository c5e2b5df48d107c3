#include "gateway/fhir/compiler/terminology.h"

#include <algorithm>

namespace vardbron::fhir {

namespace {

using tree::Item;

std::string_view without_version(std::string_view canonical) { return canonical.substr(0, canonical.find('|')); }

template <class Use>
void for_each(Item parent, std::string_view name, Use use) {
  if (!parent) return;
  for (Item each = parent.first_child(); each; each = each.next())
    if (each.name_text() == name) use(each);
}

}  // namespace

void Terminology::add_code_system(const tree::Document& document) {
  Item from = root(document);
  if (systems_.contains(from.text_of("url"))) return;
  System& system = systems_[std::string(from.text_of("url"))];
  system.is_complete = from.text_of("content") == "complete";
  add_concepts(system, from, "concept", std::string::npos);
  for (Concept& each : system.concepts) system.by_code.emplace(each.code, &each - system.concepts.data());
}

void Terminology::add_concepts(System& system, Item parent, std::string_view list, std::size_t above) {
  for_each(parent, list, [&](Item each) {
    std::size_t at = system.concepts.size();
    system.concepts.push_back({std::string(each.text_of("code")), std::string(each.text_of("display")), {}});
    if (above != std::string::npos) system.concepts[above].children.push_back(system.concepts[at].code);
    // V3's second parents: a concept names further children by a property.
    for_each(each, "property", [&](Item property) {
      if (property.text_of("code") == "child") system.concepts[at].children.emplace_back(property.text_of("valueCode"));
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
    for_each(expansion, "contains", [&](Item each) {
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
  for_each(composed, "exclude", [&](Item each) {
    std::optional<Codes> part = include(each);
    is_listed &= part.has_value();
    if (part) excluded.insert(part->begin(), part->end());
  });
  for_each(composed, "include", [&](Item each) {
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
  for_each(include, "valueSet", [&](Item each) {
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
    for_each(include, "concept", [&](Item each) {
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

std::optional<Terminology::Codes> Terminology::filter(std::string_view url, const System& system, Item include) const {
  Codes codes;
  for (const Concept& each : system.concepts) codes.push_back({url, each.code, each.display});
  bool is_understood = true;
  for_each(include, "filter", [&](Item each) {
    std::string_view operation = each.text_of("op"), value = each.text_of("value");
    bool is_hierarchy =
        each.text_of("property") == "concept" && (operation == "is-a" || operation == "descendent-of" || operation == "is-not-a");
    is_understood &= is_hierarchy;
    if (!is_hierarchy) return;
    std::set<std::string_view> below;
    branch(system, value, below);
    if (operation == "descendent-of") below.erase(value);
    std::erase_if(codes, [&](const Listed& code) { return below.contains(code.code) == (operation == "is-not-a"); });
  });
  if (!is_understood) return std::nullopt;
  return codes;
}

void Terminology::write(TableBuilder& builder) {
  std::vector<CodeRecord>& out = builder.codes();
  for (const auto& [url, system] : systems_) {
    CodeSetRecord record{builder.text(url), static_cast<std::uint32_t>(out.size()), not_listed};
    if (system.is_complete) {
      for (const Concept& each : system.concepts)
        out.push_back({record.canonical, builder.text(each.code), builder.text(each.display)});
      record.codes_count = static_cast<std::uint32_t>(out.size()) - record.codes_first;
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
