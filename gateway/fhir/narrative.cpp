#include "gateway/fhir/narrative.h"

#include "gateway/base/limits.h"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace vardbron::fhir {

namespace {

constexpr std::string_view xhtml_namespace = "http://www.w3.org/1999/xhtml";

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

/// Bytes above ASCII count as name characters: no allowed name contains those that XML 1.0 excludes.
bool is_name_letter(char letter, bool is_first) {
  if ((letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || letter == '_' || letter == ':' || letter < 0)
    return true;
  return !is_first && ((letter >= '0' && letter <= '9') || letter == '-' || letter == '.');
}

/// The character of a reference, given without & and ;, 0 if XML does not define it.
std::uint32_t referred(std::string_view reference) {
  constexpr std::pair<std::string_view, char> known[] = {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};
  for (const auto& [name, letter] : known)
    if (reference == name) return static_cast<std::uint32_t>(letter);
  if (!reference.starts_with('#')) return 0;
  reference.remove_prefix(1);
  const std::uint32_t base = reference.starts_with('x') ? 16 : 10;
  if (base == 16) reference.remove_prefix(1);
  std::uint32_t point = 0;
  for (const char letter : reference) {
    const char small = static_cast<char>(letter | 0x20);
    const bool is_digit = letter >= '0' && letter <= '9';
    if (!is_digit && (base == 10 || small < 'a' || small > 'f')) return 0;
    point = point * base + static_cast<std::uint32_t>(is_digit ? letter - '0' : small - 'a' + 10);
    if (point > 0x10FFFF) return 0;
  }
  const bool is_control = point < 0x20 && point != 9 && point != 10 && point != 13;
  const bool is_none = (point >= 0xD800 && point <= 0xDFFF) || point == 0xFFFE || point == 0xFFFF;
  return is_control || is_none ? 0 : point;
}

/// Normalises a URL or style like a browser: references resolved, blanks and control characters removed, lower case.
std::string as_read(std::string_view value) {
  std::string out;
  for (std::size_t at = 0; at < value.size(); ++at) {
    std::uint32_t point = static_cast<unsigned char>(value[at]);
    if (point == '&') {
      const std::size_t end = std::min(value.find(';', at), value.size());
      point = referred(value.substr(at + 1, end - at - 1));
      at = end;
    }
    if (point <= 0x20 || point == 0x7F) continue;
    out += point >= 'A' && point <= 'Z' ? static_cast<char>(point | 0x20) : point < 0x100 ? static_cast<char>(point) : '?';
  }
  return out;
}

/// The scheme of a URL; "" for a relative one.
std::string_view scheme_of(std::string_view url) {
  const std::size_t end = url.find_first_of(":/?#");
  return end == std::string_view::npos || url[end] != ':' ? std::string_view{} : url.substr(0, end);
}

constexpr std::string_view active_schemes[] = {"javascript", "vbscript", "livescript", "data", "file", "jar", "about", "blob"};
constexpr std::string_view image_schemes[] = {"", "http", "https", "cid"};

bool is_safe_link(std::string_view value) { return !is_one_of(active_schemes, scheme_of(as_read(value))); }

/// An image is contained (#..), inline (data:image/..), or fetched from a web server.
bool is_image_source(std::string_view value) {
  const std::string url = as_read(value);
  return url.starts_with("data:") ? url.starts_with("data:image/") : is_one_of(image_schemes, scheme_of(url));
}

bool is_safe_style(std::string_view value) {
  const std::string style = as_read(value);
  for (const std::string_view active :
       {"javascript:", "vbscript:", "expression(", "@import", "behavior:", "-moz-binding", "/*", "\\"})
    if (style.find(active) != std::string::npos) return false;
  return true;
}

/// Validates markup in one pass; stops at the first fault.
class Reader {
 public:
  Reader(std::string_view text, bool is_narrative) : text_(text), is_narrative_(is_narrative) {}

  std::string fault() {
    check_characters();
    while (says_.empty() && at_ < text_.size()) text_[at_] == '<' ? markup() : content();
    if (says_.empty() && !open_.empty()) refuse("has an element that is not closed");
    if (says_.empty() && !had_root_) refuse("is not a <div>");
    return says_;
  }

  std::string fault_or_emptiness() {
    if (fault().empty() && !has_content_) refuse("has nothing to read in it");
    return says_;
  }

 private:
  void refuse(std::string_view why) {
    if (says_.empty()) says_ = "The narrative " + std::string(why) + ", at byte " + std::to_string(at_ + 1) + " of it.";
  }

  void check_characters() {
    for (std::size_t at = 0; at < text_.size() && says_.empty(); ++at) {
      const auto byte = static_cast<unsigned char>(text_[at]);
      if (byte >= 0x20 && byte != 0xEF) continue;
      const bool is_none = text_.substr(at, 3) == "\xEF\xBF\xBE" || text_.substr(at, 3) == "\xEF\xBF\xBF";
      if (!is_none && (byte >= 0x20 || is_blank(text_[at]))) continue;
      at_ = at;
      refuse("has a character that XML does not allow");
    }
  }

  void content() {
    const std::size_t end = std::min(text_.find('<', at_), text_.size());
    if (const std::size_t found = text_.substr(0, end).find("]]>", at_); found != std::string_view::npos) {
      at_ = found;
      return refuse("has ]]> in its text");
    }
    while (at_ < end && says_.empty()) {
      const bool is_reference = text_[at_] == '&';
      if (!is_blank(text_[at_]) && open_.empty()) return refuse("has text outside its <div>");
      if (!is_blank(text_[at_])) has_content_ = true;
      is_reference ? reference(end) : void(++at_);
    }
  }

  /// Only XML's five entities and numeric references are defined: HTML's &nbsp; must be &#160;.
  void reference(std::size_t end) {
    const std::size_t semicolon = text_.substr(0, end).find(';', at_);
    const bool is_known = semicolon != std::string_view::npos && referred(text_.substr(at_ + 1, semicolon - at_ - 1)) != 0;
    if (!is_known) return refuse("has a & that begins none of XML's references");
    at_ = semicolon + 1;
  }

  void markup() {
    if (starts_with("<!--")) return comment();
    if (starts_with("<![CDATA[")) return cdata();
    if (starts_with("<!")) return refuse("has a DOCTYPE or another declaration");
    if (starts_with("<?")) return refuse("has a processing instruction");
    if (starts_with("</")) return close();
    open();
  }

  bool starts_with(std::string_view letters) const { return text_.substr(at_).starts_with(letters); }

  void comment() {
    const std::size_t dashes = text_.find("--", at_ + 4);
    if (dashes == std::string_view::npos || text_.substr(dashes, 3) != "-->")
      return refuse("has a comment that is not well-formed");
    at_ = dashes + 3;
  }

  void cdata() {
    const std::size_t end = text_.find("]]>", at_);
    if (open_.empty() || end == std::string_view::npos) return refuse("has a CDATA section that is not well-formed");
    has_content_ = true;
    at_ = end + 3;
  }

  std::string_view name() {
    const std::size_t from = at_;
    while (at_ < text_.size() && is_name_letter(text_[at_], at_ == from)) ++at_;
    return text_.substr(from, at_ - from);
  }

  void skip_blanks() {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  }

  void close() {
    const std::size_t from = at_;
    at_ += 2;
    const std::string_view named = name();
    skip_blanks();
    const bool is_closed = starts_with(">") && !open_.empty() && open_.back() == named;
    if (!is_closed) {
      at_ = from;
      return refuse("has an end tag that closes no element");
    }
    ++at_;
    open_.pop_back();
  }

  void open() {
    const std::size_t from = at_++;
    const std::string_view named = name();
    const bool is_root = open_.empty();
    if (named.empty() || (is_root && had_root_)) {
      at_ = from;
      return refuse(named.empty() ? "has a < that begins no element" : "goes on behind its <div>");
    }
    if (is_narrative_ && (is_root ? named != "div" : !is_one_of(elements, named))) {
      at_ = from;
      return refuse(is_root ? "is not a <div>" : "has an element that FHIR does not allow in it");
    }
    if (open_.size() >= limits::document_depth_max) return refuse("is nested too deep");
    had_root_ = true;
    has_content_ = has_content_ || named == "img";
    seen_.clear();
    while (says_.empty() && !starts_with(">") && !starts_with("/>")) attribute(named);
    if (!says_.empty()) return;
    if (is_narrative_ && is_root && std::find(seen_.begin(), seen_.end(), "xmlns") == seen_.end()) {
      at_ = from;
      return refuse("is not in XHTML's namespace (xmlns=\"http://www.w3.org/1999/xhtml\")");
    }
    const bool is_empty = starts_with("/>");
    at_ += is_empty ? 2 : 1;
    if (!is_empty) open_.push_back(named);
  }

  void attribute(std::string_view element) {
    const bool is_apart = at_ < text_.size() && is_blank(text_[at_]);
    skip_blanks();
    if (starts_with(">") || starts_with("/>")) return;
    const std::size_t from = at_;
    const std::string_view named = name();
    skip_blanks();
    const bool has_equals = starts_with("=");
    if (has_equals) ++at_;
    skip_blanks();
    const char quote = at_ < text_.size() ? text_[at_] : '\0';
    const std::size_t end = quote == '"' || quote == '\'' ? text_.find(quote, at_ + 1) : std::string_view::npos;
    if (!is_apart || named.empty() || !has_equals || end == std::string_view::npos) {
      at_ = from;
      return refuse("has a tag that is not well-formed");
    }
    if (std::find(seen_.begin(), seen_.end(), named) != seen_.end()) return refuse("has an attribute twice");
    seen_.push_back(named);
    const std::string_view value = text_.substr(at_ + 1, end - at_ - 1);
    ++at_;
    while (says_.empty() && at_ < end) {
      if (text_[at_] == '<') return refuse("has a < in an attribute");
      text_[at_] == '&' ? reference(end) : void(++at_);
    }
    if (!says_.empty()) return;
    at_ = from;
    if (is_narrative_) check_attribute(element, named, value);
    at_ = end + 1;
  }

  void check_attribute(std::string_view element, std::string_view named, std::string_view value) {
    if (!is_one_of(attributes, named)) return refuse("has an attribute that FHIR does not allow in it");
    if (named == "xmlns" && value != xhtml_namespace) return refuse("is not in XHTML's namespace");
    const bool is_image = named == "src" || (named == "longdesc" && element == "img");
    if (is_image && !is_image_source(value)) return refuse("has an image whose source is none of those that FHIR allows");
    if ((named == "href" || named == "cite") && !is_safe_link(value)) return refuse("has a link that runs a program");
    if (named == "style" && !is_safe_style(value)) return refuse("has a style that loads or runs something");
  }

  std::string_view text_;
  bool is_narrative_;
  std::size_t at_ = 0;
  std::vector<std::string_view> open_, seen_;
  bool had_root_ = false, has_content_ = false;
  std::string says_;
};

}  // namespace

std::string narrative_fault(std::string_view div) { return Reader(div, true).fault(); }

std::string narrative_or_emptiness_fault(std::string_view div) { return Reader(div, true).fault_or_emptiness(); }

std::string markup_fault(std::string_view element) { return Reader(element, false).fault(); }

}  // namespace vardbron::fhir
