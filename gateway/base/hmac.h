#pragma once

#include "gateway/base/digest.h"

#include <memory>
#include <string_view>

namespace vardbron {

/// A key of HMAC-SHA-256 (RFC 2104): the part that depends on the key alone is computed once. Any thread.
class HmacKey {
 public:
  explicit HmacKey(std::string_view key);
  ~HmacKey();
  HmacKey(HmacKey&&) noexcept;
  HmacKey& operator=(HmacKey&&) = delete;

  Sha256 sign(std::string_view bytes) const;

 private:
  struct States;
  std::unique_ptr<States> states_;
};

}  // namespace vardbron
