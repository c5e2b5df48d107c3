#pragma once

#include "tests/store/contract.h"

#include <string>
#include <vector>

namespace vardbron::store {

/// What every store keeps of the messages as they came, and who finds them.
template <class House>
class JournalContract : public StoreContract<House> {};

TYPED_TEST_SUITE_P(JournalContract);

TYPED_TEST_P(JournalContract, JournalsNowAndSettlesTheOutcomeLater) {
  Result<JournalEntry> entry = this->house.run(this->house.store().journal(a_message("m1")));
  ASSERT_TRUE(entry.ok());
  EXPECT_EQ(entry->outcome, Outcome::Pending);
  EXPECT_THAT(*this->house.run(this->house.store().journal_entries(Outcome::Pending, 0, 10)), SizeIs(1));

  Change change = a_change("m1");
  change.journal.reset();
  change.journal_number = entry->number;
  Committed committed = this->must_commit(change);

  EXPECT_EQ(committed.journal_id, entry->id);
  EXPECT_THAT(*this->house.run(this->house.store().journal_entries(Outcome::Pending, 0, 10)), IsEmpty());
  EXPECT_EQ(this->house.run(this->house.store().journal_entry(1))->outcome, Outcome::Stored);
  EXPECT_EQ(this->house.run(this->house.store().load_case("case-1"))->links.at(0).journal_number, 1);
}

TYPED_TEST_P(JournalContract, FindsAnEntryByItsIdForItsSenderAlone) {
  const std::string never_given = "0195c3f2-7c1e-7a44-9d0b-3f6a51c0e812";
  std::vector<JournalEntry> entries;
  for (int number = 0; number < 30; ++number) {
    RawMessage message = a_message("m" + std::to_string(number), "<notice number='" + std::to_string(number) + "'/>");
    if (number % 3 == 0) message.sender = municipality;
    entries.push_back(*this->house.run(this->house.store().journal(std::move(message))));
  }
  const auto find = [&](const std::string& sender, const std::string& id) {
    return this->house.run(this->house.store().journal_entry(sender, id));
  };
  for (int opened = 0; opened < 2; ++opened) {
    const Result<JournalEntry> none = find(hospital, never_given);
    ASSERT_EQ(this->cause(none), Cause::NotFound);
    for (const JournalEntry& entry : entries) {
      const std::string& other = entry.message.sender == hospital ? municipality : hospital;
      const Result<JournalEntry> own = find(entry.message.sender, entry.id);
      ASSERT_TRUE(own.ok()) << entry.number;
      EXPECT_EQ(own->number, entry.number);
      EXPECT_EQ(own->message.body, entry.message.body);
      for (const Result<JournalEntry>& nothing : {find(other, entry.id), find("", entry.id), find(entry.message.sender, ""),
                                                  find(entry.message.sender, std::to_string(entry.number))}) {
        ASSERT_EQ(this->cause(nothing), Cause::NotFound) << entry.number;
        EXPECT_EQ(nothing.failure().says, none.failure().says);
      }
    }
    this->house.reopen();
  }
}

TYPED_TEST_P(JournalContract, ListsTheQuarantineInOrder) {
  for (int number = 1; number <= 5; ++number) {
    Change change;
    change.journal = a_message("m" + std::to_string(number));
    change.outcome = number % 2 == 1 ? Outcome::Quarantined : Outcome::Stored;
    this->must_commit(change);
  }
  auto listed = [&](std::int64_t after, std::size_t count) {
    std::vector<std::int64_t> numbers;
    Result<std::vector<JournalEntry>> entries =
        this->house.run(this->house.store().journal_entries(Outcome::Quarantined, after, count));
    for (const JournalEntry& entry : *entries) numbers.push_back(entry.number);
    return numbers;
  };
  EXPECT_THAT(listed(0, 10), ElementsAre(1, 3, 5));
  EXPECT_THAT(listed(1, 1), ElementsAre(3));
  EXPECT_THAT(listed(5, 10), IsEmpty());
}

TYPED_TEST_P(JournalContract, NoticesAFlippedByteInTheJournal) {
  std::string body(3000, 'x');
  for (int number = 0; number < 5; ++number) {
    Change change;
    change.journal = a_message("m" + std::to_string(number), body + std::to_string(number));
    this->must_commit(change);
  }
  EXPECT_EQ(*this->house.run(this->house.store().verify_journal()), 5);

  this->house.flip_journal_byte(3);

  Result<std::int64_t> verified = this->house.run(this->house.store().verify_journal());
  ASSERT_FALSE(verified.ok());
  EXPECT_EQ(verified.failure().cause, Cause::Broken);
  EXPECT_THAT(verified.failure().says, HasSubstr("3"));
  Result<VerifyReport> report = this->house.run(this->house.store().verify());
  ASSERT_TRUE(report.ok());
  ASSERT_GE(report->findings_count, 1);
  EXPECT_EQ(report->findings.at(0).table, "journal");
  EXPECT_EQ(report->findings.at(0).number, 3);
}

REGISTER_TYPED_TEST_SUITE_P(JournalContract, JournalsNowAndSettlesTheOutcomeLater, FindsAnEntryByItsIdForItsSenderAlone,
                            ListsTheQuarantineInOrder, NoticesAFlippedByteInTheJournal);

}  // namespace vardbron::store
