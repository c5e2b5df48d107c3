#include "gateway/mapping/syntax/print_layout.h"

#include "gateway/base/text.h"
#include "gateway/mapping/syntax/print.h"

#include <algorithm>
#include <array>
#include <set>
#include <vector>

namespace vardbron::mapping {

namespace {

/// A position where a line may be broken.
struct Break {
  std::size_t at;     // of the first character of the next line; a blank precedes it
  std::size_t depth;  // of parentheses
  bool is_inner;      // before an operator, which binds closer than a comma
  std::size_t rank() const { return 2 * depth + (is_inner ? 1 : 0); }
};

bool goes_on_with(std::string_view rest, std::size_t depth) {
  static constexpr std::array<std::string_view, 3> clauses{"where (", "check (", "log ("};
  static constexpr std::array<std::string_view, 6> operators{"and ", "or ", "xor ", "implies ", "& ", "| "};
  auto begins = [rest](std::string_view word) { return rest.starts_with(word); };
  return depth == 0 ? std::any_of(clauses.begin(), clauses.end(), begins)
                    : std::any_of(operators.begin(), operators.end(), begins);
}

std::vector<Break> breaks_in(std::string_view text) {
  std::vector<Break> found;
  std::size_t depth = 0;
  char quote = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (quote != 0) {
      if (c == '\\')
        ++at;
      else if (c == quote)
        quote = 0;
      continue;
    }
    if (c == '\'' || c == '"' || c == '`') quote = c;
    if (c == '(' || c == '[' || c == '{') ++depth;
    if ((c == ')' || c == ']' || c == '}') && depth > 0) --depth;
    if (c != ' ' || at == 0 || at + 1 == text.size()) continue;
    const char before = text[at - 1];
    const bool is_assigned = depth == 0 && before == '=' && at >= 2 && text[at - 2] == ' ';
    if (before == ',' || is_assigned)
      found.push_back({at + 1, depth, false});
    else if (goes_on_with(text.substr(at + 1), depth))
      found.push_back({at + 1, depth, depth > 0});
  }
  return found;
}

/// The last of the outermost positions that fit; if none fits, the first position.
const Break* best_of(const std::vector<Break>& breaks, std::string_view text, std::size_t begin, std::size_t room) {
  const Break* best = nullptr;
  for (const Break& each : breaks) {
    if (each.at <= begin) continue;
    const bool fits = characters_in(text.substr(begin, each.at - 1 - begin)) <= room;
    if (!fits) return best == nullptr ? &each : best;
    if (best == nullptr || each.rank() <= best->rank()) best = &each;
  }
  return best;
}

/// Groups the targets of a rule: one that uses no variable of those before it begins a new group.
std::vector<std::vector<std::string>> chains_of(const syntax::Rule& rule) {
  std::vector<std::vector<std::string>> chains;
  std::set<std::string, std::less<>> made;
  for (std::size_t i = 0; i < rule.targets.size(); ++i) {
    const syntax::Target& target = rule.targets[i];
    if (target.path.empty() || !made.contains(target.path.front().text)) {
      chains.emplace_back();
      made.clear();
    }
    if (target.alias) made.insert(target.alias.text);
    chains.back().push_back(print_target(target) + (i + 1 < rule.targets.size() ? "," : ""));
  }
  return chains;
}

class Layout {
 public:
  explicit Layout(std::size_t column) : column_(column) {}

  void begin_line(std::size_t margin) {
    text_ += "\n" + std::string(margin, ' ');
    column_ = margin;
  }
  void put(std::string_view text, std::size_t margin, std::size_t tail) {
    const std::string lines = folded(text, {column_, margin, tail});
    text_ += lines;
    const std::size_t last = lines.rfind('\n');
    column_ =
        last == std::string::npos ? column_ + characters_in(lines) : characters_in(std::string_view(lines).substr(last + 1));
  }
  /// After a blank if it fits or takes fewer lines, else on a new line.
  void add(std::string_view text, std::size_t margin, std::size_t tail) {
    const std::size_t here = lines_of(folded(text, {column_ + 1, margin + 4, tail}));
    const std::size_t below = lines_of(folded(text, {margin, margin + 4, tail})) + 1;
    const bool fits = column_ + 1 + characters_in(text) + tail <= width_max;
    if (fits || (here > 1 && here < below))
      put(" ", margin, 0);
    else
      begin_line(margin);
    put(text, margin + 4, tail);
  }
  std::string text() && { return std::move(text_); }

 private:
  static std::size_t lines_of(std::string_view text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1;
  }

  std::string text_;
  std::size_t column_;
};

}  // namespace

std::string folded(std::string_view text, Fold fold) {
  std::string lines;
  std::size_t begin = 0, column = fold.column;
  const std::vector<Break> breaks = breaks_in(text);
  while (column + characters_in(text.substr(begin)) + fold.tail > width_max) {
    const Break* at = best_of(breaks, text, begin, width_max > column ? width_max - column : 0);
    if (at == nullptr) break;
    column = fold.margin + 2 * std::min<std::size_t>(at->depth, 4);
    lines.append(text, begin, at->at - 1 - begin).append("\n").append(column, ' ');
    begin = at->at;
  }
  return lines.append(text, begin);
}

std::string in_lines(const syntax::Rule& rule, const std::string& then, std::size_t indent, std::size_t tail) {
  const std::size_t margin = indent + 4;
  Layout layout(indent);
  for (std::size_t i = 0; i < rule.sources.size(); ++i) {
    const std::string source = print_source(rule.sources[i]) + (i + 1 < rule.sources.size() ? "," : "");
    i == 0 ? layout.put(source, margin, 0) : layout.add(source, margin, 0);
  }
  const std::vector<std::vector<std::string>> chains = chains_of(rule);
  for (std::size_t chain = 0; chain < chains.size(); ++chain) {
    const std::size_t inner = chains.size() > 1 ? margin + 2 : margin;
    for (std::size_t i = 0; i < chains[chain].size(); ++i) {
      const bool is_last = chain + 1 == chains.size() && i + 1 == chains[chain].size();
      const std::size_t free = is_last && then.empty() ? tail : 0;
      if (i > 0) {
        layout.add(chains[chain][i], inner, free);
      } else if (chain == 0) {
        layout.add("-> " + chains[chain][i], margin, free);
      } else {
        layout.begin_line(margin);
        layout.put(chains[chain][i], inner + 2, free);
      }
    }
  }
  if (!then.empty()) layout.add(then, margin, tail);
  return std::move(layout).text();
}

}  // namespace vardbron::mapping
