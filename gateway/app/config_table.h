#pragma once

// Tested by tests/app/config_test.cpp.

#include "gateway/base/result.h"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace toml {
inline namespace v3 {
class node;
class table;
}  // namespace v3
}  // namespace toml

namespace vardbron::app {

/// Reads one table of a configuration file and keeps its first failure.
class Table {
 public:
  /// The table outlives it; `file` is its name in failures.
  Table(const toml::table& table, std::string file) : table_(table), file_(std::move(file)) {}

  std::string text(std::string_view key, std::string otherwise = {});
  std::int64_t number(std::string_view key, std::int64_t otherwise, std::int64_t least, std::int64_t most);
  bool truth(std::string_view key, bool otherwise);
  std::vector<std::string> texts(std::string_view key);
  const toml::table* table(std::string_view key);
  std::vector<const toml::table*> tables(std::string_view key);
  void refuse(const toml::node& node, std::string says);
  void refuse_table(std::string says);

  /// The first failure: a value, or an unknown key.
  Result<void> end();

 private:
  const toml::node* find(std::string_view key);

  const toml::table& table_;
  std::string file_;
  std::set<std::string> asked_;
  std::optional<Failure> failure_;
};

}  // namespace vardbron::app
