#include "gateway/fhirpath/program.h"

#include "gateway/fhirpath/language/analyse.h"
#include "gateway/fhirpath/language/parser.h"
#include "gateway/fhirpath/run/evaluation.h"

#include <re2/re2.h>

namespace vardbron::fhirpath {
namespace {

Result<void> check_size(std::string_view text, const Program::Code& code) {
  if (text.size() <= limits::expression_bytes_max) return done();
  return Failure{Cause::TooLarge, "An expression has at most " + std::to_string(limits::expression_bytes_max) + " bytes.",
                 code.where(0)};
}

std::unique_ptr<Program::Code> code_of(std::string_view text, tree::Position offset) {
  auto code = std::make_unique<Program::Code>();
  code->text = text;
  code->offset = offset;
  return code;
}

}  // namespace

Program::Code::Code() = default;
Program::Code::~Code() = default;

std::string Program::Code::where(std::size_t at) const {
  tree::Position place = offset;
  for (char letter : std::string_view(text).substr(0, at)) {
    if (letter == '\n') {
      ++place.line;
      place.column = 1;
    } else {
      ++place.column;
    }
  }
  return std::to_string(place.line) + ":" + std::to_string(place.column);
}

Program::Program(std::unique_ptr<const Code> code) : code_(std::move(code)) {}
Program::Program(Program&&) noexcept = default;
Program& Program::operator=(Program&&) noexcept = default;
Program::~Program() = default;

std::string_view Program::text() const { return code_->text; }
fhir::TypeId Program::result_type() const { return code_->nodes[code_->root].shape.type; }
const fhir::Definitions& Program::definitions() const { return code_->model.definitions(); }

Result<Program> compile(std::string_view text, const CompileOptions& options) {
  std::unique_ptr<Program::Code> code = code_of(text, options.offset);
  if (Result<void> size = check_size(text, *code); !size) return std::move(size).failure();
  Result<NodeIndex> root = Parser(*code).parse_all();
  if (!root) return std::move(root).failure();
  code->root = *root;
  code->model = Model(options.definitions);
  code->takes_choice_names = options.takes_choice_names;
  Result<void> analysed = Analyser(*code, options).run();
  if (!analysed) return std::move(analysed).failure();
  fold_constants(*code);
  return Program(std::unique_ptr<const Program::Code>(std::move(code)));
}

Result<void> check_syntax(std::string_view text, tree::Position offset) {
  std::unique_ptr<Program::Code> code = code_of(text, offset);
  if (Result<void> size = check_size(text, *code); !size) return size;
  Result<NodeIndex> root = Parser(*code).parse_all();
  if (!root) return std::move(root).failure();
  return done();
}

Result<std::optional<Value>> Hooks::resolve(std::string_view) { return std::optional<Value>(); }
Result<std::optional<bool>> Hooks::member_of(const Value&, std::string_view) { return std::optional<bool>(); }
Result<std::optional<bool>> Hooks::conforms_to(const Value&, std::string_view) { return std::optional<bool>(); }
Result<std::optional<bool>> Hooks::subsumes(const Value&, const Value&) { return std::optional<bool>(); }
void Hooks::trace(std::string_view, std::span<const Value>) {}

Value element(tree::Item item, const fhir::Definitions& definitions) {
  return Value::of(item, fhir::resource_type(definitions, item));
}

bool is_list(tree::Item item) {
  tree::Item first = item.kind() == tree::Kind::Object ? item.first_child() : tree::Item{};
  return first && first.name() == 0;
}

namespace {

void append_items(tree::Item item, const fhir::Definitions& definitions, std::vector<Value>& focus) {
  if (!is_list(item)) {
    if (item.kind() != tree::Kind::Null) focus.push_back(element(item, definitions));
    return;
  }
  for (tree::Item each = item.first_child(); each; each = each.next()) append_items(each, definitions, focus);
}

}  // namespace

std::vector<Value> focus_of(const tree::Document& document, const fhir::Definitions& definitions) {
  std::vector<Value> focus;
  append_items(tree::root(document), definitions, focus);
  return focus;
}

Result<void> run_into(Collection& result, const Program& program, std::span<const Value> focus, const Environment& environment) {
  result.restart();
  Evaluation evaluation(program.code(), environment, result);
  List values;
  if (!evaluation.run(focus, values)) return std::move(evaluation.failure());
  result.assign(values.span());
  return done();
}

Result<Collection> run(const Program& program, const Value& focus, const Environment& environment) {
  Collection result;
  Result<void> ran = run_into(result, program, {&focus, 1}, environment);
  if (!ran) return std::move(ran).failure();
  return result;
}

}  // namespace vardbron::fhirpath
