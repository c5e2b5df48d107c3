#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

namespace vardbron::log {

enum class Level : std::uint8_t { Debug, Info, Warning, Error };

/// One named fact of a line. Facts are ids, counts and words from our own code; never a name, a person's number or a body.
struct Fact {
  std::string_view name;
  std::variant<std::string_view, std::int64_t, bool> value;
};

enum class Shape : std::uint8_t { Json, Plain };

/// Starts the log, which writes lines in order to standard error. Called once, by app, before threads start; until then nothing
/// is written.
void start(Level least, Shape shape);
/// Writes the waiting lines, for at most limits::log_last_lines_time_max. No other thread logs any more.
void stop();
/// Lines that were not written since start(), because standard error did not accept them: it never delays a thread that logs.
std::uint64_t dropped();

/// The text of a line, without its end. Valid JSON without a key twice (a fact whose name is taken gets a "_"), and nothing in it
/// moves a terminal or begins another line (base/text.h, visible). `at` is an instant.
std::string as_json(std::string_view at, Level level, std::string_view event, std::initializer_list<Fact> facts);
std::string as_plain(std::string_view at, Level level, std::string_view event, std::initializer_list<Fact> facts);

/// One line: {"at":"…","level":"info","event":"notice stored","case":"…"}. Any thread.
void line(Level level, std::string_view event, std::initializer_list<Fact> facts = {});

inline void info(std::string_view event, std::initializer_list<Fact> facts = {}) { line(Level::Info, event, facts); }
inline void warning(std::string_view event, std::initializer_list<Fact> facts = {}) { line(Level::Warning, event, facts); }
inline void error(std::string_view event, std::initializer_list<Fact> facts = {}) { line(Level::Error, event, facts); }

}  // namespace vardbron::log
