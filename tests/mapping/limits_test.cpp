#include "gateway/base/limits.h"
#include "tests/mapping/workshop.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

// Concern: a map at a limit of base/limits.h runs, and one above is refused by the limit's name.

namespace vardbron::mapping {
namespace {

using testing::HasSubstr;

constexpr std::string_view model_a = "A\n  one 0..1 string\n  many 0..* string";
constexpr std::string_view model_b = "B\n  one 0..1 string\n  many 0..* string";

/// Groups g0, g1 .. of which each calls the next one.
std::string run_of_groups(std::size_t groups) {
  std::string text;
  for (std::size_t at = 0; at < groups; ++at) {
    const std::string name = at == 0 ? "g" : "g" + std::to_string(at);
    const std::string then = at + 1 < groups ? " then g" + std::to_string(at + 1) + "(src, tgt)" : "";
    text += "group " + name + "(source src : A, target tgt : B) { src -> tgt.many = 'x'" + then + "; }\n";
  }
  return map_once(model_a, model_b, text, R"({"one":"x"})");
}

TEST(MapLimits, GroupsCallEachOtherAsDeepAsTheyMay) {
  EXPECT_THAT(run_of_groups(limits::map_depth_max), testing::StartsWith(R"({"resourceType":"B","many":["x","x")"));
  EXPECT_THAT(run_of_groups(limits::map_depth_max + 1), HasSubstr("map_depth_max (200)"));
}

/// "accepted", or why the text is no map.
std::string added(std::string text) {
  Workshop workshop;
  workshop.model(model_a).model(model_b);
  Result<void> taken = workshop.library().add_map("m.fml", "/// url = 'http://test/m'\n/// name = 'm'\n" + std::move(text));
  if (taken) return "accepted";
  return taken.failure().says;
}

TEST(MapLimits, RulesStandInsideRulesAsDeepAsTheyMay) {
  const auto nested = [](std::size_t depth) {
    std::string text = "group g(source src : A, target tgt : B) { ";
    for (std::size_t at = 1; at < depth; ++at) text += "src -> tgt then { ";
    text += "src -> tgt.one = 'x'; ";
    for (std::size_t at = 1; at < depth; ++at) text += "}; ";
    return text + "}";
  };

  // The rules of a group are not nested.
  EXPECT_EQ(added(nested(limits::expression_depth_max + 1)), "accepted");
  EXPECT_THAT(added(nested(limits::expression_depth_max + 2)), HasSubstr("expression_depth_max"));
}

TEST(MapLimits, ATextIsAsLongAsItMay) {
  const std::string rules = "group g(source src : A, target tgt : B) { src.one as v -> tgt.one = v; }\n";

  EXPECT_EQ(added(rules + std::string(limits::body_bytes_max - 4096, '\n')), "accepted");
  EXPECT_THAT(added(rules + std::string(limits::body_bytes_max, '\n')), HasSubstr("body_bytes_max"));
}

// An element of a list and its value in each round: 1,020 times 1,020 is just below.
TEST(MapLimits, AResultHasAsManyElementsAsItMay) {
  const auto square = [](int side) {
    std::string source = R"({"many":["x")";
    for (int at = 1; at < side; ++at) source += ",\"x\"";
    return map_once(model_a, "B\n  part 0..* BackboneElement\n  part.name 0..1 string",
                    "group g(source src : A, target tgt : B) { src.many as a, src.many as b -> tgt.part as p, p.name = a; }",
                    source + "]}");
  };
  static_assert(2 * 1020 * 1020 < limits::map_target_nodes_max && 2 * 1025 * 1025 > limits::map_target_nodes_max);

  EXPECT_THAT(square(1025).substr(0, 500), HasSubstr("map_target_nodes_max"));
  EXPECT_GT(square(1020).size(), 1020u * 1020u * 10u);
}

}  // namespace
}  // namespace vardbron::mapping
