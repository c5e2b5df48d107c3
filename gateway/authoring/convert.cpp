// Tested by tests/system/app/map_command_test.cpp.

#include "gateway/authoring/commands.h"
#include "gateway/base/text.h"
#include "gateway/fhir/check.h"
#include "gateway/formats/json/write.h"
#include "gateway/mapping/syntax/print.h"
#include "gateway/mapping/syntax/structure_map.h"
#include "gateway/workspace/load.h"
#include "gateway/workspace/print.h"

#include <cstdio>
#include <utility>
#include <vector>

namespace vardbron::authoring {

namespace {

/// By the file's extension, or by the keyword a map begins with.
bool is_map_text(const std::string& file, std::string_view body) {
  if (file.ends_with(".fml") || file.ends_with(".map")) return true;
  body = trim(body.starts_with("\xEF\xBB\xBF") ? body.substr(3) : body);
  for (const std::string_view begins : {"///", "//", "/*", "map ", "uses ", "imports ", "group ", "conceptmap ", "let "}) {
    if (body.starts_with(begins)) return true;
  }
  return false;
}

bool is_map(const std::string& body) {
  return body.find("<StructureMap") != std::string::npos ||
         (body.find("\"resourceType\"") != std::string::npos && body.find("\"StructureMap\"") != std::string::npos);
}

Result<std::string> resource_text(const tree::Document& document, const ConvertOptions& options,
                                  const fhir::Definitions& definitions) {
  if (options.to == "json") return json::write(document, {.pretty = !options.compact});
  return workspace::xml_text(document, definitions, !options.compact);
}

Result<std::string> convert_map(std::string body, const ConvertOptions& options, const fhir::Definitions& definitions) {
  const bool is_text = is_map_text(options.file, body);
  Result<mapping::syntax::Map> map = workspace::read_map(definitions, options.file, std::move(body));
  if (!map) return std::move(map).failure();
  if (options.to == "fml") {
    if (!is_text) map->text.clear();  // blank lines of a resource are not the map's layout
    return mapping::print(*map);
  }
  Result<tree::Document> resource = mapping::to_structure_map(*map, definitions);
  if (!resource) return std::move(resource).failure();
  return resource_text(*resource, options, definitions);
}

/// For an instance of a model, and a document without a type, only the shape is checked.
Result<void> check_resource(const tree::Document& document, const ConvertOptions& options, const fhir::Definitions& definitions) {
  const tree::Item named = tree::root(document).child("resourceType");
  if (named && named.kind() != tree::Kind::String)
    return Failure{Cause::Invalid, "resourceType is the name of a resource.", workspace::place_in(options.file, "resourceType")};
  const fhir::TypeId type = definitions.find_type(named ? named.text() : "");
  if (type == 0 || definitions.kind(type) != fhir::TypeKind::Resource) return done();
  std::vector<fhir::Issue> issues = fhir::check(document, definitions, {.rules = false, .positions = true});
  if (issues.empty()) return done();
  for (fhir::Issue& issue : issues) issue.where = workspace::place_in(options.file, issue.where);
  for (std::size_t at = 1; at < issues.size(); ++at)
    workspace::print_failure({Cause::Invalid, issues[at].says, issues[at].where});
  return Failure{Cause::Invalid, issues.front().says, issues.front().where};
}

Result<std::string> convert_resource(std::string body, const ConvertOptions& options, const fhir::Definitions& definitions) {
  Result<tree::Document> document = workspace::read_document(
      std::move(body), workspace::content_type_of(options.from, options.file), definitions, options.file);
  if (!document)
    return Failure{document.failure().cause, document.failure().says,
                   workspace::place_in(options.file, document.failure().where)};
  if (Result<void> checked = check_resource(*document, options, definitions); !checked) return std::move(checked).failure();
  Result<std::string> text = resource_text(*document, options, definitions);
  if (!text) return Failure{text.failure().cause, text.failure().says, workspace::place_in(options.file, text.failure().where)};
  return text;
}

}  // namespace

int convert(const ConvertOptions& options) {
  Result<fhir::Definitions> definitions =
      workspace::load_definitions(options.model == "r5" ? workspace::share_folder() / "r5.table" : "");
  if (!definitions) return workspace::print_failure(definitions.failure());
  Result<std::string> body = workspace::read_file(options.file);
  if (!body) return workspace::print_failure(body.failure());
  // A StructureMap that stays one is converted by way of the syntax tree only to change its release.
  const bool as_map = (options.from.empty() && is_map_text(options.file, *body)) ||
                      (is_map(*body) && (options.to == "fml" || !options.model.empty()));
  if (options.to == "fml" && !as_map)
    return workspace::print_failure({Cause::Unsupported, "Only a map can be written as FML.", options.file});
  Result<std::string> text =
      as_map ? convert_map(std::move(*body), options, *definitions) : convert_resource(std::move(*body), options, *definitions);
  if (!text) return workspace::print_failure(text.failure());
  workspace::print_result(*text + (text->ends_with('\n') ? "" : "\n"));
  return workspace::Done;
}

}  // namespace vardbron::authoring
