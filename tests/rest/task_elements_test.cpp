// Concern: whatever a party writes into a Task is read there afterwards, or is refused by its name; nothing is dropped silently.
#include "tests/rest/element_samples.h"
#include "tests/rest/house.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace vardbron::rest {
namespace {

struct Admitted : House {
  Admitted() {
    CHECK(send(ANotice("admission")).status == 200u);
    task = spine.task("A-1", "kvittera-inskrivning", exchange::home_care);
    there = "/fhir/Task/" + task.id;
  }
  std::string body(const std::string& more) const { return R"({"resourceType":"Task","id":")" + task.id + "\"," + more + "}"; }
  http::Response put(const std::string& more, const char* token = home_care_token, http::Fields fields = {}) {
    return ask("PUT", there, token, body(more), std::move(fields));
  }
  http::Response get(const char* token = home_care_token) { return ask("GET", there, token); }
  store::Resource task;
  std::string there;
};

/// One element of Task, changed: how it is written, and what of it must be read again where it is kept.
struct Changed {
  std::string path, member, kept;
};

std::string without_braces(std::string text) { return text.front() == '{' ? text.substr(1, text.size() - 2) : text; }

void add_changes(const fhir::Definitions& definitions, fhir::TypeId type, const std::string& path, std::vector<Changed>& all) {
  for (const fhir::Element& element : definitions.elements(type)) {
    for (const fhir::ElementType& each : definitions.types(element)) {
      const std::string name(definitions.names().text(element.is_choice ? each.choice_name : element.name));
      const std::string place = path + "." + name;
      std::vector<Changed> parts;
      const bool is_backbone = definitions.kind(each.type) == fhir::TypeKind::Backbone;
      const bool is_looked_into = place == "Task.note" || place == "Task.statusReason" || place == "Task.statusReason.coding";
      if (is_backbone || is_looked_into) add_changes(definitions, each.type, place, parts);
      std::string value = sample(definitions.name(each.type));
      if (place == "Task.status") value = R"("accepted")";
      if (!value.empty()) parts.push_back({place, value, without_braces(value)});
      if (definitions.kind(each.type) == fhir::TypeKind::Primitive && !value.empty())
        all.push_back({place + " (extension)", "\"_" + name + R"(":{"extension":[)" + sample("Extension") + "]}", "urn:prov"});
      for (Changed& part : parts) {
        std::string written = part.path == place ? part.member : "{" + part.member + "}";
        if (place == "Task.note" && part.path != place && part.path != "Task.note.text")
          written = R"({"text":"a note",)" + part.member + "}";
        if (element.max != 1) written.insert(0, "[").append("]");
        all.push_back({part.path, "\"" + name + "\":" + written, part.kept});
      }
    }
  }
}

TEST(Task, KeepsEveryElementThatAPartyChangesOrRefusesItByItsName) {
  const fhir::Definitions& definitions = exchange::empty_library().definitions();
  std::vector<Changed> changes;
  add_changes(definitions, definitions.find_type("Task"), "Task", changes);
  std::size_t kept = 0;
  std::optional<Admitted> house(std::in_place);
  for (const Changed& each : changes) {
    if (each.path == "Task.id") continue;
    const bool tells_status = each.member.starts_with("\"status\":");
    const http::Response answer = house->put(each.member + (tells_status ? "" : R"(,"status":"requested")"));
    if (answer.status == 200) {
      ++kept;
      EXPECT_TRUE(holds(house->get(), each.kept)) << each.path << " was written and is not there: " << house->get().body;
      house.emplace();
      continue;
    }
    const std::string top = each.path.substr(0, std::min(each.path.find('.', 5), each.path.find(' ')));
    EXPECT_TRUE(answer.status == 422 || answer.status == 400) << each.path << answer.body;
    EXPECT_TRUE(holds(answer, "\"expression\":[\"" + top)) << each.path << ": " << answer.body;
  }
  EXPECT_GT(changes.size(), 100u);
  EXPECT_EQ(kept, 14u) << "status, statusReason, note, and what is in them";
}

TEST(Task, RefusesByNameWhatFollowsFromTheCase) {
  Admitted house;
  const std::string status = R"("status":"accepted",)";
  struct Row {
    std::string more, where;
    unsigned answer = 422;
  };
  for (const Row& row :
       {Row{R"("owner":{"identifier":{"value":"SE2321990018-VC07"}})", "Task.owner"},
        Row{R"("requester":{"display":"jag"})", "Task.requester"}, Row{R"("for":{"reference":"Patient/1"})", "Task.for"},
        Row{R"("output":[{"type":{"text":"a"},"valueString":"b"}])", "Task.output[0]"},
        Row{R"("extension":[{"url":"urn:x","valueString":"b"}])", "Task.extension[0]"},
        Row{R"("statuss":"accepted")", "Task.statuss", 400}}) {
    const http::Response answer = house.put(status + row.more);
    EXPECT_EQ(answer.status, row.answer) << answer.body;
    EXPECT_TRUE(holds(answer, "\"expression\":[\"" + row.where)) << answer.body;
  }
  EXPECT_EQ(http::find(house.get().fields, "ETag"), "W/\"1\"") << "nothing was written";
  EXPECT_EQ(house.put(R"("status":"accepted")").status, 200u);
}

TEST(Task, ShowsANoteToTheOtherPartiesAndTellsThem) {
  Admitted house;
  house.spine.watch("centre", exchange::health_centre, "task");
  house.spine.watch("own", exchange::home_care, "task");
  const http::Response written = house.put(R"("status":"requested","note":[{"text":"ring hemmet först"}])");
  ASSERT_EQ(written.status, 200u) << written.body;

  EXPECT_EQ(house.spine.events("centre").size(), 1u);
  EXPECT_EQ(house.spine.events("centre").front().focus, "Task/" + house.task.id);
  EXPECT_TRUE(house.spine.events("own").empty());
  const http::Response seen = house.get(health_centre_token);
  EXPECT_TRUE(holds(
      seen, R"("note":[{"authorReference":{"type":"Organization","identifier":{"system":"urn:oid:1.2.752.29.4.19","value":")" +
                std::string(exchange::home_care) + R"("})"))
      << seen.body;
  EXPECT_TRUE(holds(seen, R"("time":"20)") && holds(seen, R"("text":"ring hemmet först"}])")) << seen.body;

  // Sent again, alone or with all that was read, it is the same note.
  EXPECT_EQ(house.put(R"("status":"requested","note":[{"text":"ring hemmet först"}])").body, written.body);
  EXPECT_EQ(house.ask("PUT", house.there, home_care_token, written.body).body, written.body);
  const http::Response second = house.put(R"("status":"accepted","note":[{"authorString":"Eva","text":"vi kommer"}])");
  EXPECT_TRUE(holds(second, "ring hemmet") && holds(second, R"({"authorString":"Eva","time":)")) << second.body;
  EXPECT_EQ(house.spine.events("centre").size(), 2u);
}

TEST(Task, TakesAnXmlNoteAndAReasonWithItsCodes) {
  Admitted house;
  const std::string xml =
      R"(<Task xmlns="http://hl7.org/fhir"><id value=")" + house.task.id +
      R"("/><status value="rejected"/><statusReason><coding><system value="urn:skäl"/><code value="flyttad"/></coding>)"
      R"(<text value="bor inte här"/></statusReason><intent value="order"/><note><text value="se folkbokföringen"/></note></Task>)";
  const http::Response answer = house.ask("PUT", house.there, home_care_token, xml, {{"Content-Type", "application/fhir+xml"}});
  EXPECT_EQ(answer.status, 200u) << answer.body;
  EXPECT_TRUE(holds(answer, R"("statusReason":{"coding":[{"system":"urn:skäl","code":"flyttad"}],"text":"bor inte här"})"))
      << answer.body;
  EXPECT_TRUE(holds(answer, "se folkbokföringen"));
}

TEST(Task, OfAnotherPartyIsReadAndNotWritten) {
  Admitted house;
  ASSERT_EQ(house.get(health_centre_token).status, 200u);
  const http::Response foreign = house.put(R"("status":"accepted")", health_centre_token);
  EXPECT_EQ(foreign.status, 403u) << foreign.body;
  EXPECT_TRUE(holds(foreign, "This Task is for SE2120990011-HSV1, and its owner alone may write it")) << foreign.body;
  EXPECT_NE(house.spine.store.tables().audit_rows(0, 1000).back().says.find("owner alone"), std::string::npos);
  EXPECT_EQ(house.put(R"("status":"accepted")", stranger_token).status, 404u);
  EXPECT_EQ(
      house.put(R"("status":"accepted")", stranger_token).body,
      house.ask("PUT", "/fhir/Task/none", stranger_token, R"({"resourceType":"Task","id":"none","status":"accepted"})").body);
}

}  // namespace
}  // namespace vardbron::rest
