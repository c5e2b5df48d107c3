#include "gateway/base/check.h"
#include "gateway/http/chunks.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

using namespace vardbron;

struct Outcome {
  std::string body;
  std::size_t used = 0;
  bool done = false;
  bool refused = false;
  bool operator==(const Outcome&) const = default;
};

Outcome read(std::string_view bytes, std::size_t piece) {
  http::ChunkReader chunks(4096);
  Outcome outcome;
  while (outcome.used < bytes.size() && !chunks.is_done() && !chunks.refusal()) {
    outcome.used += chunks.feed(bytes.substr(outcome.used, piece), outcome.body);
  }
  outcome.done = chunks.is_done();
  outcome.refused = chunks.refusal().has_value();
  return outcome;
}

}  // namespace

/// A chunked body is the same body, or refused at the same byte, in whatever pieces it arrives.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view bytes(reinterpret_cast<const char*>(data), size);
  Outcome whole = read(bytes, std::max<std::size_t>(size, 1));
  CHECK(whole.body.size() <= 4096);
  CHECK(whole == read(bytes, 1));
  CHECK(whole == read(bytes, 5));
  return 0;
}
