#pragma once

#include "gateway/base/hmac.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vardbron::access {

/// Names rows of the access log to callers: 16 hexadecimal digits, a permutation of the row's number under a secret of the store,
/// the same as long as it lives. A number would count what others do. Any thread.
class AuditIds {
 public:
  explicit AuditIds(const std::string& secret);
  std::string id_of(std::int64_t number) const;
  /// None: not an id of a row that there may be.
  std::optional<std::int64_t> number_of(std::string_view id) const;

 private:
  std::uint32_t mixed(unsigned round, std::uint32_t half) const;

  HmacKey key_;
};

}  // namespace vardbron::access
