#pragma once

// Tested by tests/fhir/definitions_test.cpp.

#include "gateway/fhir/definitions.h"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

/// Binary format of the definitions table: one block of bytes, little-endian, offsets from its start. Written by TableBuilder,
/// read in place by Definitions. Increment `table_version` when a record changes.
namespace vardbron::fhir {

static_assert(std::endian::native == std::endian::little, "the table is mapped as it lies on disk");

inline constexpr char table_magic[8] = {'V', 'B', 'R', '4', 'D', 'E', 'F', '\n'};
inline constexpr std::uint32_t table_version = 4;
inline constexpr std::uint16_t no_upper_bound = 0xFFFF;
inline constexpr std::uint32_t not_listed = 0xFFFFFFFFu;  ///< codes_count of a set that cannot be enumerated

/// Texts are identified by their offset in the text section, where a 32-bit length precedes the bytes. Offset 0 is the empty
/// text.
using TextId = std::uint32_t;

struct TypeRecord {
  TextId name = 0, canonical = 0, xml_namespace = 0;
  TypeId base = 0, system_type = 0;
  TypeKind kind = TypeKind::Complex;
  tree::Kind json_kind = tree::Kind::Object;
  bool is_abstract = false;
  std::uint8_t filler = 0;
  std::uint32_t elements_first = 0, elements_count = 0;
  std::uint32_t steps_first = 0, steps_size = 0;  ///< open addressing by NameId; the size is a power of two, or 0
  std::uint32_t invariants_first = 0, invariants_count = 0;
  std::uint32_t search_first = 0, search_count = 0;
};

struct StepRecord {
  tree::NameId name = 0;  ///< 0 = free slot
  std::uint32_t element = 0;
  TypeId type = 0;
};

struct TypeSlot {
  TextId text = 0;  ///< name or canonical; 0 = free slot
  TypeId type = 0;
};

struct InvariantRecord {
  TextId key = 0, severity = 0, human = 0, expression = 0, path = 0;
};

struct SearchRecord {
  TextId code = 0, base = 0, type = 0, expression = 0, targets = 0;
};

struct CodeRecord {
  TextId system = 0, code = 0, display = 0;
};

struct CodeSetRecord {  ///< a canonical with rows; each kind is sorted by canonical
  TextId canonical = 0;
  std::uint32_t codes_first = 0, codes_count = 0;
};

struct LinkRecord {
  TextId parent = 0, code = 0;
};

struct MappedRecord {
  TextId source_system = 0, source = 0, target_system = 0, target = 0, display = 0, relation = 0;
};

struct Section {
  std::uint32_t offset = 0, count = 0;  ///< bytes from the start; number of records
};

struct TableHeader {
  char magic[8] = {};
  std::uint32_t version = 0;
  std::uint32_t size = 0;  ///< of the whole table, in bytes
  TextId fhir_version = 0;
  Section texts, names, types, elements, element_types, targets, values, steps, type_slots, invariants, search, value_sets,
      code_systems, codes, hierarchies, links, concept_maps, mapped;
};

/// Start of the probe sequence of a text in the type slots.
constexpr std::uint32_t text_hash(std::string_view text) {
  std::uint32_t hash = 2166136261u;
  for (char letter : text) hash = (hash ^ static_cast<unsigned char>(letter)) * 16777619u;
  return hash ^ (hash >> 15);
}

/// Start of the probe sequence of a name in a type's steps.
constexpr std::uint32_t name_hash(tree::NameId name) { return (name * 2654435769u) >> 7; }

/// The sections of a table as spans over its bytes.
struct TableView {
  std::string_view texts;
  TextId fhir_version = 0;
  std::span<const TextId> names;      ///< text of NameId 1, 2, 3 ..
  std::span<const TypeRecord> types;  ///< [0] is "no type"
  std::span<const Element> elements;
  std::span<const ElementType> element_types;
  std::span<const TypeId> targets;
  std::span<const ValueNode> values;
  std::span<const StepRecord> steps;
  std::span<const TypeSlot> type_slots;
  std::span<const InvariantRecord> invariants;
  std::span<const SearchRecord> search;
  std::span<const CodeSetRecord> value_sets, code_systems;
  std::span<const CodeRecord> codes;
  std::span<const CodeSetRecord> hierarchies, concept_maps;  ///< over links, over mapped
  std::span<const LinkRecord> links;
  std::span<const MappedRecord> mapped;

  std::string_view text(TextId id) const;
  TypeId find_type(std::string_view name) const;
};

/// Broken: not a table, another version, or truncated. The bytes must be aligned to 8 and outlive the view.
Result<TableView> view_table(std::span<const std::byte> bytes);

}  // namespace vardbron::fhir
