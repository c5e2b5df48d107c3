#include "gateway/base/digest.h"
#include "gateway/base/limits.h"
#include "gateway/base/text.h"
#include "gateway/formats/json/parse.h"
#include "tests/rest/house.h"

#include <gtest/gtest.h>

#include <cctype>
#include <set>

// Concern: an operator who sees that something is kept and not what, why and how to go on; or sees what only its sender may.
namespace vardbron::rest {
namespace {

using exchange::hospital;

/// Keeps so many messages as if they had been refused; every tenth on another channel, for another reason.
void keep(House& house, int count) {
  for (int each = 0; each < count; ++each) {
    const bool is_other = each % 10 == 3;
    store::Change change;
    change.outcome = store::Outcome::Quarantined;
    change.journal =
        store::RawMessage{is_other ? "adt" : "cosmic", hospital, "text/plain", "body", "", house.spine.world.clock.wall()};
    change.receipt = exchange::quarantined_text(
        {Cause::Invalid, "secret", ""},
        is_other ? std::vector<fhir::Issue>{{fhir::Severity::Error, "required", "PV1-19 is missing from PV1 in line 4.",
                                             "ADT_A01.PV1.f19"}}
                 : std::vector<fhir::Issue>{},
        "");
    CHECK(house.spine.world.complete(house.spine.store.commit(std::move(change))));
  }
}

std::string lower_case(std::string text) {
  for (char& letter : text) letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  return text;
}

/// Follows the next links of a list; gives how many entries each page has, and all their numbers.
std::vector<std::size_t> pages_of(House& house, std::string target, std::set<std::int64_t>& numbers) {
  std::vector<std::size_t> pages;
  while (!target.empty() && pages.size() < 200) {
    const http::Response page = house.ask("GET", target, operator_token);
    EXPECT_EQ(page.status, 200u) << target << page.body;
    const tree::Names names;
    Result<tree::Document> json = json::parse(page.body, names, {.fhir = false});
    CHECK(json);
    std::size_t entries = 0;
    for (tree::Item each = tree::root(*json).first_child(); each; each = each.next()) {
      if (each.name_text() != "entries") continue;
      ++entries;
      EXPECT_TRUE(numbers.insert(*parse_int(each.text_of("number"))).second) << "told twice";
    }
    pages.push_back(entries);
    target = tree::root(*json).text_of("next");
    const std::string_view base = "http://gateway.example";
    if (!target.empty()) EXPECT_TRUE(target.starts_with(base)) << target;
    if (!target.empty()) target.erase(0, base.size());
  }
  return pages;
}

TEST(Quarantine, ListsInPagesAndGoesOnWhereTheLastOneEnded) {
  House house;
  keep(house, 10);
  std::set<std::int64_t> all, few;
  EXPECT_EQ(pages_of(house, "/operate/quarantine", all), (std::vector<std::size_t>{10}));
  EXPECT_EQ(pages_of(house, "/operate/quarantine?_count=4", few), (std::vector<std::size_t>{4, 4, 2}));
  EXPECT_EQ(all, few);
}

TEST(Quarantine, OfTenThousandIsListedAndFilteredToItsEnd) {
  House house;
  keep(house, 10'000);
  std::set<std::int64_t> all, filtered;
  EXPECT_EQ(pages_of(house, "/operate/quarantine", all).size(), 50u);
  EXPECT_EQ(all.size(), 10'000u);
  pages_of(house, "/operate/quarantine?channel=adt&reason=required", filtered);
  EXPECT_EQ(filtered.size(), 1'000u);
}

TEST(Quarantine, AListLooksAtSoManyEntriesThatItsFilterPassesOverAndTheNextOneGoesOn) {
  for (const std::size_t count : {limits::quarantined_looked_at_max - 1, limits::quarantined_looked_at_max}) {
    House house;
    keep(house, static_cast<int>(count));
    const std::uint64_t before = house.spine.store.reads();
    EXPECT_EQ(house.ask("GET", "/operate/quarantine?channel=none", operator_token).status, 200u);
    EXPECT_EQ(house.spine.store.reads() - before, limits::quarantined_looked_at_max / limits::quarantined_per_look);
    std::set<std::int64_t> numbers;
    EXPECT_EQ(pages_of(house, "/operate/quarantine?channel=none", numbers).size(),
              count < limits::quarantined_looked_at_max ? 1u : 2u);
    EXPECT_TRUE(numbers.empty());
  }
}

TEST(Quarantine, FiltersByChannelSenderReasonAndTime) {
  House house;
  keep(house, 10);
  const auto count = [&house](const std::string& query) {
    std::set<std::int64_t> numbers;
    pages_of(house, "/operate/quarantine?" + query, numbers);
    return numbers.size();
  };
  EXPECT_EQ(count("channel=adt"), 1u);
  EXPECT_EQ(count("channel=cosmic"), 9u);
  EXPECT_EQ(count(std::string("sender=") + hospital), 10u);
  EXPECT_EQ(count("sender=" + lower_case(hospital)), 10u) << "HSA-ids are compared without case";
  EXPECT_EQ(count(std::string("sender=%20") + hospital), 10u);
  EXPECT_EQ(count("sender=SE1"), 0u);
  EXPECT_EQ(count("reason=required"), 1u);
  EXPECT_EQ(count("since=2020-01-01"), 10u);
  EXPECT_EQ(count("since=2999-01-01T00:00:00Z"), 0u);
}

TEST(Quarantine, RefusesAFilterThatThereIsNotByItsName) {
  House house;
  const http::Response unknown = house.ask("GET", "/operate/quarantine?kanal=adt", operator_token);
  EXPECT_EQ(unknown.status, 400u);
  EXPECT_TRUE(holds(unknown, "There is no filter \\\"kanal\\\"; there are channel, sender, reason, since")) << unknown.body;
  for (const std::string query : {"since=i%20fjol", "_count=0", "_count=x", "after=-1", "channel=a&channel=b"})
    EXPECT_EQ(house.ask("GET", "/operate/quarantine?" + query, operator_token).status, 400u) << query;
}

TEST(Quarantine, RefusesAReasonThatThereIsNotByItsName) {
  House house;
  const http::Response refused = house.ask("GET", "/operate/quarantine?reason=bogus", operator_token);
  EXPECT_EQ(refused.status, 400u);
  EXPECT_TRUE(holds(refused, "There is no reason \\\"bogus\\\"; there are business-rule, code-invalid, ")) << refused.body;
  for (const std::string reason :
       {"required", "value", "invalid", "structure", "processing", "forbidden", "not-found", "too-costly", "exception"})
    EXPECT_EQ(house.ask("GET", "/operate/quarantine?reason=" + reason, operator_token).status, 200u) << reason;
}

TEST(Quarantine, ShowsAnEntryWithItsReasonsAndHowToReplayIt) {
  House house;
  keep(house, 4);
  const http::Response shown = house.ask("GET", "/operate/quarantine/4", operator_token);
  EXPECT_EQ(shown.status, 200u) << shown.body;
  EXPECT_TRUE(holds(shown, R"("channel":"adt")")) << shown.body;
  EXPECT_TRUE(holds(shown, "PV1-19 is missing from PV1 in line 4.")) << shown.body;
  EXPECT_TRUE(holds(shown, R"("expression":["ADT_A01.PV1.f19"])")) << shown.body;
  EXPECT_TRUE(holds(shown, R"("bytes":4,"sha256":")" + to_hex(sha256("body")))) << shown.body;
  EXPECT_TRUE(holds(shown, "http://gateway.example/operate/quarantine/4/replay")) << shown.body;
  EXPECT_TRUE(holds(shown, "have it replayed when the map is mended")) << shown.body;
}

TEST(Quarantine, ShowsNothingThatMayQuoteTheMessage) {
  House house;
  keep(house, 1);
  const http::Response shown = house.ask("GET", "/operate/quarantine/1", operator_token);
  EXPECT_FALSE(holds(shown, "secret")) << shown.body;
  EXPECT_TRUE(holds(shown, "It was not understood. Why was told to its sender")) << shown.body;
}

TEST(Quarantine, ShowsWhyAMessageIsNotWellFormedOrOfAnotherFormat) {
  struct Row {
    std::string type, body, says;
  };
  const Row rows[] = {
      {"application/fhir+xml", "<Bundle><id>secret</Id></Bundle>",
       "1:19: An end tag does not belong to the open element. It is 'Id'. The open element is 'id', which begins at 1:9."},
      {"application/fhir+json", "{\"resourceType\":\"Bundle\",\"secret\"}", "1:"},
      {"application/fhir+json", "<Bundle><secret/></Bundle>", "This is XML, but Content-Type says JSON."},
      {"", "secret", "This is neither JSON nor XML nor an HL7 v2 message"},
      {"x-application/hl7-v2+er7", "MSH|^~\\&|secret\r\n??", "A line is no segment"}};
  for (const Row& row : rows) {
    House house;
    const http::Response refused =
        house.ask("POST", "/fhir/$process-message", hospital_token, row.body, {{"Content-Type", row.type}});
    EXPECT_EQ(refused.status, 422u) << refused.body;
    const http::Response shown = house.ask("GET", "/operate/quarantine/1", operator_token);
    EXPECT_TRUE(holds(shown, row.says)) << shown.body;
    EXPECT_TRUE(holds(shown, "\"code\":\"processing\"")) << shown.body;
    EXPECT_FALSE(holds(shown, "secret")) << shown.body;
    EXPECT_FALSE(holds(shown, "It was not understood")) << shown.body;
  }
}

TEST(Quarantine, IsThereForOperatorsOnly) {
  House house;
  keep(house, 1);
  EXPECT_EQ(house.ask("GET", "/operate/quarantine/1", home_care_token).status, 404u);
  EXPECT_EQ(house.ask("GET", "/operate/quarantine/1", "").status, 401u);
  EXPECT_EQ(house.ask("GET", "/operate/quarantine/2", operator_token).status, 404u);
  ASSERT_EQ(house.send(ANotice("admission")).status, 200u);
  const http::Response stored = house.ask("GET", "/operate/quarantine/2", operator_token);
  EXPECT_EQ(stored.status, 404u);
  EXPECT_TRUE(holds(stored, "Entry 2 is not in quarantine.")) << stored.body;
}

}  // namespace
}  // namespace vardbron::rest
