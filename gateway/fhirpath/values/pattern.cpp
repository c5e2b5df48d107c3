#include "gateway/fhirpath/values/pattern.h"

#include "gateway/base/limits.h"
#include "gateway/fhirpath/values/unicode.h"

#include <re2/re2.h>

#include <array>
#include <map>
#include <utility>
#include <vector>

namespace vardbron::fhirpath {
namespace {

/// (?<name>..) is the usual form; RE2 reads (?P<name>..).
std::string with_named_groups(std::string_view pattern) {
  std::string changed;
  bool in_class = false;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    changed += pattern[at];
    if (pattern[at] == '\\' && at + 1 < pattern.size()) {
      changed += pattern[++at];
    } else if (pattern[at] == '[') {
      in_class = true;
    } else if (pattern[at] == ']') {
      in_class = false;
    } else if (!in_class && pattern.substr(at, 3) == "(?<" && at + 3 < pattern.size() && pattern[at + 3] != '=' &&
               pattern[at + 3] != '!') {
      changed += "?P<";
      at += 2;
    }
  }
  return changed;
}

int group_number(const re2::RE2& pattern, std::string_view name) {
  auto found = pattern.NamedCapturingGroups().find(std::string(name));
  if (found != pattern.NamedCapturingGroups().end()) return found->second;
  int number = 0;
  if (name.empty() || name.size() > 3) return -1;
  for (char letter : name) {
    if (letter < '0' || letter > '9') return -1;
    number = number * 10 + (letter - '0');
  }
  return number;
}

void expand(const re2::RE2& pattern, const std::vector<re2::StringPiece>& groups, std::string_view substitution,
            std::string& into, std::size_t bytes_max) {
  for (std::size_t at = 0; at < substitution.size() && into.size() <= bytes_max; ++at) {
    std::size_t end = 0;
    std::string_view name;
    if (substitution[at] == '$' && at + 1 < substitution.size()) {
      if (substitution[at + 1] == '{') {
        end = substitution.find('}', at);
        if (end != std::string_view::npos) name = substitution.substr(at + 2, end - at - 2);
      } else if (substitution[at + 1] >= '0' && substitution[at + 1] <= '9') {
        end = at + 1;
        name = substitution.substr(end, 1);
      } else if (substitution[at + 1] == '$') {
        ++at;
      }
    }
    int number = name.empty() ? -1 : group_number(pattern, name);
    if (number < 0 || static_cast<std::size_t>(number) >= groups.size()) {
      into += substitution[at];
      continue;
    }
    const re2::StringPiece& group = groups[static_cast<std::size_t>(number)];
    into.append(group.data(), group.size());
    at = end;
  }
}

}  // namespace

Result<std::unique_ptr<re2::RE2>> compile_pattern(std::string_view pattern, std::string_view flags) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(limits::pattern_bytes_max);
  options.set_dot_nl(true);  // "single line" mode: the dot matches line ends
  std::string prefix;
  for (char flag : flags) {
    if (flag == 'i') {
      options.set_case_sensitive(false);
    } else if (flag == 'm') {
      prefix = "(?m)";
    } else if (flag != 's') {
      return Failure{Cause::Invalid, "A regular expression takes the flags i and m.", ""};
    }
  }
  auto compiled = std::make_unique<re2::RE2>(prefix + with_named_groups(pattern), options);
  if (!compiled->ok())
    return Failure{Cause::Invalid, "This is no regular expression that can be run in linear time: " + compiled->error() + ".",
                   ""};
  return compiled;
}

Result<std::shared_ptr<const re2::RE2>> kept_pattern(std::string_view pattern, std::string_view flags) {
  struct Kept {
    std::string pattern, flags;
    std::shared_ptr<const re2::RE2> compiled;
  };
  constexpr std::size_t kept_max = 8;
  thread_local std::array<Kept, kept_max> all;
  thread_local std::size_t oldest = 0;
  for (const Kept& each : all) {
    if (each.compiled && each.pattern == pattern && each.flags == flags) return each.compiled;
  }
  Result<std::unique_ptr<re2::RE2>> made = compile_pattern(pattern, flags);
  if (!made) return std::move(made).failure();
  Kept& kept = all[oldest];
  oldest = (oldest + 1) % kept_max;
  kept = {std::string(pattern), std::string(flags), *std::move(made)};
  return kept.compiled;
}

bool matches(const re2::RE2& pattern, std::string_view text, bool whole) {
  re2::StringPiece piece(text.data(), text.size());
  return whole ? re2::RE2::FullMatch(piece, pattern) : re2::RE2::PartialMatch(piece, pattern);
}

std::string replace_matches(const re2::RE2& pattern, std::string_view text, std::string_view substitution,
                            std::size_t bytes_max) {
  std::vector<re2::StringPiece> groups(static_cast<std::size_t>(pattern.NumberOfCapturingGroups()) + 1);
  re2::StringPiece whole(text.data(), text.size());
  std::string changed;
  std::size_t at = 0, copied = 0;
  while (at <= text.size() && changed.size() <= bytes_max &&
         pattern.Match(whole, at, text.size(), re2::RE2::UNANCHORED, groups.data(), static_cast<int>(groups.size()))) {
    std::size_t begin = static_cast<std::size_t>(groups[0].data() - text.data());
    changed += text.substr(copied, begin - copied);
    expand(pattern, groups, substitution, changed, bytes_max);
    copied = begin + groups[0].size();
    at = copied;
    if (groups[0].empty()) at += at < text.size() ? scalar_bytes(text, at) : 1;
  }
  changed += text.substr(copied);
  return changed;
}

}  // namespace vardbron::fhirpath
