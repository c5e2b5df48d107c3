#include "gateway/store/sqlite/key_index.h"

#include "gateway/base/limits.h"
#include "gateway/fhir/reference.h"
#include "gateway/search/match.h"
#include "gateway/store/sqlite/search_statements.h"
#include "gateway/store/sqlite/stored_keys.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace vardbron::store {

namespace {

using search::KeyKind;
using search::Modifier;
using Numbers = KeyIndex::Numbers;

constexpr auto found_max = static_cast<std::int64_t>(limits::search_looked_up_max);
constexpr std::int64_t no_number = -1;  // looked for in place of a name that has none, so that both take the same time
constexpr std::int64_t earliest = std::numeric_limits<std::int64_t>::min(), latest = std::numeric_limits<std::int64_t>::max();

std::vector<std::int64_t> none() { return {}; }

/// Adds `more`; false: together they are too many.
bool add(Numbers& all, Numbers more) {
  if (!all || !more) {
    all.reset();
    return false;
  }
  all->insert(all->end(), more->begin(), more->end());
  std::sort(all->begin(), all->end());
  all->erase(std::unique(all->begin(), all->end()), all->end());
  if (all->size() > limits::search_looked_up_max) all.reset();
  return all.has_value();
}

// The first text that does not begin like this one; "" = there is none.
std::string after(std::string beginning) {
  while (!beginning.empty() && static_cast<unsigned char>(beginning.back()) == 0xFF) beginning.pop_back();
  if (!beginning.empty()) ++beginning.back();
  return beginning;
}

// Few resources have the same identifier, many the same code.
int rank(const search::Criterion& criterion) {
  if (criterion.parameter == "_id") return 0;
  if (criterion.parameter == "identifier") return 1;
  switch (criterion.kind) {
    case KeyKind::Reference: return 2;
    case KeyKind::String:
    case KeyKind::Uri: return 3;
    case KeyKind::Token: return 4;
    case KeyKind::Date: return 5;
    case KeyKind::Number:
    case KeyKind::Quantity: break;
  }
  return 6;
}

}  // namespace

KeyIndex::KeyIndex(Database& database, NameTables& names, ResourceRows& rows)
    : names_(names),
      rows_(rows),
      token_(database.prepare(search_sql::by_token)),
      reference_(database.prepare(search_sql::by_reference)),
      text_(database.prepare(search_sql::by_text)),
      first_date_(database.prepare(search_sql::by_first_date)),
      last_date_(database.prepare(search_sql::by_last_date)),
      number_(database.prepare(search_sql::by_number)),
      type_(database.prepare(search_sql::by_type)),
      dense_token_(database.prepare(search_sql::dense_token)),
      dense_text_(database.prepare(search_sql::dense_text)) {}

Numbers KeyIndex::candidates(std::int64_t party, const search::Query& query) {
  const std::int64_t type = names_.find_type(query.resource_type);
  if (type == 0) return none();
  std::vector<const search::Criterion*> criteria;
  for (const search::Criterion& each : query.criteria) criteria.push_back(&each);
  std::stable_sort(criteria.begin(), criteria.end(),
                   [](const search::Criterion* left, const search::Criterion* right) { return rank(*left) < rank(*right); });
  for (const search::Compartment& compartment : query.compartments)
    if (Numbers found = by_compartment(party, type, compartment)) return found;
  for (const search::Criterion* criterion : criteria)
    if (Numbers found = by_criterion(party, type, *criterion)) return found;
  for (const std::vector<search::Chain>& alternatives : query.chains) {
    Numbers all = none();
    for (const search::Chain& chain : alternatives)
      if (!add(all, by_chain(party, type, chain))) break;
    if (all) return all;
  }
  return by_type(party, type);
}

Numbers KeyIndex::by_criterion(std::int64_t party, std::int64_t type, const search::Criterion& criterion) {
  if (criterion.modifier == Modifier::Not || criterion.modifier == Modifier::Missing) return std::nullopt;
  if (criterion.parameter == "_lastUpdated") return std::nullopt;
  if (criterion.parameter == "_id") return by_id(names_.type_name(type), criterion);
  const std::int64_t parameter = names_.find_parameter(type, criterion.parameter);
  Numbers all = none();
  for (const search::Operand& operand : criterion.operands)
    if (!add(all, by_operand(party, parameter == 0 ? no_number : parameter, criterion, operand))) break;
  return all;
}

Numbers KeyIndex::by_id(const std::string& type, const search::Criterion& criterion) {
  std::vector<std::int64_t> numbers;
  for (const search::Operand& operand : criterion.operands)
    if (const std::int64_t number = rows_.number_of(type, operand.value); number != 0) numbers.push_back(number);
  return numbers;
}

Numbers KeyIndex::by_operand(std::int64_t party, std::int64_t parameter, const search::Criterion& criterion,
                             const search::Operand& operand) {
  switch (criterion.kind) {
    case KeyKind::Token: return by_token(party, parameter, operand);
    case KeyKind::Reference:
      return criterion.modifier == Modifier::Identifier ? by_token(party, parameter, operand)
                                                        : by_reference(party, parameter, operand);
    case KeyKind::Date: return by_date(party, parameter, operand);
    case KeyKind::String:
      if (criterion.modifier == Modifier::Contains) return std::nullopt;
      return by_text(party, parameter, search::normalized(operand.value), false);
    case KeyKind::Uri:
      if (criterion.modifier == Modifier::Above) return std::nullopt;
      return by_text(party, parameter, operand.value, criterion.modifier == Modifier::None);
    case KeyKind::Number:
    case KeyKind::Quantity: return take(number_.query(party, parameter, found_max + 1));
  }
  return std::nullopt;
}

Numbers KeyIndex::by_token(std::int64_t party, std::int64_t parameter, const search::Operand& operand) {
  if (operand.value.empty()) return std::nullopt;  // any code of a system
  std::vector<std::int64_t> tokens;
  if (operand.any_system) {
    tokens = names_.tokens_with_value(operand.value);
  } else {
    tokens.push_back(names_.find_token(operand.system, operand.value));
  }
  if (tokens.empty() || tokens.front() == 0) tokens.assign(1, no_number);
  Numbers all = none();
  for (const std::int64_t token : tokens) {
    if (has(dense_token_.query(party, parameter, token))) return std::nullopt;
    if (!add(all, take(token_.query(party, parameter, token, found_max + 1)))) break;
  }
  return all;
}

Numbers KeyIndex::by_reference(std::int64_t party, std::int64_t parameter, const search::Operand& operand) {
  Numbers all = by_token(party, parameter, operand);
  if (!operand.any_system) return all;
  const fhir::Reference reference = fhir::parse_reference(operand.value);
  if (reference.form != fhir::Reference::Form::Relative) return all;
  const std::int64_t target = rows_.number_of(reference.type, reference.id);
  add(all, take(reference_.query(party, parameter, target == 0 ? no_number : target, found_max + 1)));
  return all;
}

std::vector<std::int64_t> KeyIndex::references(std::int64_t party, std::int64_t parameter, std::int64_t target,
                                               std::size_t count) {
  std::vector<std::int64_t> numbers;
  reference_.query(party, parameter, target, static_cast<std::int64_t>(count));
  while (reference_.next()) numbers.push_back(reference_.integer(0));
  return numbers;
}

Numbers KeyIndex::by_text(std::int64_t party, std::int64_t parameter, const std::string& beginning, bool is_whole) {
  const std::string end = is_whole ? beginning + '\0' : after(beginning);
  if (end.empty()) return std::nullopt;
  if (has(dense_text_.query(party, parameter, std::string_view(beginning), std::string_view(end)))) return std::nullopt;
  return take(text_.query(party, parameter, std::string_view(beginning), std::string_view(end), found_max + 1));
}

// A superset of what search::matches accepts, by one end of the stored period. Source: R4 search.html 3.1.1.4.7.
Numbers KeyIndex::by_date(std::int64_t party, std::int64_t parameter, const search::Operand& operand) {
  using search::Prefix;
  const auto first = [&](std::int64_t low, std::int64_t high) {
    return take(first_date_.query(party, parameter, low, high, found_max + 1));
  };
  const auto last = [&](std::int64_t low, std::int64_t high) {
    return take(last_date_.query(party, parameter, low, high, found_max + 1));
  };
  switch (operand.prefix) {
    case Prefix::Eq: return first(operand.from_ms, operand.to_ms);
    case Prefix::Gt: return last(operand.to_ms, latest);
    case Prefix::Ge:
    case Prefix::Ap: return last(operand.from_ms, latest);
    case Prefix::Lt:
    case Prefix::Le: return first(earliest, operand.to_ms);
    case Prefix::Sa: return first(operand.to_ms, latest);
    case Prefix::Eb: return last(earliest, operand.from_ms);
    case Prefix::Ne: break;
  }
  return std::nullopt;
}

Numbers KeyIndex::by_type(std::int64_t party, std::int64_t type) { return take(type_.query(party, type, found_max + 1)); }

Numbers KeyIndex::by_compartment(std::int64_t party, std::int64_t type, const search::Compartment& compartment) {
  const fhir::Reference reference = fhir::parse_reference(compartment.reference);
  const std::int64_t target = rows_.number_of(reference.type, reference.id);
  Numbers all = none();
  for (const std::string& code : compartment.parameters) {
    const std::int64_t parameter = names_.find_parameter(type, code);
    if (parameter == 0) continue;
    if (!add(all, take(reference_.query(party, parameter, target == 0 ? no_number : target, found_max + 1)))) break;
  }
  return all;
}

// From the resources that meet the criterion back to those of the query's type.
Numbers KeyIndex::by_chain(std::int64_t party, std::int64_t type, const search::Chain& chain) {
  const std::int64_t last = names_.find_type(chain.steps.back().type);
  Numbers reached = last == 0 ? none() : by_criterion(party, last, chain.criterion);
  const auto type_before = [&](std::size_t step) { return step == 0 ? type : names_.find_type(chain.steps[step - 1].type); };
  for (std::size_t step = chain.steps.size(); step > 0 && reached; --step) {
    const search::ChainStep& asked = chain.steps[step - 1];
    const bool is_by_value = step == chain.steps.size() && !asked.is_reversed && chain.criterion.parameter == "identifier";
    Numbers before = asked.is_reversed ? targets(party, asked, *reached) : sources(party, type_before(step - 1), asked, *reached);
    if (is_by_value) {
      search::Criterion by_value = chain.criterion;
      by_value.parameter = asked.parameter;
      add(before, by_criterion(party, type_before(step - 1), by_value));
    }
    reached = std::move(before);
  }
  return reached;
}

Numbers KeyIndex::sources(std::int64_t party, std::int64_t type, const search::ChainStep& step,
                          std::span<const std::int64_t> reached) {
  const std::int64_t parameter = names_.find_parameter(type, step.parameter);
  Numbers all = none();
  for (const std::int64_t target : reached)
    if (!add(all, take(reference_.query(party, parameter, target, found_max + 1)))) break;
  return all;
}

Numbers KeyIndex::targets(std::int64_t party, const search::ChainStep& step, std::span<const std::int64_t> reached) {
  const std::int64_t parameter = names_.find_parameter(names_.find_type(step.type), step.parameter);
  Numbers all = none();
  for (const std::int64_t number : reached) {
    const std::optional<ResourceRow> row = rows_.find(party, number);
    if (!row) continue;
    std::vector<std::int64_t> found;
    for (const StoredKey& key : unpack_stored_keys(row->keys))
      if (key.parameter == parameter && key.kind == StoredKey::Kind::Reference) found.push_back(key.number);
    if (!add(all, std::move(found))) break;
  }
  return all;
}

bool KeyIndex::has(Statement& row) {
  const bool any = row.next();
  row.reset();
  return any;
}

// The statement asks for one more than the limit.
Numbers KeyIndex::take(Statement& rows) {
  std::vector<std::int64_t> numbers;
  while (rows.next()) numbers.push_back(rows.integer(0));
  if (numbers.size() > limits::search_looked_up_max) return std::nullopt;
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  return numbers;
}

}  // namespace vardbron::store
