#include "gateway/search/parse_query.h"

#include "gateway/base/limits.h"
#include "r4.h"

#include <gtest/gtest.h>

namespace vardbron::search {
namespace {

using Parameters = std::vector<std::pair<std::string, std::string>>;

Result<Query> parse(std::string_view type, const Parameters& parameters) { return parse_query(r4(), type, parameters); }

Criterion only(std::string_view type, std::string name, std::string value) {
  Result<Query> query = parse(type, {{name, value}});
  EXPECT_TRUE(query.ok()) << name << "=" << value << ": " << (query.ok() ? "" : query.failure().says);
  if (!query || query->criteria.size() != 1) return {};
  return query->criteria[0];
}

std::string written(const Criterion& criterion) {
  std::string text;
  for (const Operand& operand : criterion.operands) {
    if (!text.empty()) text += " ";
    if (!operand.any_system) text += "<" + operand.system + ">";
    text += operand.value;
  }
  return text;
}

TEST(ParseQuery, ReadsTokensWithAndWithoutSystem) {
  struct Row {
    std::string value, expected;
  };
  for (const Row& row : {Row{"requested", "requested"}, Row{"a,b", "a b"}, Row{"urn:s|c", "<urn:s>c"}, Row{"|c", "<>c"},
                         Row{"urn:s|", "<urn:s>"}, Row{R"(a\,b)", "a,b"}, Row{R"(a\|b,c\\d)", R"(a|b c\d)"}}) {
    EXPECT_EQ(written(only("Task", "code", row.value)), row.expected) << row.value;
  }
}

TEST(ParseQuery, ReadsEveryFormOfAReference) {
  struct Row {
    std::string name, value, expected;
  };
  for (const Row& row :
       {Row{"patient", "Patient/p1", "Patient/p1"}, Row{"patient", "p1", "p1 Patient/p1"},
        Row{"patient", "Patient/p1/_history/2", "Patient/p1"}, Row{"subject:Patient", "p1", "Patient/p1"},
        Row{"patient", "https://other.example/fhir/Patient/p1", "https://other.example/fhir/Patient/p1"},
        Row{"owner:identifier", "urn:oid:1.2.752.29.4.19|SE2321000016-A001", "<urn:oid:1.2.752.29.4.19>SE2321000016-A001"},
        Row{"owner:identifier", "http://electronichealth.se/identifier/hsaid| se2321000016-a001",
            "<urn:oid:1.2.752.29.4.19>SE2321000016-A001"},
        Row{"owner", " Organization/se2321000016-a001", "Organization/se2321000016-a001 SE2321000016-A001"},
        Row{"owner", "Organization/123", "Organization/123"},
        Row{"owner:identifier", "SE2321000016-A001", "SE2321000016-A001"}}) {
    EXPECT_EQ(written(only("Task", row.name, row.value)), row.expected) << row.name << "=" << row.value;
  }
}

TEST(ParseQuery, TakesAnAbsoluteReferenceToThisServerAsALocalOne) {
  struct Row {
    std::string value, expected;
  };
  for (const Row& row : {Row{"https://gateway.example/fhir/Patient/p1", "Patient/p1"},
                         Row{"https://gateway.example/fhir/Patient/p1/_history/3", "Patient/p1"},
                         Row{"https://gateway.example/fhir2/Patient/p1", "https://gateway.example/fhir2/Patient/p1"},
                         Row{"http://gateway.example/fhir/Patient/p1", "http://gateway.example/fhir/Patient/p1"}}) {
    const Parameters parameters{{"patient", row.value}};
    Result<Query> query = parse_query(r4(), "Task", parameters, "https://gateway.example/fhir");
    ASSERT_TRUE(query.ok()) << row.value;
    EXPECT_EQ(written(query->criteria.at(0)), row.expected) << row.value;
  }
}

TEST(ParseQuery, FindsAnOwnerByHsaIdAlone) {
  Criterion criterion = only("Task", "owner", "SE2321000016-A001");

  EXPECT_EQ(criterion.kind, KeyKind::Reference);
  EXPECT_EQ(criterion.operands.at(0).value, "SE2321000016-A001");
  EXPECT_TRUE(criterion.operands.at(0).any_system);
}

TEST(ParseQuery, ReadsPrefixesAndPartialDates) {
  struct Row {
    std::string value;
    Prefix prefix;
    std::int64_t from, to;
  };
  constexpr std::int64_t day = 86'400'000;
  for (const Row& row :
       {Row{"1970", Prefix::Eq, 0, 365 * day - 1}, Row{"ge1970-02", Prefix::Ge, 31 * day, 59 * day - 1},
        Row{"lt1970-01-02", Prefix::Lt, day, 2 * day - 1}, Row{"ne1970-01-01T00:00:01Z", Prefix::Ne, 1000, 1999},
        Row{"sa1970-01-01T01:00:00+01:00", Prefix::Sa, 0, 999}, Row{"eb1970-01-01T00:01", Prefix::Eb, 60'000, 119'999},
        Row{"le1970-01-01T00:00:00.250Z", Prefix::Le, 250, 250}}) {
    Criterion criterion = only("Task", "_lastUpdated", row.value);
    ASSERT_EQ(criterion.operands.size(), 1u) << row.value;
    EXPECT_EQ(criterion.operands[0].prefix, row.prefix) << row.value;
    EXPECT_EQ(criterion.operands[0].from_ms, row.from) << row.value;
    EXPECT_EQ(criterion.operands[0].to_ms, row.to) << row.value;
  }
}

TEST(ParseQuery, ReadsModifiers) {
  EXPECT_EQ(only("Task", "status:not", "completed").modifier, Modifier::Not);
  EXPECT_EQ(only("Patient", "family:exact", "Berg").modifier, Modifier::Exact);
  EXPECT_EQ(only("Patient", "family:contains", "er").modifier, Modifier::Contains);
  EXPECT_EQ(only("Encounter", "identifier:missing", "true").modifier, Modifier::Missing);
}

TEST(ParseQuery, ReadsPageSizeOrderAndPlace) {
  Result<Query> query = parse("Task", {{"_count", "7"}, {"_sort", "-_lastUpdated"}, {"_after", "a12"}, {"_format", "json"}});
  ASSERT_TRUE(query.ok());
  EXPECT_EQ(query->count, 7u);
  EXPECT_TRUE(query->descending);
  EXPECT_EQ(query->after, "a12");
  EXPECT_TRUE(query->criteria.empty());
  EXPECT_EQ(parse("Task", {{"_count", "99999"}})->count, limits::search_results_per_page_max);
  EXPECT_EQ(parse("Task", {{"_count", "0"}})->count, 0u);
}

TEST(ParseQuery, RefusesByNameWhatItDoesNotServe) {
  struct Row {
    std::string type, name, value;
    Cause cause;
    std::string where;
  };
  for (const Row& row : {
           Row{"Task", "ownr", "x", Cause::Invalid, "ownr"},
           Row{"Task", "family", "x", Cause::Invalid, "family"},
           Row{"Tusk", "owner", "x", Cause::Invalid, "Tusk"},
           Row{"Resource", "_id", "x", Cause::Invalid, "Resource"},
           Row{"HumanName", "_id", "x", Cause::Invalid, "HumanName"},
           Row{"Task", "owner:exact", "x", Cause::Invalid, "owner:exact"},
           Row{"Task", "status:identifier", "x", Cause::Invalid, "status:identifier"},
           Row{"Task", "status:", "x", Cause::Invalid, "status:"},
           Row{"Task", "code:in", "x", Cause::Unsupported, "code:in"},
           Row{"Task", "owner.name", "x", Cause::Unsupported, "owner.name"},
           Row{"Task", "_include", "Task:owner", Cause::Unsupported, "_include"},
           Row{"Patient", "_has:Observation:patient:code", "x", Cause::Unsupported, "_has:Observation:patient:code"},
           Row{"Encounter", "length", "5|min", Cause::Invalid, "length"},
           Row{"Encounter", "length", "ge", Cause::Invalid, "length"},
           Row{"ChargeItem", "factor-override", "1.", Cause::Invalid, "factor-override"},
           Row{"Patient", "phonetic", "x", Cause::Unsupported, "phonetic"},
           Row{"Task", "status", "", Cause::Invalid, "status"},
           Row{"Task", "status", "a,,b", Cause::Invalid, "status"},
           Row{"Task", "status", "|", Cause::Invalid, "status"},
           Row{"Task", "_lastUpdated", "yesterday", Cause::Invalid, "_lastUpdated"},
           Row{"Task", "_lastUpdated", "2026-02-30", Cause::Invalid, "_lastUpdated"},
           Row{"Task", "_lastUpdated", "ap2026", Cause::Unsupported, "_lastUpdated"},
           Row{"Task", "status:missing", "maybe", Cause::Invalid, "status"},
           Row{"Task", "patient", "Pation/1", Cause::Invalid, "patient"},
           Row{"Task", "subject:Patient", "Patient/1", Cause::Invalid, "subject"},
           Row{"Task", "_count", "many", Cause::Invalid, "_count"},
           Row{"Task", "_count", "-1", Cause::Invalid, "_count"},
           Row{"Task", "_sort", "status", Cause::Unsupported, "_sort"},
       }) {
    Result<Query> query = parse(row.type, {{row.name, row.value}});
    ASSERT_FALSE(query.ok()) << row.name << "=" << row.value;
    EXPECT_EQ(query.failure().cause, row.cause) << row.name << "=" << row.value;
    EXPECT_EQ(query.failure().where, row.where);
  }
}

TEST(ParseQuery, SuggestsTheParameterThatWasMeant) {
  EXPECT_NE(parse("Task", {{"ownr", "x"}}).failure().says.find("Did you mean owner?"), std::string::npos);
}

TEST(ParseQuery, NeverRepeatsWhatDoesNotLookLikeAName) {
  Result<Query> query = parse("Task", {{"19500907 2553<script>", "x"}});
  ASSERT_FALSE(query.ok());
  EXPECT_EQ(query.failure().where, "(unprintable)");
}

TEST(ParseQuery, LimitsTheNumberOfValues) {
  std::string many = "a";
  for (std::size_t count = 0; count < limits::search_operands_max; ++count) many += ",a";
  EXPECT_EQ(parse("Task", {{"status", many}}).failure().cause, Cause::TooLarge);
}

}  // namespace
}  // namespace vardbron::search
