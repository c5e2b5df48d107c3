#include "gateway/care/chain/consents.h"
#include "gateway/care/chain/read_consent.h"
#include "json_text.h"
#include "tests/care/story.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

// Concern: what the patient decided is read, kept by scope, and read by those it was sent to.
namespace vardbron::care {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using Decision = Consent::Decision;

std::string scope_coding(std::string_view code, std::string_view system = consent_scope_system) {
  return R"({"coding": [{"system": ")" + std::string(system) + R"(", "code": ")" + std::string(code) + R"("}]})";
}

Result<Notice> decided(const std::string& members) {
  Notice notice;
  const tree::Document consent = from_json(R"({"resourceType": "Consent", )" + members + "}");
  Result<void> read = read_consent(tree::root(consent), "Bundle.entry[5].resource", notice);
  if (!read) return std::move(read).failure();
  return notice;
}

TEST(Consent, IsReadWithItsScopesAndBasis) {
  const Notice notice = *decided(
      R"("status": "rejected", "dateTime": "2026-03-10T12:50:00+01:00", "performer": [{"display": "God man"}], "category": [)" +
      scope_coding("sip") + "," + scope_coding("utlamnande") + "," + scope_coding("sip") + R"(], "policyRule": )" +
      scope_coding("menprovning", consent_basis_system));

  ASSERT_TRUE(notice.consent);
  EXPECT_EQ(*notice.consent, (Consent{Decision::Refused, true, {"sip", "utlamnande"}, "God man", "2026-03-10T12:50:00+01:00"}));
  EXPECT_TRUE(notice.doubts.empty());
}

TEST(Consent, HasEveryDecision) {
  for (Decision decision : {Decision::Given, Decision::Refused, Decision::Withdrawn}) {
    const Notice notice =
        *decided(R"("status": ")" + std::string(status_of(decision)) + R"(", "category": [)" + scope_coding("sip") + "]");
    EXPECT_EQ(notice.consent->decision, decision);
    EXPECT_FALSE(notice.consent->is_menprovning);
    EXPECT_EQ(notice.consent->at, "");
  }
}

TEST(Consent, ThatSaysNothingIsRefusedWithItsPlace) {
  struct Row {
    std::string members;
    std::string_view where;
  };
  for (const Row& row :
       {Row{R"("status": "draft", "category": [)" + scope_coding("sip") + "]", ".status"},
        Row{R"("category": [)" + scope_coding("sip") + "]", ".status"}, Row{R"("status": "active")", ".category"},
        Row{R"("status": "active", "category": [)" + scope_coding("allt") + "]", ".category"},
        Row{R"("status": "active", "category": [)" + scope_coding("sip", "urn:other") + "]", ".category"},
        Row{R"("status": "active", "dateTime": "soon", "category": [)" + scope_coding("sip") + "]", ".dateTime"}}) {
    const Result<Notice> notice = decided(row.members);
    ASSERT_FALSE(notice) << row.members;
    EXPECT_EQ(notice.failure().where, "Bundle.entry[5].resource" + std::string(row.where));
  }
}

TEST(Consent, SaysWhatOfItIsNotTakenOver) {
  const Notice notice = *decided(R"("status": "active", "category": [)" + scope_coding("sip") + "," + scope_coding("allt") +
                                 R"(], "policyRule": )" + scope_coding("lag", consent_basis_system));
  EXPECT_EQ(notice.consent->scopes, std::vector<std::string>{"sip"});
  ASSERT_EQ(notice.doubts.size(), 2u);
  EXPECT_THAT(notice.doubts[0].says, HasSubstr("samtycke-omfattning"));
  EXPECT_THAT(notice.doubts[1].says, HasSubstr("samtycke-grund"));
}

/// A notice of consent, by the health centre to the ward and home care.
Notice& decide(Story& story, std::string_view when, Decision decision, std::vector<std::string> scopes) {
  Notice& notice = from(story.add(Event::Consent, when), clinic(), {hospital(), nursing()});
  notice.consent = Consent{decision, false, std::move(scopes), "Patienten", ""};
  return notice;
}

std::string of_scope(const Projection& now, std::string_view scope) {
  const Projected* found = find_resource(now, "Consent", "code=" + std::string(scope));
  return found ? to_text(found->document) : "";
}

TEST(Consent, IsOneResourceForEachScopeWithTheNewestDecision) {
  Story story;
  story.add(Event::Admission, "2025-03-10T09:00:00Z");
  decide(story, "2025-03-11T09:00:00Z", Decision::Given, {"sip", "utlamnande"});
  decide(story, "2025-03-12T09:00:00Z", Decision::Withdrawn, {"utlamnande"});

  const Projection now = story.project();
  EXPECT_THAT(of_scope(now, "sip"), AllOf(HasSubstr("status=active"), HasSubstr("type=permit"), HasSubstr("display=Patienten"),
                                          HasSubstr("dateTime=2025-03-11T10:00:00+01:00")));
  EXPECT_THAT(of_scope(now, "utlamnande"), AllOf(HasSubstr("status=inactive"), HasSubstr("type=deny")));
  EXPECT_THAT(of_scope(now, "arbetsgivare"), "");
}

TEST(Consent, IsReadByItsSenderAndThoseItWasSentTo) {
  Story story;
  story.add(Event::Admission, "2025-03-10T09:00:00Z");
  Notice& notice = decide(story, "2025-03-11T09:00:00Z", Decision::Refused, {"sip"});
  const Projection now = story.project();
  const Projected* consent = find_resource(now, "Consent");

  EXPECT_EQ(consent->parties, (std::vector<std::string>{nursing().id, hospital().id, clinic().id}));
  EXPECT_EQ(communication_status(now, notice, social()), "none") << "it was not for the social services";
  const Projected* communication = find_resource(now, "Communication", "about[]{reference=Consent/" + consent->id);
  EXPECT_NE(communication, nullptr) << "the notice leads to it";
}

TEST(Consent, BeforeTheAdmissionNoticeIsKeptAndCounts) {
  Story story;
  story.add(Event::AdmissionLocal, "2025-03-10T08:00:00Z");
  Notice& early = story.add(Event::Consent, "2025-03-10T09:00:00Z");
  early.consent = Consent{Decision::Given, false, {"utlamnande"}, "", ""};
  EXPECT_TRUE(has_finding(story.project(), notified_nobody));

  story.add(Event::Admission, "2025-03-10T10:00:00Z");
  const Projection now = story.project();
  EXPECT_THAT(of_scope(now, "utlamnande"), HasSubstr("status=active"));
  EXPECT_EQ(find_resource(now, "Consent")->parties, std::vector<std::string>{hospital().id});
  EXPECT_EQ(communication_status(now, early, nursing()), "not-done");
}

// A resource that was there stays, without what it said.
TEST(Consent, ThatWasCancelledOrIsOfACancelledCaseIsEnteredInError) {
  Story story;
  story.add(Event::Admission, "2025-03-10T09:00:00Z");
  Notice& notice = decide(story, "2025-03-11T09:00:00Z", Decision::Given, {"sip"});
  const Notice kept = notice;
  story.cancel(kept, "2025-03-11T10:00:00Z").sender = clinic();
  EXPECT_THAT(of_scope(story.project(), "sip"), AllOf(HasSubstr("entered-in-error"), Not(HasSubstr("Patienten"))));

  Story other;
  Notice& first = other.add(Event::Admission, "2025-03-10T09:00:00Z");
  decide(other, "2025-03-11T09:00:00Z", Decision::Given, {"sip"});
  other.cancel(first, "2025-03-12T09:00:00Z");
  EXPECT_THAT(of_scope(other.project(), "sip"), AllOf(HasSubstr("entered-in-error"), Not(HasSubstr("Patienten"))));
}

TEST(Consent, OfAProtectedPersonNamesNoPlaceAndNobody) {
  Story story;
  story.add(Event::Admission, "2025-03-10T09:00:00Z");
  Notice& notice = decide(story, "2025-03-11T09:00:00Z", Decision::Given, {"sip"});
  EXPECT_THAT(of_scope(story.project(), "sip"), AllOf(HasSubstr("organization"), HasSubstr("Patienten")));
  notice.person.protection = Protection::Sekretessmarkering;
  EXPECT_THAT(of_scope(story.project(), "sip"),
              AllOf(HasSubstr("status=active"), Not(HasSubstr("organization")), Not(HasSubstr("Patienten"))));
}

TEST(Consent, OfAStrangerIsWithheld) {
  Story story;
  story.add(Event::Admission, "2025-03-10T09:00:00Z");
  Notice& notice = decide(story, "2025-03-11T09:00:00Z", Decision::Given, {"sip"});
  notice.sender = far_social();
  EXPECT_EQ(link_status_of(story.project(), notice), LinkStatus::Withheld);
  EXPECT_THAT(of_scope(story.project(), "sip"), HasSubstr("entered-in-error"));
}

}  // namespace
}  // namespace vardbron::care
