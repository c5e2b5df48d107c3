#include "gateway/formats/text_check.h"

#include "gateway/base/utf8.h"
#include "gateway/formats/blocks.h"

#include <bit>

namespace vardbron::formats {

namespace {

bool is_refused_control(unsigned char byte) { return byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r'; }

/// The general path, byte by byte, from `at` up to at least `stop`. Returns where it ended, or nullptr at a fault.
const char* check_bytes(const char* at, const char* stop, const char* end, const char* begin, TextCheck& found,
                        tree::Lines& lines) {
  const auto fault = [&](TextCheck::Fault what) {
    found.fault = what;
    found.offset = static_cast<std::size_t>(at - begin);
    return nullptr;
  };
  while (at < stop) {
    const auto byte = static_cast<unsigned char>(*at);
    if (is_refused_control(byte)) return fault(TextCheck::Fault::ControlCharacter);
    if (byte == '\n') lines.note_end(static_cast<std::size_t>(at - begin));
    const std::size_t length = utf8_length(at, end);
    if (length == 0) return fault(TextCheck::Fault::NotUtf8);
    at += length;
  }
  return at;
}

}  // namespace

TextCheck check_text(std::string_view text, tree::Lines& lines) {
  lines.clear();
  TextCheck found;
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  const char* at = begin;
  while (end - at >= static_cast<std::ptrdiff_t>(Block::bytes)) {
    const Block block(at);
    if (block.above_ascii() != 0) {
      at = check_bytes(at, at + Block::bytes, end, begin, found, lines);
      if (at == nullptr) return found;
      continue;
    }
    if (unsigned controls = block.below_space(); controls != 0) {
      const unsigned line_ends = block.equal('\n');
      if ((controls & ~(line_ends | block.equal('\r') | block.equal('\t'))) != 0) break;
      for (unsigned left = line_ends; left != 0; left &= left - 1) {
        lines.note_end(static_cast<std::size_t>(at - begin) + static_cast<std::size_t>(std::countr_zero(left)));
      }
    }
    at += Block::bytes;
  }
  check_bytes(at, end, end, begin, found, lines);
  return found;
}

}  // namespace vardbron::formats
