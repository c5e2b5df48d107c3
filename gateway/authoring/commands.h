#pragma once

#include "gateway/authoring/map_reports.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

/// What whoever writes maps calls, beside authoring.h. Every command returns an exit code (workspace/print.h).
namespace vardbron::authoring {

struct MapOptions {
  std::string map;                  ///< a file, or the url or name of a map below `mappings`
  std::vector<std::string> inputs;  ///< files and folders; "-" = standard input
  std::filesystem::path mappings;   ///< where imports and code lists are looked for; "" = the map's own folder
  std::filesystem::path out;        ///< folder of the results; "" = standard output
  std::string model;                ///< r4, r5; "" = as the map's canonicals say
  std::string from;                 ///< what the inputs are (load.h, content_type_of); "" = as their names and beginnings tell
  std::string format = "json";      ///< or xml
  bool compact = false;
  MapReports reports;  ///< told instead of the output
  bool batch = false;  ///< lines of JSON on standard input, answers on standard output (map_batch.h)
};
int map(const MapOptions& options);

struct ConvertOptions {
  std::string file;
  std::string from;   ///< as of MapOptions
  std::string to;     ///< json or xml, for a map also fml
  std::string model;  ///< release of a StructureMap that is written: r4, r5; "" = r4, and a resource stays as it is
  bool compact = false;
};
int convert(const ConvertOptions& options);

struct FhirPathOptions {
  std::string expression;
  std::string file;                    ///< FHIR JSON or XML; "" = the expression stands on nothing, "-" = standard input
  std::string from;                    ///< as of MapOptions
  std::string model = "r4";            ///< r5, or none: no types are known
  std::vector<std::string> variables;  ///< name=value
  bool strict = false;
  bool types = false;  ///< the type in front of each result
  bool batch = false;  ///< lines of JSON on standard input, answers on standard output (workbench/expression_batch.h)
};
int fhirpath(const FhirPathOptions& options);

struct TestOptions {
  std::vector<std::filesystem::path> folders;
  std::vector<std::string> only;   ///< names of cases, with * and ?
  std::filesystem::path mappings;  ///< where the maps are; "" = above the cases
  std::filesystem::path junit;     ///< "" = no file
  std::filesystem::path coverage_html, coverage_lcov;
  bool coverage = false;  ///< as a table
  bool bless = false;     ///< what is found becomes what is expected
  bool watch = false;
  std::size_t random = 0;  ///< instead of the cases: so many generated messages through each map
  std::uint64_t seed = 1;
  bool no_color = false;  ///< https://no-color.org
};
/// Runs the cases of maps.
int test(const TestOptions& options);
/// Generated messages through every map below the folders; what fails is made small and written beside the map.
int test_random(const TestOptions& options);

}  // namespace vardbron::authoring
