#pragma once

#include "gateway/app/insight.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

/// What `vardbron` can be told to do. Every command returns an exit code (print.h).
namespace vardbron::app {

struct ServeOptions {
  std::filesystem::path config;
};
int serve(const ServeOptions& options);

struct CheckOptions {
  std::filesystem::path config;
};
/// Reads the configuration and everything it names without starting anything.
int check(const CheckOptions& options);

struct VerifyOptions {
  std::filesystem::path config;
  std::vector<std::filesystem::path>
      seals;  ///< files with seals that were handed outside; none = the one the configuration names
  bool json = false;
  bool seal_anew = false;  ///< instead: seals the store as it stands
};
/// Looks at everything in a store that no gateway has open: is it what was stored?
int verify(const VerifyOptions& options);

struct MapOptions {
  std::string map;                  ///< a file, or the url or name of a map below `mappings`
  std::vector<std::string> inputs;  ///< files and folders; "-" = standard input
  std::filesystem::path mappings;   ///< where imports and code lists are looked for; "" = the map's own folder
  std::filesystem::path out;        ///< folder of the results; "" = standard output
  std::string model;                ///< r4, r5; "" = as the map's canonicals say
  std::string from;                 ///< what the inputs are (load.h, content_type_of); "" = as their names and beginnings tell
  std::string format = "json";      ///< or xml
  bool compact = false;
  Insights insights;   ///< told instead of the output
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
};
/// Runs the cases of maps.
int test(const TestOptions& options);
/// Generated messages through every map below the folders; what fails is made small and written beside the map.
int test_random(const TestOptions& options);

struct SendOptions {
  std::string to;  ///< http://127.0.0.1:8080/intake/cosmic
  std::string token;
  std::string authorities;
  std::vector<std::string> files;
  std::string content_type;  ///< "" = told from the file's end
  std::size_t times = 1;
  bool later = false;  ///< Prefer: respond-async
};
/// Plays a hospital.
int send(const SendOptions& options);

struct GetOptions {
  std::string url;
  std::string token;
  std::string authorities;
  bool summary = false;  ///< one line per entry of a searchset
};
/// Reads or searches at a gateway.
int get(const GetOptions& options);

struct ReceiveOptions {
  std::string name = "receiver";
  std::string listen = "127.0.0.1:0";
  std::string gateway;  ///< http://127.0.0.1:8080/fhir; "" = only listen
  std::string token;
  std::string authorities;
  std::string topic = "case";
  std::string content = "id-only";
  bool accept_tasks = false;         ///< answers every Task it owns with `accepted`
  std::size_t fail_first = 0;        ///< answers so many notifications with 503
  std::uint64_t slow_ms = 0;         ///< waits so long before each answer
  std::size_t stop_after = 0;        ///< ends after so many events; 0 = runs until it is stopped
  std::filesystem::path ready_file;  ///< made when the subscription is active
  bool quiet = false;
};
/// Plays a municipal system: subscribes, answers the handshake, and prints what it is told.
int receive(const ReceiveOptions& options);

}  // namespace vardbron::app
