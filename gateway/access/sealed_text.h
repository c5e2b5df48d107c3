#pragma once

#include "gateway/base/random.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vardbron::access {

/// Encrypts and authenticates texts that only this process can open again: the parameters of a search in a page's link.
/// AES-256-GCM with a key that lives as long as the process, so a text from before a restart does not open. Any thread.
class SealedText {
 public:
  explicit SealedText(Random& random);  ///< must outlive this and be safe for any thread
  SealedText(const SealedText&) = delete;

  /// `purpose` is authenticated: the text does not open for another one.
  std::string seal(std::string_view text, std::string_view purpose) const;
  std::optional<std::string> open(std::string_view sealed, std::string_view purpose) const;

 private:
  void fill(std::uint8_t* bytes, std::size_t count) const;

  Random& random_;
  std::array<std::uint8_t, 32> key_;
};

}  // namespace vardbron::access
