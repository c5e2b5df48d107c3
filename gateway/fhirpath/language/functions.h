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

/// What the input of a function or one of its arguments has to be, for static checks and for the message when it is not.
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
  Pattern,      ///< a text that is a regular expression; one that is written out is compiled once
  TypeName,     ///< Patient, System.String: a name, not evaluated
  VariableName  ///< a text; written out, what follows may use the variable
};
/// What comes out of it.
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
  Projection,  ///< what the first argument is for each item
  Branch,      ///< what the second or third argument is
  Unordered,   ///< anything, in no order
  NamedType,   ///< items of the type that an argument names
  OneOfNamedType,
  OfType,  ///< items of the FHIR type that the row names
  OneOfType,
  OneMade,  ///< one element, of the type that %factory's function is called by
  Unknown
};

/// What $this is in an argument.
enum class Focus : std::uint8_t {
  Outer,  ///< as around the call
  Item,   ///< each item of the input in turn: a lambda
  Result  ///< each item of the input, then of what it gave, of which nothing is known beforehand
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
  std::array<Argument, 3> each{};  ///< the last one stands for all that follow
};

inline constexpr std::uint8_t folds = 1;        ///< the same arguments always give the same: done once when they are constants
inline constexpr std::uint8_t needs_order = 2;  ///< has no meaning on a collection without order (N1 4.2)

/// A function of the language: all that the analyser and a run know of it.
struct Function {
  std::string_view name;
  Arguments arguments;
  Takes input = Takes::Anything;
  Gives gives = Gives::Unknown;
  bool (*run)(Call&) = nullptr;  ///< false: it failed, and the run knows why
  std::uint8_t traits = 0;
  std::string_view type = {};  ///< of OfType and OneOfType

  const Argument& argument(std::size_t place) const;
  bool takes_count(std::size_t count) const;
  bool has(std::uint8_t trait) const { return (traits & trait) != 0; }
};

using FunctionTable = std::span<const Function>;

/// The tables, each of which stands below its functions in call_*.cpp.
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
/// %factory's function of a primitive type, which is called by the type's name.
const Function& primitive_maker();

/// A variable that has functions: %factory, %terminologies, %server.
struct Service {
  std::string_view name;
  FunctionTable functions;
};

/// Every function that is called on items.
std::span<const FunctionTable> function_tables();
std::span<const Service> services();

/// nullptr when there is no such function.
const Function* find_function(std::string_view name);
const Function* find_function(const Service& service, std::string_view name);
/// The known name that is closest to a mistyped one; "" when none is close.
std::string_view similar_function(std::string_view name);

/// nullptr: the variable has no functions.
const Service* find_service(std::string_view variable);
/// Variables that every expression has: their names cannot be defined anew.
bool is_reserved_variable(std::string_view name);
/// Text of %sct, %loinc, %ucum, %vs-.., %ext-..; nullopt: no such constant.
std::optional<std::string> known_constant(std::string_view name);

}  // namespace vardbron::fhirpath
