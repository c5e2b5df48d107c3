#include "gateway/mapping/library.h"

#include "gateway/base/wildcard.h"
#include "gateway/fhir/other_release.h"
#include "gateway/mapping/syntax/parse.h"

#include <algorithm>
#include <deque>
#include <map>
#include <optional>

namespace vardbron::mapping {

struct Library::Parts final : Loader {
  explicit Parts(const fhir::Definitions& base_definitions) : base(base_definitions) {}

  std::vector<const syntax::Map*> maps(std::string_view canonical) const override {
    std::vector<const syntax::Map*> found;
    for (const syntax::Map& map : texts) {
      if (fits_wildcard(canonical, map.url())) found.push_back(&map);
    }
    return found;
  }

  std::shared_ptr<const ConceptMap> concept_map(std::string_view canonical) const override {
    canonical = canonical.substr(0, canonical.find('|'));
    for (const std::shared_ptr<const ConceptMap>& map : codes) {
      if (map->url() == canonical) return map;
    }
    return nullptr;
  }

  std::string_view profiled_type(std::string_view canonical) const override {
    auto profile = profiles.find(canonical.substr(0, canonical.find('|')));
    return profile == profiles.end() ? std::string_view{} : std::string_view(profile->second);
  }

  Result<void> add_codes(Result<ConceptMap> map) {
    if (!map) return std::move(map).failure();
    if (concept_map(map->url()))
      return Failure{Cause::Invalid, "the concept map '" + std::string(map->url()) + "' is given twice", {}};
    codes.push_back(std::make_shared<const ConceptMap>(std::move(*map)));
    return done();
  }

  /// File of the model that has an element of that path, or that name; "" if none.
  std::string file_with(std::string_view path) const {
    for (std::size_t at = 0; at < models.size(); ++at) {
      const tree::Item model = tree::root(models[at]);
      for (const char* view : {"differential", "snapshot"}) {
        for (tree::Item element = model.child(view).first_child(); element; element = element.next()) {
          if (element.text_of("path") == path || element.text_of("id") == path) return model_files[at];
        }
      }
      if (!path.empty() && (model.text_of("url") == path || model.text_of("name") == path)) return model_files[at];
    }
    return {};
  }

  const fhir::Definitions& base;
  std::optional<fhir::Definitions> with_models;
  std::vector<tree::Document> models;
  std::vector<std::string> model_files;
  std::map<std::string, std::string, std::less<>> profiles;  // canonical to the type it constrains
  std::deque<syntax::Map> texts;
  std::vector<std::shared_ptr<const ConceptMap>> codes;
  std::deque<Map> compiled;
};

Library::Library(const fhir::Definitions& base) : parts_(std::make_unique<Parts>(base)) {}
Library::~Library() = default;
Library::Library(Library&&) noexcept = default;
Library& Library::operator=(Library&&) noexcept = default;

Result<void> Library::add_map(std::string file, std::string text) {
  Result<syntax::Map> map = parse(std::move(file), std::move(text));
  if (!map) return std::move(map).failure();
  return add_map(std::move(*map));
}

Result<void> Library::add_map(syntax::Map map) {
  for (const syntax::Map& other : parts_->texts) {
    if (!map.url().empty() && other.url() == map.url())
      return Failure{Cause::Invalid, "the map '" + std::string(map.url()) + "' is given twice, first in " + other.file, map.file};
  }
  parts_->texts.push_back(std::move(map));
  return done();
}

Result<void> Library::add_codes(std::string url, std::string file, std::string text) {
  return parts_->add_codes(ConceptMap::from_csv(url, file, text));
}

Result<void> Library::add_resource(std::string file, tree::Document resource) {
  std::string_view type = tree::root(resource).text_of("resourceType");
  if (type == "ConceptMap") {
    Result<void> added = parts_->add_codes(ConceptMap::from_fhir(tree::root(resource)));
    if (!added) added.failure().where = file + ": " + added.failure().where;
    return added;
  }
  if (type != "StructureDefinition") return Failure{Cause::Unsupported, "expected a StructureDefinition or a ConceptMap", file};
  const std::string_view url = tree::root(resource).text_of("url");
  if (tree::root(resource).text_of("derivation") == "constraint") {
    parts_->profiles.emplace(url, tree::root(resource).text_of("type"));
    return done();
  }
  if (parts_->base.find_type(url) != 0) return done();
  parts_->models.push_back(std::move(resource));
  parts_->model_files.push_back(std::move(file));
  return done();
}

bool Library::names_release(std::string_view release) const {
  const auto is_of_it = [release](const syntax::Uses& uses) {
    return fhir::release_of_canonical(uses.canonical.text).release == release;
  };
  return std::any_of(parts_->texts.begin(), parts_->texts.end(),
                     [&](const syntax::Map& map) { return std::any_of(map.uses.begin(), map.uses.end(), is_of_it); });
}

Result<void> Library::load_models() {
  parts_->compiled.clear();
  parts_->with_models.reset();
  if (parts_->models.empty()) return done();
  Result<fhir::Definitions> laid_over = parts_->base.with_models(parts_->models);
  if (!laid_over) {
    Failure failure = std::move(laid_over).failure();
    const std::string file = parts_->file_with(failure.where);
    if (!file.empty()) failure.where = file + ": " + failure.where;
    return failure;
  }
  parts_->with_models = std::move(*laid_over);
  return done();
}

Result<Map> Library::compile(const syntax::Map& map, CompileOptions options) const {
  return mapping::compile(map, definitions(), *parts_, options);
}

std::vector<Failure> Library::build(CompileOptions options) {
  std::vector<Failure> failures;
  if (Result<void> laid = load_models(); !laid) {
    failures.push_back(std::move(laid).failure());
    return failures;
  }
  for (const syntax::Map& map : parts_->texts) {
    Result<Map> compiled = compile(map, options);
    if (compiled)
      parts_->compiled.push_back(std::move(*compiled));
    else
      failures.push_back(std::move(compiled).failure());
  }
  return failures;
}

const fhir::Definitions& Library::definitions() const { return parts_->with_models ? *parts_->with_models : parts_->base; }

const Map* Library::find(std::string_view url_or_name) const {
  for (const Map& map : parts_->compiled) {
    if (map.url() == url_or_name || map.name() == url_or_name) return &map;
  }
  return nullptr;
}

std::vector<const Map*> Library::maps() const {
  std::vector<const Map*> all;
  for (const Map& map : parts_->compiled) all.push_back(&map);
  return all;
}

}  // namespace vardbron::mapping
