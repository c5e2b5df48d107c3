#include "gateway/base/limits.h"
#include "gateway/http/head_scanner.h"
#include "gateway/http/request_reader.h"
#include "tests/http/repeat.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace vardbron::http {
namespace {

using namespace std::string_literals;

constexpr unsigned taken = 0;

// What a server that knows nothing but the bytes would answer once their head is there: 0 when it is taken.
unsigned verdict(const std::string& bytes) {
  RequestReader reader;
  reader.read(bytes);
  if (reader.refusal()) return reader.refusal()->status;
  return reader.has_head() ? taken : 1;
}

Request parsed(const std::string& bytes) {
  RequestReader reader;
  reader.read(bytes);
  return std::move(reader.request());
}

struct Case {
  const char* concern;
  std::string bytes;
  unsigned status;
};

void expect_all(const std::vector<Case>& cases) {
  for (const Case& one : cases) EXPECT_EQ(verdict(one.bytes), one.status) << one.concern << ": " << one.bytes.substr(0, 200);
}

std::string post(const std::string& fields) { return "POST /intake HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n"; }
std::string get(const std::string& line) { return line + "\r\nHost: h\r\n\r\n"; }

TEST(Guard, TakesWhatWellBehavedClientsSend) {
  expect_all({
      {"the least", "GET / HTTP/1.1\r\nHost: h\r\n\r\n", taken},
      {"a port", "GET / HTTP/1.1\r\nHost: gateway.test:8443\r\n\r\n", taken},
      {"an IPv6 host", "GET / HTTP/1.1\r\nHost: [2001:db8::1]:80\r\n\r\n", taken},
      {"FHIR search with a raw bar", get("GET /fhir/Task?owner=https://x|1&_count=2 HTTP/1.1"), taken},
      {"a length", post("Content-Length: 5\r\n"), taken},
      {"no body at all", post(""), taken},
      {"an empty body", post("Content-Length: 0\r\n"), taken},
      {"chunks", post("Transfer-Encoding: chunked\r\n"), taken},
      {"chunks, field name in capitals", post("TRANSFER-ENCODING: chunked\r\n"), taken},
      {"an expectation", post("Content-Length: 5\r\nExpect: 100-continue\r\n"), taken},
      {"an expectation in capitals", post("Content-Length: 5\r\nExpect: 100-Continue\r\n"), taken},
      {"blanks around a value", post("Content-Length: \t 5 \t\r\n"), taken},
      {"no blank before a value", post("Content-Length:5\r\n"), taken},
      {"an empty value", post("X-Empty:\r\n"), taken},
      {"8-bit bytes in a value", post("X-Ward: avd \xC3\xB6\r\n"), taken},
      {"absolute form of the same host", get("GET http://h/fhir/metadata HTTP/1.1"), taken},
      {"absolute form without a path", get("GET http://h HTTP/1.1"), taken},
      {"everything", get("OPTIONS * HTTP/1.1"), taken},
      {"HTTP/1.0 without Host", "GET /health HTTP/1.0\r\n\r\n", taken},
      {"an underscore in a harmless name", post("x_request_id: 7\r\n"), taken},
      {"a GET that says it has no body", "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n", taken},
      {"content that is not encoded", post("Content-Encoding: identity\r\n"), taken},
  });
}

TEST(Guard, RefusesALengthThatCanBeReadInTwoWays) {
  expect_all({
      {"two lengths", post("Content-Length: 5\r\nContent-Length: 6\r\n"), 400},
      {"two equal lengths", post("Content-Length: 5\r\nContent-Length: 5\r\n"), 400},
      {"a list", post("Content-Length: 5, 5\r\n"), 400},
      {"a list of different ones", post("Content-Length: 5,6\r\n"), 400},
      {"a plus", post("Content-Length: +5\r\n"), 400},
      {"a minus", post("Content-Length: -5\r\n"), 400},
      {"hexadecimal", post("Content-Length: 0x5\r\n"), 400},
      {"octal or not", post("Content-Length: 010\r\n"), 400},
      {"a point", post("Content-Length: 5.0\r\n"), 400},
      {"an exponent", post("Content-Length: 1e1\r\n"), 400},
      {"a blank inside", post("Content-Length: 1 0\r\n"), 400},
      {"nothing", post("Content-Length:\r\n"), 400},
      {"quotes", post("Content-Length: \"5\"\r\n"), 400},
      {"more than 64 bits", post("Content-Length: 18446744073709551621\r\n"), 400},
      {"a length and chunks", post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), 400},
      {"chunks and a length", post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"), 400},
      {"an underscored length", post("Content_Length: 5\r\n"), 400},
      {"a blank before the colon", post("Content-Length : 5\r\n"), 400},
      {"a blank before the name", "POST / HTTP/1.1\r\n Content-Length: 5\r\nHost: h\r\n\r\n", 400},
      {"a tab in the name", post("Content\t-Length: 5\r\n"), 400},
      {"a NUL in the name", post("Content-Length\0: 5\r\n"s), 400},
      {"a NUL in the value", post("Content-Length: 5\0\r\n"s), 400},
      {"a GET with a body", "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n", 400},
      {"a HEAD with chunks", "HEAD / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
      {"a connection that hides the length", post("Content-Length: 5\r\nConnection: close, Content-Length\r\n"), 400},
  });
}

TEST(Guard, RefusesEveryTransferEncodingButChunked) {
  expect_all({
      {"prefixed", post("Transfer-Encoding: xchunked\r\n"), 400},
      {"suffixed", post("Transfer-Encoding: chunkedx\r\n"), 400},
      {"chunked, then nothing", post("Transfer-Encoding: chunked, identity\r\n"), 400},
      {"nothing, then chunked", post("Transfer-Encoding: identity, chunked\r\n"), 400},
      {"twice in a list", post("Transfer-Encoding: chunked, chunked\r\n"), 400},
      {"twice in fields", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), 400},
      {"another one behind", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n"), 400},
      {"capitals, which others may not know", post("Transfer-Encoding: Chunked\r\n"), 400},
      {"quotes", post("Transfer-Encoding: \"chunked\"\r\n"), 400},
      {"a parameter", post("Transfer-Encoding: chunked;q=1\r\n"), 400},
      {"a comma", post("Transfer-Encoding: chunked,\r\n"), 400},
      {"nothing", post("Transfer-Encoding:\r\n"), 400},
      {"identity", post("Transfer-Encoding: identity\r\n"), 400},
      {"a vertical tab", post("Transfer-Encoding: \vchunked\r\n"), 400},
      {"a form feed", post("Transfer-Encoding: chunked\f\r\n"), 400},
      {"an 8-bit blank",
       post("Transfer-Encoding: \xA0"
            "chunked\r\n"),
       400},
      {"a blank before the colon", post("Transfer-Encoding : chunked\r\n"), 400},
      {"an underscore", post("Transfer_Encoding: chunked\r\n"), 400},
      {"compressed", post("Transfer-Encoding: gzip\r\n"), 501},
      {"compressed chunks", post("Transfer-Encoding: gzip, chunked\r\n"), 400},
      {"HTTP/1.0", "POST / HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
      {"folded", post("Transfer-Encoding:\r\n chunked\r\n"), 400},
      {"folded with a tab", post("X: y\r\n\tTransfer-Encoding: chunked\r\n"), 400},
      {"announced trailers", post("Transfer-Encoding: chunked\r\nTrailer: Authorization\r\n"), 400},
  });
}

TEST(Guard, RefusesAHostThatCanBeReadInTwoWays) {
  expect_all({
      {"none", "GET / HTTP/1.1\r\n\r\n", 400},
      {"none but others", "GET / HTTP/1.1\r\nAccept: */*\r\n\r\n", 400},
      {"two", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
      {"two equal", "GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n", 400},
      {"empty", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 400},
      {"a list", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", 400},
      {"a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400},
      {"a user", "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", 400},
      {"an underscore in the name", "GET / HTTP/1.1\r\nHos_t: b\r\nHost: a\r\n\r\n", taken},
      {"a target of another host", get("GET http://other/ HTTP/1.1"), 400},
      {"a target of another port", get("GET http://h:81/ HTTP/1.1"), 400},
      {"a target with a user", get("GET http://u@h/ HTTP/1.1"), 400},
      {"two in HTTP/1.0", "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", 400},
      {"a connection that hides it", "GET / HTTP/1.1\r\nHost: a\r\nConnection: host\r\n\r\n", 400},
  });
}

TEST(Guard, RefusesNamesThatAnotherProgramMayReadAsOnesThatDecide) {
  std::vector<Case> cases;
  for (const char* name : {"Transfer---Encoding", "Transfer___Encoding", "Transfer-_Encoding", "Transfer.Encoding",
                           "Transfer~Encoding", "-Transfer-Encoding", "Transfer-Encoding-", "_Transfer_Encoding_",
                           "Transfer-Encoding'", "TRANSFER_ENCODING", "Transfer--Encoding"})
    cases.push_back({name, post(std::string(name) + ": chunked\r\n"), 400});
  for (const char* name :
       {"Content--Length", "Content__Length", "CONTENT_LENGTH", "Content|Length", "!Content-Length", "Content-Length_"})
    cases.push_back({name, post(std::string(name) + ": 5\r\n"), 400});
  for (const char* name : {"_Host", "Host_", "Host-", "-Connection", "Expect_", "Te.", "Upgrade-", "+Trailer"})
    cases.push_back({name, post(std::string(name) + ": x\r\n"), 400});
  for (const char* name : {"-", "_", "1", "-1-", "!#$", "0"})
    cases.push_back({"a name with no letters", post(std::string(name) + ": x\r\n"), 400});
  for (const std::string& name : {"Transfer\xAD-Encoding"s, "Transfer\xC2\xAD-Encoding"s,
                                  "\xE2\x84\xAA"
                                  "eep-Alive"s,
                                  "Transfer-Encoding\xFF"s, "\x80"s, "X-\xC3\xB6"s})
    cases.push_back({"a byte over 0x7F in a name", post(name + ": chunked\r\n"), 400});
  for (const char* name :
       {"X-Content-Length", "Content-Length-Total", "X_Transfer_Encoding", "Hos_t", "Ho-st", "X1", "x--y", "ETag"})
    cases.push_back({name, post(std::string(name) + ": x\r\n"), taken});
  expect_all(cases);
}

TEST(Guard, RefusesAConnectionThatHidesWhatMustReachUs) {
  expect_all({
      {"host", post("Connection: Host\r\n"), 400},
      {"content-length", post("Connection: keep-alive, content-length\r\n"), 400},
      {"transfer-encoding", post("Connection: TRANSFER-ENCODING\r\nTransfer-Encoding: chunked\r\n"), 400},
      {"authorization", post("Connection: close,authorization\r\n"), 400},
      {"in the second field", post("Connection: close\r\nConnection: authorization\r\n"), 400},
      {"no list", post("Connection: keep alive\r\n"), 400},
      {"a parameter", post("Connection: close;x=y\r\n"), 400},
      {"no list, to a proxy", post("Proxy-Connection: keep alive\r\n"), 400},
      {"keep-alive", post("Connection: keep-alive\r\n"), taken},
      {"to a proxy", post("Proxy-Connection: Keep-Alive\r\n"), taken},
      {"an empty list", post("Connection:\r\n"), taken},
      {"empty members", post("Connection: , close ,,\r\n"), taken},
      {"h2c, which a common client asks for",
       post("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n"), taken},
      {"websocket", get("GET / HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket"), taken},
  });
}

TEST(Guard, TakesLengthsInOneFormOnly) {
  expect_all({
      {"eighteen digits", post("Content-Length: 000000000000000005\r\n"), 400},
      {"nineteen digits", post("Content-Length: 1000000000000000000\r\n"), 400},
      {"twenty digits", post("Content-Length: 10000000000000000000\r\n"), 400},
      {"both in HTTP/1.0", "POST / HTTP/1.0\r\nHost: h\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
      {"a length in HTTP/1.0", "POST / HTTP/1.0\r\nContent-Length: 5\r\n\r\n", taken},
      {"a tab around it", post("Content-Length:\t5\t\r\n"), taken},
  });
}

TEST(Guard, RefusesLinesThatOthersWouldEndElsewhere) {
  expect_all({
      {"bare line feeds", "GET / HTTP/1.1\nHost: h\n\n", 400},
      {"one bare line feed", "GET / HTTP/1.1\r\nHost: h\nX: y\r\n\r\n", 400},
      {"a bare line feed at the end", "GET / HTTP/1.1\r\nHost: h\r\n\n", 400},
      {"a bare return in a value", post("X: a\rContent-Length: 5\r\n"), 400},
      {"a bare return in a name", post("X\r: a\r\n"), 400},
      {"two returns", post("X: a\r\r\n"), 400},
      {"a return in the request line", "GET /\r HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"an empty line first", "\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"two empty lines first", "\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"an empty line of a line feed first", "\nGET / HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"line feed before return", "GET / HTTP/1.1\n\rHost: h\n\r\n\r", 400},
      {"lines that end in different ways", "GET / HTTP/1.1\nHost: h\r\n\r\n", 400},
      {"lines that end in the other ways", "GET / HTTP/1.1\r\nHost: h\n\r\n", 400},
      {"returns alone", "GET / HTTP/1.1\rHost: h\r\r", 1},
      {"a field without colon", post("X\r\n"), 400},
      {"a field without name", post(": x\r\n"), 400},
      {"a DEL in a value", post("X: a\x7F\r\n"), 400},
  });
}

TEST(Guard, RefusesRequestLinesThatAreNone) {
  expect_all({
      {"no version", get("GET /"), 400},
      {"two blanks", get("GET  / HTTP/1.1"), 400},
      {"a tab", get("GET\t/ HTTP/1.1"), 400},
      {"a blank in the target", get("GET /a b HTTP/1.1"), 400},
      {"a blank behind", get("GET / HTTP/1.1 "), 400},
      {"a blank before", get(" GET / HTTP/1.1"), 400},
      {"a lower case version", get("GET / http/1.1"), 400},
      {"a version of two digits", get("GET / HTTP/1.10"), 400},
      {"HTTP/1.2", get("GET / HTTP/1.2"), 505},
      {"HTTP/2.0", get("GET / HTTP/2.0"), 505},
      {"HTTP/2's greeting", "PRI * HTTP/2.0\r\n\r\n", 501},
      {"a lower case method", get("get / HTTP/1.1"), 501},
      {"CONNECT", get("CONNECT h:80 HTTP/1.1"), 501},
      {"TRACE", get("TRACE / HTTP/1.1"), 501},
      {"a method with a NUL", get("GE\0T / HTTP/1.1"s), 400},
      {"8-bit bytes in the target", get("GET /\xC3\xB6 HTTP/1.1"), 400},
      {"a NUL in the target", get("GET /\0 HTTP/1.1"s), 400},
      {"a fragment", get("GET /#a HTTP/1.1"), 400},
      {"a backslash", get("GET /\\h HTTP/1.1"), 400},
      {"no slash", get("GET fhir HTTP/1.1"), 400},
      {"authority form", get("GET h:80 HTTP/1.1"), 400},
      {"a scheme that is the host's end", "GET http HTTP/1.1\r\nHost: tp\r\n\r\n", 400},
      {"a method of mixed letters", get("Get / HTTP/1.1"), 501},
      {"a version in mixed letters", get("GET / Http/1.1"), 400},
      {"another scheme", get("GET ftp://h/ HTTP/1.1"), 400},
      {"everything, for a GET", get("GET * HTTP/1.1"), 400},
      {"bytes of TLS", "\x16\x03\x01\x02\n", 400},
  });
}

TEST(Guard, RefusesWhatItWillNotDoWithTheBody) {
  expect_all({
      {"an unknown expectation", post("Expect: 200-ok\r\n"), 417},
      {"two expectations", post("Expect: 100-continue\r\nExpect: 100-continue\r\n"), 417},
      {"an encoded body", post("Content-Encoding: gzip\r\n"), 415},
      {"a body at the limit", post("Content-Length: " + std::to_string(limits::body_bytes_max) + "\r\n"), taken},
      {"two authorizations", post("Authorization: Bearer a\r\nAuthorization: Bearer b\r\n"), 400},
      {"two types", post("Content-Type: a/b\r\nContent-Type: c/d\r\n"), 400},
  });
}

TEST(Guard, KeepsEveryLimitOfItsSize) {
  std::size_t target_room = limits::target_bytes_max - 1;
  expect_all({
      {"fields at the limit", post(repeat("X: y\r\n", limits::header_fields_max - 1)), taken},
      {"one field more", post(repeat("X: y\r\n", limits::header_fields_max)), 431},
      {"bytes over the limit", post("X: " + std::string(limits::header_bytes_max, 'y') + "\r\n"), 431},
      {"bytes without an end", "GET / HTTP/1.1\r\nX: " + std::string(limits::header_bytes_max, 'y'), 431},
      {"a target at the limit", get("GET /" + std::string(target_room, 'a') + " HTTP/1.1"), taken},
      {"a target over the limit", get("GET /" + std::string(target_room + 1, 'a') + " HTTP/1.1"), 414},
      {"a target without an end", "GET /" + std::string(limits::target_bytes_max + 100, 'a'), 414},
      {"a method without an end", std::string(limits::target_bytes_max + 100, 'A'), 414},
  });
}

TEST(RequestReader, GivesWhatTheLineAndTheFieldsSaid) {
  RequestReader reader;
  std::string head =
      "PUT /fhir/Task/1?x=1 HTTP/1.1\r\nHost: h\r\nContent-Length: 12\r\nIf-Match: W/\"3\"\r\nExpect: 100-continue\r\n\r\n";

  EXPECT_EQ(reader.read(head + "hello"), head.size()) << "the head comes alone";

  EXPECT_EQ(reader.request().method, "PUT");
  EXPECT_EQ(reader.request().target, "/fhir/Task/1?x=1");
  EXPECT_FALSE(reader.is_whole());
  EXPECT_TRUE(reader.expects_continue());
  EXPECT_TRUE(reader.keep_alive());
  EXPECT_EQ(find(reader.request().fields, "if-match"), "W/\"3\"");
  EXPECT_EQ(find(reader.request().fields, "absent"), "");
  EXPECT_EQ(reader.read("hello, world and more"), 12u) << "what follows the body is not the body's";
  EXPECT_TRUE(reader.is_whole());
  EXPECT_EQ(reader.request().body, "hello, world");
}

TEST(RequestReader, TurnsTheAbsoluteFormIntoAPath) {
  EXPECT_EQ(parsed(get("GET http://h/fhir?x=1 HTTP/1.1")).target, "/fhir?x=1");
  EXPECT_EQ(parsed(get("GET HTTPS://H?x=1 HTTP/1.1")).target, "/?x=1");
}

TEST(RequestReader, KeepsTheConnectionUnlessAskedOtherwise) {
  const auto stays = [](const std::string& bytes) {
    RequestReader reader;
    reader.read(bytes);
    return reader.keep_alive();
  };
  EXPECT_TRUE(stays(post("Connection: keep-alive\r\n")));
  EXPECT_FALSE(stays(post("Connection: Close\r\n")));
  EXPECT_FALSE(stays(post("Connection: x, close\r\n")));
  EXPECT_FALSE(stays("GET / HTTP/1.0\r\nHost: h\r\nConnection: keep-alive\r\n\r\n"));
}

// Concern: pieces. Whatever the cut, the verdict is the same, and a refusal never comes later than with all bytes.
TEST(HeadScanner, FindsTheSameEndForEveryCut) {
  std::string bytes = post("Content-Length: 5\r\nX: y\r\n") + "hello";
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    HeadScanner scanner;
    bool early = scanner.scan(std::string_view(bytes).substr(0, cut));
    EXPECT_EQ(early, cut >= bytes.size() - 5) << cut;
    EXPECT_TRUE(scanner.scan(bytes)) << cut;
    EXPECT_EQ(scanner.head_bytes(), bytes.size() - 5);
  }
}

}  // namespace
}  // namespace vardbron::http
