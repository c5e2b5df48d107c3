#include "gateway/workspace/map_check.h"

#include "gateway/care/chain/notice.h"
#include "gateway/formats/read.h"
#include "gateway/workspace/load.h"

#include <string>
#include <string_view>
#include <utility>

namespace vardbron::workspace {

namespace {

constexpr std::string_view notice_events = "https://vardbron.example/fhir/CodeSystem/notice-event";

/// A message Bundle with an event of the canonical notice (fhir-profiles/README.md).
bool is_notice(tree::Item bundle) {
  if (bundle.text_of("resourceType") != "Bundle" || bundle.text_of("type") != "message") return false;
  const tree::Item header = bundle.child("entry").child("resource");
  return header && header.child("eventCoding") && header.child("eventCoding").text_of("system") == notice_events;
}

/// The folder's location on a server is not for those who read the failures.
std::string without_folder(std::string text, const std::filesystem::path& folder) {
  const std::string prefix = (folder / "").string();
  for (std::size_t at = text.find(prefix); at != std::string::npos; at = text.find(prefix, at)) text.erase(at, prefix.size());
  return text;
}

Failure failure_of(const workbench::CaseResult& result, const workbench::Finding& finding) {
  std::string says = "Case " + result.name + ": ";
  if (!finding.where.empty()) says += finding.where + ": ";
  says += finding.says;
  // Test data are invented, yet answers over the network contain places only.
  return Failure{Cause::Invalid, std::move(says), finding.rule.empty() ? result.folder.string() : finding.rule};
}

}  // namespace

MapCheck::MapCheck(const mapping::Library& library, const fhir::Definitions* other)
    : test_environment_{library,
                        [&library, other](std::string body, const std::filesystem::path& file, fhir::TypeId model) {
                          return BothReleases{library.definitions(), other}.read_of_either(
                              std::move(body), formats::content_type_of(file.string()), model);
                        },
                        &zone_,
                        judge_notice,
                        nullptr,
                        {},
                        other} {}

Result<void> judge_notice(const tree::Document& output) {
  if (!is_notice(tree::root(output))) return done();
  Result<care::Notice> notice = care::read_notice(output);
  if (!notice) return std::move(notice).failure();
  return done();
}

Result<std::size_t> check_maps(const mapping::Library& library, const fhir::Definitions* other,
                               const std::filesystem::path& folder, std::vector<Failure>& failures, std::size_t failures_max) {
  Result<std::vector<workbench::Case>> cases = workbench::find_cases({folder});
  if (!cases) return Failure{cases.failure().cause, cases.failure().says, without_folder(cases.failure().where, folder)};
  MapCheck map_check(library, other);
  map_check.test_environment().home = folder;
  std::size_t passed = 0;
  for (const workbench::Case& each : *cases) {
    const workbench::CaseResult result = workbench::run_case(each, map_check.test_environment());
    if (result.end != workbench::CaseResult::End::Failed) ++passed;
    for (const workbench::Finding& finding : result.findings) {
      if (failures.size() >= failures_max) continue;
      const Failure failure = failure_of(result, finding);
      failures.push_back({failure.cause, without_folder(failure.says, folder), without_folder(failure.where, folder)});
    }
  }
  return passed;
}

}  // namespace vardbron::workspace
