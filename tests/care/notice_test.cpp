#include "gateway/base/limits.h"
#include "gateway/care/chain/notice.h"
#include "json_text.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace vardbron::care {
namespace {

constexpr std::string_view whole_bundle = R"({
  "resourceType": "Bundle", "id": "7d0a3c1e-0000-5000-8000-000000000001", "type": "message",
  "identifier": {"system": "urn:example:messages", "value": "m1"},
  "timestamp": "2025-03-20T10:05:00+01:00",
  "entry": [
    {"fullUrl": "urn:uuid:a1", "resource": {"resourceType": "MessageHeader", "id": "a1",
      "extension": [{"url": "https://vardbron.example/fhir/StructureDefinition/event-time", "valueDateTime": "2025-03-20T10:00:00+01:00"}],
      "eventCoding": {"system": "https://vardbron.example/fhir/CodeSystem/notice-event", "code": "admission"},
      "destination": [{"endpoint": "urn:x", "receiver": {"reference": "urn:uuid:o2"}}, {"endpoint": "urn:x", "receiver": {"reference": "Organization/o2"}}],
      "sender": {"reference": "urn:uuid:o1"}, "source": {"endpoint": "urn:s"}, "reason": {"text": "akut"},
      "focus": [{"reference": "urn:uuid:e1"}]}},
    {"fullUrl": "urn:uuid:p1", "resource": {"resourceType": "Patient", "id": "p1",
      "identifier": [{"system": "urn:oid:1.2.752.129.2.1.3.1", "value": "19500907-2553"}],
      "name": [{"use": "nickname", "given": ["Alle"]}, {"use": "official", "family": "Berg", "given": ["Alva", "Maj"]}],
      "gender": "female", "birthDate": "1950-09-07", "address": [{"line": ["Brogatan 1"], "city": "Kalmar"}]}},
    {"fullUrl": "urn:uuid:e1", "resource": {"resourceType": "Encounter", "id": "e1",
      "extension": [{"url": "https://vardbron.example/fhir/StructureDefinition/beraknad-utskrivning", "valueDate": "2025-03-26"}],
      "identifier": [{"system": "urn:example:cases", "value": "4711"}], "status": "in-progress",
      "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "IMP"},
      "subject": {"reference": "urn:uuid:p1"}, "period": {"start": "2025-03-20T09:00:00+01:00"},
      "reasonCode": [{"text": "fall i hemmet"}], "serviceProvider": {"reference": "urn:uuid:o1"}}},
    {"fullUrl": "urn:uuid:o1", "resource": {"resourceType": "Organization", "id": "o1",
      "identifier": [{"system": "https://www.gs1.org/gln", "value": "7300000000000"}, {"system": "urn:oid:1.2.752.129.2.1.4.1", "value": "SE2321000131-E000000000001"}],
      "type": [{"coding": [{"system": "https://vardbron.example/fhir/CodeSystem/part-roll", "code": "sluten-vard"}]}], "name": "Avdelning 1"}},
    {"fullUrl": "urn:uuid:o2", "resource": {"resourceType": "Organization", "id": "o2",
      "identifier": [{"system": "urn:oid:1.2.208.176.1.1", "value": "953741000016009"}],
      "type": [{"coding": [{"system": "https://vardbron.example/fhir/CodeSystem/part-roll", "code": "kommunal-hsv"}]}],
      "name": "Hemsjukvården", "telecom": [{"system": "email", "value": "x@example.se"}, {"system": "phone", "value": "010-1"}]}}
  ]})";

std::string replaced(std::string_view from, std::string_view to) {
  std::string text(whole_bundle);
  std::size_t at = text.find(from);
  CHECK(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

Result<Notice> read(std::string text) { return read_notice(from_json(std::move(text))); }

TEST(Notice, TellsAllThatItLacksToWhoAsks) {
  std::string text = replaced(R"("class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "IMP"},)", "");
  for (const std::string_view gone : {R"("sender": {"reference": "urn:uuid:o1"}, )", R"("value": "19500907-2553")"}) {
    const std::size_t at = text.find(gone);
    ASSERT_NE(at, std::string::npos) << gone;
    text.erase(at, gone.size());
    if (text[at - 2] == ',') text.erase(at - 2, 1);
  }
  std::vector<Failure> faults;
  const Result<Notice> notice = read_notice(from_json(text), &faults);
  ASSERT_FALSE(notice);
  ASSERT_EQ(faults.size(), 3u);
  EXPECT_EQ(faults[0].where, "Bundle.entry[0].resource.sender");
  EXPECT_EQ(faults[1].where.substr(0, 24), "Bundle.entry[1].resource");
  EXPECT_EQ(faults[2].where, "Bundle.entry[2].resource.class");
  EXPECT_EQ(notice.failure(), faults.front());
}

TEST(Notice, ReadsWhatTheCanonicalBundleSays) {
  Result<Notice> notice = read(std::string(whole_bundle));

  ASSERT_TRUE(notice) << notice.failure().says << " at " << notice.failure().where;
  EXPECT_EQ(notice->identity, (Identity{"urn:example:messages", "m1"}));
  EXPECT_EQ(notice->case_key, "urn:example:cases|4711");
  EXPECT_EQ(notice->event, Event::Admission);
  EXPECT_EQ(notice->happened.text, "2025-03-20T10:00:00+01:00");
  EXPECT_EQ(notice->reason, "akut");
  EXPECT_EQ(notice->sender.id, "SE2321000131-E000000000001");
  EXPECT_EQ(notice->sender.identifier.system, "urn:oid:1.2.752.29.4.19");
  EXPECT_EQ(notice->sender.role, Role::SlutenVard);
  ASSERT_EQ(notice->receivers.size(), 1u) << "named twice, told once";
  EXPECT_EQ(notice->receivers[0].id, "urn:oid:1.2.208.176.1.1|953741000016009");
  EXPECT_EQ(notice->receivers[0].phone, "010-1");
  EXPECT_EQ(notice->person.identifiers[0], (Identity{"http://electronichealth.se/identifier/personnummer", "195009072553"}));
  EXPECT_EQ(notice->person.family, "Berg");
  EXPECT_EQ(notice->person.given.size(), 2u);
  EXPECT_EQ(notice->stay.planned_discharge, "2025-03-26");
  EXPECT_EQ(notice->stay.class_code, "IMP");
  EXPECT_EQ(notice->stay.reason, "fall i hemmet");
}

struct Fault {
  std::string_view from, to, where;
};

TEST(Notice, OfConsentSaysWhatWasDecided) {
  const Result<Notice> none = read(replaced(R"(notice-event", "code": "admission")", R"(notice-event", "code": "consent")"));
  ASSERT_FALSE(none);
  EXPECT_EQ(none.failure().where, "Bundle.entry");
  EXPECT_NE(none.failure().says.find("exactly one Consent"), std::string::npos);
}

TEST(Notice, TakesAShortPersonnummerByTheDayItWasSent) {
  EXPECT_EQ(read(replaced("19500907-2553", "500907-2553"))->person.identifiers[0].value, "195009072553");
  EXPECT_EQ(read(replaced("19500907-2553", "500907-2554")).failure().where, "Bundle.entry[1].resource.identifier[0].value");
}

TEST(Notice, NamesThePlaceOfWhatIsMissing) {
  constexpr Fault table[] = {
      {R"("resourceType": "Bundle")", R"("resourceType": "Basic")", "Bundle"},
      {R"("type": "message")", R"("type": "batch")", "Bundle.type"},
      {R"("value": "m1")", R"("value": "")", "Bundle.identifier.value"},
      {R"("timestamp": "2025-03-20T10:05:00+01:00")", R"("timestamp": "yesterday")", "Bundle.timestamp"},
      {R"("resourceType": "Patient")", R"("resourceType": "Person")", "Bundle.entry[1].resource"},
      {R"("resourceType": "MessageHeader")", R"("resourceType": "Basic")", "Bundle.entry[0].resource"},
      {R"("resourceType": "Encounter")", R"("resourceType": "Basic")", "Bundle.entry[2].resource"},
      {R"(notice-event", "code": "admission")", R"(notice-event", "code": "arrival")",
       "Bundle.entry[0].resource.eventCoding.code"},
      {"CodeSystem/notice-event", "CodeSystem/other", "Bundle.entry[0].resource.eventCoding.system"},
      {"StructureDefinition/event-time", "StructureDefinition/time",
       "Bundle.entry[0].resource.extension('event-time').valueDateTime"},
      {R"("code": "admission")", R"("code": "nullified")", "Bundle.entry[0].resource.extension('replaces').valueIdentifier"},
      {R"("sender": {"reference": "urn:uuid:o1"})", R"("sender": {"reference": "urn:uuid:p1"})",
       "Bundle.entry[0].resource.sender"},
      {R"({"reference": "Organization/o2"})", R"({"reference": "Organization/o9"})",
       "Bundle.entry[0].resource.destination[1].receiver"},
      {"19500907-2553", "19500907-2554", "Bundle.entry[1].resource.identifier[0].value"},
      {R"("value": "4711")", R"("value": "")", "Bundle.entry[2].resource.identifier[0].value"},
      {R"("status": "in-progress")", R"("status": "")", "Bundle.entry[2].resource.status"},
      {R"("code": "IMP")", R"("code": "")", "Bundle.entry[2].resource.class"},
      {R"("code": "IMP")", R"("code": "AMB")", "Bundle.entry[2].resource.class"},
      {"2025-03-20T09:00:00+01:00", "soon", "Bundle.entry[2].resource.period.start"},
      {"2025-03-26", "2025-02-30", "Bundle.entry[2].resource.extension('beraknad-utskrivning').valueDate"},
  };
  for (const Fault& fault : table) {
    Result<Notice> notice = read(replaced(fault.from, fault.to));

    ASSERT_FALSE(notice) << fault.where;
    EXPECT_EQ(notice.failure().cause, Cause::Invalid);
    EXPECT_EQ(notice.failure().where, fault.where) << notice.failure().says;
    EXPECT_EQ(notice.failure().says.find("1950"), std::string::npos);
  }
}

// Concern: the message of a foreign acceptance test (TEK_FCC) whose Encounter lost its class must not be shown.
TEST(Notice, RefusesAnEncounterWithoutClass) {
  std::string text = replaced(R"("class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "IMP"},)", "");

  EXPECT_EQ(read(text).failure().where, "Bundle.entry[2].resource.class");
}

TEST(Notice, AsksAnAdmissionWhoItIsFor) {
  std::string text = replaced(
      R"("destination": [{"endpoint": "urn:x", "receiver": {"reference": "urn:uuid:o2"}}, {"endpoint": "urn:x", "receiver": {"reference": "Organization/o2"}}],)",
      "");

  EXPECT_EQ(read(text).failure().where, "Bundle.entry[0].resource.destination");
}

TEST(Notice, ReadsATimeWithoutZoneAsStockholmAndNotesTheAutumnHour) {
  Notice plain = *read(replaced("2025-03-20T10:00:00+01:00", "2025-03-20T10:00:00"));
  EXPECT_EQ(plain.happened.text, "2025-03-20T10:00:00+01:00");
  EXPECT_FALSE(plain.time_is_guessed);

  Notice autumn = *read(replaced("2025-03-20T10:00:00+01:00", "2025-10-26T02:30:00"));
  EXPECT_EQ(autumn.happened.text, "2025-10-26T02:30:00+02:00");
  EXPECT_TRUE(autumn.time_is_guessed);
}

TEST(Notice, RemembersThatAnEarlierReaderHadToGuessATime) {
  for (std::string_view meta : {"", R"("meta": {"tag": [{"system": "urn:other", "code": "x"}]}, )"}) {
    Result<tree::Document> bundle =
        json::parse(replaced(R"("type": "message",)", R"("type": "message", )" + std::string(meta)), r4().names());
    ASSERT_TRUE(bundle);
    EXPECT_FALSE(read_notice(*bundle)->time_is_guessed);
    mark_as_ambiguous(*bundle);
    EXPECT_TRUE(read_notice(*bundle)->time_is_guessed) << json::write(*bundle);
  }
}

TEST(Notice, NeverTakesOverTheAddressOfAProtectedPerson) {
  for (std::string_view security :
       {R"({"system": "https://vardbron.example/fhir/CodeSystem/skydd", "code": "sekretessmarkering"})",
        R"({"system": "https://vardbron.example/fhir/CodeSystem/skydd", "code": "skyddadFolkbokforing"})",
        R"({"system": "https://vardbron.example/fhir/CodeSystem/skydd", "code": "something-new"})",
        R"({"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "R"})"}) {
    Notice notice = *read(replaced(R"("id": "p1",)", R"("id": "p1", "meta": {"security": [)" + std::string(security) + "]},"));

    EXPECT_NE(notice.person.protection, Protection::None) << security;
    EXPECT_TRUE(notice.person.addresses.empty());
  }
}

TEST(Notice, SaysInWordsWhatItsOnlyCommunicationSays) {
  const std::string end = R"("telecom": [{"system": "email", "value": "x@example.se"}, {"system": "phone", "value": "010-1"}]}}
)";
  const std::string said =
      R"(, {"fullUrl": "urn:uuid:c1", "resource": {"resourceType": "Communication", "id": "c1", "status": "completed", "payload": [{"contentString": "Trygghetslarm"}]}})";
  const Notice one = *read(replaced(end, end + said));
  ASSERT_EQ(one.payloads.size(), 1u);
  EXPECT_EQ(one.payloads[0].text, "Trygghetslarm");

  const Result<Notice> two = read(replaced(end, end + said + said));
  ASSERT_FALSE(two);
  EXPECT_EQ(two.failure().says, "A notice has at most one Communication.");
  const std::string consent = R"(, {"fullUrl": "urn:uuid:d1", "resource": {"resourceType": "Consent", "id": "d1"}})";
  EXPECT_EQ(read(replaced(end, end + consent + consent)).failure().says, "A notice has at most one Consent.");
}

TEST(Notice, NamesAsManyReceiversAsItMay) {
  const std::string one = R"({"endpoint": "urn:x", "receiver": {"reference": "urn:uuid:o2"}})";
  const std::string two = one + R"(, {"endpoint": "urn:x", "receiver": {"reference": "Organization/o2"}})";
  const auto naming = [&](std::size_t receivers) {
    std::string all = one;
    for (std::size_t at = 1; at < receivers; ++at) all += ", " + one;
    return read(replaced(two, all));
  };

  EXPECT_TRUE(naming(limits::receivers_per_notice_max));
  Result<Notice> over = naming(limits::receivers_per_notice_max + 1);
  ASSERT_FALSE(over);
  EXPECT_EQ(over.failure().cause, Cause::TooLarge);
  EXPECT_EQ(over.failure().says, "The notice names too many receivers.");
}

}  // namespace
}  // namespace vardbron::care
