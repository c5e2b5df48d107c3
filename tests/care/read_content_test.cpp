#include "gateway/base/limits.h"
#include "gateway/care/chain/read_content.h"
#include "gateway/care/chain/read_person.h"
#include "json_text.h"
#include "tests/care/story.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace vardbron::care {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view content_url = "https://vardbron.example/fhir/StructureDefinition/innehall";

std::string subject(std::string_view code) {
  return R"("extension": [{"url": ")" + std::string(content_url) + R"(", "valueCode": ")" + std::string(code) + R"("}], )";
}

Result<Notice> content_of(const std::string& payloads) {
  Notice notice;
  const tree::Document said =
      from_json(R"({"resourceType": "Communication", "status": "completed", "payload": [)" + payloads + "]}");
  Result<void> read = read_content(tree::root(said), "Bundle.entry[5].resource", notice);
  if (!read) return std::move(read).failure();
  return notice;
}

std::string words(std::string_view said) { return R"({"contentString": ")" + std::string(said) + R"("})"; }

TEST(Content, IsTextsAndFilesInTheirOrder) {
  const Notice notice = *content_of(
      "{" + subject("insatser") + R"("contentString": "Trygghetslarm"}, )" + words("Hiss saknas") + ", {" + subject("lakemedel") +
      R"("contentAttachment": {"contentType": "text/plain", "data": "UMOlaGl0dGF0", "size": 9, "title": "Lista"}})");

  ASSERT_EQ(notice.payloads.size(), 3u);
  EXPECT_EQ(notice.payloads[0], (Payload{"insatser", "Trygghetslarm", {}}));
  EXPECT_EQ(notice.payloads[1], (Payload{"", "Hiss saknas", {}}));
  EXPECT_EQ(notice.payloads[2], (Payload{"lakemedel", "", Attachment{"text/plain", "Lista", "UMOlaGl0dGF0", 9}}));
  EXPECT_TRUE(notice.doubts.empty());
}

TEST(Content, ThatIsNotTakenOverIsSaidToItsSender) {
  struct Row {
    std::string payload;
    std::string_view says;
    std::size_t kept;
  };
  for (const Row& row :
       {Row{"{" + subject("recept") + R"("contentString": "x"})", "no code of innehall", 1},
        Row{R"({"contentReference": {"reference": "Observation/1"}})", "neither a text nor an attachment", 0},
        Row{words(" "), "neither a text nor an attachment", 0},
        Row{R"({"contentAttachment": {"contentType": "text/plain", "title": "Lista"}})", "holds no data", 1},
        Row{R"({"contentAttachment": {"data": "UMOl"}})", "has no type", 1},
        Row{R"({"contentAttachment": {"contentType": "text/plain", "data": "UMOl", "url": "https://intern.example/1"}})",
            "names an address", 1}}) {
    const Result<Notice> notice = content_of(row.payload);

    ASSERT_TRUE(notice) << row.says;
    EXPECT_EQ(notice->payloads.size(), row.kept) << row.says;
    ASSERT_EQ(notice->doubts.size(), 1u) << row.says;
    EXPECT_THAT(notice->doubts[0].says, HasSubstr(std::string(row.says)));
    EXPECT_THAT(notice->doubts[0].says, HasSubstr("payload[0]"));
  }
}

TEST(Content, SaysTheSizeOfAFileThatDoesNotSayIt) {
  for (const auto& [data, size] : {std::pair("TQ==", 1), std::pair("TWE=", 2), std::pair("TWFu", 3), std::pair("TWFu TQ==", 4)}) {
    const Notice notice =
        *content_of(R"({"contentAttachment": {"contentType": "text/plain", "data": ")" + std::string(data) + R"("}})");
    EXPECT_EQ(notice.payloads.at(0).attachment->size, size) << data;
  }
}

TEST(Content, HasItsBounds) {
  const std::string half(limits::payload_bytes_per_notice_max / 2, 'x');
  EXPECT_TRUE(content_of(words(half) + "," + words(half)));
  const Result<Notice> more = content_of(words(half) + "," + words(half) + "," + words("x"));
  ASSERT_FALSE(more);
  EXPECT_EQ(more.failure().cause, Cause::TooLarge);
  EXPECT_EQ(more.failure().where, "Bundle.entry[5].resource.payload");

  std::string many = words("x");
  for (std::size_t at = 1; at < limits::payloads_per_notice_max; ++at) many += "," + words("x");
  EXPECT_TRUE(content_of(many));
  EXPECT_EQ(content_of(many + "," + words("x")).failure().cause, Cause::TooLarge);
}

// Each receiver gets the content with its Communication, so a large file would be there many times.
TEST(Content, LeavesOutAFileThatIsTooLargeAndSaysSo) {
  const std::string file(limits::payload_bytes_per_notice_max - 10, 'A');
  const auto attachment = [](const std::string& data) {
    return R"({"contentAttachment": {"contentType": "application/pdf", "title": "Epikris", "data": ")" + data + R"("}})";
  };
  const Notice whole = *content_of(attachment(file));
  EXPECT_EQ(whole.payloads.at(0).attachment->data.size(), file.size());
  EXPECT_TRUE(whole.doubts.empty());

  const Notice cut = *content_of(words("Se bilagan") + "," + attachment(file + std::string(10, 'A')));
  EXPECT_EQ(cut.payloads.at(1).attachment->title, "Epikris");
  EXPECT_EQ(cut.payloads.at(1).attachment->data, "");
  EXPECT_EQ(cut.payloads.at(1).attachment->size, std::int64_t(limits::payload_bytes_per_notice_max) * 3 / 4);
  ASSERT_EQ(cut.doubts.size(), 1u);
  EXPECT_THAT(cut.doubts[0].says, HasSubstr("too large to be passed on"));
}

Person person_with(std::string_view contacts, std::vector<Doubt>& doubts, std::string_view meta = "") {
  const tree::Document patient =
      from_json(R"({"resourceType": "Patient", )" + std::string(meta) + R"("contact": [)" + std::string(contacts) +
                R"(], "identifier": [{"system": "urn:oid:1.2.752.129.2.1.3.1", "value": "19500907-2553"}]})");
  return *read_person(tree::root(patient), "Patient", std::chrono::year(2026) / 3 / 10, doubts);
}

std::string relative(std::string_view role, std::string_view rest) {
  return R"({"relationship": [{"coding": [{"system": "https://vardbron.example/fhir/CodeSystem/narstaende-roll", "code": ")" +
         std::string(role) + R"("}], "text": "dotter"}])" + std::string(rest) + "}";
}

TEST(RelatedPersons, AreReadFromThePatient) {
  std::vector<Doubt> doubts;
  const Person read = person_with(
      relative("god-man",
               R"(, "name": {"given": ["Maj"], "family": "Berg"}, "telecom": [{"system": "phone", "value": "070-1"}])") +
          ", " + relative("granne", R"(, "name": {"text": "Bo"})") + R"(, {"organization": {"display": "x"}})",
      doubts);

  ASSERT_EQ(read.related.size(), 2u);
  EXPECT_EQ(read.related[0], (RelatedPerson{"Maj Berg", "070-1", "god-man", "dotter"}));
  EXPECT_EQ(read.related[1], (RelatedPerson{"Bo", "", "", "dotter"}));
  ASSERT_EQ(doubts.size(), 1u);
  EXPECT_THAT(doubts[0].says, HasSubstr("no code of narstaende-roll"));
}

TEST(RelatedPersons, OfAProtectedPersonAreNotRead) {
  std::vector<Doubt> doubts;
  const std::string maj = relative("narstaende", R"(, "name": {"text": "Maj"})");
  EXPECT_EQ(person_with(maj, doubts).related.size(), 1u);
  EXPECT_TRUE(person_with(maj, doubts, R"("meta": {"security": [{"code": "sekretessmarkering"}]}, )").related.empty());
}

TEST(RelatedPersons, AreNotMoreThanSomebodyCouldCall) {
  std::vector<Doubt> doubts;
  std::string many = relative("narstaende", R"(, "name": {"text": "Maj"})");
  for (std::size_t at = 0; at < limits::related_persons_max + 1; ++at)
    many += "," + relative("narstaende", R"(, "name": {"text": "A"})");

  EXPECT_EQ(person_with(many, doubts).related.size(), limits::related_persons_max);
  ASSERT_EQ(doubts.size(), 1u);
  EXPECT_THAT(doubts[0].says, HasSubstr("2 of the persons"));
}

TEST(Content, IsReadByThoseTheNoticeIsForWhileItStands) {
  Story story;
  story.add(Event::Admission, "2025-03-10T09:00:00Z");
  Notice& planning = story.add(Event::Planning, "2025-03-11T09:00:00Z");
  planning.receivers = {nursing()};
  planning.payloads = {{"insatser", "Trygghetslarm", {}}, {"lakemedel", "", Attachment{"text/plain", "Lista", "TWFu", 3}}};
  planning.person.related = {{"Maj Berg", "070-1", "god-man", "dotter"}};

  const Projection now = story.project();
  const Projected* communication = find_resource(now, "Communication", "Trygghetslarm");
  ASSERT_NE(communication, nullptr);
  EXPECT_EQ(communication->parties, (std::vector<std::string>{nursing().id, hospital().id}));
  EXPECT_THAT(to_text(communication->document), testing::AllOf(HasSubstr("valueCode=insatser"), HasSubstr("data=TWFu"),
                                                               HasSubstr("size=3"), HasSubstr("title=Lista")));
  EXPECT_THAT(to_text(find_resource(now, "Patient")->document),
              testing::AllOf(HasSubstr("god-man"), HasSubstr("Maj Berg"), HasSubstr("070-1")));
  EXPECT_THAT(to_text(find_resource(now, "Encounter")->document), Not(HasSubstr("Trygghetslarm")));

  story.cancel(planning, "2025-03-11T10:00:00Z");
  EXPECT_EQ(find_resource(story.project(), "Communication", "Trygghetslarm"), nullptr) << "what was taken back is hidden";
}

TEST(Content, BeforeAnAdmissionReachesNobody) {
  Story story;
  Notice& planning = story.add(Event::Planning, "2025-03-11T09:00:00Z");
  planning.payloads = {{"insatser", "Trygghetslarm", {}}};
  EXPECT_EQ(find_resource(story.project(), "Communication", "Trygghetslarm"), nullptr);
  EXPECT_TRUE(has_finding(story.project(), notified_nobody));
}

}  // namespace
}  // namespace vardbron::care
