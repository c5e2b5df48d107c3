#pragma once

// Tested by tests/workbench/expression_batch_test.cpp and tests/system/workbench/kept_test.cpp.

#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "gateway/fhir/definitions.h"
#include "gateway/fhirpath/program.h"
#include "gateway/formats/json/value.h"
#include "gateway/tree/document.h"

#include <array>
#include <cstddef>
#include <deque>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace vardbron::workbench {

/// The definitions for an expression. None: data without model, names are not checked.
enum class Model { R4, R5, None };
/// "r4", "r5", "none".
std::optional<Model> find_model(std::string_view name);

/// Values of a caller's variable, with the memory they refer to.
struct GivenVariable {
  std::string name;
  fhirpath::Collection values;
};

struct Question {
  std::string expression;
  Model model = Model::R4;
  bool strict = false;
  const tree::Document* document = nullptr;  ///< nullptr: no focus
  std::vector<GivenVariable> variables{};
};

/// One item of a result.
struct AnswerItem {
  std::string type;  ///< as named in the public test suites: "string", "code", "HumanName", "BackboneElement", "Quantity"
  std::string json;  ///< the value
  std::string text;  ///< as a FHIRPath literal: @2020-01-01, 4 'mg', 1 week; "" if equal to the value, and for elements
};

/// Why there is no result. `at`: line:column in the expression and, for an execution error, the path of the element.
struct AnswerFault {
  enum class Kind { Syntax, Semantic, Execution };
  Kind kind = Kind::Execution;
  std::string says, at;
};
std::string_view to_string(AnswerFault::Kind kind);

struct Answer {
  std::vector<AnswerItem> items;
  std::optional<AnswerFault> fault;
};

/// Evaluates expressions on files, interactively or in batches: definitions are opened on first use, files and compiled programs
/// are cached. One thread at a time.
class Expressions {
 public:
  /// `share`: the folder with r4.table, r5.table, none.table. The clock must outlive this.
  Expressions(std::filesystem::path share, const Clock& clock);
  ~Expressions();

  /// Opened on first use. Broken: as fhir::Definitions::open.
  Result<const fhir::Definitions*> definitions(Model model);
  /// FHIR JSON, FHIR XML, any other XML as a plain tree, HL7 v2, or CSV by its content type. JSON may also be a list or a single
  /// value: the items of a list are the focus.
  Result<tree::Document> read(std::string body, Model model, std::string_view content_type = {});
  /// A file, cached while it is unchanged. The document lives until the next call. NotFound: it cannot be read. Else fails like
  /// read.
  Result<const tree::Document*> open(const std::filesystem::path& file, Model model);
  /// One variable per member of the object. A scalar is a System value; an object is an element, typed by its resourceType;
  /// {"type": "date", "value": ..} is a value of that type; a list is several values. They live until forget_variables().
  Result<std::vector<GivenVariable>> read_variables(const json::Value& object, Model model);
  void forget_variables() { kept_.clear(); }

  Answer ask(const Question& question, fhirpath::Hooks* hooks = nullptr);

 private:
  struct File {
    std::filesystem::file_time_type changed;
    std::uintmax_t size = 0;
    std::unique_ptr<tree::Document> document;
  };

  Result<void> read_variable(const json::Value& given, Model model, fhirpath::Collection& keeper,
                             std::vector<fhirpath::Value>& values);
  Result<void> read_scalar(const json::Value& given, Model model, fhirpath::Collection& keeper,
                           std::vector<fhirpath::Value>& values);
  Result<const fhirpath::Program*> program(const Question& question, const fhir::Definitions& known, fhir::TypeId context);

  std::filesystem::path share_;
  const Clock& clock_;
  std::array<std::optional<fhir::Definitions>, 3> opened_;
  std::unordered_map<std::string, File> files_;
  std::unordered_map<std::string, fhirpath::Program> programs_;
  std::deque<tree::Document> kept_;
  std::size_t files_bytes_ = 0, programs_bytes_ = 0;
};

}  // namespace vardbron::workbench
