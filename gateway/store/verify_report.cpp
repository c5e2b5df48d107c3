#include "gateway/store/verify_report.h"

#include "gateway/base/limits.h"
#include "gateway/base/text.h"

#include <utility>

namespace vardbron::store {

void VerifyReport::add(std::string table, std::int64_t number, std::string says) {
  ++findings_count;
  if (findings.size() >= limits::verify_findings_max) return;
  findings.push_back({std::move(table), number, std::move(says)});
}

std::string to_json(const VerifyReport& report) {
  std::string json = report.is_clean() ? R"({"clean":true)" : R"({"clean":false)";
  const auto member = [&](const char* name, std::int64_t number) {
    json.append(",\"").append(name).append("\":").append(std::to_string(number));
  };
  member("seal", report.seal);
  member("journal", report.journal);
  member("audit", report.audit);
  member("cases", report.cases);
  member("links", report.links);
  member("resources", report.resources);
  member("versions", report.versions);
  member("events", report.events);
  member("findings_count", report.findings_count);
  json += R"(,"findings":[)";
  for (const Finding& finding : report.findings) {
    if (&finding != report.findings.data()) json += ',';
    json.append(R"({"table":)").append(json_quoted(finding.table));
    json.append(R"(,"number":)").append(std::to_string(finding.number));
    json.append(R"(,"says":)").append(json_quoted(visible(finding.says))).append("}");
  }
  return json.append("]}");
}

}  // namespace vardbron::store
