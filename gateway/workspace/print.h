#pragma once

#include "gateway/base/result.h"
#include "gateway/http/message.h"

#include <string>
#include <string_view>

namespace vardbron::workspace {

/// What a command ends with. Source: README, exit codes.
enum ExitCode : int { Done = 0, Refused = 1, WrongUse = 2, BrokenEnvironment = 3 };

ExitCode exit_code_of(Cause cause);
/// "vardbron: gateway.toml:3:1: what to change" on standard error; the exit code that goes with it.
ExitCode print_failure(const Failure& failure);
/// A batch without a line: nothing was done.
Failure no_lines();
/// The command line asks for what no command does: prints that and where the options are told.
ExitCode print_wrong_use(std::string_view command, std::string_view says);
/// "" when the text of an option is a whole number, else what is wrong with it; a sign would wrap round.
std::string whole_number_fault(const std::string& text);
/// Where in a file: "a.xml:6:5: path" of "path (6:5)", "a.xml:6:5" of "6:5".
std::string place_in(const std::string& file, const std::string& where);
/// A result on standard output: as it is into a file or a pipe, and as visible() shows it (base/text.h) on a terminal, since
/// messages and what others answer may hold what moves a terminal.
void print_result(std::string_view text);
/// What the command ends with once standard output has got all that was printed: `code`, or BrokenEnvironment when a part of it
/// could not be written, which is told on standard error. Called once, at the end.
int end_of_output(int code);
/// What an OperationOutcome says, as visible() shows it, one line per issue; the whole body when it is none.
std::string outcome_in_words(std::string_view body);

}  // namespace vardbron::workspace
