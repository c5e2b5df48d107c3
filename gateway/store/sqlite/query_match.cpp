#include "gateway/store/sqlite/query_match.h"

#include "gateway/search/match.h"
#include "gateway/store/rules.h"

#include <algorithm>
#include <utility>

namespace vardbron::store {

using search::Key;
using search::KeyKind;

QueryMatch::QueryMatch(NameTables& names, ResourceRows& rows, KeyIndex& index) : names_(names), rows_(rows), index_(index) {}

std::optional<ResourceRow> QueryMatch::accept(std::int64_t party, const search::Query& query, std::int64_t number) {
  std::optional<ResourceRow> row = rows_.find(party, number);
  if (!row || row->deleted || names_.type_name(row->type) != query.resource_type) return std::nullopt;
  if (!meets(party, query, *row)) return std::nullopt;
  return row;
}

bool QueryMatch::meets(std::int64_t party, const search::Query& query, const ResourceRow& row) {
  const auto is_asked = [&](std::string_view parameter) {
    return std::any_of(query.criteria.begin(), query.criteria.end(),
                       [&](const search::Criterion& each) { return each.parameter == parameter; });
  };
  if (!query.criteria.empty() && !store::meets(query, keys_of(row, is_asked))) return false;
  for (const search::Compartment& compartment : query.compartments)
    if (!is_in(compartment, row)) return false;
  for (const std::vector<search::Chain>& alternatives : query.chains) {
    const auto is_met = [&](const search::Chain& chain) { return meets_at(party, row, chain, 0); };
    if (!std::any_of(alternatives.begin(), alternatives.end(), is_met)) return false;
  }
  return true;
}

bool QueryMatch::meets(const search::Criterion& criterion, const ResourceRow& row) {
  return search::matches(criterion, keys_of(row, [&](std::string_view parameter) { return parameter == criterion.parameter; }));
}

std::vector<Key> QueryMatch::keys_of(const ResourceRow& row, const std::function<bool(std::string_view)>& is_wanted) {
  std::vector<Key> keys;
  for (const StoredKey& stored : unpack_stored_keys(row.keys))
    if (is_wanted(names_.parameter_code(stored.parameter))) keys.push_back(key_of(stored));
  if (is_wanted("_id") || is_wanted("_lastUpdated")) add_own_keys(keys, row.id, WallTime{std::chrono::milliseconds{row.at}});
  return keys;
}

Key QueryMatch::key_of(const StoredKey& stored) {
  using Kind = StoredKey::Kind;
  Key key;
  key.parameter = names_.parameter_code(stored.parameter);
  const auto take_token = [&] {
    const Token& token = names_.token(stored.number);
    key.system = token.system;
    key.value = token.value;
  };
  switch (stored.kind) {
    case Kind::Token: take_token(); break;
    case Kind::Reference:
      key.kind = KeyKind::Reference;
      key.value = rows_.reference_to(stored.number);
      break;
    case Kind::ReferenceByValue:
      key.kind = KeyKind::Reference;
      take_token();
      break;
    case Kind::Date:
      key.kind = KeyKind::Date;
      key.from_ms = stored.from_ms;
      key.to_ms = stored.to_ms;
      break;
    case Kind::String:
      key.kind = KeyKind::String;
      key.value = stored.text;
      key.system = stored.written;
      break;
    case Kind::SharedString:
      key.kind = KeyKind::String;
      key.system = names_.token(stored.number).value;
      key.value = search::normalized(key.system);
      break;
    case Kind::Uri:
      key.kind = KeyKind::Uri;
      key.value = names_.token(stored.number).value;
      break;
    case Kind::Quantity: take_token(); [[fallthrough]];
    case Kind::Number:
      key.kind = stored.kind == Kind::Number ? KeyKind::Number : KeyKind::Quantity;
      key.low = stored.low;
      key.high = stored.high;
      break;
  }
  return key;
}

// The resource that was reached by the steps before.
bool QueryMatch::meets_at(std::int64_t party, const ResourceRow& row, const search::Chain& chain, std::size_t step) {
  if (++chain_steps_ > limits::search_chain_steps_max) return false;
  if (step == chain.steps.size()) return meets(chain.criterion, row);
  return chain.steps[step].is_reversed ? meets_reversed(party, row, chain, step) : meets_forward(party, row, chain, step);
}

bool QueryMatch::meets_forward(std::int64_t party, const ResourceRow& row, const search::Chain& chain, std::size_t step) {
  const search::ChainStep& asked = chain.steps[step];
  const std::int64_t parameter = names_.find_parameter(row.type, asked.parameter), type = names_.find_type(asked.type);
  const bool is_identifier = step + 1 == chain.steps.size() && chain.criterion.parameter == "identifier";
  for (const StoredKey& stored : unpack_stored_keys(row.keys)) {
    if (stored.parameter != parameter) continue;
    if (stored.kind == StoredKey::Kind::Reference) {
      const std::optional<ResourceRow> target = rows_.find(party, stored.number);
      if (target && target->type == type && !target->deleted && meets_at(party, *target, chain, step + 1)) return true;
    }
    // A reference by identifier has the identifier itself.
    if (stored.kind != StoredKey::Kind::ReferenceByValue || !is_identifier) continue;
    Key key = key_of(stored);
    key.parameter = chain.criterion.parameter;
    key.kind = KeyKind::Token;
    if (search::matches(chain.criterion, std::span(&key, 1))) return true;
  }
  return false;
}

bool QueryMatch::meets_reversed(std::int64_t party, const ResourceRow& row, const search::Chain& chain, std::size_t step) {
  const search::ChainStep& asked = chain.steps[step];
  const std::int64_t type = names_.find_type(asked.type);
  if (is_too_costly()) return false;
  const std::size_t left = limits::search_chain_steps_max - chain_steps_ + 1;  // the last of them is one too many
  const std::vector<std::int64_t> sources =
      index_.references(party, type, names_.find_parameter(type, asked.parameter), row.number, left);
  return std::any_of(sources.begin(), sources.end(), [&](std::int64_t number) {
    const std::optional<ResourceRow> source = rows_.find(party, number);
    if (source && !source->deleted) return meets_at(party, *source, chain, step + 1);
    ++chain_steps_;  // it was looked at
    return false;
  });
}

bool QueryMatch::is_in(const search::Compartment& compartment, const ResourceRow& row) {
  for (const StoredKey& stored : unpack_stored_keys(row.keys)) {
    if (stored.kind != StoredKey::Kind::Reference) continue;
    const std::string& code = names_.parameter_code(stored.parameter);
    const bool is_asked =
        std::find(compartment.parameters.begin(), compartment.parameters.end(), code) != compartment.parameters.end();
    if (is_asked && rows_.reference_to(stored.number) == compartment.reference) return true;
  }
  return false;
}

}  // namespace vardbron::store
