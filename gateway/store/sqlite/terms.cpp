#include "gateway/store/sqlite/terms.h"

#include "gateway/base/check.h"

#include <cstring>

namespace vardbron::store {

namespace {

constexpr std::size_t known_terms_max = 50'000;
constexpr std::int64_t types_max = 255;
constexpr std::int64_t numbers_per_block = 4096;

SipKey load_key(Database& database) {
  Statement statement = database.prepare("SELECT value FROM setting WHERE name='term key'");
  SipKey key;
  if (!statement.next()) return key;  // the database's health says why
  std::string_view bytes = statement.text(0);
  if (bytes.size() == 16) {
    std::memcpy(&key.low, bytes.data(), 8);
    std::memcpy(&key.high, bytes.data() + 8, 8);
  }
  return key;
}

}  // namespace

Terms::Terms(Database& database)
    : key_(load_key(database)),
      select_(database.prepare("SELECT number FROM term WHERE hash=?")),
      insert_(database.prepare("INSERT INTO term(hash, number) VALUES(?,?)")),
      reserved_select_(database.prepare("SELECT value FROM setting WHERE name='terms reserved'")),
      reserve_(database.prepare("INSERT OR REPLACE INTO setting VALUES('terms reserved', ?)")),
      types_(database.prepare("SELECT name, number FROM type")),
      insert_type_(database.prepare("INSERT INTO type(number, name) VALUES(?,?)")),
      common_(database.prepare("SELECT 1 FROM common WHERE parameter=?")),
      insert_common_(database.prepare("INSERT INTO common VALUES(?)")) {}

std::int64_t Terms::look_up(std::uint64_t hashed) {
  auto found = known_.find(hashed);
  if (found != known_.end()) return found->second;
  select_.query(static_cast<std::int64_t>(hashed));
  std::int64_t number = select_.next() ? select_.integer(0) : 0;
  select_.reset();
  if (number != 0) {
    if (known_.size() >= known_terms_max) known_.clear();
    known_.emplace(hashed, number);
  }
  return number;
}

std::int64_t Terms::find(std::string_view text) { return look_up(hash(text)); }

std::int64_t Terms::make(std::string_view text) {
  std::uint64_t hashed = hash(text);
  std::int64_t number = look_up(hashed);
  if (number != 0) return number;
  number = next_number();
  insert_.run(static_cast<std::int64_t>(hashed), number);
  if (known_.size() >= known_terms_max) known_.clear();
  known_.emplace(hashed, number);
  return number;
}

// Numbers are reserved in blocks, so that the counter is not written with every change. Some are never used; none is used twice.
std::int64_t Terms::next_number() {
  if (reserved_ < 0) {
    reserved_select_.query();
    reserved_ = reserved_select_.next() ? reserved_select_.integer(0) : 0;
    reserved_select_.reset();
    last_ = reserved_;
  }
  if (last_ == reserved_) {
    reserved_ += numbers_per_block;
    reserve_.run(reserved_);
  }
  return ++last_;
}

void Terms::load_types() {
  types_.query();
  while (types_.next()) type_numbers_.emplace(types_.string(0), types_.integer(1));
}

std::int64_t Terms::find_type(std::string_view name) {
  auto found = type_numbers_.find(name);
  if (found == type_numbers_.end()) {
    load_types();
    found = type_numbers_.find(name);
  }
  return found == type_numbers_.end() ? 0 : found->second;
}

std::int64_t Terms::make_type(std::string_view name) {
  std::int64_t number = find_type(name);
  if (number != 0) return number;
  number = static_cast<std::int64_t>(type_numbers_.size()) + 1;
  CHECK(number <= types_max);  // FHIR R4 has 148 resource types, and nothing else is stored
  insert_type_.run(number, name);
  type_numbers_.emplace(name, number);
  return number;
}

std::string_view Terms::type_name(std::int64_t number) {
  for (int round = 0; round < 2; ++round) {
    for (const auto& [name, known] : type_numbers_) {
      if (known == number) return name;
    }
    load_types();
  }
  return {};
}

bool Terms::is_common(std::string_view parameter) {
  auto found = common_known_.find(parameter);
  if (found != common_known_.end()) return true;
  common_.query(parameter);
  bool common = common_.next();
  common_.reset();
  if (common) common_known_.emplace(parameter, true);
  return common;
}

void Terms::note_common(std::string_view parameter) {
  if (is_common(parameter)) return;
  insert_common_.run(parameter);
  common_known_.emplace(parameter, true);
}

void Terms::forget() {
  known_.clear();
  type_numbers_.clear();
  common_known_.clear();
  reserved_ = -1;
}

}  // namespace vardbron::store
