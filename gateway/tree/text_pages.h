#pragma once

// Tested by tests/tree/document_test.cpp.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace vardbron::tree {

/// Texts in pages that never move. A place is 32 bits: page number and offset in the page.
class TextPages {
 public:
  static constexpr std::size_t page_bytes = 1u << 16;
  static constexpr std::size_t first_page_bytes = 1u << 11;  ///< pages double from here: most documents are small
  static constexpr std::size_t look_ahead_bytes = 16;        ///< readable after every text

  /// Copies the text; a text longer than a page gets a page of its own.
  std::uint32_t keep(std::string_view text);
  const char* at(std::uint32_t place) const { return pages_[place >> 16].bytes.get() + (place & 0xFFFFu); }
  /// Discards the texts, keeps the pages of ordinary size.
  void clear();

 private:
  struct Page {
    std::unique_ptr<char[]> bytes;
    std::size_t size = 0;
  };
  std::uint32_t place(std::size_t page, std::size_t offset) const;
  void open_page(std::size_t bytes);

  std::vector<Page> pages_;
  std::size_t open_ = 0;  // page that is being filled; pages_.size() if there is none
  std::size_t used_ = 0;
};

}  // namespace vardbron::tree
