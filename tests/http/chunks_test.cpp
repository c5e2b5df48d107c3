#include "gateway/http/chunks.h"

#include "gateway/base/limits.h"
#include "gateway/base/random.h"
#include "tests/sim/seeds.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace vardbron::http {
namespace {

struct Read {
  std::string body;
  std::size_t used = 0;
  bool done = false;
  unsigned status = 0;
  bool operator==(const Read&) const = default;
};

Read read(const std::string& bytes, std::size_t piece, std::size_t bytes_max = 1000) {
  ChunkReader chunks(bytes_max);
  Read result;
  while (result.used < bytes.size() && !chunks.is_done() && !chunks.refusal()) {
    result.used += chunks.feed(std::string_view(bytes).substr(result.used, piece), result.body);
  }
  result.done = chunks.is_done();
  if (chunks.refusal()) result.status = chunks.refusal()->status;
  return result;
}

TEST(ChunkReader, PutsTheBodyTogetherForEverySizeOfPiece) {
  std::string bytes = "5\r\nhello\r\n1;note=\"x\"\r\n,\r\nA\r\n0123456789\r\n0\r\n\r\n";
  std::string behind = bytes + "GET / HTTP/1.1\r\n";
  for (std::size_t piece = 1; piece <= behind.size(); ++piece) {
    Read result = read(behind, piece);
    EXPECT_EQ(result.body, "hello,0123456789");
    EXPECT_TRUE(result.done);
    EXPECT_EQ(result.used, bytes.size()) << "what follows the body is not the body's, pieces of " << piece;
  }
}

TEST(ChunkReader, RefusesWhatOthersWouldReadDifferently) {
  struct Case {
    const char* concern;
    std::string bytes;
    unsigned status;
  };
  const std::vector<Case> cases = {
      {"no size", "\r\nhello\r\n0\r\n\r\n", 400},
      {"a sign", "+5\r\nhello\r\n0\r\n\r\n", 400},
      {"a prefix", "0x5\r\nhello\r\n0\r\n\r\n", 400},
      {"a blank before", " 5\r\nhello\r\n0\r\n\r\n", 400},
      {"a blank behind", "5 \r\nhello\r\n0\r\n\r\n", 400},
      {"a line feed alone", "5\nhello\r\n0\r\n\r\n", 400},
      {"a return alone", "5\rhello\r\n0\r\n\r\n", 400},
      {"more data than its size", "4\r\nhello\r\n0\r\n\r\n", 400},
      {"data without end of line", "5\r\nhello0\r\n\r\n", 400},
      {"data ended by a line feed", "5\r\nhello\n0\r\n\r\n", 400},
      {"a size of 64 bits and more", "10000000000000005\r\nhello\r\n", 413},
      {"a size of nine digits", "000000005\r\nhello\r\n0\r\n\r\n", 413},
      {"a line feed in an extension", "5;a\nb\r\nhello\r\n0\r\n\r\n", 400},
      {"a quoted line end in an extension", "5;a=\"\r\n\"\r\nhello\r\n0\r\n\r\n", 400},
      {"a NUL in an extension", std::string("5;a\0\r\nhello\r\n0\r\n\r\n", 19), 400},
      {"a trailer", "5\r\nhello\r\n0\r\nAuthorization: Bearer x\r\n\r\n", 400},
      {"a letter that is no digit", "G\r\nhello\r\n0\r\n\r\n", 400},
      {"an underscore", "1_0\r\nhello\r\n0\r\n\r\n", 400},
  };
  for (const Case& one : cases) {
    for (std::size_t piece : {std::size_t{1}, one.bytes.size()})
      EXPECT_EQ(read(one.bytes, piece).status, one.status) << one.concern;
  }
}

TEST(ChunkReader, RefusesMoreThanItsLimitBeforeTheBytesArrive) {
  EXPECT_EQ(read("3e8\r\n", 1).status, 0u);
  EXPECT_EQ(read("3e9\r\n", 1).status, 413u);
  EXPECT_EQ(read("5\r\nhello\r\n6\r\n", 1, 10).status, 413u);
}

TEST(ChunkReader, CountsTheExtensionsOfTheWholeBody) {
  std::string chunk = "1;" + std::string(limits::chunk_extension_bytes_max / 4 - 1, 'x') + "\r\na\r\n";
  EXPECT_EQ(read(chunk + chunk + chunk + chunk, 7).status, 0u);
  EXPECT_EQ(read(chunk + chunk + chunk + chunk + chunk, 7).status, 400u);
}

TEST(ChunkReader, ReadsBackWhatWasWrittenInRandomChunks) {
  sim::for_each_seed(300, [](std::uint64_t seed) {
    SeededRandom random(seed);
    std::string body;
    std::string bytes;
    for (std::uint64_t chunk = random.below(8); chunk > 0; --chunk) {
      std::string part(1 + random.below(90), static_cast<char>('a' + random.below(26)));
      char size[16];
      std::snprintf(size, sizeof size, random.below(2) ? "%zx" : "%04zX", part.size());
      bytes += std::string(size) + "\r\n" + part + "\r\n";
      body += part;
    }
    Read result = read(bytes + "0\r\n\r\n", 1 + random.below(20));
    EXPECT_EQ(result.body, body);
    EXPECT_TRUE(result.done);
  });
}

}  // namespace
}  // namespace vardbron::http
