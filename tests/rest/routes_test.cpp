// Concern: a path that nobody meant answers, a method that nobody gave a right, or a refusal that tells what it should hide.
#include "gateway/rest/routes.h"

#include "gateway/base/text.h"
#include "gateway/exchange/act.h"
#include "gateway/rest/handlers.h"
#include "tests/rest/house.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>
#include <random>
#include <regex>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace vardbron::rest {
namespace {

/// Answers to GET, POST, PUT, DELETE and PATCH. "404n" is "There is nothing here."; "+read" a row of the access log, "-read" one
/// of a refusal.
using Answers = std::string;

const Answers nothing = "404n 404n 404n 404n 404n", reads_none = "404 405 405 405 405";
const Answers open = "200 405 405 405 405", no_sender = "405 403-intake 405 405 405";
const Answers no_searcher = "403-search 405 405 405 405", finds = "200+search 405 405 405 405";
const Answers posts_none = "403-search 403-search 405 405 405", posts_badly = "200+search 400 405 405 405";
const Answers no_reader = "403-read 405 405 405 405", finds_none = "404-read 405 405 405 405";
const Answers no_operation = "404 404 404 404 404";
const Answers no_subscriber = "403-subscribe 403-subscribe 403-subscribe 403-subscribe 403-subscribe";
const Answers hidden = "404n-operate 404n-operate 404n-operate 404n-operate 404n-operate";

struct Pinned {
  std::string target, label, allow;  ///< label of the metrics; Allow of a 405, "" where there is none
  Answers sender, receiver, operating;
};

// <first> is the id of the first message.
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
    {"/fhir/$process-message/x", "/fhir/{type}/{id}", "", no_operation, no_operation, no_operation},
    {"/fhir/$message-status", "/fhir/{type}", "", no_operation, no_operation, no_operation},
    {"/fhir/$message-status/<first>", "/fhir/$message-status/{id}", "GET, HEAD", "200+read 405 405 405 405",
     "404n-read 405 405 405 405", "404n-read 405 405 405 405"},
    {"/fhir/$message-status/1", "/fhir/$message-status/{id}", "GET, HEAD", "404n-read 405 405 405 405",
     "404n-read 405 405 405 405", "404n-read 405 405 405 405"},
    {"/fhir/$message-status/x", "/fhir/$message-status/{id}", "GET, HEAD", "404n-read 405 405 405 405",
     "404n-read 405 405 405 405", "404n-read 405 405 405 405"},
    {"/fhir/$message-status/_search", "/fhir/$message-status/{id}", "GET, HEAD", "404n-read 405 405 405 405",
     "404n-read 405 405 405 405", "404n-read 405 405 405 405"},
    {"/fhir/$message-status/1/x", "other", "", no_operation, no_operation, no_operation},
    {"/fhir/$reload-maps", "/fhir/$reload-maps", "POST", hidden, hidden, "405 200+operate 405 405 405"},
    {"/fhir/$rollback-maps", "/fhir/$rollback-maps", "POST", hidden, hidden, "405 200+operate 405 405 405"},
    {"/fhir/$reload-maps/x", "/fhir/{type}/{id}", "", no_operation, no_operation, no_operation},
    {"/fhir/Subscription", "/fhir/Subscription", "GET, HEAD, POST", no_subscriber, "200 400 405 405 405", "200 400 405 405 405"},
    {"/fhir/Subscription/$status", "/fhir/Subscription/$status", "GET, HEAD, POST", no_subscriber, "200 400 405 405 405",
     "200 400 405 405 405"},
    {"/fhir/Subscription/_search", "/fhir/Subscription/{id}", "GET, HEAD, POST", no_subscriber, "200 400 405 405 405",
     "200 400 405 405 405"},
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
    {"/fhir/Subscription/x/_history/$status", "/fhir/{type}/{id}/_history/{version}", "", no_subscriber, no_operation,
     no_operation},
    {"/fhir/Subscription/$events", "/fhir/Subscription/{id}", "", no_subscriber, no_operation, no_operation},
    {"/fhir/Subscription/$else", "/fhir/Subscription/{id}", "", no_subscriber, no_operation, no_operation},
    {"/fhir/Subscription/x/$else", "other", "", no_subscriber, no_operation, no_operation},
    {"/fhir/Subscription/x/_search", "other", "", no_subscriber, nothing, nothing},
    {"/fhir/Subscription/x/_history", "other", "", no_subscriber, nothing, nothing},
    {"/fhir/Subscription/x/y/z", "other", "", no_subscriber, nothing, nothing},
    {"/fhir/Subscription/x/_history/1/y", "other", "", no_subscriber, nothing, nothing},
    {"/fhir/Task", "/fhir/{type}", "GET, HEAD", no_searcher, finds, finds},
    {"/fhir/Encounter", "/fhir/{type}", "GET, HEAD", no_searcher, finds, finds},
    {"/fhir/CareTeam", "/fhir/{type}", "GET, HEAD, POST", "403-search 403-update 405 405 405", posts_badly,
     "200+search 403-update 405 405 405"},
    {"/fhir/CareTeam/x", "/fhir/{type}/{id}", "GET, HEAD, PUT", "403-read 405 403-update 405 405", "404-read 405 400 405 405",
     "404-read 405 403-update 405 405"},
    {"/fhir/AuditEvent", "/fhir/{type}", "GET, HEAD", no_searcher, finds, finds},
    {"/fhir/AuditEvent/x", "/fhir/{type}/{id}", "GET, HEAD", no_reader, finds_none, finds_none},
    {"/fhir/AuditEvent/_search", "/fhir/{type}/_search", "GET, HEAD, POST", posts_none, posts_badly, posts_badly},
    {"/fhir/AuditEvent/$loggutdrag", "/fhir/AuditEvent/$loggutdrag", "POST", "405 403-search 405 405 405", "405 415 405 405 405",
     "405 415 405 405 405"},
    {"/fhir/Observation", "/fhir/{type}", "GET, HEAD", reads_none, reads_none, reads_none},
    {"/fhir/Nonsense", "/fhir/{type}", "GET, HEAD", reads_none, reads_none, reads_none},
    {"/fhir/Task/x", "/fhir/Task/{id}", "GET, HEAD, PUT", "403-read 405 403-update 405 405", "404-read 405 400 405 405",
     "404-read 405 403-update 405 405"},
    {"/fhir/Encounter/x", "/fhir/{type}/{id}", "GET, HEAD", no_reader, finds_none, finds_none},
    {"/fhir/Nonsense/x", "/fhir/{type}/{id}", "GET, HEAD", reads_none, reads_none, reads_none},
    {"/fhir/Encounter/$everything", "/fhir/{type}/{id}", "", "403-read 404 404 404 404", no_operation, no_operation},
    {"/fhir/Task/_search", "/fhir/{type}/_search", "GET, HEAD, POST", posts_none, posts_badly, posts_badly},
    {"/fhir/Task/_search?_page=x", "/fhir/{type}/_search", "GET, HEAD, POST", posts_none, "400 400 405 405 405",
     "400 400 405 405 405"},
    {"/fhir/Encounter/_search", "/fhir/{type}/_search", "GET, HEAD, POST", posts_none, posts_badly, posts_badly},
    {"/fhir/Nonsense/_search", "/fhir/{type}/_search", "GET, HEAD, POST", "404 404 405 405 405", "404 404 405 405 405",
     "404 404 405 405 405"},
    {"/fhir/Task/x/_history/1", "/fhir/{type}/{id}/_history/{version}", "GET, HEAD", no_reader, finds_none, finds_none},
    {"/fhir/Encounter/x/_history/1", "/fhir/{type}/{id}/_history/{version}", "GET, HEAD", no_reader, finds_none, finds_none},
    {"/fhir/Encounter/x/_history/y", "/fhir/{type}/{id}/_history/{version}", "GET, HEAD", no_reader, "404n 405 405 405 405",
     "404n 405 405 405 405"},
    {"/fhir/Nonsense/x/_history/1", "/fhir/{type}/{id}/_history/{version}", "GET, HEAD", reads_none, reads_none, reads_none},
    {"/fhir/Encounter/x/_history", "/fhir/{type}/{id}/_history", "GET, HEAD", no_reader, finds_none, finds_none},
    {"/fhir/Encounter/x/y/1", "other", "", nothing, nothing, nothing},
    {"/fhir/Encounter/x/_history/1/y", "other", "", nothing, nothing, nothing},
    {"/operate", "other", "", hidden, hidden, nothing},
    {"/operate/x", "other", "", hidden, hidden, nothing},
    {"/operate/quarantine", "/operate/quarantine", "GET, HEAD", hidden, hidden, "200+operate 405 405 405 405"},
    {"/operate/quarantine/2", "other", "GET, HEAD", hidden, hidden, "200+operate 405 405 405 405"},
    {"/operate/quarantine/1", "other", "GET, HEAD", hidden, hidden, reads_none},
    {"/operate/quarantine/x", "other", "GET, HEAD", hidden, hidden, "404n 405 405 405 405"},
    {"/operate/quarantine/2/replay", "/operate/quarantine/{number}/replay", "POST", hidden, hidden,
     "405 422+operate+intake 405 405 405"},
    {"/operate/quarantine/x/replay", "/operate/quarantine/{number}/replay", "POST", hidden, hidden, "405 404n 405 405 405"},
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

Asked asked(House& house, const std::string& method, std::string target, const std::string& token) {
  const std::size_t first = target.find("<first>");
  const Result<store::JournalEntry> entry = house.spine.store.tables().journal_entry(1);
  if (entry && first != std::string::npos) target.replace(first, 7, entry->id);
  const std::int64_t before = last_row(house);
  const bool has_body = method == "POST" || method == "PUT";
  const http::Response response = house.ask(method, target, token, has_body ? "{}" : "");
  Asked answer{std::to_string(response.status), std::string(http::find(response.fields, "Allow"))};
  if (response.status == 404 && diagnostics(response) == "There is nothing here.") answer.cell += "n";
  answer.cell += audited(house, before);
  if (response.status == 405 && method != "HEAD")
    EXPECT_TRUE(diagnostics(response).starts_with("Here one may " + answer.allow + " only.")) << target;
  EXPECT_EQ(response.status == 405, !answer.allow.empty()) << method << " " << target;
  EXPECT_EQ(response.body.empty(), response.status == 204) << method << " " << target;
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

/// Whether each path that `second` fits is one that `first` fits.
bool covers(std::string_view first, std::string_view second) {
  const std::vector<std::string_view> general = split(first, '/'), special = split(second, '/');
  for (std::size_t at = 0; at < general.size(); ++at) {
    if (general[at] == "{...}") return true;
    if (at == special.size() || special[at] == "{...}") return false;
    if (!general[at].starts_with('{') && general[at] != special[at]) return false;
  }
  return general.size() == special.size();
}

/// The pattern of the paths that both fit; further segments are left aside. "": there is none.
std::string meet_of(std::string_view first, std::string_view second) {
  const std::vector<std::string_view> one = split(first, '/'), other = split(second, '/');
  if (one.size() != other.size()) return {};
  std::string meet;
  for (std::size_t at = 1; at < one.size(); ++at) {
    const bool is_any = one[at].starts_with('{');
    if (!is_any && !other[at].starts_with('{') && one[at] != other[at]) return {};
    const bool takes_other = one[at] == "{...}" || (is_any && other[at] != "{...}");
    meet.append("/").append(takes_other ? other[at] : one[at]);
  }
  return meet;
}

using Faults = std::vector<std::string>;

// Where neither path is the more special one, which of them counts is a decision: these were made.
bool is_decided(std::string_view first, std::string_view second) {
  const bool is_of_type = second == "/fhir/{type}/_search" || second == "/fhir/{type}/_history";
  if (is_of_type) return first == "/fhir/$message-status/{id}" || first == "/fhir/Subscription/{id}";
  const auto is_of_act = [&](const exchange::ActType& act) { return second == "/fhir/" + std::string(act.type) + "/{id}"; };
  if (second == "/fhir/Task/{id}" || second == "/fhir/AuditEvent/{id}" || std::ranges::any_of(exchange::act_types(), is_of_act))
    return first == "/fhir/{type}/_search" || first == "/fhir/{type}/_history";
  return first == "/fhir/{type}/{id}/_history" && second == "/fhir/Patient/{id}/{kind}";
}

Faults faults_between(std::span<const Route> table) {
  Faults faults;
  for (std::size_t at = 0; at < table.size(); ++at) {
    for (std::size_t later = at + 1; later < table.size(); ++later) {
      const std::string_view one = table[at].path, other = table[later].path;
      const std::string both = std::string(one) + " and " + std::string(other);
      if (one == other && table[at].method == table[later].method) faults.push_back("twice: " + both);
      if (one == other && table[at].label != table[later].label) faults.push_back("two labels: " + both);
      if (one == other && later > at + 1 && table[later - 1].path != one) faults.push_back("apart: " + both);
      if (one == other) continue;
      if (covers(one, other)) faults.push_back("never reached: " + both);
      const std::string meet = meet_of(one, other);
      const bool has_own_row = std::any_of(table.begin(), table.begin() + static_cast<std::ptrdiff_t>(at),
                                           [&](const Route& row) { return covers(row.path, meet); });
      if (meet.empty() || covers(other, one) || has_own_row || is_decided(one, other)) continue;
      faults.push_back("ambiguous: " + both);
    }
  }
  return faults;
}

Faults faults_within(std::span<const Route> table) {
  const std::vector<std::string_view> order{"GET", "POST", "PUT", "DELETE"};
  const auto place = [&](std::string_view method) { return std::find(order.begin(), order.end(), method) - order.begin(); };
  Faults faults;
  for (std::size_t at = 0; at < table.size(); ++at) {
    const Route& row = table[at];
    const std::string path(row.path);
    const bool is_open = std::holds_alternative<OpenHandler>(row.handler);
    const bool is_given = is_open ? std::get<OpenHandler>(row.handler) != nullptr : std::get<Handler>(row.handler) != nullptr;
    const std::size_t further = path.find("{...}"), type = path.find("{type}");
    if (!is_given) faults.push_back("no handler: " + path);
    if (is_open != (row.right == Right::Open)) faults.push_back("no right, or a handler without a caller: " + path);
    if (!path.starts_with('/') || path.ends_with('/')) faults.push_back("no path: " + path);
    if (further != std::string::npos && further + 5 != path.size()) faults.push_back("further segments are the last: " + path);
    if (type != std::string::npos && type != 6) faults.push_back("a type is the second segment: " + path);
    if (row.method != any_method && place(row.method) == 4) faults.push_back("no method: " + path);
    if (at == 0 || table[at - 1].path != path) continue;
    const Right before = table[at - 1].right;
    if (row.method == any_method || table[at - 1].method == any_method) faults.push_back("any method is all: " + path);
    if (place(table[at - 1].method) > place(row.method)) faults.push_back("methods in the order of Allow: " + path);
    if (before != row.right && (is_refused_before_method(before) || is_refused_before_method(row.right)))
      faults.push_back("two rights that are refused before the method: " + path);
  }
  return faults;
}

Faults faults_of(std::span<const Route> table) {
  Faults faults = faults_between(table), more = faults_within(table);
  faults.insert(faults.end(), more.begin(), more.end());
  return faults;
}

TEST(Routes, HaveARightAndAHandlerEachAndNoneHidesAnother) {
  EXPECT_THAT(faults_of(routes()), testing::IsEmpty());
  EXPECT_GT(routes().size(), 30u);
}

TEST(Routes, OfATableThatIsWrongTheFaultIsFound) {
  struct Wrong {
    std::string fault;
    std::vector<Route> table;
  };
  const Route read{"GET", "/fhir/{type}/{id}", Right::Read, read_resource};
  const Route task{"GET", "/fhir/Task/{id}", Right::Read, read_resource};
  const Route write{"PUT", "/fhir/Task/{id}", Right::Update, update_task};
  for (const Wrong& each : std::vector<Wrong>{
           {"twice: /fhir/Task/{id} and /fhir/Task/{id}", {task, task}},
           {"two labels: /fhir/Task/{id} and /fhir/Task/{id}", {task, {"PUT", task.path, Right::Update, update_task, "x"}}},
           {"apart: /fhir/Task/{id} and /fhir/Task/{id}", {task, read, write}},
           {"never reached: /fhir/{type}/{id} and /fhir/Task/{id}", {read, task}},
           {"never reached: /fhir/{type}/{id} and /fhir/{type}/{name}",
            {read, {"GET", "/fhir/{type}/{name}", Right::Read, read_resource}}},
           {"never reached: /a/{...} and /a",
            {{"*", "/a/{...}", Right::Known, nothing_here}, {"GET", "/a", Right::Known, nothing_here}}},
           {"ambiguous: /fhir/Task/{id} and /fhir/{type}/_search",
            {task, {"GET", "/fhir/{type}/_search", Right::Search, search_resources}}},
           {"no handler: /a", {{"GET", "/a", Right::Known, Handler{nullptr}}}},
           {"no right, or a handler without a caller: /a", {{"GET", "/a", {}, read_resource}}},
           {"no right, or a handler without a caller: /a", {{"GET", "/a", Right::Operate, metrics}}},
           {"no path: a", {{"GET", "a", Right::Known, nothing_here}}},
           {"further segments are the last: /a/{...}/b", {{"GET", "/a/{...}/b", Right::Known, nothing_here}}},
           {"a type is the second segment: /{type}", {{"GET", "/{type}", Right::Known, nothing_here}}},
           {"no method: /a", {{"HEAD", "/a", Right::Known, nothing_here}}},
           {"any method is all: /a", {{"GET", "/a", Right::Known, nothing_here}, {"*", "/a", Right::Known, nothing_here}}},
           {"methods in the order of Allow: /fhir/Task/{id}", {write, task}},
           {"two rights that are refused before the method: /a",
            {{"GET", "/a", Right::Operate, nothing_here}, {"PUT", "/a", Right::Known, nothing_here}}}}) {
    EXPECT_THAT(faults_of(each.table), testing::Contains(each.fault));
  }
}

/// A path that fits the pattern, with words that no pattern has.
std::vector<std::string> a_path_of(std::string_view pattern, std::mt19937& random) {
  std::vector<std::string> path;
  for (std::string_view part : split(pattern.substr(1), '/')) {
    const std::size_t words = part == "{...}" ? random() % 3 : 1;
    for (std::size_t word = 0; word < words; ++word)
      path.push_back(part.starts_with('{') ? "w" + std::to_string(random() % 100) : std::string(part));
  }
  return path;
}

TEST(Routes, OfManyPathsEachLeadsToTheRowsOfItsPattern) {
  std::mt19937 random(11);
  std::size_t beside = 0;
  for (int times = 0; times < 20'000; ++times) {
    const Route& row = routes()[random() % routes().size()];
    std::vector<std::string> path = a_path_of(row.path, random);
    if (random() % 4 == 0) path.push_back("w");
    if (random() % 4 == 0) path.erase(path.begin() + static_cast<std::ptrdiff_t>(random() % path.size()));
    std::string text;
    for (const std::string& segment : path) text += "/" + segment;
    // The first pattern that covers the path is what counts, found here by another way.
    std::string_view expected;
    for (const Route& each : routes())
      if (expected.empty() && covers(each.path, text)) expected = each.path;
    const std::span<const Route> rows = rows_of(path);
    ASSERT_EQ(rows.empty() ? "" : rows.front().path, expected) << text;
    beside += rows.empty() ? 1 : 0;
    for (const Route& each : rows) ASSERT_EQ(each.path, expected);
  }
  EXPECT_GT(beside, 100u);
}

TEST(Routes, NameTheMethodsOfAPathAsAllowDoes) {
  EXPECT_EQ(allowed_methods(rows_of({"fhir", "Subscription", "7"})), "GET, HEAD, PUT, DELETE");
  EXPECT_EQ(allowed_methods(rows_of({"fhir", "Subscription", "_search"})), "GET, HEAD, POST");
  const std::span<const Route> rows = rows_of({"fhir", "Task", "7"});
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(row_of(rows, "GET"), &rows[0]);
  EXPECT_EQ(row_of(rows, "HEAD"), &rows[0]);
  EXPECT_EQ(row_of(rows, "PUT"), &rows[1]);
  for (const char* method : {"POST", "get", "", "OPTIONS", "*"}) EXPECT_EQ(row_of(rows, method), nullptr) << method;
  for (const char* method : {"GET", "TRACE", ""}) EXPECT_NE(row_of(rows_of({"operate", "x"}), method), nullptr) << method;
}

TEST(Routes, TellPathsApartByTheirShapeOnly) {
  const std::span<const std::string_view> all = labels();
  EXPECT_EQ(std::set<std::string_view>(all.begin(), all.end()).size(), all.size());
  for (const Pinned& row : pinned) EXPECT_NE(std::find(all.begin(), all.end(), row.label), all.end()) << row.label;
  for (const Route& row : routes()) {
    const std::string_view label = label_of(std::span(&row, 1));
    EXPECT_NE(std::find(all.begin(), all.end(), label), all.end()) << label;
  }
  EXPECT_EQ(label_of({}), "other");
  EXPECT_EQ(label_of(rows_of({})), "other");
  EXPECT_EQ(label_of(rows_of({"unread"})), "other") << "no path is counted as what could not be read";
  EXPECT_EQ(label_of(rows_of({"fhir", "Patient", "19121212-1212"})), "/fhir/{type}/{id}");
}

TEST(Routes, NameTheOperationThatWasMeant) {
  struct Row {
    std::vector<std::string> path;
    std::string says;
  };
  for (const Row& row :
       {Row{{"fhir", "Patient", "7", "$everythin"}, "no operation $everythin here. Did you mean /fhir/Patient/{id}/$everything?"},
        Row{{"fhir", "$proces-message"}, "no operation $proces-message here. Did you mean /fhir/$process-message?"},
        Row{{"fhir", "Subscription", "7", "$event"}, "Did you mean /fhir/Subscription/{id}/$events?"},
        Row{{"fhir", "Encounter", "7", "$everything"}, "Did you mean /fhir/Patient/{id}/$everything?"},
        Row{{"fhir", "Patient", "7", "$merge"}, "no operation $merge here. /fhir/metadata lists those that there are."}})
    EXPECT_NE(unknown_operation(row.path).find(row.says), std::string::npos) << unknown_operation(row.path);
  for (const std::vector<std::string>& path : std::vector<std::vector<std::string>>{{"fhir", "Patient", "7", "$everything"},
                                                                                    {"fhir", "$message-status", "7"},
                                                                                    {"fhir", "Patient", "7", "Task"},
                                                                                    {"fhir", "Task"},
                                                                                    {}})
    EXPECT_EQ(unknown_operation(path), "");
  House house;
  const http::Response asked = house.ask("GET", "/fhir/Patient/7/$everythin", home_care_token);
  EXPECT_EQ(asked.status, 404u);
  EXPECT_TRUE(holds(asked, "Did you mean /fhir/Patient/{id}/$everything?")) << asked.body;
  EXPECT_EQ(house.ask("GET", "/fhir/Patient/7/$everythin", "").status, 401u);
}

TEST(Routes, ARefusalThatNamesAllowedMethodsDoesNotNameTheOneThatWasAsked) {
  for (const Pinned& row : pinned) {
    House house;
    fill(house);
    for (const char* token : tokens) {
      for (const std::string method : {"GET", "HEAD", "POST", "PUT", "DELETE"}) {
        const Asked answer = asked(house, method, row.target, token);
        for (std::string_view allowed : split(answer.allow, ',')) EXPECT_NE(trim(allowed), method) << row.target;
      }
    }
  }
}

}  // namespace
}  // namespace vardbron::rest
