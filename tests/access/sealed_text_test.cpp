#include "gateway/access/sealed_text.h"

#include <gtest/gtest.h>

namespace vardbron::access {
namespace {

TEST(SealedText, OpensForItsPurposeAndShowsNothingOfWhatItHolds) {
  SeededRandom random(1);
  const SealedText box(random);
  for (const std::string& text : {std::string(), std::string("identifier=195009072553"), std::string(5000, 'x')}) {
    const std::string sealed = box.seal(text, "Patient for SE1");
    EXPECT_EQ(sealed.find("195009072553"), std::string::npos);
    EXPECT_NE(sealed, box.seal(text, "Patient for SE1")) << "no two are alike";
    EXPECT_EQ(box.open(sealed, "Patient for SE1"), text);
    EXPECT_FALSE(box.open(sealed, "Patient for SE2").has_value());
  }
}

TEST(SealedText, DoesNotOpenWhenAnyOfItsCharactersIsAnother) {
  SeededRandom random(1);
  const SealedText box(random), other(random);
  const std::string sealed = box.seal("owner=SE2120990011-HSV1", "Task");
  for (std::size_t at = 0; at < sealed.size(); ++at) {
    std::string changed = sealed;
    changed[at] = changed[at] == '0' ? '1' : '0';
    EXPECT_FALSE(box.open(changed, "Task").has_value()) << at;
    EXPECT_FALSE(box.open(sealed.substr(0, at), "Task").has_value()) << at;
  }
  EXPECT_FALSE(other.open(sealed, "Task").has_value()) << "another process, another key";
  EXPECT_FALSE(box.open("no hex", "Task").has_value());
}

}  // namespace
}  // namespace vardbron::access
