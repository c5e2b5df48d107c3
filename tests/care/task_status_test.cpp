#include "gateway/care/chain/task_status.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>

namespace vardbron::care {
namespace {

constexpr std::string_view all[] = {"draft",     "requested",   "received", "accepted", "rejected",  "ready",
                                    "cancelled", "in-progress", "on-hold",  "failed",   "completed", "entered-in-error"};

const std::set<std::pair<std::string_view, std::string_view>> allowed = {
    {"requested", "received"},  {"requested", "accepted"},   {"requested", "rejected"},    {"requested", "in-progress"},
    {"requested", "completed"}, {"received", "accepted"},    {"received", "rejected"},     {"received", "in-progress"},
    {"received", "completed"},  {"accepted", "in-progress"}, {"accepted", "on-hold"},      {"accepted", "completed"},
    {"accepted", "failed"},     {"in-progress", "on-hold"},  {"in-progress", "completed"}, {"in-progress", "failed"},
    {"on-hold", "in-progress"}, {"on-hold", "completed"},    {"on-hold", "failed"},
};

constexpr std::string_view wishes[] = {"received", "accepted", "rejected", "in-progress", "on-hold", "completed", "failed"};

TEST(TaskStatus, AllowsWhatTheTableAllowsAndNothingElse) {
  const std::set<std::string_view> wish(std::begin(wishes), std::end(wishes));
  for (std::string_view from : all) {
    for (std::string_view to : all) {
      bool expected = allowed.contains({from, to}) || (from == to && wish.contains(to));

      Result<void> answer = may_move(from, to);

      EXPECT_EQ(answer.ok(), expected) << from << " to " << to;
      if (!answer) {
        EXPECT_EQ(answer.failure().cause, Cause::Conflict);
        EXPECT_EQ(answer.failure().where, "Task.status");
      }
    }
  }
}

TEST(TaskStatus, SaysInPlainWordsWhatMayBeDone) {
  EXPECT_EQ(may_move("accepted", "rejected").failure().says,
            "The Task is accepted; it cannot become rejected. It may become: in-progress on-hold completed failed.");
  EXPECT_EQ(may_move("completed", "accepted").failure().says, "The Task is completed; nothing more can be done with it.");
  EXPECT_NE(may_move("requested", "cancelled").failure().says.find("receiver"), std::string::npos);
}

TEST(TaskStatus, IsOpenUntilSomethingFinal) {
  for (std::string_view open : {"requested", "received", "accepted", "in-progress", "on-hold"}) EXPECT_TRUE(is_open_status(open));
  for (std::string_view over : {"completed", "rejected", "cancelled", "failed", "entered-in-error", "draft", ""})
    EXPECT_FALSE(is_open_status(over)) << over;
}

}  // namespace
}  // namespace vardbron::care
