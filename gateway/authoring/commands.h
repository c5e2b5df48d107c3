#pragma once

#include "gateway/authoring/map_reports.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

/// Further commands for authors of maps. Every command returns an exit code (workspace/print.h).
namespace vardbron::authoring {

struct MapOptions {
  std::string map;                  ///< a file, or the url or name of a map below `mappings`
  std::vector<std::string> inputs;  ///< files and folders; "-" = standard input
  std::filesystem::path mappings;   ///< folder of imports and code lists; "" = the map's own folder
  std::filesystem::path out;        ///< folder of the results; "" = standard output
  std::string model;                ///< r4, r5; "" = by the map's canonicals
  std::string from;                 ///< format of the inputs (load.h, content_type_of); "" = by their names and content
  std::string format = "json";      ///< or xml
  bool compact = false;
  MapReports reports;  ///< printed instead of the output
  bool batch = false;  ///< lines of JSON on standard input, answers on standard output (map_batch.h)
};
int map(const MapOptions& options);

struct ConvertOptions {
  std::string file;
  std::string from;   ///< as of MapOptions
  std::string to;     ///< json or xml, for a map also fml
  std::string model;  ///< release of a StructureMap that is written: r4, r5; "" = r4, and a resource is unchanged
  bool compact = false;
};
int convert(const ConvertOptions& options);

struct FhirPathOptions {
  std::string expression;
  std::string file;                    ///< FHIR JSON or XML; "" = no input, "-" = standard input
  std::string from;                    ///< as of MapOptions
  std::string model = "r4";            ///< r5, or none: no types
  std::vector<std::string> variables;  ///< name=value
  bool strict = false;
  bool types = false;  ///< print the type before each result
  bool batch = false;  ///< lines of JSON on standard input, answers on standard output (workbench/expression_batch.h)
};
int fhirpath(const FhirPathOptions& options);

struct TestOptions {
  std::vector<std::filesystem::path> folders;
  std::vector<std::string> only;   ///< names of cases, with * and ?
  std::filesystem::path mappings;  ///< folder of the maps; "" = above the cases
  std::filesystem::path junit;     ///< "" = no file
  std::filesystem::path coverage_html, coverage_lcov;
  bool coverage = false;  ///< as a table
  bool bless = false;     ///< write outputs as expected ones
  bool watch = false;
  std::size_t random = 0;  ///< instead of the cases: number of generated messages for each map
  std::uint64_t seed = 1;
  bool no_color = false;  ///< https://no-color.org
};
/// Runs the cases of maps.
int test(const TestOptions& options);
/// Runs generated messages through every map below the folders; a failing one is shrunk and written beside the map.
int test_random(const TestOptions& options);

}  // namespace vardbron::authoring
