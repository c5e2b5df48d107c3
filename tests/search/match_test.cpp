#include "gateway/search/match.h"

#include <gtest/gtest.h>

#include <limits>

namespace vardbron::search {
namespace {

Key key(KeyKind kind, std::string system, std::string value) {
  Key made;
  made.parameter = "p";
  made.kind = kind;
  made.system = std::move(system);
  made.value = std::move(value);
  return made;
}

Key period(std::int64_t from, std::int64_t to) {
  Key made = key(KeyKind::Date, "", "");
  made.from_ms = from;
  made.to_ms = to;
  return made;
}

Criterion asks(KeyKind kind, Modifier modifier, std::vector<Operand> operands) {
  Criterion made;
  made.parameter = "p";
  made.kind = kind;
  made.modifier = modifier;
  made.operands = std::move(operands);
  return made;
}

Operand value(std::string text) {
  Operand made;
  made.value = std::move(text);
  return made;
}

Operand in_system(std::string system, std::string text) {
  Operand made = value(std::move(text));
  made.any_system = false;
  made.system = std::move(system);
  return made;
}

bool hit(const Criterion& criterion, const Key& one) { return matches(criterion, std::vector<Key>{one}); }

TEST(Match, ComparesTokensBySystemAndCode) {
  struct Row {
    Operand asked;
    bool expected;
  };
  Key coded = key(KeyKind::Token, "urn:s", "c");
  for (const Row& row :
       {Row{value("c"), true}, Row{value("C"), false}, Row{in_system("urn:s", "c"), true}, Row{in_system("urn:s", ""), true},
        Row{in_system("urn:t", "c"), false}, Row{in_system("", "c"), false}}) {
    EXPECT_EQ(hit(asks(KeyKind::Token, Modifier::None, {row.asked}), coded), row.expected) << row.asked.system << row.asked.value;
  }
  EXPECT_TRUE(hit(asks(KeyKind::Token, Modifier::None, {in_system("", "c")}), key(KeyKind::Token, "", "c")));
}

TEST(Match, ComparesPeriodsAsTheStandardSays) {
  // The resource says 10..20.
  struct Row {
    Prefix prefix;
    std::int64_t from, to;
    bool expected;
  };
  for (const Row& row : {Row{Prefix::Eq, 10, 20, true},  Row{Prefix::Eq, 5, 25, true},   Row{Prefix::Eq, 12, 18, false},
                         Row{Prefix::Eq, 11, 25, false}, Row{Prefix::Ne, 10, 20, false}, Row{Prefix::Ne, 12, 18, true},
                         Row{Prefix::Gt, 5, 15, true},   Row{Prefix::Gt, 15, 20, false}, Row{Prefix::Gt, 0, 5, true},
                         Row{Prefix::Lt, 15, 25, true},  Row{Prefix::Lt, 10, 15, false}, Row{Prefix::Ge, 10, 20, true},
                         Row{Prefix::Ge, 15, 20, false}, Row{Prefix::Ge, 15, 19, true},  Row{Prefix::Le, 11, 15, true},
                         Row{Prefix::Le, 10, 15, false}, Row{Prefix::Le, 10, 20, true},  Row{Prefix::Sa, 0, 9, true},
                         Row{Prefix::Ap, 20, 30, true},  Row{Prefix::Ap, 0, 10, true},   Row{Prefix::Ap, 21, 30, false},
                         Row{Prefix::Ap, 0, 9, false},   Row{Prefix::Ap, 12, 13, true},  Row{Prefix::Sa, 0, 10, false},
                         Row{Prefix::Eb, 21, 30, true},  Row{Prefix::Eb, 20, 30, false}}) {
    Operand asked;
    asked.prefix = row.prefix;
    asked.from_ms = row.from;
    asked.to_ms = row.to;
    EXPECT_EQ(hit(asks(KeyKind::Date, Modifier::None, {asked}), period(10, 20)), row.expected)
        << static_cast<int>(row.prefix) << " " << row.from << ".." << row.to;
  }
}

struct NumberRow {
  Prefix prefix;
  double asked_low, asked_high, low, high;
  bool expected;
};

TEST(Match, ComparesNumbersAsTheStandardSays) {
  constexpr double without_end = std::numeric_limits<double>::infinity();
  for (const NumberRow& row : {NumberRow{Prefix::Eq, 99.5, 100.5, 100, 100, true},
                               {Prefix::Eq, 99.5, 100.5, 99.5, 99.5, true},
                               {Prefix::Eq, 99.5, 100.5, 100.5, 100.5, false},
                               {Prefix::Eq, 99.5, 100.5, 99, 101, false},
                               {Prefix::Eq, 99.5, 100.5, 99.9, 100.1, true},
                               {Prefix::Ne, 99.5, 100.5, 100, 100, false},
                               {Prefix::Ne, 99.5, 100.5, 100.5, 100.5, true},
                               {Prefix::Ne, 99.5, 100.5, 99, 101, true},
                               {Prefix::Gt, 100, 100, 100, 100, false},
                               {Prefix::Gt, 100, 100, 100.1, 100.1, true},
                               {Prefix::Gt, 100, 100, 90, 101, true},
                               {Prefix::Ge, 100, 100, 100, 100, true},
                               {Prefix::Ge, 100, 100, 99.9, 99.9, false},
                               {Prefix::Lt, 100, 100, 100, 100, false},
                               {Prefix::Lt, 100, 100, 99.9, 99.9, true},
                               {Prefix::Lt, 100, 100, 99, 110, true},
                               {Prefix::Le, 100, 100, 100, 100, true},
                               {Prefix::Le, 100, 100, 100.1, 100.1, false},
                               {Prefix::Sa, 100, 100, 99, 101, false},
                               {Prefix::Sa, 100, 100, 101, 102, true},
                               {Prefix::Eb, 100, 100, 99, 101, false},
                               {Prefix::Eb, 100, 100, 98, 99, true},
                               {Prefix::Ap, 90, 110, 110, 110, true},
                               {Prefix::Ap, 90, 110, 111, 111, false},
                               {Prefix::Ap, 90, 110, 80, 90, true},
                               {Prefix::Gt, 100, 100, 3, without_end, true},
                               {Prefix::Lt, 1, 1, -without_end, 3, true},
                               {Prefix::Eq, 2.5, 3.5, 3, without_end, false}}) {
    Operand asked;
    asked.prefix = row.prefix;
    asked.low = row.asked_low;
    asked.high = row.asked_high;
    Key number = key(KeyKind::Number, "", ""), quantity = key(KeyKind::Quantity, "s", "c");
    number.low = quantity.low = row.low;
    number.high = quantity.high = row.high;
    EXPECT_EQ(hit(asks(KeyKind::Number, Modifier::None, {asked}), number), row.expected)
        << static_cast<int>(row.prefix) << " " << row.asked_low << " " << row.low << ".." << row.high;
    EXPECT_EQ(hit(asks(KeyKind::Quantity, Modifier::None, {asked}), quantity), row.expected);
  }
}

TEST(Match, ComparesAQuantityOnlyInItsUnit) {
  struct Row {
    bool any_system;
    std::string system, value;
    bool expected;
  };
  Key days = key(KeyKind::Quantity, "http://unitsofmeasure.org", "d");
  days.low = days.high = 3;
  for (const Row& row : {Row{true, "", "", true}, Row{true, "", "d", true}, Row{true, "", "h", false},
                         Row{false, "http://unitsofmeasure.org", "d", true}, Row{false, "http://unitsofmeasure.org", "", true},
                         Row{false, "http://unitsofmeasure.org", "h", false}, Row{false, "urn:other", "d", false}}) {
    Operand asked = value(row.value);
    asked.any_system = row.any_system;
    asked.system = row.system;
    asked.low = 2.5;
    asked.high = 3.5;
    EXPECT_EQ(hit(asks(KeyKind::Quantity, Modifier::None, {asked}), days), row.expected) << row.system << "|" << row.value;
    asked.low = asked.high = 4;
    asked.prefix = Prefix::Lt;
    EXPECT_EQ(hit(asks(KeyKind::Quantity, Modifier::None, {asked}), days), row.expected) << row.system << "|" << row.value;
  }
}

TEST(Match, ComparesUrisByTheirSegments) {
  struct Row {
    Modifier modifier;
    std::string asked, held;
    bool expected;
  };
  for (const Row& row :
       {Row{Modifier::None, "http://a/b", "http://a/b", true}, Row{Modifier::None, "http://a/b", "http://a/b/", false},
        Row{Modifier::None, "http://a/b", "http://a/B", false}, Row{Modifier::Below, "http://a/b", "http://a/b", true},
        Row{Modifier::Below, "http://a/b", "http://a/b/c/d", true}, Row{Modifier::Below, "http://a/b", "http://a/bc", false},
        Row{Modifier::Below, "http://a/b/", "http://a/b/c", true}, Row{Modifier::Below, "http://a/b/", "http://a/b", false},
        Row{Modifier::Below, "http://a/b/c", "http://a/b", false}, Row{Modifier::Above, "http://a/b/c", "http://a/b", true},
        Row{Modifier::Above, "http://a/b/c", "http://a/b/c", true}, Row{Modifier::Above, "http://a/bc", "http://a/b", false},
        Row{Modifier::Above, "http://a/b", "http://a/b/c", false}})
    EXPECT_EQ(hit(asks(KeyKind::Uri, row.modifier, {value(row.asked)}), key(KeyKind::Uri, "", row.held)), row.expected)
        << static_cast<int>(row.modifier) << " " << row.asked << " " << row.held;
}

TEST(Match, ComparesStringsFromTheStartWithoutCaseAndAccents) {
  Key name = key(KeyKind::String, "Åkerström", normalized("Åkerström"));
  EXPECT_TRUE(hit(asks(KeyKind::String, Modifier::None, {value("aker")}), name));
  EXPECT_TRUE(hit(asks(KeyKind::String, Modifier::None, {value("ÅKERSTRÖM")}), name));
  EXPECT_FALSE(hit(asks(KeyKind::String, Modifier::None, {value("strom")}), name));
  EXPECT_TRUE(hit(asks(KeyKind::String, Modifier::Contains, {value("STROM")}), name));
  EXPECT_TRUE(hit(asks(KeyKind::String, Modifier::Exact, {value("Åkerström")}), name));
  EXPECT_FALSE(hit(asks(KeyKind::String, Modifier::Exact, {value("åkerström")}), name));
  EXPECT_FALSE(hit(asks(KeyKind::String, Modifier::Exact, {value("Åker")}), name));
}

TEST(Match, NormalizesLettersToTheirBase) {
  struct Row {
    std::string_view text, normal;
  };
  for (const Row& row :
       {Row{"ÅÄÖ åäö", "aao aao"}, Row{"Ærø", "aero"}, Row{"Straße", "strasse"}, Row{"Łódź", "lodz"}, Row{"Þór", "thor"},
        Row{"3×4÷2", "3×4÷2"}, Row{"e\xCC\x81t\xC3\xA9", "ete"}, Row{"日本", "日本"}, Row{"", ""}}) {
    EXPECT_EQ(normalized(row.text), row.normal) << row.text;
  }
}

TEST(Match, NormalizingTwiceChangesNothingMore) {
  std::string text;
  for (unsigned code = 0xC0; code < 0x180; ++code) {
    text += static_cast<char>(0xC0 | (code >> 6));
    text += static_cast<char>(0x80 | (code & 0x3F));
  }
  EXPECT_EQ(normalized(normalized(text)), normalized(text));
}

TEST(Match, FindsLogicalReferencesByIdentifierAndByValueAlone) {
  Key owner = key(KeyKind::Reference, "urn:oid:1.2.752.29.4.19", "SE2321000016-A001");
  EXPECT_TRUE(
      hit(asks(KeyKind::Reference, Modifier::Identifier, {in_system("urn:oid:1.2.752.29.4.19", "SE2321000016-A001")}), owner));
  EXPECT_FALSE(hit(asks(KeyKind::Reference, Modifier::Identifier, {in_system("urn:other", "SE2321000016-A001")}), owner));
  EXPECT_TRUE(hit(asks(KeyKind::Reference, Modifier::None, {value("SE2321000016-A001")}), owner));
  EXPECT_TRUE(hit(asks(KeyKind::Reference, Modifier::None, {value("Patient/1"), value("Patient/2")}),
                  key(KeyKind::Reference, "", "Patient/2")));
}

TEST(Match, NotIsAlsoMetWhereThereIsNoValue) {
  Criterion not_c = asks(KeyKind::Token, Modifier::Not, {value("c")});
  EXPECT_TRUE(matches(not_c, {}));
  EXPECT_TRUE(hit(not_c, key(KeyKind::Token, "", "d")));
  EXPECT_FALSE(hit(not_c, key(KeyKind::Token, "", "c")));
}

TEST(Match, MissingAsksWhetherThereIsAnyValue) {
  Criterion missing = asks(KeyKind::Token, Modifier::Missing, {value("true")});
  Criterion present = asks(KeyKind::Token, Modifier::Missing, {value("false")});
  EXPECT_TRUE(matches(missing, {}));
  EXPECT_FALSE(matches(present, {}));
  EXPECT_FALSE(hit(missing, key(KeyKind::Token, "", "c")));
  EXPECT_TRUE(hit(present, key(KeyKind::Token, "", "c")));
}

TEST(Match, AnotherParametersKeysDoNotCount) {
  Key other = key(KeyKind::Token, "", "c");
  other.parameter = "q";
  EXPECT_FALSE(hit(asks(KeyKind::Token, Modifier::None, {value("c")}), other));
}

}  // namespace
}  // namespace vardbron::search
