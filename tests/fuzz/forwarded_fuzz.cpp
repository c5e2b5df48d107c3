#include "gateway/base/check.h"
#include "gateway/http/forwarded.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

using namespace vardbron;

/// Whatever a proxy's field says: a list has addresses in their one form or nothing, what a list ends with decides, and an origin
/// is the peer or an address.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const net::Networks trusted = *net::Networks::open({"127.0.0.1", "10.0.0.0/8", "::1"});
  const std::string value(reinterpret_cast<const char*>(data), size);
  const std::optional<http::Nodes> nodes = http::parse_forwarded(value);
  if (nodes) {
    for (const std::string& node : *nodes) CHECK(node.empty() || net::canonical_address(node) == node);
  }
  const std::string added = value + ", for=192.0.2.7";
  const std::optional<http::Nodes> more = http::parse_forwarded(added);
  if (nodes) CHECK(more && more->size() == nodes->size() + 1 && more->back() == "192.0.2.7");
  for (const char* name : {"Forwarded", "X-Forwarded-For"}) {
    const http::Origin origin = http::origin_of({{name, value}}, "127.0.0.1", trusted);
    CHECK(net::canonical_address(origin.address) == origin.address);
    CHECK(!origin.is_malformed || origin.address == "127.0.0.1");
    CHECK(http::origin_of({{name, value}}, "192.0.2.9", trusted).address == "192.0.2.9");
  }
  const http::Origin behind = http::origin_of({{"Forwarded", added}}, "127.0.0.1", trusted);
  CHECK(behind.is_malformed || behind.address == "192.0.2.7");
  return 0;
}
