#include "gateway/app/commands.h"
#include "gateway/app/print.h"
#include "gateway/app/web_client.h"
#include "gateway/app/words.h"
#include "gateway/base/text.h"
#include "gateway/formats/json/parse.h"
#include "gateway/formats/json/write.h"

#include <cstdio>
#include <utility>

namespace vardbron::app {

namespace {

void print_summary(const tree::Document& bundle) {
  std::size_t entries = 0;
  for (tree::Item entry = tree::root(bundle).first_child(); entry; entry = entry.next()) {
    if (entry.name_text() != "entry") continue;
    ++entries;
    std::printf("    %s\n", visible(resource_in_words(entry.child("resource"))).c_str());
  }
  if (entries == 0) std::printf("    nothing\n");
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
  const tree::Names names;
  Result<tree::Document> document = json::parse(answer->body, names);
  if (!document)
    print_result(answer->body + "\n");
  else if (options.summary)
    print_summary(*document);
  else
    print_result(json::write(*document, {.pretty = true}) + "\n");
  return Done;
}

}  // namespace vardbron::app
