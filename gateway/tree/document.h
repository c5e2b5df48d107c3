#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.h"
#include "gateway/tree/names.h"

namespace vardbron::tree {

using NodeId = std::uint32_t;  ///< index into a document's nodes; 0 is the root

inline constexpr NodeId no_node = 0xFFFFFFFFu;

/// What a node's own value is. A node of any kind may have children (a FHIR primitive carries `id` and `extension`).
enum class Kind : std::uint8_t {
  Object,   ///< no value of its own
  String,
  Number,   ///< the digits as they were written: 1.10 stays 1.10
  Boolean,  ///< text is "true" or "false"
  Null,     ///< a primitive without value: JSON null in a list, or only an extension
  Xhtml,    ///< narrative; text is the <div> element, serialised
};

/// Where a node came from: byte offset into the body it was read from. Lines and columns are counted when asked for.
struct Position {
  std::uint32_t line = 0;    ///< 1-based; 0 = unknown
  std::uint32_t column = 0;  ///< 1-based, in bytes
};

/// One message as a tree. JSON, XML, HL7 v2 and CSV look alike from here on:
///  * an element that repeats is several children of one name, each marked as `in_list` when its syntax was (or will be) a list;
///  * a FHIR primitive's `_name` part hangs below it as children;
///  * order is the order of the source;
///  * an XML attribute is a child marked `is_attribute`.
/// A node is 16 bytes. Texts live in the body the document owns, or in pages whose addresses never change, so a string_view of a
/// text lives as long as the document. NodeIds stay valid while nodes are added; nothing is ever removed (build a new document).
/// One thread at a time; any number of threads may read once it is finished.
class Document {
 public:
  /// `names` must outlive the document.
  explicit Document(const Names& names);
  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;
  Document(const Document&) = delete;
  ~Document();

  /// Takes the bytes a parser works on; texts added with add_in_body point into it. At most 64 MiB. Call before adding nodes.
  std::string& own_body(std::string body);
  std::string_view body() const;

  // --- building ---
  /// Id of a name in this document: the table's, or a local one (>= names().size()) for a text the table does not know.
  NameId intern(std::string_view text);
  /// Appends a child behind the parent's last one; parent must be the root or an open branch of this document.
  NodeId add(NodeId parent, NameId name, Kind kind, bool in_list = false);
  NodeId add_text(NodeId parent, NameId name, Kind kind, std::string_view text, bool in_list = false);  ///< copies the text
  NodeId add_in_body(NodeId parent, NameId name, Kind kind, std::size_t offset, std::size_t length, bool in_list = false);
  void set_text(NodeId node, Kind kind, std::string_view text);  ///< gives a node a (new) value; its children stay
  void set_kind(NodeId node, Kind kind);
  void set_in_list(NodeId node, bool in_list);
  void set_attribute(NodeId node);
  void set_offset(NodeId node, std::size_t offset);  ///< source position, kept only if positions were asked for
  void keep_positions();
  /// Namespace URI of an XML node; "" for none. Costs nothing where no namespace was ever set.
  void set_namespace(NodeId node, std::string_view uri);
  /// Deep copy of a branch of this or another document below `parent`, under another name if given. Other document: same Names.
  NodeId copy(NodeId parent, const Document& from, NodeId branch, NameId as = 0, bool in_list = false);
  /// Unhooks a child (and what hangs below it) from its parent. The nodes' storage stays.
  void remove(NodeId parent, NodeId child);
  /// Ready for the next message: nodes and texts are forgotten, their memory is kept.
  void clear();

  // --- reading ---
  const Names& names() const { return *names_; }
  std::size_t size() const { return nodes_.size(); }
  Kind kind(NodeId node) const;
  NameId name(NodeId node) const;
  std::string_view name_text(NameId id) const;  ///< also for local names
  /// Id under which this document knows a name; 0 when no node here can carry it.
  NameId find_name(std::string_view text) const;
  bool in_list(NodeId node) const;
  bool is_attribute(NodeId node) const;
  bool has_value(NodeId node) const;          ///< String, Number, Boolean or Xhtml
  std::string_view text(NodeId node) const;   ///< "" when there is no value
  NodeId first_child(NodeId node) const;      ///< no_node when there is none
  NodeId next(NodeId node) const;             ///< next sibling; no_node behind the last one
  NodeId child(NodeId node, NameId name) const;            ///< first child of that name, or no_node
  NodeId child(NodeId node, std::string_view name) const;
  std::string_view namespace_of(NodeId node) const;
  Position position(NodeId node) const;

 private:
  struct Node {
    std::uint32_t name;
    std::uint32_t next;
    std::uint32_t first;  // first child, or place of the text where the node is a plain leaf
    std::uint32_t bits;   // length 26 | kind 3 | in_list | in_body | split
  };
  static_assert(sizeof(Node) == 16);
  struct Side;  // what few documents need: local names, positions, namespaces, attributes

  const Names* names_;
  std::vector<Node> nodes_;
  std::vector<NodeId> last_children_;
  std::string body_;
  std::unique_ptr<Side> side_;
};

/// A light handle on one node. Lives no longer than its document.
struct Item {
  const Document* document = nullptr;
  NodeId node = no_node;

  explicit operator bool() const { return node != no_node; }
  Kind kind() const { return document->kind(node); }
  NameId name() const { return document->name(node); }
  std::string_view name_text() const { return document->name_text(document->name(node)); }
  std::string_view text() const { return document->text(node); }
  bool has_value() const { return document->has_value(node); }
  Item first_child() const { return {document, document->first_child(node)}; }
  Item next() const { return {document, document->next(node)}; }
  /// Empty handle when there is no such child; an empty handle has no children.
  Item child(std::string_view name) const { return *this ? Item{document, document->child(node, name)} : Item{}; }
  /// Text of the child of that name, or "" - for FHIR's many optional strings.
  std::string_view text_of(std::string_view name) const {
    Item found = child(name);
    return found ? found.text() : std::string_view{};
  }
  bool operator==(const Item&) const = default;
};

inline Item root(const Document& document) { return {&document, 0}; }

}  // namespace vardbron::tree
