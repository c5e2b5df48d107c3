#pragma once

#include "gateway/base/random.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vardbron::access {

/// Makes texts that nobody can read or change and only this process can open again: what a search asked for, as a page's link
/// carries it. AES-256-GCM with a key that lives as long as the process, so a text of before a restart does not open. Any thread.
class SealedText {
 public:
  explicit SealedText(Random& random);  ///< outlives this; any thread may be using it
  SealedText(const SealedText&) = delete;

  /// `purpose` is bound to it: opened for another one it does not open.
  std::string seal(std::string_view text, std::string_view purpose) const;
  std::optional<std::string> open(std::string_view sealed, std::string_view purpose) const;

 private:
  void fill(std::uint8_t* bytes, std::size_t count) const;

  Random& random_;
  std::array<std::uint8_t, 32> key_;
};

}  // namespace vardbron::access
