#pragma once

// Tested by tests/system/store/sqlite/search_tables_test.cpp.

#include "gateway/search/query.h"
#include "gateway/store/sqlite/database.h"
#include "gateway/store/sqlite/name_tables.h"
#include "gateway/store/sqlite/resource_rows.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::store {

/// Looks resources up by the values of their search parameters, among those that a party may see. What it finds contains
/// everything that meets a criterion, and perhaps more. One thread.
class KeyIndex {
 public:
  /// Numbers of resources, ascending; none: there are more than limits::search_looked_up_max, or no index helps.
  using Numbers = std::optional<std::vector<std::int64_t>>;

  KeyIndex(Database& database, NameTables& names, ResourceRows& rows);

  /// The smallest set that a part of the query gives.
  Numbers candidates(std::int64_t party, const search::Query& query);
  /// Of a reference parameter; at most so many.
  std::vector<std::int64_t> references(std::int64_t party, std::int64_t parameter, std::int64_t target, std::size_t count);

 private:
  Numbers by_criterion(std::int64_t party, std::int64_t type, const search::Criterion& criterion);
  Numbers by_id(const std::string& type, const search::Criterion& criterion);
  Numbers by_operand(std::int64_t party, std::int64_t parameter, const search::Criterion& criterion,
                     const search::Operand& operand);
  Numbers by_token(std::int64_t party, std::int64_t parameter, const search::Operand& operand);
  Numbers by_reference(std::int64_t party, std::int64_t parameter, const search::Operand& operand);
  Numbers by_text(std::int64_t party, std::int64_t parameter, const std::string& beginning, bool is_whole);
  Numbers by_date(std::int64_t party, std::int64_t parameter, const search::Operand& operand);
  Numbers by_type(std::int64_t party, std::int64_t type);
  Numbers by_compartment(std::int64_t party, std::int64_t type, const search::Compartment& compartment);
  Numbers by_chain(std::int64_t party, std::int64_t type, const search::Chain& chain);
  Numbers sources(std::int64_t party, std::int64_t type, const search::ChainStep& step, std::span<const std::int64_t> reached);
  Numbers targets(std::int64_t party, const search::ChainStep& step, std::span<const std::int64_t> reached);
  Numbers take(Statement& rows);
  bool has(Statement& row);

  NameTables& names_;
  ResourceRows& rows_;
  Statement token_, reference_, text_, first_date_, last_date_, number_, type_, dense_token_, dense_text_;
};

}  // namespace vardbron::store
