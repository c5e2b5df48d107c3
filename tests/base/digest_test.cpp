#include "gateway/base/digest.h"

#include <gtest/gtest.h>

namespace vardbron {
namespace {

TEST(Digest, AgreesWithThePublishedVectors) {
  // FIPS 180-4 examples.
  EXPECT_EQ(to_hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(to_hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  auto digest = sha1({"a", "", "bc"});
  EXPECT_EQ(to_hex(std::string_view(reinterpret_cast<const char*>(digest.data()), digest.size())),
            "a9993e364706816aba3e25717850c26c9cd0d89d");
}

TEST(Digest, EncodesBase64WithPadding) {
  // RFC 4648, 10.
  EXPECT_EQ(to_base64(""), "");
  EXPECT_EQ(to_base64("f"), "Zg==");
  EXPECT_EQ(to_base64("fo"), "Zm8=");
  EXPECT_EQ(to_base64("foobar"), "Zm9vYmFy");
}

TEST(Digest, ComparesTokensByContent) {
  EXPECT_TRUE(equal_in_constant_time(sha256("token"), sha256("token")));
  EXPECT_FALSE(equal_in_constant_time(sha256("token"), sha256("Token")));
}

}  // namespace
}  // namespace vardbron
