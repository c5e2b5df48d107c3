#pragma once

#include "gateway/fhirpath/values/value.h"

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace vardbron::fhirpath {

class Arena {
 public:
  std::string_view keep(std::string_view text);
  const Quantity* keep(const Quantity& quantity);  ///< its unit is not copied
  const TypeInfo* keep(const TypeInfo& info);
  const tree::Document& keep(tree::Document document);  ///< created elements
  /// Uninitialised memory for a text.
  char* room(std::size_t bytes);
  std::size_t bytes() const { return bytes_; }
  /// Discards everything, keeps one block.
  void clear();

 private:
  static constexpr std::size_t block_bytes = 4096;

  void* take(std::size_t bytes, std::size_t alignment);

  std::vector<std::unique_ptr<std::byte[]>> blocks_;
  std::vector<std::unique_ptr<tree::Document>> documents_;
  std::byte* open_ = nullptr;
  std::size_t left_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace vardbron::fhirpath
