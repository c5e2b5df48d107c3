#include "gateway/workspace/print.h"

#include "gateway/base/text.h"
#include "gateway/formats/json/parse.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

namespace vardbron::workspace {

ExitCode exit_code_of(Cause cause) {
  switch (cause) {
    case Cause::Broken:
    case Cause::Busy:
    case Cause::TimedOut:
    case Cause::Cancelled: return BrokenEnvironment;
    default: return Refused;
  }
}

ExitCode print_failure(const Failure& failure) {
  const std::string where = failure.where.empty() ? "" : failure.where + ": ";
  std::fprintf(stderr, "vardbron: %s\n", visible(where + failure.says).c_str());
  return exit_code_of(failure.cause);
}

Failure no_lines() { return {Cause::Invalid, "No line came, so nothing was done.", "standard input"}; }

ExitCode print_wrong_use(std::string_view command, std::string_view says) {
  const std::string name(command);
  std::fprintf(stderr, "vardbron: %s `vardbron %s --help` tells more.\n", visible(says).c_str(), name.c_str());
  return WrongUse;
}

std::string whole_number_fault(const std::string& text) {
  const bool is_whole = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
  return is_whole ? "" : "'" + text + "' is no whole number";
}

std::string place_in(const std::string& file, const std::string& where) {
  const std::string name = file == "-" ? "standard input" : file;
  if (where.empty()) return name;
  const std::size_t open = where.rfind('(');
  const bool is_path = open != std::string::npos && open > 0 && where.back() == ')';
  if (!is_path) return name + (where[0] >= '0' && where[0] <= '9' ? ":" : ": ") + where;
  const std::string path(trim(std::string_view(where).substr(0, open)));
  return name + ":" + where.substr(open + 1, where.size() - open - 2) + (path.empty() ? "" : ": " + path);
}

void print_result(std::string_view text) {
  const std::string shown = isatty(STDOUT_FILENO) != 0 ? visible(text) : std::string(text);
  std::fwrite(shown.data(), 1, shown.size(), stdout);
}

int end_of_output(int code) {
  const bool was_lost = std::ferror(stdout) != 0;
  errno = 0;
  if (std::fflush(stdout) == 0 && !was_lost) return code;
  const std::string why = errno == 0 ? "." : ": " + std::generic_category().message(errno) + ".";
  return print_failure({Cause::Broken, "The output cannot be written" + why, "standard output"});
}

std::string outcome_in_words(std::string_view body) {
  const tree::Names names;
  Result<tree::Document> outcome = json::parse(std::string(body), names);
  if (!outcome || tree::root(*outcome).text_of("resourceType") != "OperationOutcome") return visible(body);
  std::string words;
  for (tree::Item issue = tree::root(*outcome).first_child(); issue; issue = issue.next()) {
    if (issue.name_text() != "issue") continue;
    if (!words.empty()) words += '\n';
    const std::string_view severity = issue.text_of("severity");
    if (severity != "information") words.append(severity).append(": ");
    const std::string_view where = issue.text_of("expression");
    if (!where.empty()) words.append(where).append(": ");
    words.append(issue.text_of("diagnostics"));
  }
  return visible(words);
}

}  // namespace vardbron::workspace
