#include "gateway/store/sqlite/key_index.h"

#include "gateway/base/limits.h"
#include "gateway/fhir/reference.h"
#include "gateway/search/match.h"
#include "gateway/store/sqlite/search_statements.h"
#include "gateway/store/sqlite/stored_keys.h"

#include <algorithm>
#include <limits>
#include <set>
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
      date_(database.prepare(search_sql::by_date)),
      period_(database.prepare(search_sql::by_period)),
      number_(database.prepare(search_sql::by_number)),
      owner_(database.prepare(search_sql::of_owner)),
      case_(database.prepare(search_sql::of_case)),
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
    if (!add(all, by_operand({party, type, parameter == 0 ? no_number : parameter}, criterion, operand))) break;
  return all;
}

Numbers KeyIndex::by_id(const std::string& type, const search::Criterion& criterion) {
  std::vector<std::int64_t> numbers;
  for (const search::Operand& operand : criterion.operands)
    if (const std::int64_t number = rows_.place_of(type, operand.value).number; number != 0) numbers.push_back(number);
  return numbers;
}

Numbers KeyIndex::by_operand(const Where& where, const search::Criterion& criterion, const search::Operand& operand) {
  switch (criterion.kind) {
    case KeyKind::Token: return by_token(where, operand);
    case KeyKind::Reference:
      return criterion.modifier == Modifier::Identifier ? by_token(where, operand) : by_reference(where, operand);
    case KeyKind::Date: return by_date(where, operand);
    case KeyKind::String:
      if (criterion.modifier == Modifier::Contains) return std::nullopt;
      return by_text(where, search::normalized(operand.value), false);
    case KeyKind::Uri:
      if (criterion.modifier == Modifier::Above) return std::nullopt;
      return by_text(where, operand.value, criterion.modifier == Modifier::None);
    case KeyKind::Number:
    case KeyKind::Quantity: return take(where.type, number_.query(where.party, where.parameter, found_max + 1));
  }
  return std::nullopt;
}

Numbers KeyIndex::by_token(const Where& where, const search::Operand& operand) {
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
    if (has(dense_token_.query(where.party, where.parameter, token))) return std::nullopt;
    if (!add(all, take(where.type, token_.query(where.party, where.parameter, token, found_max + 1)))) break;
  }
  return all;
}

Numbers KeyIndex::by_reference(const Where& where, const search::Operand& operand) {
  Numbers all = by_token(where, operand);
  if (!operand.any_system) return all;
  const fhir::Reference reference = fhir::parse_reference(operand.value);
  if (reference.form != fhir::Reference::Form::Relative) return all;
  add(all, referring(where, rows_.place_of(reference.type, reference.id)));
  return all;
}

/// Perhaps too many of the target's own case.
Numbers KeyIndex::referring(const Where& where, ResourceRows::Place target) {
  if (target.number == 0) target = {no_number, no_number};
  Numbers all = of_case(where.party, where.type, target.patient_case);
  add(all, take(where.type, reference_.query(where.party, where.parameter, target.number, found_max + 1)));
  return all;
}

std::vector<std::int64_t> KeyIndex::references(std::int64_t party, std::int64_t type, std::int64_t parameter, std::int64_t target,
                                               std::size_t count) {
  // Each place has one that refers, or more, and perhaps others that do not: so many places are enough.
  std::set<std::int64_t> cases{rows_.place_of(target).patient_case};
  std::vector<std::int64_t> found;
  for (const auto& [audience, owner] : places(reference_.query(party, parameter, target, static_cast<std::int64_t>(count)))) {
    if (owner > 0) cases.insert(owner);
    if (owner < 0 && refers(party, -owner, parameter, target)) found.push_back(-owner);
  }
  for (const std::int64_t each : cases) {
    if (each == 0) continue;
    const References& of = references_of(party, type, parameter, each);
    const auto own = of.find(target);
    if (own != of.end()) found.insert(found.end(), own->second.begin(), own->second.end());
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  if (found.size() > count) found.resize(count);
  return found;
}

// A search asks for each of a case's resources what refers to it: the case's rows are read once for all of them.
const KeyIndex::References& KeyIndex::references_of(std::int64_t party, std::int64_t type, std::int64_t parameter,
                                                    std::int64_t patient_case) {
  constexpr std::size_t kept_cases_max = 20'000;
  if (references_.size() >= kept_cases_max) references_.clear();
  auto [kept, is_new] = references_.try_emplace({party, type, parameter, patient_case});
  if (!is_new) return kept->second;
  for (const std::int64_t number : of_case(party, type, patient_case)) {
    const std::optional<ResourceRow> row = rows_.find(party, number);
    if (!row) continue;
    for (const StoredKey& key : unpack_stored_keys(row->keys))
      if (key.kind == StoredKey::Kind::Reference && key.parameter == parameter) kept->second[key.number].push_back(number);
  }
  return kept->second;
}

bool KeyIndex::refers(std::int64_t party, std::int64_t number, std::int64_t parameter, std::int64_t target) {
  const std::optional<ResourceRow> row = rows_.find(party, number);
  if (!row) return false;
  const std::vector<StoredKey> keys = unpack_stored_keys(row->keys);
  return std::any_of(keys.begin(), keys.end(), [&](const StoredKey& key) {
    return key.kind == StoredKey::Kind::Reference && key.parameter == parameter && key.number == target;
  });
}

Numbers KeyIndex::by_text(const Where& where, const std::string& beginning, bool is_whole) {
  const std::string end = is_whole ? beginning + '\0' : after(beginning);
  if (end.empty()) return std::nullopt;
  if (has(dense_text_.query(where.party, where.parameter, std::string_view(beginning), std::string_view(end))))
    return std::nullopt;
  return take(where.type,
              text_.query(where.party, where.parameter, std::string_view(beginning), std::string_view(end), found_max + 1));
}

// A superset of what search::matches accepts, by one end of the stored period. Source: R4 search.html 3.1.1.4.7.
Numbers KeyIndex::by_date(const Where& where, const search::Operand& operand) {
  using search::Prefix;
  const auto by_first = [&](std::int64_t low, std::int64_t high) { return dates(where, low, high); };
  // A date of at most a day begins at most a day before its end.
  const auto by_last = [&](std::int64_t low, std::int64_t high) {
    Numbers all = by_first(low < earliest + short_date_ms ? earliest : low - short_date_ms, high);
    add(all, take(where.type, period_.query(where.party, where.parameter, low, high, found_max + 1)));
    return all;
  };
  switch (operand.prefix) {
    case Prefix::Eq: return by_first(operand.from_ms, operand.to_ms);
    case Prefix::Gt: return by_last(operand.to_ms, latest);
    case Prefix::Ge:
    case Prefix::Ap: return by_last(operand.from_ms, latest);
    case Prefix::Lt:
    case Prefix::Le: return by_first(earliest, operand.to_ms);
    case Prefix::Sa: return by_first(operand.to_ms, latest);
    case Prefix::Eb: return by_last(earliest, operand.from_ms);
    case Prefix::Ne: break;
  }
  return std::nullopt;
}

Numbers KeyIndex::by_type(std::int64_t party, std::int64_t type) {
  const std::int64_t parameter = names_.find_parameter(type, type_parameter);
  if (has(dense_token_.query(party, parameter, std::int64_t{0}))) return std::nullopt;
  return take(type, token_.query(party, parameter, std::int64_t{0}, found_max + 1));
}

Numbers KeyIndex::by_compartment(std::int64_t party, std::int64_t type, const search::Compartment& compartment) {
  const fhir::Reference reference = fhir::parse_reference(compartment.reference);
  const ResourceRows::Place target = rows_.place_of(reference.type, reference.id);
  Numbers all = none();
  for (const std::string& code : compartment.parameters) {
    const std::int64_t parameter = names_.find_parameter(type, code);
    if (parameter == 0) continue;
    if (!add(all, referring({party, type, parameter}, target))) break;
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
    if (!add(all, referring({party, type, parameter}, rows_.place_of(target)))) break;
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

std::vector<std::int64_t> KeyIndex::of_case(std::int64_t party, std::int64_t type, std::int64_t patient_case) {
  std::vector<std::int64_t> numbers;
  case_.query(party, patient_case, type);
  while (case_.next()) numbers.push_back(case_.integer(0));
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

// A case's dates are beside one another, whatever their parameters.
Numbers KeyIndex::dates(const Where& where, std::int64_t low, std::int64_t high) {
  constexpr auto most = static_cast<std::int64_t>(limits::search_dates_looked_at_max);
  Places found;
  std::int64_t looked_at = 0;
  for (date_.query(where.party, low, high, most + 1); date_.next(); ++looked_at)
    if (date_.integer(2) == where.parameter) found.emplace_back(date_.integer(0), date_.integer(1));
  if (looked_at > most) return std::nullopt;
  return sorted(resources_of(where.type, std::move(found), limits::search_looked_up_max));
}

KeyIndex::Places KeyIndex::places(Statement& rows) {
  Places found;
  while (rows.next()) found.emplace_back(rows.integer(0), rows.integer(1));
  return found;
}

std::vector<std::int64_t> KeyIndex::resources_of(std::int64_t type, Places places, std::size_t most) {
  std::sort(places.begin(), places.end());
  places.erase(std::unique(places.begin(), places.end()), places.end());
  std::vector<std::int64_t> numbers;
  for (const auto& [audience, owner] : places) {
    if (numbers.size() > most) break;
    if (owner < 0) {
      numbers.push_back(-owner);
      continue;
    }
    owner_.query(owner, type, audience);
    while (owner_.next()) numbers.push_back(owner_.integer(0));
  }
  return numbers;
}

// The statement asks for one more than the limit. An owner may have several of its rows, so that they are counted first.
Numbers KeyIndex::take(std::int64_t type, Statement& owners) {
  Places found = places(owners);
  if (found.size() > limits::search_looked_up_max) return std::nullopt;
  return sorted(resources_of(type, std::move(found), limits::search_looked_up_max));
}

Numbers KeyIndex::sorted(std::vector<std::int64_t> numbers) {
  if (numbers.size() > limits::search_looked_up_max) return std::nullopt;
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  return numbers;
}

}  // namespace vardbron::store
