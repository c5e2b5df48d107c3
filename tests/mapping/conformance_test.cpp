#include "gateway/base/text.h"
#include "gateway/fhir/plain_conversion.h"
#include "gateway/fhir/xml_conversion.h"
#include "gateway/formats/json/parse.h"
#include "gateway/formats/json/write.h"
#include "gateway/formats/xml/parse.h"
#include "gateway/mapping/syntax/parse.h"
#include "gateway/mapping/syntax/structure_map.h"
#include "gateway/tree/compare.h"
#include "suite_line.h"
#include "tests/mapping/workshop.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <sstream>

// Concern: the public FML suites. A case passes, or is listed in tests/scenarios/fml-known.tsv with the reason.
namespace vardbron::mapping {
namespace {

namespace fs = std::filesystem;

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

fs::path suites() {
  const char* given = std::getenv("VARDBRON_CONFORMANCE");
  return given != nullptr ? fs::path(given) : fs::path(VARDBRON_SOURCE_DIR) / "../shared/conformance";
}

std::map<std::string, std::string> known_failures() {
  std::map<std::string, std::string> known;
  std::string text = read_file(fs::path(VARDBRON_SOURCE_DIR) / "tests/scenarios/fml-known.tsv");
  for (std::string_view line : split(text, '\n')) {
    std::size_t tab = line.find('\t');
    if (line.empty() || line[0] == '#' || tab == std::string_view::npos) continue;
    known.emplace(line.substr(0, tab), line.substr(tab + 1));
  }
  return known;
}

std::vector<fs::path> files_of(const fs::path& folder, const std::string& extension) {
  std::vector<fs::path> files;
  if (!fs::exists(folder)) return files;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == extension) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

/// The tutorial's XML has its own namespace, which its models name; otherwise it is FHIR's XML.
std::string in_fhir_namespace(std::string xml) {
  const std::string own = "http://hl7.org/fhir/tutorial\"";
  for (std::size_t at = xml.find(own); at != std::string::npos; at = xml.find(own, at))
    xml.replace(at, own.size(), "http://hl7.org/fhir\"");
  return xml;
}

Result<tree::Document> read_instance(const fs::path& file, const fhir::Definitions& definitions) {
  if (file.extension() == ".json") return json::parse(read_file(file), definitions.names());
  Result<tree::Document> plain = xml::parse(in_fhir_namespace(read_file(file)), definitions.names());
  if (!plain) return plain;
  return fhir::from_xml(*plain, definitions);
}

class Suite {
 public:
  Suite() : known_(known_failures()) {}

  /// `says` is "" if the case passed.
  void report(const std::string& id, const std::string& says) {
    auto known = known_.find(id);
    bool is_known = known != known_.end();
    auto& [passed, total] = counts_[id.substr(0, id.find('/'))];
    ++total;
    if (says.empty()) {
      ++passed;
      EXPECT_FALSE(is_known) << id << " passes now; take it out of fml-known.tsv";
    } else if (!is_known) {
      ADD_FAILURE() << id << ": " << says;
    }
  }

  /// The cases with that prefix, as one line of the table.
  void print(const std::string& prefix, const std::string& name) {
    suite::print_line(name, counts_[prefix].first, counts_[prefix].second);
  }

 private:
  std::map<std::string, std::string> known_;
  std::map<std::string, std::pair<std::size_t, std::size_t>> counts_;  // passed, all
};

/// "" if the run gives the file's content; a file with an OperationOutcome requires a failure.
std::string compare(const Library& library, const Map& map, const fs::path& source_file, const fs::path& result_file) {
  Result<tree::Document> source = read_instance(source_file, library.definitions());
  if (!source) return "source: " + source.failure().where + " " + source.failure().says;
  tree::Item item = tree::root(*source);
  Result<tree::Document> result = run(map, {&item, 1}, {});
  std::string text = read_file(result_file);
  bool wants_failure = text.find("OperationOutcome") != std::string::npos;
  if (wants_failure) return result ? "expected a failure" : "";
  if (!result) return result.failure().where + ": " + result.failure().says;
  Result<tree::Document> expected = read_instance(result_file, library.definitions());
  if (!expected) return "result file: " + expected.failure().where + " " + expected.failure().says;
  return tree::describe_differences(*expected, *result);
}

void run_tutorial_step(const fs::path& step, Suite& suite) {
  Library library(r4());
  for (const fs::path& model : files_of(step / "logical", ".json")) {
    Result<tree::Document> document = json::parse(read_file(model), r4().names());
    ASSERT_TRUE(document.ok()) << model;
    Result<void> added = library.add_resource(model.string(), std::move(*document));
    ASSERT_TRUE(added.ok()) << model << added.failure().says;
  }
  std::map<std::string, std::string> urls;
  std::map<std::string, std::string> refused;
  for (const fs::path& map : files_of(step / "map", ".map")) {
    std::string text = read_file(map);
    // Two maps of one step may have one url: each gets its own.
    std::string url = "map:" + map.stem().string();
    Result<void> added = library.add_map(map.filename().string(), "/// url = '" + url + "'\n" + text);
    if (!added) refused[map.stem().string()] = added.failure().where + ": " + added.failure().says;
    urls[map.stem().string()] = url;
  }
  std::string failures;
  for (const Failure& failure : library.build()) failures += failure.where + ": " + failure.says + "\n";
  for (const std::string extension : {".json", ".xml"}) {
    for (const fs::path& result : files_of(step / "result", extension)) {
      std::string stem = result.stem().string();
      std::size_t dot = stem.find('.');
      std::string id = "tutorial/" + step.filename().string() + "/" + result.filename().string();
      const Map* map = library.find(urls[stem.substr(0, dot)]);
      if (map == nullptr) {
        suite.report(id, "the map was refused: " + failures + refused[stem.substr(0, dot)]);
        continue;
      }
      suite.report(id, compare(library, *map, step / "source" / (stem.substr(dot + 1) + extension), result));
    }
  }
}

/// The same map as a StructureMap resource, which is beside the text in JSON and XML.
Result<syntax::Map> read_twin(const fs::path& file) {
  const std::string text = read_file(file);
  if (file.extension() == ".json") {
    Result<tree::Document> resource = json::parse(text, r4().names(), {.positions = true});
    if (!resource) return std::move(resource).failure();
    return from_structure_map(file.filename().string(), text, *resource);
  }
  xml::ParseOptions options;
  options.positions = true;
  Result<tree::Document> plain = xml::parse(text, r4().names(), options);
  if (!plain) return std::move(plain).failure();
  return from_structure_map(file.filename().string(), text, fhir::from_plain_xml(*plain, text, r4().names()));
}

void run_twins(const fs::path& step, Suite& suite) {
  Library library(r4());
  for (const fs::path& model : files_of(step / "logical", ".json")) {
    Result<tree::Document> document = json::parse(read_file(model), r4().names());
    ASSERT_TRUE(document.ok() && library.add_resource(model.string(), std::move(*document)).ok()) << model;
  }
  ASSERT_TRUE(library.load_models().ok());
  for (const std::string form : {".json", ".xml"}) {
    for (const fs::path& file : files_of(step / "map", form)) {
      Result<syntax::Map> read = read_twin(file);
      Result<Map> map = read ? library.compile(*read) : Result<Map>(std::move(read).failure());
      for (const std::string extension : {".json", ".xml"}) {
        for (const fs::path& result : files_of(step / "result", extension)) {
          const std::string stem = result.stem().string();
          const std::size_t dot = stem.find('.');
          if (stem.substr(0, dot) != file.stem().string()) continue;
          const std::string id =
              "tutorial/" + step.filename().string() + "/" + file.filename().string() + "/" + result.filename().string();
          suite.report(id, map ? compare(library, *map, step / "source" / (stem.substr(dot + 1) + extension), result)
                               : map.failure().where + ": " + map.failure().says);
        }
      }
    }
  }
}

TEST(FmlConformance, TutorialAsStructureMaps) {
  fs::path folder = suites() / "fml-tutorial";
  if (!fs::exists(folder)) GTEST_SKIP() << "no suite at " << folder;
  Suite suite;
  for (const fs::directory_entry& step : fs::directory_iterator(folder)) {
    if (step.is_directory()) run_twins(step.path(), suite);
  }
  suite.print("tutorial", "FML tutorial, maps as StructureMaps");
}

TEST(FmlConformance, Tutorial) {
  fs::path folder = suites() / "fml-tutorial";
  if (!fs::exists(folder)) GTEST_SKIP() << "no suite at " << folder;
  Suite suite;
  for (const fs::directory_entry& step : fs::directory_iterator(folder)) {
    if (step.is_directory()) run_tutorial_step(step.path(), suite);
  }
  suite.print("tutorial", "FML tutorial");
}

void run_reference(const fs::path& folder, Suite& suite) {
  Result<tree::Document> manifest = xml::parse(read_file(folder / "manifest.xml"), r4().names());
  ASSERT_TRUE(manifest.ok());
  for (tree::Item test = tree::root(*manifest).first_child(); test; test = test.next()) {
    if (test.name_text() != "test") continue;
    std::string name(test.text_of("name"));
    std::string id = "reference/" + folder.filename().string() + "/" + name.substr(name.rfind('/') + 1);
    fs::path map_file = folder / std::string(test.text_of("map"));
    if (map_file.extension() != ".map") {
      suite.report(id, "the map is a StructureMap resource");
      continue;
    }
    Library library(r4());
    Result<void> added = library.add_map(map_file.filename().string(), "/// url = 'map:it'\n" + read_file(map_file));
    std::string failures = added ? "" : added.failure().where + ": " + added.failure().says;
    for (const Failure& failure : library.build()) failures += failure.where + ": " + failure.says + "\n";
    const Map* map = library.find("map:it");
    suite.report(id, map == nullptr ? failures
                                    : compare(library, *map, folder / std::string(test.text_of("source")),
                                              folder / std::string(test.text_of("output"))));
  }
  for (const fs::path& map : files_of(folder, ".map")) {
    Result<syntax::Map> parsed = parse(map.filename().string(), read_file(map));
    suite.report("parse/" + folder.filename().string() + "/" + map.filename().string(),
                 parsed ? "" : parsed.failure().where + ": " + parsed.failure().says);
  }
}

TEST(FmlConformance, Reference) {
  fs::path folder = suites() / "fml-reference";
  if (!fs::exists(folder)) GTEST_SKIP() << "no suite at " << folder;
  Suite suite;
  run_reference(folder / "r4b", suite);
  run_reference(folder / "r5", suite);
  suite.print("reference", "FML reference tests (R4B, R5)");
  suite.print("parse", "maps of the FML reference, read");
}

}  // namespace
}  // namespace vardbron::mapping
