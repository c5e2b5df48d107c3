// Tested by tests/fhir/definitions_test.cpp and tests/fhir/definitions_r5_test.cpp.

#include "gateway/fhir/compiler/concept_maps.h"
#include "gateway/fhir/compiler/errata.h"
#include "gateway/fhir/compiler/json_tree.h"
#include "gateway/fhir/compiler/search_parameters.h"
#include "gateway/fhir/compiler/terminology.h"
#include "gateway/fhir/compiler/v2_models.h"
#include "gateway/fhir/read_structure.h"
#include "gateway/fhir/table_builder.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <vector>

// definitions_compiler PACKAGE ERRATA V2 TABLE: reads the unpacked packages of one release of FHIR and of HL7 v2, writes the
// table for Definitions::open. definitions_compiler --none TABLE: a table with FHIRPath's types only, for data without model.
namespace vardbron::fhir {
namespace {

using Files = std::vector<std::filesystem::path>;

Files files_of(const std::filesystem::path& package, std::string_view resource) {
  Files files;
  std::string prefix = std::string(resource) + "-";
  for (const auto& entry : std::filesystem::directory_iterator(package))
    if (entry.path().filename().string().starts_with(prefix) && entry.path().extension() == ".json")
      files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

template <class Use>
Result<void> read_all(const std::filesystem::path& package, std::string_view resource, const tree::Names& names, Use use) {
  for (const std::filesystem::path& file : files_of(package, resource)) {
    Result<tree::Document> document = read_json_tree(file, names);
    if (!document) return std::move(document).failure();
    if (Result<void> used = use(*std::move(document)); !used) return used;
  }
  return done();
}

bool is_type(const tree::Document& structure) {
  tree::Item from = root(structure);
  return from.text_of("kind") != "logical" && from.text_of("derivation") != "constraint";
}

Result<void> add_types(const std::filesystem::path& package, const tree::Names& names, Errata& errata, TableBuilder& builder) {
  std::vector<StructureDraft> structures;
  Result<void> read = read_all(package, "StructureDefinition", names, [&](tree::Document document) -> Result<void> {
    if (!is_type(document)) return done();
    Result<StructureDraft> draft = read_structure(document);
    if (!draft) return std::move(draft).failure();
    errata.mend(*draft);
    structures.push_back(*std::move(draft));
    return done();
  });
  if (!read) return read;
  for (const StructureDraft& structure : structures) builder.declare(structure);
  builder.type(builder.find_type("Quantity")).system_type = builder.find_type("System.Quantity");
  for (const StructureDraft& structure : structures)
    if (Result<void> defined = builder.define(structure); !defined) return defined;
  return done();
}

Result<void> write(TableBuilder& builder, const std::filesystem::path& table) {
  std::vector<std::byte> bytes = builder.write();
  std::ofstream out(table, std::ios::binary | std::ios::trunc);
  out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (!out) return Failure{Cause::Broken, "The table cannot be written.", table.string()};
  return done();
}

Result<void> add_v2(const std::filesystem::path& package, TableBuilder& builder) {
  Result<std::vector<StructureDraft>> models = read_v2_models(package);
  if (!models) return std::move(models).failure();
  for (const StructureDraft& model : *models) builder.declare(model);
  for (const StructureDraft& model : *models)
    if (Result<void> defined = builder.define(model); !defined) return defined;
  return done();
}

Result<void> compile(const std::filesystem::path& package, const std::filesystem::path& errata_file,
                     const std::filesystem::path& v2_package, const std::filesystem::path& table) {
  Result<Errata> errata = Errata::read(errata_file);
  if (!errata) return std::move(errata).failure();
  tree::Names names;
  Result<tree::Document> about = read_json_tree(package / "package.json", names);
  if (!about) return std::move(about).failure();
  TableBuilder builder(root(*about).text_of("version"));
  if (Result<void> added = add_types(package, names, *errata, builder); !added) return added;
  if (Result<void> added = add_v2(v2_package, builder); !added) return added;

  SearchParameters search;
  Result<void> read = read_all(package, "SearchParameter", names, [&](tree::Document document) {
    search.add(document, *errata);
    return done();
  });
  if (!read) return read;
  search.write(builder);

  Terminology terminology;
  read = read_all(package, "CodeSystem", names, [&](tree::Document document) {
    terminology.add_code_system(document);
    return done();
  });
  if (!read) return read;
  read = read_all(package, "ValueSet", names, [&](tree::Document document) {
    terminology.add_value_set(std::move(document));
    return done();
  });
  if (!read) return read;
  terminology.write(builder);
  read = read_all(package, "ConceptMap", names, [&](tree::Document document) {
    add_concept_map(document, builder);
    return done();
  });
  if (!read) return read;
  if (Result<void> applied = errata->all_applied(); !applied) return applied;

  return write(builder, table);
}

}  // namespace
}  // namespace vardbron::fhir

int main(int count, char** words) {
  const bool is_none = count == 3 && std::string_view(words[1]) == "--none";
  if (count != 5 && !is_none) {
    std::fprintf(stderr, "usage: definitions_compiler PACKAGE ERRATA V2 TABLE, or definitions_compiler --none TABLE\n");
    return 2;
  }
  vardbron::fhir::TableBuilder none("none");
  vardbron::Result<void> compiled =
      is_none ? vardbron::fhir::write(none, words[2]) : vardbron::fhir::compile(words[1], words[2], words[3], words[4]);
  if (compiled) return 0;
  std::fprintf(stderr, "%s: %s\n", compiled.failure().where.c_str(), compiled.failure().says.c_str());
  return 1;
}
