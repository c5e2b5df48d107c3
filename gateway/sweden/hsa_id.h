#pragma once

// Tested by tests/sweden/organisation_test.cpp.

#include "gateway/base/result.h"

#include <compare>
#include <string>
#include <string_view>

namespace vardbron::sweden {

/// An id in the national catalogue of units and persons (HSA): "SE", the owner's organisationsnummer, "-", a suffix.
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

/// Normalises an HSA-id, which the catalogue compares regardless of case: upper case, without surrounding white space. Any other
/// text is only trimmed.
std::string normal_hsa_id(std::string_view text);

/// Of the normal form: at most 31 characters; the suffix is A-Z 0-9; the organisationsnummer must pass its check. Invalid
/// otherwise.
Result<HsaId> parse_hsa_id(std::string_view text);

/// "SE", ten digits, a hyphen and letters or digits, in the normal form; the check digit is not checked.
bool looks_like_hsa_id(std::string_view text);

/// A unit as a URI, for meta.source and endpoints. `urn:oid:1.2.752.29.4.19:SE..` would be no valid OID, which has digits and
/// dots only.
std::string hsa_uri(std::string_view hsa_id);

/// A sender's name of a unit for display: short, without control characters and without what may be a person's number.
/// "system|value" of a register of organisations (SOR, GLN) is unchanged.
std::string shown(std::string_view name);

/// True when both have the form of HSA-ids of one legal body: units of the same region or municipality. Check digits are not
/// checked.
bool same_body(std::string_view one, std::string_view other);

}  // namespace vardbron::sweden
