#include "gateway/mapping/syntax/print.h"

#include "gateway/base/text.h"
#include "gateway/mapping/syntax/print_layout.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace vardbron::mapping {

namespace {

using syntax::Comment;
using syntax::Name;
using syntax::Offset;
using syntax::Rule;

constexpr Offset the_end = UINT32_MAX;

bool is_word(std::string_view text) {
  auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  return !text.empty() && letter(text[0]) &&
         std::all_of(text.begin(), text.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

// Where a rule begins in the text; the same for all elements of `a -> b: x, y`.
Offset place_of(const Rule& rule) { return rule.sources.empty() ? rule.offset : rule.sources[0].offset; }

/// Where the comments of a text belong: before a part on their own lines, or at the end of a line.
class Notes {
 public:
  explicit Notes(const syntax::Map& map) : map_(map) {
    collect();
    for (const Comment& comment : map.comments) place(comment);
  }

  const std::vector<const Comment*>& before(Offset part) const { return find(before_, part); }
  const std::vector<const Comment*>& behind(Offset part) const { return find(behind_, part); }

  /// True if the author left a blank line above.
  bool has_blank_line_above(Offset offset) const {
    const std::string_view text = map_.text;
    if (offset > text.size()) return false;
    std::size_t at = offset;
    while (at > 0 && text[at - 1] != '\n') {
      --at;
      if (text[at] == ';' || text[at] == '}') return false;  // the line begins with something else
    }
    if (at == 0) return false;
    std::size_t above = at - 1;
    while (above > 0 && (text[above - 1] == ' ' || text[above - 1] == '\t' || text[above - 1] == '\r')) --above;
    return above == 0 || text[above - 1] == '\n';
  }

 private:
  using Index = std::map<Offset, std::vector<const Comment*>>;

  static const std::vector<const Comment*>& find(const Index& index, Offset part) {
    static const std::vector<const Comment*> none;
    auto found = index.find(part);
    return found == index.end() ? none : found->second;
  }

  void add(Offset part, bool begins_line = true) {
    parts_.insert(part);
    if (begins_line) lines_.insert(part);
  }

  void collect() {
    for (const syntax::Metadata& line : map_.metadata) add(line.offset);
    for (const syntax::EmbeddedConceptMap& codes : map_.concept_maps) {
      add(codes.id.offset);
      for (const auto& prefix : codes.prefixes) add(prefix.first.offset);
      for (const auto& unmapped : codes.unmapped) add(unmapped.first.offset);
      for (const syntax::CodePair& pair : codes.pairs) add(pair.source_prefix.offset);
      add(codes.close);
    }
    for (const syntax::Uses& uses : map_.uses) add(uses.canonical.offset);
    for (const Name& import : map_.imports) add(import.offset);
    for (const syntax::Constant& constant : map_.constants) add(constant.name.offset);
    for (const syntax::Group& group : map_.groups) {
      add(group.name.offset);
      collect(group.rules);
      add(group.close);
    }
    add(the_end);
  }

  void collect(const std::vector<Rule>& rules) {
    for (const Rule& rule : rules) {
      add(place_of(rule));
      for (const syntax::Target& target : rule.targets) add(target.offset, false);
      collect(rule.rules);
      if (!rule.rules.empty()) add(rule.close);
    }
  }

  void place(const Comment& comment) {
    auto next = parts_.lower_bound(comment.offset);
    if (comment.place == Comment::Place::Trailing && next != parts_.begin()) {
      behind_[*std::prev(next)].push_back(&comment);
    } else if (comment.place == Comment::Place::Inside && lines_.upper_bound(comment.offset) != lines_.begin()) {
      before_[*std::prev(lines_.upper_bound(comment.offset))].push_back(&comment);
    } else {
      before_[next == parts_.end() ? the_end : *next].push_back(&comment);
    }
  }

  const syntax::Map& map_;
  std::set<Offset> parts_, lines_;
  Index before_, behind_;
};

class Printer {
 public:
  explicit Printer(const syntax::Map& map) : map_(map), notes_(map) {}

  std::string run() {
    for (const syntax::Metadata& line : map_.metadata) print_metadata(line);
    for (const syntax::EmbeddedConceptMap& codes : map_.concept_maps) print_codes(codes);
    section();
    for (const syntax::Uses& uses : map_.uses) print_uses(uses);
    section();
    for (const Name& import : map_.imports) {
      begin(import.offset);
      out_ += "imports " + in_quotes(import.text, '"');
      end_line(import.offset);
    }
    section();
    for (const syntax::Constant& constant : map_.constants) {
      begin(constant.name.offset);
      out_ += "let " + name_text(constant.name) + " = " + in_one_line(constant.value.text) + ";";
      end_line(constant.name.offset);
    }
    for (const syntax::Group& group : map_.groups) print_group(group);
    section();
    print_notes(the_end, 0);
    while (out_.size() > 1 && out_.substr(out_.size() - 2) == "\n\n") out_.pop_back();
    return std::move(out_);
  }

 private:
  /// A blank line, unless there is one or nothing is printed yet.
  void section() { is_free_ = !out_.empty(); }

  /// The comments above a part, and its indentation.
  void begin(Offset part, std::size_t indent = 0) {
    print_notes(part, indent);
    free_line(part);
    out_.append(indent, ' ');
  }

  void print_notes(Offset part, std::size_t indent) {
    for (const Comment* comment : notes_.before(part)) {
      free_line(comment->place == Comment::Place::OwnLine ? comment->offset : 0);
      out_.append(indent, ' ');
      out_ += comment->text;
      out_ += '\n';
      is_opened_ = false;
    }
  }

  void free_line(Offset part) {
    const bool wanted = is_free_ || (!is_opened_ && notes_.has_blank_line_above(part));
    if (wanted && !out_.empty() && (out_.size() < 2 || out_.substr(out_.size() - 2) != "\n\n")) out_ += '\n';
    is_free_ = is_opened_ = false;
  }

  void end_line(Offset part) {
    behind(part);
    end_line();
  }
  void end_line() {
    for (const Comment* comment : waiting_) out_ += "  " + comment->text;
    waiting_.clear();
    out_ += '\n';
  }
  void behind(Offset part) {
    const std::vector<const Comment*>& comments = notes_.behind(part);
    waiting_.insert(waiting_.end(), comments.begin(), comments.end());
  }

  void print_metadata(const syntax::Metadata& line) {
    begin(line.offset);
    out_ += "/// " + line.path + " = ";
    const bool is_plain = line.value == "true" || line.value == "false";
    const bool is_long = line.value.find('\n') != std::string::npos && line.value.find("\"\"\"") == std::string::npos &&
                         line.value.find_last_not_of(" \t\r\n\f\v") == line.value.size() - 1 &&
                         line.value.find_first_not_of(" \t\r\n\f\v") == 0;
    out_ += is_plain ? line.value : is_long ? "\"\"\"\n" + line.value + "\n\"\"\"" : in_quotes(line.value, '\'');
    end_line(line.offset);
  }

  void print_uses(const syntax::Uses& uses) {
    static constexpr std::array<std::string_view, 4> modes{"source", "queried", "target", "produced"};
    begin(uses.canonical.offset);
    out_ += "uses " + in_quotes(uses.canonical.text, '"');
    if (uses.alias) out_ += " alias " + name_text(uses.alias);
    out_ += " as ";
    out_ += modes[static_cast<std::size_t>(uses.mode)];
    end_line(uses.canonical.offset);
  }

  static std::string name_text(const Name& name) { return is_word(name.text) ? name.text : in_quotes(name.text, '`'); }

  static std::string code_text(const Name& prefix, const Name& code, const std::string& display) {
    return name_text(prefix) + ":" + (is_word(code.text) ? code.text : in_quotes(code.text, '\'')) +
           (display.empty() ? "" : " " + in_quotes(display, '"'));
  }

  void print_codes(const syntax::EmbeddedConceptMap& codes) {
    section();
    begin(codes.id.offset);
    out_ += "conceptmap " + in_quotes(codes.id.text, '"') + " {";
    end_line(codes.id.offset);
    is_opened_ = true;
    for (const auto& [prefix, system] : codes.prefixes) {
      begin(prefix.offset, 2);
      out_ += "prefix " + name_text(prefix) + " = " + in_quotes(system.text, '"');
      end_line(prefix.offset);
    }
    for (const auto& [prefix, what] : codes.unmapped) {
      begin(prefix.offset, 2);
      out_ += "unmapped for " + name_text(prefix) + " = " + what;
      end_line(prefix.offset);
    }
    for (const syntax::CodePair& pair : codes.pairs) {
      begin(pair.source_prefix.offset, 2);
      out_ += code_text(pair.source_prefix, pair.source_code, pair.source_display);
      out_ += pair.target_prefix
                  ? " " + pair.relation + " " + code_text(pair.target_prefix, pair.target_code, pair.target_display)
                  : " --";
      end_line(pair.source_prefix.offset);
    }
    print_close(codes.close, 0);
    end_line();
  }

  void print_close(Offset close, std::size_t indent) {
    print_notes(close, indent + 2);
    is_opened_ = is_free_ = false;
    out_.append(indent, ' ');
    out_ += '}';
    behind(close);
  }

  void print_group(const syntax::Group& group) {
    section();
    begin(group.name.offset);
    std::string line = "group " + name_text(group.name) + "(";
    for (std::size_t i = 0; i < group.parameters.size(); ++i) {
      const syntax::Parameter& parameter = group.parameters[i];
      syntax::Source typed;  // a parameter's type is printed like a source's
      typed.path = {parameter.name};
      typed.type = parameter.type;
      std::string part = (parameter.is_source ? "source " : "target ") + print_source(typed);
      part += i + 1 < group.parameters.size() ? "," : ")";
      if (characters_in(line) + characters_in(part) + 3 > width_max) {
        out_ += line;
        out_ += '\n';
        line = "    " + part;
      } else {
        line += (i == 0 ? "" : " ") + part;
      }
    }
    out_ += line + (group.parameters.empty() ? ")" : "");
    if (group.extends) out_ += " extends " + name_text(group.extends);
    if (group.mode == syntax::TypeMode::Types) out_ += " <<types>>";
    if (group.mode == syntax::TypeMode::TypePlus) out_ += " <<type+>>";
    out_ += " {";
    end_line(group.name.offset);
    print_rules(group.rules, 2);
    print_close(group.close, 0);
    end_line();
  }

  void print_rules(const std::vector<Rule>& rules, std::size_t indent) {
    is_opened_ = true;
    for (std::size_t i = 0; i < rules.size();) {
      const bool is_batch = rules[i].is_identity && rules[i].offset != place_of(rules[i]);
      if (is_batch) {
        i = print_batch(rules, i, indent);
      } else {
        print_rule(rules[i++], indent);
      }
    }
  }

  /// `a -> b: x, y;` is printed as one rule. Returns the number of the next rule.
  std::size_t print_batch(const std::vector<Rule>& rules, std::size_t at, std::size_t indent) {
    const Rule& head = rules[at];
    // In a parsed text the rule's offset is that of the element's first name; in a tree from a resource it is the last name.
    std::size_t own = head.sources[0].path.size() - 1;
    for (std::size_t i = 0; i < own && head.offset != place_of(head); ++i) {
      if (head.sources[0].path[i].offset == head.offset) own = i;
    }
    const std::size_t length = head.sources[0].path.size() - own;
    syntax::Source source = head.sources[0];
    syntax::Target target = head.targets[0];
    source.path.resize(own);
    target.path.resize(target.path.size() - length);
    print_notes(head.targets[0].offset, indent);
    begin(place_of(head), indent);
    std::string line = print_source(source) + " -> " + print_target(target) + ": ";
    const Offset batch = place_of(head);
    std::size_t next = at;
    do {
      syntax::Source element;
      const std::vector<Name>& path = rules[next].sources[0].path;
      element.path.assign(path.begin() + static_cast<std::ptrdiff_t>(own), path.end());
      line += (next == at ? "" : ", ") + print_source(element);
      ++next;
    } while (next < rules.size() && head.offset != batch && rules[next].is_identity && place_of(rules[next]) == batch);
    const std::string& last = head.sources[0].path.back().text;
    if (!head.name.empty()) line += " " + in_quotes(head.name.substr(0, head.name.size() - last.size() - 1), '"');
    out_ += folded(line + ";", {indent, indent + 4, 0});
    behind(head.targets[0].offset);
    end_line(batch);
    return next;
  }

  void print_rule(const Rule& rule, std::size_t indent) {
    begin(place_of(rule), indent);
    behind(place_of(rule));
    const bool has_block = !rule.rules.empty();
    const std::string then = then_text(rule);
    const std::string tail = (rule.name.empty() ? "" : " " + in_quotes(rule.name, '"')) + ";";
    std::string line = sources_text(rule, ", ");
    for (std::size_t i = 0; i < rule.targets.size(); ++i) line += (i == 0 ? " -> " : ", ") + print_target(rule.targets[i]);
    line += then.empty() ? "" : " " + then;
    const std::size_t free = has_block ? 0 : characters_in(tail);
    if (has_notes_inside(rule)) {
      print_noted_rule(rule, then, tail, indent);
    } else {
      for (const syntax::Target& target : rule.targets) behind(target.offset);
      const bool fits = indent + characters_in(line) + free <= width_max;
      out_ += fits ? line : in_lines(rule, then, indent, free);
    }
    if (has_block) {
      end_line();
      print_rules(rule.rules, indent + 2);
      print_close(rule.close, indent);
    }
    out_ += tail;
    end_line();
  }

  static std::string sources_text(const Rule& rule, const std::string& between) {
    std::string out;
    for (const syntax::Source& source : rule.sources) out += (out.empty() ? "" : between) + print_source(source);
    return out;
  }

  static std::string then_text(const Rule& rule) {
    if (rule.calls.empty() && rule.rules.empty()) return {};
    std::string out = "then ";
    for (std::size_t i = 0; i < rule.calls.size(); ++i) out += (i == 0 ? "" : ", ") + print_call(rule.calls[i]);
    if (!rule.rules.empty()) out += rule.calls.empty() ? "{" : " {";
    return out;
  }

  bool has_notes_inside(const Rule& rule) const {
    for (std::size_t i = 0; i < rule.targets.size(); ++i) {
      if (!notes_.before(rule.targets[i].offset).empty()) return true;
      if (i + 1 < rule.targets.size() && !notes_.behind(rule.targets[i].offset).empty()) return true;
    }
    return !notes_.behind(place_of(rule)).empty() && !rule.targets.empty();
  }

  /// One target per line, each with its comments; the rest on the last line if it fits.
  void print_noted_rule(const Rule& rule, const std::string& then, const std::string& tail, std::size_t indent) {
    const std::string margin(indent + 4, ' ');
    std::size_t column = indent + characters_in(sources_text(rule, ", "));
    const bool is_long = column > width_max && rule.sources.size() > 1;
    out_ += sources_text(rule, is_long ? ",\n" + margin : ", ");
    if (is_long) column = margin.size() + characters_in(print_source(rule.sources.back()));
    for (std::size_t i = 0; i < rule.targets.size(); ++i) {
      const syntax::Target& target = rule.targets[i];
      const std::string text = (i == 0 ? "-> " : "") + print_target(target) + (i + 1 < rule.targets.size() ? "," : "");
      const bool fits = column + 1 + characters_in(text) <= width_max && waiting_.empty();
      if (i == 0 && fits && notes_.before(target.offset).empty()) {
        out_ += " " + text;
        column += 1 + characters_in(text);
      } else {
        end_line();
        print_notes(target.offset, margin.size());
        out_ += margin + text;
        column = margin.size() + characters_in(text);
      }
      behind(target.offset);
    }
    if (then.empty()) return;
    const bool fits =
        column + 1 + characters_in(then) + (rule.rules.empty() ? characters_in(tail) : 0) <= width_max && waiting_.empty();
    if (!fits) {
      end_line();
      out_ += margin + then;
    } else {
      out_ += " " + then;
    }
  }

  const syntax::Map& map_;
  Notes notes_;
  std::string out_;
  bool is_free_ = false;    ///< print a blank line before the next part
  bool is_opened_ = false;  ///< a block has just begun: no blank line
  std::vector<const Comment*> waiting_;
};

}  // namespace

std::string print(const syntax::Map& map) { return Printer(map).run(); }

}  // namespace vardbron::mapping
