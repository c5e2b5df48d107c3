#include "gateway/clients/notification_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

// Concern: what the demonstration's municipal system makes of the notifications that reach it, without a gateway to ask.
namespace vardbron::clients {
namespace {

using testing::HasSubstr;
using testing::Not;

/// A notification as gateway/subscription writes it: the status first, with these event numbers.
std::string notification(const std::string& type, const std::vector<int>& numbers = {}) {
  std::string json =
      R"({"resourceType":"Bundle","type":"history","entry":[{"resource":{"resourceType":"Parameters","parameter":[)"
      R"({"name":"type","valueCode":")" +
      type + "\"}";
  for (const int number : numbers) {
    json += R"(,{"name":"notification-event","part":[{"name":"event-number","valueString":")" + std::to_string(number) +
            R"("},{"name":"focus","valueReference":{"reference":"Encounter/e1"}}]})";
  }
  return json + "]}}]}";
}

struct Taken {
  std::size_t events;
  std::string printed;
};

testing::Matcher<std::string> prints(testing::Matcher<std::string> what) { return what; }

Taken take_all(const std::vector<std::vector<int>>& notifications, ReceiveOptions options = {}) {
  options.name = "kommun";
  NotificationClient client(options);
  testing::internal::CaptureStdout();
  for (const std::vector<int>& numbers : notifications) {
    EXPECT_TRUE(client.take(notification("event-notification", numbers)).ok());
  }
  return {client.events(), testing::internal::GetCapturedStdout()};
}

TEST(NotificationClient, TakesEachEventOnceAndNamesGapsAndRepetitions) {
  struct Row {
    std::vector<std::vector<int>> notifications;
    std::size_t events;
    std::string gap, again;  ///< what is printed of them; "" = nothing
  };
  for (const Row& row :
       {Row{{{1}, {2}, {3}}, 3, "", ""}, Row{{{1, 2, 3}}, 3, "", ""}, Row{{{7}, {8}}, 2, "", ""},  // it may begin late
        Row{{{1}, {4}}, 2, "GAP: events 2 to 3 are missing", ""}, Row{{{1, 3}}, 2, "GAP: events 2 to 2 are missing", ""},
        Row{{{1, 2}, {1, 2}}, 2, "", "event 1 again: known already"}, Row{{{1}, {1, 2}}, 2, "", "event 1 again: known already"},
        Row{{{1}, {3}, {2}}, 2, "GAP: events 2 to 2", "event 2 again: known already"}}) {
    const Taken taken = take_all(row.notifications);
    EXPECT_EQ(taken.events, row.events) << taken.printed;
    EXPECT_THAT(taken.printed, row.gap.empty() ? prints(Not(HasSubstr("GAP"))) : prints(HasSubstr(row.gap)));
    EXPECT_THAT(taken.printed, row.again.empty() ? prints(Not(HasSubstr("again"))) : prints(HasSubstr(row.again)));
  }
}

TEST(NotificationClient, NamesTheFocusThatItCannotFetch) {
  EXPECT_EQ(take_all({{5}}).printed, "[kommun] event 5: something changed in Encounter/e1\n");
}

TEST(NotificationClient, PrintsNothingWhenItIsQuiet) {
  ReceiveOptions quiet;
  quiet.quiet = true;
  const Taken taken = take_all({{1}, {4}, {4}}, quiet);
  EXPECT_EQ(taken.events, 2u);
  EXPECT_EQ(taken.printed, "");
}

TEST(NotificationClient, SaysThatItIsReadyAfterTheHandshakeOnly) {
  ReceiveOptions options;
  options.quiet = true;
  options.ready_file = std::filesystem::temp_directory_path() / ("vardbron-ready-" + std::to_string(getpid()));
  std::filesystem::remove(options.ready_file);
  NotificationClient client(options);
  EXPECT_TRUE(client.take(notification("heartbeat")).ok());
  EXPECT_TRUE(client.take(notification("event-notification", {1})).ok());
  EXPECT_FALSE(std::filesystem::exists(options.ready_file));
  EXPECT_TRUE(client.take(notification("handshake")).ok());
  EXPECT_TRUE(std::filesystem::exists(options.ready_file));
  EXPECT_EQ(client.events(), 1u) << "a handshake is no event";
  std::filesystem::remove(options.ready_file);
}

TEST(NotificationClient, RefusesWhatIsNoNotification) {
  for (const std::string& body : {std::string("{"), std::string(""), std::string(R"({"resourceType":"Bundle","type":"history"})"),
                                  std::string(R"({"resourceType":"Patient"})"), notification("query-status")}) {
    NotificationClient client((ReceiveOptions()));
    const Result<void> taken = client.take(body);
    ASSERT_FALSE(taken.ok()) << body;
    EXPECT_EQ(taken.failure().cause, Cause::Invalid) << body;
    EXPECT_EQ(client.events(), 0u);
  }
}

TEST(NotificationClient, KnowsAnEventNotificationByItsType) {
  EXPECT_TRUE(NotificationClient::is_event_notification(notification("event-notification", {1})));
  for (const char* type : {"handshake", "heartbeat"}) EXPECT_FALSE(NotificationClient::is_event_notification(notification(type)));
}

}  // namespace
}  // namespace vardbron::clients
