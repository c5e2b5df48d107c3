#include "gateway/store/chain.h"

#include "tests/store/builders.h"

#include <gtest/gtest.h>

#include <functional>
#include <set>

namespace vardbron::store {
namespace {

TEST(Chain, ChangesWithEveryFieldOfAJournalEntry) {
  JournalEntry entry;
  entry.number = 1;
  entry.id = "id";
  entry.message = a_message("m1");
  Sha256 first{}, body = sha256("body");
  std::set<std::string> links = {to_hex(chain_link(first, entry, body))};
  using Edit = std::function<void(JournalEntry&)>;
  std::vector<Edit> edits = {[](JournalEntry& e) { e.number = 2; },
                             [](JournalEntry& e) { e.id += "x"; },
                             [](JournalEntry& e) { e.message.channel += "x"; },
                             [](JournalEntry& e) { e.message.sender += "x"; },
                             [](JournalEntry& e) { e.message.content_type += "x"; },
                             [](JournalEntry& e) { e.message.identity += "x"; },
                             [](JournalEntry& e) { e.message.received += std::chrono::milliseconds(1); }};
  for (const Edit& edit : edits) {
    JournalEntry changed = entry;
    edit(changed);
    EXPECT_TRUE(links.insert(to_hex(chain_link(first, changed, body))).second);
  }
  EXPECT_TRUE(links.insert(to_hex(chain_link(first, entry, sha256("other")))).second);
  EXPECT_TRUE(links.insert(to_hex(chain_link(body, entry, body))).second);
}

TEST(Chain, DoesNotChangeWithTheOutcome) {
  JournalEntry entry;
  entry.message = a_message("m1");
  JournalEntry settled = entry;
  settled.outcome = Outcome::Stored;
  settled.receipt = "{}";
  EXPECT_EQ(chain_link({}, entry, {}), chain_link({}, settled, {}));
}

TEST(Chain, TellsTextsThatRunIntoEachOtherApart) {
  AuditRow left, right;
  left.action = "ab";
  left.caller = "c";
  right.action = "a";
  right.caller = "bc";
  EXPECT_NE(chain_link({}, left), chain_link({}, right));
}

TEST(Chain, ChangesWithEveryFieldOfAnAuditRow) {
  AuditRow row = an_audit_row("read");
  std::set<std::string> links = {to_hex(chain_link({}, row))};
  for (std::string AuditRow::*field :
       {&AuditRow::action, &AuditRow::caller, &AuditRow::subject, &AuditRow::case_key, &AuditRow::says}) {
    AuditRow changed = row;
    changed.*field += "x";
    EXPECT_TRUE(links.insert(to_hex(chain_link({}, changed))).second);
  }
  AuditRow later = row;
  later.at += std::chrono::milliseconds(1);
  EXPECT_TRUE(links.insert(to_hex(chain_link({}, later))).second);
}

}  // namespace
}  // namespace vardbron::store
