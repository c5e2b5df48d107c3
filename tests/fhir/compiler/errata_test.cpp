#include "gateway/fhir/compiler/errata.h"

#include "temporary_directory.h"

#include <gtest/gtest.h>

#include <fstream>

namespace vardbron::fhir {
namespace {

Result<Errata> read(std::string_view text) {
  TemporaryDirectory directory;
  std::ofstream(directory.path() / "errata.tsv") << text;
  return Errata::read(directory.path() / "errata.tsv");
}

Errata errata(std::string_view text) {
  Result<Errata> lines = read(text);
  CHECK(lines);
  return *std::move(lines);
}

TEST(Errata, TurnAsIntoOfType) {
  Errata lines = errata("search-as\t*\tofType\tas takes one item\n");
  for (auto [from, to] :
       {std::pair{"(Observation.value as Quantity)", "Observation.value.ofType(Quantity)"},
        std::pair{"(A.b as X) | (A.c as Y)", "A.b.ofType(X) | A.c.ofType(Y)"}, std::pair{"A.b.as(X)", "A.b.ofType(X)"},
        std::pair{"(A.where(x = (1)) as X).text", "A.where(x = (1)).ofType(X).text"}, std::pair{"A.basis", "A.basis"}})
    EXPECT_EQ(lines.mend_search_expression(from), to);
  EXPECT_TRUE(lines.all_applied());
}

TEST(Errata, MendInvariantsAndTypes) {
  Errata lines = errata("invariant\tx-1\tright\twhy\nelement-type\tResource.id\tid\twhy\n");
  StructureDraft structure;
  structure.kind = TypeKind::Resource;
  structure.elements.resize(2);
  structure.elements[0].path = "Task";
  structure.elements[0].constraints.push_back({"x-1", "error", "", "wrong", ""});
  structure.elements[1].path = "Task.id";

  lines.mend(structure);

  EXPECT_EQ(structure.elements[0].constraints[0].expression, "right");
  ASSERT_EQ(structure.elements[1].types.size(), 1u);
  EXPECT_EQ(structure.elements[1].types[0].code, "id");
}

TEST(Errata, FailWhenALineMendsNothing) {
  Errata lines = errata("# a comment\n\nskip-search\texample\t-\twhy\ninvariant\tgone-1\tx\twhy\n");
  EXPECT_TRUE(lines.skips_search_parameter("example-extension"));
  EXPECT_FALSE(lines.skips_search_parameter("Task-owner"));
  ASSERT_FALSE(lines.all_applied());
  EXPECT_NE(lines.all_applied().failure().says.find("gone-1"), std::string::npos);
}

TEST(Errata, GiveOneBaseOfASearchParameterItsOwnExpression) {
  Errata lines = errata("search\tCareTeam.date\tCareTeam.period\twhy\nsearch\tGroup.topic\t-\twhy\n");
  EXPECT_EQ(lines.search_expression_of("CareTeam", "date"), "CareTeam.period");
  EXPECT_EQ(lines.search_expression_of("Group", "topic"), "");
  EXPECT_EQ(lines.search_expression_of("Group", "date"), std::nullopt);
  EXPECT_TRUE(lines.all_applied());
}

TEST(Errata, NeedAReason) {
  for (std::string_view text : {"invariant\tx-1\tright\n", "invariant\tx-1\tright\t\n", "one\n"})
    EXPECT_FALSE(read(text)) << text;
  EXPECT_FALSE(Errata::read("/nowhere/errata.tsv"));
}

}  // namespace
}  // namespace vardbron::fhir
