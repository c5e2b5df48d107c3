#include "tests/fhirpath/fixture.h"

#include <gtest/gtest.h>

// Concern: in strict mode only expressions that can never work by their types are refused, at the right position (N1 10.1).
namespace vardbron::fhirpath {
namespace {

using testing::answer;

/// The line and column at the end of an error; "" where there is none.
std::string refused_at(std::string_view text) {
  const tree::Document& patient = testing::a_patient();
  const Value focus = element(tree::root(patient), r4());
  Result<Program> program =
      compile(text, {.definitions = r4(), .context = focus.type(), .strict = true, .variables = {{"weight", 0}}});
  return program ? "" : program.failure().where;
}

struct Refused {
  std::string_view expression, where;
};

TEST(FhirPathStrict, RefusesArgumentsOfTheWrongType) {
  for (const Refused& row : std::initializer_list<Refused>{{"'a'.startsWith(1)", "1:16"},
                                                           {"'a'.endsWith(true)", "1:14"},
                                                           {"'a'.contains(@2020)", "1:14"},
                                                           {"'a'.indexOf(1.5)", "1:13"},
                                                           {"'a'.lastIndexOf(active)", "1:17"},
                                                           {"'a'.replace(1, 'b')", "1:13"},
                                                           {"'a'.replace('b', 1)", "1:18"},
                                                           {"'a'.matches(birthDate)", "1:13"},
                                                           {"'a'.replaceMatches('a', 2)", "1:25"},
                                                           {"'a'.encode(1)", "1:12"},
                                                           {"'a'.split(1)", "1:11"},
                                                           {"name.given.join(1)", "1:17"},
                                                           {"'a'.substring('b')", "1:15"},
                                                           {"'a'.substring(1.0)", "1:15"},
                                                           {"'a'.substring(0, name)", "1:18"},
                                                           {"name.skip('a')", "1:11"},
                                                           {"name.take(true)", "1:11"},
                                                           {"1.5.round('a')", "1:11"},
                                                           {"1.5.lowBoundary('a')", "1:17"},
                                                           {"1.5.log('a')", "1:9"},
                                                           {"2.power(active)", "1:9"},
                                                           {"today().duration(1, 'day')", "1:18"},
                                                           {"today().difference(now(), 1)", "1:27"},
                                                           {"name.trace(1)", "1:12"},
                                                           {"extension(1)", "1:11"},
                                                           {"gender.memberOf(1)", "1:17"},
                                                           {"conformsTo(active)", "1:12"},
                                                           {"'1'.toQuantity(1)", "1:16"},
                                                           {"name[active]", "1:6"},
                                                           {"name['a']", "1:6"}})
    EXPECT_EQ(refused_at(row.expression), row.where) << row.expression;
}

TEST(FhirPathStrict, RefusesOperatorsBetweenTypesThatNeverMeet) {
  for (const Refused& row : std::initializer_list<Refused>{{"1 & 'a'", "1:3"},
                                                           {"'a' & name", "1:5"},
                                                           {"gender & active", "1:8"},
                                                           {"'a' and true", "1:5"},
                                                           {"true or 1", "1:6"},
                                                           {"true xor 'a'", "1:6"},
                                                           {"1 implies true", "1:3"},
                                                           {"active = 1", "1:8"},
                                                           {"gender = 1", "1:8"},
                                                           {"birthDate != 1950", "1:11"},
                                                           {"name = 'Berg'", "1:6"},
                                                           {"'Berg' ~ name", "1:8"},
                                                           {"1 in name", "1:3"},
                                                           {"name.given contains 1", "1:12"},
                                                           {"true !~ 1", "1:6"},
                                                           {"-'a'", "1:1"},
                                                           {"-active", "1:1"},
                                                           {"+birthDate", "1:1"},
                                                           {"@2020 = @T10", "1:7"}})
    EXPECT_EQ(refused_at(row.expression), row.where) << row.expression;
}

TEST(FhirPathStrict, LeavesAloneWhatMayWork) {
  for (std::string_view text : {"gender = 'male'",
                                "active = 'true'",
                                "gender in ('male' | 'female')",
                                "birthDate = @1950-09-07",
                                "birthDate = now()",
                                "telecom.rank = 2.0",
                                "extension.value = 'x'",
                                "extension.value = 1",
                                "name = name",
                                "name ~ contact.name",
                                "multipleBirth = 2",
                                "name.given & ''",
                                "active and gender",
                                "name.exists() and name",
                                "{} = 1",
                                "'a' & {}",
                                "-{}",
                                "name[{}]",
                                "'a'.startsWith({})",
                                "%weight = 'x'",
                                "'a'.substring(%weight)",
                                "telecom.rank = 2 'mg'",
                                "2.power(0.5)",
                                "'a'.substring(telecom.rank.first())",
                                "name.given.join(name.family)",
                                "contained.name = 'x'",
                                "descendants() contains 'x'",
                                "children() & 'x'",
                                "today().duration(birthDate, 'day')",
                                "identifier.value.startsWith(gender)",
                                "resolve() = 'x'",
                                "text.`div` = 'x'"})
    EXPECT_EQ(refused_at(text), "") << text << ": " << answer(text, {.strict = true});
}

TEST(FhirPathStrict, SuggestsOnlyWhatIsClose) {
  EXPECT_EQ(answer("name.giv", {.strict = true}), "error: 'giv' is no element of HumanName. Did you mean 'given'? @1:6");
  EXPECT_EQ(answer("name.foo", {.strict = true}), "error: 'foo' is no element of HumanName. @1:6");
  EXPECT_EQ(answer("name.foo()"), "error: There is no function foo(). @1:6");
  EXPECT_EQ(answer("name.substr(1)"), "error: There is no function substr(). Did you mean substring()? @1:6");
  EXPECT_EQ(answer("name.ofType(HumanNam)"), "error: There is no type HumanNam. Did you mean 'HumanName'? @1:6");
}

}  // namespace
}  // namespace vardbron::fhirpath
