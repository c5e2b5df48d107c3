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

/// How the catalogue compares its names: without white space around them and whatever the case of their letters. Capital letters
/// are the gateway's one spelling. A text that is no HSA-id is only freed of the white space.
std::string normal_hsa_id(std::string_view text);

/// Of the normal spelling: at most 31 characters; the suffix is A-Z 0-9; the organisationsnummer must pass its check. Invalid
/// otherwise.
Result<HsaId> parse_hsa_id(std::string_view text);

/// "SE", ten digits, a hyphen and letters or digits, in the normal spelling; no check digit is looked at.
bool looks_like_hsa_id(std::string_view text);

/// A unit as a URI, for meta.source and endpoints. An OID has digits and dots only, so `urn:oid:1.2.752.29.4.19:SE..` is none.
std::string hsa_uri(std::string_view hsa_id);

/// For a person's eyes: a name that a sender wrote, short, without control characters and without what may be a person's number.
/// "system|value" of a register of organisations (SOR, GLN) is shown as it was written.
std::string shown(std::string_view name);

/// True when both have the form of HSA-ids of one legal body: units of the same region or municipality. Check digits are not
/// looked at.
bool same_body(std::string_view one, std::string_view other);

}  // namespace vardbron::sweden
