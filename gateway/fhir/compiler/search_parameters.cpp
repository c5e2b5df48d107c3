#include "gateway/fhir/compiler/search_parameters.h"

#include <algorithm>
#include <optional>
#include <set>

namespace vardbron::fhir {

namespace {

std::vector<std::string_view> split_alternatives(std::string_view expression) {
  std::vector<std::string_view> found;
  std::size_t start = 0;
  int depth = 0;
  bool is_quoted = false;
  for (std::size_t at = 0; at <= expression.size(); ++at) {
    char letter = at < expression.size() ? expression[at] : '|';
    if (letter == '\'') is_quoted = !is_quoted;
    if (is_quoted && at < expression.size()) continue;
    depth += (letter == '(') - (letter == ')');
    if (letter != '|' || (depth != 0 && at < expression.size())) continue;
    found.push_back(expression.substr(start, at - start));
    start = at + 1;
  }
  return found;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

bool starts_at(std::string_view alternative, std::string_view base) {
  while (alternative.starts_with('(')) alternative.remove_prefix(1);
  return alternative.starts_with(base) && (alternative.size() == base.size() || alternative[base.size()] == '.');
}

}  // namespace

std::string alternatives_of(std::string_view expression, std::string_view base) {
  std::string kept;
  for (std::string_view each : split_alternatives(expression)) {
    if (!starts_at(trimmed(each), base)) continue;
    if (!kept.empty()) kept += " | ";
    kept += trimmed(each);
  }
  return kept.empty() ? std::string(expression) : kept;
}

void SearchParameters::add(const tree::Document& document, Errata& errata) {
  tree::Item from = root(document);
  if (errata.skips_search_parameter(from.text_of("id")) || from.text_of("expression").empty()) return;
  std::string expression = errata.mend_search_expression(from.text_of("expression"));
  std::string targets;
  for (tree::Item each = from.first_child(); each; each = each.next())
    if (each.name_text() == "target") targets.append(targets.empty() ? "" : " ").append(each.text());
  for (tree::Item each = from.first_child(); each; each = each.next()) {
    if (each.name_text() != "base") continue;
    std::string base(each.text());
    std::optional<std::string> mended = errata.search_expression_of(base, from.text_of("code"));
    std::string own = mended ? *std::move(mended) : alternatives_of(expression, base);
    if (own.empty()) continue;
    by_base_[base].push_back(
        {std::string(from.text_of("code")), base, std::string(from.text_of("type")), std::move(own), targets});
  }
}

void SearchParameters::write(TableBuilder& builder) const {
  std::set<TypeId> resources;
  for (TypeId type = 1; type < builder.type_count(); ++type)
    if (builder.type(type).kind == TypeKind::Resource) resources.insert(type);
  for (TypeId resource : resources) {
    std::vector<const Row*> rows;
    for (TypeId type = resource; type != 0; type = builder.type(type).base) {
      auto found = by_base_.find(builder.type_name(type));
      if (found == by_base_.end()) continue;
      for (const Row& row : found->second) rows.push_back(&row);
    }
    std::stable_sort(rows.begin(), rows.end(), [](const Row* a, const Row* b) { return a->code < b->code; });
    for (const Row* row : rows)
      builder.add_search_parameter(resource, {row->code, row->base, row->type, row->expression, row->targets});
  }
}

}  // namespace vardbron::fhir
