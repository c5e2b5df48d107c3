#include "gateway/mapping/syntax/transform_table.h"

#include <array>

namespace vardbron::mapping {

namespace {

constexpr std::array<Function, 23> functions{
    {{"create", Operation::Create, 0, 1, "a type", ""},
     {"copy", Operation::Copy, 1, 1, "a variable", ""},
     {"truncate", Operation::Truncate, 2, 2, "a text and a length", "string"},
     {"escape", Operation::Escape, 2, 3, "a text and one or two formats", "string"},
     {"cast", Operation::Cast, 1, 2, "a value and a type", ""},
     {"append", Operation::Append, 1, 64, "one text or more", "string"},
     {"translate", Operation::Translate, 2, 3, "a code, a concept map and what to give", ""},
     {"reference", Operation::Reference, 1, 1, "a resource", "string"},
     {"dateOp", Operation::DateOp, 2, 2, "a date and an amount such as '-5 days'", ""},
     {"uuid", Operation::Uuid, 0, 0, "nothing", "string"},
     {"pointer", Operation::Pointer, 1, 1, "a resource", "string"},
     {"evaluate", Operation::Evaluate, 1, 2, "a context and a FHIRPath expression", ""},
     {"cc", Operation::Cc, 1, 3, "a text, or system, code and perhaps a display", "CodeableConcept"},
     {"c", Operation::C, 2, 3, "system, code and perhaps a display", "Coding"},
     {"qty", Operation::Qty, 1, 4, "a text, or value, unit and perhaps system and code", "Quantity"},
     {"id", Operation::Id, 2, 3, "system, value and perhaps a type", "Identifier"},
     {"cp", Operation::Cp, 1, 2, "a value, or system and value", "ContactPoint"},
     {"toDate", Operation::ToDate, 1, 2, "a text and perhaps a format", "date"},
     {"toDateTime", Operation::ToDateTime, 1, 2, "a text and perhaps a format", "dateTime"},
     {"toTime", Operation::ToTime, 1, 2, "a text and perhaps a format", "time"},
     {"unixToDate", Operation::UnixToDate, 1, 2, "seconds and perhaps an offset", "date"},
     {"unixToDateTime", Operation::UnixToDateTime, 1, 2, "seconds and perhaps an offset", "dateTime"},
     {"unixToTime", Operation::UnixToTime, 1, 2, "seconds and perhaps an offset", "time"}}};

}  // namespace

const Function* find_function(std::string_view name) {
  for (const Function& function : functions) {
    if (function.name == name) return &function;
  }
  return nullptr;
}

const std::vector<std::string_view>& function_names() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> all;
    for (const Function& function : functions) all.push_back(function.name);
    return all;
  }();
  return names;
}

}  // namespace vardbron::mapping
