#pragma once

#include "gateway/base/result.h"
#include "gateway/net/byte_stream.h"

#include <string>
#include <string_view>
#include <vector>

namespace vardbron::subscription {

/// An absolute http(s) URL without user-info and fragment, taken apart.
struct Url {
  net::Address address;
  std::string target;  ///< path and query, at least "/"
  std::string host_field() const;
};

/// Invalid: not absolute, another scheme, user-info, fragment, a space or a control character.
Result<Url> parse_url(std::string_view text);

/// 127.0.0.0/8, ::1, localhost.
bool is_loopback(std::string_view host);

/// Where notifications may go: places named per organisation in the configuration. Nothing else is ever called, so a subscriber
/// cannot make the gateway knock on doors inside our own network. Scheme, host and port are compared whole, a path step by
/// step - never as a text's beginning. Immutable; any thread.
class Endpoints {
 public:
  struct Allowed {
    std::string organisation;
    std::string place;  ///< "https://host", "https://host:8443/hooks"; on loopback also "http://127.0.0.1:*" (any port)
  };

  Endpoints() = default;
  /// Invalid: a place that is none, has a query, or is plain http where that is not allowed.
  /// `http_to_loopback`: for the demonstration and for tests on one machine.
  static Result<Endpoints> open(const std::vector<Allowed>& allowed, bool http_to_loopback);

  /// Takes every URL that is one. For subscriptions whose endpoint is not agreed any more: they are counted, never called.
  static Endpoints unchecked();
  bool is_unchecked() const { return unchecked_; }

  /// Invalid or Forbidden; the text never tells which places others have.
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
