#include "gateway/store/sqlite/key_numbers.h"

#include "gateway/search/match.h"

namespace vardbron::store {

KeyNumbers::KeyNumbers(Database& database, NameTables& names)
    : names_(names),
      last_resource_(database.prepare("SELECT max(number) FROM resource")),
      select_(database.prepare("SELECT number FROM resource WHERE id=? AND type=?")),
      insert_(database.prepare("INSERT INTO resource(number, type, id, patient_case, version, at, deleted, audience, change, "
                               "position, digest, keys) VALUES(?,?,?,0,0,0,0,0,0,0,x'',x'')")) {}

void KeyNumbers::load() {
  known_.clear();
  last_resource_.query();
  last_ = last_resource_.next() ? last_resource_.integer(0) : 0;
  last_resource_.reset();
}

void KeyNumbers::note(std::string_view type, std::string_view id, std::int64_t number) {
  std::string name(type);
  name += '/';
  known_.emplace(name += id, number);
}

std::int64_t KeyNumbers::number_of(const fhir::Reference& reference, std::string_view written) {
  std::int64_t& number = known_[std::string(written)];
  const StoredId stored(reference.id);
  const std::int64_t type_number = names_.make_type(reference.type);
  select_.query(stored.column(), type_number);
  if (select_.next()) number = select_.integer(0);
  select_.reset();
  if (number != 0) return number;
  number = next_resource();
  insert_.run(number, type_number, stored.column());
  return number;
}

std::vector<StoredKey> KeyNumbers::stored(std::string_view type, std::span<const search::Key> keys) {
  std::vector<StoredKey> stored(keys.size());
  const std::int64_t type_number = names_.make_type(type);
  for (std::size_t at = 0; at < keys.size(); ++at) add(type_number, keys[at], stored[at]);
  return stored;
}

void KeyNumbers::add(std::int64_t type, const search::Key& key, StoredKey& into) {
  using search::KeyKind;
  using Kind = StoredKey::Kind;
  into.parameter = names_.make_parameter(type, key.parameter);
  switch (key.kind) {
    case KeyKind::Token: into.number = names_.make_token(key.system, key.value); break;
    case KeyKind::Reference: {
      if (const auto known = known_.find(std::string_view(key.value)); key.system.empty() && known != known_.end()) {
        into.kind = Kind::Reference;
        into.number = known->second;
        break;
      }
      const fhir::Reference reference = fhir::parse_reference(key.value);
      const bool is_here = key.system.empty() && reference.form == fhir::Reference::Form::Relative &&
                           fhir::local_reference(reference) == key.value;
      into.kind = is_here ? Kind::Reference : Kind::ReferenceByValue;
      into.number = is_here ? number_of(reference, key.value) : names_.make_token(key.system, key.value);
      break;
    }
    case KeyKind::Date:
      into.kind = Kind::Date;
      into.from_ms = key.from_ms;
      into.to_ms = key.to_ms;
      break;
    case KeyKind::String:
      // Texts of codes and references are the same in many resources, those of persons are not.
      into.kind =
          key.parameter.ends_with(":text") && search::normalized(key.system) == key.value ? Kind::SharedString : Kind::String;
      into.text = key.value;
      into.written = key.system;
      if (into.kind == Kind::SharedString) into.number = names_.make_token("", key.system);
      break;
    case KeyKind::Uri:
      into.kind = Kind::Uri;
      into.number = names_.make_token("", key.value);
      into.text = key.value;
      break;
    case KeyKind::Quantity:
    case KeyKind::Number:
      into.kind = key.kind == KeyKind::Number ? Kind::Number : Kind::Quantity;
      if (key.kind == KeyKind::Quantity) into.number = names_.make_token(key.system, key.value);
      into.low = key.low;
      into.high = key.high;
      break;
  }
}

}  // namespace vardbron::store
