#include "gateway/base/log.h"

#include "gateway/base/text.h"

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

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

// One line is one event: a line end in a text would let a sender write lines of the log.
std::string one_line(std::string_view text) {
  std::string line;
  for (char letter : visible(text)) {
    if (letter == '\n') {
      line += "\\n";
    } else {
      line += letter == '\t' ? ' ' : letter;
    }
  }
  return line;
}

std::string value_text(const Fact& fact, Shape shape) {
  if (auto* number = std::get_if<std::int64_t>(&fact.value)) return std::to_string(*number);
  if (auto* truth = std::get_if<bool>(&fact.value)) return *truth ? "true" : "false";
  std::string_view text = std::get<std::string_view>(fact.value);
  return shape == Shape::Json ? json_quoted(visible(text)) : one_line(text);
}

}  // namespace

std::string as_json(std::string_view at, Level level, std::string_view event, std::initializer_list<Fact> facts) {
  std::string text = "{\"at\":" + json_quoted(at) + ",\"level\":\"";
  text.append(name_of(level)).append("\",\"event\":").append(json_quoted(visible(event)));
  std::vector<std::string> names{"at", "level", "event"};
  for (const Fact& fact : facts) {
    std::string name(fact.name);
    while (std::find(names.begin(), names.end(), name) != names.end()) name += '_';
    text.append(",").append(json_quoted(name)).append(":").append(value_text(fact, Shape::Json));
    names.push_back(std::move(name));
  }
  return text += "}";
}

std::string as_plain(std::string_view at, Level level, std::string_view event, std::initializer_list<Fact> facts) {
  std::string text = std::string(at.substr(11, 8)) + " ";
  if (level >= Level::Warning) text.append(name_of(level)).append(": ");
  text.append(one_line(event));
  for (const Fact& fact : facts) text.append("  ").append(fact.name).append("=").append(value_text(fact, Shape::Plain));
  return text;
}

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
  const std::string at = to_instant(RealClock().wall());
  std::string text = to.shape == Shape::Json ? as_json(at, level, event, facts) : as_plain(at, level, event, facts);
  to.logger->log(as_spdlog(level), spdlog::string_view_t(text.data(), text.size()));
}

}  // namespace vardbron::log
