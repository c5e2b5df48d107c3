#include "gateway/subscription/endpoints.h"

#include "gateway/base/check.h"

#include <gtest/gtest.h>

namespace vardbron::subscription {
namespace {

Endpoints agreed() {
  Result<Endpoints> opened = Endpoints::open({{"SE-A", "https://hem.nacka.example"},
                                              {"SE-A", "https://hem.nacka.example:8443/hooks"},
                                              {"SE-B", "https://other.example/"},
                                              {"SE-A", "http://127.0.0.1:*"},
                                              {"SE-A", "http://[::1]:9000/in"}},
                                             true);
  CHECK(opened);
  return std::move(*opened);
}

TEST(Url, IsTakenApart) {
  struct Row {
    const char* text;
    net::Address address;
    const char* target;
    const char* host_field;
  };
  const Row table[] = {
      {"https://hem.example", {"hem.example", 443, true}, "/", "hem.example"},
      {"HTTPS://Hem.Example/a/b?c=d", {"hem.example", 443, true}, "/a/b?c=d", "hem.example"},
      {"https://hem.example:443/", {"hem.example", 443, true}, "/", "hem.example"},
      {"https://hem.example:8443?x", {"hem.example", 8443, true}, "/?x", "hem.example:8443"},
      {"http://127.0.0.1:80/x", {"127.0.0.1", 80, false}, "/x", "127.0.0.1"},
      {"http://[::1]:8080/x", {"::1", 8080, false}, "/x", "[::1]:8080"},
  };
  for (const Row& row : table) {
    Result<Url> url = parse_url(row.text);
    ASSERT_TRUE(url) << row.text << ": " << url.failure().says;
    EXPECT_EQ(url->address, row.address) << row.text;
    EXPECT_EQ(url->target, row.target) << row.text;
    EXPECT_EQ(url->host_field(), row.host_field) << row.text;
  }
}

TEST(Url, IsRefusedWhenItCouldBeReadInTwoWays) {
  for (const char* text : {"",
                           "hem.example",
                           "/path",
                           "ftp://hem.example",
                           "mailto:a@b.example",
                           "https://",
                           "https:///x",
                           "https://user@hem.example",
                           "https://user:word@hem.example",
                           "https://hem.example#x",
                           "https://hem.example/#x",
                           "https://hem.example:0",
                           "https://hem.example:",
                           "https://hem.example:65536",
                           "https://hem.example:+443",
                           "https://hem.example:44 3",
                           "https://hem.example:443:443",
                           "https://hem example",
                           "https://hem.example/a b",
                           "https://hem.example/a\nb",
                           "https://hem.example\\@evil.example",
                           "https://hem..example",
                           "https://.example",
                           "https://[::1",
                           "https://[hem.example]",
                           "https://::1/",
                           "https://hem.example/a/../b",
                           "https://hem.example/./b",
                           "https://hem.example/%2e%2E/b",
                           "https://hem.example/a%2Fb",
                           "https://hem\xc3\xa5.example",
                           "https://hem.example/\xc3\xa5"}) {
    EXPECT_FALSE(parse_url(text)) << text;
  }
}

TEST(Endpoints, LetOnlyAgreedPlacesThrough) {
  struct Row {
    const char* organisation;
    const char* url;
    bool allowed;
  };
  const Row table[] = {
      {"SE-A", "https://hem.nacka.example", true},
      {"SE-A", "https://hem.nacka.example/any/path?q=1", true},
      {"SE-A", "https://HEM.nacka.example:443/x", true},
      {"SE-A", "https://hem.nacka.example:8443/hooks", true},
      {"SE-A", "https://hem.nacka.example:8443/hooks/a", true},
      {"SE-A", "https://hem.nacka.example:8443/hooks?a", true},
      {"SE-A", "https://hem.nacka.example:8443/hooksandmore", false},
      {"SE-A", "https://hem.nacka.example:8443/", false},
      {"SE-A", "https://hem.nacka.example:8444/hooks", false},
      {"SE-A", "http://hem.nacka.example/", false},
      {"SE-A", "https://hem.nacka.example.evil.example/", false},
      {"SE-A", "https://evil.example/hem.nacka.example", false},
      {"SE-A", "https://other.example/", false},
      {"SE-B", "https://other.example/x", true},
      {"SE-B", "https://hem.nacka.example", false},
      {"SE-A", "http://127.0.0.1:1/x", true},
      {"SE-A", "http://127.0.0.1:65535/x", true},
      {"SE-A", "http://127.0.0.2:1/x", false},
      {"SE-A", "http://[::1]:9000/in", true},
      {"SE-A", "http://[::1]:9001/in", false},
      {"SE-A", "https://127.0.0.1:1/x", false},
      {"SE-B", "http://127.0.0.1:1/x", false},
      {"SE-A", "https://169.254.169.254/latest", false},
      {"SE-A", "https://10.0.0.1/", false},
      {"", "https://hem.nacka.example", false},
  };
  const Endpoints endpoints = agreed();
  for (const Row& row : table)
    EXPECT_EQ(endpoints.check(row.organisation, row.url).ok(), row.allowed) << row.organisation << " " << row.url;
}

TEST(Endpoints, DoNotTellWhatOthersHave) {
  Result<Url> others = agreed().check("SE-A", "https://other.example/"),
              nobodys = agreed().check("SE-A", "https://nobody.example/");

  ASSERT_FALSE(others);
  EXPECT_EQ(others.failure(), nobodys.failure());
  EXPECT_EQ(others.failure().cause, Cause::Forbidden);
}

TEST(Endpoints, AllowPlainHttpOnLoopbackOnlyWhenConfigured) {
  EXPECT_TRUE(Endpoints::open({{"SE-A", "http://127.0.0.1:9000"}}, true));
  EXPECT_FALSE(Endpoints::open({{"SE-A", "http://127.0.0.1:9000"}}, false));
  EXPECT_FALSE(Endpoints::open({{"SE-A", "http://hem.example"}}, true));
  EXPECT_FALSE(Endpoints::open({{"SE-A", "https://hem.example:*"}}, true));
  EXPECT_FALSE(Endpoints::open({{"SE-A", "https://hem.example/?a=b"}}, true));
  EXPECT_EQ(Endpoints::open({{"SE-A", "https://a.example"}, {"SE-A", "b"}}, true).failure().where, "endpoints[1]");
  EXPECT_FALSE(Endpoints().check("SE-A", "https://hem.example"));
}

TEST(Endpoints, KnowLoopbackByAddressNotByLook) {
  for (const char* host : {"localhost", "127.0.0.1", "127.255.0.9", "::1"}) EXPECT_TRUE(is_loopback(host)) << host;
  for (const char* host : {"127.0.0.1.evil.example", "localhost.evil.example", "127.1", "10.0.0.1", "::", "0.0.0.0", ""})
    EXPECT_FALSE(is_loopback(host)) << host;
}

}  // namespace
}  // namespace vardbron::subscription
