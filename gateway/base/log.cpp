#include "gateway/base/log.h"

#include "gateway/base/text.h"

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <memory>
#include <string>

namespace vardbron::log {

namespace {

spdlog::level::level_enum as_spdlog(Level level) {
  switch (level) {
    case Level::Debug: return spdlog::level::debug;
    case Level::Info: return spdlog::level::info;
    case Level::Warning: return spdlog::level::warn;
    case Level::Error: return spdlog::level::err;
  }
  return spdlog::level::info;
}

constexpr std::string_view name_of(Level level) {
  constexpr std::string_view names[] = {"debug", "info", "warning", "error"};
  return names[static_cast<std::size_t>(level)];
}

// The process has one standard error, so it has one log; `start` and `stop` are app's, once each.
struct Sink {
  std::shared_ptr<spdlog::logger> logger;
  Shape shape = Shape::Json;
};
Sink& sink() {
  static Sink only;
  return only;
}

std::string value_text(const Fact& fact, Shape shape) {
  if (auto* number = std::get_if<std::int64_t>(&fact.value)) return std::to_string(*number);
  if (auto* truth = std::get_if<bool>(&fact.value)) return *truth ? "true" : "false";
  std::string_view text = std::get<std::string_view>(fact.value);
  return shape == Shape::Json ? json_quoted(text) : std::string(text);
}

std::string as_json(Level level, std::string_view event, std::initializer_list<Fact> facts) {
  std::string text = "{\"at\":\"" + to_instant(RealClock().wall()) + "\",\"level\":\"";
  text.append(name_of(level)).append("\",\"event\":").append(json_quoted(event));
  for (const Fact& fact : facts)
    text.append(",").append(json_quoted(fact.name)).append(":").append(value_text(fact, Shape::Json));
  return text += "}";
}

std::string as_plain(Level level, std::string_view event, std::initializer_list<Fact> facts) {
  std::string text = to_instant(RealClock().wall()).substr(11, 8) + " ";
  if (level >= Level::Warning) text.append(name_of(level)).append(": ");
  text.append(event);
  for (const Fact& fact : facts) text.append("  ").append(fact.name).append("=").append(value_text(fact, Shape::Plain));
  return text;
}

}  // namespace

void start(Level least, Shape shape) {
  sink().logger = std::make_shared<spdlog::logger>("vardbron", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  sink().logger->set_pattern("%v");
  sink().logger->set_level(as_spdlog(least));
  sink().shape = shape;
}

void stop() {
  if (sink().logger) sink().logger->flush();
  sink().logger.reset();
}

void line(Level level, std::string_view event, std::initializer_list<Fact> facts) {
  const Sink& to = sink();
  if (!to.logger || !to.logger->should_log(as_spdlog(level))) return;
  std::string text = to.shape == Shape::Json ? as_json(level, event, facts) : as_plain(level, event, facts);
  to.logger->log(as_spdlog(level), spdlog::string_view_t(text.data(), text.size()));
}

}  // namespace vardbron::log
