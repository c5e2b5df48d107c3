#pragma once

#include "gateway/fhir/definitions.h"
#include "gateway/mapping/program.h"
#include "gateway/tree/document.h"

#include <span>
#include <string_view>
#include <vector>

namespace vardbron::mapping {

/// A document that is being written: knows the types of its elements and brings children into the order of the definitions.
/// Lives for one run; its memory is kept.
class Canvas {
 public:
  explicit Canvas(const Program& program) : program_(program) {}

  void start(tree::Document& document);
  tree::Document& document() { return *document_; }
  bool owns(const tree::Document* document) const { return document == document_; }

  fhir::TypeId type(tree::NodeId node) const { return node < info_.size() ? info_[node].type : 0; }
  void set_type(tree::NodeId node, fhir::TypeId type) { info(node).type = type; }
  tree::NameId id_of(const NameRef& name);

  /// The child an element that does not repeat already has, under any of its spellings; no_node when there is none.
  tree::NodeId existing(tree::NodeId parent, const ElementCode& element);
  /// Adds a child without value.
  tree::NodeId add(tree::NodeId parent, const ElementCode& element, const Spelling& spelling, fhir::TypeId type);
  /// Adds a child with a value.
  tree::NodeId add_text(tree::NodeId parent, const ElementCode& element, const Spelling& spelling, std::string_view text);
  /// The child is to stand in front of (-1) or behind (1) the others of its name.
  void place(tree::NodeId parent, tree::NodeId child, int position);
  bool has_place(tree::NodeId parent, const tree::NameId name, int position) const;

  /// Children were added past the canvas: what stands there, and in which order, is not known any more.
  void forget(tree::NodeId node);
  /// A resource says its type in its first child.
  void add_resource_type(tree::NodeId node, fhir::TypeId type);
  /// Children of every touched element in the order of its definition.
  void order();

 private:
  static constexpr std::uint16_t unknown_order = 0xFFFF;
  struct Info {
    fhir::TypeId type = 0;
    std::uint16_t order_max = unknown_order, order_last = 0;  ///< of its children; unknown below what was copied
    std::uint16_t own_order = 0;                              ///< among its siblings; 0 = not known
    std::int8_t position = 0;
    bool is_unordered = false;
  };
  Info& info(tree::NodeId node);
  void note(tree::NodeId parent, tree::NodeId child, const ElementCode& element, fhir::TypeId type);
  void mark(tree::NodeId parent);
  std::uint32_t order_of(fhir::TypeId of, tree::NodeId parent, tree::NodeId child) const;
  void order_children(tree::NodeId parent);

  const Program& program_;
  tree::Document* document_ = nullptr;
  std::vector<Info> info_;
  std::vector<tree::NodeId> unordered_;
  std::vector<std::pair<std::uint32_t, tree::NodeId>> sorted_;
  std::vector<tree::NodeId> children_;
};

}  // namespace vardbron::mapping
