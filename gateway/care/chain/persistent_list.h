#pragma once

// Tested by tests/care/persistent_list_test.cpp.

#include <cstddef>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

namespace vardbron::care {

/// A list whose copies share its elements, which never change: a copy costs a pointer for each 64, and what is the same in both
/// is found cheaply. The elements may be read on any thread.
template <class T>
class PersistentList {
  static constexpr std::size_t chunk_size = 64;
  using Element = std::shared_ptr<const T>;
  using Chunk = std::vector<Element>;

 public:
  class const_iterator {
   public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = T;
    using difference_type = std::ptrdiff_t;
    using pointer = const T*;
    using reference = const T&;

    const_iterator() = default;
    const_iterator(const PersistentList* list, std::size_t at) : list_(list), at_(at) {}
    reference operator*() const { return (*list_)[at_]; }
    pointer operator->() const { return &(*list_)[at_]; }
    const_iterator& operator++() {
      ++at_;
      return *this;
    }
    const_iterator operator++(int) { return const_iterator(list_, at_++); }
    bool operator==(const const_iterator&) const = default;

   private:
    const PersistentList* list_ = nullptr;
    std::size_t at_ = 0;
  };
  using iterator = const_iterator;
  using value_type = T;

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  const T& operator[](std::size_t index) const { return *element(index); }
  const T& back() const { return (*this)[size_ - 1]; }
  const_iterator begin() const { return const_iterator(this, 0); }
  const_iterator end() const { return const_iterator(this, size_); }

  void push_back(T element) {
    if (size_ % chunk_size == 0) chunks_.push_back(std::make_shared<Chunk>());
    own(chunks_.back()).push_back(std::make_shared<const T>(std::move(element)));
    ++size_;
  }
  void replace(std::size_t index, T element) {
    own(chunks_[index / chunk_size])[index % chunk_size] = std::make_shared<const T>(std::move(element));
  }

  /// True: the element is the same object in both. False: they may be equal all the same.
  bool shares(const PersistentList& other, std::size_t index) const {
    if (index >= other.size_) return false;
    const std::size_t chunk = index / chunk_size;
    return chunks_[chunk] == other.chunks_[chunk] || element(index) == other.element(index);
  }
  bool operator==(const PersistentList& other) const {
    if (size_ != other.size_) return false;
    for (std::size_t index = 0; index < size_; ++index)
      if (!shares(other, index) && !((*this)[index] == other[index])) return false;
    return true;
  }

 private:
  const Element& element(std::size_t index) const { return (*chunks_[index / chunk_size])[index % chunk_size]; }

  /// Copied first, if another list has it.
  static Chunk& own(std::shared_ptr<Chunk>& chunk) {
    if (chunk.use_count() > 1) chunk = std::make_shared<Chunk>(*chunk);
    return *chunk;
  }

  std::vector<std::shared_ptr<Chunk>> chunks_;  // each is whole but the last
  std::size_t size_ = 0;
};

}  // namespace vardbron::care
