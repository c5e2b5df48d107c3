#include "gateway/workbench/expression_batch.h"

#include "gateway/base/clock.h"
#include "gateway/formats/json/value.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

// Concern: every line has one answer, and data that are no FHIR are read unchanged.
namespace vardbron::workbench {
namespace {

class Batch : public ::testing::Test {
 protected:
  std::string answer(std::string_view line) { return batch_.answer(line); }
  /// The answer to an expression over data of no model, without its frame.
  std::string plain(std::string_view expression, std::string_view resource) {
    std::string text = answer("{\"id\":0,\"model\":\"none\",\"expression\":\"" + std::string(expression) +
                              "\",\"resource\":" + std::string(resource) + "}");
    const std::string_view begin = "{\"id\":0,\"result\":";
    return text.starts_with(begin) ? text.substr(begin.size(), text.size() - begin.size() - 1) : text;
  }

  RealClock clock_;
  Expressions expressions_{VARDBRON_BINARY_DIR "/share", clock_};
  ExpressionBatch batch_{expressions_};
};

struct Row {
  std::string_view line, answer;
};

TEST_F(Batch, GivesBackTheIdWhateverJsonItIs) {
  for (std::string_view id : {"0", "-1", "1.50", "1e400", "12345678901234567890123456789012345678901234567890", "\"x\"", "\"\"",
                              "true", "null", "[1,\"a\",{\"b\":null}]", "{\"a\":[1]}", "\"\\u0000\"", "\"é\""})
    EXPECT_EQ(answer("{\"id\":" + std::string(id) + ",\"expression\":\"1\"}"),
              "{\"id\":" + std::string(id) + ",\"result\":[{\"type\":\"integer\",\"value\":1}]}");
  EXPECT_EQ(answer(R"({"expression":"{}"})"), R"({"id":null,"result":[]})");
}

TEST_F(Batch, AnswersWhatIsNoQuestionByWhatToChange) {
  for (const Row& row :
       {Row{"", "The document is empty"}, Row{"[]", "A document is an object"}, Row{"5", "A document is an object"},
        Row{"{\"id\":1", "closing brace"}, Row{"{\"id\":1}", "needs an \\\"expression\\\""},
        Row{"{\"expression\":5}", "needs an \\\"expression\\\""}, Row{"{\"expression\":[\"1\"],\"model\":7}", "r4, r5 or none"},
        Row{"{\"expression\":\"1\",\"model\":\"r6\"}", "r4, r5 or none"},
        Row{"{\"expression\":\"1\",\"strict\":\"yes\"}", "true or false"},
        Row{"{\"expression\":\"1\",\"variables\":[1]}", "is an object"}, Row{"{\"expression\":\"1\",\"file\":1}", "is a text"},
        Row{"{\"expression\":\"1\",\"expression\":\"2\"}", "comes twice"},
        Row{"{\"expression\":\"a\\u0000b\"}", "begins nothing"}, Row{"{\"expression\":\"\"}", "the expression ends"}}) {
    const std::string said = answer(row.line);
    EXPECT_NE(said.find("\"kind\":\"syntax\""), std::string::npos) << row.line << said;
    EXPECT_NE(said.find(row.answer), std::string::npos) << row.line << said;
  }
}

TEST_F(Batch, TellsTheKindsOfFaultsApart) {
  for (const Row& row :
       {Row{R"({"expression":"1 +"})", "syntax"}, Row{R"({"expression":"%a"})", "semantic"},
        Row{R"({"expression":"nothing() "})", "semantic"}, Row{R"({"expression":"1 is Foo"})", "semantic"},
        Row{R"({"expression":"(1|2).toString() "})", "execution"},
        Row{R"({"expression":"1","file":"/nowhere.json"})", "execution"},
        Row{R"({"expression":"1","resource":"no JSON"})", "execution"}, Row{R"({"expression":"1","resource":"{"})", "execution"},
        Row{R"({"expression":"nam","strict":true,"resource":{"resourceType":"Patient"}})", "semantic"}})
    EXPECT_NE(answer(row.line).find("\"kind\":\"" + std::string(row.answer) + "\""), std::string::npos)
        << row.line << answer(row.line);
}

TEST_F(Batch, TakesAllPartsAsAbsentThatAreNull) {
  EXPECT_EQ(answer(R"({"id":1,"expression":"1","model":null,"strict":null,"variables":null,"file":null,"resource":null})"),
            R"({"id":1,"result":[{"type":"integer","value":1}]})");
}

TEST_F(Batch, StandsOnEachItemOfAList) {
  const std::string one = R"([{"type":"integer","value":1}])",
                    two = R"([{"type":"integer","value":1},{"type":"integer","value":2}])";
  EXPECT_EQ(plain("$this", "[1,2]"), two);
  EXPECT_EQ(plain("a", R"([{"a":1},{"a":2}])"), two);
  EXPECT_EQ(plain("$this", "[[1],[[2]],[]]"), two);
  EXPECT_EQ(plain("$this", "[1,null,2]"), two);
  EXPECT_EQ(plain("count()", "[{},{},null]"), R"([{"type":"integer","value":2}])");
  EXPECT_EQ(plain("count()", "[]"), R"([{"type":"integer","value":0}])");
  EXPECT_EQ(plain("count()", "\"[]\""), R"([{"type":"integer","value":0}])");
  EXPECT_EQ(plain("a", R"("[{\"a\":1},{\"a\":2}]")"), two);
  EXPECT_EQ(plain("$this", "1"), one);
  EXPECT_EQ(plain("$this and true", "false"), R"([{"type":"boolean","value":false}])");
  EXPECT_EQ(plain("$this", R"("\"x\"")"), R"([{"type":"string","value":"x"}])");
  EXPECT_EQ(answer(R"({"id":0,"expression":"name.family","resource":[
      {"resourceType":"Patient","_birthDate":{"id":"b"},"name":[{"family":"Berg"}]},{"resourceType":"Patient"}]})"),
            R"({"id":0,"result":[{"type":"string","value":"Berg"}]})");
}

TEST_F(Batch, FollowsNamesThroughListsWithinLists) {
  const std::string data = R"({"a":[{"b":[[1,2],[[3],4]]},{"b":null},{"b":[]}],"c":{"d":[[{"e":5}]]}})";
  EXPECT_EQ(plain("a.b.sum()", data), R"([{"type":"integer","value":10}])");
  EXPECT_EQ(plain("a.b[2]", data), R"([{"type":"integer","value":3}])");
  EXPECT_EQ(plain("c.d.e", data), R"([{"type":"integer","value":5}])");
  EXPECT_EQ(plain("a[0].children().count()", data), R"([{"type":"integer","value":4}])");
  EXPECT_EQ(plain("descendants().e", data), R"([{"type":"integer","value":5}])");
  EXPECT_EQ(plain("a.b.type().name.distinct()", data), R"([{"type":"string","value":"Integer"}])");
}

TEST_F(Batch, MakesInstancesOfAnyShapeWithoutModel) {
  const std::string data = R"({"a":{"b":[1,2]}})", two = R"([{"type":"integer","value":1},{"type":"integer","value":2}])";
  EXPECT_EQ(plain("Thing { x: a, n: 1 | 2, t: 'u' }.n", data), two);
  EXPECT_EQ(plain("Thing { x: a, n: a.b }.x.b", data), two);
  EXPECT_EQ(plain("Thing { t: 'u', f: true, n: {} }", data), R"([{"type":"Element","value":{"t":"u","f":true}}])");
  EXPECT_EQ(plain("Quantity { value: 3, unit: 'mg' } = 3 'mg'", data), R"([{"type":"boolean","value":true}])");
}

TEST_F(Batch, KeepsNumbersAsTheyStand) {
  for (std::string_view number : {"1.50", "-0.0", "1.5E3", "1e400", "12345678901234567890123456789012345678901234567890"})
    EXPECT_NE(plain("a", "{\"a\":" + std::string(number) + "}").find(":" + std::string(number) + "}"), std::string::npos)
        << number;
  EXPECT_EQ(plain("a = 1500 and a is Decimal", "{\"a\":1.5E3}"), R"([{"type":"boolean","value":true}])");
  EXPECT_EQ(plain("a + 1", "{\"a\":2147483648}"), R"([{"type":"integer64","value":2147483649}])");
  EXPECT_EQ(plain("a + 1", "{\"a\":12345678901234567890}"), R"([{"type":"decimal","value":12345678901234567891}])");
}

TEST_F(Batch, HasVariablesOfAnyShape) {
  for (const Row& row :
       {Row{R"("expression":"%a","variables":{"a":[]})", "[]"},
        Row{R"("expression":"%a","variables":{"a":[ ] , "b":"[]"})", "[]"},
        Row{R"("expression":"%b","variables":{"a":[],"b":"\"[]"})", R"([{"type":"string","value":"\"[]"}])"},
        Row{R"("expression":"%a","variables":{"a":null})", "[]"},
        Row{R"("expression":"%a.sum() ","variables":{"a":[[1,2],[3,null]]})", R"([{"type":"integer","value":6}])"},
        Row{R"("expression":"%a + 1","variables":{"a":2147483648})", R"([{"type":"integer64","value":2147483649}])"},
        Row{R"("expression":"%a.b.c","variables":{"a":{"b":[1,{"c":2}]}})", R"([{"type":"integer","value":2}])"},
        Row{R"("expression":"%`a-b`","variables":{"a-b":5})", R"([{"type":"integer","value":5}])"},
        Row{R"("expression":"%a.name.family","variables":{"a":{"resourceType":"Patient","name":[{"family":"B"}]}})",
            R"([{"type":"string","value":"B"}])"},
        Row{R"("expression":"'#o'.resolve().name","variables":{"resource":{"resourceType":"Patient","contained":[
                             {"resourceType":"Organization","id":"o","name":"N"}]}})",
            R"([{"type":"string","value":"N"}])"}})
    EXPECT_EQ(answer("{\"id\":0," + std::string(row.line) + "}"), "{\"id\":0,\"result\":" + std::string(row.answer) + "}");
}

TEST_F(Batch, KeepsTypedVariables) {
  for (const Row& row :
       {Row{R"("expression":"%a","variables":{"a":{"type":"string","value":"a text of more than sixteen bytes"}})",
            R"([{"type":"string","value":"a text of more than sixteen bytes"}])"},
        Row{R"("expression":"%a + 1 day","variables":{"a":{"type":"date","value":"2026-03-01"}})",
            R"([{"type":"date","value":"2026-03-02","text":"@2026-03-02"}])"},
        Row{R"("expression":"%a","variables":{"a":{"type":"Quantity","value":{"value":4.0,"unit":"mg"}}})",
            R"([{"type":"Quantity","value":{"value":4.0,"unit":"mg"},"text":"4.0 'mg'"}])"},
        Row{R"("expression":"%a","variables":{"a":[{"type":"boolean","value":true},false]})",
            R"([{"type":"boolean","value":true},{"type":"boolean","value":false}])"}})
    EXPECT_EQ(answer("{\"id\":0," + std::string(row.line) + "}"), "{\"id\":0,\"result\":" + std::string(row.answer) + "}");
}

// Concern: values of a variable do not point into what was given.
TEST_F(Batch, VariablesOutliveWhatGaveThem) {
  std::vector<GivenVariable> variables;
  {
    Result<json::Value> given = json::read_value(
        R"({"t":{"type":"string","value":"a text of more than sixteen bytes"},"u":"another of more than sixteen","n":7,"o":{"a":[1,"b"]}})");
    ASSERT_TRUE(given);
    Result<std::vector<GivenVariable>> read = expressions_.read_variables(*given, Model::None);
    ASSERT_TRUE(read);
    variables = *std::move(read);
  }
  Question question;
  question.model = Model::None;
  question.expression = "%t & '|' & %u & '|' & %n.toString() & '|' & %o.a.last()";
  question.variables = variables;
  const Answer said = expressions_.ask(question);
  ASSERT_FALSE(said.fault) << said.fault->says;
  ASSERT_EQ(said.items.size(), 1u);
  EXPECT_EQ(said.items[0].json, R"("a text of more than sixteen bytes|another of more than sixteen|7|b")");
}

TEST_F(Batch, RefusesNumbersBeyondWhatFhirPathHas) {
  EXPECT_NE(answer(R"({"id":0,"expression":"%a","variables":{"a":1234567890123456789012345678901234567890}})").find("38 digits"),
            std::string::npos);
}

TEST_F(Batch, RefusesWhatReadersWouldUnderstandInTwoWays) {
  for (const Row& row :
       {Row{R"({"expression":"1","variables":{"a":1,"a":2}})", "comes twice"},
        Row{R"({"expression":"1","resource":{"b":1,"\u0062":2}})", "comes twice"},
        Row{R"({"expression":"'\uDC00'"})", "half a surrogate pair"}, Row{"{\"expression\":\"'\xED\xA0\x80'\"}", "not UTF-8"},
        Row{"{\"expression\":\"1\"}{}", "follows the end"}})
    EXPECT_NE(answer(row.line).find(row.answer), std::string::npos) << row.line << answer(row.line);
}

TEST_F(Batch, GivesBackElementsWithoutTheirEmptyLists) {
  EXPECT_EQ(plain("a", R"({"a":{"b":[],"c":1}})"), R"([{"type":"Element","value":{"c":1}}])");
  EXPECT_EQ(plain("a.b.empty() and a.exists()", R"({"a":{"b":[]}})"), R"([{"type":"boolean","value":true}])");
}

TEST_F(Batch, ReadsXmlByItsModel) {
  const std::string patient = R"("<Patient xmlns=\"http://hl7.org/fhir\"><id value=\"x\"/><active value=\"true\"/></Patient>")";
  for (std::string_view model : {"r4", "r5", "none"})
    EXPECT_EQ(answer("{\"id\":0,\"expression\":\"id\",\"model\":\"" + std::string(model) + "\",\"resource\":" + patient + "}"),
              "{\"id\":0,\"result\":[{\"type\":\"" + std::string(model == "none" ? "string" : "id") + "\",\"value\":\"x\"}]}");
  EXPECT_EQ(plain("b.c", R"("<a><b><c>7</c></b></a>")"), R"([{"type":"string","value":"7"}])");
  EXPECT_NE(plain("b", R"("<a><b></a>")").find("\"kind\":\"execution\""), std::string::npos);
}

}  // namespace
}  // namespace vardbron::workbench
