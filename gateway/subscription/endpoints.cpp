#include "gateway/subscription/endpoints.h"

#include "gateway/base/text.h"

#include <algorithm>
#include <optional>

namespace vardbron::subscription {

namespace {

constexpr std::string_view any_port_mark = ":*";

Failure bad(std::string_view says) { return Failure{Cause::Invalid, std::string(says), ""}; }

bool is_plain(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

bool is_host(std::string_view host) {
  if (host.empty() || host.size() > 253) return false;
  if (host.find(':') != std::string_view::npos)
    return host.find_first_not_of("0123456789abcdefABCDEF:.") == std::string_view::npos;
  auto fits = [](char c) { return is_plain(c) || c == '-' || c == '.'; };
  return is_plain(host.front()) && is_plain(host.back()) && std::all_of(host.begin(), host.end(), fits) &&
         host.find("..") == std::string_view::npos;
}

// RFC 3986: visible ASCII without what must be percent-encoded anyway; a backslash is refused because some programs treat it as a
// slash.
bool is_target(std::string_view target) {
  auto fits = [](char c) { return c > ' ' && c < '\x7f' && std::string_view("\"<>\\^`{|}#").find(c) == std::string_view::npos; };
  return std::all_of(target.begin(), target.end(), fits);
}

// "/a/../b" and its encoded forms would leave the path that was allowed.
bool has_dot_steps(std::string_view target) {
  std::string path = to_lower(target.substr(0, target.find('?')));
  if (path.find("%2e") != std::string::npos || path.find("%2f") != std::string::npos) return true;
  for (std::string_view step : split(path, '/')) {
    if (step == "." || step == "..") return true;
  }
  return false;
}

struct Authority {
  std::string_view host, port;
  bool good = false;
};

Authority take_apart(std::string_view text) {
  if (text.starts_with('[')) {
    std::size_t end = text.find(']');
    if (end == std::string_view::npos) return {};
    std::string_view rest = text.substr(end + 1);
    if (!rest.empty() && rest.front() != ':') return {};
    std::string_view host = text.substr(1, end - 1);
    return {host, rest.empty() ? rest : rest.substr(1), host.find(':') != std::string_view::npos && rest != ":"};
  }
  std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return {text, {}, true};
  std::string_view port = text.substr(colon + 1);
  return {text.substr(0, colon), port, !port.empty() && port.find(':') == std::string_view::npos};
}

std::optional<std::uint16_t> read_port(std::string_view text, bool tls) {
  if (text.empty()) return tls ? 443 : 80;
  bool digits = text.size() <= 5 && text.find_first_not_of("0123456789") == std::string_view::npos;
  std::optional<std::int64_t> number = digits ? parse_int(text) : std::nullopt;
  if (!number || *number < 1 || *number > 65535) return std::nullopt;
  return static_cast<std::uint16_t>(*number);
}

// True when `target` is the path or is below it.
bool lies_below(std::string_view path, std::string_view target) {
  while (path.ends_with('/')) path.remove_suffix(1);
  if (!target.starts_with(path)) return false;
  return target.size() == path.size() || target[path.size()] == '/' || target[path.size()] == '?';
}

}  // namespace

std::string Url::host_field() const {
  bool six = address.host.find(':') != std::string::npos;
  std::string field = six ? "[" + address.host + "]" : address.host;
  if (address.port != (address.tls ? 443 : 80)) field += ":" + std::to_string(address.port);
  return field;
}

Result<Url> parse_url(std::string_view text) {
  std::size_t mark = text.find("://");
  if (mark == std::string_view::npos) return bad("An absolute URL with https or http is needed.");
  std::string scheme = to_lower(text.substr(0, mark));
  if (scheme != "https" && scheme != "http") return bad("Only URLs with https or http are called.");
  std::string_view rest = text.substr(mark + 3);
  std::size_t end = std::min(rest.find_first_of("/?#"), rest.size());
  std::string_view authority = rest.substr(0, end), target = rest.substr(end);
  if (authority.find('@') != std::string_view::npos) return bad("A URL with a user or a password in it is not called.");
  if (target.find('#') != std::string_view::npos) return bad("A URL with a fragment is not called.");
  if (!is_target(target)) return bad("The URL has characters that must be percent-encoded.");
  if (has_dot_steps(target)) return bad("The URL's path has . or .. steps, or encoded dots or slashes.");

  Authority parts = take_apart(authority);
  Url url;
  url.address.tls = scheme == "https";
  std::optional<std::uint16_t> port = parts.good ? read_port(parts.port, url.address.tls) : std::nullopt;
  if (!port || !is_host(parts.host)) return bad("The URL's host or port is none.");
  url.address.host = to_lower(parts.host);
  url.address.port = *port;
  url.target = target.starts_with('/') ? std::string(target) : "/" + std::string(target);
  return url;
}

bool is_loopback(std::string_view host) {
  if (host == "localhost" || host == "::1") return true;
  std::vector<std::string_view> steps = split(host, '.');
  auto digits = [](std::string_view step) {
    return !step.empty() && step.size() <= 3 && step.find_first_not_of("0123456789") == std::string_view::npos;
  };
  return steps.size() == 4 && steps.front() == "127" && std::all_of(steps.begin(), steps.end(), digits);
}

Result<Endpoints> Endpoints::open(const std::vector<Allowed>& allowed, bool http_to_loopback) {
  Endpoints endpoints;
  endpoints.http_to_loopback_ = http_to_loopback;
  for (std::size_t at = 0; at < allowed.size(); ++at) {
    std::string place = allowed[at].place;
    std::string where = "endpoints[" + std::to_string(at) + "]";
    bool any_port = false;
    if (std::size_t mark = place.find(any_port_mark); mark != std::string::npos) {
      any_port = true;
      place.erase(mark, any_port_mark.size());
    }
    Result<Url> url = parse_url(place);
    if (!url) return Failure{Cause::Invalid, url.failure().says, where};
    bool loopback = is_loopback(url->address.host);
    if (!url->address.tls && !(http_to_loopback && loopback)) {
      return Failure{Cause::Invalid, "Plain http is allowed to loopback only, and only when the configuration says so.", where};
    }
    if (any_port && !loopback) return Failure{Cause::Invalid, "Any port (:*) is allowed on loopback only.", where};
    if (url->target.find('?') != std::string::npos) return Failure{Cause::Invalid, "A place has no query.", where};
    endpoints.entries_.push_back(Entry{allowed[at].organisation, std::move(*url), any_port});
  }
  return endpoints;
}

Endpoints Endpoints::unchecked() {
  Endpoints endpoints;
  endpoints.unchecked_ = true;
  return endpoints;
}

Result<Url> Endpoints::check(std::string_view organisation, std::string_view url) const {
  Result<Url> parsed = parse_url(url);
  if (!parsed || unchecked_) return parsed;
  if (!parsed->address.tls && !(http_to_loopback_ && is_loopback(parsed->address.host))) {
    return bad("Notifications go over https only.");
  }
  for (const Entry& entry : entries_) {
    const net::Address& place = entry.place.address;
    bool same_port = entry.any_port || place.port == parsed->address.port;
    if (entry.organisation == organisation && place.tls == parsed->address.tls && place.host == parsed->address.host &&
        same_port && lies_below(entry.place.target, parsed->target)) {
      return parsed;
    }
  }
  return Failure{Cause::Forbidden, "This endpoint is not on your organisation's list of agreed endpoints.", ""};
}

}  // namespace vardbron::subscription
