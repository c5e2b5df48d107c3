#pragma once

#include "gateway/fhir/definitions.h"
#include "gateway/fhirpath/program.h"
#include "gateway/mapping/concept_map.h"
#include "gateway/mapping/map.h"
#include "gateway/mapping/syntax/syntax.h"
#include "gateway/mapping/syntax/transform_table.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// A compiled map. Every group is compiled once per set of argument types, so that types, names, list positions and kinds of
/// values are known before a message comes. All tables are flat; parts refer to each other by index.
namespace vardbron::mapping {

using Index = std::uint32_t;
inline constexpr Index nothing = UINT32_MAX;

struct Range {
  Index first = 0, count = 0;
};

/// An element name. Names outside the definitions (trees without model) get their id per document.
struct NameRef {
  tree::NameId id = 0;
  Index text = nothing;  ///< into Program::texts
};

/// One name and type of a choice element: value as valueQuantity.
struct ChoiceVariant {
  NameRef name;
  fhir::TypeId type = 0;
  tree::Kind kind = tree::Kind::Object;  ///< how a value of the type is written
  bool is_primitive = false;
  bool is_moment = false;        ///< dateTime or instant: a time needs a zone
  bool is_any_resource = false;  ///< abstract: the value has a resourceType
  bool has_xsi_type = false;     ///< logical models: the type is in xsi:type
};

/// An element below a source.
struct StepCode {
  Range variants;
  bool is_open = false;  ///< the type is known at run time only: by name, and by resourceType
};

struct VariableRef {
  Index slot = nothing, constant = nothing;
};

struct ExpressionCode {
  fhirpath::Program program;
  Range variables;  ///< into Program::variables
  syntax::Offset offset = 0;
  Index file = 0;
  bool names_resource = false;  ///< %resource or %rootResource
};

struct ConstantCode {
  Index expression = nothing;
};

struct SourceCode {
  Index context = nothing;         ///< slot
  Index constant = nothing;        ///< instead of a slot
  Index context_source = nothing;  ///< number of the earlier source of this rule whose variable the context is
  Range steps;
  fhir::TypeId filter = 0;
  fhir::TypeId type = 0;  ///< of the elements; 0 = known at run time only
  syntax::SourceList list = syntax::SourceList::All;
  bool has_cardinality = false;
  std::uint32_t min = 0, max = UINT32_MAX;
  Index default_value = nothing, where = nothing, check = nothing, log = nothing;  ///< expressions
  Index slot = nothing;
  syntax::Offset offset = 0;
};

enum class TranslateOutput : std::uint8_t { Code, System, Display, Coding, CodeableConcept };

/// An element below a target.
struct ElementCode {
  Range variants;
  fhir::TypeId of = 0;      ///< the type it is an element of
  std::uint16_t order = 0;  ///< index in the definition of `of`
  bool repeats = false;
  bool is_open = false;       ///< no model: a second one makes it a list
  bool any_resource = false;  ///< an element of type Resource: the value has a resourceType
};

struct ArgumentCode {
  enum class Kind : std::uint8_t { Literal, Slot, Constant, Expression, Nested };
  Kind kind = Kind::Literal;
  syntax::LiteralKind literal = syntax::LiteralKind::String;
  Index index = nothing;  ///< text, slot, constant, expression or target (a transform inside a transform)
  fhir::TypeId type = 0;
};

/// `a.x -> b.y` for one source type.
struct IdentityCase {
  fhir::TypeId source = 0;  ///< 0 = any
  fhir::TypeId target = 0;
  Index group = nothing;  ///< nothing = copy
};

/// Fast path of a target that writes one element of a known type: a new one, or one with the value of a literal, of a variable,
/// or of a transform that returns text. What it saves is measured by tests/bench/fast_path_bench.cpp.
struct DirectCode {
  enum class Way : std::uint8_t { None, Create, Literal, Copy, Text };
  Way way = Way::None;
  tree::Kind kind = tree::Kind::Object;
  bool repeats = false;
  bool is_moment = false;  ///< may need the configured time zone
  std::uint16_t order = 0;
  tree::NameId name = 0;
  fhir::TypeId of = 0, type = 0;
  Index context = nothing;  ///< slot
  Index value = nothing;    ///< Copy: slot; Literal: text; Create: text of the resourceType, if it is a resource
  Index slot = nothing;     ///< of the alias
};

struct TargetCode {
  DirectCode direct;
  Index context = nothing;  ///< slot; nothing = a value of its own
  Range elements;           ///< none: the context itself
  Operation operation = Operation::Create;
  fhir::TypeId type = 0;        ///< of the written value; 0 = not known
  fhir::TypeId value_type = 0;  ///< of the value before it is written
  bool is_explicit = false;     ///< create('Type')
  TranslateOutput output = TranslateOutput::Code;
  Range arguments;
  Range cases;            ///< Identity
  Index focus = nothing;  ///< slot in focus of Evaluate
  Index concept_map = nothing;
  Index slot = nothing;  ///< of the alias
  syntax::TargetList list = syntax::TargetList::None;
  Index share = nothing;
  Index counter = nothing;  ///< of derived ids
  bool makes_resource = false;
  syntax::Offset offset = 0;
};

struct CallCode {
  Index group = nothing;
  Range arguments;
};

struct RuleCode {
  Range sources, targets, calls, rules;  ///< rules: into Program::rule_lists
  Index file = 0;
  Index path = nothing;
  syntax::Offset offset = 0;
};

struct GroupCode {
  Index parameters = 0, slots = 0;
  Range rules;  ///< into Program::rule_lists
  Index name = nothing;
};

struct FileCode {
  std::string name;
  std::vector<syntax::Offset> line_starts;
  std::string where(syntax::Offset offset) const;
  tree::Position position(syntax::Offset offset) const;
};

/// Names of elements that the engine itself writes.
struct KnownNames {
  tree::NameId resource_type, id, system, code, display, text, coding, value, unit, comparator, type, url, full_url, reference;
};

struct Program {
  const fhir::Definitions* definitions = nullptr;
  std::string url, name;
  KnownNames names{};
  Index entry = 0;
  std::vector<fhir::TypeId> source_types;
  fhir::TypeId target_type = 0;
  Index target_slot = nothing;  ///< of the entry group
  std::vector<Index> source_slots;

  std::vector<GroupCode> groups;
  std::vector<RuleCode> rules;
  std::vector<Index> rule_lists;
  std::vector<SourceCode> sources;
  std::vector<StepCode> steps;
  std::vector<TargetCode> targets;
  std::vector<ElementCode> elements;
  std::vector<ChoiceVariant> variants;
  std::vector<ArgumentCode> arguments;
  std::vector<IdentityCase> cases;
  std::vector<CallCode> calls;
  std::vector<ExpressionCode> expressions;
  std::vector<VariableRef> variables;
  std::vector<ConstantCode> constants;
  std::vector<std::shared_ptr<const ConceptMap>> concept_maps;
  std::vector<std::pair<std::string, Index>> concept_map_urls;
  std::vector<std::string> texts;
  std::vector<FileCode> files;
  std::vector<Failure> lints;
  std::vector<Index> counters;  ///< url#path, the names of derived ids
};

/// Sets makes_resource and direct of each target. Last step of compiling.
void mark_direct(Program& program);

/// How a value of a type is written, and whether it is a primitive or an element with children.
ChoiceVariant variant_of(const fhir::Definitions& definitions, NameRef name, fhir::TypeId type);

}  // namespace vardbron::mapping
