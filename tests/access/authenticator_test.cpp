#include "gateway/access/authenticator.h"

#include "gateway/base/limits.h"

#include <gtest/gtest.h>

namespace vardbron::access {
namespace {

constexpr const char* nacka_token = "nacka-0123456789abcdef";

Principal nacka() {
  Principal principal;
  principal.organisation = "SE2120000167-K001";
  principal.name = "Hemtjänsten";
  principal.token = nacka_token;
  principal.may_receive = true;
  return principal;
}

Principal hospital() {
  Principal principal;
  principal.organisation = "SE2321000016-S001";
  principal.name = "Sjukhuset";
  principal.token = "hospital-0123456789abcdef";
  principal.may_send = true;
  return principal;
}

http::Request with(std::string authorization) {
  http::Request request;
  request.method = "GET";
  request.target = "/fhir/Task";
  request.fields.push_back({"Host", "vardbron.example"});
  request.fields.push_back({"authorization", std::move(authorization)});
  return request;
}

Authenticator door() {
  Result<Authenticator> opened = Authenticator::open({hospital(), nacka()});
  CHECK(opened);
  return std::move(*opened);
}

TEST(Authenticator, KnowsTheOrganisationBehindAToken) {
  Result<Caller> caller = door().caller(with(std::string("Bearer ") + nacka_token));

  ASSERT_TRUE(caller);
  EXPECT_EQ(caller->organisation, "SE2120000167-K001");
  EXPECT_TRUE(caller->may_receive);
  EXPECT_FALSE(caller->may_send);
  EXPECT_FALSE(caller->may_operate);
}

TEST(Authenticator, TakesTheSchemeInAnyCase) {
  EXPECT_TRUE(door().caller(with(std::string("bearer ") + nacka_token)));
  EXPECT_TRUE(door().caller(with(std::string("BEARER   ") + nacka_token)));
}

TEST(Authenticator, KnowsATokenOfWhichOnlyTheDigestIsConfigured) {
  Principal principal = nacka();
  principal.token = "sha256:" + to_hex(sha256(nacka_token));
  Result<Authenticator> opened = Authenticator::open({principal});
  ASSERT_TRUE(opened);

  EXPECT_TRUE(opened->caller(with(std::string("Bearer ") + nacka_token)));
  EXPECT_FALSE(opened->caller(with("Bearer " + principal.token)));
}

// Concern: a missing, a wrong and a malformed token must not be distinguishable.
TEST(Authenticator, RefusesEverythingElseAlike) {
  Authenticator keeper = door();
  Failure nobody = keeper.caller(http::Request{}).failure();
  const std::string almost(std::string(nacka_token).substr(0, 21) + "F");

  EXPECT_EQ(nobody.cause, Cause::Unauthenticated);
  for (const std::string& shown :
       {std::string("Bearer "), std::string("Bearer"), std::string(), "Bearer " + almost, std::string(nacka_token),
        "Basic " + std::string(nacka_token), "Bearer " + std::string(600, 'a'), "Bearer " + std::string(nacka_token) + " x",
        "Bearer " + std::string(nacka_token) + "\x01", "Bearer =" + std::string(nacka_token),
        std::string("Bearer x,Bearer ") + nacka_token}) {
    Result<Caller> caller = keeper.caller(with(shown));
    ASSERT_FALSE(caller) << shown;
    EXPECT_EQ(caller.failure(), nobody) << shown;
  }
}

TEST(Authenticator, RefusesTwoAuthorizationFields) {
  http::Request request = with(std::string("Bearer ") + nacka_token);
  request.fields.push_back({"Authorization", std::string("Bearer ") + nacka_token});

  EXPECT_FALSE(door().caller(request));
}

TEST(Authenticator, LetsNobodyInWhenNobodyIsConfigured) {
  Result<Authenticator> opened = Authenticator::open({});
  ASSERT_TRUE(opened);

  EXPECT_FALSE(opened->caller(http::Request{}));
  EXPECT_FALSE(opened->caller(with("Bearer ")));
}

struct WrongPrincipal {
  const char* what;
  const char* organisation;
  std::string token;
  const char* where;
};

TEST(Authenticator, NamesTheConfiguredLineThatCannotBeUsed) {
  const WrongPrincipal table[] = {
      {"no organisation", "", nacka_token, "principals[1].organisation"},
      {"a space in it", "SE 1", nacka_token, "principals[1].organisation"},
      {"no token", "SE1", "", "principals[1].token"},
      {"short token", "SE1", std::string(limits::token_bytes_min - 1, 'x'), "principals[1].token"},
      {"long token", "SE1", std::string(limits::token_bytes_max + 1, 'x'), "principals[1].token"},
      {"space in the token", "SE1", "0123456789 abcdef0", "principals[1].token"},
      {"digest too short", "SE1", "sha256:00ff", "principals[1].token"},
      {"digest that is none", "SE1", "sha256:" + std::string(64, 'g'), "principals[1].token"},
      {"the hospital's token", "SE1", hospital().token, "principals[1].token"},
  };
  for (const WrongPrincipal& row : table) {
    Principal principal = nacka();
    principal.organisation = row.organisation;
    principal.token = row.token;

    Result<Authenticator> opened = Authenticator::open({hospital(), principal});

    ASSERT_FALSE(opened) << row.what;
    EXPECT_EQ(opened.failure().where, row.where) << row.what;
    if (!row.token.empty()) {
      EXPECT_EQ(opened.failure().says.find(row.token), std::string::npos) << row.what;
    }
  }
}

TEST(Authenticator, TakesATokenOfTheLeastLength) {
  Principal principal = nacka();
  principal.token = std::string(limits::token_bytes_min, 'x');

  EXPECT_TRUE(Authenticator::open({principal}));
}

TEST(Authenticator, KnowsAsManyPrincipalsAsItsLimitAndNoMore) {
  std::vector<Principal> principals(limits::principals_max);
  for (std::size_t at = 0; at < principals.size(); ++at) {
    principals[at].organisation = "SE" + std::to_string(at);
    principals[at].token = "token-of-organisation-" + std::to_string(at);
  }
  EXPECT_TRUE(Authenticator::open(principals));
  principals.push_back(principals.front());
  principals.back().token += "-more";

  Result<Authenticator> refused = Authenticator::open(principals);

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.failure().says, "At most 10000 organisations may call.");
}

TEST(Authenticator, TakesATokenOfTheGreatestLength) {
  Principal principal;
  principal.organisation = "SE1";
  principal.token = std::string(limits::token_bytes_max, 'x');
  EXPECT_TRUE(Authenticator::open({principal}));
}

}  // namespace
}  // namespace vardbron::access
