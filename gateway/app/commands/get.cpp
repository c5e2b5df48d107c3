#include "gateway/app/commands.h"
#include "gateway/app/print.h"
#include "gateway/app/web_client.h"
#include "gateway/app/words.h"
#include "gateway/base/text.h"
#include "gateway/formats/json/parse.h"
#include "gateway/formats/json/write.h"

#include <cstdio>
#include <string>
#include <utility>
#include <vector>

namespace vardbron::app {

namespace {

// A summary is made of answers too that are no FHIR, with empty lists; what has no lines is shown whole.
void print_answer(const std::string& body, bool is_summary) {
  const tree::Names names;
  const Result<tree::Document> document = json::parse(body, names, {.fhir = !is_summary});
  if (document && !is_summary) return print_result(json::write(*document, {.pretty = true}) + "\n");
  const std::vector<std::string> lines = document ? summary_of(tree::root(*document)) : std::vector<std::string>();
  for (const std::string& line : lines) std::printf("    %s\n", visible(line).c_str());
  if (lines.empty()) print_result(body + "\n");
}

}  // namespace

int get(const GetOptions& options) {
  Result<WebClient> client = WebClient::open(options.url, options.token, options.authorities);
  if (!client) return print_unopened(client.failure());
  http::Fields fields{{"Accept", "application/fhir+json"}};
  Result<http::Response> answer = client->send("GET", "", std::move(fields), "");
  if (!answer) return print_failure(answer.failure());
  if (answer->status >= 300) {
    return print_failure(
        {answer->status >= 500 ? Cause::Broken : Cause::Invalid, outcome_in_words(answer->body), std::to_string(answer->status)});
  }
  print_answer(answer->body, options.summary);
  return Done;
}

}  // namespace vardbron::app
