// Tested by tests/system/app/mistakes_test.cpp.

#include "gateway/base/text.h"
#include "gateway/clients/commands.h"
#include "gateway/clients/summaries.h"
#include "gateway/clients/web_client.h"
#include "gateway/formats/json/parse.h"
#include "gateway/formats/json/write.h"
#include "gateway/workspace/print.h"

#include <cstdio>
#include <string>
#include <utility>
#include <vector>

namespace vardbron::clients {

namespace {

// Summaries also cover answers that are no FHIR; an answer without a summary is printed as it is.
void print_answer(const std::string& body, bool is_summary) {
  const tree::Names names;
  const Result<tree::Document> document = json::parse(body, names, {.fhir = !is_summary});
  if (document && !is_summary) return workspace::print_result(json::write(*document, {.pretty = true}) + "\n");
  const std::vector<std::string> lines = document ? summary_of(tree::root(*document)) : std::vector<std::string>();
  for (const std::string& line : lines) std::printf("    %s\n", visible(line).c_str());
  if (lines.empty()) workspace::print_result(body + "\n");
}

}  // namespace

int get(const GetOptions& options) {
  Result<WebClient> client = WebClient::open(options.url, options.token, options.authorities);
  if (!client) return print_unopened(client.failure());
  http::Fields fields{{"Accept", "application/fhir+json"}};
  Result<http::Response> answer = client->send("GET", "", std::move(fields), "");
  if (!answer) return workspace::print_failure(answer.failure());
  if (answer->status >= 300) {
    return workspace::print_failure({answer->status >= 500 ? Cause::Broken : Cause::Invalid,
                                     workspace::outcome_in_words(answer->body), std::to_string(answer->status)});
  }
  print_answer(answer->body, options.summary);
  return workspace::Done;
}

}  // namespace vardbron::clients
