#include "gateway/formats/xml/scan.h"

#include "gateway/formats/blocks.h"
#include "gateway/formats/xml/encoding.h"
#include "gateway/formats/xml/letters.h"

#include <algorithm>
#include <bit>
#include <charconv>

namespace vardbron::xml {

bool Scanner::scan() {
  at_ = declaration_length(body_);
  while (at_ < body_.size()) {
    if (!content()) return false;
  }
  if (!open_.empty()) return refuse_tag("An element has no end tag.", at_, {});
  return had_root_ || refuse("The document is empty.", at_);
}

bool Scanner::content() {
  if (letter() == '<') return markup();
  if (!open_.empty()) return text();
  skip_space();
  if (at_ == body_.size() || letter() == '<') return true;
  return refuse(had_root_ ? "Something follows the end of the document." : "The document does not begin with an element.", at_);
}

bool Scanner::markup() {
  if (starts_with("</")) return end_tag();
  if (starts_with("<?")) return instruction();
  if (starts_with("<!--")) return comment();
  if (starts_with("<![CDATA[") && !open_.empty()) return cdata();
  if (starts_with("<!DOCTYPE")) return refuse("A document type declaration is not allowed.", at_);
  if (had_root_ && open_.empty()) return refuse("Something follows the end of the document.", at_);
  return start_tag();
}

bool Scanner::start_tag() {
  const std::size_t start = at_++;
  const std::string_view tag = name();
  if (tag.empty()) return refuse("The name of an element is missing or not valid.", at_);
  attributes_.clear();
  while (true) {
    const bool had_space = skip_space();
    if (letter() == '>' || starts_with("/>")) break;
    if (at_ == body_.size()) return refuse_tag("A tag is not closed.", start, tag);
    if (!had_space) return refuse("White space in front of an attribute is missing.", at_);
    Attribute found;
    if (!attribute(found)) return false;
    if (attributes_.size() >= builder_.attributes_max()) return builder_.too_many_attributes(found.offset);
    attributes_.push_back(found);
  }
  had_root_ = true;
  if (!builder_.start_element(tag, attributes_, start)) return false;
  if (letter() == '>') {
    ++at_;
    open_.push_back(tag);
    return true;
  }
  at_ += 2;
  return builder_.end_element(at_);
}

bool Scanner::attribute(Attribute& found) {
  found.offset = at_;
  found.name = name();
  if (found.name.empty()) return refuse("The name of an attribute is missing or not valid.", at_);
  skip_space();
  if (letter() != '=') return refuse("An attribute needs '=' and a value in quotes.", at_);
  ++at_;
  skip_space();
  const char quote = letter();
  if (quote != '"' && quote != '\'') return refuse("An attribute needs '=' and a value in quotes.", at_);
  const std::size_t from = ++at_;
  const std::size_t plain_end = find_special(from, quote);
  if (plain_end < body_.size() && body_[plain_end] == quote) {
    found.value = body_.substr(from, plain_end - from);
    at_ = plain_end + 1;
    return true;
  }
  const std::size_t end = body_.find(quote, from);
  if (end == std::string_view::npos) return refuse("The value of an attribute has no closing quote.", from - 1);
  found.value = body_.substr(from, end - from);
  if (const std::size_t bracket = found.value.find('<'); bracket != std::string_view::npos) {
    return refuse("The value of an attribute holds '<'; write &lt;.", from + bracket);
  }
  if (!check_characters(from, end, found.is_plain)) return false;
  found.is_plain &= found.value.find_first_of("\t\n\r") == std::string_view::npos;
  at_ = end + 1;
  return true;
}

/// The first quote, bracket, ampersand or white space other than a blank, sixteen bytes at once: nearly every value has only the
/// quote that ends it. The body's end if there is none.
std::size_t Scanner::find_special(std::size_t at, char quote) const {
  for (; at < body_.size(); at += formats::Block::bytes) {
    const formats::Block block(body_.data() + at);
    const unsigned special = block.equal(quote) | block.equal('<') | block.equal('&') | block.below_space();
    if (special != 0) return std::min(at + static_cast<std::size_t>(std::countr_zero(special)), body_.size());
  }
  return body_.size();
}

bool Scanner::end_tag() {
  const std::size_t start = at_;
  at_ += 2;
  // Nearly every end tag is its start tag's name and '>'.
  if (!open_.empty() && starts_with(open_.back()) && at_ + open_.back().size() < body_.size() &&
      body_[at_ + open_.back().size()] == '>') {
    at_ += open_.back().size() + 1;
    open_.pop_back();
    return builder_.end_element(at_);
  }
  const std::string_view tag = name();
  skip_space();
  if (open_.empty()) return refuse_tag("An end tag belongs to no open element.", start, tag);
  if (tag != open_.back()) return refuse_tag("An end tag does not belong to the open element.", start, tag);
  if (letter() != '>') return refuse_tag("An end tag is not closed.", start, tag);
  ++at_;
  open_.pop_back();
  return builder_.end_element(at_);
}

bool Scanner::text() {
  const std::size_t start = at_;
  const std::size_t end = std::min(body_.find('<', at_), body_.size());
  if (const std::size_t close = body_.substr(start, end - start).find("]]>"); close != std::string_view::npos) {
    return refuse("A text holds ']]>'; write ]]&gt;.", start + close);
  }
  Text found{.text = body_.substr(start, end - start), .offset = start};
  if (!check_characters(start, end, found.is_plain)) return false;
  at_ = end;
  return builder_.text(found);
}

bool Scanner::cdata() {
  const std::size_t start = at_;
  const std::size_t from = start + 9;
  const std::size_t end = body_.find("]]>", from);
  if (end == std::string_view::npos) return refuse("A CDATA section is not closed.", start);
  at_ = end + 3;
  const std::string_view letters = body_.substr(from, end - from);
  return builder_.text(
      {.text = letters, .offset = start, .is_plain = letters.find('\r') == std::string_view::npos, .is_cdata = true});
}

bool Scanner::comment() {
  const std::size_t end = body_.find("--", at_ + 4);
  if (end == std::string_view::npos) return refuse("A comment is not closed.", at_);
  if (!body_.substr(end).starts_with("-->")) return refuse("A comment holds '--'.", end);
  at_ = end + 3;
  return true;
}

bool Scanner::instruction() {
  const std::size_t start = at_;
  const std::size_t end = body_.find("?>", at_ + 2);
  if (end == std::string_view::npos) return refuse("A processing instruction is not closed.", start);
  at_ += 2;
  const std::string_view target = name();
  if (target.empty() || (!is_space(letter()) && at_ != end)) return refuse("A processing instruction has no valid name.", start);
  const auto is_letter = [&](std::size_t at, char wanted) { return (target[at] | 0x20) == wanted; };
  if (target.size() == 3 && is_letter(0, 'x') && is_letter(1, 'm') && is_letter(2, 'l')) {
    return refuse("An XML declaration stands at the very start only.", start);
  }
  at_ = end + 2;
  return true;
}

/// Checks references; a text without them and without carriage returns is plain.
bool Scanner::check_characters(std::size_t from, std::size_t to, bool& is_plain) {
  const std::string_view letters = body_.substr(from, to - from);
  is_plain = letters.find('\r') == std::string_view::npos;
  for (std::size_t at = letters.find('&'); at != std::string_view::npos; at = letters.find('&', at + 1)) {
    is_plain = false;
    if (!check_reference(from + at, to)) return false;
  }
  return true;
}

bool Scanner::check_reference(std::size_t at, std::size_t end) {
  constexpr std::size_t reference_bytes_max = 64;  // leading zeros are allowed, but not unlimited
  const std::string_view behind = body_.substr(at + 1, std::min(end - at - 1, reference_bytes_max));
  const std::size_t semicolon = behind.find(';');
  if (semicolon == std::string_view::npos) {
    const bool is_too_long = behind.size() == reference_bytes_max && behind.front() == '#' &&
                             behind.find_first_not_of("0123456789abcdefABCDEFx", 1) == std::string_view::npos;
    if (is_too_long) return refuse("A reference to a character is longer than 64 characters.", at, Cause::TooLarge);
    return refuse("An '&' begins no reference; write &amp;.", at);
  }
  const std::string_view reference = behind.substr(0, semicolon);
  if (referred_letter(reference) != 0) return true;
  if (reference.starts_with('#')) return refuse("A reference stands for no character that XML allows.", at);
  return refuse("An entity other than lt, gt, amp, apos and quot is not allowed.", at);
}

std::uint32_t referred_letter(std::string_view reference) {
  if (reference == "lt") return '<';
  if (reference == "gt") return '>';
  if (reference == "amp") return '&';
  if (reference == "apos") return '\'';
  if (reference == "quot") return '"';
  if (!reference.starts_with('#')) return 0;
  reference.remove_prefix(1);
  const bool is_hex = reference.starts_with('x');
  if (is_hex) reference.remove_prefix(1);
  std::uint32_t point = 0;
  const char* const end = reference.data() + reference.size();
  const auto [stop, error] = std::from_chars(reference.data(), end, point, is_hex ? 16 : 10);
  return error == std::errc{} && stop == end && is_character(point) ? point : 0;
}

bool Scanner::skip_space() {
  const std::size_t start = at_;
  while (at_ < body_.size() && is_space(body_[at_])) ++at_;
  return at_ > start;
}

std::string_view Scanner::name() {
  const std::string_view found = body_.substr(at_, name_length(body_.substr(at_)));
  at_ += found.size();
  return found;
}

bool Scanner::refuse(const char* says, std::size_t where, Cause cause) {
  fault_ = {cause, says, where};
  return false;
}

bool Scanner::refuse_tag(const char* says, std::size_t where, std::string_view tag) {
  fault_ = {Cause::Invalid, says, where, tag, open_.empty() ? std::string_view() : open_.back()};
  return false;
}

}  // namespace vardbron::xml
