#include "gateway/search/parse_query.h"

#include "gateway/base/limits.h"
#include "r4.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <random>

namespace vardbron::search {
namespace {

using Asked = std::vector<std::pair<std::string, std::string>>;

constexpr WallTime now{std::chrono::milliseconds(100'000)};

Result<Query> parse(std::string_view type, const Asked& asked) { return parse_query(r4(), type, asked); }

Result<Search> search(std::string_view type, const Asked& asked, bool is_lenient = false) {
  return parse_search(r4(), type, asked, {.now = now, .is_lenient = is_lenient});
}

Criterion only(std::string_view type, std::string name, std::string value) {
  Result<Search> read = search(type, {{name, value}});
  EXPECT_TRUE(read.ok()) << name << "=" << value << ": " << (read.ok() ? "" : read.failure().says);
  if (!read || read->query.criteria.size() != 1) return {};
  return read->query.criteria[0];
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

// A person's number is searched as it is kept, however it is written. `now` here is a day of 1970.
TEST(ParseQuery, ReadsAPersonsNumberHoweverItIsWritten) {
  const std::string kept = "<http://electronichealth.se/identifier/personnummer>195009072553";
  struct Row {
    std::string value, expected;
  };
  for (const Row& row :
       {Row{"http://electronichealth.se/identifier/personnummer|500907-2553", kept},
        Row{"urn:oid:1.2.752.129.2.1.3.1|19500907-2553", kept}, Row{"500907-2553", "195009072553 500907-2553"},
        Row{"19500907-2553", "195009072553 19500907-2553"}, Row{"195009072553", "195009072553"},
        Row{"500907-2554", "500907-2554"}, Row{"in-progress", "in-progress"}, Row{"|500907-2553", "<>500907-2553"}})
    EXPECT_EQ(written(only("Patient", "identifier", row.value)), row.expected) << row.value;
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
    const Asked parameters{{"patient", row.value}};
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

TEST(ParseQuery, WidensADateByATenthOfItsDistanceToNow) {
  struct Row {
    std::string value;
    std::int64_t from, to;
  };
  for (const Row& row :
       {Row{"ap1970-01-01T00:00:50Z", 50'000 - 4'900, 50'999 + 4'900}, Row{"ap1970-01-01T00:01:40Z", 100'000, 100'999},
        Row{"ap1970-01-01", 0, 86'399'999}, Row{"ap1970-01-01T00:03:20Z", 200'000 - 10'000, 200'999 + 10'000}}) {
    Criterion criterion = only("Task", "authored-on", row.value);
    ASSERT_EQ(criterion.operands.size(), 1u) << row.value;
    EXPECT_EQ(criterion.operands[0].prefix, Prefix::Ap);
    EXPECT_EQ(criterion.operands[0].from_ms, row.from) << row.value;
    EXPECT_EQ(criterion.operands[0].to_ms, row.to) << row.value;
  }
  EXPECT_EQ(parse("Task", {{"authored-on", "ap1970"}}).failure().cause, Cause::Unsupported) << "without a clock";
}

TEST(ParseQuery, ReadsNumbersAndQuantities) {
  struct Row {
    std::string name, value;
    Prefix prefix;
    double low, high;
    std::string unit;
  };
  for (const Row& row :
       {Row{"factor-override", "0.8", Prefix::Eq, 0.75, 0.85, ""}, Row{"factor-override", "ne100", Prefix::Ne, 99.5, 100.5, ""},
        Row{"factor-override", "gt1.50", Prefix::Gt, 1.5, 1.5, ""}, Row{"factor-override", "le-2", Prefix::Le, -2, -2, ""},
        Row{"factor-override", "ap-100", Prefix::Ap, -110, -90, ""}, Row{"quantity", "3", Prefix::Eq, 2.5, 3.5, ""},
        Row{"quantity", "ge3|http://unitsofmeasure.org|d", Prefix::Ge, 3, 3, "<http://unitsofmeasure.org>d"},
        Row{"quantity", "3||dygn", Prefix::Eq, 2.5, 3.5, "dygn"}, Row{"price-override", R"(sa9||k\|r)", Prefix::Sa, 9, 9, "k|r"},
        Row{"quantity", "eb3|urn:s|a", Prefix::Eb, 3, 3, "<urn:s>a"}}) {
    Criterion criterion = only("ChargeItem", row.name, row.value);
    ASSERT_EQ(criterion.operands.size(), 1u) << row.value;
    EXPECT_EQ(criterion.operands[0].prefix, row.prefix) << row.value;
    EXPECT_DOUBLE_EQ(criterion.operands[0].low, row.low) << row.value;
    EXPECT_DOUBLE_EQ(criterion.operands[0].high, row.high) << row.value;
    EXPECT_EQ(written(criterion), row.unit) << row.value;
  }
}

std::string sorted_by(const Query& query) {
  std::string text;
  for (const SortKey& key : query.sort) text += (key.is_descending ? "-" : "+") + key.parameter + std::to_string(int(key.kind));
  return text;
}

TEST(ParseQuery, ReadsPageSizeOrderAndPlace) {
  Result<Query> query = parse("Task", {{"_count", "7"}, {"_sort", "-_lastUpdated"}, {"_after", "a12"}, {"_format", "json"}});
  ASSERT_TRUE(query.ok());
  EXPECT_EQ(query->count, 7u);
  EXPECT_EQ(query->after, "a12");
  EXPECT_TRUE(query->criteria.empty());
  EXPECT_EQ(parse("Task", {{"_count", "99999"}})->count, limits::search_results_per_page_max);
  EXPECT_EQ(parse("Task", {{"_before", "b7"}})->before, "b7");
  EXPECT_EQ(sorted_by(*parse("Task", {{"_sort", "-authored-on,status,_id"}})), "-authored-on2+status0+_id0");
  EXPECT_EQ(sorted_by(*parse("Task", {{"_sort", "_lastUpdated"}})), "+_lastUpdated2");
}

TEST(ParseQuery, ReadsWhatIsToBeCounted) {
  struct Row {
    Asked asked;
    std::size_t count;
    Total total;
  };
  for (const Row& row :
       {Row{{}, 50, Total::None}, Row{{{"_total", "none"}}, 50, Total::None}, Row{{{"_total", "estimate"}}, 50, Total::Estimate},
        Row{{{"_total", "accurate"}}, 50, Total::Accurate}, Row{{{"_count", "0"}}, 0, Total::Accurate},
        Row{{{"_summary", "count"}}, 0, Total::Accurate}, Row{{{"_count", "0"}, {"_total", "estimate"}}, 0, Total::Estimate},
        Row{{{"_summary", "count"}, {"_count", "5"}}, 0, Total::Accurate}}) {
    Result<Query> query = parse("Task", row.asked);
    ASSERT_TRUE(query.ok());
    EXPECT_EQ(query->count, row.count);
    EXPECT_EQ(query->total, row.total);
  }
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
           Row{"Task", "_content", "x", Cause::Unsupported, "_content"},
           Row{"Task", "_filter", "x", Cause::Unsupported, "_filter"},
           Row{"Encounter", "length", "5|min", Cause::Invalid, "length"},
           Row{"Encounter", "length", "ge", Cause::Invalid, "length"},
           Row{"ChargeItem", "factor-override", "1.", Cause::Invalid, "factor-override"},
           Row{"Patient", "phonetic", "x", Cause::Unsupported, "phonetic"},
           Row{"Task", "status", "", Cause::Invalid, "status"},
           Row{"Task", "status", "a,,b", Cause::Invalid, "status"},
           Row{"Task", "status", "|", Cause::Invalid, "status"},
           Row{"Task", "_lastUpdated", "yesterday", Cause::Invalid, "_lastUpdated"},
           Row{"Task", "_lastUpdated", "2026-02-30", Cause::Invalid, "_lastUpdated"},
           Row{"Task", "status:missing", "maybe", Cause::Invalid, "status:missing"},
           Row{"Task", "patient", "Pation/1", Cause::Invalid, "patient"},
           Row{"Task", "subject:Patient", "Patient/1", Cause::Invalid, "subject:Patient"},
           Row{"Task", "owner:Encounter", "1", Cause::Invalid, "owner:Encounter"},
           Row{"Task", "_count", "many", Cause::Invalid, "_count"},
           Row{"Task", "_count", "-1", Cause::Invalid, "_count"},
           Row{"Task", "_sort", "statsu", Cause::Invalid, "_sort"},
           Row{"Task", "_sort", "status,-status", Cause::Invalid, "_sort"},
           Row{"Task", "_sort", "", Cause::Invalid, "_sort"},
           Row{"Task", "_sort", "_id,status,code,owner,intent,priority", Cause::TooLarge, "_sort"},
           Row{"Patient", "_sort", "phonetic", Cause::Unsupported, "_sort"},
           Row{"Task", "_total", "some", Cause::Invalid, "_total"},
           Row{"Task", "_summary", "yes", Cause::Invalid, "_summary"},
           Row{"Task", "_elements", "statsu", Cause::Invalid, "_elements"},
       }) {
    Result<Query> query = parse(row.type, {{row.name, row.value}});
    ASSERT_FALSE(query.ok()) << row.name << "=" << row.value;
    EXPECT_EQ(query.failure().cause, row.cause) << row.name << "=" << row.value;
    EXPECT_EQ(query.failure().where, row.where);
  }
}

TEST(ParseQuery, RefusesWhatDoesNotGoTogether) {
  for (const Asked& asked : {Asked{{"_count", "1"}, {"_count", "2"}}, Asked{{"_sort", "status"}, {"_sort", "code"}},
                             Asked{{"_after", "a"}, {"_before", "b"}}, Asked{{"_summary", "true"}, {"_elements", "status"}},
                             Asked{{"_summary", "text"}, {"_include", "Task:owner"}}}) {
    EXPECT_EQ(parse("Task", asked).failure().cause, Cause::Invalid) << asked[0].first << "&" << asked[1].first;
  }
  EXPECT_TRUE(parse("Task", {{"_summary", "false"}, {"_elements", "status"}}).ok());
  EXPECT_TRUE(parse("Task", {{"_summary", "data"}, {"_include", "Task:owner"}}).ok());
}

TEST(ParseQuery, SaysThatANameInAListIsEmpty) {
  for (const char* empty : {"", "-", ",", "status,", ",status", "status,,code", "status,-"}) {
    const Result<Query> query = parse("Task", {{"_sort", empty}});
    ASSERT_FALSE(query.ok()) << empty;
    EXPECT_EQ(query.failure(),
              (Failure{Cause::Invalid, "The parameters are separated by commas, and here one is empty.", "_sort"}))
        << empty;
  }
}

TEST(ParseQuery, RefusesATextOfWhichNothingIsLeftToBeFound) {
  const std::string acute = "\xCC\x81", macron_below = "\xCC\xB1";
  for (const char* name : {"family", "family:contains", "name", "address-city:contains", "identifier:text"}) {
    for (const std::string& marks : {acute, acute + macron_below, "Berg," + acute, acute + ",Berg"}) {
      const Result<Query> query = parse("Patient", {{name, marks}});
      ASSERT_FALSE(query.ok()) << name;
      EXPECT_EQ(query.failure(),
                (Failure{Cause::Invalid, "Accents alone are compared with nothing: the value has no letter.", name}));
    }
    EXPECT_TRUE(parse("Patient", {{name, "a" + acute}}).ok());
    EXPECT_TRUE(parse("Patient", {{name, "."}}).ok()) << "a sign that is compared like a letter";
  }
  EXPECT_TRUE(parse("Patient", {{"family:exact", acute}}).ok()) << "it finds these very marks";
  EXPECT_EQ(parse("Patient", {{"general-practitioner.name", acute}}).failure().where, "general-practitioner.name");
}

// White space is cut from codes: what was left asked for any code of the system.
TEST(ParseQuery, TakesNoWhiteSpaceForACodeOrAReference) {
  for (const Asked& asked :
       {Asked{{"identifier", "urn:s| "}}, Asked{{"identifier", " "}}, Asked{{"code", "urn:s|\t"}}, Asked{{"identifier", "| "}},
        Asked{{"owner:identifier", "urn:s| "}}, Asked{{"owner", " "}}, Asked{{"status", "requested, "}}})
    EXPECT_EQ(parse("Task", asked).failure().where, asked[0].first) << asked[0].second;
  for (const Asked& asked : {Asked{{"identifier", "urn:s|"}}, Asked{{"identifier", " a "}}, Asked{{"identifier", "|a"}}})
    EXPECT_TRUE(parse("Task", asked).ok()) << asked[0].second;
}

TEST(ParseQuery, ReadsTheThreeFormsOfAQuantity) {
  struct Row {
    std::string value;
    bool is_read, is_warned;
    std::string unit;
  };
  for (const Row& row :
       {Row{"1", true, true, "any"}, Row{"gt1", true, true, "any"},
        Row{"1|http://unitsofmeasure.org|d", true, false, "http://unitsofmeasure.org d"}, Row{"1||d", true, false, " d"},
        Row{R"(1||a\|b)", true, false, " a|b"}, Row{"1|", false, false, ""}, Row{"1|d", false, false, ""},
        Row{"1||", false, false, ""}, Row{"1|| ", false, false, ""}, Row{"1|urn:u|", false, false, ""},
        Row{"1|urn:u|d|x", false, false, ""}, Row{"1||d|", false, false, ""}, Row{"|urn:u|d", false, false, ""},
        Row{"d", false, false, ""}, Row{"1d", false, false, ""}, Row{"1 d", false, false, ""}}) {
    const Result<Search> read = search("Encounter", {{"length", row.value}}, false);
    ASSERT_EQ(read.ok(), row.is_read) << row.value;
    if (!read) {
      EXPECT_EQ(read.failure().where, "length");
      EXPECT_TRUE(read.failure().says.starts_with("The value is number, number|system|code or number||unit")) << row.value;
      continue;
    }
    EXPECT_EQ(read->warnings.size(), row.is_warned ? 1u : 0u) << row.value;
    const Operand& operand = read->query.criteria.at(0).operands.at(0);
    EXPECT_EQ(operand.any_system && operand.value.empty() ? "any" : operand.system + " " + operand.value, row.unit);
  }
  const Result<Search> whole = search("Encounter", {{"length", "1"}}, false);
  EXPECT_EQ(whole->warnings.at(0).says, "A number alone is compared with values of any unit; a unit is written number||unit.");
  EXPECT_EQ(whole->warnings.at(0).where, "length");
  EXPECT_TRUE(search("ChargeItem", {{"factor-override", "1"}}, false)->warnings.empty()) << "a number has no unit";
}

TEST(ParseQuery, GoesWithoutTheModifierThatR4DoesNotHave) {
  for (const char* name : {"_include:recurse", "_revinclude:recurse"}) {
    Result<Search> strict = search("Task", {{name, "Task:part-of"}}, false),
                   lenient = search("Task", {{name, "Task:part-of"}}, true);
    EXPECT_EQ(strict.failure(), (Failure{Cause::Unsupported, "R4's name of this modifier is :iterate.", name}));
    ASSERT_TRUE(lenient.ok());
    EXPECT_TRUE(lenient->query.includes.empty());
    ASSERT_EQ(lenient->ignored.size(), 1u);
    EXPECT_EQ(lenient->ignored[0].name, name);
  }
}

TEST(ParseQuery, KeepsEachDifferentIncludeOnce) {
  Result<Query> query = parse("Task", {{"_include", "Task:owner"},
                                       {"_include", "Task:owner"},
                                       {"_include:iterate", "Organization:partof"},
                                       {"_revinclude", "Task:part-of"}});
  ASSERT_TRUE(query.ok()) << query.failure().says;
  ASSERT_EQ(query->includes.size(), 3u);
  EXPECT_TRUE(query->includes[1].is_iterated);
  EXPECT_TRUE(query->includes[2].is_reversed);
}

TEST(ParseQuery, MakesOneChainForEachTypeThatTheValueFits) {
  Result<Query> query = parse("Task", {{"focus.date", "2026"}, {"patient.birthdate", "1950"}, {"status", "requested"}});
  ASSERT_TRUE(query.ok()) << query.failure().says;
  EXPECT_EQ(query->criteria.size(), 1u);
  ASSERT_EQ(query->chains.size(), 2u);
  std::string types;
  for (const Chain& chain : query->chains[0]) types += chain.steps.at(0).type + " ";
  EXPECT_EQ(types, "Encounter CareTeam CarePlan Consent Appointment ");
  ASSERT_EQ(query->chains[1].size(), 1u);
  EXPECT_EQ(query->chains[1][0].criterion.parameter, "birthdate");
  EXPECT_EQ(query->chains[1][0].criterion.kind, KeyKind::Date);
  // CareTeam.participant is a reference, Encounter.participant too; only one of them may be a Patient.
  EXPECT_EQ(parse("Task", {{"focus.participant:Patient", "1"}})->chains[0].size(), 1u);
  EXPECT_EQ(parse("Task", {{"focus.date", "soon"}}).failure().where, "focus.date");
}

TEST(ParseQuery, GoesWithoutWhatItDoesNotServeIfThatIsAskedFor) {
  for (const char* name :
       {"sttaus", "_content", "owner.nmae", "_has:Task:sbject:status", "requester:Practitioner.name", "phonetic"}) {
    Result<Search> read = search("Task", {{name, "x"}, {"status", "requested"}}, true);
    ASSERT_TRUE(read.ok()) << name;
    ASSERT_EQ(read->ignored.size(), 1u) << name;
    EXPECT_EQ(read->ignored[0].name, name);
    EXPECT_EQ(read->ignored[0].why.where, name);
    EXPECT_EQ(read->query.criteria.size(), 1u);
    EXPECT_FALSE(search("Task", {{name, "x"}}).ok()) << name;
  }
  for (const auto& [name, value] :
       Asked{{"status:exact", "x"}, {"_lastUpdated", "x"}, {"owner.name", ""}, {"_include", "x"}, {"_sort", "x"}})
    EXPECT_FALSE(search("Task", {{name, value}}, true).ok()) << name << " is a modifier or a value that cannot be obeyed";
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

constexpr std::array<std::string_view, 48> words{"Task",
                                                 "Patient",
                                                 "Organization",
                                                 "Encounter",
                                                 "Observation",
                                                 "_has",
                                                 ":",
                                                 ".",
                                                 ",",
                                                 "|",
                                                 "\\",
                                                 "*",
                                                 "-",
                                                 "owner",
                                                 "subject",
                                                 "patient",
                                                 "focus",
                                                 "status",
                                                 "identifier",
                                                 "_id",
                                                 "_lastUpdated",
                                                 "name",
                                                 "missing",
                                                 "not",
                                                 "in",
                                                 "not-in",
                                                 "text",
                                                 "of-type",
                                                 "above",
                                                 "below",
                                                 "exact",
                                                 "contains",
                                                 "iterate",
                                                 "_include",
                                                 "_revinclude",
                                                 "_sort",
                                                 "_count",
                                                 "_total",
                                                 "_summary",
                                                 "_elements",
                                                 "ap",
                                                 "ge2026-02",
                                                 "9.5",
                                                 "true",
                                                 "http://hl7.org/fhir/task-status",
                                                 "http://hl7.org/fhir/ValueSet/task-status",
                                                 "partof",
                                                 "x"};

std::string random_text(std::mt19937& random, std::size_t words_max) {
  std::string text;
  for (std::size_t left = random() % (words_max + 1); left > 0; --left) text += words[random() % words.size()];
  return text;
}

std::size_t types_known(const Query& query) {
  std::size_t steps = 0;
  for (const std::vector<Chain>& chains : query.chains) {
    EXPECT_FALSE(chains.empty());
    for (const Chain& chain : chains) {
      EXPECT_TRUE(!chain.steps.empty() && chain.steps.size() <= 3);
      for (const ChainStep& step : chain.steps) steps += r4().find_type(step.type) != 0 ? 1 : 100'000;
    }
  }
  return steps;
}

TEST(ParseQuery, AnswersEveryRandomQueryWithASearchOrASentence) {
  std::mt19937 random(2026);
  std::size_t read = 0, steps = 0;
  for (int round = 0; round < 8'000; ++round) {
    Asked asked;
    for (std::size_t left = 1 + random() % 2; left > 0; --left)
      asked.emplace_back(random_text(random, 7), random_text(random, 4));
    if (random() % 2 == 0)
      asked[0].first = std::string(words[13 + random() % 9]) + (random() % 2 == 0 ? "" : ".") + asked[0].first;
    Result<Search> strict = search("Task", asked), lenient = search("Task", asked, true);
    if (strict) {
      ++read;
      steps += types_known(strict->query);
      ASSERT_TRUE(lenient.ok());
      EXPECT_TRUE(lenient->ignored.empty());
    } else {
      EXPECT_FALSE(strict.failure().says.empty());
      EXPECT_FALSE(strict.failure().where.empty()) << strict.failure().says << " " << asked[0].first << "=" << asked[0].second;
    }
  }
  EXPECT_GT(read, 100u);
  EXPECT_GT(steps, 5u);
  EXPECT_LT(steps, 100'000u) << "a step leads to no type";
}

}  // namespace
}  // namespace vardbron::search
