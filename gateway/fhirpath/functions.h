#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace vardbron::fhirpath {

/// Every function of the language. The order is that of the table in functions.cpp.
enum class Function : std::uint8_t {
  // existence
  Empty,
  Exists,
  All,
  AllTrue,
  AnyTrue,
  AllFalse,
  AnyFalse,
  SubsetOf,
  SupersetOf,
  Count,
  Distinct,
  IsDistinct,
  Not,
  // filtering and projection
  Where,
  Select,
  Sort,
  Repeat,
  RepeatAll,
  OfType,
  Coalesce,
  Iif,
  // subsetting and combining
  Single,
  First,
  Last,
  Tail,
  Skip,
  Take,
  Intersect,
  Exclude,
  Union,
  Combine,
  // conversion
  ToBoolean,
  ConvertsToBoolean,
  ToInteger,
  ConvertsToInteger,
  ToLong,
  ConvertsToLong,
  ToDecimal,
  ConvertsToDecimal,
  ToString,
  ConvertsToString,
  ToDate,
  ConvertsToDate,
  ToDateTime,
  ConvertsToDateTime,
  ToTime,
  ConvertsToTime,
  ToQuantity,
  ConvertsToQuantity,
  // text
  IndexOf,
  LastIndexOf,
  Substring,
  StartsWith,
  EndsWith,
  Contains,
  Upper,
  Lower,
  Replace,
  Matches,
  MatchesFull,
  ReplaceMatches,
  Length,
  ToChars,
  Encode,
  Decode,
  Escape,
  Unescape,
  Trim,
  Split,
  Join,
  // numbers
  Abs,
  Ceiling,
  Exp,
  Floor,
  Ln,
  Log,
  Power,
  Round,
  Sqrt,
  Truncate,
  Aggregate,
  Sum,
  Min,
  Max,
  Avg,
  // dates
  Now,
  TimeOfDay,
  Today,
  YearOf,
  MonthOf,
  DayOf,
  HourOf,
  MinuteOf,
  SecondOf,
  MillisecondOf,
  TimezoneOffsetOf,
  DateOf,
  TimeOf,
  Duration,
  Difference,
  LowBoundary,
  HighBoundary,
  Precision,
  Comparable,
  // tree, types and utility
  Children,
  Descendants,
  Is,
  As,
  Type,
  Trace,
  DefineVariable,
  Pathname,
  // FHIR
  Extension,
  HasValue,
  GetValue,
  Resolve,
  MemberOf,
  ConformsTo,
  HtmlChecks,
  CheckModifiers,
  Subsumes,
  SubsumedBy,
  Weight,
  GetResourceKey,
  GetReferenceKey,
  ElementDefinition,
  Slice,
  // of %factory, %terminologies and %server; their own names stand in the node
  Factory,
  Terminology,
  Server
};
inline constexpr std::size_t function_count = static_cast<std::size_t>(Function::Server) + 1;

/// What the input of a function or one of its arguments has to be, for static checks and for the message when it is not.
enum class Takes : std::uint8_t { Anything, One, OneText, OneNumber, OneMoment, OneNumberOrMoment, Texts, OneWhole, OneTruth };
/// What comes out of it.
enum class Gives : std::uint8_t {
  Input,  ///< items of the input
  One,    ///< one item of the input
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
  Number,  ///< one number like the input
  Unknown
};

struct FunctionInfo {
  std::string_view name;
  std::uint8_t arguments_min = 0;
  std::uint8_t arguments_max = 0;
  Takes takes = Takes::Anything;
  Gives gives = Gives::Unknown;
  std::uint8_t lambdas = 0;  ///< bit per argument that is evaluated for each item, with $this
  bool needs_order = false;  ///< has no meaning on a collection without order (N1 4.2)
};

inline constexpr std::uint8_t any_number_of_arguments = 255;

const FunctionInfo& info(Function function);
Takes argument_of(Function function, std::size_t place);
/// nullptr when there is no such function.
const FunctionInfo* find_function(std::string_view name);
Function function_of(const FunctionInfo& info);
/// The known name that is closest to a mistyped one; "" when none is close.
std::string_view similar_function(std::string_view name);

/// Whose functions a service variable has; nullopt: it is none.
std::optional<Function> service_of(std::string_view variable);
/// Variables that every expression has: their names cannot be defined anew.
bool is_reserved_variable(std::string_view name);
/// Text of %sct, %loinc, %ucum, %vs-.., %ext-..; nullopt: no such constant.
std::optional<std::string> known_constant(std::string_view name);

}  // namespace vardbron::fhirpath
