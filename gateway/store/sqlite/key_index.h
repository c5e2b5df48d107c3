#pragma once

// Tested by tests/system/store/sqlite/key_index_test.cpp and tests/system/store/sqlite/search_walk_test.cpp.

#include "gateway/search/query.h"
#include "gateway/store/sqlite/database.h"
#include "gateway/store/sqlite/key_tables.h"
#include "gateway/store/sqlite/name_tables.h"
#include "gateway/store/sqlite/resource_rows.h"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace vardbron::store {

/// Looks resources up by the values of their search parameters, among those that a party may see. What it finds contains
/// everything that meets a criterion, and perhaps more. One thread.
class KeyIndex {
 public:
  /// Numbers of resources, ascending; none: there are more than limits::search_looked_up_max, or no index helps.
  using Numbers = std::optional<std::vector<std::int64_t>>;

  KeyIndex(Database& database, NameTables& names, ResourceRows& rows);

  /// Another search begins: what was kept of cases for the one before is read again.
  void begin() { references_.clear(); }
  /// The smallest set that a part of the query gives.
  Numbers candidates(std::int64_t party, const search::Query& query);
  /// The resources of a type that refer to one by a parameter; at most so many.
  std::vector<std::int64_t> references(std::int64_t party, std::int64_t type, std::int64_t parameter, std::int64_t target,
                                       std::size_t count);

 private:
  Numbers by_criterion(std::int64_t party, std::int64_t type, const search::Criterion& criterion);
  Numbers by_id(const std::string& type, const search::Criterion& criterion);
  /// Where values are looked for.
  struct Where {
    std::int64_t party = 0, type = 0, parameter = 0;
  };
  Numbers by_operand(const Where& where, const search::Criterion& criterion, const search::Operand& operand);
  Numbers by_token(const Where& where, const search::Operand& operand);
  Numbers by_reference(const Where& where, const search::Operand& operand);
  Numbers by_text(const Where& where, const std::string& beginning, bool is_whole);
  Numbers by_date(const Where& where, const search::Operand& operand);
  Numbers referring(const Where& where, ResourceRows::Place target);
  Numbers by_type(std::int64_t party, std::int64_t type);
  Numbers by_compartment(std::int64_t party, std::int64_t type, const search::Compartment& compartment);
  Numbers by_chain(std::int64_t party, std::int64_t type, const search::Chain& chain);
  Numbers sources(std::int64_t party, std::int64_t type, const search::ChainStep& step, std::span<const std::int64_t> reached);
  Numbers targets(std::int64_t party, const search::ChainStep& step, std::span<const std::int64_t> reached);
  using References = std::unordered_map<std::int64_t, std::vector<std::int64_t>>;  ///< by target, who refers to it
  const References& references_of(std::int64_t party, std::int64_t type, std::int64_t parameter, std::int64_t patient_case);
  bool refers(std::int64_t party, std::int64_t number, std::int64_t parameter, std::int64_t target);
  using Places = std::vector<std::pair<std::int64_t, Owner>>;  ///< audience and owner
  static Places places(Statement& rows);
  std::vector<std::int64_t> resources_of(std::int64_t type, Places places, std::size_t most);
  Numbers dates(const Where& where, std::int64_t low, std::int64_t high);
  static Numbers sorted(std::vector<std::int64_t> numbers);
  Numbers take(std::int64_t type, Statement& owners);
  std::vector<std::int64_t> of_case(std::int64_t party, std::int64_t type, std::int64_t patient_case);
  bool has(Statement& row);

  NameTables& names_;
  std::map<std::array<std::int64_t, 4>, References> references_;  ///< by party, type, parameter and case; of this search
  ResourceRows& rows_;
  Statement token_, reference_, text_, date_, period_, number_, owner_, case_, dense_token_, dense_text_;
};

}  // namespace vardbron::store
