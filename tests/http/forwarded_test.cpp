#include "gateway/http/forwarded.h"

#include "gateway/base/random.h"
#include "tests/sim/seeds.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace vardbron::http {
namespace {

struct Read {
  const char* value;
  Nodes nodes;
};

class ForwardedReads : public testing::TestWithParam<Read> {};

TEST_P(ForwardedReads, ForWhomEachProxyPassedItOn) {
  const std::optional<Nodes> nodes = parse_forwarded(GetParam().value);
  ASSERT_TRUE(nodes) << GetParam().value;
  EXPECT_EQ(*nodes, GetParam().nodes) << GetParam().value;
}

INSTANTIATE_TEST_SUITE_P(
    Rfc7239, ForwardedReads,
    testing::Values(
        // The examples of its sections 4, 6 and 7.
        Read{"for=\"_gazonk\"", {""}}, Read{"For=\"[2001:db8:cafe::17]:4711\"", {"2001:db8:cafe::17"}},
        Read{"for=192.0.2.60;proto=http;by=203.0.113.43", {"192.0.2.60"}},
        Read{"for=192.0.2.43, for=198.51.100.17", {"192.0.2.43", "198.51.100.17"}},
        Read{"for=192.0.2.43, for=\"[2001:db8:cafe::17]\"", {"192.0.2.43", "2001:db8:cafe::17"}},
        Read{"for=192.0.2.43,for=\"[2001:db8:cafe::17]\",for=unknown", {"192.0.2.43", "2001:db8:cafe::17", ""}},
        Read{"for=_hidden, for=_SEVKISEK", {"", ""}}, Read{"for=\"192.0.2.43:47011\"", {"192.0.2.43"}},
        // What it allows beside these.
        Read{"for=\"192.0.2.43:_port\"", {"192.0.2.43"}}, Read{"for=\"[::1]:_p.o-r_t\"", {"::1"}},
        Read{"for=\"unknown:80\"", {""}}, Read{"for=UNKNOWN", {""}}, Read{"for=\"_a:_b\"", {""}},
        Read{"FOR=192.0.2.43", {"192.0.2.43"}}, Read{"for=\"192.0.2.43\"", {"192.0.2.43"}},
        Read{"for=\"\\1\\92.0.2.43\"", {"192.0.2.43"}}, Read{"for=\"[2001:DB8:0::17]\"", {"2001:db8::17"}},
        Read{"for=\"[::ffff:192.0.2.43]\"", {"192.0.2.43"}}, Read{"proto=https;by=_x", {""}},
        Read{"by=\"a,b;for=192.0.2.1\";for=192.0.2.43", {"192.0.2.43"}}, Read{"host=\"a\\\"b\";for=192.0.2.43", {"192.0.2.43"}},
        Read{"ext=\"\";for=192.0.2.43", {"192.0.2.43"}}, Read{"for=192.0.2.43;;proto=http;", {"192.0.2.43"}}, Read{"", {}},
        Read{" , ,\t", {}}, Read{"for=192.0.2.43,,", {"192.0.2.43"}},
        Read{"for=192.0.2.43 ; proto=http ,for=_a", {"192.0.2.43", ""}}));

TEST(Forwarded, IsMalformedInManyWays) {
  for (const char* value : {"for",
                            "for=",
                            "for=,",
                            "=192.0.2.43",
                            "192.0.2.43",
                            "for:192.0.2.43",
                            "for =192.0.2.43",
                            "for= 192.0.2.43",
                            "for=192.0.2.43:80",
                            "for=2001:db8::17",
                            "for=[2001:db8::17]",
                            "for=\"2001:db8::17\"",
                            "for=\"[192.0.2.43]\"",
                            "for=\"[2001:db8::17\"",
                            "for=\"2001:db8::17]\"",
                            "for=\"[2001:db8::17]80\"",
                            "for=\"[2001:db8::17]:\"",
                            "for=\"192.0.2.43:\"",
                            "for=\"192.0.2.43:123456\"",
                            "for=\"192.0.2.43:8a\"",
                            "for=\"192.0.2.43:_\"",
                            "for=\"\"",
                            "for=\"192.0.2.43",
                            "for=192.0.2.43\"",
                            "for=\"192.0.2.43\\",
                            "for=\"192.0.2.43\" x",
                            "for=192.0.2.43 proto=http",
                            "for=192.0.2",
                            "for=192.0.2.256",
                            "for=192.0.2.043",
                            "for=\" 192.0.2.43\"",
                            "for=_",
                            "for=_a/b",
                            "for=_\xC3\xA4",
                            "for=hidden",
                            "for=localhost",
                            "for=unknownn",
                            "for=\"[unknown]\"",
                            "for=\"[_a]\"",
                            "for=\"[fe80::1%eth0]\"",
                            "for=192.0.2.43;for=192.0.2.44",
                            "for=192.0.2.43;FOR=192.0.2.43",
                            "proto=http;proto=http",
                            "for=192.0.2.43;proto",
                            "for=192.0.2.43;proto=a b",
                            "for=192.0.2.43, for=192.0.2.44:80",
                            "for=192.0.2.43;x=\"\n\"",
                            "for=192.0.2.43 , @"})
    EXPECT_FALSE(parse_forwarded(value)) << value;
}

const net::Networks& trusted() {
  static const net::Networks networks = *net::Networks::open({"127.0.0.1", "10.0.0.0/8", "::1"});
  return networks;
}

struct Sent {
  const char* concern;
  const char* peer;
  Fields fields;
  const char* origin;
  bool is_malformed = false;
};

class OriginOf : public testing::TestWithParam<Sent> {};

TEST_P(OriginOf, IsTheLastThatIsNoTrustedProxy) {
  const Origin origin = origin_of(GetParam().fields, GetParam().peer, trusted());
  EXPECT_EQ(origin.address, GetParam().origin) << GetParam().concern;
  EXPECT_EQ(origin.is_malformed, GetParam().is_malformed) << GetParam().concern;
}

INSTANTIATE_TEST_SUITE_P(
    Requests, OriginOf,
    testing::Values(
        Sent{"nothing is said", "127.0.0.1", {{"Host", "h"}}, "127.0.0.1"},
        Sent{"said by nobody we trust",
             "192.0.2.9",
             {{"Forwarded", "for=192.0.2.1"}, {"X-Forwarded-For", "192.0.2.1"}},
             "192.0.2.9"},
        Sent{"malformed by nobody we trust", "192.0.2.9", {{"Forwarded", "for="}}, "192.0.2.9"},
        Sent{"one proxy", "127.0.0.1", {{"Forwarded", "for=192.0.2.1"}}, "192.0.2.1"},
        Sent{"a proxy in its other form", "::ffff:127.0.0.1", {{"Forwarded", "for=192.0.2.1"}}, "192.0.2.1"},
        Sent{"a name in another case", "::1", {{"fORWARDED", "for=192.0.2.1"}}, "192.0.2.1"},
        Sent{"two proxies", "127.0.0.1", {{"Forwarded", "for=192.0.2.1, for=10.0.0.5"}}, "192.0.2.1"},
        Sent{"two fields", "127.0.0.1", {{"Forwarded", "for=192.0.2.1"}, {"Forwarded", "for=10.0.0.5"}}, "192.0.2.1"},
        Sent{"what the caller wrote", "127.0.0.1", {{"Forwarded", "for=192.0.2.77, for=192.0.2.1"}}, "192.0.2.1"},
        Sent{"a proxy that the caller made up", "127.0.0.1", {{"Forwarded", "for=10.9.9.9, for=192.0.2.1"}}, "192.0.2.1"},
        Sent{
            "an untrusted proxy", "127.0.0.1", {{"Forwarded", "for=192.0.2.77, for=198.51.100.7, for=10.0.0.5"}}, "198.51.100.7"},
        Sent{"a proxy that calls itself", "127.0.0.1", {{"Forwarded", "for=10.0.0.5"}}, "10.0.0.5"},
        Sent{"proxies only", "127.0.0.1", {{"Forwarded", "for=10.0.0.6, for=10.0.0.5"}}, "10.0.0.6"},
        Sent{"hidden", "127.0.0.1", {{"Forwarded", "for=_hidden"}}, "127.0.0.1"},
        Sent{"unknown", "127.0.0.1", {{"Forwarded", "for=unknown"}}, "127.0.0.1"},
        Sent{"not said for whom", "127.0.0.1", {{"Forwarded", "proto=https"}}, "127.0.0.1"},
        Sent{"hidden by the first", "127.0.0.1", {{"Forwarded", "for=192.0.2.77, for=_a, for=10.0.0.5"}}, "10.0.0.5"},
        Sent{"malformed", "127.0.0.1", {{"Forwarded", "for=2001:db8::1"}}, "127.0.0.1", true},
        Sent{"malformed before", "127.0.0.1", {{"Forwarded", "for=\", for=192.0.2.1"}}, "127.0.0.1", true},
        Sent{"malformed in a field before", "127.0.0.1", {{"Forwarded", "for=\""}, {"Forwarded", "for=192.0.2.1"}}, "192.0.2.1"},
        Sent{
            "malformed behind a proxy", "127.0.0.1", {{"Forwarded", "for=\""}, {"Forwarded", "for=10.0.0.5"}}, "127.0.0.1", true},
        Sent{"an empty field", "127.0.0.1", {{"Forwarded", ""}}, "127.0.0.1"},
        Sent{"the other field", "127.0.0.1", {{"X-Forwarded-For", "192.0.2.1"}}, "192.0.2.1"},
        Sent{"the other field, its list", "127.0.0.1", {{"X-Forwarded-For", "192.0.2.77, 192.0.2.1 ,10.0.0.5"}}, "192.0.2.1"},
        Sent{"the other field, IPv6", "127.0.0.1", {{"X-Forwarded-For", "2001:DB8::1"}}, "2001:db8::1"},
        Sent{"the other field, brackets", "127.0.0.1", {{"X-Forwarded-For", "[2001:db8::1]:80"}}, "2001:db8::1"},
        Sent{"the other field, a port", "127.0.0.1", {{"X-Forwarded-For", "192.0.2.1:4711"}}, "192.0.2.1"},
        Sent{"the other field, unknown", "127.0.0.1", {{"X-Forwarded-For", "unknown"}}, "127.0.0.1"},
        Sent{"the other field, garbage before", "127.0.0.1", {{"X-Forwarded-For", "\"<x>, 192.0.2.1"}}, "192.0.2.1"},
        Sent{"the other field, garbage", "127.0.0.1", {{"X-Forwarded-For", "192.0.2.1, <x>"}}, "127.0.0.1", true},
        Sent{"the other field, quoted", "127.0.0.1", {{"X-Forwarded-For", "\"192.0.2.1\""}}, "127.0.0.1", true},
        Sent{"both agree", "127.0.0.1", {{"Forwarded", "for=192.0.2.1"}, {"X-Forwarded-For", "192.0.2.1"}}, "192.0.2.1"},
        Sent{"both differ", "127.0.0.1", {{"Forwarded", "for=192.0.2.1"}, {"X-Forwarded-For", "192.0.2.2"}}, "127.0.0.1", true},
        Sent{"one hides it", "127.0.0.1", {{"Forwarded", "for=_a"}, {"X-Forwarded-For", "192.0.2.2"}}, "127.0.0.1", true},
        Sent{"one is malformed", "127.0.0.1", {{"Forwarded", "x"}, {"X-Forwarded-For", "192.0.2.2"}}, "127.0.0.1", true}));

TEST(Origin, IsThePeerWhereNobodyIsTrusted) {
  const Origin origin = origin_of({{"Forwarded", "for=192.0.2.1"}}, "127.0.0.1", net::Networks());
  EXPECT_EQ(origin.address, "127.0.0.1");
  EXPECT_FALSE(origin.is_malformed);
}

std::string written(SeededRandom& random, const std::string& address) {
  const std::string name = address.find(':') == std::string::npos ? address : "[" + address + "]";
  const std::string port = random.below(3) == 0 ? ":" + std::to_string(random.below(65'536)) : "";
  const bool is_quoted = !port.empty() || name != address || random.below(2) == 0;
  std::string pair = random.below(2) == 0 ? "for=" : "For=";
  pair += is_quoted ? "\"" + name + port + "\"" : name;
  if (random.below(3) == 0) pair += ";proto=https";
  if (random.below(3) == 0) pair = "by=\"_x,;\\\"\";" + pair;
  return pair;
}

// What a caller writes in front of what the proxies add never moves the origin: at most it makes the list unreadable.
TEST(Origin, CannotBeChosenByTheCaller) {
  const std::string alphabet = "for=\"\\,;:[]_.%19 ab";
  sim::for_each_seed(2'000, [&](std::uint64_t seed) {
    SeededRandom random(seed);
    const std::string caller = random.below(2) == 0 ? "198.51.100.7" : "2001:db8::7";
    std::string value;
    for (std::uint64_t left = random.below(30); left > 0; --left) value += alphabet[random.below(alphabet.size())];
    if (random.below(2) == 0) value = written(random, random.below(2) == 0 ? "203.0.113.1" : "10.3.3.3");
    Fields fields{{"Forwarded", value}};
    const bool is_own_field = random.below(2) == 0;
    std::string added = written(random, caller);
    for (std::uint64_t proxies = random.below(3); proxies > 0; --proxies)
      added += ", " + written(random, "10.0.0." + std::to_string(proxies));
    if (is_own_field)
      fields.push_back({"Forwarded", added});
    else
      fields[0].value += ", " + added;

    const Origin origin = origin_of(fields, "127.0.0.1", trusted());

    if (origin.is_malformed)
      EXPECT_EQ(origin.address, "127.0.0.1");
    else
      EXPECT_EQ(origin.address, caller) << fields[0].value;
    EXPECT_FALSE(origin.is_malformed && is_own_field) << fields[0].value;
  });
}

}  // namespace
}  // namespace vardbron::http
