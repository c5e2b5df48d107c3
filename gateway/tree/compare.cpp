#include "gateway/tree/compare.h"

#include "gateway/tree/path.h"

#include <algorithm>

namespace vardbron::tree {

namespace {

std::string_view kind_text(Kind kind) {
  switch (kind) {
    case Kind::Object: return "object";
    case Kind::String: return "string";
    case Kind::Number: return "number";
    case Kind::Boolean: return "boolean";
    case Kind::Null: return "null";
    case Kind::Xhtml: return "xhtml";
  }
  return "unknown";
}

class Comparison {
 public:
  Comparison(const Document& left, const Document& right, CompareOptions options)
      : left_(left), right_(right), options_(options) {}

  std::vector<Difference> run() {
    pairs_.push_back({0, 0});
    if (left_.name_text(left_.name(0)) != right_.name_text(right_.name(0))) differ(0, "the root elements have different names");
    while (!pairs_.empty() && found_.size() < options_.differences_max) {
      const Pair pair = pairs_.back();
      pairs_.pop_back();
      compare_values(pair.left, pair.right);
      compare_children(pair.left, pair.right);
    }
    return std::move(found_);
  }

 private:
  struct Pair {
    NodeId left, right;
  };

  void differ(NodeId left, std::string says) {
    if (found_.size() < options_.differences_max) found_.push_back({path_of(left_, left), std::move(says)});
  }

  void compare_values(NodeId left, NodeId right) {
    if (left_.kind(left) != right_.kind(right)) {
      differ(left, std::string(kind_text(left_.kind(left))) + " on the left, " + std::string(kind_text(right_.kind(right))) +
                       " on the right");
    } else if (left_.text(left) != right_.text(right)) {
      differ(left, "'" + std::string(left_.text(left)) + "' on the left, '" + std::string(right_.text(right)) + "' on the right");
    }
    if (options_.list_marks && left_.in_list(left) != right_.in_list(right)) {
      differ(left, left_.in_list(left) ? "in a list on the left only" : "in a list on the right only");
    }
    if (options_.attributes && left_.is_attribute(left) != right_.is_attribute(right)) {
      differ(left, left_.is_attribute(left) ? "an attribute on the left only" : "an attribute on the right only");
    }
    if (options_.namespaces && left_.namespace_of(left) != right_.namespace_of(right)) {
      differ(left, "in different namespaces");
    }
  }

  static std::vector<NodeId> children_by_name(const Document& document, NodeId node) {
    std::vector<NodeId> children;
    for (NodeId at = document.first_child(node); at != no_node; at = document.next(at)) children.push_back(at);
    std::stable_sort(children.begin(), children.end(), [&](NodeId one, NodeId other) {
      return document.name_text(document.name(one)) < document.name_text(document.name(other));
    });
    return children;
  }

  void compare_children(NodeId left, NodeId right) {
    const std::vector<NodeId> lefts = children_by_name(left_, left);
    const std::vector<NodeId> rights = children_by_name(right_, right);
    std::size_t l = 0, r = 0;
    while (l < lefts.size() || r < rights.size()) {
      const int order = l == lefts.size() ? 1 : r == rights.size() ? -1 : name(left_, lefts[l]).compare(name(right_, rights[r]));
      if (order == 0) {
        pairs_.push_back({lefts[l++], rights[r++]});
      } else if (order < 0) {
        differ(lefts[l++], "only on the left");
      } else {
        if (found_.size() < options_.differences_max) found_.push_back({path_of(right_, rights[r]), "only on the right"});
        ++r;
      }
    }
  }

  static std::string_view name(const Document& document, NodeId node) { return document.name_text(document.name(node)); }

  const Document& left_;
  const Document& right_;
  CompareOptions options_;
  std::vector<Pair> pairs_;
  std::vector<Difference> found_;
};

}  // namespace

std::vector<Difference> differences(const Document& left, const Document& right, CompareOptions options) {
  return Comparison(left, right, options).run();
}

std::string describe_differences(const Document& left, const Document& right, CompareOptions options) {
  std::string lines;
  for (const Difference& difference : differences(left, right, options)) {
    lines += difference.path + ": " + difference.says + "\n";
  }
  return lines;
}

}  // namespace vardbron::tree
