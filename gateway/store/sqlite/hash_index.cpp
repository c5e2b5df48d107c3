#include "gateway/store/sqlite/hash_index.h"

#include "gateway/base/check.h"
#include "gateway/base/uuid.h"

#include <cstring>
#include <optional>

namespace vardbron::store {

namespace {

constexpr std::int64_t types_max = 255;
constexpr std::size_t uuid_letters = 36;
constexpr std::size_t uuid_version_at = 14;

// The 48 bits before the version, when the text is an id of a family, or "Type/id" of one.
std::optional<std::int64_t> family_of(std::string_view text) {
  if (text.size() < uuid_letters) return std::nullopt;
  std::string_view id = text.substr(text.size() - uuid_letters);
  if (text.size() > uuid_letters && text[text.size() - uuid_letters - 1] != '/') return std::nullopt;
  if (id[uuid_version_at] != '8' || !is_uuid(id)) return std::nullopt;
  std::int64_t family = 0;
  const Uuid uuid = parse_uuid(id);
  for (std::size_t at = 0; at < 6; ++at) family = (family << 8) | uuid.bytes[at];
  return family;
}

SipKey load_key(Database& database) {
  Statement statement = database.prepare("SELECT value FROM setting WHERE name='term key'");
  SipKey key;
  if (!statement.next()) return key;  // the failure is in the database's health
  std::string_view bytes = statement.text(0);
  if (bytes.size() == 16) {
    std::memcpy(&key.low, bytes.data(), 8);
    std::memcpy(&key.high, bytes.data() + 8, 8);
  }
  return key;
}

}  // namespace

HashIndex::HashIndex(Database& database)
    : key_(load_key(database)),
      types_(database.prepare("SELECT name, number FROM type")),
      insert_type_(database.prepare("INSERT INTO type(number, name) VALUES(?,?)")),
      common_(database.prepare("SELECT 1 FROM common WHERE parameter=?")),
      insert_common_(database.prepare("INSERT INTO common VALUES(?)")) {}

// Families are never negative and hashes always are, so that they cannot be confused.
std::int64_t HashIndex::of(std::string_view text) const {
  std::optional<std::int64_t> family = family_of(text);
  return family ? *family : hash(text);
}

// Different from the text by which others refer to it: a search for a resource must not find all that refer to it.
std::int64_t HashIndex::of_name(std::string_view type, std::string_view id) const {
  std::optional<std::int64_t> family = family_of(id);
  return family ? *family : hash("name\x1f" + std::string(type) + '/' + std::string(id));
}

std::int64_t HashIndex::of_case(std::string_view key) const { return hash("case\x1f" + std::string(key)); }

std::int64_t HashIndex::hash(std::string_view text) const {
  constexpr std::uint64_t sign = std::uint64_t{1} << 63;
  return static_cast<std::int64_t>(sip_hash(key_, text) | sign);
}

void HashIndex::load_types() {
  types_.query();
  while (types_.next()) type_numbers_.emplace(types_.string(0), types_.integer(1));
}

std::int64_t HashIndex::find_type(std::string_view name) {
  auto found = type_numbers_.find(name);
  if (found == type_numbers_.end()) {
    load_types();
    found = type_numbers_.find(name);
  }
  return found == type_numbers_.end() ? 0 : found->second;
}

std::int64_t HashIndex::make_type(std::string_view name) {
  std::int64_t number = find_type(name);
  if (number != 0) return number;
  number = static_cast<std::int64_t>(type_numbers_.size()) + 1;
  CHECK(number <= types_max);  // FHIR R4 has 148 resource types, and nothing else is stored
  insert_type_.run(number, name);
  type_numbers_.emplace(name, number);
  return number;
}

std::string_view HashIndex::type_name(std::int64_t number) {
  for (int round = 0; round < 2; ++round) {
    for (const auto& [name, known] : type_numbers_) {
      if (known == number) return name;
    }
    load_types();
  }
  return {};
}

bool HashIndex::is_common(std::string_view parameter) {
  auto found = common_known_.find(parameter);
  if (found != common_known_.end()) return true;
  common_.query(parameter);
  bool common = common_.next();
  common_.reset();
  if (common) common_known_.emplace(parameter, true);
  return common;
}

void HashIndex::note_common(std::string_view parameter) {
  if (is_common(parameter)) return;
  insert_common_.run(parameter);
  common_known_.emplace(parameter, true);
}

void HashIndex::forget() {
  type_numbers_.clear();
  common_known_.clear();
}

}  // namespace vardbron::store
