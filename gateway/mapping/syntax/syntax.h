#pragma once

#include "gateway/tree/document.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::mapping {
class ConceptMap;
}

/// Syntax tree of an FML text, without models. Every part has its byte offset in the text. Source: FHIR Mapping Language, R5 and
/// the incubator guide's grammar; R4 texts are read into the same form.
namespace vardbron::mapping::syntax {

using Offset = std::uint32_t;

/// A FHIRPath expression of the rule. Double-quoted strings (in R4 maps) are converted to single quotes.
struct Expression {
  std::string text;
  Offset offset = 0;
  explicit operator bool() const { return !text.empty(); }
};

struct Name {
  std::string text;
  Offset offset = 0;
  explicit operator bool() const { return !text.empty(); }
};

enum class LiteralKind : std::uint8_t { Null, Boolean, Integer, Decimal, String, Date, DateTime, Time };

struct Target;

struct Argument {
  enum class Kind : std::uint8_t { Literal, Path, Expression };
  Kind kind = Kind::Literal;
  LiteralKind literal = LiteralKind::Null;
  std::string text;        ///< the literal's value, unescaped
  std::vector<Name> path;  ///< a variable, or a variable and element names
  Expression expression;
  std::vector<Target> transform;  ///< at most one: the expression as a nested transform, truncate(v, 3); LANGUAGE.md
  Offset offset = 0;
};

enum class SourceList : std::uint8_t { All, First, NotFirst, Last, NotLast, OnlyOne };
enum class TargetList : std::uint8_t { None, First, Last, Share, Single };

struct Source {
  std::vector<Name> path;  ///< context, then element names
  Name type;
  bool has_cardinality = false;
  std::uint32_t min = 0, max = UINT32_MAX;  ///< UINT32_MAX = *
  Expression default_value;
  SourceList list = SourceList::All;
  Name alias;
  Expression where, check, log;
  Offset offset = 0;
};

struct Target {
  enum class Kind : std::uint8_t { Create, Copy, Literal, Call, Expression };
  std::vector<Name> path;  ///< context, then element names; empty for a bare call or expression
  Kind kind = Kind::Create;
  Name function;                    ///< Call
  std::vector<Argument> arguments;  ///< Call; the value of Copy and Literal
  Expression expression;            ///< Expression
  Name alias;
  TargetList list = TargetList::None;
  Name share;
  Offset offset = 0;
};

struct Call {
  Name group;
  std::vector<Argument> arguments;
};

struct Rule {
  std::vector<Source> sources;
  std::vector<Target> targets;
  std::vector<Call> calls;
  std::vector<Rule> rules;
  bool is_identity = false;  ///< `a.x -> b.y`: copy, or the default group of the two types
  std::string name;          ///< may be empty
  Offset offset = 0;
  Offset close = 0;  ///< of the `}` after its inline rules
};

struct Parameter {
  bool is_source = true;
  Name name, type;
};

enum class TypeMode : std::uint8_t { None, Types, TypePlus };

struct Group {
  Name name;
  std::vector<Parameter> parameters;
  Name extends;
  TypeMode mode = TypeMode::None;
  std::vector<Rule> rules;
  Offset close = 0;  ///< of its `}`
};

enum class ModelMode : std::uint8_t { Source, Queried, Target, Produced };

struct Uses {
  Name canonical, alias;
  ModelMode mode = ModelMode::Source;
};

struct Metadata {
  std::string path, value;
  Offset offset = 0, end = 0;
};

struct Constant {
  Name name;
  Expression value;
};

struct CodePair {
  Name source_prefix, source_code, target_prefix, target_code;  ///< no target: the code has no equivalent
  std::string relation;                                         ///< "-", "==", "~", "<=", ">=", "!="
  std::string source_display = {}, target_display = {};
};

struct EmbeddedConceptMap {
  Name id;
  std::vector<std::pair<Name, Name>> prefixes;         ///< prefix, system
  std::vector<std::pair<Name, std::string>> unmapped;  ///< source prefix, "provided" or "error"
  std::vector<CodePair> pairs;
  Offset close = 0;  ///< of its `}`
};

/// A comment. Not used by runs; kept for printing.
struct Comment {
  enum class Place : std::uint8_t {
    OwnLine,   ///< only blanks before it
    Trailing,  ///< it ends the line
    Inside     ///< code follows it on the line
  };
  std::string text;  ///< with its slashes
  Offset offset = 0;
  Place place = Place::OwnLine;
};

/// A ConceptMap inside a StructureMap resource, reached as `#id` like an embedded one; it may hold more than FML's text form.
struct ContainedConceptMap {
  std::string id;
  std::shared_ptr<const ConceptMap> codes;
};

struct Map {
  std::string file, text;  ///< of a resource the JSON or XML it was read from
  std::vector<Metadata> metadata;
  std::vector<EmbeddedConceptMap> concept_maps;
  std::vector<ContainedConceptMap> contained;  ///< each is also in concept_maps, as far as that form can express it
  std::vector<Uses> uses;
  std::vector<Name> imports;
  std::vector<Constant> constants;
  std::vector<Group> groups;
  std::vector<Comment> comments;  ///< in the order of the text

  /// First value of a metadata path, or "".
  std::string_view meta(std::string_view path) const;
  std::string_view url() const { return meta("url"); }
  std::string_view name() const { return meta("name"); }
  tree::Position position(Offset offset) const;
  /// "file:line:column" of an offset.
  std::string where(Offset offset) const;
};

}  // namespace vardbron::mapping::syntax
