#pragma once

#include "gateway/mapping/map.h"
#include "gateway/tree/document.h"
#include "gateway/workbench/paths.h"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::workbench {

/// Tells a run step by step, one line a step, nested as groups and rules are: what was matched, where a where said no, what was
/// written. Lines are told when some have gathered, since where an element of the output stands is found for all of them at once;
/// its place is the one it has by then. For one run; everything given to it outlives it.
class Trace final : public mapping::Observer {
 public:
  /// `source` is the message, `output` the document the run writes. `line` is given each line without its end.
  Trace(const mapping::Map& map, const tree::Document& source, const tree::Document& output,
        std::function<void(std::string_view)> line);
  Trace(const Trace&) = delete;
  ~Trace() override { tell(); }

  /// Tells the lines that have gathered.
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
    tree::NodeId node = tree::no_node;  // of the output; its place stands between
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
