#pragma once

// Tested by tests/system/store/sqlite/tamper_test.cpp and tests/system/store/sqlite/resealing_test.cpp.

#include "gateway/base/hmac.h"
#include "gateway/base/random.h"
#include "gateway/base/result.h"

#include <filesystem>
#include <string_view>

namespace vardbron::store {

/// The key of a store's seal: a file of its own, which may be on another disk or belong to another owner. Each use has a key of
/// its own, made from it.
struct SealKey {
  explicit SealKey(std::string_view secret);

  HmacKey rows;    ///< prints of rows
  HmacKey signer;  ///< the seal in the store
  HmacKey hider;   ///< its content, since the sums would reveal the prints of single rows
  HmacKey lines;   ///< exported seals
  HmacKey aside;   ///< rows of the access log's fallback file (audit_fallback.h)

  /// NotFound: there is no such file. Broken: it cannot be read, is readable by others, or contains no key.
  static Result<SealKey> read(const std::filesystem::path& file);
  /// A new key, in a new file that only its owner may read, synced.
  static Result<SealKey> make(const std::filesystem::path& file, Random& random);
};

}  // namespace vardbron::store
