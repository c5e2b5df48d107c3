// Concern: a path that nobody meant answers, a method that nobody gave a right, or a refusal that tells what it should hide.
#include "tests/rest/house.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <regex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::rest {
namespace {

/// Answers to GET, POST, PUT, DELETE and PATCH. "404n" is "There is nothing here."; "+read" a row of the access log, "-read" one
/// of a refusal.
using Answers = std::string;

const Answers nothing = "404n 404n 404n 404n 404n", reads_none = "404 405 405 405 405";
const Answers open = "200 405 405 405 405", no_method = "405 405 405 405 405", no_sender = "405 403-intake 405 405 405";
const Answers no_subscriber = "403-subscribe 403-subscribe 403-subscribe 403-subscribe 403-subscribe";
const Answers hidden = "404n-operate 404n-operate 404n-operate 404n-operate 404n-operate";

struct Pinned {
  std::string target, label, allow;  ///< label of the metrics; Allow of a 405, "" where there is none
  Answers sender, receiver, operating;
};

const Pinned pinned[] = {
    {"/", "other", "", nothing, nothing, nothing},
    {"/nowhere", "other", "", nothing, nothing, nothing},
    {"/unread", "other", "", nothing, nothing, nothing},
    {"/intake", "other", "", nothing, nothing, nothing},
    {"/intake/none", "/intake/{channel}", "POST", "405 404 405 405 405", no_sender, no_sender},
    {"/intake/fhir", "/intake/{channel}", "POST", "405 422+intake 405 405 405", no_sender, no_sender},
    {"/intake/none/x", "other", "", nothing, nothing, nothing},
    {"/health", "/health", "GET, HEAD", open, open, open},
    {"/health/x", "other", "", nothing, nothing, nothing},
    {"/ready", "/ready", "GET, HEAD", open, open, open},
    {"/metrics", "/metrics", "GET, HEAD", open, open, open},
    {"/metrics/x", "other", "", nothing, nothing, nothing},
    {"/fhir/metadata", "/fhir/metadata", "GET, HEAD", open, open, open},
    {"/fhir/metadata/x", "/fhir/{type}/{id}", "GET, HEAD", reads_none, reads_none, reads_none},
    {"/fhir", "other", "", nothing, nothing, nothing},
    {"/fhir/$process-message", "/fhir/$process-message", "POST", "405 422+intake 405 405 405", no_sender, no_sender},
    {"/fhir/$process-message/x", "/fhir/{type}/{id}", "POST", "405 422+intake 405 405 405", no_sender, no_sender},
    {"/fhir/$message-status", "/fhir/{type}", "GET, HEAD", reads_none, reads_none, reads_none},
    {"/fhir/$message-status/1", "/fhir/$message-status/{number}", "GET, HEAD", "200+read 405 405 405 405",
     "404n-read 405 405 405 405", "404n-read 405 405 405 405"},
    {"/fhir/$message-status/x", "/fhir/$message-status/{number}", "GET, HEAD", "404n-read 405 405 405 405",
     "404n-read 405 405 405 405", "404n-read 405 405 405 405"},
    {"/fhir/$message-status/_search", "/fhir/$message-status/{number}", "GET, HEAD", "404n-read 405 405 405 405",
     "404n-read 405 405 405 405", "404n-read 405 405 405 405"},
    {"/fhir/$message-status/1/x", "other", "", nothing, nothing, nothing},
    {"/fhir/$reload-maps", "/fhir/$reload-maps", "POST", hidden, hidden, "405 200+operate 405 405 405"},
    {"/fhir/$rollback-maps", "/fhir/$rollback-maps", "POST", hidden, hidden, "405 200+operate 405 405 405"},
    {"/fhir/$reload-maps/x", "/fhir/{type}/{id}", "", hidden, hidden, nothing},
    {"/fhir/Subscription", "/fhir/Subscription", "GET, HEAD, POST", no_subscriber, "200 400 405 405 405", "200 400 405 405 405"},
    {"/fhir/Subscription/$status", "/fhir/Subscription/$status", "GET, HEAD, POST", no_subscriber, "200 400 405 405 405",
     "200 400 405 405 405"},
    {"/fhir/Subscription/_search", "/fhir/Subscription/{id}", "POST", no_subscriber, "405 400 405 405 405",
     "405 400 405 405 405"},
    {"/fhir/Subscription/x", "/fhir/Subscription/{id}", "GET, HEAD, PUT, DELETE", no_subscriber, "404 405 400 404 405",
     "404 405 400 404 405"},
    {"/fhir/Subscription/x/$status", "/fhir/Subscription/{id}/$status", "GET, HEAD, POST", no_subscriber, "200 400 405 405 405",
     "200 400 405 405 405"},
    {"/fhir/Subscription/x/$events", "/fhir/Subscription/{id}/$events", "GET, HEAD, POST", no_subscriber, "404 400 405 405 405",
     "404 400 405 405 405"},
    {"/fhir/Subscription/x/_history/1", "/fhir/{type}/{id}/_history/{version}", "GET, HEAD", no_subscriber, reads_none,
     reads_none},
    {"/fhir/Subscription/x/_history/y", "/fhir/{type}/{id}/_history/{version}", "GET, HEAD", no_subscriber,
     "404n 405 405 405 405", "404n 405 405 405 405"},
    {"/fhir/Subscription/x/_history/$status", "/fhir/{type}/{id}/_history/{version}", "GET, HEAD, POST", no_subscriber,
     "404n 405 405 405 405", "404n 405 405 405 405"},
    {"/fhir/Subscription/$events", "/fhir/Subscription/{id}", "GET, HEAD, POST", no_subscriber, no_method, no_method},
    {"/fhir/Subscription/$else", "/fhir/Subscription/{id}", "GET, HEAD, POST", no_subscriber, no_method, no_method},
    {"/fhir/Subscription/x/$else", "other", "GET, HEAD, POST", no_subscriber, no_method, no_method},
    {"/fhir/Subscription/x/_search", "other", "POST", no_subscriber, no_method, no_method},
    {"/fhir/Subscription/x/_history", "other", "GET, HEAD, PUT, DELETE", no_subscriber, no_method, no_method},
    {"/fhir/Subscription/x/y/z", "other", "GET, HEAD", no_subscriber, no_method, no_method},
    {"/fhir/Subscription/x/_history/1/y", "other", "GET, HEAD, PUT, DELETE", no_subscriber, no_method, no_method},
    {"/fhir/Task", "/fhir/{type}", "GET, HEAD", "403-search 405 405 405 405", "200+search 405 405 405 405",
     "200+search 405 405 405 405"},
    {"/fhir/Encounter", "/fhir/{type}", "GET, HEAD", "403-search 405 405 405 405", "200+search 405 405 405 405",
     "200+search 405 405 405 405"},
    {"/fhir/Observation", "/fhir/{type}", "GET, HEAD", reads_none, reads_none, reads_none},
    {"/fhir/Nonsense", "/fhir/{type}", "GET, HEAD", reads_none, reads_none, reads_none},
    {"/fhir/Task/x", "/fhir/Task/{id}", "GET, HEAD, PUT", "403-read 405 403-update 405 405", "404-read 405 400 405 405",
     "404-read 405 403-update 405 405"},
    {"/fhir/Encounter/x", "/fhir/{type}/{id}", "GET, HEAD", "403-read 405 405 405 405", "404-read 405 405 405 405",
     "404-read 405 405 405 405"},
    {"/fhir/Nonsense/x", "/fhir/{type}/{id}", "GET, HEAD", reads_none, reads_none, reads_none},
    {"/fhir/Encounter/$everything", "/fhir/{type}/{id}", "GET, HEAD", "403-read 405 405 405 405", "404-read 405 405 405 405",
     "404-read 405 405 405 405"},
    {"/fhir/Task/_search", "/fhir/{type}/_search", "GET, HEAD, POST", "403-read 403-search 405 405 405",
     "404-read 400 405 405 405", "404-read 400 405 405 405"},
    {"/fhir/Task/_search?_page=x", "/fhir/{type}/_search", "GET, HEAD, POST", "403-search 403-search 405 405 405",
     "400 400 405 405 405", "400 400 405 405 405"},
    {"/fhir/Encounter/_search", "/fhir/{type}/_search", "GET, HEAD, POST", "403-read 403-search 405 405 405",
     "404-read 400 405 405 405", "404-read 400 405 405 405"},
    {"/fhir/Nonsense/_search", "/fhir/{type}/_search", "GET, HEAD, POST", "404 404 405 405 405", "404 404 405 405 405",
     "404 404 405 405 405"},
    {"/fhir/Task/x/_history/1", "/fhir/{type}/{id}/_history/{version}", "GET, HEAD", "403-read 405 405 405 405",
     "404-read 405 405 405 405", "404-read 405 405 405 405"},
    {"/fhir/Encounter/x/_history/1", "/fhir/{type}/{id}/_history/{version}", "GET, HEAD", "403-read 405 405 405 405",
     "404-read 405 405 405 405", "404-read 405 405 405 405"},
    {"/fhir/Encounter/x/_history/y", "/fhir/{type}/{id}/_history/{version}", "GET, HEAD", "403-read 405 405 405 405",
     "404n 405 405 405 405", "404n 405 405 405 405"},
    {"/fhir/Nonsense/x/_history/1", "/fhir/{type}/{id}/_history/{version}", "GET, HEAD", reads_none, reads_none, reads_none},
    {"/fhir/Encounter/x/_history", "other", "", nothing, nothing, nothing},
    {"/fhir/Encounter/x/y/1", "other", "", nothing, nothing, nothing},
    {"/fhir/Encounter/x/_history/1/y", "other", "", nothing, nothing, nothing},
    {"/operate", "other", "", hidden, hidden, nothing},
    {"/operate/x", "other", "", hidden, hidden, nothing},
    {"/operate/quarantine", "/operate/quarantine", "GET, HEAD", hidden, hidden, "200+operate 405 405 405 405"},
    {"/operate/quarantine/2", "other", "GET, HEAD", hidden, hidden, "200+operate 405 405 405 405"},
    {"/operate/quarantine/1", "other", "GET, HEAD", hidden, hidden, reads_none},
    {"/operate/quarantine/x", "other", "", hidden, hidden, nothing},
    {"/operate/quarantine/2/replay", "/operate/quarantine/{number}/replay", "POST", hidden, hidden,
     "405 422+operate+intake 405 405 405"},
    {"/operate/quarantine/x/replay", "/operate/quarantine/{number}/replay", "", hidden, hidden, nothing},
    {"/operate/quarantine/2/x", "other", "", hidden, hidden, nothing},
    {"/operate/journal", "/operate/journal", "GET, HEAD", hidden, hidden, "200+operate 405 405 405 405"},
    {"/operate/journal/x", "other", "", hidden, hidden, nothing},
    {"/operate/verify", "/operate/verify", "GET, HEAD", hidden, hidden, "200+operate 405 405 405 405"},
    {"/operate/clock", "/operate/clock", "GET, HEAD, POST", hidden, hidden, "200 200+operate+operate 405 405 405"},
    {"/operate/clock/repair", "/operate/clock/repair", "POST", hidden, hidden, "405 200+operate 405 405 405"},
    {"/operate/clock/x", "other", "", hidden, hidden, nothing},
    {"/operate/clock/repair/x", "other", "", hidden, hidden, nothing},
};

constexpr std::array<const char*, 5> methods{"GET", "POST", "PUT", "DELETE", "PATCH"};
constexpr std::array<const char*, 3> tokens{hospital_token, home_care_token, operator_token};

std::string diagnostics(const http::Response& response) {
  const std::string name = "\"diagnostics\":\"";
  const std::size_t at = response.body.find(name);
  if (at == std::string::npos) return {};
  return response.body.substr(at + name.size(), response.body.find('"', at + name.size()) - at - name.size());
}

std::string audited(House& house, std::int64_t after) {
  std::string all;
  for (const store::AuditRow& row : house.spine.store.tables().audit_rows(after, 100)) {
    const bool is_refusal = row.action == "refuse";
    all += is_refusal ? "-" + row.says.substr(0, row.says.find(':')) : "+" + row.action;
  }
  return all;
}

std::int64_t last_row(House& house) {
  const std::vector<store::AuditRow> rows = house.spine.store.tables().audit_rows(0, 10'000);
  return rows.empty() ? 0 : rows.back().number;
}

struct Asked {
  std::string cell, allow;
};

Asked asked(House& house, const std::string& method, const std::string& target, const std::string& token) {
  const std::int64_t before = last_row(house);
  const bool has_body = method == "POST" || method == "PUT";
  const http::Response response = house.ask(method, target, token, has_body ? "{}" : "");
  Asked answer{std::to_string(response.status), std::string(http::find(response.fields, "Allow"))};
  if (response.status == 404 && diagnostics(response) == "There is nothing here.") answer.cell += "n";
  answer.cell += audited(house, before);
  if (response.status == 405 && method != "HEAD")
    EXPECT_EQ(diagnostics(response), "Here one may " + answer.allow + " only.") << target;
  EXPECT_EQ(response.status == 405, !answer.allow.empty()) << method << " " << target;
  EXPECT_EQ(response.body.empty(), method == "HEAD" || response.status == 204) << method << " " << target;
  return answer;
}

/// Of one caller to each method; `allow` is what its 405 name.
Answers answers_of(House& house, const std::string& target, const std::string& token, std::set<std::string>& allow) {
  Answers answers;
  for (const std::string method : methods) {
    const Asked answer = asked(house, method, target, token);
    answers.append(answers.empty() ? "" : " ").append(answer.cell);
    if (!answer.allow.empty()) allow.insert(answer.allow);
    if (method == "GET") {
      const Asked head = asked(house, "HEAD", target, token);
      EXPECT_EQ(head.cell.substr(0, 3), answer.cell.substr(0, 3)) << target;
    }
    if (method == "PATCH") EXPECT_EQ(asked(house, "OPTIONS", target, token).cell, answer.cell) << target;
  }
  return answers;
}

std::string joined(const std::set<std::string>& words) {
  std::string all;
  for (const std::string& word : words) all.append(all.empty() ? "" : " | ").append(word);
  return all;
}

std::string labels_counted(const House& house) {
  const std::string text = house.metrics.text();
  const std::regex label("route=\"([^\"]*)\"");
  std::set<std::string> labels;
  for (std::sregex_iterator each(text.begin(), text.end(), label), end; each != end; ++each) labels.insert((*each)[1]);
  return joined(labels);
}

/// One message is stored as 1, one kept in quarantine as 2.
void fill(House& house) {
  ASSERT_EQ(house.spine.accept(ANotice("admission"))->outcome, store::Outcome::Stored);
  ASSERT_EQ(house.spine.accept(ANotice("admission").with_id("M-2").without_class())->outcome, store::Outcome::Quarantined);
}

Pinned seen(const std::string& target) {
  House house;
  fill(house);
  std::set<std::string> allow;
  Pinned answers{target, "", "", "", "", ""};
  answers.sender = answers_of(house, target, tokens[0], allow);
  answers.receiver = answers_of(house, target, tokens[1], allow);
  answers.operating = answers_of(house, target, tokens[2], allow);
  answers.allow = joined(allow);
  answers.label = labels_counted(house);
  return answers;
}

std::string in_words(const Pinned& row) {
  return "{\"" + row.target + "\", \"" + row.label + "\", \"" + row.allow + "\",\n \"" + row.sender + "\", \"" + row.receiver +
         "\", \"" + row.operating + "\"},";
}

TEST(Routes, AnswerEachMethodPathAndRightAsPinned) {
  std::size_t answers = 0;
  for (const Pinned& row : pinned) {
    EXPECT_EQ(in_words(seen(row.target)), in_words(row));
    answers += tokens.size() * (methods.size() + 2);
  }
  std::printf("%zu answers as pinned\n", answers);
}

TEST(Routes, TellNobodyUnknownAnythingButWhatIsOpenToAll) {
  const std::set<std::string> without_token{"/health", "/ready", "/metrics", "/fhir/metadata"};
  for (const Pinned& row : pinned) {
    House house;
    std::set<std::string> allow;
    const Answers answers = answers_of(house, row.target, "", allow);
    EXPECT_EQ(answers, without_token.contains(row.target) ? open : "401 401 401 401 401") << row.target;
    EXPECT_EQ(labels_counted(house), row.label);
  }
}

}  // namespace
}  // namespace vardbron::rest
