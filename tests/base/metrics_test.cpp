#include "gateway/base/metrics.h"

#include "exposition.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ctime>

namespace vardbron {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST(Metrics, ShowsWhatWasCountedInPrometheusText) {
  Metrics metrics;
  metrics.counter("vardbron_notices_total", "Notices by outcome.", {{"outcome", "stored"}}).add(3);
  Gauge& queue = metrics.gauge("vardbron_queue", "Events not delivered.", {{"channel", "kalmar"}});
  queue.set(2);
  queue.add(3);
  queue.add(-1);
  metrics.histogram("vardbron_commit_seconds", "Commit to disk.").observe(0.002);
  const Exposition reported(metrics.text());
  EXPECT_THAT(reported.faults(), IsEmpty());
  EXPECT_EQ(reported.value("vardbron_notices_total{outcome=\"stored\"}"), 3);
  EXPECT_EQ(reported.value("vardbron_queue{channel=\"kalmar\"}"), 4);
  EXPECT_EQ(reported.value("vardbron_commit_seconds_count"), 1);
  EXPECT_EQ(reported.value("vardbron_commit_seconds_bucket{le=\"0.001\"}"), 0);
  EXPECT_EQ(reported.value("vardbron_commit_seconds_bucket{le=\"0.0025\"}"), 1);
}

TEST(Metrics, HandsOutTheSameFigureForTheSameLabels) {
  Metrics metrics;
  EXPECT_EQ(&metrics.counter("a_total", "A.", {{"x", "1"}}), &metrics.counter("a_total", "A.", {{"x", "1"}}));
  EXPECT_NE(&metrics.counter("a_total", "A.", {{"x", "1"}}), &metrics.counter("a_total", "A.", {{"x", "2"}}));
}

TEST(Metrics, TellsWhatTheProcessUsesAndWhichBuildItIs) {
  Metrics metrics;
  const Exposition reported(metrics.text());
  EXPECT_THAT(reported.faults(), IsEmpty());
  EXPECT_GT(reported.value("process_resident_memory_bytes"), 1e6);
  EXPECT_GE(reported.value("process_virtual_memory_bytes"), reported.value("process_resident_memory_bytes"));
  EXPECT_GT(reported.value("process_open_fds"), 2);
  EXPECT_GE(reported.value("process_max_fds"), reported.value("process_open_fds"));
  EXPECT_GE(reported.value("process_cpu_seconds_total"), 0);
  const auto now = static_cast<double>(std::time(nullptr));
  EXPECT_GT(reported.value("process_start_time_seconds"), now - 3600);
  EXPECT_LT(reported.value("process_start_time_seconds"), now + 5);
  EXPECT_EQ(reported.sum("vardbron_build_info"), 1);
  EXPECT_THAT(metrics.text(), HasSubstr("vardbron_build_info{version=\"0."));
  EXPECT_EQ(reported.value("vardbron_log_lines_dropped_total"), 0);
}

TEST(Metrics, AReaderOfThemFindsWhatIsWrongWithThem) {
  const std::string help = "# HELP vardbron_a_total A.\n# TYPE vardbron_a_total counter\n";
  EXPECT_THAT(Exposition(help + "vardbron_a_total{x=\"1\"} 3\n").faults(), IsEmpty());
  for (const std::string& wrong :
       {"# TYPE vardbron_a_total counter\nvardbron_a_total 3\n" + std::string(),
        help + "vardbron_a_total 3\nvardbron_a_total 3\n", help + "vardbron_b_total 3\n", help + "vardbron_a_total{x=\"1} 3\n",
        help + help + "vardbron_a_total 3\n", std::string("# HELP vardbron_a A.\n# TYPE vardbron_a counter\nvardbron_a 3\n"),
        std::string("# HELP vardbron_a_total A.\n# TYPE vardbron_a_total gauge\nvardbron_a_total 3\n"),
        std::string("# HELP vardbron_a_ms A.\n# TYPE vardbron_a_ms gauge\nvardbron_a_ms 3\n")}) {
    EXPECT_THAT(Exposition(wrong).faults(), Not(IsEmpty())) << wrong;
  }
}

}  // namespace
}  // namespace vardbron
