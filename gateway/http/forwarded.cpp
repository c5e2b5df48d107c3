#include "gateway/http/forwarded.h"

#include "gateway/base/text.h"
#include "gateway/http/syntax.h"

#include <algorithm>
#include <set>
#include <utility>

namespace vardbron::http {

namespace {

bool is_letter_or_digit(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// obfnode and obfport of RFC 7239, 6.3.
bool is_identifier(std::string_view text) {
  const auto may_stand = [](char c) { return is_letter_or_digit(c) || c == '.' || c == '_' || c == '-'; };
  return text.size() > 1 && text.front() == '_' && std::all_of(text.begin(), text.end(), may_stand);
}

bool is_port(std::string_view text) { return (is_digits(text) && text.size() <= 5) || is_identifier(text); }

bool is_v6(std::string_view text) { return text.find(':') != std::string_view::npos; }

// `node` of RFC 7239, 6: a name and perhaps a port, as an element of Nodes.
std::optional<std::string> read_node(std::string_view node) {
  std::string_view name = node, port;
  const bool has_brackets = node.starts_with('[');
  const std::size_t colon = has_brackets ? node.find(':', std::min(node.find(']'), node.size())) : node.find(':');
  if (colon != std::string_view::npos) {
    name = node.substr(0, colon);
    port = node.substr(colon + 1);
    if (!is_port(port)) return std::nullopt;
  }
  if (equal_without_case(name, "unknown") || is_identifier(name)) return std::string();
  if (has_brackets) {
    if (name.size() < 2 || !name.ends_with(']')) return std::nullopt;
    name = name.substr(1, name.size() - 2);
  }
  if (is_v6(name) != has_brackets) return std::nullopt;
  return net::canonical_address(name);
}

/// Reads a text from its beginning.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool is_at_end() const { return rest_.empty(); }
  void skip_blanks() {
    while (!rest_.empty() && (rest_.front() == ' ' || rest_.front() == '\t')) rest_.remove_prefix(1);
  }
  bool skip(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  /// "" if there is none.
  std::string_view token() {
    std::size_t size = 0;
    while (size < rest_.size() && is_token(rest_.substr(size, 1))) ++size;
    const std::string_view found = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return found;
  }
  /// token or quoted-string. Source: RFC 9110, 5.6.4.
  std::optional<std::string> value() {
    if (!skip('"')) {
      const std::string_view found = token();
      return found.empty() ? std::nullopt : std::optional<std::string>(found);
    }
    std::string text;
    while (!rest_.empty()) {
      if (skip('"')) return text;
      skip('\\');
      if (rest_.empty() || !is_field_value(rest_.substr(0, 1))) return std::nullopt;
      text += rest_.front();
      rest_.remove_prefix(1);
    }
    return std::nullopt;
  }

 private:
  std::string_view rest_;
};

// forwarded-element; blanks around its semicolons are common and are accepted. False: malformed.
bool read_element(Reader& reader, Nodes& nodes) {
  std::set<std::string> names;
  std::string node;
  for (;;) {
    reader.skip_blanks();
    const std::string name = to_lower(reader.token());
    if (!name.empty()) {
      const std::optional<std::string> value = reader.skip('=') ? reader.value() : std::nullopt;
      if (!value || !names.insert(name).second) return false;
      const std::optional<std::string> read = name == "for" ? read_node(*value) : node;
      if (!read) return false;
      node = *read;
      reader.skip_blanks();
    }
    if (!reader.skip(';')) break;
  }
  if (!names.empty()) nodes.push_back(std::move(node));
  return true;
}

// Of X-Forwarded-For, where IPv6 is mostly written without brackets.
std::optional<std::string> read_part(std::string_view part) {
  std::optional<std::string> address = net::canonical_address(part);
  return address ? address : read_node(part);
}

/// Follows the proxies towards the origin, from the last one to the first.
struct Walk {
  const net::Networks& trusted_proxies;
  std::string nearest;  ///< the known address nearest to the origin
  bool is_over = false;
  bool is_malformed = false;

  void pass(const std::optional<std::string>& node) {
    is_malformed = !node;
    is_over = !node || node->empty() || !trusted_proxies.hold(*node);
    if (node && !node->empty()) nearest = *node;
  }
};

// Each field is a list of its own that is read only as far as needed: the part before that may be from the caller, and is
// ignored.
void walk_forwarded(std::string_view value, Walk& walk) {
  const std::optional<Nodes> nodes = parse_forwarded(value);
  if (!nodes) return walk.pass(std::nullopt);
  for (auto node = nodes->rbegin(); node != nodes->rend() && !walk.is_over; ++node) walk.pass(*node);
}

void walk_older(std::string_view value, Walk& walk) {
  const std::vector<std::string_view> parts = split(value, ',');
  for (auto part = parts.rbegin(); part != parts.rend() && !walk.is_over; ++part) {
    const std::string_view address = trim_blanks(*part);
    if (!address.empty()) walk.pass(read_part(address));
  }
}

}  // namespace

std::optional<Nodes> parse_forwarded(std::string_view value) {
  Nodes nodes;
  Reader reader(value);
  do {
    if (!read_element(reader, nodes)) return std::nullopt;
  } while (reader.skip(','));
  if (!reader.is_at_end()) return std::nullopt;
  return nodes;
}

Origin origin_of(const Fields& fields, std::string_view peer, const net::Networks& trusted_proxies) {
  const Origin of_peer{std::string(peer), false}, malformed{std::string(peer), true};
  if (trusted_proxies.is_empty() || !trusted_proxies.hold(peer)) return of_peer;
  Walk forwarded{trusted_proxies, std::string(peer)}, older = forwarded;
  bool has_forwarded = false, has_older = false;
  for (auto field = fields.rbegin(); field != fields.rend(); ++field) {
    const bool is_forwarded = equal_without_case(field->name, "Forwarded");
    const bool is_older = equal_without_case(field->name, "X-Forwarded-For");
    has_forwarded = has_forwarded || is_forwarded;
    has_older = has_older || is_older;
    if (is_forwarded && !forwarded.is_over) walk_forwarded(field->value, forwarded);
    if (is_older && !older.is_over) walk_older(field->value, older);
  }
  if (forwarded.is_malformed || older.is_malformed) return malformed;
  if (has_forwarded && has_older && forwarded.nearest != older.nearest) return malformed;
  return {std::move(has_forwarded ? forwarded.nearest : older.nearest), false};
}

}  // namespace vardbron::http
