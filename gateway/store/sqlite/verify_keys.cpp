// Tested by tests/system/store/sqlite/tamper_test.cpp.

#include "gateway/store/sqlite/key_tables.h"
#include "gateway/store/sqlite/name_tables.h"
#include "gateway/store/sqlite/pending_keys.h"
#include "gateway/store/sqlite/stored_keys.h"
#include "gateway/store/sqlite/verify_walk.h"

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace vardbron::store {

namespace {

constexpr std::int64_t resources_per_look = 200;
constexpr std::size_t reported_max = 10;  // of one table: further rows would only repeat it

struct KeyedResource {
  std::int64_t number = 0, type = 0, patient_case = 0, audience = 0;
  std::string keys;
};

constexpr std::array key_tables{KeyRow::Table::Token,  KeyRow::Table::Reference, KeyRow::Table::Date,
                                KeyRow::Table::Period, KeyRow::Table::String,    KeyRow::Table::Number};

/// Resources, and their owners, that changes wrote whose keys are not written yet (pending_keys.h).
struct Unwritten {
  explicit Unwritten(Database& database) {
    Statement rows = database.prepare("SELECT resources FROM unwritten_key");
    for (rows.query(); rows.next();) {
      for (const UnwrittenKeys& each : unpack_unwritten_keys(rows.text(0))) {
        resources.insert(each.resource);
        owners.insert(owner_of(each.patient_case, each.resource));
      }
    }
  }
  std::set<std::int64_t> resources;
  std::set<Owner> owners;
};

/// What the rows of `resource` say should be in a table of keys, compared with what is there.
class Keys {
 public:
  explicit Keys(VerifyWalk& walk)
      : walk_(walk),
        names_(walk.database),
        keys_(walk.database),
        dense_(walk.database.prepare("SELECT 1 FROM dense_value WHERE audience=? AND parameter=? AND token=? AND text=?")),
        case_(walk.database.prepare("SELECT patient_case FROM resource WHERE number=?")),
        type_(walk.database.prepare("SELECT type FROM parameter WHERE number=?")),
        owned_(walk.database.prepare("SELECT number, keys FROM resource WHERE patient_case=? AND patient_case>0 AND type=? "
                                     "AND audience=? AND version>0 AND deleted=0")),
        one_(
            walk.database.prepare("SELECT number, keys FROM resource WHERE number=? AND patient_case=0 AND type=? AND audience=? "
                                  "AND version>0 AND deleted=0")) {}

  // A missing row: a search does not find the resource.
  void verify_all() {
    Statement rows = walk_.database.prepare(
        "SELECT number, type, patient_case, audience, keys FROM resource WHERE number>? AND version>0 AND deleted=0 "
        "ORDER BY number LIMIT ?");
    std::int64_t last = 0, missing = 0;
    while (walk_.renew()) {
      std::vector<KeyedResource> found;
      rows.query(last, resources_per_look);
      while (rows.next()) found.push_back({rows.integer(0), rows.integer(1), rows.integer(2), rows.integer(3), rows.string(4)});
      if (walk_.failed("resource", last + 1) || found.empty()) return;
      const Unwritten unwritten(walk_.database);
      for (const KeyedResource& row : found) {
        if (unwritten.resources.contains(row.number)) continue;
        const Owner owner = owner_of(row.patient_case, row.number);
        for (const KeyRow& key : key_rows(owner, row.audience, of_type(row.type), whole(row.keys))) {
          if (keys_.has(key) || is_dense(key) || is_of_same_case(key)) continue;
          if (missing++ >= static_cast<std::int64_t>(reported_max)) continue;
          walk_.report.add(name_of(key.table), row.number, "A value of the resource is missing: searches by it do not find it.");
        }
      }
      if (walk_.failed("token_key", 0)) return;
      if (found.back().number <= last) return;
      last = found.back().number;
      walk_.progress("keys", last);
    }
  }

  // A row in excess: a search looks at resources that do not have the value.
  void verify_excess(KeyRow::Table kind) {
    const std::string table = name_of(kind), columns = columns_of(kind);
    Statement rows =
        walk_.database.prepare("SELECT " + columns + " FROM " + table + " WHERE (" + columns + ")>(" +
                               (has_two(kind) ? "?1,?2,?3,?4,?5" : "?1,?2,?3,?4") + ") ORDER BY " + columns + " LIMIT 500");
    KeyRow last;
    last.table = kind;
    last.value = last.audience = last.parameter = -1;
    last.first = std::numeric_limits<std::int64_t>::min();
    std::size_t reported = 0;
    for (bool any = true; any && walk_.renew();) {
      any = false;
      right_.clear();  // of the snapshot before
      const Unwritten unwritten(walk_.database);
      start(rows, last);
      while (rows.next()) {
        any = true;
        last = taken(rows, kind);
        if (unwritten.owners.contains(last.owner)) continue;
        const std::vector<KeyRow>& right = right_rows(last);
        if (std::binary_search(right.begin(), right.end(), last) || reported++ >= reported_max) continue;
        walk_.report.add(table, last.owner, "The table has a value that no resource there has.");
      }
      if (walk_.failed(table, 0)) return;
    }
  }

 private:
  std::vector<StoredKey> whole(std::string_view packed) {
    std::vector<StoredKey> keys = unpack_stored_keys(packed);
    names_.complete(keys);
    return keys;
  }
  std::int64_t of_type(std::int64_t type) { return names_.find_parameter(type, type_parameter); }
  bool is_of_same_case(const KeyRow& key) {
    if (key.table != KeyRow::Table::Reference || key.owner < 0) return false;
    return number_in(case_.query(key.value)) == key.owner;
  }
  static std::int64_t number_in(Statement& row) {
    const std::int64_t number = row.next() ? row.integer(0) : 0;
    row.reset();
    return number;
  }
  /// All rows that the owner's resources of the parameter's type and of the audience should have.
  const std::vector<KeyRow>& right_rows(const KeyRow& key) {
    const std::int64_t type = number_in(type_.query(key.parameter));
    auto [found, is_new] = right_.try_emplace({key.owner, type, key.audience});
    std::vector<KeyRow>& all = found->second;
    if (!is_new) return all;
    Statement& resources = key.owner > 0 ? owned_ : one_;
    resources.query(key.owner > 0 ? key.owner : -key.owner, type, key.audience);
    while (resources.next()) {
      const std::vector<KeyRow> rows = key_rows(key.owner, key.audience, of_type(type), whole(resources.text(1)));
      all.insert(all.end(), rows.begin(), rows.end());
    }
    std::sort(all.begin(), all.end());
    return all;
  }
  static bool has_two(KeyRow::Table table) {
    return table == KeyRow::Table::Date || table == KeyRow::Table::Period || table == KeyRow::Table::Number;
  }
  bool is_dense(const KeyRow& key) {
    if (key.table != KeyRow::Table::Token && key.table != KeyRow::Table::String) return false;
    dense_.query(key.audience, key.parameter, key.value, std::string_view(key.text));
    const bool is = dense_.next();
    dense_.reset();
    return is;
  }
  static std::string name_of(KeyRow::Table table) {
    switch (table) {
      case KeyRow::Table::Token: return "token_key";
      case KeyRow::Table::Reference: return "reference_key";
      case KeyRow::Table::Date: return "date_key";
      case KeyRow::Table::Period: return "period_key";
      case KeyRow::Table::String: return "string_key";
      case KeyRow::Table::Number: return "number_key";
    }
    return {};
  }
  static std::string columns_of(KeyRow::Table table) {
    switch (table) {
      case KeyRow::Table::Token: return "token, audience, parameter, owner";
      case KeyRow::Table::Reference: return "target, audience, parameter, owner";
      case KeyRow::Table::Date: return "audience, first, parameter, last, owner";
      case KeyRow::Table::Period: return "audience, parameter, last, first, owner";
      case KeyRow::Table::String: return "audience, parameter, text, owner";
      case KeyRow::Table::Number: return "audience, parameter, low, high, owner";
    }
    return {};
  }
  static void start(Statement& rows, const KeyRow& last) {
    switch (last.table) {
      case KeyRow::Table::Token:
      case KeyRow::Table::Reference: return run(rows, last.value, last.audience, last.parameter, last.owner);
      case KeyRow::Table::Date: return run(rows, last.audience, last.first, last.parameter, last.last, last.owner);
      case KeyRow::Table::Period: return run(rows, last.audience, last.parameter, last.first, last.last, last.owner);
      case KeyRow::Table::String: return run(rows, last.audience, last.parameter, std::string_view(last.text), last.owner);
      case KeyRow::Table::Number: return run(rows, last.audience, last.parameter, last.low, last.high, last.owner);
    }
  }
  template <class... Values>
  static void run(Statement& rows, const Values&... values) {
    rows.query(values...);
  }
  static KeyRow taken(const Statement& rows, KeyRow::Table kind) {
    enum : int { first, second, third, fourth, fifth };
    KeyRow row;
    row.table = kind;
    row.audience = rows.integer(first);
    row.parameter = rows.integer(second);
    row.owner = rows.integer(has_two(kind) ? fifth : fourth);
    switch (kind) {
      case KeyRow::Table::Token:
      case KeyRow::Table::Reference:
        row.value = rows.integer(first);
        row.audience = rows.integer(second);
        row.parameter = rows.integer(third);
        break;
      case KeyRow::Table::Date:
        row.first = rows.integer(second);
        row.parameter = rows.integer(third);
        row.last = rows.integer(fourth);
        break;
      case KeyRow::Table::Period:
        row.first = rows.integer(third);
        row.last = rows.integer(fourth);
        break;
      case KeyRow::Table::String: row.text = rows.string(third); break;
      case KeyRow::Table::Number:
        row.low = rows.real(third);
        row.high = rows.real(fourth);
        break;
    }
    return row;
  }

  VerifyWalk& walk_;
  NameTables names_;
  KeyReader keys_;
  Statement dense_, case_, type_, owned_, one_;
  std::map<std::tuple<Owner, std::int64_t, std::int64_t>, std::vector<KeyRow>> right_;
};

// In pieces of some numbers each: ?1 and ?2 are the first and the last.
void compare(VerifyWalk& walk, std::string_view says, std::int64_t end, const std::string& sql) {
  constexpr std::int64_t piece = 1000;
  Statement rows = walk.database.prepare(sql);
  std::size_t reported = 0;
  for (std::int64_t first = 1; first <= end && reported < reported_max && walk.renew(); first += piece) {
    rows.query(first, first + piece - 1);
    for (; reported < reported_max && rows.next(); ++reported) walk.report.add("change_key", rows.integer(0), std::string(says));
    rows.reset();
    if (walk.failed("change_key", 0)) return;
  }
}

// A party that may see a resource finds the changes that wrote it.
void verify_changes(VerifyWalk& walk) {
  if (!walk.renew()) return;
  const std::int64_t resources = walk.database.number("SELECT max(number) FROM resource");
  constexpr std::string_view not_found = "A party does not find what the change wrote for it.";
  compare(walk, not_found, resources,
          "SELECT r.change FROM resource r CROSS JOIN audience_party a ON a.audience=r.audience "
          "WHERE r.number BETWEEN ?1 AND ?2 AND r.version>0 "
          "AND NOT EXISTS(SELECT 1 FROM change_key k WHERE k.party=a.party AND k.at=r.at AND k.change=r.change) "
          "AND NOT EXISTS(SELECT 1 FROM unwritten_key u WHERE u.change=r.change)");
  compare(walk, not_found, resources,
          "SELECT v.change FROM version v CROSS JOIN audience_party a ON a.audience=v.audience "
          "CROSS JOIN change c ON c.number=v.change WHERE v.resource BETWEEN ?1 AND ?2 "
          "AND NOT EXISTS(SELECT 1 FROM change_key k WHERE k.party=a.party AND k.at=c.at AND k.change=v.change) "
          "AND NOT EXISTS(SELECT 1 FROM unwritten_key u WHERE u.change=v.change)");
  const std::int64_t parties = walk.database.number("SELECT max(number) FROM party");
  compare(walk, "A party finds a change that is not there.", parties + 3,  // from every_party
          "SELECT k.change FROM change_key k WHERE k.party BETWEEN ?1-3 AND ?2-3 "
          "AND NOT EXISTS(SELECT 1 FROM change c WHERE c.number=k.change AND c.at=k.at)");
}

// A row of no change would excuse keys that are missing.
void verify_unwritten(VerifyWalk& walk) {
  if (!walk.renew()) return;
  Statement rows = walk.database.prepare(
      "SELECT u.change FROM unwritten_key u WHERE NOT EXISTS(SELECT 1 FROM change c WHERE c.number=u.change AND c.at=u.at)");
  rows.query();
  for (std::size_t reported = 0; reported < reported_max && rows.next(); ++reported)
    walk.report.add("unwritten_key", rows.integer(0), "Keys are to be written for a change that is not there.");
  walk.failed("unwritten_key", 0);
}

void verify_audiences(VerifyWalk& walk) {
  if (!walk.renew()) return;
  NameTables names(walk.database);
  Statement rows = walk.database.prepare(
      "SELECT a.number, (SELECT count(*) FROM audience_party k WHERE k.audience=a.number) FROM audience a ORDER BY a.number");
  Statement has = walk.database.prepare("SELECT 1 FROM audience_party WHERE party=? AND audience=?");
  rows.query();
  std::int64_t expected = 0;
  while (rows.next()) {
    const std::int64_t audience = rows.integer(0);
    std::vector<std::int64_t> parties = names.members(audience);
    parties.push_back(all_seeing);
    expected += static_cast<std::int64_t>(parties.size());
    bool is_whole = rows.integer(1) == static_cast<std::int64_t>(parties.size());
    for (const std::int64_t party : parties) {
      has.query(party, audience);
      is_whole = has.next() && is_whole;
      has.reset();
    }
    if (!is_whole) walk.report.add("audience_party", audience, "Who belongs to the audience is not what its row says.");
  }
  if (walk.failed("audience_party", 0)) return;
  if (walk.database.number("SELECT count(*) FROM audience_party") > expected)
    walk.report.add("audience_party", 0, "There are members of audiences that do not exist.");
  walk.failed("audience_party", 0);
}

}  // namespace

void verify_keys(VerifyWalk& walk) {
  Keys keys(walk);
  keys.verify_all();
  for (const KeyRow::Table table : key_tables) keys.verify_excess(table);
  verify_unwritten(walk);
  verify_audiences(walk);
  verify_changes(walk);
}

}  // namespace vardbron::store
