// Concern: eight senders on one long case keep neither /health nor the notices of other cases waiting.
#include "gateway/base/limits.h"
#include "gateway/base/scope.h"
#include "tests/play/play.h"

#include <boost/asio/this_coro.hpp>
#include <gtest/gtest.h>
#include <unistd.h>

namespace vardbron::play {
namespace {

struct Counts {
  int of_long = 0, others = 0, health = 0;
  bool all_are_well = true;
};

constexpr int senders = 8, notices_of_each = 4;

Task<> send_of_long_case(PlayedCaller caller, int first, int count, Counts& counts) {
  for (int each = first; each < first + count; ++each) {
    std::string body = cosmic_notice({"admission", "L-" + std::to_string(each), "A-long"});
    Result<http::Response> answer = co_await caller.call("POST", "/intake/cosmic", "application/xml", std::move(body));
    counts.all_are_well = counts.all_are_well && answer && answer->status == 200;
    ++counts.of_long;
  }
}

// As long as notices of the long case are under work.
Task<> do_other_things(PlayedCaller caller, int until, Counts& counts) {
  while (counts.of_long < until) {
    Result<http::Response> health = co_await caller.call("GET", "/health", "", "");
    counts.all_are_well = counts.all_are_well && health && health->status == 200;
    ++counts.health;
    const std::string name = std::to_string(counts.others);
    std::string body = cosmic_notice({"admission", "O-" + name, "A-" + name});
    Result<http::Response> answer = co_await caller.call("POST", "/intake/cosmic", "application/xml", std::move(body));
    counts.all_are_well = counts.all_are_well && answer && answer->status == 200;
    ++counts.others;
  }
}

Task<> flood(Play& play, int already_there, Counts& counts) {
  auto executor = co_await asio::this_coro::executor;
  Scope scope(executor);
  for (int sender = 0; sender < senders; ++sender) {
    PlayedCaller caller(play.gateway().port(), hospital_token, play.clock());
    const int first = already_there + sender * notices_of_each;
    scope.spawn(send_of_long_case(std::move(caller), first, notices_of_each, counts));
  }
  PlayedCaller caller(play.gateway().port(), hospital_token, play.clock());
  scope.spawn(do_other_things(std::move(caller), senders * notices_of_each, counts));
  co_await scope.join();
}

TEST(LongCase, EightSendersOnOneKeepNobodyElseWaiting) {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("vardbron-long-case-" + std::to_string(getpid()));
  {
    Play play(VARDBRON_BINARY_DIR "/bin/vardbron", folder, 0);
    ASSERT_TRUE(play.gateway().start());
    Counts filling, counts;
    const int length = static_cast<int>(limits::short_case_links_max) + 40;
    PlayedCaller caller(play.gateway().port(), hospital_token, play.clock());
    play.hospital_loop().run(send_of_long_case(std::move(caller), 0, length, filling));
    ASSERT_TRUE(filling.all_are_well);

    play.hospital_loop().run(flood(play, length, counts));

    EXPECT_TRUE(counts.all_are_well);
    EXPECT_EQ(counts.of_long, senders * notices_of_each);
    // On one thread each of these would wait for eight notices of the long case.
    EXPECT_GT(counts.others, counts.of_long);
    EXPECT_GT(counts.health, counts.of_long);
    EXPECT_TRUE(play.gateway().terminate());
    std::printf("while %d notices of a case of %d came: %d notices of other cases, %d times /health\n", counts.of_long, length,
                counts.others, counts.health);
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace vardbron::play
