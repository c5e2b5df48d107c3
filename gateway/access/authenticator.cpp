#include "gateway/access/authenticator.h"

#include "gateway/base/check.h"
#include "gateway/base/limits.h"
#include "gateway/base/text.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string_view>

namespace vardbron::access {

namespace {

constexpr std::string_view digest_prefix = "sha256:";

// b64token of RFC 6750 section 2.1.
bool is_token(std::string_view text) {
  if (text.empty() || text.size() > limits::token_bytes_max) return false;
  std::size_t letters = std::min(text.find('='), text.size());
  auto plain = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           std::string_view("-._~+/").find(c) != std::string_view::npos;
  };
  std::string_view padding = text.substr(letters);
  return letters > 0 && std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(letters), plain) &&
         padding.find_first_not_of('=') == std::string_view::npos;
}

std::optional<Sha256> read_digest(std::string_view hex) {
  const std::optional<std::string> bytes = from_hex(hex);
  Sha256 digest{};
  if (!bytes || bytes->size() != digest.size()) return std::nullopt;
  std::copy(bytes->begin(), bytes->end(), digest.begin());
  return digest;
}

Result<Sha256> digest_of(std::string_view token, const std::string& where) {
  if (token.starts_with(digest_prefix)) {
    std::optional<Sha256> digest = read_digest(token.substr(digest_prefix.size()));
    if (!digest) return Failure{Cause::Invalid, "A digest is sha256: and 64 hexadecimal digits.", where + ".token"};
    return *digest;
  }
  if (token.size() < limits::token_bytes_min) {
    return Failure{Cause::Invalid, "A token has at least " + std::to_string(limits::token_bytes_min) + " characters.",
                   where + ".token"};
  }
  if (!is_token(token)) {
    return Failure{Cause::Invalid,
                   "A token has letters, digits and -._~+/ only, = at its end, and at most " +
                       std::to_string(limits::token_bytes_max) + " characters.",
                   where + ".token"};
  }
  return sha256(token);
}

bool is_organisation(std::string_view text) {
  auto visible = [](char c) { return c > ' ' && c < '\x7f'; };
  return !text.empty() && std::all_of(text.begin(), text.end(), visible);
}

// The token after "Bearer " in the only Authorization field; "" for anything else.
std::string_view presented_token(const http::Request& request) {
  std::string_view value;
  int found = 0;
  for (const http::Field& field : request.fields) {
    if (!equal_without_case(field.name, "Authorization")) continue;
    value = field.value;
    ++found;
  }
  constexpr std::string_view scheme = "Bearer ";
  if (found != 1 || !equal_without_case(value.substr(0, scheme.size()), scheme)) return {};
  std::string_view token = trim(value.substr(scheme.size()));
  return is_token(token) ? token : std::string_view{};
}

}  // namespace

Result<Authenticator> Authenticator::open(const std::vector<Principal>& principals) {
  if (principals.size() > limits::principals_max) {
    return Failure{Cause::TooLarge, "At most " + std::to_string(limits::principals_max) + " organisations may call.",
                   "principals"};
  }
  Authenticator authenticator;
  std::set<Sha256> seen;
  for (std::size_t at = 0; at < principals.size(); ++at) {
    const Principal& principal = principals[at];
    std::string where = "principals[" + std::to_string(at) + "]";
    if (!is_organisation(principal.organisation)) {
      return Failure{Cause::Invalid, "A principal needs its organisation's HSA-id, without spaces.", where + ".organisation"};
    }
    Result<Sha256> digest = digest_of(principal.token, where);
    if (!digest) return std::move(digest).failure();
    if (!seen.insert(*digest).second)
      return Failure{Cause::Invalid, "Another principal has this token already.", where + ".token"};
    Caller caller{principal.organisation, principal.name, principal.may_send, principal.may_receive, principal.may_operate};
    authenticator.entries_.push_back(Entry{*digest, std::move(caller)});
  }
  return authenticator;
}

Result<Caller> Authenticator::caller(const http::Request& request) const {
  std::string_view token = presented_token(request);
  Sha256 digest = sha256(token);
  const Entry* found = nullptr;
  // All entries are compared, also after a match, so that the time shows nothing of the list.
  for (const Entry& entry : entries_) {
    if (equal_in_constant_time(entry.digest, digest)) found = &entry;
  }
  if (found == nullptr || token.empty()) {
    return Failure{Cause::Unauthenticated, "A valid bearer token is needed.", ""};
  }
  return found->caller;
}

}  // namespace vardbron::access
