#pragma once

// Tested by tests/mapping/no_value_test.cpp and tests/mapping/arguments_test.cpp.

#include <cstdint>
#include <string_view>
#include <vector>

/// The transforms a target may name (LANGUAGE.md), one row each.
namespace vardbron::mapping {

enum class Operation : std::uint8_t {
  Create,
  Copy,
  Literal,
  Evaluate,
  Truncate,
  Escape,
  Cast,
  Append,
  Translate,
  Reference,
  DateOp,
  Uuid,
  Pointer,
  Cc,
  C,
  Qty,
  Id,
  Cp,
  ToDate,
  ToDateTime,
  ToTime,
  UnixToDate,
  UnixToDateTime,
  UnixToTime,
  Identity
};

struct Function {
  std::string_view name;
  Operation operation;
  std::uint8_t arguments_min, arguments_max;
  std::string_view takes;  ///< for messages
  std::string_view type;   ///< of the result, when it is always the same
};

const Function* find_function(std::string_view name);
const std::vector<std::string_view>& function_names();

}  // namespace vardbron::mapping
