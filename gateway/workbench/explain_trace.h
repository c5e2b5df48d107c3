#pragma once

// Tested by tests/workbench/explain_test.cpp.

#include "gateway/mapping/map.h"
#include "gateway/tree/document.h"
#include "gateway/workbench/paths.h"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::workbench {

/// Prints a run step by step, one line per step, nested like groups and rules: matches, rejections by a where, writes. Lines are
/// printed in batches, since the paths of output elements are computed for all of them at once; a path is the one at that time.
/// For one run; all arguments must outlive it.
class Trace final : public mapping::Observer {
 public:
  /// `source` is the message, `output` the document that the run writes. `line` is called with each line without its end.
  Trace(const mapping::Map& map, const tree::Document& source, const tree::Document& output,
        std::function<void(std::string_view)> line);
  Trace(const Trace&) = delete;
  ~Trace() override { tell(); }

  /// Prints the collected lines.
  void tell();

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
  struct Line {
    std::string before;
    tree::NodeId node = tree::no_node;  // of the output; its path is printed between `before` and `after`
    std::string after;
  };
  void say(std::string text, tree::NodeId node = tree::no_node, std::string after = {});
  std::string place_in_message(tree::Item item) const;

  const mapping::Map& map_;
  const tree::Document& source_;
  const tree::Document& output_;
  const Paths source_paths_;
  std::function<void(std::string_view)> line_;
  std::vector<Line> lines_;
  std::size_t depth_ = 0;
};

}  // namespace vardbron::workbench
