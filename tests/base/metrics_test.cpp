#include "gateway/base/metrics.h"

#include <gtest/gtest.h>

namespace vardbron {
namespace {

TEST(Metrics, ShowsWhatWasCountedInPrometheusText) {
  Metrics metrics;
  metrics.counter("vardbron_notices_total", "Notices by outcome.", {{"outcome", "stored"}}).add(3);
  metrics.gauge("vardbron_queue", "Events not delivered.", {{"subscriber", "kalmar"}}).set(2);
  metrics.histogram("vardbron_commit_seconds", "Commit to disk.").observe(0.002);
  std::string text = metrics.text();
  EXPECT_NE(text.find("vardbron_notices_total{outcome=\"stored\"} 3"), std::string::npos);
  EXPECT_NE(text.find("vardbron_queue{subscriber=\"kalmar\"} 2"), std::string::npos);
  EXPECT_NE(text.find("vardbron_commit_seconds_count 1"), std::string::npos);
}

TEST(Metrics, HandsOutTheSameFigureForTheSameLabels) {
  Metrics metrics;
  EXPECT_EQ(&metrics.counter("a_total", "A.", {{"x", "1"}}), &metrics.counter("a_total", "A.", {{"x", "1"}}));
  EXPECT_NE(&metrics.counter("a_total", "A.", {{"x", "1"}}), &metrics.counter("a_total", "A.", {{"x", "2"}}));
}

}  // namespace
}  // namespace vardbron
