#include "gateway/base/check.h"
#include "gateway/base/limits.h"
#include "gateway/http/guard.h"
#include "gateway/http/request_reader.h"
#include "gateway/http/target.h"

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace vardbron;
namespace beast = boost::beast::http;

struct Read {
  std::string method, target, body;
  http::Fields fields;
  bool keep_alive = false;
  std::size_t bytes = 0;
};

/// The requests that are read out of the bytes, which come in pieces of that size.
std::vector<Read> read_all(std::string_view bytes, std::size_t piece) {
  std::vector<Read> all;
  for (std::size_t start = 0; start < bytes.size();) {
    http::RequestReader reader;
    std::size_t used = 0;
    for (std::size_t came = std::min(piece, bytes.size() - start); !reader.is_whole() && !reader.refusal();) {
      std::size_t now = reader.read(bytes.substr(start + used, came - used));
      used += now;
      if (now > 0) continue;
      if (start + came == bytes.size()) return all;
      came = std::min(came + piece, bytes.size() - start);
    }
    if (!reader.is_whole() || reader.refusal()) return all;
    const http::Request& request = reader.request();
    all.push_back({request.method, request.target, request.body, request.fields, reader.keep_alive(), used});
    start += used;
  }
  return all;
}

/// How many bytes the guard alone lets pass for one request; nothing when it refuses them or does not come to an end.
std::optional<std::size_t> guarded(std::string_view bytes) {
  http::Guard guard;
  std::size_t passed = 0;
  while (!guard.is_at_end()) {
    std::size_t now = guard.let_pass(bytes.substr(passed));
    if (now == 0) return std::nullopt;
    passed += now;
  }
  return passed;
}

std::string plain_body(std::string_view bytes, bool chunked) {
  std::size_t at = bytes.find("\r\n\r\n") + 4;
  if (!chunked) return std::string(bytes.substr(at));
  std::string body;
  for (;;) {
    std::size_t size = std::stoul(std::string(bytes.substr(at, 8)), nullptr, 16);
    at = bytes.find("\r\n", at) + 2;
    if (size == 0) return body;
    body.append(bytes.substr(at, size));
    at += size + 2;
  }
}

/// Beast by itself, which sees all that follows too, takes what the guard lets pass for one request, this long and with this
/// body, or for none.
void check_beast_agrees(std::string_view bytes, std::size_t passed) {
  beast::request_parser<beast::string_body> parser;
  parser.eager(true);
  parser.header_limit(limits::header_bytes_max);
  parser.body_limit(limits::body_bytes_max);
  boost::system::error_code error;
  std::size_t used = parser.put(boost::asio::buffer(bytes), error);
  if (error || !parser.is_done()) return;
  CHECK(used == passed);
  CHECK(parser.get().body() == plain_body(bytes.substr(0, passed), parser.chunked()));
}

/// What is taken has one length at most, one Host at most, and a target that is a path.
void check_taken(const Read& read) {
  CHECK(read.target.starts_with('/') || read.target == "*");
  CHECK(read.fields.size() <= limits::header_fields_max);
  CHECK(read.target.find_first_of(std::string_view("\r\n\0 ", 4)) == std::string::npos);
  for (const http::Field& field : read.fields) {
    CHECK(field.value.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos);
    CHECK(field.name.find_first_of(" \t:") == std::string::npos);
  }
  Result<http::Target> target = http::parse_target(read.target);
  if (!target) return;
  for (const std::string& segment : target->segments)
    CHECK(!segment.empty() && segment != ".." && segment.find('/') == std::string::npos);
}

}  // namespace

/// The guard and Beast are given the same bytes, and never end at different ones; in whatever pieces they come, they are the same
/// requests.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view bytes(reinterpret_cast<const char*>(data), size);
  for (std::string_view rest = bytes; !rest.empty();) {
    std::optional<std::size_t> passed = guarded(rest);
    if (!passed) break;
    check_beast_agrees(rest, *passed);
    rest.remove_prefix(*passed);
  }
  std::vector<Read> whole = read_all(bytes, std::max<std::size_t>(size, 1));
  for (std::size_t piece : {std::size_t{1}, std::size_t{7}}) {
    std::vector<Read> same = read_all(bytes, piece);
    CHECK(same.size() == whole.size());
    for (std::size_t at = 0; at < whole.size(); ++at)
      CHECK(same[at].bytes == whole[at].bytes && same[at].body == whole[at].body &&
            same[at].fields.size() == whole[at].fields.size());
  }
  for (const Read& read : whole) check_taken(read);
  return 0;
}
