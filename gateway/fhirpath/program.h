#pragma once

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
  fhir::TypeId type = 0;  ///< 0 = not known; then nothing below it is checked
};

struct CompileOptions {
  const fhir::Definitions& definitions;
  fhir::TypeId context = 0;                  ///< type of the focus; 0 = not known, or a tree of no model
  bool strict = false;                       ///< refuse what the types say can never work (N1 10.1)
  std::vector<Variable> variables{};         ///< in the order in which Environment::variables gives their values
  bool bare_names_may_be_variables = false;  ///< FML: a name that is a variable means the variable, also without %
  bool takes_choice_names = false;           ///< FML maps of others write valueString for value; strict mode refuses it still
  tree::Position offset{1, 1};               ///< where the text begins in its file, for messages
};

/// A compiled expression. Immutable, any thread; must not outlive the definitions it was compiled with.
class Program {
 public:
  Program(Program&&) noexcept;
  Program& operator=(Program&&) noexcept;
  ~Program();

  std::string_view text() const;
  fhir::TypeId result_type() const;  ///< 0 when it cannot be told before running
  const fhir::Definitions& definitions() const;

  struct Code;
  const Code& code() const { return *code_; }
  explicit Program(std::unique_ptr<const Code> code);

 private:
  std::unique_ptr<const Code> code_;
};

/// Invalid: not FHIRPath, or it cannot work; `where` is line:column. check_syntax tells the two apart.
Result<Program> compile(std::string_view text, const CompileOptions& options);
Result<void> check_syntax(std::string_view text, tree::Position offset = {1, 1});
/// How many bytes of `text` the expression at its beginning takes, for languages that embed FHIRPath. Invalid: there is none.
Result<std::size_t> expression_length(std::string_view text, tree::Position offset = {1, 1});

/// What an expression may ask of the world. Called on the thread that runs it. nullopt: not known here, the result is empty.
class Hooks {
 public:
  virtual ~Hooks() = default;
  /// A reference that is neither contained nor in the Bundle at hand.
  virtual Result<std::optional<Value>> resolve(std::string_view reference);
  virtual Result<std::optional<bool>> member_of(const Value& coded, std::string_view value_set);
  /// Asked for profiles; the base definitions are answered without it.
  virtual Result<std::optional<bool>> conforms_to(const Value& value, std::string_view profile);
  virtual Result<std::optional<bool>> subsumes(const Value& general, const Value& special);
  virtual void trace(std::string_view name, std::span<const Value> values);
};

struct Environment {
  std::span<const std::span<const Value>> variables{};  ///< one per CompileOptions::variables
  std::optional<Value> resource{},
      root_resource{};             ///< default: the resource around the focus as far as it is known, else the focus
  std::optional<Value> context{};  ///< default: the focus
  WallTime now{};
  int zone_minutes = 0;  ///< zone of now() and today()
  Hooks* hooks = nullptr;
  std::size_t steps_max = limits::evaluation_steps_max;
  tree::Marks* marks = nullptr;  ///< told which elements were stepped on
};

/// An element with the type its resourceType tells; untyped where there is none.
Value element(tree::Item item, const fhir::Definitions& definitions);

/// A list that is an item of a list, or the root of a document: its children have no name.
bool is_list(tree::Item item);
/// What an expression stands on: the root, or of a document that is a list each of its items.
std::vector<Value> focus_of(const tree::Document& document, const fhir::Definitions& definitions);

/// Invalid: the expression cannot be applied to this data; `where` is line:column and the path of the element.
/// TooLarge: it ran into a limit.
Result<Collection> run(const Program& program, const Value& focus, const Environment& environment);
/// The same with several items in focus, into a collection whose memory is used again.
Result<void> run_into(Collection& result, const Program& program, std::span<const Value> focus, const Environment& environment);

}  // namespace vardbron::fhirpath
