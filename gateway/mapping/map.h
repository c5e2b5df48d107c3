#pragma once

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

/// Where `imports` and code lists come from. mapping reads no files. Any thread, while maps are compiled.
class Loader {
 public:
  virtual ~Loader() = default;
  /// Maps whose url is the canonical; a `*` in it stands for any letters. They must stay until compile has returned.
  virtual std::vector<const syntax::Map*> maps(std::string_view canonical) const = 0;
  /// Null when unknown. The compiled map keeps it.
  virtual std::shared_ptr<const ConceptMap> concept_map(std::string_view canonical) const = 0;
  /// Name or canonical of the type a profile constrains; "" when the canonical is no known profile.
  virtual std::string_view profiled_type(std::string_view /*canonical*/) const { return {}; }
};

using RuleId = std::uint32_t;

/// A rule as its author knows it.
struct RuleInfo {
  std::string_view file;
  tree::Position position;
  std::string_view path;  ///< "group/name", or "group/3" for the third rule when it has no name; the same after a re-format
};

/// Told what a run does, for logs, coverage and explanations. All calls come from the running thread; items live during the call.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void fired(RuleId, std::span<const tree::Item> /*sources*/) {}
  virtual void rejected(RuleId, tree::Item /*source*/) {}  ///< a where said no
  virtual void wrote(RuleId, tree::Item /*target*/, tree::Item /*source*/) {}
  virtual void translated(RuleId, const ConceptMap&, std::string_view /*code*/, const Translation&) {}
  virtual void logged(RuleId, std::string_view /*text*/) {}
  virtual void ended(RuleId) {}  ///< the firing, with all the rules and groups within it
  virtual void entered(std::string_view /*group*/) {}
  virtual void left(std::string_view /*group*/) {}
};

/// What runs touched, for coverage; cheaper than an Observer. Counts go on from run to run, the marks are of the last one.
struct Marks {
  struct Unlisted {
    RuleId rule;
    std::string concept_map, code;
    bool has_fallback;  ///< the concept map says what becomes of unlisted codes
  };
  tree::Marks source;                                     ///< of the first source
  std::vector<std::pair<tree::NodeId, RuleId>> rejected;  ///< nodes of the first source, and the first rule whose where said no
  std::vector<std::uint32_t> fired, rejections;           ///< by rule
  std::vector<Unlisted> unlisted;                         ///< of the last run
};

/// Civil time of a place, for texts that carry no zone. Any thread.
class CivilZone {
 public:
  virtual ~CivilZone() = default;
  /// Minutes east of UTC for a moment as the clock on the wall shows it, in milliseconds since 1970-01-01T00:00 there.
  virtual int offset_minutes(std::int64_t wall_ms) const = 0;
  /// Its name in the tz database, which texts may give instead of an offset; "" when it has none.
  virtual std::string_view name() const { return {}; }
};

/// What a run may know besides its sources. Two runs with equal sources and an equal environment give equal bytes.
struct Environment {
  std::string_view identity;  ///< what makes the message this message; uuid(), pointer() and missing ids are derived from it
  WallTime now{};
  const CivilZone* zone = nullptr;  ///< for local times that become a dateTime or instant; without it toDateTime refuses them
  Observer* observer = nullptr;
  Marks* marks = nullptr;
  Faults* faults = nullptr;  ///< gets all that is wrong with the first source: the run goes on behind each; null = it stops
  bool keeps_empty = false;  ///< elements that nothing was written to stay, so that places in lists can be compared
};

struct CompileOptions {
  bool unknown_models_are_untyped = false;  ///< else an unknown canonical in `uses` is an error
};

/// A compiled map: immutable, cheap to copy, any thread. The Definitions it was compiled with must outlive it.
class Map {
 public:
  std::string_view url() const;
  std::string_view name() const;
  /// Types of the first group's sources; 0 where the map does not say.
  std::vector<fhir::TypeId> source_types() const;
  fhir::TypeId target_type() const;
  /// What a reader or a stricter engine would stumble over; places are file:line:column.
  std::span<const Failure> lints() const;
  std::size_t rule_count() const;
  RuleInfo rule(RuleId rule) const;

  explicit Map(std::shared_ptr<const Program> program) : program_(std::move(program)) {}
  const Program& program() const { return *program_; }

 private:
  std::shared_ptr<const Program> program_;
};

/// Checks the map against its models and compiles it with everything it imports; its first group is what `run` runs.
/// Invalid: `where` is file:line:column; `says` tells what was expected and, for a mistyped name, what is near to it.
Result<Map> compile(const syntax::Map& map, const fhir::Definitions& definitions, const Loader& loader,
                    CompileOptions options = {});

/// Runs a map. The sources' documents must have been made with the Names of the definitions the map was compiled with; there
/// is one source per source parameter of the first group. Invalid: `says` names the rule (file:line) and `where` the place in
/// the source; with Environment::faults it is the first of them. TooLarge: a limit of base/limits.h (map_depth_max,
/// map_target_nodes_max).
Result<tree::Document> run(const Map& map, std::span<const tree::Item> sources, const Environment& environment);

/// The same with memory that is kept between runs: one per thread.
class Runner {
 public:
  explicit Runner(Map map);
  Runner(Runner&&) noexcept;
  Runner& operator=(Runner&&) noexcept;
  ~Runner();
  /// `target` is cleared first. After a failure its content is of no use; with Environment::faults it is what could be made, so
  /// that it can be looked at for more.
  Result<void> run(std::span<const tree::Item> sources, const Environment& environment, tree::Document& target);

 private:
  Map map_;
  std::unique_ptr<Machine> machine_;
};

}  // namespace vardbron::mapping
