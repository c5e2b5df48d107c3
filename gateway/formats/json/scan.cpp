#include "gateway/formats/json/scan.h"

#include "gateway/base/utf8.h"
#include "gateway/formats/blocks.h"

#include <bit>
#include <cstring>

namespace vardbron::json {

using formats::Block;
using tree::Kind;

bool Scanner::scan(char* begin, const char* end) {
  begin_ = at_ = begin;
  end_ = end;
  open_.clear();
  fault_ = {};
  skip_space();
  if (at_ == end_) return refused("The document is empty.", at_);
  Next next = Next::Value;
  while (next != Next::End && next != Next::Stop) next = step(next);
  return next == Next::End;
}

Scanner::Next Scanner::step(Next next) {
  switch (next) {
    case Next::Value: return value();
    case Next::FirstKey: skip_space(); return *at_ == '}' ? close_object() : key();
    case Next::Key: return key();
    case Next::FirstItem: skip_space(); return *at_ == ']' ? close_list() : value();
    case Next::AfterValue: return after_value();
    case Next::End:
    case Next::Stop: break;
  }
  return next;
}

Scanner::Next Scanner::value() {
  skip_space();
  const std::size_t start = offset(at_);
  switch (*at_) {
    case '"':
      if (Text found; text(found)) return when(builder_.text(found.offset, found.length), Next::AfterValue);
      return Next::Stop;
    case '{':
      ++at_;
      open_.push_back({false, 0});
      return when(builder_.start_object(start), Next::FirstKey);
    case '[':
      ++at_;
      open_.push_back({true, 0});
      return when(builder_.start_list(start), Next::FirstItem);
    case 't': return literal("true", 4, Kind::Boolean);
    case 'f': return literal("false", 5, Kind::Boolean);
    case 'n': return literal("null", 4, Kind::Null);
    default: return number();
  }
}

Scanner::Next Scanner::literal(const char* word, std::size_t length, Kind kind) {
  // The NUL after the body ends the comparison of a truncated word.
  if (std::strncmp(at_, word, length) != 0) return refuse("A value is missing or is no JSON.", at_);
  at_ += length;
  return when(builder_.literal(kind, offset(at_) - length, length), Next::AfterValue);
}

Scanner::Next Scanner::number() {
  const char* const start = at_;
  if (*at_ == '-') ++at_;
  if (*at_ == '0') {
    ++at_;
  } else if (!digits()) {
    return refuse("A value is missing or is no JSON.", start);
  }
  if (*at_ == '.') {
    ++at_;
    if (!digits()) return refuse("A number is not complete.", at_);
  }
  if (*at_ == 'e' || *at_ == 'E') {
    ++at_;
    if (*at_ == '+' || *at_ == '-') ++at_;
    if (!digits()) return refuse("A number is not complete.", at_);
  }
  return when(builder_.literal(Kind::Number, offset(start), static_cast<std::size_t>(at_ - start)), Next::AfterValue);
}

bool Scanner::digits() {
  const char* const start = at_;
  while (*at_ >= '0' && *at_ <= '9') ++at_;
  return at_ != start;
}

Scanner::Next Scanner::key() {
  skip_space();
  if (*at_ != '"') return refuse("A key in double quotes is missing.", at_);
  Text found;
  if (!text(found)) return Next::Stop;
  skip_space();
  if (*at_ != ':') return refuse("A colon behind the key is missing.", at_);
  ++at_;
  return when(builder_.key(found.offset, found.length), Next::Value);
}

Scanner::Next Scanner::after_value() {
  skip_space();
  if (open_.empty()) return end();
  Bracket& bracket = open_.back();
  ++bracket.items;
  if (*at_ == ',') {
    ++at_;
    return bracket.is_list ? Next::Value : Next::Key;
  }
  if (bracket.is_list) return *at_ == ']' ? close_list() : refuse("A comma or the closing bracket is missing.", at_);
  return *at_ == '}' ? close_object() : refuse("A comma or the closing brace is missing.", at_);
}

Scanner::Next Scanner::close_object() {
  ++at_;
  open_.pop_back();
  return when(builder_.end_object(), Next::AfterValue);
}

Scanner::Next Scanner::close_list() {
  const std::size_t items = open_.back().items;
  open_.pop_back();
  return when(builder_.end_list(offset(at_++), items), Next::AfterValue);
}

Scanner::Next Scanner::end() { return at_ == end_ ? Next::End : refuse("Something follows the end of the document.", at_); }

void Scanner::skip_space() {
  if (static_cast<unsigned char>(*at_) > ' ') return;
  for (;; at_ += Block::bytes) {
    const Block block(at_);
    const unsigned space = block.equal(' ') | block.equal('\n') | block.equal('\r') | block.equal('\t');
    if (space != 0xFFFFu) {
      at_ += std::countr_one(space);
      return;
    }
  }
}

/// Nearly every text has no escape and is skipped in blocks; others are moved together while they are decoded.
bool Scanner::text(Text& found) {
  char* const start = ++at_;
  char* to = start;
  while (true) {
    const Block block(at_);
    const unsigned special = block.below_space() | block.equal('"') | block.equal('\\');
    const std::size_t plain = special == 0 ? Block::bytes : static_cast<std::size_t>(std::countr_zero(special));
    if (to != at_) std::memmove(to, at_, plain);
    to += plain;
    at_ += plain;
    if (special == 0) continue;
    if (*at_ == '"') break;
    if (at_ == end_) return refused("A text has no closing quote.", at_);
    if (*at_ != '\\') return refused("A text holds a line end or a tab; write it as an escape.", at_);
    to = unescape(to);
    if (to == nullptr) return false;
  }
  ++at_;
  found = {offset(start), static_cast<std::size_t>(to - start)};
  return true;
}

/// Decodes the escape at at_; returns the position after the decoded character, or nullptr.
char* Scanner::unescape(char* to) {
  const char* const start = at_++;
  const char letter = *at_++;
  switch (letter) {
    case '"':
    case '\\':
    case '/': *to = letter; break;
    case 'n': *to = '\n'; break;
    case 'r': *to = '\r'; break;
    case 't': *to = '\t'; break;
    case 'u': return unescape_unicode(to, start);
    case 'b':
    case 'f':
      if (fhir_) return refuse("A text holds a control character.", start), nullptr;
      *to = letter == 'b' ? '\b' : '\f';
      break;
    default: return refuse("A text holds an unknown escape.", start), nullptr;
  }
  return to + 1;
}

char* Scanner::unescape_unicode(char* to, const char* start) {
  unsigned point = 0;
  if (!hex4(point)) return refuse("An escape \\u needs four hexadecimal digits.", start), nullptr;
  if (point >= 0xD800 && point <= 0xDFFF) {
    unsigned low = 0;
    const bool has_low = point <= 0xDBFF && at_[0] == '\\' && at_[1] == 'u';
    if (has_low) at_ += 2;
    if (!has_low || !hex4(low) || low < 0xDC00 || low > 0xDFFF) {
      return refuse("A text holds half a surrogate pair.", start), nullptr;
    }
    point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
  }
  // FHIR R4 datatypes.html#string: no character below U+0020 but tab, line feed, carriage return.
  if (fhir_ && point < 0x20 && point != '\t' && point != '\n' && point != '\r') {
    return refuse("A text holds a control character.", start), nullptr;
  }
  struct {
    char* to;
    void push_back(char byte) { *to++ = byte; }
  } place{to};
  append_utf8(place, point);
  return place.to;
}

bool Scanner::hex4(unsigned& point) {
  point = 0;
  for (const char* const stop = at_ + 4; at_ != stop; ++at_) {
    const char digit = *at_;
    const char lower = static_cast<char>(digit | 0x20);
    if (digit >= '0' && digit <= '9') {
      point = point << 4 | static_cast<unsigned>(digit - '0');
    } else if (lower >= 'a' && lower <= 'f') {
      point = point << 4 | static_cast<unsigned>(lower - 'a' + 10);
    } else {
      return false;
    }
  }
  return true;
}

Scanner::Next Scanner::refuse(const char* says, const char* where) {
  fault_ = {Cause::Invalid, says, offset(where)};
  return Next::Stop;
}

}  // namespace vardbron::json
