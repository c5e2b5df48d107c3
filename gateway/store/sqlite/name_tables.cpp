#include "gateway/store/sqlite/name_tables.h"

#include "gateway/base/text.h"
#include "gateway/search/match.h"
#include "gateway/store/resource.h"

#include <sqlite3.h>

#include <algorithm>

namespace vardbron::store {

namespace {

constexpr std::size_t kept_names_max = 20'000;  // of each kind

const std::string no_text;

template <class Map>
void bound(Map& known) {
  if (known.size() >= kept_names_max) known.clear();
}

std::string written(const std::vector<std::int64_t>& members) {
  std::string text;
  for (const std::int64_t member : members) text += (text.empty() ? "" : " ") + std::to_string(member);
  return text;
}

}  // namespace

NameTables::NameTables(Database& database)
    : database_(database),
      type_(database.prepare("SELECT number FROM type WHERE name=?")),
      type_name_(database.prepare("SELECT name FROM type WHERE number=?")),
      insert_type_(database.prepare("INSERT INTO type(name) VALUES(?)")),
      parameter_(database.prepare("SELECT number FROM parameter WHERE type=? AND code=?")),
      parameter_code_(database.prepare("SELECT code FROM parameter WHERE number=?")),
      insert_parameter_(database.prepare("INSERT INTO parameter(type, code) VALUES(?,?)")),
      system_(database.prepare("SELECT number FROM system WHERE uri=?")),
      system_uri_(database.prepare("SELECT uri FROM system WHERE number=?")),
      insert_system_(database.prepare("INSERT INTO system(uri) VALUES(?)")),
      token_(database.prepare("SELECT number FROM token WHERE value=? AND system=?")),
      token_row_(database.prepare("SELECT system, value FROM token WHERE number=?")),
      tokens_of_value_(database.prepare("SELECT number FROM token WHERE value=?")),
      insert_token_(database.prepare("INSERT INTO token(system, value) VALUES(?,?)")),
      party_(database.prepare("SELECT number FROM party WHERE name=?")),
      party_name_(database.prepare("SELECT name FROM party WHERE number=?")),
      insert_party_(database.prepare("INSERT INTO party(name) VALUES(?)")),
      audience_(database.prepare("SELECT number FROM audience WHERE members=?")),
      audience_members_(database.prepare("SELECT members FROM audience WHERE number=?")),
      insert_audience_(database.prepare("INSERT INTO audience(members) VALUES(?)")),
      insert_audience_party_(database.prepare("INSERT INTO audience_party(party, audience) VALUES(?,?)")) {}

// The row's statement has its values bound.
std::int64_t NameTables::find_in(Numbers& known, Name name, Statement& row) {
  const std::int64_t number = row.next() ? row.integer(0) : 0;
  row.reset();
  bound(known);
  if (number != 0) known.emplace(KeptName{name.below, std::string(name.text)}, number);
  return number;
}

template <class Insert>
std::int64_t NameTables::make(Numbers& known, Name name, std::int64_t found, const Insert& insert) {
  if (found != 0) return found;
  insert();
  const std::int64_t number = sqlite3_last_insert_rowid(database_.connection());
  known.emplace(KeptName{name.below, std::string(name.text)}, number);
  return number;
}

const std::string& NameTables::text_of(std::unordered_map<std::int64_t, std::string>& known, std::int64_t number,
                                       Statement& row) {
  if (auto found = known.find(number); found != known.end()) return found->second;
  row.query(number);
  if (!row.next()) return no_text;
  bound(known);
  const std::string& text = known.emplace(number, row.string(0)).first->second;
  row.reset();
  return text;
}

std::int64_t NameTables::find_type(std::string_view name) {
  const Name key{0, name};
  if (auto found = types_.find(key); found != types_.end()) return found->second;
  type_.query(name);
  return find_in(types_, key, type_);
}

std::int64_t NameTables::make_type(std::string_view name) {
  return make(types_, {0, name}, find_type(name), [&] { insert_type_.run(name); });
}

const std::string& NameTables::type_name(std::int64_t number) { return text_of(type_names_, number, type_name_); }

std::int64_t NameTables::find_parameter(std::int64_t type, std::string_view code) {
  const Name key{type, code};
  if (auto found = parameters_.find(key); found != parameters_.end()) return found->second;
  parameter_.query(type, code);
  return find_in(parameters_, key, parameter_);
}

std::int64_t NameTables::make_parameter(std::int64_t type, std::string_view code) {
  return make(parameters_, {type, code}, find_parameter(type, code), [&] { insert_parameter_.run(type, code); });
}

const std::string& NameTables::parameter_code(std::int64_t number) { return text_of(codes_, number, parameter_code_); }

std::int64_t NameTables::find_system(std::string_view uri) {
  const Name key{0, uri};
  if (auto found = systems_.find(key); found != systems_.end()) return found->second;
  system_.query(uri);
  return find_in(systems_, key, system_);
}

std::int64_t NameTables::make_system(std::string_view uri) {
  return make(systems_, {0, uri}, find_system(uri), [&] { insert_system_.run(uri); });
}

std::int64_t NameTables::find_token(std::string_view system, std::string_view value) {
  const std::int64_t system_number = find_system(system);
  const Name key{system_number, value};
  if (auto found = tokens_.find(key); found != tokens_.end()) return found->second;
  token_.query(value, system_number);
  return find_in(tokens_, key, token_);
}

std::int64_t NameTables::make_token(std::string_view system, std::string_view value) {
  const std::int64_t found = find_token(system, value);
  if (found != 0) return found;
  const std::int64_t system_number = make_system(system);
  const std::int64_t made = make(tokens_, {system_number, value}, 0, [&] { insert_token_.run(system_number, value); });
  new_tokens_.insert(made);
  return made;
}

std::vector<std::int64_t> NameTables::tokens_with_value(std::string_view value) {
  std::vector<std::int64_t> numbers;
  tokens_of_value_.query(value);
  while (tokens_of_value_.next()) numbers.push_back(tokens_of_value_.integer(0));
  return numbers;
}

const Token& NameTables::token(std::int64_t number) {
  if (auto found = token_rows_.find(number); found != token_rows_.end()) return found->second;
  bound(token_rows_);
  Token& token = token_rows_[number];
  token_row_.query(number);
  if (!token_row_.next()) return token;
  const std::int64_t system = token_row_.integer(0);
  token.value = token_row_.string(1);
  token_row_.reset();
  token.system = text_of(uris_, system, system_uri_);
  return token;
}

void NameTables::complete(std::vector<StoredKey>& keys) {
  for (StoredKey& key : keys) {
    const bool is_shared = key.kind == StoredKey::Kind::SharedString;
    if (!is_shared && key.kind != StoredKey::Kind::Uri) continue;
    const std::string& text = token(key.number).value;
    key.text = is_shared ? search::normalized(text) : text;
    if (is_shared) key.written = text;
  }
}

std::int64_t NameTables::find_party(std::string_view name) {
  if (name == every_organisation) return every_party;
  const Name key{0, name};
  if (auto found = parties_.find(key); found != parties_.end()) return found->second;
  party_.query(name);
  return find_in(parties_, key, party_);
}

std::int64_t NameTables::make_party(std::string_view name) {
  return make(parties_, {0, name}, find_party(name), [&] { insert_party_.run(name); });
}

std::int64_t NameTables::make_audience(std::vector<std::string> parties) {
  std::vector<std::int64_t> numbers;
  for (const std::string& party : parties) numbers.push_back(make_party(party));
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  const std::string text = written(numbers);
  const Name key{0, text};
  if (auto found = audiences_.find(key); found != audiences_.end()) return found->second;
  audience_.query(std::string_view(text));
  std::int64_t number = find_in(audiences_, key, audience_);
  if (number != 0) return number;
  number = make(audiences_, key, 0, [&] { insert_audience_.run(std::string_view(text)); });
  insert_audience_party_.run(all_seeing, number);
  for (const std::int64_t party : numbers) insert_audience_party_.run(party, number);
  return number;
}

const std::vector<std::int64_t>& NameTables::members(std::int64_t audience) {
  if (auto found = members_.find(audience); found != members_.end()) return found->second;
  bound(members_);
  std::vector<std::int64_t>& members = members_[audience];
  audience_members_.query(audience);
  if (!audience_members_.next()) return members;
  for (const std::string_view each : split(audience_members_.text(0), ' '))
    if (const std::optional<std::int64_t> member = parse_int(each)) members.push_back(*member);
  audience_members_.reset();
  return members;
}

std::vector<std::string> NameTables::member_names(std::int64_t audience) {
  std::vector<std::string> names;
  for (const std::int64_t member : members(audience))
    names.push_back(member == every_party ? std::string(every_organisation) : text_of(party_names_, member, party_name_));
  return names;
}

bool NameTables::is_member(std::int64_t party, std::int64_t audience) {
  if (party == all_seeing) return true;
  const std::vector<std::int64_t>& all = members(audience);
  return std::binary_search(all.begin(), all.end(), party) ||
         (party > all_seeing && std::binary_search(all.begin(), all.end(), every_party));
}

void NameTables::forget() {
  for (Numbers* each : {&types_, &parameters_, &systems_, &tokens_, &parties_, &audiences_}) each->clear();
  for (auto* each : {&type_names_, &codes_, &uris_, &party_names_}) each->clear();
  token_rows_.clear();
  new_tokens_.clear();
  members_.clear();
}

}  // namespace vardbron::store
