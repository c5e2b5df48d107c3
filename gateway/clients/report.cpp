// Tested by tests/system/app/report_command_test.cpp.

#include "gateway/clients/commands.h"
#include "gateway/clients/month_table.h"
#include "gateway/clients/web_client.h"
#include "gateway/formats/json/parse.h"
#include "gateway/workspace/print.h"

#include <string>
#include <utility>

namespace vardbron::clients {

int report(const ReportOptions& options) {
  Result<WebClient> client = WebClient::open(options.gateway, options.token, options.authorities);
  if (!client) return print_unopened(client.failure());
  std::string target =
      "/fhir/Measure/manadsmedelvarde/$evaluate-measure?periodStart=" + options.month + "&periodEnd=" + options.month;
  if (!options.municipality.empty()) target += "&reporter=" + options.municipality;
  http::Fields fields{{"Accept", "application/fhir+json"}};
  Result<http::Response> answer = client->send("GET", std::move(target), std::move(fields), "");
  if (!answer) return workspace::print_failure(answer.failure());
  if (answer->status >= 300) {
    return workspace::print_failure({answer->status >= 500 ? Cause::Broken : Cause::Invalid,
                                     workspace::outcome_in_words(answer->body), std::to_string(answer->status)});
  }
  const tree::Names names;
  const Result<tree::Document> document = json::parse(answer->body, names);
  if (!document)
    return workspace::print_failure({Cause::Broken, "The answer is no JSON: " + document.failure().says, options.gateway});
  workspace::print_result(month_table(tree::root(*document)));
  return workspace::Done;
}

}  // namespace vardbron::clients
