#pragma once

// Tested by tests/mapping/direct_test.cpp and tests/mapping/run_test.cpp.

#include "gateway/fhir/definitions.h"
#include "gateway/mapping/compile/program.h"
#include "gateway/tree/document.h"

#include <span>
#include <string_view>
#include <vector>

namespace vardbron::mapping {

/// Writes a document: knows the types of its elements and sorts children by the definitions. For one run at a time; memory is
/// reused.
class TargetWriter {
 public:
  explicit TargetWriter(const Program& program) : program_(program) {}

  void start(tree::Document& document);
  tree::Document& document() { return *document_; }
  bool owns(const tree::Document* document) const { return document == document_; }

  fhir::TypeId type(tree::NodeId node) const { return node < known_ ? info_[node].type : 0; }
  void set_type(tree::NodeId node, fhir::TypeId type) { info(node).type = type; }
  tree::NameId id_of(const NameRef& name);

  /// The child that an element that does not repeat already has, as any of its variants; no_node if none.
  tree::NodeId existing(tree::NodeId parent, const ElementCode& element);
  /// Adds a child without value.
  tree::NodeId add(tree::NodeId parent, const ElementCode& element, const ChoiceVariant& variant, fhir::TypeId type);
  /// True if the element cannot exist yet or repeats, so no search is needed.
  bool is_new(tree::NodeId parent, const DirectCode& element) const {
    return parent < known_ && (element.repeats || (info_[parent].children & bit(element.order)) == 0);
  }
  /// Adds a child for which is_new holds; the text is for values only.
  tree::NodeId add_direct(tree::NodeId parent, const DirectCode& element, tree::Document::Kept text) {
    const bool is_value = element.kind != tree::Kind::Object;
    const tree::NodeId child = is_value ? document_->add_kept(parent, element.name, element.kind, text, element.repeats)
                                        : document_->add(parent, element.name, tree::Kind::Object, element.repeats);
    if (!is_value) made_.emplace_back(parent, child);
    return note(parent, child, element, element.type);
  }
  /// Places the child before (-1) or after (1) the others of its name.
  void place(tree::NodeId parent, tree::NodeId child, int position);
  bool has_place(tree::NodeId parent, const tree::NameId name, int position) const;

  /// Call after children were added without the TargetWriter: their order is unknown.
  void forget(tree::NodeId node);
  /// Adds the resourceType as the first child.
  void add_resource_type(tree::NodeId node, fhir::TypeId type);
  /// Call after a branch was copied: it may contain empty elements.
  void note_copied(tree::NodeId parent, tree::NodeId node);
  /// Sorts the children of every changed element by its definition.
  void order();
  /// FHIR has no empty elements (R4 json.html#primitive, xml.html): removes those that were created and never filled.
  void drop_empty();

 private:
  using Sorted = std::pair<std::uint32_t, tree::NodeId>;  ///< by key_of()
  static constexpr std::uint32_t unknown_children = ~0u;
  struct Info {
    fhir::TypeId type = 0;
    std::uint32_t children = unknown_children;  ///< bit order % 32 of each child; unknown below copied elements
    std::uint16_t order_last = 0;               ///< of its last child
    std::uint16_t own_order = 0;                ///< among its siblings; 0 = unknown
    std::int8_t position = 0;
    bool is_unordered = false;
  };
  static_assert(sizeof(Info) == 16);
  static std::uint32_t bit(std::uint16_t order) { return 1u << (order % 32); }
  Info& info(tree::NodeId node) {
    if (node >= known_) [[unlikely]]
      know(node);
    return info_[node];
  }
  /// Records a new child and its order. Element: a type with `order` and `of`.
  template <typename Element>
  [[gnu::always_inline]] tree::NodeId note(tree::NodeId parent, tree::NodeId child, const Element& element, fhir::TypeId type) {
    if (known_ != child || child == info_.size()) [[unlikely]]
      know(child);
    known_ = child + 1;
    Info& parents = info_[parent];
    const bool is_known = element.of != 0 && parents.type == element.of;
    info_[child] = {.type = type, .children = 0, .own_order = is_known ? element.order : std::uint16_t{0}};
    if (element.order >= parents.order_last && parents.children != unknown_children) [[likely]]
      parents.order_last = element.order;
    else if (!sort_in(parent, child))
      mark(parent);
    parents.children |= bit(element.order);
    return child;
  }
  void know(tree::NodeId node);
  void mark(tree::NodeId parent);
  bool sort_in(tree::NodeId parent, tree::NodeId child);
  std::uint32_t key_of(fhir::TypeId of, tree::NodeId parent, tree::NodeId child) const;
  void reorder(tree::NodeId parent, std::span<const Sorted> sorted);
  std::uint32_t order_of(fhir::TypeId of, tree::NodeId parent, tree::NodeId child) const;
  void order_children(tree::NodeId parent);
  void order_many(tree::NodeId parent);

  const Program& program_;
  tree::Document* document_ = nullptr;
  std::vector<Info> info_;  // size = capacity; the first known_ are in use
  tree::NodeId known_ = 0;
  std::vector<tree::NodeId> unordered_;
  std::vector<std::pair<tree::NodeId, tree::NodeId>> made_;  ///< without value: parents before their children
  std::vector<Sorted> sorted_;
  std::vector<tree::NodeId> children_;
};

}  // namespace vardbron::mapping
