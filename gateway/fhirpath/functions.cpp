#include "gateway/fhirpath/functions.h"

#include "gateway/base/text.h"

#include <algorithm>
#include <array>
#include <vector>

namespace vardbron::fhirpath {
namespace {

constexpr std::array<FunctionInfo, function_count> functions{{
    {"empty", 0, 0, Takes::Anything, Gives::Boolean},
    {"exists", 0, 1, Takes::Anything, Gives::Boolean, 1},
    {"all", 1, 1, Takes::Anything, Gives::Boolean, 1},
    {"allTrue", 0, 0, Takes::Anything, Gives::Boolean},
    {"anyTrue", 0, 0, Takes::Anything, Gives::Boolean},
    {"allFalse", 0, 0, Takes::Anything, Gives::Boolean},
    {"anyFalse", 0, 0, Takes::Anything, Gives::Boolean},
    {"subsetOf", 1, 1, Takes::Anything, Gives::Boolean},
    {"supersetOf", 1, 1, Takes::Anything, Gives::Boolean},
    {"count", 0, 0, Takes::Anything, Gives::Integer},
    {"distinct", 0, 0, Takes::Anything, Gives::Input},
    {"isDistinct", 0, 0, Takes::Anything, Gives::Boolean},
    {"not", 0, 0, Takes::One, Gives::Boolean},
    {"where", 1, 1, Takes::Anything, Gives::Input, 1},
    {"select", 1, 1, Takes::Anything, Gives::Unknown, 1},
    {"sort", 0, 255, Takes::Anything, Gives::Input, 255},
    {"repeat", 1, 1, Takes::Anything, Gives::Unknown, 1},
    {"repeatAll", 1, 1, Takes::Anything, Gives::Unknown, 1},
    {"ofType", 1, 1, Takes::Anything, Gives::Unknown},
    {"coalesce", 1, 255, Takes::Anything, Gives::Unknown},
    {"iif", 2, 3, Takes::One, Gives::Unknown, 7},
    {"single", 0, 0, Takes::Anything, Gives::One},
    {"first", 0, 0, Takes::Anything, Gives::One, 0, true},
    {"last", 0, 0, Takes::Anything, Gives::One, 0, true},
    {"tail", 0, 0, Takes::Anything, Gives::Input, 0, true},
    {"skip", 1, 1, Takes::Anything, Gives::Input, 0, true},
    {"take", 1, 1, Takes::Anything, Gives::Input, 0, true},
    {"intersect", 1, 1, Takes::Anything, Gives::Input},
    {"exclude", 1, 1, Takes::Anything, Gives::Input},
    {"union", 1, 1, Takes::Anything, Gives::Unknown},
    {"combine", 1, 2, Takes::Anything, Gives::Unknown},
    {"toBoolean", 0, 0, Takes::One, Gives::Boolean},
    {"convertsToBoolean", 0, 0, Takes::One, Gives::Boolean},
    {"toInteger", 0, 0, Takes::One, Gives::Integer},
    {"convertsToInteger", 0, 0, Takes::One, Gives::Boolean},
    {"toLong", 0, 0, Takes::One, Gives::Long},
    {"convertsToLong", 0, 0, Takes::One, Gives::Boolean},
    {"toDecimal", 0, 0, Takes::One, Gives::Decimal},
    {"convertsToDecimal", 0, 0, Takes::One, Gives::Boolean},
    {"toString", 0, 0, Takes::One, Gives::Text},
    {"convertsToString", 0, 0, Takes::One, Gives::Boolean},
    {"toDate", 0, 1, Takes::One, Gives::Date},
    {"convertsToDate", 0, 1, Takes::One, Gives::Boolean},
    {"toDateTime", 0, 1, Takes::One, Gives::DateTime},
    {"convertsToDateTime", 0, 1, Takes::One, Gives::Boolean},
    {"toTime", 0, 0, Takes::One, Gives::Time},
    {"convertsToTime", 0, 0, Takes::One, Gives::Boolean},
    {"toQuantity", 0, 1, Takes::One, Gives::Quantity},
    {"convertsToQuantity", 0, 1, Takes::One, Gives::Boolean},
    {"indexOf", 1, 1, Takes::OneText, Gives::Integer},
    {"lastIndexOf", 1, 1, Takes::OneText, Gives::Integer},
    {"substring", 1, 2, Takes::OneText, Gives::Text},
    {"startsWith", 1, 1, Takes::OneText, Gives::Boolean},
    {"endsWith", 1, 1, Takes::OneText, Gives::Boolean},
    {"contains", 1, 1, Takes::OneText, Gives::Boolean},
    {"upper", 0, 0, Takes::OneText, Gives::Text},
    {"lower", 0, 0, Takes::OneText, Gives::Text},
    {"replace", 2, 2, Takes::OneText, Gives::Text},
    {"matches", 1, 2, Takes::OneText, Gives::Boolean},
    {"matchesFull", 1, 2, Takes::OneText, Gives::Boolean},
    {"replaceMatches", 2, 3, Takes::OneText, Gives::Text},
    {"length", 0, 0, Takes::OneText, Gives::Integer},
    {"toChars", 0, 0, Takes::OneText, Gives::Texts},
    {"encode", 1, 1, Takes::OneText, Gives::Text},
    {"decode", 1, 1, Takes::OneText, Gives::Text},
    {"escape", 1, 1, Takes::OneText, Gives::Text},
    {"unescape", 1, 1, Takes::OneText, Gives::Text},
    {"trim", 0, 0, Takes::OneText, Gives::Text},
    {"split", 1, 1, Takes::OneText, Gives::Texts},
    {"join", 0, 1, Takes::Texts, Gives::Text},
    {"abs", 0, 0, Takes::OneNumber, Gives::Number},
    {"ceiling", 0, 0, Takes::OneNumber, Gives::Number},
    {"exp", 0, 0, Takes::OneNumber, Gives::Decimal},
    {"floor", 0, 0, Takes::OneNumber, Gives::Number},
    {"ln", 0, 0, Takes::OneNumber, Gives::Decimal},
    {"log", 1, 1, Takes::OneNumber, Gives::Decimal},
    {"power", 1, 1, Takes::OneNumber, Gives::Number},
    {"round", 0, 1, Takes::OneNumber, Gives::Number},
    {"sqrt", 0, 0, Takes::OneNumber, Gives::Decimal},
    {"truncate", 0, 0, Takes::OneNumber, Gives::Number},
    {"aggregate", 1, 2, Takes::Anything, Gives::Unknown, 1},
    {"sum", 0, 0, Takes::Anything, Gives::Number},
    {"min", 0, 0, Takes::Anything, Gives::One},
    {"max", 0, 0, Takes::Anything, Gives::One},
    {"avg", 0, 0, Takes::Anything, Gives::Number},
    {"now", 0, 0, Takes::Anything, Gives::DateTime},
    {"timeOfDay", 0, 0, Takes::Anything, Gives::Time},
    {"today", 0, 0, Takes::Anything, Gives::Date},
    {"yearOf", 0, 0, Takes::One, Gives::Integer},
    {"monthOf", 0, 0, Takes::One, Gives::Integer},
    {"dayOf", 0, 0, Takes::One, Gives::Integer},
    {"hourOf", 0, 0, Takes::One, Gives::Integer},
    {"minuteOf", 0, 0, Takes::One, Gives::Integer},
    {"secondOf", 0, 0, Takes::One, Gives::Integer},
    {"millisecondOf", 0, 0, Takes::One, Gives::Integer},
    {"timezoneOffsetOf", 0, 0, Takes::One, Gives::Decimal},
    {"dateOf", 0, 0, Takes::One, Gives::Date},
    {"timeOf", 0, 0, Takes::One, Gives::Time},
    {"duration", 2, 2, Takes::OneMoment, Gives::Integer},
    {"difference", 2, 2, Takes::OneMoment, Gives::Integer},
    {"lowBoundary", 0, 1, Takes::OneNumberOrMoment, Gives::One},
    {"highBoundary", 0, 1, Takes::OneNumberOrMoment, Gives::One},
    {"precision", 0, 0, Takes::OneNumberOrMoment, Gives::Integer},
    {"comparable", 1, 1, Takes::One, Gives::Boolean},
    {"children", 0, 0, Takes::Anything, Gives::Unknown},
    {"descendants", 0, 0, Takes::Anything, Gives::Unknown},
    {"is", 1, 1, Takes::One, Gives::Boolean},
    {"as", 1, 1, Takes::One, Gives::Unknown},
    {"type", 0, 0, Takes::Anything, Gives::Unknown},
    {"trace", 1, 2, Takes::Anything, Gives::Input, 2},
    {"defineVariable", 1, 2, Takes::Anything, Gives::Input},
    {"pathname", 0, 1, Takes::Anything, Gives::Texts},
    {"extension", 1, 1, Takes::Anything, Gives::Unknown},
    {"hasValue", 0, 0, Takes::Anything, Gives::Boolean},
    {"getValue", 0, 0, Takes::Anything, Gives::Unknown},
    {"resolve", 0, 0, Takes::Anything, Gives::Unknown},
    {"memberOf", 1, 1, Takes::Anything, Gives::Boolean},
    {"conformsTo", 1, 1, Takes::Anything, Gives::Boolean},
    {"htmlChecks", 0, 0, Takes::Anything, Gives::Boolean},
    {"checkModifiers", 0, 255, Takes::Anything, Gives::Input},
    {"subsumes", 1, 1, Takes::Anything, Gives::Boolean},
    {"subsumedBy", 1, 1, Takes::Anything, Gives::Boolean},
    {"weight", 0, 0, Takes::Anything, Gives::Unknown},
    {"getResourceKey", 0, 0, Takes::Anything, Gives::Texts},
    {"getReferenceKey", 0, 1, Takes::Anything, Gives::Texts},
    {"elementDefinition", 0, 0, Takes::Anything, Gives::Unknown},
    {"slice", 2, 2, Takes::Anything, Gives::Input},
    {"%factory", 0, 255, Takes::Anything, Gives::Unknown},
    {"%terminologies", 0, 255, Takes::Anything, Gives::Unknown},
    {"%server", 0, 255, Takes::Anything, Gives::Unknown},
}};

}  // namespace

const FunctionInfo& info(Function function) { return functions[static_cast<std::size_t>(function)]; }

Takes argument_of(Function function, std::size_t place) {
  switch (function) {
    case Function::IndexOf:
    case Function::LastIndexOf:
    case Function::StartsWith:
    case Function::EndsWith:
    case Function::Contains:
    case Function::Replace:
    case Function::Matches:
    case Function::MatchesFull:
    case Function::ReplaceMatches:
    case Function::Encode:
    case Function::Decode:
    case Function::Escape:
    case Function::Unescape:
    case Function::Split:
    case Function::Join:
    case Function::ToDate:
    case Function::ConvertsToDate:
    case Function::ToDateTime:
    case Function::ConvertsToDateTime:
    case Function::ToQuantity:
    case Function::ConvertsToQuantity:
    case Function::Extension:
    case Function::MemberOf:
    case Function::ConformsTo:
    case Function::Slice: return Takes::OneText;
    case Function::Trace: return place == 0 ? Takes::OneText : Takes::Anything;
    case Function::Substring:
    case Function::Skip:
    case Function::Take:
    case Function::Round:
    case Function::LowBoundary:
    case Function::HighBoundary: return Takes::OneWhole;
    case Function::Log:
    case Function::Power: return Takes::OneNumber;
    case Function::Duration:
    case Function::Difference: return place == 0 ? Takes::OneMoment : Takes::OneText;
    case Function::Pathname: return Takes::OneTruth;
    default: return Takes::Anything;
  }
}

const FunctionInfo* find_function(std::string_view name) {
  auto found = std::find_if(functions.begin(), functions.end(), [name](const FunctionInfo& known) { return known.name == name; });
  if (found != functions.end() && !name.starts_with('%')) return &*found;
  if (name == "htmlChecks1" || name == "htmlChecks2") return &info(Function::HtmlChecks);
  return nullptr;
}

Function function_of(const FunctionInfo& info) { return static_cast<Function>(&info - functions.data()); }

std::string_view similar_function(std::string_view name) {
  std::vector<std::string_view> names;
  for (const FunctionInfo& known : functions) names.push_back(known.name);
  return nearest(name, names);
}

std::optional<Function> service_of(std::string_view variable) {
  if (variable == "factory") return Function::Factory;
  if (variable == "terminologies") return Function::Terminology;
  if (variable == "server") return Function::Server;
  return std::nullopt;
}

bool is_reserved_variable(std::string_view name) {
  return name == "context" || name == "resource" || name == "rootResource" || known_constant(name).has_value() ||
         service_of(name).has_value();
}

std::optional<std::string> known_constant(std::string_view name) {
  if (name == "sct") return "http://snomed.info/sct";
  if (name == "loinc") return "http://loinc.org";
  if (name == "ucum") return "http://unitsofmeasure.org";
  if (name.starts_with("vs-")) return "http://hl7.org/fhir/ValueSet/" + std::string(name.substr(3));
  if (name.starts_with("ext-")) return "http://hl7.org/fhir/StructureDefinition/" + std::string(name.substr(4));
  return std::nullopt;
}

}  // namespace vardbron::fhirpath
