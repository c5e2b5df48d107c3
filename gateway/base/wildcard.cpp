#include "gateway/base/wildcard.h"

namespace vardbron {

// A star first matches nothing; where the rest does not match, the last star takes one more character.
bool fits_wildcard(std::string_view pattern, std::string_view text, char one_letter) {
  std::size_t star = std::string_view::npos, retry = 0, p = 0, t = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      retry = t;
    } else if (p < pattern.size() && (pattern[p] == one_letter || pattern[p] == text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++retry;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

}  // namespace vardbron
