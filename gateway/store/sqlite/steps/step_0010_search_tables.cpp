// Tested by tests/system/store/sqlite/schema_test.cpp.

#include "gateway/store/sqlite/change_reader.h"
#include "gateway/store/sqlite/key_numbers.h"
#include "gateway/store/sqlite/name_tables.h"
#include "gateway/store/sqlite/pack.h"
#include "gateway/store/sqlite/steps/steps.h"

#include <algorithm>
#include <cstring>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vardbron::store {

namespace {

// Tables that end in _key follow from `resource`, `version` and `audience`: they are what searches look in, and are not sealed.
//  * resource: the current version of each; version 0: it is only referred to. `keys` are the values of its search parameters
//    (stored_keys.h). version: where each is, and who may see it: an audience is a set of parties, and party 0 is in each.
//  * token_key .. number_key: the next but one step makes and fills them again. change_key: which changes wrote what a party may
//    see.
//  * a change has the bodies of what it wrote, compressed together.
constexpr const char* search_tables = R"sql(
CREATE UNIQUE INDEX type_name ON type(name);
CREATE TABLE parameter(number INTEGER PRIMARY KEY, type INTEGER NOT NULL, code TEXT NOT NULL);
CREATE UNIQUE INDEX parameter_code ON parameter(type, code);
CREATE TABLE system(number INTEGER PRIMARY KEY, uri TEXT NOT NULL);
CREATE UNIQUE INDEX system_uri ON system(uri);
CREATE TABLE token(number INTEGER PRIMARY KEY, system INTEGER NOT NULL, value TEXT NOT NULL);
CREATE UNIQUE INDEX token_value ON token(value, system);
CREATE TABLE party(number INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE UNIQUE INDEX party_name ON party(name);
CREATE TABLE audience(number INTEGER PRIMARY KEY, members TEXT NOT NULL);
CREATE UNIQUE INDEX audience_members ON audience(members);
CREATE TABLE resource(number INTEGER PRIMARY KEY, type INTEGER NOT NULL, id BLOB NOT NULL, patient_case INTEGER NOT NULL,
  version INTEGER NOT NULL, at INTEGER NOT NULL, deleted INTEGER NOT NULL, audience INTEGER NOT NULL, change INTEGER NOT NULL,
  position INTEGER NOT NULL, digest BLOB NOT NULL, keys BLOB NOT NULL);
CREATE UNIQUE INDEX resource_name ON resource(id, type);
CREATE INDEX resource_case ON resource(patient_case) WHERE patient_case>0;
CREATE INDEX resource_audience ON resource(audience, type);
CREATE TABLE version(resource INTEGER NOT NULL, version INTEGER NOT NULL, change INTEGER NOT NULL, position INTEGER NOT NULL,
  audience INTEGER NOT NULL, PRIMARY KEY(resource, version)) WITHOUT ROWID;
CREATE UNIQUE INDEX patient_case_key ON patient_case(key);
CREATE TABLE audience_party(party INTEGER NOT NULL, audience INTEGER NOT NULL, PRIMARY KEY(party, audience)) WITHOUT ROWID;
CREATE TABLE change_key(party INTEGER NOT NULL, at INTEGER NOT NULL, change INTEGER NOT NULL,
  PRIMARY KEY(party, at, change)) WITHOUT ROWID;
CREATE TABLE token_key(audience INTEGER NOT NULL, parameter INTEGER NOT NULL, token INTEGER NOT NULL, resource INTEGER NOT NULL,
  PRIMARY KEY(audience, token, parameter, resource)) WITHOUT ROWID;
CREATE TABLE reference_key(audience INTEGER NOT NULL, parameter INTEGER NOT NULL, target INTEGER NOT NULL,
  resource INTEGER NOT NULL, PRIMARY KEY(audience, target, parameter, resource)) WITHOUT ROWID;
CREATE TABLE date_key(audience INTEGER NOT NULL, parameter INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
  resource INTEGER NOT NULL, PRIMARY KEY(audience, parameter, first, last, resource)) WITHOUT ROWID;
CREATE INDEX date_key_last ON date_key(audience, parameter, last);
CREATE TABLE dense_value(audience INTEGER NOT NULL, parameter INTEGER NOT NULL, token INTEGER NOT NULL, text TEXT NOT NULL,
  PRIMARY KEY(audience, parameter, token, text)) WITHOUT ROWID;
CREATE TABLE string_key(audience INTEGER NOT NULL, parameter INTEGER NOT NULL, text TEXT NOT NULL, resource INTEGER NOT NULL,
  PRIMARY KEY(audience, parameter, text, resource)) WITHOUT ROWID;
CREATE TABLE number_key(audience INTEGER NOT NULL, parameter INTEGER NOT NULL, low REAL NOT NULL, high REAL NOT NULL,
  resource INTEGER NOT NULL, PRIMARY KEY(audience, parameter, low, high, resource)) WITHOUT ROWID;
)sql";

// In the form of before: the number has the case's group (first), a slot and the type's number (last 8 bits).
constexpr int old_type_bits = 8, old_index_bits = 20;
constexpr std::int64_t old_type_mask = (std::int64_t{1} << old_type_bits) - 1;
constexpr std::int64_t old_index_mask = (std::int64_t{1} << old_index_bits) - 1;

std::vector<search::Key> old_keys(std::string_view packed) {
  constexpr std::uint64_t kind_mask = 0x1F, date_bit = 0x20;
  std::vector<search::Key> keys;
  for (std::size_t at = 0; at < packed.size();) {
    search::Key key;
    std::uint64_t bits = 0;
    const auto number = [&] {
      std::uint64_t value = 0;
      for (int shift = 0; shift < 64 && at < packed.size(); shift += 7) {
        const auto byte = static_cast<unsigned char>(packed[at++]);
        value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
        if ((byte & 0x80) == 0) break;
      }
      return value;
    };
    const auto text = [&] {
      const std::uint64_t size = std::min<std::uint64_t>(number(), packed.size() - at);
      const std::string_view taken = packed.substr(at, size);
      at += size;
      return std::string(taken);
    };
    const auto fixed = [&] {
      std::int64_t value = 0;
      if (packed.size() - at >= sizeof value) std::memcpy(&value, packed.data() + at, sizeof value);
      at = std::min(packed.size(), at + sizeof value);
      return value;
    };
    bits = number();
    key.kind = static_cast<search::KeyKind>(bits & kind_mask);
    key.parameter = text();
    key.system = text();
    key.value = text();
    if ((bits & date_bit) != 0) key.from_ms = fixed();
    if ((bits & date_bit) != 0) key.to_ms = fixed();
    keys.push_back(std::move(key));
  }
  return keys;
}

class CarryOver {
 public:
  CarryOver(Database& database, StepContext& context)
      : database_(database), context_(context), names_(database), numbers_(database, names_) {}

  Result<void> run() {
    read_numbers();
    numbers_.load();
    carry_resources();
    carry_changes();
    return index();
  }

 private:
  std::int64_t number_of(std::int64_t old) const {
    const auto found = std::lower_bound(old_numbers_.begin(), old_numbers_.end(), old);
    return found == old_numbers_.end() || *found != old ? 0 : found - old_numbers_.begin() + 1;
  }

  void read_numbers() {
    Statement rows = database_.prepare("SELECT number FROM resource_before ORDER BY number");
    rows.query();
    while (rows.next()) old_numbers_.push_back(rows.integer(0));
    total_ = static_cast<std::int64_t>(old_numbers_.size());
  }

  void carry_resources() {
    Statement rows = database_.prepare(
        "SELECT r.number, r.version, r.place, r.at, r.deleted, r.id, r.parties, r.digest, coalesce(c.id, 0) "
        "FROM resource_before r LEFT JOIN patient_case c ON c.id=(r.number >> 28) ORDER BY r.number");
    Statement insert = database_.prepare(
        "INSERT INTO resource(number, type, id, patient_case, version, at, deleted, audience, change, position, digest, keys) "
        "VALUES(?,?,?,?,?,?,?,?,?,?,?,x'')");
    std::int64_t number = 0;
    rows.query();
    while (rows.next()) {
      const std::int64_t place = rows.integer(2), audience = names_.make_audience(split_lines(rows.text(6)));
      const StoredId id(rows.text(5));
      audiences_.push_back(audience);
      insert.run(++number, rows.integer(0) & old_type_mask, id.column(), rows.integer(8), rows.integer(1), rows.integer(3),
                 rows.integer(4), audience, place >> old_index_bits, place & old_index_mask, Blob{rows.text(7)});
      context_.progress(number, 4 * total_);
    }
  }

  // Who could see an older version is not known any more: its parties are those of the newest.
  void carry_changes() {
    Statement rows = database_.prepare("SELECT number, at, heads FROM change WHERE number>? ORDER BY number LIMIT 100");
    Statement update = database_.prepare("UPDATE change SET heads=? WHERE number=?");
    Statement version = database_.prepare("INSERT INTO version(resource, version, change, position, audience) VALUES(?,?,?,?,?)");
    Statement key = database_.prepare("INSERT OR IGNORE INTO change_key(party, at, change) VALUES(?,?,?)");
    const std::int64_t changes = database_.number("SELECT max(number) FROM change");
    struct Row {
      std::int64_t number = 0, at = 0;
      std::vector<VersionHead> heads;
    };
    for (std::int64_t last = 0;;) {
      std::vector<Row> some;
      rows.query(last);
      while (rows.next()) some.push_back({rows.integer(0), rows.integer(1), new_heads(rows.text(2))});
      if (some.empty()) return;
      last = some.back().number;
      for (const Row& row : some) {
        const std::string packed = pack_heads(row.heads);
        update.run(Blob{packed}, row.number);
        std::set<std::int64_t> parties{all_seeing};
        std::int64_t position = 0;
        for (const VersionHead& head : row.heads) {
          const std::int64_t here = position++;
          if (head.resource == 0) continue;  // its row is missing: the verification says so
          const std::int64_t audience = audiences_[static_cast<std::size_t>(head.resource - 1)];
          version.run(head.resource, head.version, row.number, here, audience);
          parties.insert(names_.members(audience).begin(), names_.members(audience).end());
        }
        for (const std::int64_t party : parties) key.run(party, row.at, row.number);
      }
      context_.progress(total_ + last * total_ / std::max<std::int64_t>(1, changes), 4 * total_);
    }
  }

  std::vector<VersionHead> new_heads(std::string_view packed) const {
    std::vector<VersionHead> heads;
    // Number, version with deletion, place of the version before, size.
    for (VersionHead head : unpack_heads(packed)) {
      const std::int64_t old = head.resource;
      head.resource = number_of(old);
      head.type = old & old_type_mask;
      heads.push_back(head);
    }
    return heads;
  }

  Result<void> index() {
    ResourceRows rows(database_, names_);
    ChangeReader versions(database_);
    Statement old = database_.prepare("SELECT keys FROM resource_before WHERE number=?");
    Statement update = database_.prepare("UPDATE resource SET keys=? WHERE number=?");
    for (std::int64_t number = 1; number <= total_; ++number) {
      if (number % 1000 == 0) context_.progress(2 * total_ + number * 2, 4 * total_);
      const std::optional<ResourceRow> row = rows.find(all_seeing, number);
      if (!row || row->deleted) continue;
      const std::string& type = names_.type_name(row->type);
      std::optional<std::vector<search::Key>> keys;
      if (context_.keys_of()) {
        // A version that cannot be read keeps the keys it has: the verification after the steps reports it.
        Result<StoredVersion> version = versions.newest(*row);
        if (version) keys = context_.keys_of()(type, version->body);
      }
      if (!keys) {
        old.query(old_numbers_[static_cast<std::size_t>(number - 1)]);
        if (old.next()) keys = old_keys(old.text(0));
        old.reset();
      }
      numbers_.forget();
      const std::vector<StoredKey> stored = numbers_.stored(type, keys.value_or(std::vector<search::Key>()));
      const std::string packed = pack(stored);
      update.run(Blob{packed}, number);
    }
    return done();
  }

  Database& database_;
  StepContext& context_;
  NameTables names_;
  KeyNumbers numbers_;
  std::vector<std::int64_t> old_numbers_;  ///< ascending: the new number is the place in it, from 1
  std::vector<std::int64_t> audiences_;    ///< by new number, from 1
  std::int64_t total_ = 0;
};

}  // namespace

Result<void> add_search_tables(Database& database, StepContext& context) {
  database.execute("ALTER TABLE resource RENAME TO resource_before");
  database.execute("DROP TABLE posting; DROP TABLE common; DELETE FROM setting WHERE name='term key'");
  database.execute(search_tables);
  Result<void> carried = CarryOver(database, context).run();
  if (!carried) return carried;
  database.execute("DROP TABLE resource_before");
  return done();
}

}  // namespace vardbron::store
