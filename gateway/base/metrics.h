#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vardbron {

/// A number that only grows. Any thread.
class Counter {
 public:
  virtual ~Counter() = default;
  virtual void add(double by = 1) = 0;
};

/// A number that goes up and down. Any thread.
class Gauge {
 public:
  virtual ~Gauge() = default;
  virtual void set(double value) = 0;
  virtual void add(double by) = 0;  ///< negative: decreases
};

/// How long things took, in seconds, by buckets. Any thread.
class Histogram {
 public:
  virtual ~Histogram() = default;
  virtual void observe(double seconds) = 0;
};

/// The gateway's figures in Prometheus' text form, with those that every process and build has. Labels are words of ours or of
/// the configuration (a channel), never of a caller or a message, so that callers cannot add series: no ids. Made by app and
/// passed down; the figures live as long as it does.
class Metrics {
 public:
  using Labels = std::vector<std::pair<std::string, std::string>>;

  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  Counter& counter(std::string_view name, std::string_view help, const Labels& labels = {});
  Gauge& gauge(std::string_view name, std::string_view help, const Labels& labels = {});
  Histogram& histogram(std::string_view name, std::string_view help, const Labels& labels = {});
  std::string text() const;  ///< the answer to GET /metrics; also reads a few files below /proc

 private:
  struct Registry;
  std::unique_ptr<Registry> registry_;
};

}  // namespace vardbron
