#pragma once

#include "gateway/access/caller.h"
#include "gateway/base/digest.h"
#include "gateway/base/result.h"
#include "gateway/http/message.h"

#include <string>
#include <vector>

namespace vardbron::access {

/// One line of the configuration: an organisation, the token it shows, and what it may do with it.
struct Principal {
  std::string organisation;  ///< HSA-id, or `system|value` where the organisation has none
  std::string name;          ///< for people
  std::string token;         ///< as handed out (hashed when loaded), or `sha256:` and 64 hex digits
  bool may_send = false;
  bool may_receive = false;
  bool may_operate = false;
  std::vector<std::string> units{};  ///< for whom it may send notices (access/units.h); none = the units of its own body
};

/// Turns a request into a Caller. Keeps digests, never tokens. Immutable after `open`; any thread.
class Authenticator {
 public:
  /// Invalid: names the principal's place in the list and what to change (no organisation, a token shorter than
  /// limits::token_bytes_min or with characters that no Bearer token has, a digest that is none, one token given twice).
  static Result<Authenticator> open(const std::vector<Principal>& principals);

  /// Unauthenticated with one and the same text whether there is no token, a malformed one or an unknown one; it takes the
  /// same steps too. Source: RFC 6750 section 2.1.
  Result<Caller> caller(const http::Request& request) const;

 private:
  struct Entry {
    Sha256 digest{};
    Caller caller;
  };
  std::vector<Entry> entries_;
};

}  // namespace vardbron::access
