#include "gateway/base/check.h"
#include "gateway/base/limits.h"
#include "gateway/http/response_reader.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

using namespace vardbron;

struct Outcome {
  unsigned status = 0;
  bool whole = false;
  bool failed = false;
  std::size_t used = 0;
  std::string body;
};

/// The answer in pieces of that size, and then the end of the stream.
Outcome read(std::string_view bytes, std::size_t piece, bool to_head) {
  http::ResponseReader reader(to_head);
  Outcome outcome;
  for (std::size_t came = std::min(piece, bytes.size()); !reader.is_whole() && !reader.failure();) {
    std::size_t used = reader.read(bytes.substr(outcome.used, came - outcome.used));
    outcome.used += used;
    CHECK(outcome.used <= came);
    if (reader.is_whole() || reader.failure()) break;
    if (came == bytes.size()) {
      reader.end();
      break;
    }
    came = std::min(came + piece, bytes.size());
  }
  outcome.status = reader.status();
  outcome.whole = reader.is_whole();
  outcome.failed = reader.failure().has_value();
  outcome.body = reader.response().body;
  return outcome;
}

}  // namespace

/// An answer has the same status, and is the same one or none, in whatever pieces it arrives; nothing in it ends the program.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  bool to_head = (data[0] & 1) != 0;
  std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  Outcome whole = read(bytes, std::max<std::size_t>(bytes.size(), 1), to_head);
  CHECK(whole.body.size() <= limits::answer_bytes_max);
  CHECK(whole.whole != whole.failed);
  for (std::size_t piece : {std::size_t{1}, std::size_t{5}}) {
    Outcome same = read(bytes, piece, to_head);
    CHECK(same.status == whole.status);
    CHECK(same.whole == whole.whole);
    if (whole.whole) CHECK(same.body == whole.body && same.used == whole.used);
  }
  return 0;
}
