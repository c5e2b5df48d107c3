#pragma once

#include "gateway/mapping/map.h"
#include "gateway/tree/document.h"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace vardbron::workbench {

/// Tells a run step by step, one line a step, nested as groups and rules are: what was matched, where a where said no, what was
/// written. For one run; everything given to it outlives it.
class Trace final : public mapping::Observer {
 public:
  /// `output` is the document the run writes. `line` is given each line without its end.
  Trace(const mapping::Map& map, const tree::Document& output, std::function<void(std::string_view)> line);

  void entered(std::string_view group) override;
  void left(std::string_view group) override;
  void fired(mapping::RuleId rule, std::span<const tree::Item> sources) override;
  void ended(mapping::RuleId rule) override;
  void rejected(mapping::RuleId rule, tree::Item source) override;
  void wrote(mapping::RuleId rule, tree::Item target, tree::Item source) override;
  void translated(mapping::RuleId rule, const mapping::ConceptMap& map, std::string_view code,
                  const mapping::Translation& found) override;
  void logged(mapping::RuleId rule, std::string_view text) override;

 private:
  void say(std::string_view text);

  const mapping::Map& map_;
  const tree::Document& output_;
  std::function<void(std::string_view)> line_;
  std::size_t depth_ = 0;
};

}  // namespace vardbron::workbench
