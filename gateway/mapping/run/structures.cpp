#include "gateway/mapping/run/structures.h"

#include <array>

namespace vardbron::mapping {

namespace {

using Names = KnownNames;
using tree::Kind;

constexpr std::array concept_text{StructurePart{nothing, &Names::text, "text", 0, {}}};

constexpr std::array concept_coding{
    StructurePart{nothing, &Names::coding, "coding", nothing, {}, Kind::Object, true},
    StructurePart{0, &Names::system, "system", 0, {}},
    StructurePart{0, &Names::code, "code", 1, {}},
    StructurePart{0, &Names::display, "display", 2, {}},
};

constexpr std::array coding{
    StructurePart{nothing, &Names::system, "system", 0, {}},
    StructurePart{nothing, &Names::code, "code", 1, {}},
    StructurePart{nothing, &Names::display, "display", 2, {}},
};

constexpr std::array identifier{
    StructurePart{nothing, &Names::type, "type", nothing, {}, Kind::Object},
    StructurePart{0, &Names::coding, "coding", nothing, {}, Kind::Object, true},
    StructurePart{1, &Names::system, "system", 2, "http://terminology.hl7.org/CodeSystem/v2-0203"},
    StructurePart{1, &Names::code, "code", 2, {}},
    StructurePart{nothing, &Names::system, "system", 0, {}},
    StructurePart{nothing, &Names::value, "value", 1, {}},
};

constexpr std::array contact_point{
    StructurePart{nothing, &Names::system, "system", 0, {}},
    StructurePart{nothing, &Names::value, "value", 1, {}},
};

constexpr std::array quantity{
    StructurePart{nothing, &Names::value, "value", 0, {}, Kind::Number},
    StructurePart{nothing, &Names::comparator, "comparator", comparator_argument, {}},
    StructurePart{nothing, &Names::unit, "unit", 1, {}},
    StructurePart{nothing, &Names::system, "system", 2, {}},
    StructurePart{nothing, &Names::code, "code", 3, {}},
};

}  // namespace

std::span<const StructurePart> structure_parts(Operation operation, Index arguments) {
  switch (operation) {
    case Operation::Cc:
      if (arguments == 1) return concept_text;
      return concept_coding;
    case Operation::C: return coding;
    case Operation::Id: return identifier;
    case Operation::Cp: return contact_point;
    case Operation::Qty: return quantity;
    default: return {};
  }
}

}  // namespace vardbron::mapping
