#include "gateway/workbench/inverse_proof.h"

#include "gateway/base/text.h"
#include "gateway/mapping/syntax/parse.h"
#include "gateway/mapping/syntax/print.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <deque>
#include <memory>
#include <optional>
#include <unordered_map>
#include <utility>

namespace vardbron::workbench {

namespace syntax = mapping::syntax;

namespace {

using mapping::RuleId;
using tree::NodeId;

/// Which rule touched which node first.
class Touched final : public mapping::Observer {
 public:
  void fired(RuleId rule, std::span<const tree::Item> sources) override {
    for (const tree::Item& item : sources) read_[item.document].try_emplace(item.node, rule);
  }
  void wrote(RuleId rule, tree::Item target, tree::Item /*source*/) override {
    written_[target.document][target.node] = rule;
    ++counts[rule];
  }

  std::optional<RuleId> reader_of(const tree::Document& document, NodeId node) const { return find(read_, document, node); }
  std::optional<RuleId> writer_of(const tree::Document& document, NodeId node) const { return find(written_, document, node); }

  std::unordered_map<RuleId, std::size_t> counts;

 private:
  using Index = std::unordered_map<const tree::Document*, std::unordered_map<NodeId, RuleId>>;

  static std::optional<RuleId> find(const Index& index, const tree::Document& document, NodeId node) {
    auto of_document = index.find(&document);
    if (of_document == index.end()) return std::nullopt;
    auto found = of_document->second.find(node);
    return found == of_document->second.end() ? std::nullopt : std::optional<RuleId>(found->second);
  }

  Index read_, written_;
};

/// A value of a message, with its path of nodes.
struct Leaf {
  std::string text;
  std::vector<NodeId> way;
};
using Leaves = std::map<std::string, Leaf>;

void add_leaves(const tree::Document& document, NodeId node, const std::string& path, std::vector<NodeId>& way, Leaves& out) {
  std::unordered_map<tree::NameId, std::size_t> counts;
  for (NodeId child = document.first_child(node); child != tree::no_node; child = document.next(child)) {
    const tree::NameId name = document.name(child);
    const std::string_view text = document.name_text(name);
    if (node == 0 && text == "resourceType") continue;
    const std::string here = (path.empty() ? "" : path + ".") + std::string(text) + "[" + std::to_string(counts[name]++) + "]";
    way.push_back(child);
    if (document.has_value(child)) out[here] = {std::string(document.text(child)), way};
    add_leaves(document, child, here, way, out);
    way.pop_back();
  }
}

Leaves leaves_of(const tree::Document& document) {
  Leaves out;
  std::vector<NodeId> way;
  add_leaves(document, 0, {}, way, out);
  return out;
}

std::string without_places(std::string_view path) {
  std::string out;
  bool inside = false;
  for (const char c : path) {
    inside = c == '[' || (inside && c != ']');
    if (!inside && c != ']') out += c;
  }
  return out;
}

std::string name_of(const mapping::Map& map, RuleId rule) {
  std::string_view path = map.rule(rule).path;
  path = path.substr(path.rfind('/') + 1);
  constexpr std::string_view way = "-way";
  if (path.size() > way.size() && path.substr(path.size() - way.size()) == way) path.remove_suffix(way.size());
  return std::string(path);
}

/// No imports: the inverse map is self-contained.
class Alone final : public mapping::Loader {
 public:
  std::vector<const syntax::Map*> maps(std::string_view) const override { return {}; }
  std::shared_ptr<const mapping::ConceptMap> concept_map(std::string_view) const override { return nullptr; }
};

void find_rule(const syntax::Map& map, const std::vector<syntax::Rule>& rules, syntax::Offset offset, std::string& name) {
  for (const syntax::Rule& rule : rules) {
    if (rule.offset > offset) return;
    name = rule.name;
    find_rule(map, rule.rules, offset, name);
  }
}

/// The rule at "inverse.fml:12:3" in a failure; "" if none is named.
std::string rule_at(const syntax::Map& map, const Failure& failure) {
  const std::string text = failure.where + " " + failure.says + " ";
  const std::size_t at = text.find(map.file + ":");
  if (at == std::string::npos) return {};
  const std::size_t begin = at + map.file.size() + 1;
  const std::size_t line = static_cast<std::size_t>(std::strtoul(text.c_str() + begin, nullptr, 10));
  std::size_t offset = 0;
  for (std::size_t i = 1; i < line && offset != std::string::npos; ++i) offset = map.text.find('\n', offset) + 1;
  const std::size_t end = map.text.find('\n', offset);  // a rule that begins on this line counts
  std::string name;
  for (const syntax::Group& group : map.groups) {
    if (group.name.offset <= end) find_rule(map, group.rules, static_cast<syntax::Offset>(std::min(end, map.text.size())), name);
  }
  constexpr std::string_view way = "-way";
  if (name.size() > way.size() && name.substr(name.size() - way.size()) == way) name.resize(name.size() - way.size());
  return name;
}

class Prover {
 public:
  explicit Prover(const ProofInput& input) : input_(input) {}

  Result<Proof> run() {
    map_forward();
    std::size_t rounds = 0;
    for (const std::size_t rounds_max = 500; rounds < rounds_max; ++rounds) {
      Result<bool> is_sound = try_once();
      if (!is_sound) return std::move(is_sound).failure();
      if (*is_sound) break;
    }
    std::vector<Loss> losses;
    for (auto& [path, loss] : losses_) losses.push_back(std::move(loss));
    proof_.losses = std::move(losses);
    return std::move(proof_);
  }

 private:
  struct Forward {
    const tree::Document* message = nullptr;
    tree::Document output;
    std::unique_ptr<Touched> touched;
  };

  void map_forward() {
    for (std::size_t i = 0; i < input_.messages.size(); ++i) {
      const tree::Document& message = input_.messages[i];
      auto touched = std::make_unique<Touched>();
      mapping::Environment environment = environment_of(i, touched.get());
      const std::array<tree::Item, 1> sources{tree::root(message)};
      Result<tree::Document> output = mapping::run(input_.forward, sources, environment);
      if (output)
        forward_.push_back({&message, std::move(*output), std::move(touched)});
      else
        ++proof_.refused;
    }
    proof_.messages = forward_.size();
  }

  mapping::Environment environment_of(std::size_t number, mapping::Observer* observer) {
    identities_.push_back("proof-" + std::to_string(number));
    mapping::Environment environment;
    environment.identity = identities_.back();
    environment.zone = input_.zone;
    environment.observer = observer;
    environment.keeps_empty = true;  // a message may have an empty element, which FHIR may not
    return environment;
  }

  /// True if no wrong value came back; else the rules that wrote them are refused from now on.
  Result<bool> try_once() {
    refused_before_ = refused_;
    proof_.inverse = invert(input_.map, refused_, input_.others);
    proof_.text = mapping::print(proof_.inverse.map);
    Result<syntax::Map> read = mapping::parse(proof_.inverse.map.file, proof_.text);
    if (!read) return std::move(read).failure();
    Result<mapping::Map> back = mapping::compile(*read, input_.definitions, Alone());
    if (!back) return refuse(*read, back.failure(), "the compiler refuses its inverse: " + back.failure().says);
    proof_.whole = proof_.elements = proof_.returned = 0;
    proof_.written.clear();
    losses_.clear();
    bool is_sound = true;
    mapping::Runner runner(*back);
    for (std::size_t i = 0; i < forward_.size() && is_sound; ++i) {
      Touched touched;
      mapping::Environment environment = environment_of(i, &touched);
      const std::array<tree::Item, 1> sources{tree::root(forward_[i].output)};
      tree::Document message(input_.definitions.names());
      Result<void> ran = runner.run(sources, environment, message);
      if (!ran) return refuse(*read, ran.failure(), "its inverse fails: " + ran.failure().says);
      is_sound = compare(forward_[i], message, *back, touched);
    }
    return is_sound;
  }

  Result<bool> refuse(const syntax::Map& inverse, const Failure& failure, std::string why) {
    const std::string name = rule_at(inverse, failure);
    if (name.empty() || !refused_.emplace(name, std::move(why)).second) return failure;
    return false;
  }

  bool compare(const Forward& forward, const tree::Document& back, const mapping::Map& map, const Touched& touched) {
    const Leaves before = leaves_of(*forward.message), after = leaves_of(back);
    bool is_sound = true;
    for (const auto& [path, leaf] : after) {
      auto was = before.find(path);
      if (was != before.end() && was->second.text == leaf.text) continue;
      const std::string why = was == before.end() ? "'" + without_places(path) + "' comes back where there was none"
                                                  : "'" + without_places(path) + "' comes back changed: '" + was->second.text +
                                                        "' as '" + leaf.text + "'";
      is_sound &= !blame(leaf, back, map, touched, why);
    }
    if (!is_sound) return false;
    for (const auto& [rule, count] : touched.counts) proof_.written[name_of(map, rule)] += count;
    proof_.elements += before.size();
    proof_.returned += after.size();
    if (after.size() == before.size()) ++proof_.whole;
    for (const auto& [path, leaf] : before) {
      if (after.count(path) == 0) add_loss(forward, path, leaf);
    }
    return true;
  }

  /// True if a rule was found that this round's inverse has. Several wrong values of one rule refuse that rule alone: the rule
  /// around it is refused only if a wrong value still comes back without it.
  bool blame(const Leaf& leaf, const tree::Document& back, const mapping::Map& map, const Touched& touched,
             const std::string& why) {
    for (std::size_t i = leaf.way.size(); i-- > 0;) {
      const std::optional<RuleId> rule = touched.writer_of(back, leaf.way[i]);
      if (!rule) continue;
      std::string name = name_of(map, *rule);
      if (refused_before_.count(name) > 0) continue;
      refused_.emplace(std::move(name), why);
      return true;
    }
    return false;
  }

  void add_loss(const Forward& forward, const std::string& path, const Leaf& leaf) {
    Loss& loss = losses_[without_places(path)];
    if (loss.count++ > 0) return;
    loss.path = without_places(path);
    loss.example = leaf.text;
    loss.why = "no rule reads it by itself";
    const std::optional<RuleId> rule = forward.touched->reader_of(*forward.message, leaf.way.back());
    if (!rule) return;
    const mapping::RuleInfo info = input_.forward.rule(*rule);
    const std::string where =
        std::string(info.file) + ":" + std::to_string(info.position.line) + ":" + std::to_string(info.position.column);
    for (const Verdict& verdict : proof_.inverse.rules) {
      if (verdict.where != where) continue;
      const std::string says = verdict.kind == Verdict::Kind::Inverted ? "its inverse does not find it again" : verdict.says;
      loss.why = where.substr(0, where.rfind(':')) + " " + verdict.path + ": " + says;
    }
  }

  const ProofInput& input_;
  Proof proof_;
  Refused refused_, refused_before_;  // the second: what this round's inverse leaves out
  std::vector<Forward> forward_;
  std::map<std::string, Loss> losses_;
  std::deque<std::string> identities_;
};

}  // namespace

Result<Proof> prove(const ProofInput& input) { return Prover(input).run(); }

}  // namespace vardbron::workbench
