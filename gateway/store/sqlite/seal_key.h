#pragma once

// Tested by tests/system/store/sqlite/tamper_test.cpp and tests/system/store/sqlite/resealing_test.cpp.

#include "gateway/base/hmac.h"
#include "gateway/base/random.h"
#include "gateway/base/result.h"

#include <filesystem>
#include <string_view>

namespace vardbron::store {

/// The key by which a store's seal is made: a file of its own, which may lie on another disk or belong to another owner. Each use
/// has a key of its own, made from it.
struct SealKey {
  explicit SealKey(std::string_view secret);

  HmacKey rows;    ///< prints of rows
  HmacKey signer;  ///< the seal in the store
  HmacKey hider;   ///< what is in it: sums would tell what single rows add to them
  HmacKey lines;   ///< seals that are handed outside
  HmacKey aside;   ///< rows of the access log that are written aside (audit_fallback.h)

  /// NotFound: there is no such file. Broken: it cannot be read, may be read by others, or holds no key.
  static Result<SealKey> read(const std::filesystem::path& file);
  /// A new key, in a new file that its owner alone may read, synced.
  static Result<SealKey> make(const std::filesystem::path& file, Random& random);
};

}  // namespace vardbron::store
