#pragma once

// Tested by tests/system/workbench/cases_test.cpp.

#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "gateway/fhir/definitions.h"
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

/// The time of every case: 2026-01-01T12:00:00Z.
inline constexpr WallTime case_time{std::chrono::milliseconds(1'767'268'800'000)};

/// Dependencies of test runs; all must outlive it. One thread.
struct TestEnvironment {
  const mapping::Library& library;
  /// Parses a message to a tree with the names of the library's definitions; the file's extension gives the format. `model`: the
  /// map's source type, or 0.
  std::function<Result<tree::Document>(std::string body, const std::filesystem::path& file, fhir::TypeId model)> read;
  const mapping::CivilZone* zone = nullptr;
  /// Validation by the receiver of the outputs; optional.
  std::function<Result<void>(const tree::Document& output)> judge{};
  Coverage* coverage = nullptr;
  /// Root of the map files; "" = the working directory.
  std::filesystem::path home{};
  /// Of the other FHIR release alone, which validate the outputs of maps to it; null: there are no such maps.
  const fhir::Definitions* other = nullptr;
};

/// One deviation.
struct Finding {
  enum class Kind : std::uint8_t {
    Difference,
    Assertion,   ///< an assertion failed
    Refusal,     ///< the message was refused, or not with the expected text
    Acceptance,  ///< the message should have been refused
    Shape,       ///< the output is invalid FHIR, or the judge refused it
    Unsteady,    ///< the second run gave different bytes
    Case         ///< the case itself cannot be used
  };
  Kind kind = Kind::Case;
  std::string where, says;      ///< says: for differences a few words, else a sentence
  std::string expected, found;  ///< differences only
  std::string rule;             ///< "file:line:column (group/rule)" that wrote the found value; "" if unknown
};

/// The result of one message.
struct Trial {
  std::optional<tree::Document> source, output;
  std::optional<Failure> refusal;  ///< of the reader, the map or the judge; `where` is the place in the message
  std::vector<Finding> findings;   ///< shape, assertions, steadiness
};

/// Runs one message through one map, as for a case: the output must be valid FHIR, accepted by the judge, the same twice, and
/// pass the assertions. A refusal is no finding. Neither reads nor writes other files.
Trial try_message(const mapping::Map& map, std::string body, const std::filesystem::path& file,
                  const TestEnvironment& test_environment, std::span<const Assertion> assertions);

/// The assertions for every output of a map: assertions.fhirpath beside it, none without such a
/// file. Invalid: as read_assertions.
Result<std::vector<Assertion>> assertions_beside(const mapping::Map& map, const TestEnvironment& test_environment);

struct CaseOptions {
  bool bless = false;  ///< write the output as the expected one
};

/// The result of a case.
struct CaseResult {
  enum class End : std::uint8_t { Passed, Failed, Blessed };
  std::string name, map;
  std::filesystem::path folder;
  End end = End::Passed;
  std::vector<Finding> findings;  ///< of a blessed case: the changes
  std::filesystem::path written;  ///< file written by --bless
  std::int64_t nanoseconds = 0;
};

CaseResult run_case(const Case& each, const TestEnvironment& test_environment, CaseOptions options = {});

}  // namespace vardbron::workbench
