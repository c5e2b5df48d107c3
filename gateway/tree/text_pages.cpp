#include "gateway/tree/text_pages.h"

#include "gateway/base/check.h"

#include <algorithm>
#include <cstring>

namespace vardbron::tree {

std::uint32_t TextPages::keep(std::string_view text) {
  const auto place = [](std::size_t page, std::size_t offset) {
    CHECK(page < 0x10000u);
    return static_cast<std::uint32_t>(page << 16 | offset);
  };
  if (text.empty()) return 0;
  if (text.size() > page_bytes) {
    pages_.push_back(std::make_unique<char[]>(text.size() + look_ahead_bytes));
    std::memcpy(pages_.back().get(), text.data(), text.size());
    const std::size_t page = pages_.size() - 1;
    large_.push_back(static_cast<std::uint32_t>(page));
    if (open_ == page) ++open_;
    return place(page, 0);
  }
  const bool has_open = open_ < pages_.size();
  if (!has_open || used_ + text.size() > page_bytes) {
    if (has_open) ++open_;
    while (open_ < pages_.size() && std::find(large_.begin(), large_.end(), open_) != large_.end()) ++open_;
    if (open_ == pages_.size()) pages_.push_back(std::make_unique<char[]>(page_bytes + look_ahead_bytes));
    used_ = 0;
  }
  std::memcpy(pages_[open_].get() + used_, text.data(), text.size());
  used_ += text.size();
  return place(open_, used_ - text.size());
}

void TextPages::clear() {
  for (auto page = large_.rbegin(); page != large_.rend(); ++page) pages_.erase(pages_.begin() + *page);
  large_.clear();
  open_ = used_ = 0;
}

}  // namespace vardbron::tree
