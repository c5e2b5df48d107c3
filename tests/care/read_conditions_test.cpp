#include "gateway/care/chain/read_conditions.h"
#include "gateway/care/chain/read_person.h"
#include "json_text.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace vardbron::care {
namespace {

constexpr std::string_view urls = "https://vardbron.example/fhir/StructureDefinition/";

std::string extension(std::string_view name, std::string_view value) {
  return R"({"url": ")" + std::string(urls) + std::string(name) + R"(", )" + std::string(value) + "}";
}

Result<Notice> read(const std::string& extensions, std::string_view rest = "") {
  Notice notice;
  const tree::Document encounter =
      from_json(R"({"resourceType": "Encounter", "extension": [)" + extensions + "]" + std::string(rest) + "}");
  Result<void> read = read_conditions(tree::root(encounter), "Bundle.entry[2].resource", notice);
  if (!read) return std::move(read).failure();
  return notice;
}

TEST(Conditions, AreNotThereWhenTheNoticeSaysNothing) {
  const Notice notice = *read(extension("utskrivningsklar", R"("valueDateTime": "2026-03-12T10:00:00+01:00")"));
  EXPECT_FALSE(notice.sip_is_due);
  EXPECT_FALSE(notice.need_assessed);
  EXPECT_TRUE(notice.obstacles.empty());
  EXPECT_EQ(notice.stay.care_kind, CareKind::Unknown);
}

TEST(Conditions, AreReadFromTheEncounter) {
  EXPECT_EQ(read(extension("sip-ska-genomforas", R"("valueBoolean": true)"))->sip_is_due, true);
  EXPECT_EQ(read(extension("sip-ska-genomforas", R"("valueBoolean": false)"))->sip_is_due, false);

  const Notice assessed = *read(extension("behov-bedomt", R"("valueDateTime": "2026-03-12T10:00:00+01:00")"));
  ASSERT_TRUE(assessed.need_assessed);
  EXPECT_EQ(assessed.need_assessed->text, "2026-03-12T10:00:00+01:00");

  const Notice hindered = *read(extension("hinder-oppenvard", R"("valuePeriod": {"start": "2026-03-14", "end": "2026-03-16"})") +
                                ", " + extension("hinder-oppenvard", R"("valuePeriod": {"start": "2026-03-18T08:00:00+01:00"})"));
  ASSERT_EQ(hindered.obstacles.size(), 2u);
  EXPECT_EQ(hindered.obstacles[0].from.text, "2026-03-14");
  EXPECT_EQ(hindered.obstacles[0].until->text, "2026-03-16");
  EXPECT_FALSE(hindered.obstacles[1].until);
}

TEST(Conditions, TellTheKindOfCare) {
  const std::string system = "https://vardbron.example/fhir/CodeSystem/vardform";
  const auto kind = [&](const std::string& coding_system, std::string_view code) {
    return read(extension("other", R"("valueCode": "x")"), R"(, "serviceType": {"coding": [{"system": ")" + coding_system +
                                                               R"(", "code": ")" + std::string(code) + R"("}]})")
        ->stay.care_kind;
  };
  EXPECT_EQ(kind(system, "psykiatrisk"), CareKind::Psykiatrisk);
  EXPECT_EQ(kind(system, "somatisk"), CareKind::Somatisk);
  EXPECT_EQ(kind(system, "other"), CareKind::Unknown);
  EXPECT_EQ(kind("urn:other", "psykiatrisk"), CareKind::Unknown);
}

TEST(Conditions, ThatCannotBeReadAreNamed) {
  struct Row {
    std::string_view name, value, where;
  };
  for (const Row& row :
       {Row{"sip-ska-genomforas", R"("valueBoolean": "perhaps")", "valueBoolean"},
        Row{"behov-bedomt", R"("valueDateTime": "soon")", "valueDateTime"},
        Row{"behov-bedomt", R"("valueDateTime": "2026-03")", "valueDateTime"},
        Row{"hinder-oppenvard", R"("valuePeriod": {"end": "2026-03-16"})", "valuePeriod.start"},
        Row{"hinder-oppenvard", R"("valuePeriod": {"start": "2026-03-14", "end": "later"})", "valuePeriod.end"},
        Row{"hinder-oppenvard", R"("valuePeriod": {"start": "2026-03-14", "end": "2026-03-13"})", "valuePeriod"}}) {
    const Result<Notice> notice = read(extension(row.name, row.value));
    ASSERT_FALSE(notice) << row.value;
    EXPECT_EQ(notice.failure().where,
              "Bundle.entry[2].resource.extension('" + std::string(row.name) + "')." + std::string(row.where));
  }
}

TEST(PlacingMunicipality, IsReadFromThePatientAndTheOneOfRegistrationUnlessTheIdentityIsProtected) {
  const auto person = [](std::string_view meta) {
    const tree::Document patient = from_json(
        R"({"resourceType": "Patient", )" + std::string(meta) + R"("extension": [)" +
        extension("placerande-kommun", R"("valueCode": " 0881 ")") + ", " + extension("kommun", R"("valueCode": "0880")") +
        R"(], "identifier": [{"system": "urn:oid:1.2.752.129.2.1.3.1", "value": "19500907-2553"}]})");
    std::vector<Doubt> doubts;
    return *read_person(tree::root(patient), "Patient", std::chrono::year(2026) / 3 / 10, doubts);
  };
  EXPECT_EQ(person("").placing_kommun, "0881");
  EXPECT_EQ(person("").kommun, "0880");
  EXPECT_EQ(person(R"("meta": {"security": [{"code": "sekretessmarkering"}]}, )").placing_kommun, "0881");
  EXPECT_EQ(person(R"("meta": {"security": [{"code": "sekretessmarkering"}]}, )").kommun, "");
}

}  // namespace
}  // namespace vardbron::care
