#pragma once

#include "gateway/base/check.h"
#include "gateway/base/result.h"
#include "gateway/tree/lines.h"
#include "gateway/tree/names.h"
#include "gateway/tree/text_pages.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vardbron::tree {

using NodeId = std::uint32_t;  ///< index into a document's nodes; 0 is the root

inline constexpr NodeId no_node = 0xFFFFFFFFu;

/// Kind of a node's own value. A node of any kind may have children (a FHIR primitive has `id` and `extension`).
enum class Kind : std::uint8_t {
  Object,  ///< no value of its own
  String,
  Number,   ///< the digits as written: 1.10 stays 1.10
  Boolean,  ///< text is "true" or "false"
  Null,     ///< a primitive without value: JSON null in a list, or only an extension
  Xhtml,    ///< narrative; text is the <div> element, serialised
};

/// One message as a tree, the same for JSON, XML, HL7 v2 and CSV:
///  * an element that repeats is several children of one name, each marked as `in_list` when its syntax was (or will be) a list;
///  * the members of a FHIR primitive's `_name` are its children;
///  * order is the order of the source;
///  * an XML attribute is a child marked `is_attribute`;
///  * the root is the message itself: JSON's outer object (name 0), XML's root element (named).
/// A node is 16 bytes. Texts are in the body that the document owns, or in pages whose addresses never change. Texts and NodeIds
/// are valid until clear() or the end of the document: remove() unlinks nodes, their storage stays.
/// One thread at a time; any number of threads may read once it is finished.
class Document {
 public:
  static constexpr std::size_t body_bytes_max = (1u << 26) - 1;

  /// `names` must outlive the document.
  explicit Document(const Names& names);
  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;
  Document(const Document&) = delete;
  ~Document();

  /// Takes the bytes for a parser; texts added with add_in_body refer to it. At most body_bytes_max. Call before adding nodes.
  std::string& own_body(std::string body);
  std::string_view body() const { return body_; }
  char* body_bytes() { return body_.data(); }  ///< for parsers that decode in place

  // --- building ---
  /// Id of a name in this document: the table's, or a local one (>= names().size()) for a text outside the table.
  NameId intern(std::string_view text);
  /// Appends a child; parent must be the root or a linked node of this document.
  NodeId add(NodeId parent, NameId name, Kind kind, bool in_list = false);
  NodeId add_text(NodeId parent, NameId name, Kind kind, std::string_view text, bool in_list = false);  ///< copies the text
  /// A text stored in this document, for use as the value of any number of nodes; valid until clear().
  struct Kept {
    std::uint32_t place = 0, length = 0;
  };
  Kept keep(std::string_view text);
  NodeId add_kept(NodeId parent, NameId name, Kind kind, Kept text, bool in_list = false);
  NodeId add_in_body(NodeId parent, NameId name, Kind kind, std::size_t offset, std::size_t length, bool in_list = false);
  void set_text(NodeId node, Kind kind, std::string_view text);  ///< gives a node a (new) value; its children stay
  void set_in_body(NodeId node, Kind kind, std::size_t offset, std::size_t length);  ///< the same with a text of the body
  void set_kind(NodeId node, Kind kind);
  void set_name(NodeId node, NameId name);
  void set_in_list(NodeId node, bool in_list);
  void set_attribute(NodeId node);
  void set_offset(NodeId node, std::size_t offset);  ///< source position, kept only if positions were asked for
  /// Records the line starts of the body before a parser rewrites it in place: call it directly after own_body.
  void keep_positions();
  bool keeps_positions() const;
  /// Namespace URI of an XML node; "" for none. Costs nothing in documents without namespaces.
  void set_namespace(NodeId node, std::string_view uri);
  /// Deep copy of a branch of this or another document below `parent`, under another name if given. Other document: same Names.
  NodeId copy(NodeId parent, const Document& from, NodeId branch, NameId as = 0, bool in_list = false);
  /// Unlinks a child with its descendants from its parent. The nodes' storage stays.
  void remove(NodeId parent, NodeId child);
  /// Unlinks the children after `before` (no_node: from the first one) up to and including `last`.
  void remove_run(NodeId parent, NodeId before, NodeId last);
  /// Moves the last child of a branch after its child `behind` (no_node: to the front); `before` is its current predecessor.
  void move_last(NodeId parent, NodeId before, NodeId behind);
  /// Appends the children of `from` to those of `to`. `from` keeps its value.
  void take_children(NodeId to, NodeId from);
  /// Sorts all children of a node into this order; `children` must contain each of them once.
  void reorder(NodeId parent, std::span<const NodeId> children);
  /// Clears nodes and texts for the next message, keeps their memory.
  void clear();

  // --- reading ---
  const Names& names() const { return *names_; }
  std::size_t size() const { return count_; }  ///< counts storage: hidden and unlinked nodes too
  std::size_t local_names() const;
  Kind kind(NodeId node) const { return static_cast<Kind>(nodes_[node].bits >> kind_shift & 7u); }
  NameId name(NodeId node) const { return nodes_[node].name & ~attribute_bit; }
  std::string_view name_text(NameId id) const;  ///< also for local names
  /// Id of a name in this document; 0 if no node can have it.
  NameId find_name(std::string_view text) const;
  bool in_list(NodeId node) const { return (nodes_[node].bits & list_bit) != 0; }
  bool is_attribute(NodeId node) const { return (nodes_[node].name & attribute_bit) != 0; }
  bool has_value(NodeId node) const { return is_value(nodes_[node].bits); }  ///< String, Number, Boolean or Xhtml
  std::string_view text(NodeId node) const;                                  ///< "" if there is no value
  NodeId first_child(NodeId node) const;                                     ///< no_node if there is none
  NodeId last_child(NodeId node) const { return first_child(node) == no_node ? no_node : last_children_[node]; }
  NodeId next(NodeId node) const { return nodes_[node].next; }  ///< next sibling; no_node after the last one
  NodeId child(NodeId node, NameId name) const;                 ///< first child of that name, or no_node
  NodeId child(NodeId node, std::string_view name) const;
  std::string_view namespace_of(NodeId node) const;
  bool has_namespace(std::string_view uri) const;  ///< false: no node is of it
  Position position(NodeId node) const;

 private:
  struct Node {
    std::uint32_t name;  // top bit: is_attribute
    std::uint32_t next;
    std::uint32_t first;  // first child; place of the text in a leaf with a value; the hidden holder where split
    std::uint32_t bits;   // length 26 | kind 3 | in_list | in_body | split
  };
  static_assert(sizeof(Node) == 16);
  struct Side;  // for few documents: local names, positions, namespaces

  static constexpr std::uint32_t attribute_bit = 1u << 31;
  static constexpr std::uint32_t length_mask = (1u << 26) - 1;
  static constexpr unsigned kind_shift = 26;
  static constexpr std::uint32_t list_bit = 1u << 29, body_bit = 1u << 30, split_bit = 1u << 31;
  static constexpr std::uint32_t value_kinds = 0b101110;  // one bit per Kind

  static bool is_value(std::uint32_t bits) { return (value_kinds >> (bits >> kind_shift & 7u) & 1u) != 0; }
  NodeId append(NodeId parent, NameId name, std::uint32_t first, std::uint32_t bits);
  NodeId hook(NodeId parent, NodeId child);  ///< returns the child
  void split(NodeId node);
  void place_text(NodeId node, Kind kind, std::uint32_t place, std::uint32_t length_and_home);
  void grow();
  Side& side();

  const Names* names_;
  std::vector<Node> nodes_;            // size = capacity; count_ nodes are in use
  std::vector<NodeId> last_children_;  // of a split node without children: the hidden holder
  std::uint32_t count_ = 1;
  std::string body_;
  TextPages pages_;
  std::unique_ptr<Side> side_;
};

// A leaf with a value and children is split: its `first` is a hidden node that holds the place of the text, followed by the
// children. So a leaf without children, nearly every node of a message, needs no second node.
inline std::string_view Document::text(NodeId node) const {
  const Node* holder = &nodes_[node];
  const std::uint32_t length = holder->bits & length_mask;
  if (length == 0) return {};
  const std::uint32_t bits = holder->bits;
  if ((bits & split_bit) != 0) holder = &nodes_[holder->first];
  return {(bits & body_bit) != 0 ? body_.data() + holder->first : pages_.at(holder->first), length};
}

[[gnu::always_inline]] inline NodeId Document::hook(NodeId parent, NodeId child) {
  const NodeId last = std::exchange(last_children_[parent], child);
  if (last != no_node) {
    nodes_[last].next = child;
  } else if (!is_value(nodes_[parent].bits)) {
    nodes_[parent].first = child;
  } else {
    split(parent);
    nodes_[nodes_[parent].first].next = last_children_[parent] = child;
  }
  return child;
}

[[gnu::always_inline]] inline NodeId Document::append(NodeId parent, NameId name, std::uint32_t first, std::uint32_t bits) {
  CHECK(parent < count_);
  const NodeId node = count_;
  if (node == nodes_.size()) [[unlikely]]
    grow();
  count_ = node + 1;
  nodes_[node] = {name, no_node, first, bits};
  last_children_[node] = no_node;
  return hook(parent, node);
}

inline NodeId Document::add(NodeId parent, NameId name, Kind kind, bool in_list) {
  const std::uint32_t bits = static_cast<std::uint32_t>(kind) << kind_shift | (in_list ? list_bit : 0);
  return append(parent, name, is_value(bits) ? 0 : no_node, bits);
}

[[gnu::always_inline]] inline NodeId Document::add_kept(NodeId parent, NameId name, Kind kind, Kept text, bool in_list) {
  const std::uint32_t bits = static_cast<std::uint32_t>(kind) << kind_shift | (in_list ? list_bit : 0) | text.length;
  CHECK(is_value(bits));
  return append(parent, name, text.place, bits);
}

inline NodeId Document::first_child(NodeId node) const {
  const Node& parent = nodes_[node];
  if (!is_value(parent.bits)) return parent.first;
  return (parent.bits & split_bit) != 0 ? nodes_[parent.first].next : no_node;
}

inline NodeId Document::child(NodeId node, NameId name) const {
  NodeId found = first_child(node);
  while (found != no_node && this->name(found) != name) found = nodes_[found].next;
  return found;
}

/// A handle to one node, valid as long as its document. An empty one has no value and no children.
struct Item {
  const Document* document = nullptr;
  NodeId node = no_node;

  explicit operator bool() const { return node != no_node; }
  Kind kind() const { return document->kind(node); }
  NameId name() const { return document->name(node); }
  std::string_view name_text() const { return document->name_text(document->name(node)); }
  std::string_view text() const { return document->text(node); }
  bool has_value() const { return *this && document->has_value(node); }
  Item first_child() const { return *this ? Item{document, document->first_child(node)} : Item{}; }
  Item next() const { return {document, document->next(node)}; }
  /// Empty handle if there is no such child.
  Item child(std::string_view name) const { return *this ? Item{document, document->child(node, name)} : Item{}; }
  /// Text of the child of that name, or "", for FHIR's many optional strings.
  std::string_view text_of(std::string_view name) const {
    Item found = child(name);
    return found ? found.text() : std::string_view{};
  }
  bool operator==(const Item&) const = default;
};

inline Item root(const Document& document) { return {&document, 0}; }

}  // namespace vardbron::tree
