#pragma once

#include <cstdlib>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

/// What GET /metrics answered, read as Prometheus reads it. Source: Prometheus' text exposition format 0.0.4, and its page on the
/// naming of metrics.
class Exposition {
 public:
  explicit Exposition(const std::string& text) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) read(line);
    for (const auto& [name, type] : types_) look_at(name, type);
  }

  /// Of a series as it is written: name, or name{label="value",..}. -1: there is none.
  double value(const std::string& series) const {
    const auto found = values_.find(series);
    return found == values_.end() ? -1 : found->second;
  }
  /// Of all series of that name.
  double sum(const std::string& name) const {
    double all = 0;
    for (const auto& [series, value] : values_)
      if (series.substr(0, series.find('{')) == name) all += value;
    return all;
  }
  bool has_name(const std::string& name) const {
    for (const auto& [series, value] : values_)
      if (series.substr(0, series.find('{')) == name) return true;
    return false;
  }
  std::set<std::string> series() const {
    std::set<std::string> all;
    for (const auto& [series, value] : values_) all.insert(series);
    return all;
  }
  /// What is wrong with it; empty if nothing is.
  const std::vector<std::string>& faults() const { return faults_; }

 private:
  static bool ends_with_any(const std::string& name, std::initializer_list<std::string_view> ends) {
    for (std::string_view end : ends)
      if (name.ends_with(end)) return true;
    return false;
  }

  void read(const std::string& line) {
    static const std::regex sample(R"(([a-z][a-z0-9_]*)(\{([a-z_]+="(\\.|[^"\\])*",?)*\})? (\S+))");
    if (line.starts_with("# HELP ")) {
      const std::string name = line.substr(7, line.find(' ', 7) - 7);
      if (line.size() < 7 + name.size() + 2) faults_.push_back(name + " has no help");
      if (!helped_.insert(name).second) faults_.push_back(name + " is told of in two places");
    } else if (line.starts_with("# TYPE ")) {
      const std::string name = line.substr(7, line.find(' ', 7) - 7);
      types_[name] = line.substr(8 + name.size());
      if (helped_.count(name) == 0) faults_.push_back(name + " has no help");
      current_ = name;
    } else if (std::smatch parts; std::regex_match(line, parts, sample)) {
      const std::string name = parts[1], family = types_[current_] == "histogram" ? histogram_of(name) : name;
      if (family != current_) faults_.push_back(name + " stands below " + current_);
      if (!values_.emplace(line.substr(0, line.rfind(' ')), std::strtod(parts[5].str().c_str(), nullptr)).second)
        faults_.push_back("twice: " + line);
    } else {
      faults_.push_back("no sample: " + line);
    }
  }

  static std::string histogram_of(const std::string& name) {
    for (std::string_view end : {"_bucket", "_sum", "_count"})
      if (name.ends_with(end)) return name.substr(0, name.size() - end.size());
    return name;
  }

  void look_at(const std::string& name, const std::string& type) {
    const bool is_counter = type == "counter";
    if (is_counter != name.ends_with("_total")) faults_.push_back(name + " is a " + type);
    if (type == "histogram" && !name.ends_with("_seconds")) faults_.push_back(name + " has no unit");
    if (ends_with_any(name, {"_count", "_sum", "_bucket", "_counter", "_gauge", "_histogram"}))
      faults_.push_back(name + " ends like something else");
    static const std::regex no_base_unit(
        "_(milliseconds|ms|microseconds|us|minutes|hours|days|kilobytes|kb|kib|megabytes|mb|mib|percent)(_|$)");
    if (std::regex_search(name, no_base_unit)) faults_.push_back(name + " is in no base unit");
    if (!name.starts_with("vardbron_") && !name.starts_with("process_")) faults_.push_back(name + " is of nobody");
  }

  std::string current_;
  std::set<std::string> helped_;
  std::map<std::string, std::string> types_;
  std::map<std::string, double> values_;
  std::vector<std::string> faults_;
};
