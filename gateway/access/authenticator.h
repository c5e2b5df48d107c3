#pragma once

#include "gateway/access/caller.h"
#include "gateway/base/digest.h"
#include "gateway/base/result.h"
#include "gateway/http/message.h"

#include <string>
#include <vector>

namespace vardbron::access {

/// One principal of the configuration: an organisation, its token and its rights.
struct Principal {
  std::string organisation;  ///< HSA-id, or `system|value` if the organisation has none
  std::string name;          ///< for people
  std::string token;         ///< in clear (hashed when loaded), or `sha256:` and 64 hex digits
  bool may_send = false;
  bool may_receive = false;
  bool may_operate = false;
  std::vector<std::string> units{};  ///< units it may send notices for (sender_permissions.h); none = the units of its own body
};

/// Authenticates requests. Keeps digests, never tokens. Immutable after `open`; any thread.
class Authenticator {
 public:
  /// Invalid, with the principal's index in the list: no organisation, a token shorter than limits::token_bytes_min or with
  /// characters outside a Bearer token, a malformed digest, or a duplicate token.
  static Result<Authenticator> open(const std::vector<Principal>& principals);

  /// Unauthenticated, with the same text and the same steps for a missing, a malformed and an unknown token. Source: RFC 6750
  /// section 2.1.
  Result<Caller> caller(const http::Request& request) const;

 private:
  struct Entry {
    Sha256 digest{};
    Caller caller;
  };
  std::vector<Entry> entries_;
};

}  // namespace vardbron::access
