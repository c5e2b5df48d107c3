#include "gateway/fhir/table.h"

#include <cstring>

namespace vardbron::fhir {

namespace {

template <class T>
bool lay(std::span<const std::byte> bytes, Section section, std::span<const T>& out) {
  std::uint64_t end = section.offset + std::uint64_t{section.count} * sizeof(T);
  if (section.offset % alignof(T) != 0 || end > bytes.size()) return false;
  out = {reinterpret_cast<const T*>(bytes.data() + section.offset), section.count};
  return true;
}

bool lay_all(std::span<const std::byte> bytes, const TableHeader& header, TableView& view) {
  std::span<const char> letters;
  bool fits = lay(bytes, header.texts, letters) && lay(bytes, header.names, view.names) && lay(bytes, header.types, view.types) &&
              lay(bytes, header.elements, view.elements) && lay(bytes, header.element_types, view.element_types) &&
              lay(bytes, header.targets, view.targets) && lay(bytes, header.values, view.values) &&
              lay(bytes, header.steps, view.steps) && lay(bytes, header.type_slots, view.type_slots) &&
              lay(bytes, header.invariants, view.invariants) && lay(bytes, header.search, view.search) &&
              lay(bytes, header.value_sets, view.value_sets) && lay(bytes, header.code_systems, view.code_systems) &&
              lay(bytes, header.codes, view.codes) && lay(bytes, header.hierarchies, view.hierarchies) &&
              lay(bytes, header.links, view.links) && lay(bytes, header.concept_maps, view.concept_maps) &&
              lay(bytes, header.mapped, view.mapped);
  view.texts = {letters.data(), letters.size()};
  view.fhir_version = header.fhir_version;
  return fits && !view.types.empty() && std::has_single_bit(view.type_slots.size());
}

}  // namespace

Result<TableView> view_table(std::span<const std::byte> bytes) {
  TableHeader header;
  if (bytes.size() < sizeof header) return Failure{Cause::Broken, "The definitions table is cut off.", ""};
  std::memcpy(&header, bytes.data(), sizeof header);
  if (std::memcmp(header.magic, table_magic, sizeof table_magic) != 0)
    return Failure{Cause::Broken, "This is not a table of FHIR definitions.", ""};
  if (header.version != table_version)
    return Failure{Cause::Broken, "The definitions table was built for another version of this program; build it again.", ""};
  if (header.size != bytes.size()) return Failure{Cause::Broken, "The definitions table is cut off.", ""};
  TableView view;
  if (!lay_all(bytes, header, view)) return Failure{Cause::Broken, "The definitions table is damaged; build it again.", ""};
  return view;
}

std::string_view TableView::text(TextId id) const {
  std::uint32_t length;
  CHECK(id + sizeof length <= texts.size());
  std::memcpy(&length, texts.data() + id, sizeof length);
  return texts.substr(id + sizeof length, length);
}

TypeId TableView::find_type(std::string_view name) const {
  if (name.empty()) return 0;
  std::size_t mask = type_slots.size() - 1;
  for (std::size_t at = text_hash(name) & mask; type_slots[at].text != 0; at = (at + 1) & mask)
    if (text(type_slots[at].text) == name) return type_slots[at].type;
  return 0;
}

}  // namespace vardbron::fhir
