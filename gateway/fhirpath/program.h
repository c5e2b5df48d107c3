#pragma once

// Tested by tests/fhirpath/values_test.cpp and tests/fhirpath/limits_test.cpp.

#include "gateway/base/clock.h"
#include "gateway/base/limits.h"
#include "gateway/base/result.h"
#include "gateway/fhir/definitions.h"
#include "gateway/fhirpath/values/value.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::tree {
struct Marks;
}

namespace vardbron::fhirpath {

/// A variable of the caller: %name.
struct Variable {
  std::string name;
  fhir::TypeId type = 0;  ///< 0 = unknown: nothing below it is checked
};

struct CompileOptions {
  const fhir::Definitions& definitions;
  fhir::TypeId context = 0;                  ///< type of the focus; 0 = unknown, or a tree without model
  bool strict = false;                       ///< refuse what can never work by its types (N1 10.1)
  std::vector<Variable> variables{};         ///< in the order in which Environment::variables gives their values
  bool bare_names_may_be_variables = false;  ///< FML: variables may be named without %
  bool takes_choice_names = false;           ///< allow valueString for value, as other FML engines do; not in strict mode
  tree::Position offset{1, 1};               ///< position of the text in its file, for messages
};

/// A compiled expression. Immutable, any thread; must not outlive the definitions it was compiled with.
class Program {
 public:
  Program(Program&&) noexcept;
  Program& operator=(Program&&) noexcept;
  ~Program();

  std::string_view text() const;
  fhir::TypeId result_type() const;  ///< 0 = known at run time only
  const fhir::Definitions& definitions() const;

  struct Code;
  const Code& code() const { return *code_; }
  explicit Program(std::unique_ptr<const Code> code);

 private:
  std::unique_ptr<const Code> code_;
};

/// Invalid: a syntax error, or an expression that cannot work; `where` is line:column. check_syntax finds only the former.
Result<Program> compile(std::string_view text, const CompileOptions& options);
Result<void> check_syntax(std::string_view text, tree::Position offset = {1, 1});
/// Access of expressions to data outside the input. Called on the thread that runs it. nullopt: unknown, the result is empty.
/// A failure of a hook becomes the failure of the run (Invalid).
class Hooks {
 public:
  virtual ~Hooks() = default;
  /// A reference to a resource that is neither contained nor in the current Bundle.
  virtual Result<std::optional<Value>> resolve(std::string_view reference);
  virtual Result<std::optional<bool>> member_of(const Value& coded, std::string_view value_set);
  /// For profiles only; the base definitions are checked without it.
  virtual Result<std::optional<bool>> conforms_to(const Value& value, std::string_view profile);
  virtual Result<std::optional<bool>> subsumes(const Value& general, const Value& special);
  virtual void trace(std::string_view name, std::span<const Value> values);
};

struct Environment {
  std::span<const std::span<const Value>> variables{};  ///< one per CompileOptions::variables
  std::optional<Value> resource{}, root_resource{};  ///< default: the resource that contains the focus if known, else the focus
  std::optional<Value> context{};                    ///< default: the focus
  WallTime now{};
  int zone_minutes = 0;  ///< zone of now() and today()
  Hooks* hooks = nullptr;
  std::size_t steps_max = limits::evaluation_steps_max;
  tree::Marks* marks = nullptr;  ///< gets the elements that were visited
};

/// An element with the type of its resourceType; untyped without one.
Value element(tree::Item item, const fhir::Definitions& definitions);

/// A list that is an item of a list, or the root of a document: its children have no names.
bool is_list(tree::Item item);
/// The focus of an expression: the root, or for a document that is a list each of its items.
std::vector<Value> focus_of(const tree::Document& document, const fhir::Definitions& definitions);

/// Invalid: the expression cannot be applied to this data; `where` is line:column and the path of the element. TooLarge: a limit
/// was exceeded.
Result<Collection> run(const Program& program, const Value& focus, const Environment& environment);
/// The same with several items in focus, into a collection whose memory is reused.
Result<void> run_into(Collection& result, const Program& program, std::span<const Value> focus, const Environment& environment);

}  // namespace vardbron::fhirpath
