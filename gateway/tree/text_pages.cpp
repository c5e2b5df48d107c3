#include "gateway/tree/text_pages.h"

#include "gateway/base/check.h"

#include <algorithm>
#include <cstring>

namespace vardbron::tree {

std::uint32_t TextPages::keep(std::string_view text) {
  if (text.empty()) return 0;
  if (open_ >= pages_.size() || used_ + text.size() > pages_[open_].size) [[unlikely]]
    open_page(text.size());
  std::memcpy(pages_[open_].bytes.get() + used_, text.data(), text.size());
  const std::uint32_t kept = place(open_, used_);
  used_ += text.size();
  return kept;
}

std::uint32_t TextPages::place(std::size_t page, std::size_t offset) const {
  CHECK(page < 0x10000u && offset < 0x10000u);
  return static_cast<std::uint32_t>(page << 16 | offset);
}

/// Opens the next page with enough space.
void TextPages::open_page(std::size_t bytes) {
  while (open_ < pages_.size() && used_ + bytes > pages_[open_].size) {
    ++open_;
    used_ = 0;
  }
  if (open_ < pages_.size()) return;
  const std::size_t doubled = first_page_bytes << std::min<std::size_t>(pages_.size(), 5);
  const std::size_t size = std::max(std::min(doubled, page_bytes), bytes);
  // Not zeroed: the look-ahead bytes after a text may be read, but are never used.
  pages_.push_back({std::make_unique_for_overwrite<char[]>(size + look_ahead_bytes), size});
}

void TextPages::clear() {
  std::erase_if(pages_, [](const Page& page) { return page.size > page_bytes; });
  open_ = used_ = 0;
}

}  // namespace vardbron::tree
