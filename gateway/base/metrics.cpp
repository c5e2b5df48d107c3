#include "gateway/base/metrics.h"

#include "gateway/base/log.h"
#include "gateway/base/process.h"
#include "gateway/base/version.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/metric_family.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <map>
#include <mutex>

namespace vardbron {

namespace {

class PrometheusCounter final : public Counter {
 public:
  explicit PrometheusCounter(prometheus::Counter& counter) : counter_(counter) {}
  void add(double by) override { counter_.Increment(by); }

 private:
  prometheus::Counter& counter_;
};

class PrometheusGauge final : public Gauge {
 public:
  explicit PrometheusGauge(prometheus::Gauge& gauge) : gauge_(gauge) {}
  void set(double value) override { gauge_.Set(value); }
  void add(double by) override { gauge_.Increment(by); }

 private:
  prometheus::Gauge& gauge_;
};

class PrometheusHistogram final : public Histogram {
 public:
  explicit PrometheusHistogram(prometheus::Histogram& histogram) : histogram_(histogram) {}
  void observe(double seconds) override { histogram_.Observe(seconds); }

 private:
  prometheus::Histogram& histogram_;
};

const prometheus::Histogram::BucketBoundaries seconds_buckets{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                                              0.05,   0.1,   0.25,   1,     5,    30};

std::map<std::string, std::string> as_map(const Metrics::Labels& labels) { return {labels.begin(), labels.end()}; }

}  // namespace

struct Metrics::Registry {
  template <class Ours, class Theirs>
  Ours& hand_out(std::map<const void*, std::unique_ptr<Ours>>& kept, auto& figure) {
    std::unique_ptr<Ours>& place = kept[&figure];
    if (!place) place = std::make_unique<Theirs>(figure);
    return *place;
  }

  const double process_start = process_start_seconds();
  std::mutex guard;
  prometheus::Registry figures;
  std::map<const void*, std::unique_ptr<Counter>> counters;
  std::map<const void*, std::unique_ptr<Gauge>> gauges;
  std::map<const void*, std::unique_ptr<Histogram>> histograms;
};

Metrics::Metrics() : registry_(std::make_unique<Registry>()) {}
Metrics::~Metrics() = default;

Counter& Metrics::counter(std::string_view name, std::string_view help, const Labels& labels) {
  std::lock_guard lock(registry_->guard);
  auto& family = prometheus::BuildCounter().Name(std::string(name)).Help(std::string(help)).Register(registry_->figures);
  return registry_->hand_out<Counter, PrometheusCounter>(registry_->counters, family.Add(as_map(labels)));
}

Gauge& Metrics::gauge(std::string_view name, std::string_view help, const Labels& labels) {
  std::lock_guard lock(registry_->guard);
  auto& family = prometheus::BuildGauge().Name(std::string(name)).Help(std::string(help)).Register(registry_->figures);
  return registry_->hand_out<Gauge, PrometheusGauge>(registry_->gauges, family.Add(as_map(labels)));
}

Histogram& Metrics::histogram(std::string_view name, std::string_view help, const Labels& labels) {
  std::lock_guard lock(registry_->guard);
  auto& family = prometheus::BuildHistogram().Name(std::string(name)).Help(std::string(help)).Register(registry_->figures);
  auto& histogram = family.Add(as_map(labels), seconds_buckets);
  return registry_->hand_out<Histogram, PrometheusHistogram>(registry_->histograms, histogram);
}

namespace {

using Families = std::vector<prometheus::MetricFamily>;

prometheus::MetricFamily family_of(std::string name, std::string help, prometheus::MetricType type, double value) {
  prometheus::ClientMetric one;
  (type == prometheus::MetricType::Counter ? one.counter.value : one.gauge.value) = value;
  return {std::move(name), std::move(help), type, {std::move(one)}};
}

// With the names that Prometheus' own libraries use. Source: "Writing client libraries", process metrics.
void add_process(Families& families, double started) {
  using enum prometheus::MetricType;
  const ProcessUse use = process_use();
  const auto number = [](std::int64_t value) { return static_cast<double>(value); };
  families.push_back(family_of("process_cpu_seconds_total", "User and system CPU time spent.", Counter, use.cpu_seconds));
  families.push_back(family_of("process_resident_memory_bytes", "Resident memory size.", Gauge, number(use.resident_bytes)));
  families.push_back(family_of("process_virtual_memory_bytes", "Virtual memory size.", Gauge, number(use.virtual_bytes)));
  families.push_back(family_of("process_open_fds", "Open file descriptors.", Gauge, number(use.open_descriptors)));
  families.push_back(family_of("process_max_fds", "File descriptors that may be open.", Gauge, number(use.descriptors_max)));
  families.push_back(family_of("process_start_time_seconds", "When the process started, since 1970.", Gauge, started));
}

void add_program(Families& families) {
  using enum prometheus::MetricType;
  prometheus::MetricFamily build = family_of("vardbron_build_info", "1, under the version of the program.", Gauge, 1);
  build.metric.front().label.push_back({"version", std::string(version())});
  families.push_back(std::move(build));
  families.push_back(family_of("vardbron_log_lines_dropped_total", "Lines of the log that standard error did not take.", Counter,
                               static_cast<double>(log::dropped())));
}

}  // namespace

std::string Metrics::text() const {
  Families families = registry_->figures.Collect();
  add_process(families, registry_->process_start);
  add_program(families);
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace vardbron
