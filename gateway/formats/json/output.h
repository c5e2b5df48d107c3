#pragma once

#include "gateway/formats/blocks.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <string>
#include <string_view>

namespace vardbron::json {

/// Writes to the end of a string through a pointer. Texts given to put_string must be followed by 16 readable bytes, like those
/// of a tree::Document. The string is valid again after finish().
class Output {
 public:
  Output(std::string& out, std::size_t expected) : out_(out), used_(out.size()) { grow(expected); }

  void put(char byte) {
    room(1);
    *at_++ = byte;
  }
  void put_raw(std::string_view text) {
    room(text.size());
    std::memcpy(at_, text.data(), text.size());
    at_ += text.size();
  }
  /// A line feed and two spaces per level.
  void put_line(std::size_t depth) {
    room(2 * depth + 1);
    *at_++ = '\n';
    std::memset(at_, ' ', 2 * depth);
    at_ += 2 * depth;
  }
  /// In quotes, escaped by RFC 8259 section 7.
  void put_string(std::string_view text) {
    put_opened('"', text);
    *at_++ = '"';  // fits in the slack of room()
  }
  void put_key(std::string_view name, bool with_underscore, bool with_space) {
    if (with_underscore) {
      put('"');
      put_opened('_', name);
    } else {
      put_opened('"', name);
    }
    std::memcpy(at_, "\": ", 3);
    at_ += with_space ? 3 : 2;
  }
  void finish() { out_.resize(static_cast<std::size_t>(at_ - out_.data())); }

 private:
  using Block = formats::Block;
  static constexpr std::size_t slack = 64;  // space that every piece may use without a check: one block and a few characters

  void room(std::size_t bytes) {
    if (static_cast<std::size_t>(end_ - at_) < bytes + slack) [[unlikely]] {
      used_ = static_cast<std::size_t>(at_ - out_.data());
      grow(bytes);
    }
  }
  void grow(std::size_t bytes) {
    out_.resize(std::max(used_ + bytes + 2 * slack, out_.size() + out_.size() / 2));
    at_ = out_.data() + used_;
    end_ = out_.data() + out_.size();
  }

  /// Whole blocks are copied before they are scanned; the part after an escape is copied again.
  void put_opened(char opening, std::string_view text) {
    room(text.size());
    *at_++ = opening;
    const char* from = text.data();
    std::size_t left = text.size();
    while (left > 0) {
      const Block block(from);
      block.store(at_);
      unsigned special = block.below_space() | block.equal('"') | block.equal('\\');
      if (left < Block::bytes) special &= (1u << left) - 1;
      if (special == 0) {
        const std::size_t step = std::min(left, Block::bytes);
        at_ += step;
        from += step;
        left -= step;
        continue;
      }
      const auto plain = static_cast<std::size_t>(std::countr_zero(special));
      at_ += plain;
      put_escape(static_cast<unsigned char>(from[plain]));
      from += plain + 1;
      left -= plain + 1;
      room(left);
    }
  }

  void put_escape(unsigned char byte) {
    constexpr const char* digits = "0123456789abcdef";
    *at_++ = '\\';
    switch (byte) {
      case '"':
      case '\\': *at_++ = static_cast<char>(byte); return;
      case '\b': *at_++ = 'b'; return;
      case '\f': *at_++ = 'f'; return;
      case '\n': *at_++ = 'n'; return;
      case '\r': *at_++ = 'r'; return;
      case '\t': *at_++ = 't'; return;
      default:
        std::memcpy(at_, "u00", 3);
        at_[3] = digits[byte >> 4];
        at_[4] = digits[byte & 15];
        at_ += 5;
    }
  }

  std::string& out_;
  std::size_t used_;
  char* at_ = nullptr;
  char* end_ = nullptr;
};

}  // namespace vardbron::json
