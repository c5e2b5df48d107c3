#include "gateway/fhirpath/html_checks.h"

#include <algorithm>
#include <string>
#include <vector>

namespace vardbron::fhirpath {
namespace {

constexpr std::string_view elements[] = {
    "a",   "abbr", "acronym", "b",     "big", "blockquote", "br",  "caption", "cite", "code",  "col",  "colgroup",
    "dd",  "dfn",  "div",     "dl",    "dt",  "em",         "h1",  "h2",      "h3",   "h4",    "h5",   "h6",
    "hr",  "i",    "img",     "li",    "ol",  "p",          "pre", "q",       "samp", "small", "span", "strong",
    "sub", "sup",  "table",   "tbody", "td",  "tfoot",      "th",  "thead",   "tr",   "tt",    "ul",   "var"};
constexpr std::string_view attributes[] = {
    "abbr",        "accesskey",  "align",  "alt",     "axis",     "bgcolor",   "border",   "cellhalign", "cellpadding",
    "cellspacing", "cellvalign", "char",   "charoff", "charset",  "cite",      "class",    "colspan",    "compact",
    "coords",      "dir",        "frame",  "headers", "height",   "href",      "hreflang", "hspace",     "id",
    "lang",        "longdesc",   "name",   "nowrap",  "rel",      "rev",       "rowspan",  "rules",      "scope",
    "shape",       "span",       "src",    "start",   "style",    "summary",   "tabindex", "title",      "type",
    "valign",      "value",      "vspace", "width",   "xml:lang", "xml:space", "xmlns"};

template <std::size_t Size>
bool is_one_of(const std::string_view (&list)[Size], std::string_view word) {
  return std::find(std::begin(list), std::end(list), word) != std::end(list);
}

bool is_blank(char letter) { return letter == ' ' || letter == '\t' || letter == '\r' || letter == '\n'; }

class Checker {
 public:
  explicit Checker(std::string_view text) : text_(text) {}

  bool passes() {
    while (!is_broken_ && at_ < text_.size()) text_[at_] == '<' ? tag() : content();
    return !is_broken_ && open_.empty() && has_root_ && has_content_;
  }

 private:
  void content() {
    std::size_t end = std::min(text_.find('<', at_), text_.size());
    for (; at_ < end; ++at_) {
      if (is_blank(text_[at_])) continue;
      if (open_.empty()) is_broken_ = true;
      has_content_ = true;
    }
  }

  void tag() {
    if (text_.substr(at_, 4) == "<!--") {
      std::size_t end = text_.find("-->", at_);
      is_broken_ = end == std::string_view::npos;
      at_ = is_broken_ ? text_.size() : end + 3;
      return;
    }
    std::size_t end = text_.find('>', at_);
    if (end == std::string_view::npos) {
      is_broken_ = true;
      return;
    }
    std::string_view inside = text_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
    if (inside.starts_with('/')) {
      close(inside.substr(1));
    } else {
      open(inside);
    }
  }

  void close(std::string_view name) {
    while (!name.empty() && is_blank(name.back())) name.remove_suffix(1);
    is_broken_ = open_.empty() || open_.back() != name;
    if (!is_broken_) open_.pop_back();
  }

  void open(std::string_view inside) {
    bool is_empty = inside.ends_with('/');
    if (is_empty) inside.remove_suffix(1);
    std::size_t end = 0;
    while (end < inside.size() && !is_blank(inside[end])) ++end;
    std::string_view name = inside.substr(0, end);
    bool is_root = open_.empty();
    if (!is_one_of(elements, name) || (is_root && (has_root_ || name != "div"))) {
      is_broken_ = true;
      return;
    }
    has_root_ = true;
    if (name == "img") has_content_ = true;
    is_broken_ = !attributes_are_allowed(inside.substr(end));
    if (!is_empty) open_.push_back(name);
  }

  static bool attributes_are_allowed(std::string_view rest) {
    while (true) {
      while (!rest.empty() && is_blank(rest.front())) rest.remove_prefix(1);
      if (rest.empty()) return true;
      std::size_t equals = rest.find('=');
      if (equals == std::string_view::npos) return false;
      std::string_view name = rest.substr(0, equals);
      while (!name.empty() && is_blank(name.back())) name.remove_suffix(1);
      if (!is_one_of(attributes, name)) return false;
      rest.remove_prefix(equals + 1);
      while (!rest.empty() && is_blank(rest.front())) rest.remove_prefix(1);
      if (rest.empty() || (rest[0] != '"' && rest[0] != '\'')) return false;
      std::size_t end = rest.find(rest[0], 1);
      if (end == std::string_view::npos) return false;
      std::string_view value = rest.substr(1, end - 1);
      if ((name == "href" || name == "src") && value.starts_with("javascript:")) return false;
      rest.remove_prefix(end + 1);
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<std::string_view> open_;
  bool is_broken_ = false, has_root_ = false, has_content_ = false;
};

}  // namespace

bool is_narrative(std::string_view div) { return Checker(div).passes(); }

}  // namespace vardbron::fhirpath
