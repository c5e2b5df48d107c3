#include "gateway/fhir/compiler/search_parameters.h"

#include <gtest/gtest.h>

namespace vardbron::fhir {
namespace {

TEST(SearchParameters, KeepTheAlternativesOfOneType) {
  struct Row {
    std::string_view expression, base, expected;
  };
  for (const Row& row : {Row{"Patient.name | Person.name", "Person", "Person.name"}, Row{"Task.owner", "Task", "Task.owner"},
                         Row{"(Task.a | Task.b).c | Person.x", "Task", "(Task.a | Task.b).c"},
                         Row{"A.where(x='|A.y') | B.z", "A", "A.where(x='|A.y')"}, Row{"TaskLike.x | Task.y", "Task", "Task.y"},
                         Row{"Resource.id", "Task", "Resource.id"}, Row{"A.x|A.y", "A", "A.x | A.y"}})
    EXPECT_EQ(alternatives_of(row.expression, row.base), row.expected) << row.expression;
}

}  // namespace
}  // namespace vardbron::fhir
