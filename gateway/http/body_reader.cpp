#include "gateway/http/body_reader.h"

#include "gateway/base/limits.h"
#include "gateway/http/chunks.h"

#include <algorithm>
#include <utility>

namespace vardbron::http {

namespace {

using Outcome = std::variant<std::string, Refusal, Failure>;

Failure ended_early() { return {Cause::Broken, "The peer ended the connection in the middle of a body.", ""}; }

// The moment by which the next byte must be there: a body that trickles is as bad as one that never ends.
Deadline next_byte(const BodyPace& pace, std::size_t received) {
  if (!pace.start) return pace.until;
  auto owed = Instant{std::chrono::seconds{1}} * static_cast<std::int64_t>(received / limits::body_rate_bytes_per_s_min);
  return Deadline{std::min(pace.until.at, *pace.start + limits::body_rate_grace + owed)};
}

Task<Outcome> read_by_length(Inbox& inbox, BodyRequest request, std::size_t length) {
  if (length > request.bytes_max) co_return body_too_large(request.bytes_max);
  std::string body;
  // Room for all of it is only made once it arrives: a head that promises much costs nothing.
  body.reserve(std::min<std::size_t>(length, 64u << 10));
  for (;;) {
    std::size_t part = std::min(length - body.size(), inbox.view().size());
    body.append(inbox.view().substr(0, part));
    inbox.use(part);
    if (body.size() == length) co_return std::move(body);
    Deadline until = next_byte(request.pace, body.size());
    Result<std::size_t> got = co_await inbox.more(until);
    if (!got) co_return std::move(got).failure();
    if (*got == 0) co_return ended_early();
  }
}

Task<Outcome> read_chunks(Inbox& inbox, BodyRequest request) {
  ChunkReader chunks(request.bytes_max);
  std::string body;
  std::size_t received = 0;
  for (;;) {
    std::size_t used = chunks.feed(inbox.view(), body);
    inbox.use(used);
    received += used;
    if (chunks.refusal()) co_return *chunks.refusal();
    if (chunks.is_done()) co_return std::move(body);
    Deadline until = next_byte(request.pace, received);
    Result<std::size_t> got = co_await inbox.more(until);
    if (!got) co_return std::move(got).failure();
    if (*got == 0) co_return ended_early();
  }
}

Task<Outcome> read_to_end(Inbox& inbox, BodyRequest request) {
  std::string body;
  for (;;) {
    body.append(inbox.view());
    inbox.use(inbox.view().size());
    if (body.size() > request.bytes_max) co_return body_too_large(request.bytes_max);
    Deadline until = next_byte(request.pace, body.size());
    Result<std::size_t> got = co_await inbox.more(until);
    if (!got) co_return std::move(got).failure();
    if (*got == 0) co_return std::move(body);
  }
}

}  // namespace

Task<Outcome> read_body(Inbox& inbox, BodyRequest request) {
  if (request.framing.chunked) return read_chunks(inbox, std::move(request));
  if (request.framing.length) {
    auto length = static_cast<std::size_t>(*request.framing.length);
    return read_by_length(inbox, std::move(request), length);
  }
  return read_to_end(inbox, std::move(request));
}

}  // namespace vardbron::http
