#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace vardbron::fhirpath {

struct Call;

/// Requirement on the input of a function or on an argument, for static checks and messages.
enum class Takes : std::uint8_t {
  Anything,
  One,
  OneText,
  OneNumber,
  OneMoment,
  OneNumberOrMoment,
  Texts,
  OneWhole,
  OneTruth,
  Criterion,    ///< a truth value, or a single item, which counts as true
  Pattern,      ///< a regular expression; a literal is compiled once
  TypeName,     ///< Patient, System.String: a name, not evaluated
  VariableName  ///< a text; a literal one is visible to what follows
};
/// Result of a function.
enum class Gives : std::uint8_t {
  Input,           ///< items of the input
  InputUnordered,  ///< the same, in no order
  One,             ///< one item of the input
  Boolean,
  Integer,
  Long,
  Decimal,
  Text,
  Texts,
  Date,
  DateTime,
  Time,
  Quantity,
  Number,      ///< one number like the input
  Value,       ///< the System value of an element
  Projection,  ///< the results of the first argument for each item
  Branch,      ///< the second or third argument
  Unordered,   ///< anything, in no order
  NamedType,   ///< items of the type named by an argument
  OneOfNamedType,
  OfType,  ///< items of the FHIR type Function::type
  OneOfType,
  OneMade,  ///< one element of the type that is the name of %factory's function
  Unknown
};

/// $this in an argument.
enum class Focus : std::uint8_t {
  Outer,  ///< as around the call
  Item,   ///< each item of the input in turn: a lambda
  Result  ///< each item of the input, then of its results, whose type is unknown
};

struct Argument {
  Takes takes = Takes::Anything;
  Focus focus = Focus::Outer;
};

inline constexpr Argument a_text{Takes::OneText}, a_number{Takes::OneNumber}, a_whole_number{Takes::OneWhole};
inline constexpr Argument a_moment{Takes::OneMoment}, a_truth{Takes::OneTruth}, a_pattern{Takes::Pattern};
inline constexpr Argument a_type_name{Takes::TypeName}, a_variable_name{Takes::VariableName};
inline constexpr Argument a_criterion{Takes::Criterion, Focus::Item};
inline constexpr Argument for_each_item{Takes::Anything, Focus::Item}, for_each_result{Takes::Anything, Focus::Result};

struct Arguments {
  static constexpr std::uint8_t any_number = 255;

  std::uint8_t min = 0, max = 0;
  std::array<Argument, 3> each{};  ///< the last one applies to all that follow
};

inline constexpr std::uint8_t folds = 1;        ///< pure: evaluated at compile time if the arguments are constants
inline constexpr std::uint8_t needs_order = 2;  ///< undefined on a collection without order (N1 4.2)

/// A function of the language: its row in the table.
struct Function {
  std::string_view name;
  Arguments arguments;
  Takes input = Takes::Anything;
  Gives gives = Gives::Unknown;
  bool (*run)(Call&) = nullptr;  ///< false: it failed, with Evaluation::failure() set
  std::uint8_t traits = 0;
  std::string_view type = {};  ///< of OfType and OneOfType

  const Argument& argument(std::size_t place) const;
  bool takes_count(std::size_t count) const;
  bool has(std::uint8_t trait) const { return (traits & trait) != 0; }
};

using FunctionTable = std::span<const Function>;

/// The tables, each defined below its functions in call_*.cpp.
FunctionTable existence_functions();
FunctionTable filter_functions();
FunctionTable subset_functions();
FunctionTable conversion_functions();
FunctionTable text_functions();
FunctionTable pattern_functions();
FunctionTable coding_functions();
FunctionTable number_functions();
FunctionTable date_functions();
FunctionTable boundary_functions();
FunctionTable tree_functions();
FunctionTable fhir_functions();
FunctionTable definition_functions();
FunctionTable slice_functions();
FunctionTable factory_functions();
FunctionTable terminology_functions();
FunctionTable server_functions();
/// %factory's function for a primitive type; its name is the type's name.
const Function& primitive_maker();

/// A variable that has functions: %factory, %terminologies, %server.
struct Service {
  std::string_view name;
  FunctionTable functions;
};

/// Functions that are called on items.
std::span<const FunctionTable> function_tables();
std::span<const Service> services();

/// nullptr: no such function.
const Function* find_function(std::string_view name);
const Function* find_function(const Service& service, std::string_view name);
/// The known name that is closest to a mistyped one; "" if none is close.
std::string_view similar_function(std::string_view name);

/// nullptr: the variable has no functions.
const Service* find_service(std::string_view variable);
/// Variables that every expression has; they cannot be redefined.
bool is_reserved_variable(std::string_view name);
/// Text of %sct, %loinc, %ucum, %vs-.., %ext-..; nullopt: no such constant.
std::optional<std::string> known_constant(std::string_view name);

}  // namespace vardbron::fhirpath
