#pragma once

#include "gateway/base/result.h"
#include "gateway/http/message.h"

#include <string>
#include <string_view>

namespace vardbron::app {

/// What a command ends with. Source: README, exit codes.
enum ExitCode : int { Done = 0, Refused = 1, WrongUse = 2, BrokenEnvironment = 3 };

ExitCode exit_code_of(Cause cause);
/// "vardbron: gateway.toml:3:1: what to change" on standard error; the exit code that goes with it.
ExitCode print_failure(const Failure& failure);
/// What an OperationOutcome says, one line per issue; the whole body when it is none.
std::string outcome_in_words(std::string_view body);

}  // namespace vardbron::app
