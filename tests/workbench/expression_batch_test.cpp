#include "gateway/workbench/expression_batch.h"

#include "gateway/base/random.h"
#include "gateway/formats/json/parse.h"

#include <gtest/gtest.h>

#include <span>
#include <string>
#include <string_view>

// Concern: what another program may send, and what it gets back for it. The line is the contract (mappings/README.md).
namespace vardbron::workbench {
namespace {

ExpressionBatch& batch() {
  static const RealClock clock;
  static Expressions expressions(VARDBRON_BINARY_DIR "/share", clock);
  static ExpressionBatch batch(expressions);
  return batch;
}

struct Row {
  std::string_view sent, answered;
};

void expect_answers(std::span<const Row> rows) {
  for (const Row& row : rows) EXPECT_EQ(batch().answer(std::string(row.sent)), row.answered) << row.sent;
}

std::string result_of(const std::string& expression, const std::string& more = "") {
  std::string line = batch().answer("{\"expression\":\"" + expression + "\"" + more + "}");
  std::string_view begin = "{\"id\":null,";
  return line.starts_with(begin) ? "{" + line.substr(begin.size()) : line;
}

TEST(ExpressionBatch, EchoesAnIdOfAnyType) {
  const Row rows[] = {{R"({"id":1,"expression":"true"})", R"({"id":1,"result":[{"type":"boolean","value":true}]})"},
                      {R"({"id":"a\"b","expression":"{}"})", R"({"id":"a\"b","result":[]})"},
                      {R"({"id":1.50,"expression":"{}"})", R"({"id":1.50,"result":[]})"},
                      {R"({"id":null,"expression":"{}"})", R"({"id":null,"result":[]})"},
                      {R"({"id":[1,{"b":null}],"expression":"{}"})", R"({"id":[1,{"b":null}],"result":[]})"},
                      {R"({"id":{"group":"x","n":[1]},"expression":"{}"})", R"({"id":{"group":"x","n":[1]},"result":[]})"},
                      {R"({"id":false,"expression":"{}"})", R"({"id":false,"result":[]})"},
                      {R"({"expression":"{}"})", R"({"id":null,"result":[]})"}};
  expect_answers(rows);
}

TEST(ExpressionBatch, WritesEachKindOfValueWithItsType) {
  const Row rows[] = {
      {"1", R"({"result":[{"type":"integer","value":1}]})"},
      {"1.10", R"({"result":[{"type":"decimal","value":1.10}]})"},
      {"'å\\n'", R"({"result":[{"type":"string","value":"å\n"}]})"},
      {"true | false", R"({"result":[{"type":"boolean","value":true},{"type":"boolean","value":false}]})"},
      {"@2020-02", R"({"result":[{"type":"date","value":"2020-02","text":"@2020-02"}]})"},
      {"@2020-02-01T10:00:00+02:00",
       R"({"result":[{"type":"dateTime","value":"2020-02-01T10:00:00+02:00","text":"@2020-02-01T10:00:00+02:00"}]})"},
      {"@T10:30", R"({"result":[{"type":"time","value":"10:30","text":"@T10:30"}]})"},
      {"1.50 'mg'", R"({"result":[{"type":"Quantity","value":{"value":1.50,"unit":"mg"},"text":"1.50 'mg'"}]})"},
      {"2 weeks", R"({"result":[{"type":"Quantity","value":{"value":2,"unit":"weeks"},"text":"2 weeks"}]})"},
      {"12L", R"({"result":[{"type":"integer64","value":12}]})"}};
  for (const Row& row : rows) EXPECT_EQ(result_of(std::string(row.sent)), row.answered) << row.sent;
}

constexpr std::string_view a_patient =
    R"(,"resource":{"resourceType":"Patient","birthDate":"1950-09-07","gender":"male","name":[{"family":"Berg","given":["Tolvan",null],"_given":[null,{"id":"g"}]}],"contact":[{"gender":"female"}]})";

TEST(ExpressionBatch, NamesElementsByTheirTypes) {
  const std::string more(a_patient);
  EXPECT_EQ(result_of("birthDate", more), R"({"result":[{"type":"date","value":"1950-09-07","text":"@1950-09-07"}]})");
  EXPECT_EQ(result_of("Patient.gender", more), R"({"result":[{"type":"code","value":"male"}]})");
  EXPECT_EQ(result_of("contact", more), R"({"result":[{"type":"BackboneElement","value":{"gender":"female"}}]})");
  EXPECT_EQ(result_of("name.given", more), R"({"result":[{"type":"string","value":"Tolvan"},{"type":"string","value":null}]})");
  EXPECT_EQ(result_of("name", more),
            R"({"result":[{"type":"HumanName","value":{"family":"Berg","given":["Tolvan",null],"_given":[null,{"id":"g"}]}}]})");
}

TEST(ExpressionBatch, TakesAResourceAsTextToo) {
  EXPECT_EQ(result_of("active", R"(,"resource":"<Patient xmlns='http://hl7.org/fhir'><active value='true'/></Patient>")"),
            R"({"result":[{"type":"boolean","value":true}]})");
  EXPECT_EQ(result_of("active", R"(,"resource":"{\"resourceType\":\"Patient\",\"active\":true}")"),
            R"({"result":[{"type":"boolean","value":true}]})");
  EXPECT_NE(result_of("active", R"(,"resource":"nothing of the kind")").find("\"kind\":\"execution\""), std::string::npos);
}

TEST(ExpressionBatch, StandsOnNothingWithoutInput) {
  const Row rows[] = {{"1 + 1", R"({"result":[{"type":"integer","value":2}]})"},
                      {"name.given", R"({"result":[]})"},
                      {"$this", R"({"result":[]})"},
                      {"%context | %resource | %rootResource", R"({"result":[]})"},
                      {"today() = today()", R"({"result":[{"type":"boolean","value":true}]})"}};
  for (const Row& row : rows) EXPECT_EQ(result_of(std::string(row.sent)), row.answered) << row.sent;
}

TEST(ExpressionBatch, GivesVariablesTheirKinds) {
  const std::string more =
      R"(,"variables":{"n":4,"d":2.50,"t":"x","b":true,"l":[1,"y"],"none":null,"p":{"resourceType":"Patient","active":false},)"
      R"("day":{"type":"date","value":"2020-01-01"},"dose":{"type":"Quantity","value":{"value":1.50,"unit":"mg"}},"my var":7})";
  const Row rows[] = {{"%n + 1", R"({"result":[{"type":"integer","value":5}]})"},
                      {"%d", R"({"result":[{"type":"decimal","value":2.50}]})"},
                      {"%t & 'y'", R"({"result":[{"type":"string","value":"xy"}]})"},
                      {"%l", R"({"result":[{"type":"integer","value":1},{"type":"string","value":"y"}]})"},
                      {"%none", R"({"result":[]})"},
                      {"%p.active", R"({"result":[{"type":"boolean","value":false}]})"},
                      {"%day + 1 month", R"({"result":[{"type":"date","value":"2020-02-01","text":"@2020-02-01"}]})"},
                      {"%dose = 1500 'ug'", R"({"result":[{"type":"boolean","value":true}]})"},
                      {"%`my var` > %'n'", R"({"result":[{"type":"boolean","value":true}]})"}};
  for (const Row& row : rows) EXPECT_EQ(result_of(std::string(row.sent), more), row.answered) << row.sent;
}

TEST(ExpressionBatch, LetsDataOfNoModelLead) {
  const std::string more =
      R"(,"model":"none","resource":{"resourceType":"Patient","a":{"b":[1,2.50,"x",true],"c":[]},"given1":"y"})";
  EXPECT_EQ(
      result_of("Patient.a.b", more),
      R"({"result":[{"type":"integer","value":1},{"type":"decimal","value":2.50},{"type":"string","value":"x"},{"type":"boolean","value":true}]})");
  EXPECT_EQ(result_of("given1", more + ",\"strict\":true"), R"({"result":[{"type":"string","value":"y"}]})");
  EXPECT_EQ(result_of("a.c.exists() or nothing.exists()", more), R"({"result":[{"type":"boolean","value":false}]})");
}

TEST(ExpressionBatch, TakesDataOfNoModelForWhatTheySayTheyAre) {
  const std::string more = R"(,"model":"none","resource":{"resourceType":"Thing","a":["x",1,1.5,{"b":1},true],"list":[]})";
  const Row rows[] = {{"a.ofType(integer)", R"({"result":[{"type":"integer","value":1}]})"},
                      {"a.where($this is String)", R"({"result":[{"type":"string","value":"x"}]})"},
                      {"a.select($this as decimal) + 1", R"({"result":[{"type":"decimal","value":2.5}]})"},
                      {"a.all($this is Patient)", R"({"result":[{"type":"boolean","value":false}]})"},
                      {"$this is Thing and list.empty()", R"({"result":[{"type":"boolean","value":true}]})"}};
  for (const Row& row : rows) EXPECT_EQ(result_of(std::string(row.sent), more), row.answered) << row.sent;
}

TEST(ExpressionBatch, LetsAVariableBeNamedWhenRunning) {
  const Row rows[] = {{"defineVariable('a' & 'b', 4).select(%ab + 1)", R"({"result":[{"type":"integer","value":5}]})"},
                      {"defineVariable(iif(true, 'x', 'y'), 1).defineVariable('z', %x).select(%z)",
                       R"({"result":[{"type":"integer","value":1}]})"},
                      {"(1 | 2).select(defineVariable('n' & '', $this).select(%n * 2))",
                       R"({"result":[{"type":"integer","value":2},{"type":"integer","value":4}]})"}};
  for (const Row& row : rows) EXPECT_EQ(result_of(std::string(row.sent), ",\"resource\":{\"a\":1}"), row.answered) << row.sent;
  for (std::string_view refused : {"defineVariable('con' & 'text', 1)", "defineVariable('a' & '', 1).select(%b)",
                                   "defineVariable('a' & '', 1).defineVariable('' & 'a', 2)", "defineVariable({}, 1)"})
    EXPECT_NE(result_of(std::string(refused), ",\"resource\":{\"a\":1}").find("\"error\""), std::string::npos) << refused;
}

TEST(ExpressionBatch, ReadsEachReleaseByItsOwnTypes) {
  const std::string resource = R"(,"resource":{"resourceType":"Encounter","actualPeriod":{"start":"2020"}})";
  EXPECT_EQ(result_of("actualPeriod.start", resource + R"(,"model":"r5","strict":true)"),
            R"({"result":[{"type":"dateTime","value":"2020","text":"@2020"}]})");
  EXPECT_NE(result_of("actualPeriod.start", resource + R"(,"model":"r4","strict":true)").find("\"kind\":\"semantic\""),
            std::string::npos);
}

TEST(ExpressionBatch, TellsWhichKindOfFaultAndWhere) {
  struct Fault {
    std::string_view expression, kind, at;
  };
  for (const Fault& fault :
       {Fault{"1 +", "syntax", "1:4"}, Fault{"", "syntax", "1:1"}, Fault{"name.first(", "syntax", "1:12"},
        Fault{"foo()", "semantic", "1:1"}, Fault{"'a'.length(1)", "semantic", "1:5"}, Fault{"%nothing", "semantic", "1:1"},
        Fault{"(1 | 2).single()", "execution", "1:9"}, Fault{"-'a'", "execution", "1:1"}}) {
    std::string answered = result_of(std::string(fault.expression));
    EXPECT_TRUE(answered.starts_with("{\"error\":{\"kind\":\"" + std::string(fault.kind) + "\"")) << answered;
    EXPECT_NE(answered.find("\"at\":\"" + std::string(fault.at)), std::string::npos) << answered;
  }
}

TEST(ExpressionBatch, AnswersAnErrorToALineThatIsNoQuestion) {
  for (std::string_view line :
       {"", "not json", "[]", "4", "{\"id\":4}", "{\"expression\":5}", "{\"expression\":\"1\"", "{\"expression\":\"1\"} x",
        "{\"expression\":\"1\",\"model\":\"r6\"}", "{\"expression\":\"1\",\"variables\":[1]}",
        "{\"expression\":\"1\",\"file\":\"/nowhere/at.all\"}", "{\"expression\":\"1\",\"file\":\"/\"}",
        "{\"expression\":\"1\",\"resource\":{\"a\":\"\\u0001\"}}", "{\"expression\":\"\\ud800\"}"}) {
    std::string answered = batch().answer(std::string(line));
    EXPECT_NE(answered.find("\"error\":{\"kind\":\""), std::string::npos) << line << " gave " << answered;
    EXPECT_TRUE(answered.starts_with("{\"id\":")) << answered;
  }
}

TEST(ExpressionBatch, WritesWhatIsNoNumberAsAText) {
  EXPECT_EQ(result_of("active", R"(,"resource":"<Patient xmlns='http://hl7.org/fhir'><active value='rue'/></Patient>")"),
            R"({"result":[{"type":"boolean","value":"rue"}]})");
  for (auto [written, shown] : {std::pair{"1.10", "1.10"},
                                {"-0.5e3", "-0.5e3"},
                                {"+1", "\"+1\""},
                                {"01", "\"01\""},
                                {".5", "\".5\""},
                                {"1.", "\"1.\""},
                                {"-", "\"-\""},
                                {"1e", "\"1e\""}})
    EXPECT_NE(result_of("valueQuantity.value",
                        ",\"model\":\"none\",\"resource\":\"<Observation xmlns='http://hl7.org/fhir'>"
                        "<valueQuantity><value value='" +
                            std::string(written) + "'/></valueQuantity></Observation>\"")
                  .find("\"value\":" + std::string(shown) + "}"),
              std::string::npos)
        << written;
}

/// A question with a few of its bytes changed, doubled or left out.
std::string damaged(std::string line, Random& random) {
  constexpr std::string_view letters =
      "{}[]\":,\\'.()|%$@ \n\x01\xc3\xff"
      "0aT";
  for (std::uint64_t changes = 1 + random.below(4); changes > 0 && !line.empty(); --changes) {
    const std::size_t at = random.below(line.size());
    switch (random.below(3)) {
      case 0: line[at] = letters[random.below(letters.size())]; break;
      case 1: line.erase(at, 1 + random.below(6)); break;
      default: line.insert(at, line.substr(random.below(line.size()), random.below(12))); break;
    }
  }
  return line;
}

TEST(ExpressionBatch, AnswersOneLineToWhateverBytesComeIn) {
  constexpr std::string_view questions[] = {
      R"x({"id":7,"expression":"name.given.first() & %a","variables":{"a":"x"},"resource":{"resourceType":"Patient","name":[{"given":["A"],"_given":[{"id":"g"}]}]}})x",
      R"x({"id":"q","expression":"actualPeriod.start + 1 day","model":"r5","strict":true,"resource":{"resourceType":"Encounter","actualPeriod":{"start":"2020-01-01"}}})x",
      R"x({"id":[1],"expression":"a.b.select($this * 2)","model":"none","resource":{"a":{"b":[1,2.50]}}})x",
      R"x({"id":null,"expression":"active","resource":"<Patient xmlns='http://hl7.org/fhir'><active value='true'/></Patient>"})x"};
  int answered = 0;
  for (std::uint64_t seed = 0; seed < 3'000; ++seed) {
    SeededRandom random(seed);
    const std::string line = damaged(std::string(questions[seed % std::size(questions)]), random);
    const std::string shown = batch().answer(line);
    EXPECT_EQ(shown.find('\n'), std::string::npos) << line;
    const tree::Names names;
    Result<tree::Document> read = json::parse(shown, names, {.fhir = false});
    ASSERT_TRUE(read) << line << " gave " << shown;
    answered += shown.find("\"error\":{\"kind\":") == std::string::npos ? 1 : 0;
  }
  EXPECT_GT(answered, 150);
}

TEST(ExpressionBatch, KeepsNothingOfALineForTheNext) {
  EXPECT_EQ(result_of("%a", R"(,"variables":{"a":{"b":1}})"), R"({"result":[{"type":"Element","value":{"b":1}}]})");
  EXPECT_NE(result_of("%a").find("\"kind\":\"semantic\""), std::string::npos);
  EXPECT_EQ(result_of("%a", R"(,"variables":{"a":"c"})"), R"({"result":[{"type":"string","value":"c"}]})");
  EXPECT_EQ(result_of("active", std::string(a_patient)), R"({"result":[]})");
  EXPECT_EQ(result_of("active"), R"({"result":[]})");
}

}  // namespace
}  // namespace vardbron::workbench
