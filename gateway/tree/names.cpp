#include "gateway/tree/names.h"

namespace vardbron::tree {

Names::Names(std::span<const std::string_view> texts) {
  table_.add({});  // id 0, so that ids are the table's numbers
  for (std::string_view text : texts) table_.add(text);
}

Names::~Names() = default;
Names::Names(Names&&) noexcept = default;
Names& Names::operator=(Names&&) noexcept = default;

NameId Names::find(std::string_view text) const {
  const std::uint32_t number = table_.find(text);
  return number == NameTable::none ? 0 : number;
}

}  // namespace vardbron::tree
