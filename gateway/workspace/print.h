#pragma once

#include "gateway/base/result.h"
#include "gateway/http/message.h"

#include <string>
#include <string_view>

namespace vardbron::workspace {

/// Exit codes. Source: README, exit codes.
enum ExitCode : int { Done = 0, Refused = 1, WrongUse = 2, BrokenEnvironment = 3 };

ExitCode exit_code_of(Cause cause);
/// Prints "vardbron: gateway.toml:3:1: what to change" on standard error; returns its exit code.
ExitCode print_failure(const Failure& failure);
/// A batch without a line: nothing was done.
Failure no_lines();
/// Wrong use of the command line: prints it with a hint to the options.
ExitCode print_wrong_use(std::string_view command, std::string_view says);
/// "" if the text of an option is a whole number, else what is wrong with it. Signs are refused, since a negative number would
/// wrap round.
std::string whole_number_fault(const std::string& text);
/// A position in a file: "a.xml:6:5: path" for "path (6:5)", "a.xml:6:5" for "6:5".
std::string place_in(const std::string& file, const std::string& where);
/// Prints a result on standard output: unchanged into a file or a pipe, and by visible() (base/text.h) on a terminal, since it
/// may hold a stranger's control sequences.
void print_result(std::string_view text);
/// Flushes standard output at the end of a command: returns `code`, or BrokenEnvironment if output could not be written, with a
/// message on standard error. Called once.
int end_of_output(int code);
/// The issues of an OperationOutcome by visible(), one line each; any other body whole.
std::string outcome_in_words(std::string_view body);

}  // namespace vardbron::workspace
