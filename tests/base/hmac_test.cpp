#include "gateway/base/hmac.h"

#include <gtest/gtest.h>

#include <string>

namespace vardbron {
namespace {

// RFC 4231, test cases 1, 2 and 6.
TEST(Hmac, SignsAsTheStandardsOwnCases) {
  EXPECT_EQ(to_hex(HmacKey(std::string(20, '\x0b')).sign("Hi There")),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(to_hex(HmacKey("Jefe").sign("what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(to_hex(HmacKey(std::string(131, '\xaa')).sign("Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(Hmac, SignsTheSameTwice) {
  const HmacKey key("a key");
  EXPECT_EQ(key.sign("text"), key.sign("text"));
  EXPECT_NE(key.sign("text"), key.sign("texts"));
  EXPECT_NE(key.sign("text"), HmacKey("another").sign("text"));
}

}  // namespace
}  // namespace vardbron
