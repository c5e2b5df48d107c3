#include "gateway/authoring/map_reports.h"

#include "gateway/workbench/coverage.h"
#include "gateway/workbench/explain.h"
#include "gateway/workbench/explain_trace.h"
#include "gateway/workspace/load.h"
#include "gateway/workspace/print.h"

#include <array>
#include <cstdio>
#include <utility>

namespace vardbron::authoring {

namespace {

struct Run {
  const mapping::Map& map;
  std::array<tree::Item, 1> sources;
  mapping::Environment environment;
  const tree::Names& names() const { return sources.front().document->names(); }
};

Result<std::string> explained(const Run& run, const std::string& form) {
  mapping::Provenance provenance;
  mapping::Environment environment = run.environment;
  environment.observer = &provenance;
  tree::Document output(run.names());
  Result<void> ran = mapping::Runner(run.map).run(run.sources, environment, output);
  if (!ran) return std::move(ran).failure();
  const std::vector<workbench::Explained> all = workbench::explain(run.map, provenance, *run.sources.front().document, output);
  return form == "json" ? workbench::explain_json(all) : workbench::explain_table(all);
}

// Printed even if the run fails, which is when a trace is needed.
Result<std::string> traced(const Run& run) {
  tree::Document output(run.names());
  workbench::Trace trace(run.map, *run.sources.front().document, output,
                         [](std::string_view line) { workspace::print_result(std::string(line) + "\n"); });
  mapping::Environment environment = run.environment;
  environment.observer = &trace;
  Result<void> ran = mapping::Runner(run.map).run(run.sources, environment, output);
  trace.tell();
  if (!ran) return std::move(ran).failure();
  return std::string();
}

Result<std::string> covered(const Run& run, const std::filesystem::path& file) {
  workbench::Coverage coverage(workbench::read_profiles({workspace::share_folder() / "models"}, run.names()));
  mapping::Environment environment = run.environment;
  environment.marks = &coverage.marks_of(run.map);
  tree::Document output(run.names());
  Result<void> ran = mapping::Runner(run.map).run(run.sources, environment, output);
  coverage.take(run.map, file, *run.sources.front().document, ran ? &output : nullptr);
  if (!ran) return std::move(ran).failure();
  return workbench::coverage_text(coverage.result());
}

}  // namespace

Result<std::string> look_into(const mapping::Map& map, const tree::Document& source, const std::filesystem::path& file,
                              mapping::Environment environment, const MapReports& asked) {
  const Run run{map, {tree::root(source)}, environment};
  std::string text;
  if (asked.trace) {
    Result<std::string> report = traced(run);
    if (!report) return report;
  }
  if (!asked.explain.empty()) {
    Result<std::string> report = explained(run, asked.explain);
    if (!report) return report;
    text += *report;
  }
  if (asked.coverage) {
    Result<std::string> report = covered(run, file);
    if (!report) return report;
    text += *report;
  }
  return text;
}

}  // namespace vardbron::authoring
