#include "gateway/base/log.h"

#include "gateway/base/limits.h"
#include "gateway/base/text.h"

#include <poll.h>
#include <pthread.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <climits>
#include <condition_variable>
#include <csignal>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
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

std::string plain_value(const Fact& fact) {
  if (auto* number = std::get_if<std::int64_t>(&fact.value)) return std::to_string(*number);
  if (auto* truth = std::get_if<bool>(&fact.value)) return *truth ? "true" : "false";
  return one_line(std::get<std::string_view>(fact.value));
}

// Base is below formats/json and its Composer. The result of visible() is UTF-8.
class JsonLine {
 public:
  void text(std::string_view text) {
    const std::string shown = visible(text);
    writer_.String(shown.data(), static_cast<rapidjson::SizeType>(shown.size()));
  }
  void value(const Fact& fact) {
    if (auto* number = std::get_if<std::int64_t>(&fact.value)) {
      writer_.Int64(*number);
    } else if (auto* truth = std::get_if<bool>(&fact.value)) {
      writer_.Bool(*truth);
    } else {
      text(std::get<std::string_view>(fact.value));
    }
  }
  void begin() { writer_.StartObject(); }
  std::string end() {
    writer_.EndObject();
    return {buffer_.GetString(), buffer_.GetSize()};
  }

 private:
  rapidjson::StringBuffer buffer_;
  rapidjson::Writer<rapidjson::StringBuffer> writer_{buffer_};
};

}  // namespace

std::string as_json(std::string_view at, Level level, std::string_view event, std::initializer_list<Fact> facts) {
  JsonLine line;
  line.begin();
  for (std::string_view each :
       {std::string_view("at"), at, std::string_view("level"), name_of(level), std::string_view("event"), event})
    line.text(each);
  std::vector<std::string> names{"at", "level", "event"};
  for (const Fact& fact : facts) {
    std::string name(fact.name);
    while (std::find(names.begin(), names.end(), name) != names.end()) name += '_';
    line.text(name);
    line.value(fact);
    names.push_back(std::move(name));
  }
  return line.end();
}

std::string as_plain(std::string_view at, Level level, std::string_view event, std::initializer_list<Fact> facts) {
  std::string text = std::string(at.substr(11, 8)) + " ";
  if (level >= Level::Warning) text.append(name_of(level)).append(": ");
  text.append(one_line(event));
  for (const Fact& fact : facts) text.append("  ").append(fact.name).append("=").append(plain_value(fact));
  return text;
}

namespace {

std::string as_line(Shape shape, Level level, std::string_view event, std::initializer_list<Fact> facts) {
  const std::string at = to_instant(RealClock().wall());
  return shape == Shape::Json ? as_json(at, level, event, facts) : as_plain(at, level, event, facts);
}

// Writes on a thread of its own, since standard error may be a pipe that nobody reads: a thread that logs never waits for it.
class Waiting final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit Waiting(Shape shape) : shape_(shape), writer_([this] { run(); }) {}
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;
  ~Waiting() override {
    {
      std::lock_guard lock(guard_);
      end_ = std::chrono::steady_clock::now() + limits::log_last_lines_time_max;
      ending_ = true;
    }
    news_.notify_one();
    writer_.join();
  }
  std::uint64_t dropped() const { return dropped_; }

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    std::string line(message.payload.data(), message.payload.size());
    line += '\n';
    std::lock_guard lock(guard_);
    if (bytes_ + line.size() > limits::log_waiting_bytes_max) {
      ++dropped_;
      ++unreported_;
      return;
    }
    bytes_ += line.size();
    lines_.push_back(std::move(line));
    news_.notify_one();
  }
  void flush_() override {}

 private:
  void run() noexcept {
    pthread_setname_np(pthread_self(), "log");
    sigset_t broken_pipe;
    sigemptyset(&broken_pipe);
    sigaddset(&broken_pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);  // the reader of the log is gone: no reason to end
    std::string text;
    while (take(text)) {
      if (!write_all(text)) return;
    }
  }

  // The next line, or the number of missing lines once there is room for it; false: the end.
  bool take(std::string& text) {
    std::unique_lock lock(guard_);
    news_.wait(lock, [this] { return !lines_.empty() || unreported_ > 0 || ending_; });
    if (lines_.empty() && unreported_ == 0) return false;
    if (lines_.empty()) {
      auto count = static_cast<std::int64_t>(std::exchange(unreported_, 0));
      text = as_line(shape_, Level::Error, "log lines were dropped, standard error did not take them", {{"lines", count}}) + "\n";
      return true;
    }
    text = std::move(lines_.front());
    lines_.pop_front();
    bytes_ -= text.size();
    return true;
  }

  bool is_over() {
    std::lock_guard lock(guard_);
    return ending_ && std::chrono::steady_clock::now() >= end_;
  }

  // In pieces that a pipe accepts whole when it is writable. False: the program ends and nobody reads.
  bool write_all(std::string_view text) {
    constexpr int look_again_ms = 50;
    while (!text.empty()) {
      pollfd room{STDERR_FILENO, POLLOUT, 0};
      int ready = poll(&room, 1, look_again_ms);
      if (is_over()) return false;
      if (ready <= 0) continue;
      ssize_t written = ::write(STDERR_FILENO, text.data(), std::min<std::size_t>(text.size(), PIPE_BUF));
      if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
      if (written < 0 && errno != EAGAIN && errno != EINTR) {
        ++dropped_;
        return true;
      }
    }
    return true;
  }

  const Shape shape_;
  std::mutex guard_;
  std::condition_variable news_;
  std::deque<std::string> lines_;
  std::size_t bytes_ = 0;
  std::atomic<std::uint64_t> dropped_ = 0;
  std::uint64_t unreported_ = 0;
  bool ending_ = false;
  std::chrono::steady_clock::time_point end_;
  std::thread writer_;  // last: it uses the others
};

// The process has one standard error, so it has one log; `start` and `stop` are app's, once each.
struct Sink {
  std::shared_ptr<Waiting> waiting;
  std::shared_ptr<spdlog::logger> logger;
  Shape shape = Shape::Json;
};
Sink& sink() {
  static Sink only;
  return only;
}

}  // namespace

void start(Level least, Shape shape) {
  sink().waiting = std::make_shared<Waiting>(shape);
  sink().logger = std::make_shared<spdlog::logger>("vardbron", sink().waiting);
  sink().logger->set_level(as_spdlog(least));
  sink().shape = shape;
}

void stop() {
  sink().logger.reset();
  sink().waiting.reset();
}

std::uint64_t dropped() { return sink().waiting ? sink().waiting->dropped() : 0; }

void line(Level level, std::string_view event, std::initializer_list<Fact> facts) {
  const Sink& to = sink();
  if (!to.logger || !to.logger->should_log(as_spdlog(level))) return;
  std::string text = as_line(to.shape, level, event, facts);
  to.logger->log(as_spdlog(level), spdlog::string_view_t(text.data(), text.size()));
}

}  // namespace vardbron::log
