#include "gateway/base/log.h"

#include "gateway/base/clock.h"
#include "gateway/base/limits.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace vardbron::log {
namespace {

// Standard error is a pipe of the test's, as under a supervisor that reads the log.
class Log : public testing::Test {
 protected:
  Log() {
    EXPECT_EQ(pipe(ends_.data()), 0);
    dup2(ends_[1], STDERR_FILENO);
    close(ends_[1]);
    start(Level::Info, Shape::Json);
  }
  ~Log() override { end(); }

  void start_reading() {
    reader_ = std::thread([this] {
      std::array<char, 65536> room{};
      for (ssize_t got = 1; got > 0;) {
        got = read(ends_[0], room.data(), room.size());
        if (got > 0) all_.append(room.data(), static_cast<std::size_t>(got));
      }
    });
  }
  void stop_reading() { close(ends_[0]); }
  // Ends the log; gives all that was read of it.
  const std::string& end() {
    if (usual_ >= 0) {
      stop();
      dup2(usual_, STDERR_FILENO);
      close(std::exchange(usual_, -1));
      if (reader_.joinable()) reader_.join();
    }
    return all_;
  }

 private:
  std::array<int, 2> ends_{};
  int usual_ = dup(STDERR_FILENO);
  std::thread reader_;
  std::string all_;
};

std::size_t count(const std::string& text, std::string_view part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++found;
  return found;
}

TEST_F(Log, WritesEveryLineInOrder) {
  start_reading();
  for (std::int64_t at = 0; at < 2000; ++at) info("a line", {{"number", at}});
  EXPECT_EQ(dropped(), 0u);

  const std::string& all = end();

  EXPECT_EQ(count(all, "\"event\":\"a line\""), 2000u);
  EXPECT_LT(all.find("\"number\":7}"), all.find("\"number\":1999}"));
}

TEST_F(Log, DelaysNobodyWhenItsReaderStopsAndTellsHowMuchIsMissing) {
  const std::string much(1000, 'x');
  const std::uint64_t lines = limits::log_waiting_bytes_max / 1000 + 500;
  for (std::uint64_t at = 0; at < lines; ++at) info("a line", {{"much", std::string_view(much)}});
  const std::uint64_t lost = dropped();
  EXPECT_GT(lost, 0u);
  EXPECT_LT(lost, lines);

  start_reading();
  for (std::uint64_t before = lost - 1; dropped() != before;) {
    before = dropped();
    info("the last line");
  }
  const std::string& all = end();

  EXPECT_EQ(count(all, "\"event\":\"a line\""), lines - lost);
  EXPECT_EQ(count(all, "\"event\":\"the last line\""), 1u);
  EXPECT_NE(all.find("\"event\":\"log lines were dropped, standard error did not take them\",\"lines\":"), std::string::npos);
}

TEST_F(Log, EndsThoughNobodyReadsAndWaitsNoLessThanItMayForItsLastLines) {
  const std::string much(1000, 'x');
  for (int at = 0; at < 1000; ++at) info("a line", {{"much", std::string_view(much)}});
  RealClock clock;
  const Instant began = clock.now();

  end();

  EXPECT_GE(clock.now() - began, limits::log_last_lines_time_max);
}

TEST_F(Log, GoesOnWithoutAReader) {
  stop_reading();
  for (int at = 0; at < 100; ++at) info("a line");

  end();  // a broken pipe ends no program
}

}  // namespace
}  // namespace vardbron::log
