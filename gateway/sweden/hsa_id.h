#pragma once

#include "gateway/base/result.h"

#include <compare>
#include <string>
#include <string_view>

namespace vardbron::sweden {

/// A name in the national catalogue of units and persons: "SE", the owner's organisationsnummer, "-", a suffix.
class HsaId {
 public:
  std::string_view text() const { return text_; }
  std::string_view organisation() const { return std::string_view(text_).substr(2, 10); }  ///< ten digits
  auto operator<=>(const HsaId&) const = default;

 private:
  explicit HsaId(std::string text) : text_(std::move(text)) {}
  friend Result<HsaId> parse_hsa_id(std::string_view text);
  std::string text_;
};

/// At most 31 characters; the suffix is A-Z a-z 0-9; the organisationsnummer must pass its check. Invalid otherwise.
Result<HsaId> parse_hsa_id(std::string_view text);

/// True when both have the form of HSA-ids of one legal body: units of the same region or municipality. Check digits are not
/// looked at.
bool same_body(std::string_view one, std::string_view other);

}  // namespace vardbron::sweden
