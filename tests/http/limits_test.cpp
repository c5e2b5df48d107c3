#include "gateway/base/limits.h"
#include "tests/http/talk.h"

#include <gtest/gtest.h>

#include <string>

// Concern: a caller at a limit of base/limits.h is served, and one beyond it gets an error, or is disconnected.

namespace vardbron::http {
namespace {

using namespace std::chrono_literals;
using Statuses = std::vector<std::string>;

Statuses statuses_of_a_body(std::size_t bytes_per_second) {
  constexpr std::size_t size = 20'000;
  Talk talk;
  talk.say("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n");
  for (std::size_t sent = 0; sent < size && !talk.closed; sent += bytes_per_second) {
    talk.world.run_for(1s);
    talk.say(std::string(std::min(bytes_per_second, size - sent), 'x'));
  }
  return talk.statuses();
}

TEST(CallerLimits, ABodyComesAsSlowlyAsItMay) {
  EXPECT_EQ(statuses_of_a_body(limits::body_rate_bytes_per_s_min), (Statuses{"200"}));
  EXPECT_EQ(statuses_of_a_body(limits::body_rate_bytes_per_s_min * 3 / 4), (Statuses{"408"}));
}

TEST(CallerLimits, ABodyIsAsLargeAsItMay) {
  const auto declared = [](std::size_t bytes) {
    return "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: " + std::to_string(bytes) + "\r\n\r\n";
  };
  Talk allowed, refused;

  allowed.say(declared(limits::body_bytes_max));
  allowed.say(std::string(limits::body_bytes_max, 'x'));
  refused.say(declared(limits::body_bytes_max + 1));

  EXPECT_EQ(allowed.statuses(), (Statuses{"100", "200"}));
  EXPECT_EQ(refused.statuses(), (Statuses{"413"}));
}

TEST(CallerLimits, AChunkedBodyIsAsLargeAsItMay) {
  const auto statuses = [](std::size_t bytes) {
    Talk talk;
    talk.say("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (std::size_t sent = 0; sent < bytes && !talk.closed;) {
      const std::size_t piece = std::min<std::size_t>(bytes - sent, 1u << 20);
      char size[32];
      std::snprintf(size, sizeof size, "%zx\r\n", piece);
      talk.say(size + std::string(piece, 'x') + "\r\n");
      sent += piece;
    }
    talk.say("0\r\n\r\n");
    return talk.statuses();
  };

  EXPECT_EQ(statuses(limits::body_bytes_max), (Statuses{"200"}));
  EXPECT_EQ(statuses(limits::body_bytes_max + 1), (Statuses{"413"}));
}

TEST(CallerLimits, AConnectionCarriesAsManyRequestsAsItMay) {
  Talk talk;
  std::size_t asked = 0;
  talk.handler = [&asked](Request) -> Task<Response> {
    ++asked;
    co_return Response{};
  };
  std::string thousand;
  for (int i = 0; i < 1000; ++i) thousand += "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
  for (std::size_t sent = 0; sent < limits::requests_per_connection_max; sent += 1000) {
    EXPECT_FALSE(talk.closed);
    talk.say(thousand);
  }
  talk.say("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  talk.world.run_for(5s);

  EXPECT_EQ(asked, limits::requests_per_connection_max);
  EXPECT_TRUE(talk.closed);
  EXPECT_NE(talk.heard.find("Connection: close"), std::string::npos) << "the last answer says that it is the last";
}

}  // namespace
}  // namespace vardbron::http
