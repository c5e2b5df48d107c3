// Tested by tests/system/app/mistakes_test.cpp.

#include "gateway/clients/commands.h"
#include "gateway/clients/web_client.h"
#include "gateway/formats/read.h"
#include "gateway/workspace/load.h"
#include "gateway/workspace/print.h"

#include <cstdio>
#include <string_view>
#include <utility>

namespace vardbron::clients {

namespace {

std::string content_type_of(const SendOptions& options, const std::filesystem::path& file) {
  if (!options.content_type.empty()) return options.content_type;
  const std::string_view given = formats::content_type_of(file.string());
  return given.empty() || given == "application/json" ? "application/fhir+json" : std::string(given);
}

void print_answer(const std::string& file, const http::Response& answer) {
  const bool taken = answer.status < 300;
  std::printf("%s %s (%u)\n", taken ? "✓" : "✗", file.c_str(), answer.status);
  const std::string words = workspace::outcome_in_words(answer.body);
  std::size_t start = 0;
  while (start < words.size()) {
    const std::size_t end = std::min(words.find('\n', start), words.size());
    std::printf("    %.*s\n", static_cast<int>(end - start), words.data() + start);
    start = end + 1;
  }
  const std::string_view location = http::find(answer.fields, "Content-Location");
  if (!location.empty()) std::printf("    %.*s\n", static_cast<int>(location.size()), location.data());
  std::fflush(stdout);
}

}  // namespace

int send(const SendOptions& options) {
  Result<WebClient> client = WebClient::open(options.to, options.token, options.authorities);
  if (!client) return print_unopened(client.failure());
  int worst = workspace::Done;
  for (std::size_t time = 0; time < options.times; ++time) {
    for (const std::string& file : options.files) {
      Result<std::string> body = workspace::read_file(file);
      if (!body) return workspace::print_failure(body.failure());
      http::Fields fields{{"Content-Type", content_type_of(options, file)}};
      if (options.later) fields.push_back({"Prefer", "respond-async"});
      Result<http::Response> answer = client->send("POST", "", std::move(fields), std::move(*body));
      if (!answer) return workspace::print_failure(answer.failure());
      print_answer(file, *answer);
      if (answer->status >= 500)
        worst = workspace::BrokenEnvironment;
      else if (answer->status >= 300)
        worst = workspace::Refused;
    }
  }
  return worst;
}

}  // namespace vardbron::clients
