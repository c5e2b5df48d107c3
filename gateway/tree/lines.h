#pragma once

// Tested by tests/formats/json/parse_test.cpp and tests/formats/xml/parse_test.cpp.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::tree {

/// A position in a text.
struct Position {
  std::uint32_t line = 0;    ///< 1-based; 0 = unknown
  std::uint32_t column = 0;  ///< 1-based, in bytes
  bool operator==(const Position&) const = default;
};

/// "3:17"; "" if unknown.
std::string to_string(Position position);

/// Offsets of a text's line ends, recorded before a parser rewrites the text in place.
class Lines {
 public:
  void note(std::string_view text);
  /// Records one line end, for a parser that visits every byte; offsets must ascend.
  void note_end(std::size_t offset) { ends_.push_back(static_cast<std::uint32_t>(offset)); }
  Position at(std::size_t offset) const;
  void clear() { ends_.clear(); }

 private:
  std::vector<std::uint32_t> ends_;
};

}  // namespace vardbron::tree
