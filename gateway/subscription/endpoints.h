#pragma once

#include "gateway/base/result.h"
#include "gateway/net/byte_stream.h"

#include <string>
#include <string_view>
#include <vector>

namespace vardbron::subscription {

/// An absolute http(s) URL without user-info and fragment, parsed.
struct Url {
  net::Address address;
  std::string target;  ///< path and query, at least "/"
  std::string host_field() const;
};

/// Invalid: not absolute, another scheme, user-info, fragment, a space or a control character.
Result<Url> parse_url(std::string_view text);

/// 127.0.0.0/8, ::1, localhost.
bool is_loopback(std::string_view host);

/// The URLs that notifications may be sent to, configured per organisation. No others are ever called, so a subscriber cannot
/// make the gateway call servers inside our own network. Scheme, host and port are compared whole, a path step by step, never as
/// a prefix of the text. Immutable; any thread.
class Endpoints {
 public:
  struct Allowed {
    std::string organisation;
    std::string place;  ///< "https://host", "https://host:8443/hooks"; on loopback also "http://127.0.0.1:*" (any port)
  };

  Endpoints() = default;
  /// Invalid: a place that is no URL, has a query, or is plain http where that is not allowed.
  /// `http_to_loopback`: for the demonstration and for tests on one machine.
  static Result<Endpoints> open(const std::vector<Allowed>& allowed, bool http_to_loopback);

  /// Accepts every valid URL. For subscriptions whose endpoint is no longer allowed: their events are counted, they are never
  /// called.
  static Endpoints unchecked();
  bool is_unchecked() const { return unchecked_; }

  /// Invalid or Forbidden; the text never contains the places of others.
  Result<Url> check(std::string_view organisation, std::string_view url) const;

 private:
  struct Entry {
    std::string organisation;
    Url place;
    bool any_port = false;
  };
  std::vector<Entry> entries_;
  bool http_to_loopback_ = false;
  bool unchecked_ = false;
};

}  // namespace vardbron::subscription
