#include "gateway/formats/json/write.h"

#include "gateway/base/check.h"
#include "gateway/formats/json/output.h"

#include <algorithm>
#include <cstdint>
#include <unordered_map>
#include <utility>
#include <vector>

namespace vardbron::json {

namespace {

using tree::Document;
using tree::Kind;
using tree::NameId;
using tree::no_node;
using tree::NodeId;

// Far above what parsers (limits::document_depth_max) and maps (limits::map_depth_max) can build.
constexpr std::size_t depth_max = 4096;

/// Siblings in the document's order.
class Chain {
 public:
  Chain(const Document& document, NodeId first) : document_(&document), node_(first) {}
  NodeId node() const { return node_; }
  void advance() { node_ = document_->next(node_); }

 private:
  const Document* document_;
  NodeId node_;
};

/// Siblings in a separate order; no_node ends them.
class Listed {
 public:
  explicit Listed(const NodeId* first) : at_(first) {}
  NodeId node() const { return *at_; }
  void advance() { ++at_; }

 private:
  const NodeId* at_;
};

template <bool Pretty>
class Writer {
 public:
  Writer(std::string& out, const Document& document, bool fhir)
      : out_(out, document.body().size() + 24 * document.size()), document_(document), fhir_(fhir) {}

  void run(NodeId branch) {
    write_value(branch);
    out_.finish();
  }

 private:
  void write_value(NodeId node) {
    switch (document_.kind(node)) {
      case Kind::Object: return write_object(document_.first_child(node));
      case Kind::String:
      case Kind::Xhtml: return out_.put_string(document_.text(node));
      case Kind::Number:
      case Kind::Boolean: return out_.put_raw(document_.text(node));
      case Kind::Null: return out_.put_raw("null");
    }
  }

  void write_object(NodeId first) {
    if (first == no_node) return out_.put_raw("{}");
    CHECK(++depth_ < depth_max);
    if (document_.name(first) == 0) {
      write_items(Chain(document_, first), 0);
    } else if (has_strays(first)) {
      const std::vector<NodeId> order = grouped(first);
      write_members(Listed(order.data()));
    } else {
      write_members(Chain(document_, first));
    }
    --depth_;
  }

  template <class Siblings>
  void write_members(Siblings at) {
    out_.put('{');
    bool is_first = true;
    while (at.node() != no_node) {
      if (!is_first) out_.put(',');
      is_first = false;
      write_member(at);
    }
    new_line(depth_ - 1);
    out_.put('}');
  }

  /// Writes the siblings of one name and advances `at` past them.
  template <class Siblings>
  void write_member(Siblings& at) {
    const NodeId node = at.node();
    const NameId name = document_.name(node);
    const Siblings run = at;
    at.advance();
    const bool is_list = document_.in_list(node) || (at.node() != no_node && document_.name(at.node()) == name);
    const bool has_extras = fhir_ && (is_list ? list_has_extras(run, name) : has_children_beside_value(node));
    if (!has_extras || !is_all_null(run, is_list, name)) {
      write_key(name, false);
      if (is_list) {
        at = write_items(run, name);
      } else {
        write_value(node);
      }
      if (has_extras) out_.put(',');
    }
    if (has_extras) at = write_extras(run, is_list, name);
  }

  bool has_children_beside_value(NodeId node) const {
    return document_.kind(node) != Kind::Object && document_.first_child(node) != no_node;
  }

  template <class Siblings>
  bool list_has_extras(Siblings at, NameId name) const {
    for (; at.node() != no_node && document_.name(at.node()) == name; at.advance()) {
      if (has_children_beside_value(at.node())) return true;
    }
    return false;
  }

  /// If there are only ids and extensions, `_name` is written alone.
  template <class Siblings>
  bool is_all_null(Siblings at, bool is_list, NameId name) const {
    do {
      if (document_.kind(at.node()) != Kind::Null) return false;
      at.advance();
    } while (is_list && at.node() != no_node && document_.name(at.node()) == name);
    return true;
  }

  void write_key(NameId name, bool with_underscore) {
    new_line(depth_);
    out_.put_key(document_.name_text(name), with_underscore, Pretty);
  }

  template <class Siblings>
  Siblings write_items(Siblings at, NameId name) {
    return write_list(at, name, [this](NodeId node) { write_value(node); });
  }

  template <class Siblings>
  Siblings write_extras(Siblings at, bool is_list, NameId name) {
    write_key(name, true);
    const auto write_one = [this](NodeId node) {
      has_children_beside_value(node) ? write_object(document_.first_child(node)) : out_.put_raw("null");
    };
    if (is_list) return write_list(at, name, write_one);
    write_one(at.node());
    at.advance();
    return at;
  }

  /// A list is one level deeper than its key, and an unnamed list is a level itself.
  template <class Siblings, class WriteOne>
  Siblings write_list(Siblings at, NameId name, WriteOne write_one) {
    const bool is_named = name != 0;
    depth_ += is_named;
    out_.put('[');
    bool is_first = true;
    for (; at.node() != no_node && document_.name(at.node()) == name; at.advance()) {
      if (!is_first) out_.put(',');
      is_first = false;
      new_line(depth_);
      write_one(at.node());
    }
    depth_ -= is_named;
    new_line(depth_ - !is_named);
    out_.put(']');
    return at;
  }

  /// True if there are siblings of one name that are not adjacent. Usually one bit per name shows that there are none.
  bool has_strays(NodeId first) {
    std::uint64_t seen = 0;
    NameId previous = 0;
    bool maybe = false;
    for (NodeId at = first; at != no_node; at = document_.next(at)) {
      const NameId name = document_.name(at);
      const std::uint64_t bit = name == previous ? 0 : std::uint64_t{1} << (name & 63u);
      maybe |= (seen & bit) != 0;
      seen |= bit;
      previous = name;
    }
    return maybe && has_strays_indeed(first);
  }

  bool has_strays_indeed(NodeId first) {
    names_.clear();
    for (NodeId at = first; at != no_node; at = document_.next(at)) {
      if (names_.empty() || names_.back() != document_.name(at)) names_.push_back(document_.name(at));
    }
    std::sort(names_.begin(), names_.end());
    return std::adjacent_find(names_.begin(), names_.end()) != names_.end();
  }

  /// The siblings, each moved to the first one of its name.
  std::vector<NodeId> grouped(NodeId first) const {
    std::unordered_map<NameId, std::size_t> ranks;
    std::vector<std::pair<std::size_t, NodeId>> ranked;
    for (NodeId at = first; at != no_node; at = document_.next(at)) {
      const auto [rank, is_new] = ranks.try_emplace(document_.name(at), ranks.size());
      ranked.emplace_back(rank->second, at);
    }
    std::stable_sort(ranked.begin(), ranked.end(), [](const auto& one, const auto& other) { return one.first < other.first; });
    std::vector<NodeId> order;
    for (const auto& [rank, node] : ranked) order.push_back(node);
    order.push_back(no_node);
    return order;
  }

  void new_line(std::size_t depth) {
    if constexpr (Pretty) out_.put_line(depth);
  }

  Output out_;
  const Document& document_;
  bool fhir_;
  std::size_t depth_ = 0;
  std::vector<NameId> names_;
};

}  // namespace

void write_to(std::string& out, const Document& document, NodeId branch, WriteOptions options) {
  if (options.pretty) {
    Writer<true>(out, document, options.fhir).run(branch);
  } else {
    Writer<false>(out, document, options.fhir).run(branch);
  }
}

std::string write(const Document& document, NodeId branch, WriteOptions options) {
  std::string out;
  write_to(out, document, branch, options);
  return out;
}

std::string write(const Document& document, WriteOptions options) { return write(document, 0, options); }

}  // namespace vardbron::json
