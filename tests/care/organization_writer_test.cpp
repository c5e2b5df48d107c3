#include "gateway/base/random.h"
#include "gateway/care/arende/organization_writer.h"
#include "gateway/fhir/check.h"
#include "tests/care/story.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace vardbron::care {
namespace {

using testing::HasSubstr;
using testing::Not;

const OrganizationWord* word_of(const Projection& projection, const Party& party) {
  for (const OrganizationWord& each : projection.organizations)
    if (each.identifier == party.identifier) return &each;
  return nullptr;
}

OrganizationWord word(std::string name, bool is_own, std::string_view said) {
  OrganizationWord made{organization_id(clinic().identifier), clinic().identifier, std::move(name), "", 0, is_own, {}};
  if (is_own) made.said = {moment(said), std::string(said)};
  return made;
}

TEST(Organizations, AreOfThoseWhoKnowOfTheCaseWhateverItsNumber) {
  Story story, other;
  story.add(Event::Admission, "2025-03-20T10:00:00+01:00");
  other.add(Event::Admission, "2025-03-20T10:00:00+01:00").case_key = "urn:x|other";
  for (const Party& party : {hospital(), clinic(), social(), nursing()}) {
    ASSERT_TRUE(word_of(story.project(), party)) << party.name;
    EXPECT_EQ(word_of(story.project(), party)->id, word_of(other.project(), party)->id) << party.name;
  }
  EXPECT_EQ(word_of(story.project(), far_social()), nullptr);
}

TEST(Organizations, AnOrganisationsOwnWordComesBeforeThatOfOthers) {
  Story story;
  Notice& admission = story.add(Event::Admission, "2025-03-20T10:00:00+01:00");
  for (Party& party : admission.receivers)
    if (party.id == clinic().id) party.name = "Vårdcentral enligt sjukhuset";
  EXPECT_EQ(word_of(story.project(), clinic())->name, "Vårdcentral enligt sjukhuset");
  EXPECT_FALSE(word_of(story.project(), clinic())->is_own);
  EXPECT_TRUE(word_of(story.project(), hospital())->is_own);

  Notice& receipt = story.receipt(admission, clinic(), "2025-03-20T11:00:00+01:00");
  receipt.sender.name = "Vårdcentralen Linden";
  receipt.sender.phone = "010-000 00 00";
  Notice& later = story.add(Event::Planning, "2025-03-20T12:00:00+01:00");
  for (Party& party : later.receivers)
    if (party.id == clinic().id) party.name = "Ett annat namn";
  const Projection now = story.project();
  EXPECT_EQ(word_of(now, clinic())->name, "Vårdcentralen Linden");
  EXPECT_EQ(word_of(now, clinic())->phone, "010-000 00 00");
  EXPECT_EQ(word_of(now, clinic())->said.at, moment("2025-03-20T11:00:00+01:00"));
}

TEST(Organizations, ASendersWordCountsOnlyWhereItsNoticeDoes) {
  Story story;
  story.add(Event::Admission, "2025-03-20T10:00:00+01:00");
  Notice& wrong = from(story.add(Event::Planning, "2025-03-20T12:00:00+01:00"), far_social(), {hospital()});
  wrong.sender.name = "Den som inte har med saken att göra";
  EXPECT_EQ(word_of(story.project(), far_social()), nullptr) << "it is no party";
}

TEST(Organizations, AreReadAsTheyWereWritten) {
  Story story;
  story.receipt(story.add(Event::Admission, "2025-03-20T10:00:00+01:00"), nursing(), "2025-03-20T11:00:00+01:00");
  for (const OrganizationWord& each : story.project().organizations) {
    const Projected written = organization(each, r4().names());
    EXPECT_EQ(written.parties, std::vector<std::string>{"*"});
    const std::optional<OrganizationWord> read = read_organization(written.document);
    ASSERT_TRUE(read);
    EXPECT_EQ(to_text(organization(*read, r4().names()).document), to_text(written.document));
    EXPECT_EQ(read->said.at, each.said.at);
    EXPECT_TRUE(fhir::check(written.document, r4()).empty());
  }
  tree::Document another(r4().names());
  EXPECT_FALSE(read_organization(another));
}

TEST(Organizations, ANewerOwnWordReplacesAndNothingElseDoes) {
  struct Row {
    OrganizationWord known, newer;
    bool replaces;
  };
  const std::string early = "2025-03-20T10:00:00+01:00", late = "2025-03-20T11:00:00+01:00";
  for (const Row& row :
       {Row{word("A", false, ""), word("B", false, ""), false}, Row{word("A", false, ""), word("A", true, early), true},
        Row{word("A", true, early), word("B", false, ""), false}, Row{word("A", true, early), word("B", true, late), true},
        Row{word("A", true, late), word("B", true, early), false}, Row{word("A", true, early), word("A", true, late), false}}) {
    EXPECT_EQ(replaces(row.known, row.newer), row.replaces)
        << row.known.name << row.known.is_own << row.newer.name << row.newer.is_own;
  }
}

// As many as a long case has: one pass over its notices, whatever their number.
TEST(Organizations, OwnWordsThatDifferEndWithTheNewestInAnyOrder) {
  SeededRandom random(12);
  std::vector<OrganizationWord> words;
  for (int minute = 10; minute < 30; ++minute)
    words.push_back(word("Namn " + std::to_string(minute), true, "2025-03-20T10:" + std::to_string(minute) + ":00+01:00"));
  for (int round = 0; round < 20; ++round) {
    for (std::size_t left = words.size(); left > 1; --left) std::swap(words[left - 1], words[random.next() % left]);
    OrganizationWord known = word("Enligt andra", false, "");
    for (const OrganizationWord& each : words)
      if (replaces(known, each)) known = each;
    EXPECT_EQ(known.name, "Namn 29");
  }
}

}  // namespace
}  // namespace vardbron::care
