#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace vardbron::play {

/// Result of a command.
struct Finished {
  int exit_code = -1;  ///< -1: it was ended by a signal
  std::string output, errors;
};

/// `vardbron <arguments>` as a child process whose three streams are pipes of ours. Killed when it goes out of scope.
class Command {
 public:
  explicit Command(const std::vector<std::string>& arguments);
  Command(const Command&) = delete;
  ~Command();

  void write(const std::string& text);
  /// The next line of its output without its line feed; nothing once the output has ended.
  std::optional<std::string> read_line();
  void end_input();
  /// Reads what is still to come and waits for its end, which comes once its input is ended.
  Finished wait();
  /// Closes its input, reads what is still to come, waits for its end.
  Finished finish();

 private:
  void take(int& from, std::string& into);

  pid_t pid_ = -1;
  int input_ = -1, output_ = -1, errors_ = -1;
  std::string waiting_, said_;
};

/// Runs a command on an input that may be larger than a pipe.
Finished run_command(const std::vector<std::string>& arguments, const std::string& input);

}  // namespace vardbron::play
