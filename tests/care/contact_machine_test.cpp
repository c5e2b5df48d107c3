#include "tests/care/story.h"

#include <gtest/gtest.h>

// Concern: a notice that says that something was done, and does not say what, completes no Task.

namespace vardbron::care {
namespace {

using enum CaseTaskKind;

TEST(FastVardkontaktNotice, ThatNamesNobodyAppointsNobody) {
  for (const char* phone : {"", "+46 70 000 00 01"}) {
    SCOPED_TRACE(phone);
    Story story;
    story.add(Event::Admission, "2025-03-20T10:00:00+01:00");
    Notice& contact = from(story.add(Event::FastVardkontakt, "2025-03-20T11:00:00+01:00"), clinic(), {nursing()});
    contact.contact = Contact{"", phone, "1", {}, {}, {}};
    const Projection now = story.project("2025-03-20T12:00:00Z");
    const bool names_somebody = *phone != 0;
    EXPECT_EQ(has_finding(now, "contact-names-nobody"), !names_somebody);
    EXPECT_EQ(status_of(now, UtseFastVardkontakt, clinic()), names_somebody ? "completed" : "requested");
  }
}

}  // namespace
}  // namespace vardbron::care
