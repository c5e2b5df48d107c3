#include "gateway/tree/name_table.h"

#include <cstring>

namespace vardbron::tree {

namespace {

constexpr std::size_t block_bytes = 4096;
constexpr std::size_t look_ahead_bytes = 16;  // as for every text of a document
constexpr std::size_t slots_first = 64;

std::uint64_t load8(const char* from) {
  std::uint64_t word;
  std::memcpy(&word, from, sizeof word);
  return word;
}

std::uint64_t load4(const char* from) {
  std::uint32_t word;
  std::memcpy(&word, from, sizeof word);
  return word;
}

std::uint64_t load1(const char* from) { return static_cast<unsigned char>(*from); }

}  // namespace

NameTable::Key NameTable::key_of(std::string_view text) const {
  const char* begin = text.data();
  const std::size_t length = text.size();
  std::uint64_t head = 0, tail = 0, middle = 0;
  if (length >= 8) {
    head = load8(begin);
    tail = load8(begin + length - 8);
    for (std::size_t at = 8; at + 8 < length; at += 8) middle = (middle ^ load8(begin + at)) * 0x9FB21C651E98DF25u;
  } else if (length >= 4) {
    head = load4(begin);
    tail = load4(begin + length - 4);
  } else if (length > 0) {
    head = load1(begin) | load1(begin + length / 2) << 8 | load1(begin + length - 1) << 16;
  }
  std::uint64_t hash = (head ^ salt_) * 0x9E3779B97F4A7C15u + (tail + length) * 0xD6E8FEB86659FD93u + middle;
  hash ^= hash >> 32;
  hash *= 0xD6E8FEB86659FD93u;
  return {head, tail, hash ^ hash >> 29};
}

std::uint32_t NameTable::find(std::string_view text) const {
  if (slots_.empty()) return none;
  const Key key = key_of(text);
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = key.hash & mask;; at = (at + 1) & mask) {
    const Slot& slot = slots_[at];
    if (slot.number == none) return none;
    if (slot.head != key.head || slot.tail != key.tail || slot.length != text.size()) continue;
    if (text.size() <= 16 || texts_[slot.number] == text) return slot.number;
  }
}

std::uint32_t NameTable::add(std::string_view text) {
  if (const std::uint32_t known = find(text); known != none) return known;
  if (slots_.size() <= 2 * texts_.size()) grow();
  const Key key = key_of(text);
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = key.hash & mask;
  while (slots_[at].number != none) at = (at + 1) & mask;
  slots_[at] = {key.head, key.tail, static_cast<std::uint32_t>(text.size()), size()};
  texts_.push_back(keep(text));
  return size() - 1;
}

void NameTable::clear() {
  if (texts_.empty()) return;
  slots_.assign(slots_.size(), Slot{});
  texts_.clear();
  blocks_.clear();
  block_left_ = 0;
}

void NameTable::grow() {
  std::vector<Slot> old(slots_.empty() ? slots_first : 2 * slots_.size());
  old.swap(slots_);
  const std::size_t mask = slots_.size() - 1;
  for (const Slot& slot : old) {
    if (slot.number == none) continue;
    std::size_t at = key_of(texts_[slot.number]).hash & mask;
    while (slots_[at].number != none) at = (at + 1) & mask;
    slots_[at] = slot;
  }
}

std::string_view NameTable::keep(std::string_view text) {
  if (text.empty()) return {};
  if (text.size() > block_bytes / 4) {  // a block of its own; the current one is continued
    blocks_.push_back(std::make_unique<char[]>(text.size() + look_ahead_bytes));
    std::memcpy(blocks_.back().get(), text.data(), text.size());
    const std::string_view kept(blocks_.back().get(), text.size());
    if (block_left_ > 0) std::swap(blocks_.back(), blocks_[blocks_.size() - 2]);
    return kept;
  }
  if (block_left_ < text.size()) {
    blocks_.push_back(std::make_unique<char[]>(block_bytes + look_ahead_bytes));
    block_left_ = block_bytes;
  }
  char* place = blocks_.back().get() + (block_bytes - block_left_);
  std::memcpy(place, text.data(), text.size());
  block_left_ -= text.size();
  return {place, text.size()};
}

}  // namespace vardbron::tree
