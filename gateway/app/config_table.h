#pragma once

// Tested by tests/app/config_test.cpp.

#include "gateway/base/result.h"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace toml {
inline namespace v3 {
class node;
class table;
}  // namespace v3
}  // namespace toml

namespace vardbron::app {

/// A configuration file while it is read: its name in failures, and all that is wrong with it.
struct ConfigFile {
  std::string name;
  std::vector<Failure> faults = {};
};

/// Reads one table of a configuration file; what is wrong with it goes to the file's faults.
class Table {
 public:
  /// Both outlive it.
  Table(const toml::table& table, ConfigFile& file) : table_(table), file_(file) {}

  std::string text(std::string_view key, std::string otherwise = {});
  std::int64_t number(std::string_view key, std::int64_t otherwise, std::int64_t least, std::int64_t most);
  bool truth(std::string_view key, bool otherwise);
  std::vector<std::string> texts(std::string_view key);
  const toml::table* table(std::string_view key);
  std::vector<const toml::table*> tables(std::string_view key);
  void refuse(const toml::node& node, std::string says);
  void refuse_table(std::string says);

  /// Refuses the keys that nobody has asked for.
  void end();

 private:
  enum class Shape : std::uint8_t { Setting, Section, List };
  const toml::node* find(std::string_view key, Shape shape = Shape::Setting);
  static std::string written(std::string_view key, Shape shape);

  const toml::table& table_;
  ConfigFile& file_;
  std::map<std::string, Shape, std::less<>> asked_;
};

}  // namespace vardbron::app
