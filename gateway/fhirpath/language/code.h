#pragma once

#include "gateway/fhirpath/language/functions.h"
#include "gateway/fhirpath/program.h"
#include "gateway/fhirpath/values/model.h"

#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace re2 {
class RE2;
}

namespace vardbron::fhirpath {

using NodeIndex = std::uint32_t;
inline constexpr NodeIndex no_index = 0xFFFFFFFFu;

enum class Form : std::uint8_t {
  Empty,
  Literal,
  This,
  Index,
  Total,
  Environment,
  Member,
  Call,
  Indexer,
  Polarity,
  Binary,
  TypeTest,
  Instance
};

enum class Operator : std::uint8_t {
  Multiply,
  Divide,
  WholeDivide,
  Modulo,
  Add,
  Subtract,
  Concatenate,
  Union,
  LessOrEqual,
  Less,
  Greater,
  GreaterOrEqual,
  Equal,
  NotEqual,
  Equivalent,
  NotEquivalent,
  In,
  Contains,
  And,
  Or,
  Xor,
  Implies,
  Is,
  As  // of a TypeTest
};

/// The name after %.
enum class Known : std::uint8_t {
  None,
  Context,
  Resource,
  RootResource,
  Constant,
  Given,
  Defined,
  Named,   // resolved at run time
  Service  // %factory, %terminologies, %server
};

/// What is known at compile time of the values of a node.
struct Shape {
  fhir::TypeId type = 0;  ///< FHIR type; 0 = unknown or a System value
  ValueKind kind = ValueKind::Element;
  bool is_system = false;  ///< `kind` holds
  bool is_empty = false;   ///< always {}
  bool is_single = false;  ///< never more than one
  bool is_ordered = true;
};

/// One node of an expression. `input` is the node before the dot; without it the function or name applies to $this.
struct Node {
  Form form = Form::Empty;
  Operator op = Operator::Add;
  Known known = Known::None;
  bool descending = false;             ///< of a sort key
  bool minus_key = false;              ///< sort key written as -key
  bool names_type_of_focus = false;    ///< a first name that may be the type of its focus: Patient.name
  bool is_value = false;               ///< .value, which primitives have too
  const Function* function = nullptr;  ///< of a Call
  std::uint32_t at = 0;                ///< byte offset in the text
  NodeIndex input = no_index;
  std::vector<NodeIndex> arguments;  ///< operands, function arguments, index
  std::vector<std::string> members;  ///< of an Instance: the elements that the arguments are given to
  std::string text;                  ///< name
  tree::NameId name = 0;
  Value constant;                ///< of a Literal
  std::vector<Value> constants;  ///< of a folded expression (form Literal with several values)
  TypeTarget target;             ///< of is, as, ofType; of a name that may be a type
  fhir::TypeId expected = 0;     ///< static type of a Member's input; `step` belongs to it
  fhir::Step step;
  std::uint32_t slot = 0;  ///< index of a variable
  const re2::RE2* pattern = nullptr;
  Shape shape;
};

struct Program::Code {
  Code();
  ~Code();

  std::string text;
  tree::Position offset;
  Model model;
  std::vector<Node> nodes;
  NodeIndex root = no_index;
  bool takes_choice_names = false;
  std::size_t given_variables = 0;
  std::size_t defined_variables = 0;
  Collection kept;  // owns the literals' texts and quantities
  std::vector<std::unique_ptr<re2::RE2>> patterns;

  /// "line:column" of a byte of the text, counted from the offset.
  std::string where(std::size_t at) const;
};

std::string position_text(std::string_view text, std::size_t at, tree::Position offset);

}  // namespace vardbron::fhirpath
