#include "tests/care/story.h"

#include <gtest/gtest.h>

// Concern: a notice that says that something was done, and does not say what, completes no Task.

namespace vardbron::care {
namespace {

using enum CaseTaskKind;

TEST(Receipt, CompletesTheTaskOfTheAdmissionNoticeOnly) {
  struct Row {
    const char* name;
    bool of_admission, of_discharge_ready, acknowledges;
    const char* status;
    bool is_unknown;
  };
  for (const Row& row : {Row{"of the admission", true, false, true, "completed", false},
                         Row{"of another notice", false, true, true, "requested", false},
                         Row{"of a notice that is not there", false, false, true, "requested", true},
                         Row{"a refusal of the admission", true, false, false, "rejected", false},
                         Row{"a refusal of another notice", false, true, false, "requested", false},
                         Row{"a refusal of a notice that is not there", false, false, false, "rejected", true}}) {
    SCOPED_TRACE(row.name);
    Story story;
    Notice& admission = story.add(Event::Admission, "2025-03-20T10:00:00+01:00");
    Notice& ready = story.add(Event::DischargeReady, "2025-03-20T10:10:00+01:00");
    Notice absent = admission;
    absent.identity.value = "never sent";
    Notice& receipt = story.receipt(row.of_admission         ? admission
                                    : row.of_discharge_ready ? ready
                                                             : absent,
                                    social(), "2025-03-20T10:30:00+01:00");
    receipt.acknowledges_ok = row.acknowledges;
    const Projection now = story.project("2025-03-20T12:00:00Z");
    EXPECT_EQ(status_of(now, KvitteraInskrivning, social()), row.status);
    EXPECT_EQ(has_finding(now, "receipt-of-unknown-notice"), row.is_unknown);
  }
}

}  // namespace
}  // namespace vardbron::care
