#include "gateway/workbench/line_diff.h"

#include "gateway/base/limits.h"
#include "gateway/base/text.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace vardbron::workbench {

namespace {

constexpr std::size_t around = 2;

struct Line {
  char mark = ' ';
  std::string_view text;
  std::size_t number = 0;  ///< in the old text
};

using Lines = std::vector<std::string_view>;

/// Longest common subsequence of lines, by the table of lengths.
void compare(const Lines& a, const Lines& b, std::size_t offset, std::vector<Line>& out) {
  const std::size_t width = b.size() + 1;
  std::vector<std::uint32_t> length((a.size() + 1) * width, 0);
  for (std::size_t i = a.size(); i-- > 0;) {
    for (std::size_t j = b.size(); j-- > 0;)
      length[i * width + j] =
          a[i] == b[j] ? length[(i + 1) * width + j + 1] + 1 : std::max(length[(i + 1) * width + j], length[i * width + j + 1]);
  }
  std::size_t i = 0, j = 0;
  while (i < a.size() || j < b.size()) {
    if (i < a.size() && j < b.size() && a[i] == b[j]) {
      out.push_back({' ', a[i], offset + i});
      ++i;
      ++j;
    } else if (i < a.size() && (j == b.size() || length[(i + 1) * width + j] >= length[i * width + j + 1])) {
      out.push_back({'-', a[i], offset + i});
      ++i;
    } else {
      out.push_back({'+', b[j], offset + i});
      ++j;
    }
  }
}

std::vector<Line> all_lines(Lines a, Lines b) {
  std::vector<Line> out;
  std::size_t same = 0;
  while (same < a.size() && same < b.size() && a[same] == b[same]) out.push_back({' ', a[same], same}), ++same;
  std::size_t tail = 0;
  while (tail < a.size() - same && tail < b.size() - same && a[a.size() - 1 - tail] == b[b.size() - 1 - tail]) ++tail;
  const Lines old_middle(a.begin() + static_cast<std::ptrdiff_t>(same), a.end() - static_cast<std::ptrdiff_t>(tail));
  const Lines new_middle(b.begin() + static_cast<std::ptrdiff_t>(same), b.end() - static_cast<std::ptrdiff_t>(tail));
  if (old_middle.size() * new_middle.size() <= limits::line_pairs_max) {
    compare(old_middle, new_middle, same, out);
  } else {
    for (std::size_t i = 0; i < old_middle.size(); ++i) out.push_back({'-', old_middle[i], same + i});
    for (const std::string_view line : new_middle) out.push_back({'+', line, same + old_middle.size()});
  }
  for (std::size_t i = a.size() - tail; i < a.size(); ++i) out.push_back({' ', a[i], i});
  return out;
}

}  // namespace

std::string line_diff(std::string_view before, std::string_view after) {
  if (before == after) return {};
  const std::vector<Line> lines = all_lines(split(before, '\n'), split(after, '\n'));
  std::string out;
  std::size_t shown = 0;  // lines before this one are printed
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].mark == ' ') continue;
    const std::size_t from = std::max(shown, i > around ? i - around : 0);
    if (from > shown || shown == 0) out += "@@ " + std::to_string(lines[from].number + 1) + " @@\n";
    std::size_t end = i + 1, calm = 0;
    while (end < lines.size() && calm < around) calm = lines[end++].mark == ' ' ? calm + 1 : 0;
    for (std::size_t at = from; at < end; ++at) out.append(1, lines[at].mark).append(lines[at].text).append(1, '\n');
    shown = end;
    i = end - 1;
  }
  return out;
}

}  // namespace vardbron::workbench
