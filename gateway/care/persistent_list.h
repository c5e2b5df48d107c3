#pragma once

// Tested by tests/care/persistent_list_test.cpp.

#include <cstddef>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

namespace vardbron::care {

/// A list whose copies share its elements, which never change: a copy costs a pointer for each, and what is
/// the same in both is found cheaply. The elements may be read on any thread.
template <class T>
class PersistentList {
  using Elements = std::vector<std::shared_ptr<const T>>;

 public:
  class const_iterator {
   public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = T;
    using difference_type = std::ptrdiff_t;
    using pointer = const T*;
    using reference = const T&;

    const_iterator() = default;
    explicit const_iterator(typename Elements::const_iterator at) : at_(at) {}
    reference operator*() const { return **at_; }
    pointer operator->() const { return at_->get(); }
    const_iterator& operator++() {
      ++at_;
      return *this;
    }
    const_iterator operator++(int) { return const_iterator(at_++); }
    bool operator==(const const_iterator&) const = default;

   private:
    typename Elements::const_iterator at_{};
  };
  using iterator = const_iterator;
  using value_type = T;

  std::size_t size() const { return elements_.size(); }
  bool empty() const { return elements_.empty(); }
  const T& operator[](std::size_t index) const { return *elements_[index]; }
  const T& back() const { return *elements_.back(); }
  const_iterator begin() const { return const_iterator(elements_.begin()); }
  const_iterator end() const { return const_iterator(elements_.end()); }

  void reserve(std::size_t size) { elements_.reserve(size); }
  void push_back(T element) { elements_.push_back(std::make_shared<const T>(std::move(element))); }
  void replace(std::size_t index, T element) { elements_[index] = std::make_shared<const T>(std::move(element)); }

  /// True: the element is the same object in both. False: they may be equal all the same.
  bool shares(const PersistentList& other, std::size_t index) const {
    return index < other.size() && elements_[index] == other.elements_[index];
  }
  bool operator==(const PersistentList& other) const {
    if (size() != other.size()) return false;
    for (std::size_t index = 0; index < size(); ++index)
      if (!shares(other, index) && !((*this)[index] == other[index])) return false;
    return true;
  }

 private:
  Elements elements_;
};

}  // namespace vardbron::care
