#pragma once

#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "gateway/mapping/library.h"
#include "gateway/tree/document.h"
#include "gateway/workbench/assertion.h"
#include "gateway/workbench/case.h"
#include "gateway/workbench/difference.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::workbench {

class Coverage;

/// The moment at which every case runs: 2026-01-01T12:00:00Z.
inline constexpr WallTime case_time{std::chrono::milliseconds(1'767'268'800'000)};

/// What maps are tried with. Everything outlives it. One thread.
struct TestEnvironment {
  const mapping::Library& library;
  /// A message as a tree, made with the names of the library's definitions; the file's ending tells its format. `model`: what the
  /// map takes, or 0.
  std::function<Result<tree::Document>(std::string body, const std::filesystem::path& file, fhir::TypeId model)> read;
  const mapping::CivilZone* zone = nullptr;
  /// What a reader of the outputs refuses; without it everything is taken.
  std::function<Result<void>(const tree::Document& output)> judge{};
  Coverage* coverage = nullptr;
  /// Below it lie the files that the maps of the library are called by; "" = where the program was started.
  std::filesystem::path home{};
};

/// One thing that is not as it should be.
struct Finding {
  enum class Kind : std::uint8_t {
    Difference,
    Assertion,   ///< an assertion does not hold
    Refusal,     ///< the message was refused, or not in the words that were expected
    Acceptance,  ///< the message should have been refused
    Shape,       ///< the output is not right FHIR, or not what its reader takes
    Unsteady,    ///< the second run gave other bytes
    Case         ///< the case itself cannot be used
  };
  Kind kind = Kind::Case;
  std::string where, says;      ///< says: for differences a few words, else the whole sentence
  std::string expected, found;  ///< differences only
  std::string rule;             ///< "file:line:column (group/rule)" that wrote what was found; "" when not known
};

/// What became of one message.
struct Trial {
  std::optional<tree::Document> source, output;
  std::optional<Failure> refusal;  ///< of the reader, the map or the judge; `where` is the place in the message
  std::vector<Finding> findings;   ///< shape, assertions, steadiness
};

/// One message through one map, as a case does it: the output must be right FHIR, please the judge, be the same twice, and hold
/// the assertions. A refusal is no finding. For every message, written or generated: it never writes, reads no other file.
Trial try_message(const mapping::Map& map, std::string body, const std::filesystem::path& file,
                  const TestEnvironment& test_environment, std::span<const Assertion> assertions);

/// The assertions that hold for every output of a map: assertions.fhirpath beside it.
Result<std::vector<Assertion>> assertions_beside(const mapping::Map& map, const TestEnvironment& test_environment);

struct CaseOptions {
  bool bless = false;  ///< what was found becomes what is expected
};

/// How a case ended.
struct CaseResult {
  enum class End : std::uint8_t { Passed, Failed, Blessed };
  std::string name, map;
  std::filesystem::path folder;
  End end = End::Passed;
  std::vector<Finding> findings;  ///< of a blessed case: what changed
  std::filesystem::path written;  ///< by --bless
  std::int64_t nanoseconds = 0;
};

CaseResult run_case(const Case& each, const TestEnvironment& test_environment, CaseOptions options = {});

}  // namespace vardbron::workbench
