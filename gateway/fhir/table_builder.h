#pragma once

// Tested by tests/fhir/definitions_test.cpp and tests/fhir/models_test.cpp.

#include "gateway/base/result.h"
#include "gateway/fhir/structure.h"
#include "gateway/fhir/table.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace vardbron::fhir {

/// Builds a definitions table: the whole of R4 at build time, or an existing table with added logical models at start. Declare
/// all structures before defining any, since they refer to each other. One thread.
class TableBuilder {
 public:
  explicit TableBuilder(std::string_view fhir_version);
  /// Starts with the content of a table; all its ids stay valid.
  explicit TableBuilder(const TableView& table);

  TextId text(std::string_view letters);
  tree::NameId name(std::string_view letters);
  TypeId find_type(std::string_view name_or_canonical) const;
  std::string_view type_name(TypeId type) const { return text_of(types_[type].name); }

  /// Creates ids for the structure and for each of its elements that has children.
  TypeId declare(const StructureDraft& structure);
  /// Defines the elements. Invalid: an element cannot be used; `says` names it.
  Result<void> define(const StructureDraft& structure);

  TypeRecord& type(TypeId id) { return types_[id]; }
  TypeId type_count() const { return static_cast<TypeId>(types_.size()); }
  /// Call type by type: the records of a type are adjacent.
  void add_search_parameter(TypeId resource, const SearchParameter& parameter);
  std::vector<CodeRecord>& codes() { return codes_; }
  void add_value_set(CodeSetRecord set) { value_sets_.push_back(set); }
  void add_code_system(CodeSetRecord set) { code_systems_.push_back(set); }
  void add_hierarchy(TextId code_system, std::span<const LinkRecord> links);
  void add_concept_map(TextId canonical, std::span<const MappedRecord> rows);

  std::vector<std::byte> write();

 private:
  struct Range {  // of a structure's elements: `root` and those below its path
    const StructureDraft* structure;
    std::size_t root, end;
  };
  std::string_view text_of(TextId id) const;
  TypeId add_type(std::string_view name, std::string_view canonical, TypeKind kind);
  void register_type(std::string_view letters, TypeId type);
  void claim_name(std::string_view letters, TypeId type);
  std::string backbone_name(const StructureDraft& structure, std::string_view path) const;
  TypeId type_of(const TypeDraft& draft) const;
  Result<void> define_type(TypeId type, Range range);
  std::vector<Element> inherited_elements(TypeId type) const;
  bool derives(TypeId type, TypeId from) const;
  static void take_inherited(Element& element, const Element& inherited);
  Result<Element> make_element(const StructureDraft& structure, std::size_t at, bool has_children);
  Result<void> add_types(const StructureDraft& structure, std::size_t at, bool has_children, Element& element);
  void add_values(const ElementDraft& draft, Element& element);
  void add_invariants(TypeId type, Range range);
  void add_steps(TypeId type);
  void add_type_slots();

  std::string texts_;
  std::unordered_map<std::string, TextId> text_ids_;
  std::unordered_map<std::string, tree::NameId> name_ids_;
  std::unordered_map<std::string, TypeId> type_ids_;
  TextId fhir_version_ = 0;
  TypeId first_added_ = 0;  ///< types before it are those of the table the builder started from
  std::vector<TextId> names_;
  std::vector<TypeRecord> types_;
  std::vector<Element> elements_;
  std::vector<ElementType> element_types_;
  std::vector<TypeId> targets_;
  std::vector<ValueNode> values_;
  std::vector<StepRecord> steps_;
  std::vector<TypeSlot> type_slots_;
  std::vector<InvariantRecord> invariants_;
  std::vector<SearchRecord> search_;
  std::vector<CodeSetRecord> value_sets_, code_systems_, hierarchies_, concept_maps_;
  std::vector<CodeRecord> codes_;
  std::vector<LinkRecord> links_;
  std::vector<MappedRecord> mapped_;
};

}  // namespace vardbron::fhir
