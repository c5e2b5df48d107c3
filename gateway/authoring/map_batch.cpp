#include "gateway/authoring/map_batch.h"

#include "gateway/base/clock.h"
#include "gateway/base/limits.h"
#include "gateway/base/text.h"
#include "gateway/exchange/stockholm.h"
#include "gateway/formats/json/composer.h"
#include "gateway/formats/json/value.h"
#include "gateway/formats/json/write.h"
#include "gateway/formats/read.h"
#include "gateway/mapping/library.h"
#include "gateway/workspace/load.h"
#include "gateway/workspace/refusals.h"
#include "gateway/workspace/suggestions.h"

#include <algorithm>
#include <istream>
#include <map>
#include <optional>
#include <ostream>
#include <utility>
#include <variant>
#include <vector>

namespace vardbron::authoring {

namespace {

namespace fs = std::filesystem;

using json::Value;
using Kind = Value::Kind;

/// Why a line has no result.
struct Problem {
  std::string_view kind;  ///< syntax, semantic, execution
  Failure failure;
  std::vector<Failure> faults{};  ///< all faults of the input, if the run collected them
};
template <class T>
using Or = std::variant<T, Problem>;

Problem syntax_problem(std::string says, std::string where = {}) {
  return {"syntax", {Cause::Invalid, std::move(says), std::move(where)}};
}

/// A text that a line refers to or contains.
struct Material {
  std::string name;  ///< the file, or its name in the line
  std::string text;
  std::string key;           ///< changes with the text
  bool is_asked_for = true;  ///< else a file beside the map, whose faults are ignored
};

/// A resource, or a map as text: file names contain no line ends.
bool is_inline(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos &&
         (text[first] == '{' || text[first] == '<' || text.find('\n') != std::string_view::npos);
}

std::string stamp(const fs::path& file) {
  std::error_code error;
  const auto time = fs::last_write_time(file, error).time_since_epoch().count();
  return file.string() + "|" + std::to_string(time) + "|" + std::to_string(fs::file_size(file, error));
}

/// The file of that name with its time stamp only; the text is read on demand.
Material file_material(const fs::path& file, bool is_asked_for = true) { return {file.string(), {}, stamp(file), is_asked_for}; }

Result<std::string> text_of(const Material& material) {
  return material.text.empty() ? workspace::read_file(material.name) : Result<std::string>(material.text);
}

Material inline_material(std::string name, std::string text) {
  std::string key = "inline|" + text;
  return {std::move(name), std::move(text), std::move(key), true};
}

/// An unknown member is misspelt or meant for another program; ignored, the line would mean something else.
std::optional<Problem> unknown_member(const Value& line, const std::vector<std::string_view>& known) {
  for (const Value::Member& member : line.members) {
    if (std::find(known.begin(), known.end(), member.name) != known.end()) continue;
    const std::string meant = workspace::did_you_mean(member.name, known);
    return syntax_problem("A line has no member '" + member.name + "'" + (meant.empty() ? "." : meant));
  }
  return std::nullopt;
}

/// A base, the models added to it, and the maps compiled with both.
struct BatchWorkspace {
  explicit BatchWorkspace(const fhir::Definitions& base) : library(base) {}
  mapping::Library library;
  const fhir::Definitions* other = nullptr;  ///< of the other release, if the map needs two
  std::optional<Problem> problem;
  std::map<std::string, std::variant<mapping::Map, Failure>, std::less<>> maps;
};

struct Request {
  std::string map_key;
  std::shared_ptr<const mapping::syntax::Map> map;
  fs::path map_file;  ///< "" if the line contains the map
  std::vector<Material> models;
  std::vector<Material> inputs;
  std::string release;  ///< r4, r5, or "" = by the map
  workspace::Releases releases;
  bool as_xml = false;
};

/// The result of a line.
struct Mapped {
  std::string json;                     ///< the resource, or its XML as a JSON string
  std::vector<std::string> warnings{};  ///< where it violates its model
};

void add_error(json::Composer& json, const Problem& problem) {
  json.begin_object("error").text("kind", problem.kind).text("says", visible(problem.failure.says));
  if (!problem.failure.where.empty()) json.text("at", visible(problem.failure.where));
  if (!problem.faults.empty()) json.begin_list("faults");
  for (const Failure& fault : problem.faults)
    json.begin_object().text("says", visible(fault.says)).text("at", visible(fault.where)).end_object();
  if (!problem.faults.empty()) json.end_list();
  json.end_object();
}

void add_result(json::Composer& json, const Mapped& mapped) {
  json.raw("result", mapped.json);
  if (mapped.warnings.empty()) return;
  json.begin_list("warnings");
  for (const std::string& each : mapped.warnings) json.text(each);
  json.end_list();
}

/// `id`: its JSON text, unchanged.
std::string answer_line(std::string_view id, const Or<Mapped>& result) {
  json::Composer json;
  json.begin_object().raw("id", id);
  if (const Problem* problem = std::get_if<Problem>(&result)) {
    add_error(json, *problem);
  } else {
    add_result(json, std::get<Mapped>(result));
  }
  return json.end_object().finish();
}

/// Files beside a map, possibly its imports.
std::vector<Material> neighbours(const fs::path& map_file) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator at(fs::absolute(map_file).parent_path(), error), end; !error && at != end; at.increment(error)) {
    if (at->is_regular_file() && !fs::equivalent(at->path(), map_file, error)) files.push_back(at->path());
    if (files.size() > limits::neighbours_of_map_max) return {};
  }
  std::sort(files.begin(), files.end());
  std::vector<Material> found;
  for (const fs::path& file : files) found.push_back(file_material(file, false));
  return found;
}

}  // namespace

struct MapBatch::Parts {
  fs::path share;
  std::optional<fhir::Definitions> r4, r5;
  std::map<std::string, std::unique_ptr<BatchWorkspace>, std::less<>> workspaces;
  std::map<std::string, std::shared_ptr<const mapping::syntax::Map>, std::less<>> texts;
  exchange::Stockholm zone;

  std::string answer(std::string_view line);
  Or<Mapped> answer_request(const Value& line);
  Or<Request> read_request(const Value& line);
  std::optional<Problem> read_shape(const Value& line, Request& request);
  std::optional<Problem> add_materials(const std::string& member, const Value& given, bool takes_folders,
                                       std::vector<Material>& out);
  std::optional<Problem> find_map(const Value& given, Request& request);
  std::optional<Problem> read_map_text(const Material& material, Request& request);
  Or<const fhir::Definitions*> definitions(const std::string& release);
  std::optional<Problem> add_other_release(const Request& request, const fhir::Definitions& base, BatchWorkspace& workspace);
  Or<BatchWorkspace*> workspace(const Request& request, const std::vector<Material>& models);
  Or<std::pair<BatchWorkspace*, const mapping::Map*>> compile(const Request& request);
  Or<std::pair<BatchWorkspace*, const mapping::Map*>> compile_in(const Request& request, const std::vector<Material>& models);
  Or<Mapped> run(const Request& request, const BatchWorkspace& workspace, const mapping::Map& map);
};

MapBatch::MapBatch(std::filesystem::path share) : parts_(std::make_unique<Parts>()) { parts_->share = std::move(share); }
MapBatch::~MapBatch() = default;

std::string MapBatch::answer(std::string_view line) { return parts_->answer(line); }

std::size_t MapBatch::run(std::istream& in, std::ostream& out) {
  std::size_t lines = 0;
  std::string line;
  while (std::getline(in, line)) {
    if (trim(line).empty()) continue;
    out << answer(line) << '\n' << std::flush;
    ++lines;
  }
  return lines;
}

std::string MapBatch::Parts::answer(std::string_view line) {
  if (line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
  Result<Value> request = json::read_value(line);
  if (request && !request->is(Kind::Object)) request = Failure{Cause::Invalid, "A document is an object.", "1:1"};
  if (!request)
    return answer_line("null", syntax_problem("The line is not JSON: " + request.failure().says, request.failure().where));
  const Value* id = request->find("id");
  return answer_line(id == nullptr ? "null" : id->written, answer_request(*request));
}

Or<Mapped> MapBatch::Parts::answer_request(const Value& line) {
  Or<Request> read = read_request(line);
  if (Problem* problem = std::get_if<Problem>(&read)) return std::move(*problem);
  const Request& request = std::get<Request>(read);
  Or<std::pair<BatchWorkspace*, const mapping::Map*>> compiled = compile(request);
  if (Problem* problem = std::get_if<Problem>(&compiled)) return std::move(*problem);
  const auto& [workspace, map] = std::get<0>(compiled);
  return run(request, *workspace, *map);
}

Or<Request> MapBatch::Parts::read_request(const Value& line) {
  Request request;
  std::optional<Problem> problem = unknown_member(line, {"id", "map", "models", "imports", "input", "model", "format"});
  if (!problem) problem = read_shape(line, request);
  for (const Value::Member& member : line.members) {
    if (problem) break;
    if (member.name == "models" || member.name == "imports")
      problem = add_materials(member.name, member.value, true, request.models);
    if (member.name == "input") problem = add_materials(member.name, member.value, false, request.inputs);
  }
  if (!problem && request.inputs.empty()) problem = syntax_problem("The line has no 'input'.");
  const Value* map = line.find("map");
  if (!problem && map == nullptr) problem = syntax_problem("The line has no 'map'.");
  if (!problem) problem = find_map(*map, request);
  if (problem) return std::move(*problem);
  request.releases = workspace::releases_of(*request.map, request.release);
  request.release = request.releases.base;
  return request;
}

std::optional<Problem> MapBatch::Parts::read_shape(const Value& line, Request& request) {
  const std::string release = to_lower(line.text_of("model"));
  const bool is_r5 = release == "r5" || release.starts_with("5.");
  const bool is_r4 = release == "r4" || release == "r4b" || release.starts_with("4.");
  if (!release.empty() && !is_r5 && !is_r4) return syntax_problem("'model' is r4 or r5.");
  if (!release.empty()) request.release = is_r5 ? "r5" : "r4";
  const std::string_view format = line.text_of("format");
  if (!format.empty() && format != "json" && format != "xml") return syntax_problem("'format' is json or xml.");
  request.as_xml = format == "xml";
  return std::nullopt;
}

/// Adds a file, a folder of files, or an inline text. Nested lists are flattened.
std::optional<Problem> MapBatch::Parts::add_materials(const std::string& member, const Value& given, bool takes_folders,
                                                      std::vector<Material>& out) {
  for (const Value& item : given.items) {
    if (std::optional<Problem> problem = add_materials(member, item, takes_folders, out)) return problem;
  }
  const std::string name = member + "[" + std::to_string(out.size()) + "]";
  if (given.is(Kind::Object)) {
    out.push_back(inline_material(name, json::compact(given)));
    return std::nullopt;
  }
  const std::string& text = given.text;
  if (!given.is(Kind::Text) || text.empty()) return std::nullopt;
  if (is_inline(text)) {
    out.push_back(inline_material(name, text));
    return std::nullopt;
  }
  std::error_code error;
  if (takes_folders && fs::is_directory(text, error)) {
    for (const fs::path& file : workspace::files_below(text)) out.push_back(file_material(file, false));
    return std::nullopt;
  }
  if (!fs::is_regular_file(text, error))
    return Problem{takes_folders ? "semantic" : "execution", {Cause::NotFound, "There is no such file.", text}};
  out.push_back(file_material(text));
  return std::nullopt;
}

std::optional<Problem> MapBatch::Parts::find_map(const Value& given, Request& request) {
  if (given.is(Kind::Object)) return read_map_text(inline_material("map", json::compact(given)), request);
  const std::string& text = given.text;
  std::error_code error;
  const bool may_be_file = text.find('\n') == std::string::npos && !is_inline(text);
  if (may_be_file && fs::is_regular_file(text, error)) {
    request.map_file = text;
    return read_map_text(file_material(text), request);
  }
  const bool is_text = !may_be_file || text.find('{') != std::string::npos;
  if (is_text) return read_map_text(inline_material("map", text), request);
  // The map is the url of one among the models.
  Or<const fhir::Definitions*> base = definitions(request.release);
  if (Problem* problem = std::get_if<Problem>(&base)) return std::move(*problem);
  for (const Material& model : request.models) {
    Result<std::string> read = text_of(model);
    if (!read || read->find(text) == std::string::npos) continue;
    Result<mapping::syntax::Map> map = workspace::read_map(*std::get<0>(base), model.name, std::move(*read));
    if (!map || (map->url() != text && map->name() != text)) continue;
    request.map_key = model.key;
    request.map = std::make_shared<const mapping::syntax::Map>(std::move(*map));
    return std::nullopt;
  }
  return syntax_problem("'map' is neither a file, nor the url of one of the models, nor a map's text.", text);
}

std::optional<Problem> MapBatch::Parts::read_map_text(const Material& material, Request& request) {
  request.map_key = material.key;
  if (auto known = texts.find(material.key); known != texts.end()) {
    request.map = known->second;
    return std::nullopt;
  }
  Or<const fhir::Definitions*> base = definitions(request.release);
  if (Problem* problem = std::get_if<Problem>(&base)) return std::move(*problem);
  Result<std::string> text = text_of(material);
  if (!text) return Problem{"syntax", std::move(text).failure()};
  Result<mapping::syntax::Map> map = workspace::read_map(*std::get<0>(base), material.name, std::move(*text));
  if (!map) return Problem{"syntax", std::move(map).failure()};
  request.map = std::make_shared<const mapping::syntax::Map>(std::move(*map));
  if (texts.size() >= limits::kept_maps_per_model_set_max) texts.clear();
  texts.emplace(material.key, request.map);
  return std::nullopt;
}

Or<const fhir::Definitions*> MapBatch::Parts::definitions(const std::string& release) {
  std::optional<fhir::Definitions>& table = release == "r5" ? r5 : r4;
  if (!table) {
    Result<fhir::Definitions> opened = fhir::Definitions::open(share / (release == "r5" ? "r5.table" : "r4.table"));
    if (!opened) return Problem{"execution", std::move(opened).failure()};
    table = std::move(*opened);
  }
  return &*table;
}

Or<BatchWorkspace*> MapBatch::Parts::workspace(const Request& request, const std::vector<Material>& models) {
  std::string key = request.release + request.releases.source + request.releases.target + "\n" + std::string(request.map->url());
  for (const Material& model : models) key += "\n" + model.key;
  if (auto known = workspaces.find(key); known != workspaces.end()) return known->second.get();
  Or<const fhir::Definitions*> base = definitions(request.release);
  if (Problem* problem = std::get_if<Problem>(&base)) return std::move(*problem);
  auto made = std::make_unique<BatchWorkspace>(*std::get<0>(base));
  // Skips the map itself, which may also be among the models.
  workspace::KnownDefinitions known{"StructureMap|" + std::string(request.map->url())};
  for (const Material& model : models) {
    Result<std::string> text = text_of(model);
    Result<void> added = text ? workspace::add_definitions(made->library, *std::get<0>(base), model.name, std::move(*text), known)
                              : Result<void>(std::move(text).failure());
    if (!added && model.is_asked_for && !made->problem) made->problem = Problem{"semantic", std::move(added).failure()};
  }
  if (std::optional<Problem> problem = add_other_release(request, *std::get<0>(base), *made)) return std::move(*problem);
  if (Result<void> laid = made->library.load_models(); !laid && !made->problem)
    made->problem = Problem{"semantic", std::move(laid).failure()};
  if (workspaces.size() >= limits::kept_model_sets_max) workspaces.clear();
  return workspaces.emplace(std::move(key), std::move(made)).first->second.get();
}

/// A map between two releases needs both.
std::optional<Problem> MapBatch::Parts::add_other_release(const Request& request, const fhir::Definitions& base,
                                                          BatchWorkspace& workspace) {
  const workspace::Releases& releases = request.releases;
  const std::string& other = releases.source == releases.base ? releases.target : releases.source;
  if (other == releases.base) return std::nullopt;
  Or<const fhir::Definitions*> table = definitions(other);
  if (Problem* problem = std::get_if<Problem>(&table)) return std::move(*problem);
  workspace.other = std::get<0>(table);
  if (Result<void> laid = workspace::load_release(workspace.library, *workspace.other, base); !laid)
    return Problem{"execution", std::move(laid).failure()};
  return std::nullopt;
}

/// Compiles with the models of the line; if that fails, with the files beside the map, and then with our own models. What is
/// wrong with the files beside it is the answer where they mended what was wrong without them.
Or<std::pair<BatchWorkspace*, const mapping::Map*>> MapBatch::Parts::compile(const Request& request) {
  Or<std::pair<BatchWorkspace*, const mapping::Map*>> first = compile_in(request, request.models);
  if (!std::holds_alternative<Problem>(first)) return first;
  std::vector<Material> models = request.models;
  if (!request.map_file.empty()) {
    for (Material& neighbour : neighbours(request.map_file)) models.push_back(std::move(neighbour));
    Or<std::pair<BatchWorkspace*, const mapping::Map*>> second = compile_in(request, models);
    if (!std::holds_alternative<Problem>(second)) return second;
    const Failure &without = std::get<Problem>(first).failure, &with = std::get<Problem>(second).failure;
    if (with.where != without.where || with.says != without.says) first = std::move(second);
  }
  for (const fs::path& file : workspace::files_below(share / "models")) models.push_back(file_material(file, false));
  Or<std::pair<BatchWorkspace*, const mapping::Map*>> third = compile_in(request, models);
  return std::holds_alternative<Problem>(third) ? std::move(first) : std::move(third);
}

Or<std::pair<BatchWorkspace*, const mapping::Map*>> MapBatch::Parts::compile_in(const Request& request,
                                                                                const std::vector<Material>& models) {
  Or<BatchWorkspace*> found = workspace(request, models);
  if (Problem* problem = std::get_if<Problem>(&found)) return std::move(*problem);
  BatchWorkspace& workspace = *std::get<BatchWorkspace*>(found);
  if (workspace.problem) return *workspace.problem;
  auto known = workspace.maps.find(request.map_key);
  if (known == workspace.maps.end()) {
    if (workspace.maps.size() >= limits::kept_maps_per_model_set_max) workspace.maps.clear();
    Result<mapping::Map> compiled = workspace.library.compile(*request.map);
    std::variant<mapping::Map, Failure> kept = compiled ? std::variant<mapping::Map, Failure>(std::move(*compiled))
                                                        : std::variant<mapping::Map, Failure>(std::move(compiled).failure());
    known = workspace.maps.emplace(request.map_key, std::move(kept)).first;
  }
  if (const Failure* failure = std::get_if<Failure>(&known->second)) return Problem{"semantic", *failure};
  return std::pair{&workspace, static_cast<const mapping::Map*>(&std::get<mapping::Map>(known->second))};
}

Or<Mapped> MapBatch::Parts::run(const Request& request, const BatchWorkspace& workspace, const mapping::Map& map) {
  const workspace::BothReleases releases{workspace.library.definitions(), workspace.other};
  const std::vector<fhir::TypeId> types = map.source_types();
  std::vector<tree::Document> documents;
  std::string identity;  // the same inputs always give the same ids
  for (const Material& input : request.inputs) {
    Result<std::string> text = text_of(input);
    if (!text) return Problem{"execution", std::move(text).failure()};
    if (text->starts_with("\xEF\xBB\xBF")) text->erase(0, 3);
    identity += *text;
    const fhir::TypeId type = documents.size() < types.size() ? types[documents.size()] : 0;
    Result<tree::Document> document = releases.read(std::move(*text), formats::content_type_of(input.name), type);
    if (!document)
      return Problem{"execution",
                     {document.failure().cause, document.failure().says, input.name + ":" + document.failure().where}};
    documents.push_back(std::move(*document));
  }
  std::vector<tree::Item> sources;
  for (const tree::Document& document : documents) sources.push_back(tree::root(document));
  mapping::Environment environment;
  environment.identity = identity;
  environment.now = RealClock().wall();
  environment.zone = &zone;
  mapping::Faults faults;
  environment.faults = &faults;
  tree::Document target(releases.definitions.names());
  Result<void> mapped = mapping::Runner(map).run(sources, environment, target);
  if (!mapped) {
    Problem problem{"execution", std::move(mapped).failure()};
    if (problem.failure.cause == Cause::Invalid && sources.size() == 1)
      problem.faults = refusals_of(releases, {map, sources.front(), target, environment}, faults, request.inputs.front().name);
    return problem;
  }
  std::vector<std::string> warnings = releases.warnings(target, map.target_type());
  if (!request.as_xml) return Mapped{json::write(target), std::move(warnings)};
  Result<std::string> text = releases.xml(target, map.target_type(), false);
  if (!text) return Problem{"execution", std::move(text).failure()};
  return Mapped{json::as_json(*text), std::move(warnings)};
}

}  // namespace vardbron::authoring
