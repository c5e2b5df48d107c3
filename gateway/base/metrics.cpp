#include "gateway/base/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
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

std::string Metrics::text() const { return prometheus::TextSerializer().Serialize(registry_->figures.Collect()); }

}  // namespace vardbron
