#include "gateway/store/verify_report.h"

#include "gateway/base/limits.h"
#include "gateway/base/text.h"
#include "gateway/formats/json/composer.h"

#include <utility>

namespace vardbron::store {

void VerifyReport::add(std::string table, std::int64_t number, std::string says) {
  ++findings_count;
  if (findings.size() >= limits::verify_findings_max) return;
  findings.push_back({std::move(table), number, std::move(says)});
}

std::string to_json(const VerifyReport& report) {
  json::Composer json;
  json.begin_object().boolean("clean", report.is_clean());
  json.number("seal", report.seal).number("journal", report.journal).number("audit", report.audit);
  json.number("cases", report.cases).number("links", report.links).number("resources", report.resources);
  json.number("versions", report.versions).number("events", report.events).number("aside", report.aside);
  if (!report.restored.empty()) {
    json.begin_list("restored");
    for (const Restoration& each : report.restored) {
      json.begin_object().number("seal", each.seal).number("handed_out", each.handed_out).text("at", each.at).end_object();
    }
    json.end_list();
  }
  json.number("findings_count", report.findings_count).begin_list("findings");
  for (const Finding& finding : report.findings) {
    json.begin_object().text("table", finding.table).number("number", finding.number);
    json.text("says", visible(finding.says)).end_object();
  }
  return json.end_list().end_object().finish();
}

}  // namespace vardbron::store
