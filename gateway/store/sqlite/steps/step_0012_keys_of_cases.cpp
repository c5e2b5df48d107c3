// Tested by tests/system/app/carry_over_test.cpp and tests/system/store/sqlite/schema_test.cpp.

#include "gateway/store/sqlite/dense_values.h"
#include "gateway/store/sqlite/key_tables.h"
#include "gateway/store/sqlite/name_tables.h"
#include "gateway/store/sqlite/steps/steps.h"
#include "gateway/store/sqlite/stored_keys.h"

#include <string>
#include <utility>
#include <vector>

namespace vardbron::store {

namespace {

// The tables that end in _key follow from the others: they are what searches look in, and are not sealed.
//  * token_key .. number_key: which owners, which are cases or single resources, have a value in resources of an audience
//    (key_tables.h). A case's resources refer to one another; that is found by the case and has no rows. date_key has dates by
//    their beginning, period_key the long ones by their end too. A case's new tokens are beside one another, whatever their
//    parameters and audiences, and so are its dates: each changed page costs more than its rows.
//  * dense_value: values that are not all there, because so many have them that a search walks the changes instead
//    (dense_values.h).
//  * version: those before the current one, which is in `resource`.
constexpr const char* tables = R"sql(
DROP TABLE token_key;
DROP TABLE reference_key;
DROP TABLE date_key;
DROP TABLE string_key;
DROP TABLE number_key;
DELETE FROM dense_value;
DROP INDEX resource_case;
DROP INDEX resource_audience;
CREATE INDEX resource_owner ON resource(patient_case, type, audience) WHERE patient_case>0;
CREATE TABLE token_key(audience INTEGER NOT NULL, parameter INTEGER NOT NULL, token INTEGER NOT NULL, owner INTEGER NOT NULL,
  PRIMARY KEY(token, audience, parameter, owner)) WITHOUT ROWID;
CREATE TABLE reference_key(audience INTEGER NOT NULL, parameter INTEGER NOT NULL, target INTEGER NOT NULL,
  owner INTEGER NOT NULL, PRIMARY KEY(target, audience, parameter, owner)) WITHOUT ROWID;
CREATE TABLE date_key(audience INTEGER NOT NULL, parameter INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
  owner INTEGER NOT NULL, PRIMARY KEY(audience, first, parameter, last, owner)) WITHOUT ROWID;
CREATE TABLE period_key(audience INTEGER NOT NULL, parameter INTEGER NOT NULL, last INTEGER NOT NULL, first INTEGER NOT NULL,
  owner INTEGER NOT NULL, PRIMARY KEY(audience, parameter, last, first, owner)) WITHOUT ROWID;
CREATE TABLE string_key(audience INTEGER NOT NULL, parameter INTEGER NOT NULL, text TEXT NOT NULL, owner INTEGER NOT NULL,
  PRIMARY KEY(audience, parameter, text, owner)) WITHOUT ROWID;
CREATE TABLE number_key(audience INTEGER NOT NULL, parameter INTEGER NOT NULL, low REAL NOT NULL, high REAL NOT NULL,
  owner INTEGER NOT NULL, PRIMARY KEY(audience, parameter, low, high, owner)) WITHOUT ROWID;
)sql";

struct Row {
  std::int64_t number = 0, type = 0, patient_case = 0, version = 0, audience = 0;
  bool deleted = false;
  std::string keys;
};

}  // namespace

Result<void> keep_keys_by_case(Database& database, StepContext& context) {
  database.execute(tables);
  NameTables names(database);
  KeyWriter keys(database);
  DenseValues dense(database);
  Statement rows = database.prepare(
      "SELECT number, type, patient_case, version, audience, deleted, keys FROM resource WHERE number>? ORDER BY number LIMIT "
      "500");
  Statement case_of = database.prepare("SELECT patient_case FROM resource WHERE number=?");
  Statement forget_version = database.prepare("DELETE FROM version WHERE resource=? AND version=?");
  const auto is_of_same_case = [&](const KeyRow& key) {
    if (key.table != KeyRow::Table::Reference || key.owner < 0) return false;
    case_of.query(key.value);
    const bool is = case_of.next() && case_of.integer(0) == key.owner;
    case_of.reset();
    return is;
  };
  const std::int64_t total = database.number("SELECT max(number) FROM resource");
  for (std::int64_t last = 0;;) {
    std::vector<Row> some;
    rows.query(last);
    while (rows.next())
      some.push_back({rows.integer(0), rows.integer(1), rows.integer(2), rows.integer(3), rows.integer(4), rows.integer(5) != 0,
                      rows.string(6)});
    if (some.empty()) return done();
    for (const Row& row : some) {
      if (row.version == 0) continue;
      forget_version.run(row.number, row.version);
      if (row.deleted) continue;
      std::vector<StoredKey> stored = unpack_stored_keys(row.keys);
      names.complete(stored);
      const std::int64_t of_type = names.make_parameter(row.type, type_parameter);
      for (const KeyRow& key : key_rows(owner_of(row.patient_case, row.number), row.audience, of_type, stored))
        if (!is_of_same_case(key) && !dense.is_dense(key) && keys.insert(key)) dense.added(key);
    }
    last = some.back().number;
    context.progress(last, total);
  }
}

}  // namespace vardbron::store
