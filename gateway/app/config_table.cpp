#include "gateway/app/config_table.h"

#include "gateway/base/text.h"

#include <toml++/toml.h>

namespace vardbron::app {
namespace {

void keep(ConfigFile& file, const toml::source_region& at, std::string says) {
  file.faults.push_back(
      {Cause::Invalid, std::move(says), file.name + ":" + std::to_string(at.begin.line) + ":" + std::to_string(at.begin.column)});
}

}  // namespace

std::string Table::text(std::string_view key, std::string otherwise) {
  const toml::node* node = find(key);
  if (!node) return otherwise;
  if (auto value = node->value<std::string>(); value && node->is_string()) return *value;
  refuse(*node, "\"" + std::string(key) + "\" must be a text in quotes.");
  return otherwise;
}

std::int64_t Table::number(std::string_view key, std::int64_t otherwise, std::int64_t least, std::int64_t most) {
  const toml::node* node = find(key);
  if (!node) return otherwise;
  auto value = node->value<std::int64_t>();
  if (node->is_integer() && *value >= least && *value <= most) return *value;
  refuse(*node, "\"" + std::string(key) + "\" must be a whole number from " + std::to_string(least) + " to " +
                    std::to_string(most) + ".");
  return otherwise;
}

bool Table::truth(std::string_view key, bool otherwise) {
  const toml::node* node = find(key);
  if (!node) return otherwise;
  if (node->is_boolean()) return *node->value<bool>();
  refuse(*node, "\"" + std::string(key) + "\" must be true or false.");
  return otherwise;
}

std::vector<std::string> Table::texts(std::string_view key) {
  std::vector<std::string> values;
  const toml::node* node = find(key);
  if (!node) return values;
  const toml::array* list = node->as_array();
  if (!list) refuse(*node, "\"" + std::string(key) + "\" must be a list of texts: [\"..\"].");
  for (std::size_t i = 0; list && i < list->size(); ++i) {
    if (list->get(i)->is_string())
      values.push_back(*list->get(i)->value<std::string>());
    else
      refuse(*list->get(i), "Every entry of \"" + std::string(key) + "\" must be a text in quotes.");
  }
  return values;
}

const toml::table* Table::table(std::string_view key) {
  const toml::node* node = find(key, Shape::Section);
  if (node && !node->is_table()) refuse(*node, "\"" + std::string(key) + "\" must be a table: [" + std::string(key) + "].");
  return node ? node->as_table() : nullptr;
}

std::vector<const toml::table*> Table::tables(std::string_view key) {
  std::vector<const toml::table*> found;
  const toml::node* node = find(key, Shape::List);
  if (!node) return found;
  if (!node->is_array_of_tables())
    refuse(*node, "\"" + std::string(key) + "\" must be written as [[" + std::string(key) + "]].");
  else
    for (const toml::node& entry : *node->as_array()) found.push_back(entry.as_table());
  return found;
}

void Table::refuse(const toml::node& node, std::string says) { keep(file_, node.source(), std::move(says)); }

void Table::refuse_table(std::string says) { keep(file_, table_.source(), std::move(says)); }

void Table::end() {
  std::vector<std::string_view> asked;
  std::string all;
  for (const auto& [key, shape] : asked_) {
    asked.push_back(key);
    all += (all.empty() ? "" : ", ") + written(key, shape);
  }
  for (auto&& [key, node] : table_) {
    if (asked_.contains(key.str())) continue;
    const Shape shape = node.is_table() ? Shape::Section : node.is_array_of_tables() ? Shape::List : Shape::Setting;
    const std::string_view meant = nearest(key.str(), asked);
    std::string says = written(key.str(), shape) + (shape == Shape::Setting ? " is not a setting here." : " is no section here.");
    says += meant.empty() ? " There are " + all + "." : " Did you mean " + written(meant, asked_.find(meant)->second) + "?";
    refuse(node, std::move(says));
  }
}

// "store", [server], [[channel]]
std::string Table::written(std::string_view key, Shape shape) {
  const std::string name(key);
  switch (shape) {
    case Shape::Section: return "[" + name + "]";
    case Shape::List: return "[[" + name + "]]";
    case Shape::Setting: break;
  }
  return "\"" + name + "\"";
}

const toml::node* Table::find(std::string_view key, Shape shape) {
  asked_.try_emplace(std::string(key), shape);
  return table_.get(key);
}

}  // namespace vardbron::app
