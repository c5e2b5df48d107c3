#pragma once

// Tested by tests/mapping/library_test.cpp and tests/mapping/run_test.cpp.

#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "gateway/fhir/definitions.h"
#include "gateway/mapping/concept_map.h"
#include "gateway/mapping/syntax/syntax.h"
#include "gateway/tree/document.h"
#include "gateway/tree/marks.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vardbron::mapping {

struct Program;
class Faults;
class Machine;

/// Finds imported maps and code lists, since mapping reads no files. Called while maps are compiled, on the compiling thread.
class Loader {
 public:
  virtual ~Loader() = default;
  /// Maps whose url is the canonical; a `*` in it matches any characters. They must outlive the call of compile.
  virtual std::vector<const syntax::Map*> maps(std::string_view canonical) const = 0;
  /// Null if unknown. The compiled map shares its ownership.
  virtual std::shared_ptr<const ConceptMap> concept_map(std::string_view canonical) const = 0;
  /// Name or canonical of the type a profile constrains; "" if the canonical is no known profile.
  virtual std::string_view profiled_type(std::string_view /*canonical*/) const { return {}; }
};

using RuleId = std::uint32_t;

/// A rule in the map's text.
struct RuleInfo {
  std::string_view file;
  tree::Position position;
  std::string_view path;  ///< "group/name", or "group/3" for a third rule without name; unchanged by a re-format
};

/// Observes a run, for logs, coverage and explanations. Called on the running thread; items are valid during the call.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void fired(RuleId, std::span<const tree::Item> /*sources*/) {}
  virtual void rejected(RuleId, tree::Item /*source*/) {}  ///< its where was false
  virtual void wrote(RuleId, tree::Item /*target*/, tree::Item /*source*/) {}
  virtual void translated(RuleId, const ConceptMap&, std::string_view /*code*/, const Translation&) {}
  virtual void logged(RuleId, std::string_view /*text*/) {}
  virtual void ended(RuleId) {}  ///< a firing, with its nested rules and groups
  virtual void entered(std::string_view /*group*/) {}
  virtual void left(std::string_view /*group*/) {}
};

/// What runs touched, for coverage; cheaper than an Observer. Counts accumulate over runs, the marks are of the last run.
struct Marks {
  struct Unlisted {
    RuleId rule;
    std::string concept_map, code;
    bool has_fallback;  ///< the concept map has a rule for unlisted codes
  };
  tree::Marks source;                                     ///< of the first source
  std::vector<std::pair<tree::NodeId, RuleId>> rejected;  ///< nodes of the first source, and the first rule whose where was false
  std::vector<std::uint32_t> fired, rejections;           ///< by rule
  std::vector<Unlisted> unlisted;                         ///< of the last run
};

/// A time zone, for local times without offset. Any thread.
class CivilZone {
 public:
  virtual ~CivilZone() = default;
  /// Minutes east of UTC at a local time in milliseconds since 1970-01-01T00:00 local time.
  virtual int offset_minutes(std::int64_t wall_ms) const = 0;
  /// Its name in the tz database, which texts may give instead of an offset; "" if it has none.
  virtual std::string_view name() const { return {}; }
};

/// The inputs of a run besides its sources. Equal sources and an equal environment give equal bytes.
struct Environment {
  std::string_view identity;  ///< identifies the message; uuid(), pointer() and missing ids are derived from it
  WallTime now{};
  const CivilZone* zone = nullptr;  ///< for local times that become a dateTime or instant; null: toDateTime refuses them
  Observer* observer = nullptr;
  Marks* marks = nullptr;
  Faults* faults = nullptr;  ///< gets all faults of the first source: the run continues after each; null = it stops at the first
  bool keeps_empty = false;  ///< keeps elements without content, so that list positions can be compared
};

struct CompileOptions {
  bool unknown_models_are_untyped = false;  ///< else an unknown canonical in `uses` is an error
};

/// A compiled map: immutable, cheap to copy, any thread. The Definitions it was compiled with must outlive it.
class Map {
 public:
  std::string_view url() const;
  std::string_view name() const;
  /// Types of the first group's sources; 0 if the map declares none.
  std::vector<fhir::TypeId> source_types() const;
  fhir::TypeId target_type() const;
  /// Warnings for readers and stricter engines; `where` is file:line:column. Unsupported: elements that the target's release of
  /// FHIR lacks, where a copy of one refuses the message.
  std::span<const Failure> lints() const;
  std::size_t rule_count() const;
  RuleInfo rule(RuleId rule) const;

  explicit Map(std::shared_ptr<const Program> program) : program_(std::move(program)) {}
  const Program& program() const { return *program_; }

 private:
  std::shared_ptr<const Program> program_;
};

/// Checks the map against its models and compiles it with everything it imports; `run` runs its first group. Invalid: `where` is
/// file:line:column; `says` has what was expected and, for a mistyped name, similar ones.
Result<Map> compile(const syntax::Map& map, const fhir::Definitions& definitions, const Loader& loader,
                    CompileOptions options = {});

/// Runs a map, with one source per source parameter of the first group. The sources' documents must use the Names of the
/// definitions the map was compiled with. Invalid: `says` names the rule (file:line) and `where` the place in the source; with
/// Environment::faults it is the first of them. TooLarge: a limit of base/limits.h (map_depth_max, map_target_nodes_max).
Result<tree::Document> run(const Map& map, std::span<const tree::Item> sources, const Environment& environment);

/// The same, reusing memory between runs: one per thread.
class Runner {
 public:
  explicit Runner(Map map);
  Runner(Runner&&) noexcept;
  Runner& operator=(Runner&&) noexcept;
  ~Runner();
  /// `target` is cleared first. After a failure it is unusable, but with Environment::faults it holds what could be written, to
  /// be validated further.
  Result<void> run(std::span<const tree::Item> sources, const Environment& environment, tree::Document& target);

 private:
  Map map_;
  std::unique_ptr<Machine> machine_;
};

}  // namespace vardbron::mapping
