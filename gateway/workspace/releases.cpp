#include "gateway/workspace/releases.h"

#include "gateway/base/limits.h"
#include "gateway/fhir/check.h"
#include "gateway/fhir/other_release.h"
#include "gateway/fhir/xsi_type.h"
#include "gateway/formats/json/parse.h"
#include "gateway/formats/json/write.h"
#include "gateway/formats/read.h"
#include "gateway/workspace/load.h"

#include <utility>
#include <vector>

namespace vardbron::workspace {

namespace {

/// Release of the first model of that side that names one; "" if none does.
std::string named_release(const mapping::syntax::Map& map, bool of_targets) {
  using Mode = mapping::syntax::ModelMode;
  for (const mapping::syntax::Uses& uses : map.uses) {
    const bool is_target = uses.mode == Mode::Target || uses.mode == Mode::Produced;
    const std::string_view release = fhir::release_of_canonical(uses.canonical.text).release;
    if (is_target == of_targets && (release == "4.0" || release == "5.0")) return release == "4.0" ? "r4" : "r5";
  }
  return {};
}

std::vector<std::string> in_words(tree::Item result, fhir::TypeId type, const fhir::Definitions& definitions) {
  if (type == 0 || definitions.is_abstract(type)) return {};
  constexpr std::size_t most = limits::result_warnings_max;
  std::vector<fhir::Issue> issues = fhir::check(result, type, definitions, {.issues_max = most + 1});
  // Maps write resourceType on logical models too (LANGUAGE.md, Root of a resource or a logical model).
  std::erase_if(issues, [](const fhir::Issue& issue) {
    return issue.where.find("resourceType") != std::string::npos || issue.where.ends_with(fhir::xsi_type_name);
  });
  std::vector<std::string> reported;
  for (const fhir::Issue& issue : issues) reported.push_back(issue.where + ": " + issue.says);
  if (reported.size() > most) reported.back() = "It has more such faults.";
  return reported;
}

}  // namespace

Releases releases_of(const mapping::syntax::Map& map, std::string asked) {
  Releases found{std::move(asked), named_release(map, false), named_release(map, true)};
  if (found.base.empty()) found.base = !found.source.empty() ? found.source : !found.target.empty() ? found.target : "r4";
  if (found.source.empty()) found.source = found.base;
  if (found.target.empty()) found.target = found.base;
  return found;
}

fhir::TypeId first_source(const mapping::Map& map) {
  const std::vector<fhir::TypeId> types = map.source_types();
  return types.empty() ? 0 : types.front();
}

std::filesystem::path table_of(const std::filesystem::path& share, std::string_view release) {
  return share / (release == "r5" ? "r5.table" : "r4.table");
}

Result<void> load_release(mapping::Library& library, const fhir::Definitions& other, const fhir::Definitions& base) {
  for (tree::Document& structure : fhir::structures_of_other_release(other, base)) {
    Result<void> added = library.add_resource("FHIR " + std::string(other.version()), std::move(structure));
    if (!added) return added;
  }
  return done();
}

const fhir::Definitions& BothReleases::of(fhir::TypeId type) const {
  if (other == nullptr || type == 0) return definitions;
  const std::string_view release = fhir::release_of_canonical(definitions.canonical(type)).release;
  return !release.empty() && other->version().starts_with(release) ? *other : definitions;
}

Result<tree::Document> BothReleases::read(std::string body, std::string_view content_type, fhir::TypeId source,
                                          std::string_view file) const {
  const fhir::Definitions& own = of(source);
  if (&own == &definitions || formats::guess(content_type, body) != formats::Format::Xml)
    return read_document(std::move(body), content_type, definitions, file, source);
  return in_library(read_document(std::move(body), content_type, own, file));
}

Result<tree::Document> BothReleases::read_of_either(std::string body, std::string_view content_type, fhir::TypeId model) const {
  if (other == nullptr || formats::guess(content_type, body) != formats::Format::Xml)
    return read_document(std::move(body), content_type, definitions, {}, model);
  Result<tree::Document> document = read_document(body, content_type, definitions, {}, model);
  if (document) return document;
  Result<tree::Document> of_other = in_library(read_document(std::move(body), content_type, *other));
  return of_other ? std::move(of_other) : std::move(document);
}

/// A message that was parsed with the other release's definitions, with the library's names.
Result<tree::Document> BothReleases::in_library(Result<tree::Document> document) const {
  if (!document) return document;
  return read_document(json::write(*document), "application/json", definitions);
}

Result<std::string> BothReleases::xml(const tree::Document& document, fhir::TypeId target, bool pretty) const {
  const fhir::Definitions& own = of(target);
  if (&own == &definitions) return xml_text(document, definitions, pretty);
  Result<tree::Document> again = json::parse(json::write(document), own.names());
  if (!again) return std::move(again).failure();
  return xml_text(*again, own, pretty);
}

std::vector<std::string> BothReleases::warnings(const tree::Document& result, fhir::TypeId target) const {
  const fhir::TypeId type = target != 0 ? target : fhir::resource_type(definitions, tree::root(result));
  const fhir::Definitions& own = of(type);
  if (&own == &definitions) return in_words(tree::root(result), type, definitions);
  const Result<tree::Document> again = json::parse(json::write(result), own.names());
  if (!again) return {};
  return in_words(tree::root(*again), fhir::resource_type(own, tree::root(*again)), own);
}

}  // namespace vardbron::workspace
