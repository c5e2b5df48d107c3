#pragma once

// Tested by tests/tree/names_test.cpp.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace vardbron::tree {

/// A growing set of texts, numbered 0, 1, 2 .. in order of insertion. Finds a text of up to 16 bytes without reading its
/// characters: head, tail and length identify it. Texts keep their addresses until clear(). One thread while it grows.
class NameTable {
 public:
  static constexpr std::uint32_t none = 0xFFFFFFFFu;

  /// With a salt strangers cannot choose texts that collide.
  explicit NameTable(std::uint64_t salt = 0) : salt_(salt) {}

  std::uint32_t find(std::string_view text) const;
  /// Number of the text; adds it if it is new.
  std::uint32_t add(std::string_view text);
  std::string_view text(std::uint32_t number) const { return texts_[number]; }
  std::uint32_t size() const { return static_cast<std::uint32_t>(texts_.size()); }
  /// Discards the texts, keeps the memory of the slots.
  void clear();

 private:
  struct Slot {
    std::uint64_t head = 0;
    std::uint64_t tail = 0;
    std::uint32_t length = 0;
    std::uint32_t number = none;
  };
  struct Key {
    std::uint64_t head;
    std::uint64_t tail;
    std::uint64_t hash;
  };
  Key key_of(std::string_view text) const;
  void grow();
  std::string_view keep(std::string_view text);

  std::uint64_t salt_;
  std::vector<Slot> slots_;  // open addressing, size is a power of two, at most half full
  std::vector<std::string_view> texts_;
  std::vector<std::unique_ptr<char[]>> blocks_;
  std::size_t block_left_ = 0;
};

}  // namespace vardbron::tree
