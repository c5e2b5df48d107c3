#include "gateway/subscription/visibility.h"

#include "tests/subscription/stage.h"

#include <gtest/gtest.h>

namespace vardbron::subscription {
namespace {

store::Event event_of(std::int64_t number, const std::string& focus, std::vector<std::string> context = {}) {
  store::Event event;
  event.subscription = "s";
  event.number = number;
  event.focus = "Encounter/" + focus;
  event.context = std::move(context);
  return event;
}

/// A store in which huddinge left the case of "left", "damaged" cannot be read back, and "never" was never stored.
class Visibility : public testing::Test {
 protected:
  Visibility() {
    stage_.happen({nacka, huddinge}, "admission", "left");
    for (const char* focus : {"here", "damaged"}) stage_.happen({nacka, huddinge}, "admission", focus);
    stage_.change_parties("left", {nacka});
    stage_.store.tables().damage_resource("Encounter", "damaged");
  }
  Result<std::vector<ShownEvent>> seen_by(const std::string& organisation, std::vector<store::Event> events, Content content) {
    store::Reader reader{organisation, false};
    return stage_.world.complete(redact_first(stage_.store, std::move(reader), std::move(events), content));
  }
  Stage stage_;
};

TEST_F(Visibility, EachResourceIsAsTheSubscriberMaySeeItNow) {
  struct Row {
    std::string organisation, focus;
    Shown::As as;
  };
  const Row rows[] = {
      {nacka, "here", Shown::As::Here},        {nacka, "left", Shown::As::Here},      {huddinge, "here", Shown::As::Here},
      {huddinge, "left", Shown::As::Withheld}, {nacka, "never", Shown::As::Withheld}, {nacka, "damaged", Shown::As::Unreadable},
  };
  for (const Row& row : rows) {
    for (const Content content : {Content::Empty, Content::IdOnly, Content::FullResource}) {
      Result<std::vector<ShownEvent>> seen = seen_by(row.organisation, {event_of(1, row.focus)}, content);
      ASSERT_TRUE(seen);
      ASSERT_EQ(seen->size(), 1u);
      EXPECT_EQ(seen->front().focus.as, row.as) << row.organisation << ' ' << row.focus;
      const bool has_body = row.as == Shown::As::Here && content == Content::FullResource;
      EXPECT_EQ(!seen->front().focus.resource.body.empty(), has_body) << row.focus;
    }
  }
}

// Concern: trouble of the store is tried again, one resource that cannot be read back is not: the two must not be taken for
// each other.
TEST_F(Visibility, AResourceThatCannotBeReadBackIsFoundWhereverItIsNamedAndFailsNothing) {
  struct Row {
    std::vector<store::Event> events;
    Content content;
    std::string found;
  };
  const std::string damaged = "Encounter/damaged";
  const Row rows[] = {
      {{event_of(1, "here"), event_of(2, "here")}, Content::FullResource, ""},
      {{event_of(1, "here"), event_of(2, "damaged")}, Content::FullResource, damaged},
      {{event_of(1, "here"), event_of(2, "damaged")}, Content::Empty, damaged},
      {{event_of(1, "here", {damaged})}, Content::IdOnly, damaged},
      {{event_of(1, "here", {damaged})}, Content::Empty, ""},    // its context is not looked at
      {{event_of(1, "never", {damaged})}, Content::IdOnly, ""},  // what is withheld has no context
  };
  for (const Row& row : rows) {
    Result<std::vector<ShownEvent>> seen = seen_by(nacka, row.events, row.content);
    ASSERT_TRUE(seen);
    const Shown* found = first_unreadable(*seen);
    EXPECT_EQ(found == nullptr ? "" : found->reference, row.found);
  }
}

TEST_F(Visibility, FailsWithTheStoreWhenNothingCanBeRead) {
  for (const Cause cause : {Cause::Busy, Cause::Broken}) {
    stage_.store.fail_read(1, cause);
    Result<std::vector<ShownEvent>> seen = seen_by(nacka, {event_of(1, "here")}, Content::IdOnly);
    ASSERT_FALSE(seen);
    EXPECT_EQ(seen.failure().cause, cause);
  }
}

// What one is shown of an event does not depend on the events beside it, however often they refer to the same resource.
TEST_F(Visibility, EventsThatAreReadTogetherAreShownAsEachAlone) {
  constexpr const char* focuses[] = {"here", "left", "damaged", "never"};
  SeededRandom random(3);
  const auto reference = [&] { return std::string(focuses[random.below(std::size(focuses))]); };
  const auto text_of = [](const Shown& shown) {
    return shown.reference + " " + std::to_string(static_cast<int>(shown.as)) + " " + std::to_string(shown.resource.version) +
           " " + shown.resource.body;
  };
  for (int round = 0; round < 150; ++round) {
    std::vector<store::Event> events;
    for (std::int64_t number = 1; number <= 6; ++number) {
      std::vector<std::string> context;
      for (std::uint64_t left = random.below(4); left > 0; --left) context.push_back("Encounter/" + reference());
      if (random.below(8) == 0) context.push_back("no reference");
      events.push_back(event_of(number, reference(), std::move(context)));
    }
    const std::string organisation = random.below(2) == 0 ? nacka : huddinge;
    for (const Content content : {Content::Empty, Content::IdOnly, Content::FullResource}) {
      Result<std::vector<ShownEvent>> together = seen_by(organisation, events, content);
      ASSERT_TRUE(together && together->size() == events.size());
      for (std::size_t at = 0; at < events.size(); ++at) {
        Result<std::vector<ShownEvent>> alone = seen_by(organisation, {events[at]}, content);
        ASSERT_TRUE(alone);
        EXPECT_EQ(text_of((*together)[at].focus), text_of(alone->front().focus));
        ASSERT_EQ((*together)[at].context.size(), alone->front().context.size());
        for (std::size_t of = 0; of < alone->front().context.size(); ++of)
          EXPECT_EQ(text_of((*together)[at].context[of]), text_of(alone->front().context[of]));
      }
    }
  }
}

TEST_F(Visibility, TheAccessLogSaysOfEachEventWhetherItWasShown) {
  const std::vector<store::Event> events = {event_of(7, "here"), event_of(8, "left")};
  Result<std::vector<ShownEvent>> seen = seen_by(huddinge, events, Content::IdOnly);
  ASSERT_TRUE(seen);

  const std::vector<store::AuditRow> rows = audit_of(huddinge, events, *seen);

  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].action, "deliver");
  EXPECT_EQ(rows[0].subject, "Encounter/here");
  EXPECT_EQ(rows[0].says, "Subscription/s event 7");
  EXPECT_EQ(rows[1].action, "withhold");
  EXPECT_EQ(rows[1].caller, huddinge);
}

}  // namespace
}  // namespace vardbron::subscription
