#include "gateway/mapping/concept_map.h"

#include "gateway/base/text.h"
#include "gateway/formats/csv/rows.h"

#include <algorithm>
#include <array>
#include <deque>
#include <functional>
#include <utility>

namespace vardbron::mapping {

namespace {

/// How near a target is to its source, best first. Source: R4 concept-map-equivalence, R5 concept-map-relationship.
constexpr std::array<std::pair<std::string_view, int>, 17> closeness{{{"equal", 0},
                                                                      {"equivalent", 0},
                                                                      {"==", 0},
                                                                      {"=", 0},
                                                                      {"-", 0},
                                                                      {"wider", 1},
                                                                      {"subsumes", 1},
                                                                      {"source-is-narrower-than-target", 1},
                                                                      {"<=", 1},
                                                                      {"relatedto", 2},
                                                                      {"related-to", 2},
                                                                      {"~", 2},
                                                                      {"narrower", 3},
                                                                      {"specializes", 3},
                                                                      {"source-is-broader-than-target", 3},
                                                                      {">=", 3},
                                                                      {"inexact", 4}}};
constexpr int no_equivalent = -1;
constexpr int unknown_relation = -2;

int closeness_of(std::string_view relation) {
  if (relation.empty()) return 0;
  for (std::string_view none : {"unmatched", "disjoint", "not-related-to", "!="}) {
    if (relation == none) return no_equivalent;
  }
  for (const auto& [name, rank] : closeness) {
    if (name == relation) return rank;
  }
  return unknown_relation;
}

struct Entry {
  std::string_view system, code;
  Translation answer;
  int rank = no_equivalent;
  bool of_any_system = false;  ///< the row itself names no source system
};

struct Unlisted {
  std::string_view system;
  Translation answer;
  bool keeps_code = false;
};

}  // namespace

struct ConceptMap::Table {
  std::deque<std::string> texts;  // addresses never change
  std::string_view url;
  std::vector<Entry> entries;
  std::vector<std::uint32_t>
      slots;  // open addressing over entries, by (system, code) and by ("", code); 0 = free, else entry + 1
  std::vector<Unlisted> unlisted;
  std::uint32_t rows = 0;

  std::string_view keep(std::string_view text) { return text.empty() ? std::string_view{} : texts.emplace_back(text); }

  static std::size_t hash(std::string_view system, std::string_view code) {
    return std::hash<std::string_view>{}(code)*31 + std::hash<std::string_view>{}(system);
  }

  const Entry* find(std::string_view system, std::string_view code) const {
    if (slots.empty()) return nullptr;
    for (std::size_t at = hash(system, code) & (slots.size() - 1);; at = (at + 1) & (slots.size() - 1)) {
      if (slots[at] == 0) return nullptr;
      const Entry& entry = entries[slots[at] - 1];
      if (entry.code == code && entry.system == system) return &entry;
    }
  }

  void merge(std::string_view system, std::string_view code, const Translation& answer, int rank, bool any) {
    for (Entry& entry : entries) {
      if (entry.system != system || entry.code != code) continue;
      bool same = entry.answer.code == answer.code && entry.answer.system == answer.system && entry.answer.kind == answer.kind;
      bool better = rank >= 0 && (entry.rank < 0 || rank < entry.rank);
      if (better)
        entry = Entry{system, code, answer, rank, entry.of_any_system};
      else if (rank == entry.rank && !same)
        entry.answer.kind = Translation::Kind::Ambiguous;
      return;
    }
    entries.push_back({system, code, answer, rank, any});
  }

  void add(std::string_view system, std::string_view code, std::string_view target_system, std::string_view target_code,
           std::string_view display, int rank) {
    Translation answer;
    answer.system = keep(target_system);
    answer.code = keep(target_code);
    answer.display = keep(display);
    answer.row = ++rows;
    answer.kind = rank < 0 ? Translation::Kind::Nothing : Translation::Kind::Found;
    waiting.push_back({keep(system), keep(code), answer, rank});
  }

  /// Sorts the added entries, so that building stays n log n, and hashes them.
  void close() {
    auto key = [](const Entry& entry) { return std::pair(entry.code, entry.system); };
    std::stable_sort(waiting.begin(), waiting.end(), [&](const Entry& a, const Entry& b) { return key(a) < key(b); });
    std::vector<Entry> all;
    for (std::size_t i = 0; i < waiting.size();) {
      std::size_t end = i;
      while (end < waiting.size() && waiting[end].code == waiting[i].code) ++end;
      entries.clear();
      for (std::size_t k = i; k < end; ++k)
        merge(waiting[k].system, waiting[k].code, waiting[k].answer, waiting[k].rank, waiting[k].system.empty());
      std::size_t with_system = entries.size();
      for (std::size_t k = 0; k < with_system; ++k) {
        Entry entry = entries[k];
        if (!entry.system.empty()) merge({}, entry.code, entry.answer, entry.rank, false);
      }
      all.insert(all.end(), entries.begin(), entries.end());
      i = end;
    }
    entries = std::move(all);
    waiting.clear();
    std::size_t size = 8;
    while (size < entries.size() * 2) size *= 2;
    slots.assign(size, 0);
    for (std::uint32_t i = 0; i < entries.size(); ++i) {
      std::size_t at = hash(entries[i].system, entries[i].code) & (size - 1);
      while (slots[at] != 0) at = (at + 1) & (size - 1);
      slots[at] = i + 1;
    }
  }

  Result<void> add_group(tree::Item group);
  Result<void> add_element(tree::Item group, tree::Item element);
  Result<void> add_unmapped(tree::Item group, tree::Item unmapped);
  Result<void> add_line(const std::vector<std::string>& fields);

  std::vector<Entry> waiting;  // added, not hashed yet
};

ConceptMap::ConceptMap(std::unique_ptr<Table> table) : table_(std::move(table)) {}
ConceptMap::ConceptMap(ConceptMap&&) noexcept = default;
ConceptMap& ConceptMap::operator=(ConceptMap&&) noexcept = default;
ConceptMap::~ConceptMap() = default;

std::string_view ConceptMap::url() const { return table_->url; }
std::size_t ConceptMap::size() const { return table_->rows; }

std::vector<std::string_view> ConceptMap::codes() const {
  std::vector<std::string_view> codes;
  for (const Entry& entry : table_->entries) {
    if (codes.empty() || codes.back() != entry.code) codes.push_back(entry.code);
  }
  return codes;
}

std::vector<std::string_view> ConceptMap::others() const {
  std::vector<std::string_view> urls;
  for (const Unlisted& rule : table_->unlisted) {
    if (rule.answer.kind == Translation::Kind::Elsewhere) urls.push_back(rule.answer.elsewhere);
  }
  return urls;
}

Translation ConceptMap::translate(std::string_view system, std::string_view code) const {
  if (const Entry* entry = table_->find(system, code)) return entry->answer;
  if (!system.empty()) {
    // A group without a source system applies to any system.
    const Entry* entry = table_->find({}, code);
    if (entry != nullptr && entry->of_any_system) return entry->answer;
  }
  for (const Unlisted& rule : table_->unlisted) {
    if (!system.empty() && !rule.system.empty() && rule.system != system) continue;
    Translation answer = rule.answer;
    answer.by_unmapped = true;
    if (rule.keeps_code) {
      answer.code = code;
      answer.system = system.empty() ? rule.system : system;
    }
    return answer;
  }
  return {};
}

Result<ConceptMap> ConceptMap::from_fhir(tree::Item concept_map, std::string_view url) {
  auto table = std::make_unique<Table>();
  table->url = table->keep(url.empty() ? concept_map.text_of("url") : url);
  if (table->url.empty()) return Failure{Cause::Invalid, "a ConceptMap needs a url", "ConceptMap.url"};
  for (tree::Item child = concept_map.first_child(); child; child = child.next()) {
    if (child.name_text() != "group") continue;
    Result<void> added = table->add_group(child);
    if (!added) return std::move(added).failure();
  }
  table->close();
  return ConceptMap(std::move(table));
}

Result<void> ConceptMap::Table::add_group(tree::Item group) {
  for (tree::Item child = group.first_child(); child; child = child.next()) {
    Result<void> added = done();
    if (child.name_text() == "element") added = add_element(group, child);
    if (child.name_text() == "unmapped") added = add_unmapped(group, child);
    if (!added) return added;
  }
  return done();
}

Result<void> ConceptMap::Table::add_element(tree::Item group, tree::Item element) {
  const std::string_view system = group.text_of("source");
  const std::string_view code = element.text_of("code");
  if (code.empty()) return Failure{Cause::Invalid, "an element of a ConceptMap needs a code", "ConceptMap.group.element.code"};
  if (element.text_of("noMap") == "true") add(system, code, {}, {}, {}, no_equivalent);
  for (tree::Item target = element.first_child(); target; target = target.next()) {
    if (target.name_text() != "target") continue;
    std::string_view relation = target.text_of("equivalence");
    if (relation.empty()) relation = target.text_of("relationship");
    int rank = closeness_of(relation);
    if (rank == unknown_relation)
      return Failure{Cause::Invalid, "'" + std::string(relation) + "' is no equivalence or relationship",
                     "ConceptMap.group.element.target"};
    if (rank >= 0 && target.text_of("code").empty()) continue;
    add(system, code, group.text_of("target"), target.text_of("code"), target.text_of("display"), rank);
  }
  return done();
}

Result<void> ConceptMap::Table::add_unmapped(tree::Item group, tree::Item unmapped) {
  Unlisted rule{.system = keep(group.text_of("source")), .answer = {}};
  const std::string_view mode = unmapped.text_of("mode");
  std::string_view other = unmapped.text_of("otherMap");
  if (other.empty()) other = unmapped.text_of("url");
  rule.answer.kind = Translation::Kind::Found;
  if (mode == "provided" || mode == "use-source-code") {
    rule.keeps_code = true;
  } else if (mode == "fixed" && !unmapped.text_of("code").empty()) {
    rule.answer.system = keep(group.text_of("target"));
    rule.answer.code = keep(unmapped.text_of("code"));
    rule.answer.display = keep(unmapped.text_of("display"));
  } else if (mode == "other-map" && !other.empty()) {
    rule.answer.kind = Translation::Kind::Elsewhere;
    rule.answer.elsewhere = keep(other);
  } else {
    return Failure{Cause::Invalid, "unmapped needs mode provided, fixed with a code, or other-map with a url",
                   "ConceptMap.group.unmapped"};
  }
  unlisted.push_back(rule);
  return done();
}

Result<ConceptMap> ConceptMap::from_csv(std::string_view url, std::string_view file, std::string_view text) {
  auto table = std::make_unique<Table>();
  table->url = table->keep(url);
  const auto place = [&](const std::string& at) { return std::string(file) + ":" + at; };
  csv::Rows rows(text, {.comment = '#'});
  bool heading_may_come = true;
  while (rows.next()) {
    std::vector<std::string> fields;
    for (const csv::Cell& cell : rows.cells()) fields.emplace_back(trim(cell.text));
    const bool is_blank = fields.size() == 1 && fields[0].empty();
    if (is_blank) continue;
    const bool is_heading = std::exchange(heading_may_come, false) && equal_without_case(fields[0], "source system");
    if (is_heading) continue;
    Result<void> added = table->add_line(fields);
    if (!added) return Failure{Cause::Invalid, added.failure().says, place(rows.place(rows.offset()))};
  }
  if (rows.failed()) return Failure{rows.failure().cause, rows.failure().says, place(rows.failure().where)};
  table->close();
  return ConceptMap(std::move(table));
}

Result<void> ConceptMap::Table::add_line(const std::vector<std::string>& fields) {
  if (fields.size() < 4 || fields.size() > 5)
    return Failure{Cause::Invalid,
                   "expected source system, source code, target system, target code and perhaps a display, but found " +
                       std::to_string(fields.size()) + " columns",
                   {}};
  std::string_view display = fields.size() == 5 ? std::string_view(fields[4]) : std::string_view{};
  if (fields[1].empty()) return Failure{Cause::Invalid, "the source code is empty", {}};
  if (fields[1] != "*") {
    add(fields[0], fields[1], fields[2], fields[3], display, fields[3].empty() ? no_equivalent : 0);
    return done();
  }
  Unlisted rule{.system = keep(fields[0]), .answer = {}};
  rule.keeps_code = fields[3] == "*";
  rule.answer.kind = fields[3].empty() ? Translation::Kind::Nothing : Translation::Kind::Found;
  rule.answer.system = keep(fields[2]);
  if (!rule.keeps_code) rule.answer.code = keep(fields[3]);
  rule.answer.display = keep(display);
  unlisted.push_back(rule);
  return done();
}

Result<ConceptMap> ConceptMap::from_fml(const syntax::Map& map, const syntax::EmbeddedConceptMap& embedded) {
  auto table = std::make_unique<Table>();
  table->url = table->keep("#" + embedded.id.text);
  const std::string none;
  auto system = [&](const syntax::Name& prefix) -> const std::string* {
    for (const auto& [name, url] : embedded.prefixes) {
      if (name.text == prefix.text) return &url.text;
    }
    return nullptr;
  };
  auto unknown = [&](const syntax::Name& prefix) {
    return Failure{Cause::Invalid, "no prefix '" + prefix.text + "' is declared in this concept map", map.where(prefix.offset)};
  };
  for (const syntax::CodePair& pair : embedded.pairs) {
    const std::string* source = system(pair.source_prefix);
    if (source == nullptr) return unknown(pair.source_prefix);
    if (!pair.target_prefix) {
      table->add(*source, pair.source_code.text, none, none, none, no_equivalent);
      continue;
    }
    const std::string* target = system(pair.target_prefix);
    if (target == nullptr) return unknown(pair.target_prefix);
    table->add(*source, pair.source_code.text, *target, pair.target_code.text, pair.target_display, closeness_of(pair.relation));
  }
  for (const auto& [prefix, mode] : embedded.unmapped) {
    const std::string* source = system(prefix);
    if (source == nullptr) return unknown(prefix);
    if (mode != "provided") continue;
    Unlisted rule{.system = table->keep(*source), .answer = {}, .keeps_code = true};
    rule.answer.kind = Translation::Kind::Found;
    table->unlisted.push_back(rule);
  }
  table->close();
  return ConceptMap(std::move(table));
}

}  // namespace vardbron::mapping
