// Tested by tests/mapping/print_test.cpp and tests/mapping/forms_test.cpp.

#include "gateway/mapping/syntax/print.h"

#include <algorithm>
#include <array>

namespace vardbron::mapping {

namespace {

using syntax::Argument;
using syntax::LiteralKind;
using syntax::Name;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v'; }

bool is_word(std::string_view text) {
  return !text.empty() && is_letter(text[0]) &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_letter(c) || is_digit(c); });
}

std::string name_text(const Name& name) { return is_word(name.text) ? name.text : in_quotes(name.text, '`'); }

// Bundle.entry is printed as it is; anything else that is no word is quoted.
std::string type_text(const Name& type) {
  std::string_view rest = type.text;
  while (true) {
    const std::size_t dot = rest.find('.');
    if (!is_word(rest.substr(0, dot))) return in_quotes(type.text, '`');
    if (dot == std::string_view::npos) return type.text;
    rest.remove_prefix(dot + 1);
  }
}

std::string path_text(const std::vector<Name>& path) {
  std::string out;
  for (const Name& name : path) out += (out.empty() ? "" : ".") + name_text(name);
  return out;
}

std::string literal_text(const Argument& argument) {
  switch (argument.literal) {
    case LiteralKind::String: return in_quotes(argument.text, '\'');
    case LiteralKind::Date: return "@" + argument.text;
    case LiteralKind::DateTime: return "@" + argument.text + (argument.text.find('T') == std::string::npos ? "T" : "");
    case LiteralKind::Time: return "@T" + argument.text;
    default: return argument.text;
  }
}

std::string arguments_text(const std::vector<Argument>& arguments) {
  std::string out = "(";
  for (const Argument& argument : arguments) out += (out.size() == 1 ? "" : ", ") + print_argument(argument);
  return out + ")";
}

std::string in_parentheses(const syntax::Expression& expression) { return "(" + in_one_line(expression.text) + ")"; }

std::string transform_text(const syntax::Target& target) {
  switch (target.kind) {
    case syntax::Target::Kind::Call: return name_text(target.function) + arguments_text(target.arguments);
    case syntax::Target::Kind::Expression: return in_parentheses(target.expression);
    case syntax::Target::Kind::Copy:
    case syntax::Target::Kind::Literal: return target.arguments.empty() ? "" : print_argument(target.arguments[0]);
    case syntax::Target::Kind::Create: break;
  }
  return {};
}

}  // namespace

std::string in_quotes(std::string_view text, char quote) {
  std::string out(1, quote);
  for (const char c : text) {
    switch (c) {
      case '\f': out += "\\f"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (c == quote || c == '\\') out += '\\';
        out += c;
    }
  }
  return out + quote;
}

std::string in_one_line(std::string_view expression) {
  std::string out;
  char quote = 0;
  for (std::size_t i = 0; i < expression.size(); ++i) {
    const char c = expression[i];
    if (quote != 0) {
      out += c;
      if (c == '\\' && i + 1 < expression.size())
        out += expression[++i];
      else if (c == quote)
        quote = 0;
    } else if (is_blank(c)) {
      if (!out.empty() && out.back() != ' ') out += ' ';
    } else {
      if (c == '\'' || c == '"' || c == '`') quote = c;
      out += c;
    }
  }
  while (!out.empty() && out.back() == ' ' && quote == 0) out.pop_back();
  return out;
}

std::string print_argument(const syntax::Argument& argument) {
  switch (argument.kind) {
    case Argument::Kind::Literal: return literal_text(argument);
    case Argument::Kind::Path: return path_text(argument.path);
    case Argument::Kind::Expression: break;
  }
  return in_one_line(argument.expression.text);
}

std::string print_call(const syntax::Call& call) { return name_text(call.group) + arguments_text(call.arguments); }

std::string print_source(const syntax::Source& source) {
  static constexpr std::array<std::string_view, 6> lists{"", "first", "not_first", "last", "not_last", "only_one"};
  std::string out = path_text(source.path);
  if (source.type) out += " : " + type_text(source.type);
  if (source.has_cardinality)
    out += " " + std::to_string(source.min) + ".." + (source.max == UINT32_MAX ? std::string("*") : std::to_string(source.max));
  if (source.default_value) out += " default " + in_parentheses(source.default_value);
  if (source.list != syntax::SourceList::All) out += " " + std::string(lists[static_cast<std::size_t>(source.list)]);
  if (source.alias) out += " as " + name_text(source.alias);
  if (source.where) out += " where " + in_parentheses(source.where);
  if (source.check) out += " check " + in_parentheses(source.check);
  if (source.log) out += " log " + in_parentheses(source.log);
  return out;
}

std::string print_target(const syntax::Target& target) {
  std::string out = path_text(target.path);
  const std::string transform = transform_text(target);
  if (!transform.empty()) out += (out.empty() ? "" : " = ") + transform;
  if (target.alias) out += " as " + name_text(target.alias);
  switch (target.list) {
    case syntax::TargetList::None: break;
    case syntax::TargetList::First: out += " first"; break;
    case syntax::TargetList::Last: out += " last"; break;
    case syntax::TargetList::Share: out += " share " + name_text(target.share); break;
    case syntax::TargetList::Single: out += " single"; break;
  }
  return out;
}

}  // namespace vardbron::mapping
