#include "gateway/workbench/expressions.h"

#include "gateway/base/limits.h"
#include "gateway/base/text.h"
#include "gateway/fhir/v2_conversion.h"
#include "gateway/fhir/xml_conversion.h"
#include "gateway/fhirpath/values/arena.h"
#include "gateway/fhirpath/values/model.h"
#include "gateway/formats/json/composer.h"
#include "gateway/formats/json/parse.h"
#include "gateway/formats/read.h"

#include <fstream>
#include <sstream>
#include <system_error>
#include <utility>

namespace vardbron::workbench {

namespace fs = std::filesystem;

namespace {

constexpr std::array<std::string_view, 3> model_names{"r4", "r5", "none"};

std::size_t place_of(Model model) { return static_cast<std::size_t>(model); }

AnswerFault fault_of(AnswerFault::Kind kind, const Failure& failure) { return {kind, failure.says, failure.where}; }

std::optional<fhirpath::ValueKind> kind_of(std::string_view type) {
  using enum fhirpath::ValueKind;
  static constexpr std::pair<std::string_view, fhirpath::ValueKind> kinds[] = {
      {"boolean", Boolean},     {"integer", Integer},     {"integer64", Long},   {"decimal", Decimal},  {"string", String},
      {"date", Date},           {"dateTime", DateTime},   {"instant", DateTime}, {"time", Time},        {"Quantity", Quantity},
      {"code", String},         {"uri", String},          {"url", String},       {"canonical", String}, {"id", String},
      {"positiveInt", Integer}, {"unsignedInt", Integer}, {"oid", String},       {"uuid", String},      {"markdown", String},
      {"base64Binary", String}};
  for (const auto& [name, kind] : kinds)
    if (name == type) return kind;
  return std::nullopt;
}

/// Data without model need not be FHIR's JSON: lists may be empty, and names may begin with _.
Result<tree::Document> read_object(std::string body, const tree::Names& names, Model model) {
  if (model != Model::None) return json::parse(std::move(body), names, {.short_companions = true});
  Result<tree::Document> document = json::parse(body, names, {.short_companions = true});
  return document ? std::move(document) : json::parse(std::move(body), names, {.fhir = false});
}

/// A list or a single value becomes a document whose root is a list.
Result<tree::Document> read_json(std::string body, const tree::Names& names, Model model) {
  if (body.starts_with("\xEF\xBB\xBF")) body.erase(0, 3);  // RFC 8259, 8.1
  const std::size_t first = body.find_first_not_of(" \t\r\n");
  if (first != std::string::npos && body[first] == '{') return read_object(std::move(body), names, model);
  constexpr std::string_view before = "{\"item\":";
  Result<tree::Document> document = read_object(std::string(before) + body + "}", names, model);
  if (!document) return document;
  if (document->first_child(0) == tree::no_node) document->set_kind(0, tree::Kind::Null);
  for (tree::NodeId each = document->first_child(0); each != tree::no_node; each = document->next(each))
    document->set_name(each, 0);
  return document;
}

/// JSON other than objects and lists.
bool begins_json_value(std::string_view body) {
  const std::size_t first = body.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return false;
  const std::string_view rest = body.substr(first);
  return rest[0] == '"' || rest[0] == '-' || (rest[0] >= '0' && rest[0] <= '9') || rest.starts_with("true") ||
         rest.starts_with("false") || rest.starts_with("null");
}

/// The value of {"type": .., "value": ..}; nullopt for anything else.
std::optional<fhirpath::Value> typed_value(const json::Value& given, fhirpath::Collection& keeper) {
  const json::Value* value = given.find("value");
  std::optional<fhirpath::ValueKind> kind = kind_of(given.text_of("type"));
  if (value == nullptr || !kind) return std::nullopt;
  if (*kind != fhirpath::ValueKind::Quantity) return fhirpath::read_text_as(keeper.arena().keep(value->text), *kind);
  std::optional<fhirpath::Decimal> amount = fhirpath::Decimal::parse(value->text_of("value"));
  if (!amount) return std::nullopt;
  std::string_view unit = value->text_of("unit");
  return fhirpath::Value::of(keeper.arena().keep(
      fhirpath::Quantity{*amount, unit.empty() ? "1" : keeper.arena().keep(unit), fhirpath::is_calendar_unit(unit), false}));
}

}  // namespace

std::optional<Model> find_model(std::string_view name) {
  for (std::size_t place = 0; place < model_names.size(); ++place)
    if (model_names[place] == name) return static_cast<Model>(place);
  return std::nullopt;
}

std::string_view to_string(AnswerFault::Kind kind) {
  switch (kind) {
    case AnswerFault::Kind::Syntax: return "syntax";
    case AnswerFault::Kind::Semantic: return "semantic";
    case AnswerFault::Kind::Execution: break;
  }
  return "execution";
}

Expressions::Expressions(fs::path share, const Clock& clock) : share_(std::move(share)), clock_(clock) {}
Expressions::~Expressions() = default;

Result<const fhir::Definitions*> Expressions::definitions(Model model) {
  std::optional<fhir::Definitions>& place = opened_[place_of(model)];
  if (!place) {
    Result<fhir::Definitions> opened = fhir::Definitions::open(share_ / (std::string(model_names[place_of(model)]) + ".table"));
    if (!opened) return std::move(opened).failure();
    place.emplace(*std::move(opened));
  }
  return &*place;
}

Result<tree::Document> Expressions::read(std::string body, Model model, std::string_view content_type) {
  formats::Format format = formats::guess(content_type, body);
  if (format == formats::Format::Unknown && begins_json_value(body)) format = formats::Format::Json;
  // FHIR's XML and HL7 v2 can only be parsed with definitions, even if the expression does not use them.
  const bool needs_shape = format == formats::Format::Xml || format == formats::Format::Hl7v2;
  Result<const fhir::Definitions*> known = definitions(needs_shape && model == Model::None ? Model::R4 : model);
  if (!known) return std::move(known).failure();
  if (format == formats::Format::Json) return read_json(std::move(body), (*known)->names(), model);
  formats::ReadOptions options;
  options.positions = true;
  const Result<std::optional<formats::Charset>> charset = formats::charset_parameter(content_type);
  if (!charset) return charset.failure();
  options.charset = *charset;
  Result<tree::Document> document = formats::read(format, std::move(body), (*known)->names(), options);
  if (document && format == formats::Format::Hl7v2) return fhir::from_v2(*document, **known);
  if (!document || document->namespace_of(0) != fhir::fhir_namespace) return document;
  return fhir::from_xml(*document, **known);
}

Result<const tree::Document*> Expressions::open(const fs::path& file, Model model) {
  std::error_code error;
  const fs::file_time_type changed = fs::last_write_time(file, error);
  const std::uintmax_t size = error ? 0 : fs::file_size(file, error);
  if (error) return Failure{Cause::NotFound, "The file cannot be read.", file.string()};
  const std::string key = std::string(model_names[place_of(model)]) + " " + file.string();
  auto known = files_.find(key);
  if (known != files_.end() && known->second.changed == changed && known->second.size == size)
    return known->second.document.get();
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream body;
  body << stream.rdbuf();
  if (!stream) return Failure{Cause::NotFound, "The file cannot be read.", file.string()};
  Result<tree::Document> document = read(std::move(body).str(), model, formats::content_type_of(file.string()));
  if (!document)
    return Failure{document.failure().cause, document.failure().says, file.string() + ":" + document.failure().where};
  files_bytes_ += size;
  if (files_.size() >= limits::kept_files_max || files_bytes_ > limits::kept_files_bytes_max) {
    files_.clear();
    files_bytes_ = size;
  }
  File& kept = files_[key];
  kept = {changed, size, std::make_unique<tree::Document>(*std::move(document))};
  return kept.document.get();
}

Result<void> Expressions::read_variable(const json::Value& given, Model model, fhirpath::Collection& keeper,
                                        std::vector<fhirpath::Value>& values) {
  using Kind = json::Value::Kind;
  if (given.is(Kind::Null)) return done();
  if (given.is(Kind::List)) {
    for (const json::Value& each : given.items) {
      if (Result<void> read = read_variable(each, model, keeper, values); !read) return read;
    }
    return done();
  }
  if (!given.is(Kind::Object)) return read_scalar(given, model, keeper, values);
  if (std::optional<fhirpath::Value> typed = typed_value(given, keeper)) {
    values.push_back(*typed);
    return done();
  }
  Result<const fhir::Definitions*> known = definitions(model);
  if (!known) return std::move(known).failure();
  Result<tree::Document> document = read(json::compact(given), model);
  if (!document) return std::move(document).failure();
  kept_.push_back(*std::move(document));
  for (const fhirpath::Value& value : fhirpath::focus_of(kept_.back(), **known)) values.push_back(value);
  return done();
}

Result<void> Expressions::read_scalar(const json::Value& given, Model model, fhirpath::Collection& keeper,
                                      std::vector<fhirpath::Value>& values) {
  if (given.is(json::Value::Kind::Text)) {
    values.push_back(fhirpath::Value::of(keeper.arena().keep(given.text)));
    return done();
  }
  Result<const fhir::Definitions*> known = definitions(model);
  if (!known) return std::move(known).failure();
  tree::Document& document = kept_.emplace_back((*known)->names());
  const tree::Kind kind = given.is(json::Value::Kind::Number) ? tree::Kind::Number : tree::Kind::Boolean;
  const tree::Item item{&document, document.add_text(0, document.intern("value"), kind, given.text)};
  std::optional<fhirpath::Value> single = fhirpath::to_system(fhirpath::Value::of(item, 0), **known, keeper);
  if (!single) return Failure{Cause::Invalid, "This number has more than 38 digits.", ""};
  values.push_back(*single);
  return done();
}

Result<std::vector<GivenVariable>> Expressions::read_variables(const json::Value& object, Model model) {
  std::vector<GivenVariable> variables;
  for (const json::Value::Member& each : object.members) {
    GivenVariable& variable = variables.emplace_back(GivenVariable{each.name, {}});
    std::vector<fhirpath::Value> values;
    Result<void> read = read_variable(each.value, model, variable.values, values);
    if (!read) return Failure{read.failure().cause, read.failure().says, "%" + each.name};
    variable.values.assign(values);
  }
  return variables;
}

Result<const fhirpath::Program*> Expressions::program(const Question& question, const fhir::Definitions& known,
                                                      fhir::TypeId context) {
  fhirpath::CompileOptions options{.definitions = known, .context = context, .strict = question.strict};
  std::string key =
      std::string(model_names[place_of(question.model)]) + (question.strict ? " strict " : " ") + std::to_string(context) + " ";
  for (const GivenVariable& each : question.variables) {
    const bool is_known = each.values.size() == 1 && each.values[0].is_element();
    options.variables.push_back({each.name, is_known ? each.values[0].type() : 0});
    key += json::as_json(each.name) + std::to_string(options.variables.back().type) + " ";
  }
  key += question.expression;
  auto found = programs_.find(key);
  if (found == programs_.end()) {
    Result<fhirpath::Program> compiled = fhirpath::compile(question.expression, options);
    if (!compiled) return std::move(compiled).failure();
    programs_bytes_ += key.size();
    if (programs_.size() >= limits::kept_programs_max || programs_bytes_ > limits::kept_programs_bytes_max) {
      programs_.clear();
      programs_bytes_ = key.size();
    }
    found = programs_.emplace(std::move(key), *std::move(compiled)).first;
  }
  return &found->second;
}

namespace {

/// The name of a backbone type is its path; the test suites call it BackboneElement.
std::string suite_name(const fhirpath::Value& value, std::string name, const fhir::Definitions& known) {
  if (!value.is_element() || value.type() == 0 || known.kind(value.type()) != fhir::TypeKind::Backbone) return name;
  fhir::TypeId base = known.base(value.type());
  return base == 0 ? name : std::string(known.name(base));
}

AnswerItem item_of(const fhirpath::Value& value, const fhir::Definitions& known) {
  fhirpath::Description shown = fhirpath::describe(value, known);
  AnswerItem item{suite_name(value, std::move(shown.type), known), std::move(shown.json), ""};
  fhirpath::Collection keeper;
  std::optional<fhirpath::Value> system = fhirpath::to_system(value, known, keeper);
  if (!system) return item;
  using enum fhirpath::ValueKind;
  const fhirpath::ValueKind kind = system->kind();
  const std::optional<std::string> text = fhirpath::to_string(*system, known);
  if (!text) return item;
  if (kind == Time) item.text = "@T" + *text;
  if (kind == Date || kind == DateTime) item.text = "@" + *text;
  if (kind == Quantity) item.text = *text;
  return item;
}

}  // namespace

Answer Expressions::ask(const Question& question, fhirpath::Hooks* hooks) {
  using Kind = AnswerFault::Kind;
  Answer answer;
  Result<const fhir::Definitions*> known = definitions(question.model);
  if (!known) {
    answer.fault = fault_of(Kind::Execution, known.failure());
    return answer;
  }
  std::vector<fhirpath::Value> focus;
  if (question.document != nullptr) focus = fhirpath::focus_of(*question.document, **known);
  Result<const fhirpath::Program*> found = program(question, **known, focus.size() == 1 ? focus[0].type() : 0);
  if (!found) {
    answer.fault = fault_of(fhirpath::check_syntax(question.expression) ? Kind::Semantic : Kind::Syntax, found.failure());
    return answer;
  }
  std::vector<std::span<const fhirpath::Value>> given;
  for (const GivenVariable& each : question.variables) given.emplace_back(each.values);
  fhirpath::Environment environment;
  environment.variables = given;
  environment.now = clock_.wall();
  environment.hooks = hooks;
  for (const GivenVariable& each : question.variables) {  // references are resolved in the caller's %resource
    if (each.values.size() != 1) continue;
    if (each.name == "resource") environment.resource = each.values[0];
    if (each.name == "rootResource") environment.root_resource = each.values[0];
  }
  fhirpath::Collection result;
  Result<void> ran = fhirpath::run_into(result, **found, focus, environment);
  if (!ran) {
    answer.fault = fault_of(Kind::Execution, ran.failure());
    return answer;
  }
  for (const fhirpath::Value& value : result) answer.items.push_back(item_of(value, **known));
  return answer;
}

}  // namespace vardbron::workbench
