#pragma once

#include "gateway/base/result.h"
#include "gateway/fhir/definitions.h"
#include "gateway/mapping/map.h"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::mapping {

/// The contents of `mappings/`: maps, code lists, logical models. The caller passes texts and documents; the library reads no
/// files. Add all of them, in any order, then build; after that it is immutable, any thread.
class Library {
 public:
  /// The base definitions must outlive the library.
  explicit Library(const fhir::Definitions& base);
  ~Library();
  Library(Library&&) noexcept;
  Library& operator=(Library&&) noexcept;

  /// An FML text. Fails like parse(); Invalid: a map of that url was added before.
  Result<void> add_map(std::string file, std::string text);
  /// A map that is parsed already, from a StructureMap resource for instance. Invalid: a map of that url was added before.
  Result<void> add_map(syntax::Map map);
  /// A four-column code list (ConceptMap::from_csv); maps refer to it by `url`. Fails like from_csv; Invalid: a code
  /// list of that url was added before.
  Result<void> add_codes(std::string url, std::string file, std::string text);
  /// A StructureDefinition of a logical model, or a ConceptMap. Read with the base definitions' names or any other. A profile is
  /// an alias of the type it constrains; a type of the base definitions is ignored. Unsupported: any other resource. Invalid: as
  /// ConceptMap::from_fhir and add_codes.
  Result<void> add_resource(std::string file, tree::Document resource);

  /// True if some map's `uses` names types of that FHIR release: "4.0" (R4B's too), "5.0".
  bool names_release(std::string_view release) const;

  /// Adds the models to the definitions and discards what was compiled; `build` does it too. Invalid: a model that cannot be
  /// used.
  Result<void> load_models();
  /// Compiles a map that does not belong to the library against its models, code lists and maps. After load_models or build; the
  /// library must outlive the map.
  Result<Map> compile(const syntax::Map& map, CompileOptions options = {}) const;

  /// Adds the models to the definitions and compiles every map whose first group is not a default group only. Returns the
  /// failures of all maps together; empty on success.
  std::vector<Failure> build(CompileOptions options = {});

  /// The definitions with the models; source documents need their names(). Call after build.
  const fhir::Definitions& definitions() const;
  /// By url or name; null if unknown or not compiled.
  const Map* find(std::string_view url_or_name) const;
  std::vector<const Map*> maps() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace vardbron::mapping
