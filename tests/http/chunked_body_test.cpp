#include "gateway/base/limits.h"
#include "gateway/base/random.h"
#include "gateway/http/request_reader.h"
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

// The bytes come in pieces of that size after a head with chunked coding.
Read read(const std::string& bytes, std::size_t piece) {
  const std::string head = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  RequestReader reader;
  EXPECT_EQ(reader.read(head), head.size());
  Read result;
  std::string waiting;
  for (std::size_t at = 0; at < bytes.size() && !reader.is_whole() && !reader.refusal(); at += piece) {
    waiting += bytes.substr(at, piece);
    std::size_t used = reader.read(waiting);
    waiting.erase(0, used);
    result.used += used;
  }
  result.body = reader.request().body;
  result.done = reader.is_whole();
  if (reader.refusal()) result.status = reader.refusal()->status;
  return result;
}

TEST(ChunkedBody, PutsTheBodyTogetherForEverySizeOfPiece) {
  std::string bytes = "5\r\nhello\r\n1;note=\"x\"\r\n,\r\nA\r\n0123456789\r\n0\r\n\r\n";
  std::string behind = bytes + "GET / HTTP/1.1\r\n";
  for (std::size_t piece = 1; piece <= behind.size(); ++piece) {
    Read result = read(behind, piece);
    EXPECT_EQ(result.body, "hello,0123456789");
    EXPECT_TRUE(result.done);
    EXPECT_EQ(result.used, bytes.size()) << "what follows the body is not the body's, pieces of " << piece;
  }
}

TEST(ChunkedBody, RefusesWhatOthersWouldReadDifferently) {
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
      {"a size of seventeen digits", "00000000000000005\r\nhello\r\n0\r\n\r\n", 413},
      {"a last chunk of nine zeros", "5\r\nhello\r\n000000000\r\n\r\n", 413},
      {"a minus", "-5\r\nhello\r\n0\r\n\r\n", 400},
      {"a prefix in capitals", "0X5\r\nhello\r\n0\r\n\r\n", 400},
      {"a blank before the extension", "5 ;a=b\r\nhello\r\n0\r\n\r\n", 400},
      {"a tab behind", "5\t\r\nhello\r\n0\r\n\r\n", 400},
      {"an extension that is none", "5;=b\r\nhello\r\n0\r\n\r\n", 400},
      {"an extension in quotes that do not end", "5;a=\"b\r\nhello\r\n0\r\n\r\n", 400},
      {"an extension in quotes that end in the next chunk", "5;a=\"b\r\nhel\"o\r\n0\r\n\r\n", 400},
      {"an extension of the last chunk in quotes that do not end", "0;a=\"b\r\n\r\n", 400},
      {"a line feed in quotes", "5;a=\"\n\"\r\nhello\r\n0\r\n\r\n", 400},
      {"an end of one line feed", "5\r\nhello\r\n0\r\n\n", 400},
      {"an end of one return", "5\r\nhello\r\n0\r\n\rX", 400},
      {"a trailer that names a length", "0\r\nContent-Length: 5\r\n\r\n", 400},
      {"a trailer that is folded", "0\r\n x: y\r\n\r\n", 400},
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

TEST(ChunkedBody, TakesWhatWellBehavedClientsSend) {
  struct Case {
    std::string bytes;
    const char* body;
  };
  for (const Case& one : std::vector<Case>{{"0\r\n\r\n", ""},
                                           {"00000000\r\n\r\n", ""},
                                           {"00000005\r\nhello\r\n00000000\r\n\r\n", "hello"},
                                           {"5;a\r\nhello\r\n0;b=c\r\n\r\n", "hello"},
                                           {"5;a=\"b;c\";d\r\nhello\r\n0\r\n\r\n", "hello"},
                                           {"2\r\n\r\n\r\n0\r\n\r\n", "\r\n"}}) {
    for (std::size_t piece = 1; piece <= one.bytes.size(); ++piece) {
      Read result = read(one.bytes, piece);
      EXPECT_TRUE(result.done) << one.bytes << " in pieces of " << piece;
      EXPECT_EQ(result.body, one.body) << one.bytes;
    }
  }
}

TEST(ChunkedBody, RefusesMoreThanItsLimitBeforeTheBytesArrive) {
  static_assert(limits::body_bytes_max == 0x800000);
  EXPECT_EQ(read("800000\r\n", 1).status, 0u);
  EXPECT_EQ(read("800001\r\n", 1).status, 413u);
  EXPECT_EQ(read("5\r\nhello\r\n7ffffb\r\n", 1).status, 0u);
  EXPECT_EQ(read("5\r\nhello\r\n7ffffc\r\n", 1).status, 413u);
}

TEST(ChunkedBody, CountsTheExtensionsOfTheWholeBody) {
  std::string chunk = "1;" + std::string(limits::chunk_extension_bytes_max / 4 - 1, 'x') + "\r\na\r\n";
  EXPECT_EQ(read(chunk + chunk + chunk + chunk, 7).status, 0u);
  EXPECT_EQ(read(chunk + chunk + chunk + chunk + chunk, 7).status, 400u);
}

TEST(ChunkedBody, ReadsBackWhatWasWrittenInRandomChunks) {
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
