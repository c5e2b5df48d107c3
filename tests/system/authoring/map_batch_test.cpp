#include "gateway/authoring/map_batch.h"

#include "gateway/base/text.h"
#include "gateway/formats/json/composer.h"
#include "gateway/formats/json/parse.h"
#include "gateway/formats/json/write.h"
#include "gateway/formats/xml/parse.h"
#include "suite_line.h"
#include "temporary_directory.h"
#include "tests/system/authoring/without_warnings.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace vardbron::authoring {
namespace {

namespace fs = std::filesystem;

const fs::path share = fs::path(VARDBRON_BINARY_DIR) / "share";

std::string read_text(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

std::string model(const std::string& name, const std::string& element, const std::string& more = "") {
  return R"({"resourceType":"StructureDefinition",)" + more + R"("url":"http://t/)" + name + R"(","name":")" + name +
         R"(","status":"draft","kind":"logical","abstract":false,"type":")" + name +
         R"(","baseDefinition":"http://hl7.org/fhir/StructureDefinition/Element","derivation":"specialization","differential":{"element":[{"id":")" +
         name + R"(","path":")" + name + R"(","min":0,"max":"*"},{"id":")" + name + "." + element + R"(","path":")" + name + "." +
         element + R"(","min":0,"max":"*","type":[{"code":"string"}]}]}})";
}

std::string map_text(const std::string& rules) {
  return "map 'http://t/m' = 'm'\nuses 'http://t/A' alias A as source\nuses 'http://t/B' alias B as target\n"
         "group main(source a : A, target b : B) {\n" +
         rules + "\n}\n";
}

/// A line with models A and B and whatever else.
std::string line(const std::string& map, const std::string& input, const std::string& more = "") {
  return R"({"id":1,"map":)" + json::as_json(map) + R"(,"models":[)" + model("A", "x") + "," + model("B", "y") + R"(],"input":)" +
         input + more + "}";
}

const std::string copies = map_text("a.x as x -> b.y = x;");

TEST(MapBatch, MapsWhatStandsInTheLine) {
  MapBatch batch(share);

  EXPECT_EQ(batch.answer(line(copies, R"({"x":["1","2"]})")), R"({"id":1,"result":{"resourceType":"B","y":["1","2"]}})");
}

// As `vardbron map` warns of it on standard error.
TEST(MapBatch, WarnsOfAResultThatItsModelRefuses) {
  MapBatch batch(share);
  const std::string map =
      "map 'http://t/p' = 'p'\nuses 'http://t/A' alias A as source\nuses 'http://hl7.org/fhir/StructureDefinition/Patient' alias "
      "Patient as target\ngroup main(source a : A, target p : Patient) {\n a.x as x -> p.birthDate = x;\n}\n";
  EXPECT_EQ(
      batch.answer(line(map, R"({"x":["2026-13-01"]})")),
      R"({"id":1,"result":{"resourceType":"Patient","birthDate":"2026-13-01"},"warnings":["Patient.birthDate: The value does )"
      R"(not have the form of date (YYYY-MM-DD, YYYY-MM or YYYY, and in the calendar)."]})");
  EXPECT_EQ(batch.answer(line(map, R"({"x":["2026-12-01"]})")),
            R"({"id":1,"result":{"resourceType":"Patient","birthDate":"2026-12-01"}})");
}

// A map between releases has the definitions of both; its result is validated by those of its target.
TEST(MapBatch, WarnsOfAResultThatTheOtherReleaseRefuses) {
  MapBatch batch(share);
  for (const auto& [from, to] : {std::pair("4.0", "5.0"), std::pair("5.0", "4.0")}) {
    const std::string map = "map 'http://t/p' = 'p'\nuses 'http://hl7.org/fhir/" + std::string(from) +
                            "/StructureDefinition/Patient' alias From as source\nuses 'http://hl7.org/fhir/" + to +
                            "/StructureDefinition/Patient' alias To as target\ngroup main(source a : From, target b : To) {\n"
                            " a.language as x -> b.gender = x;\n}\n";
    const std::string text = R"({"id":1,"map":)" + json::as_json(map) + R"(,"input":{"resourceType":"Patient","language":"sv"}})";
    const std::string answer = batch.answer(text);
    EXPECT_NE(answer.find(R"("warnings":["Patient.gender: )"), std::string::npos) << answer;
  }
}

TEST(MapBatch, TakesTextsOfMapsAmongTheModels) {
  MapBatch batch(share);
  const std::string other = "map 'http://t/o' = 'o'\ngroup other(source a, target b) { a.x as x -> b.y = x; }";
  std::string asked = line(map_text("a then other(a, b);"), R"({"x":["1"]})");
  asked.insert(asked.find("\"models\":[") + 10, json::as_json(other) + ",");
  const std::size_t group = asked.find("group main");
  asked.insert(group, "imports 'http://t/o'\\n");

  EXPECT_EQ(batch.answer(asked), R"({"id":1,"result":{"resourceType":"B","y":["1"]}})");
}

TEST(MapBatch, EchoesWhateverIdToTheLetter) {
  MapBatch batch(share);
  for (const std::string id : {"[]", "[[],{}]", "{ }", "1.50", "\"a\\u00e5\"", "true", "12345678901234567890"}) {
    const std::string text = R"({"map":"nowhere","input":{"x":[]}, "id":)" + id + "}";

    EXPECT_TRUE(batch.answer(text).starts_with("{\"id\":" + id + ",\"error\"")) << batch.answer(text);
  }
}

TEST(MapBatch, RefusesLinesThatTwoReadersWouldReadInTwoWays) {
  MapBatch batch(share);
  for (const auto& [line, says] : std::vector<std::pair<std::string, std::string>>{
           {R"({"id":1,"map":"m","map":"n"})", "A key comes twice."},
           {R"({"id":1,"input":{"a":1,"\u0061":2}})", "A key comes twice."},
           {R"({"id":1,"input":"\uDC00"})", "A text holds half a surrogate pair."},
           {"{\"id\":1,\"input\":\"\xED\xA0\x80\"}", "The text is not UTF-8."},
           {R"({"id":1}{"id":2})", "Something follows the end of the document."},
           {std::string("{\"id\":1}\0", 9), "Something follows the end of the document."},
           {std::string(10'000, '['), "The document is nested too deep."},
           {"[1]", "A document is an object."}}) {
    const std::string answer = batch.answer(line);
    EXPECT_TRUE(answer.starts_with(R"({"id":null,"error":{"kind":"syntax","says":"The line is not JSON: )")) << answer;
    EXPECT_NE(answer.find(says), std::string::npos) << answer;
  }
}

struct Asked {
  const char* name;
  std::string line, answer;
};

class MapBatchAnswers : public testing::TestWithParam<Asked> {};

TEST_P(MapBatchAnswers, OneLineWithOneLine) {
  MapBatch batch(share);

  const std::string answer = batch.answer(GetParam().line);

  EXPECT_EQ(answer, GetParam().answer);
  EXPECT_EQ(answer.find('\n'), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(
    Lines, MapBatchAnswers,
    testing::Values(
        Asked{
            "NoJson", "{map:",
            R"({"id":null,"error":{"kind":"syntax","says":"The line is not JSON: A key in double quotes is missing.","at":"1:2"}})"},
        Asked{"NoMap", R"({"id":"a","input":{}})", R"({"id":"a","error":{"kind":"syntax","says":"The line has no 'map'."}})"},
        Asked{"NoInput", R"({"id":{"n":1},"map":"group g(source a, target b) { a -> b; }"})",
              R"({"id":{"n":1},"error":{"kind":"syntax","says":"The line has no 'input'."}})"},
        Asked{
            "NoSuchMap", R"({"id":null,"map":"nowhere.fml","input":{"x":"1"}})",
            R"({"id":null,"error":{"kind":"syntax","says":"'map' is neither a file, nor the url of one of the models, nor a map's text.","at":"nowhere.fml"}})"},
        Asked{"NoSuchInput", line(copies, R"("nowhere.json")"),
              R"({"id":1,"error":{"kind":"execution","says":"There is no such file.","at":"nowhere.json"}})"},
        Asked{"UnreadableMap", line(map_text("a.x -> b.y"), R"({"x":["1"]})"),
              R"({"id":1,"error":{"kind":"syntax","says":"expected ';' at the end of the rule, but found '}'","at":"map:6:1"}})"},
        Asked{"Mistyped", line(map_text("a.xx -> b.y;"), R"({"x":["1"]})"),
              R"({"id":1,"error":{"kind":"semantic","says":"A has no element 'xx'; did you mean 'x'?","at":"map:5:3"}})"},
        Asked{
            "FailedCheck", line(map_text("a.x as x check (x = '2') -> b.y = x;"), R"({"x":["1"]})"),
            R"~({"id":1,"error":{"kind":"execution","says":"map:5:1 (main/1): the check (x = '2') does not hold","at":"x[0] (1:7)","faults":[{"says":"x: the check (x = '2') does not hold. Its shape is 9. Rule: map:5:1 (main/1).","at":"input[0]:1:7"}]}})~"},
        Asked{"UnknownMember", R"({"id":3,"mapp":"m.fml","input":{}})",
              R"({"id":3,"error":{"kind":"syntax","says":"A line has no member 'mapp'; did you mean 'map'?"}})"},
        Asked{"UnknownMemberBesideAllThatIsNeeded", line(copies, "{}", R"(,"modles":["x"])"),
              R"({"id":1,"error":{"kind":"syntax","says":"A line has no member 'modles'; did you mean 'models'?"}})"},
        Asked{"UnknownMemberLikeNone", line(copies, "{}", R"(,"zzzzzzzz":1)"),
              R"({"id":1,"error":{"kind":"syntax","says":"A line has no member 'zzzzzzzz'."}})"},
        Asked{"UnknownRelease", line(copies, "{}", R"(,"model":"r9")"),
              R"({"id":1,"error":{"kind":"syntax","says":"'model' is r4 or r5."}})"},
        Asked{"XmlInTheLine", line(copies, R"("<A><x>1</x><x>2</x></A>")"),
              R"({"id":1,"result":{"resourceType":"B","y":["1","2"]}})"},
        Asked{"XmlOut", line(copies, R"({"x":["1"]})", R"(,"format":"xml")"), R"({"id":1,"result":"<B><y value=\"1\"/></B>"})"}),
    [](const testing::TestParamInfo<Asked>& of) { return std::string(of.param.name); });

TEST(MapBatch, TakesAStructureMapInTheLineAndAsTextOfXml) {
  MapBatch batch(share);
  const std::string resource =
      R"({"resourceType":"StructureMap","url":"http://t/m","name":"m","status":"draft",
          "structure":[{"url":"http://t/A","mode":"source","alias":"A"},{"url":"http://t/B","mode":"target","alias":"B"}],
          "group":[{"name":"g","input":[{"name":"a","type":"A","mode":"source"},{"name":"b","type":"B","mode":"target"}],
          "rule":[{"name":"r","source":[{"context":"a","element":"x"}],"target":[{"context":"b","element":"y"}]}]}]})";
  const std::string xml =
      R"(<StructureMap xmlns="http://hl7.org/fhir"><url value="http://t/m"/><structure><url value="http://t/A"/><mode value="source"/><alias value="A"/></structure><structure><url value="http://t/B"/><mode value="target"/><alias value="B"/></structure><group><name value="g"/><input><name value="a"/><type value="A"/><mode value="source"/></input><input><name value="b"/><type value="B"/><mode value="target"/></input><rule><source><context value="a"/><element value="x"/></source><target><context value="b"/><element value="y"/></target></rule></group></StructureMap>)";
  const std::string expected = R"({"id":2,"result":{"resourceType":"B","y":["1"]}})";
  std::string one_line = resource;
  std::replace(one_line.begin(), one_line.end(), '\n', ' ');

  const std::string models = "[" + model("A", "x") + "," + model("B", "y") + "]";
  EXPECT_EQ(batch.answer(R"({"id":2,"map":)" + one_line + R"(,"models":)" + models + R"(,"input":{"x":["1"]}})"), expected);
  EXPECT_EQ(batch.answer(R"({"id":2,"map":)" + json::as_json(xml) + R"(,"models":)" + models + R"(,"input":{"x":["1"]}})"),
            expected);
}

TEST(MapBatch, TakesModelsOutOfABundleAndAMapByItsUrl) {
  MapBatch batch(share);
  const std::string bundle = R"({"resourceType":"Bundle","type":"collection","entry":[{"resource":)" + model("A", "x") +
                             R"(},{"resource":)" + model("B", "y") +
                             R"(},{"resource":{"resourceType":"Patient","active":true}}]})";

  EXPECT_EQ(batch.answer(R"({"id":3,"map":"http://t/m","models":[)" + bundle + "," + json::as_json(copies) +
                         R"(],"input":{"x":["1"]}})"),
            R"({"id":3,"result":{"resourceType":"B","y":["1"]}})");
  const TemporaryDirectory directory;
  const fs::path& folder = directory.path();
  std::ofstream(folder / "m.fml") << copies;
  EXPECT_EQ(batch.answer(R"({"id":3,"map":"http://t/m","models":[)" + bundle + "," + json::as_json((folder / "m.fml").string()) +
                         R"(],"input":{"x":["1"]}})"),
            R"({"id":3,"result":{"resourceType":"B","y":["1"]}})");
}

TEST(MapBatch, ReadsAFileAgainWhenItHasChanged) {
  MapBatch batch(share);
  const TemporaryDirectory directory;
  const fs::path& folder = directory.path();
  std::ofstream(folder / "m.fml") << copies;
  const std::string asked = R"({"id":1,"map":)" + json::as_json((folder / "m.fml").string()) + R"(,"models":[)" +
                            model("A", "x") + "," + model("B", "y") + R"(],"input":{"x":["1"]}})";
  ASSERT_EQ(batch.answer(asked), R"({"id":1,"result":{"resourceType":"B","y":["1"]}})");

  std::ofstream(folder / "m.fml") << map_text("a.x as x -> b.y = 'changed and longer';");

  EXPECT_EQ(batch.answer(asked), R"({"id":1,"result":{"resourceType":"B","y":["changed and longer"]}})");
}

TEST(MapBatch, FindsWhatAMapImportsBesideIt) {
  MapBatch batch(share);
  const TemporaryDirectory directory;
  const fs::path& folder = directory.path();
  std::ofstream(folder / "main.fml")
      << "map 'http://t/main' = 'main'\nuses 'http://t/A' alias A as source\nuses 'http://t/B' alias B as "
         "target\nimports 'http://t/more'\ngroup main(source a : A, target b : B) { a then more(a, b); }\n";
  std::ofstream(folder / "more.fml") << "map 'http://t/more' = 'more'\ngroup more(source a, target b) { a.x as x -> b.y = x; }\n";
  std::ofstream(folder / "broken.fml") << "this is no map";

  EXPECT_EQ(batch.answer(R"({"id":1,"map":)" + json::as_json((folder / "main.fml").string()) + R"(,"models":[)" +
                         model("A", "x") + "," + model("B", "y") + R"(],"input":{"x":["1"]}})"),
            R"({"id":1,"result":{"resourceType":"B","y":["1"]}})");
}

TEST(MapBatch, TakesMapsThatImportOneAnotherAndNamesWhatIsWrongInTheOneBeside) {
  TemporaryDirectory folder;
  const auto file = [&](const std::string& name, const std::string& imported, const std::string& group) {
    const std::string path = (folder.path() / (name + ".fml")).string();
    std::ofstream(path) << "/// url = 'http://t/" + name + "'\n/// name = '" + name +
                               "'\nuses 'http://hl7.org/fhir/StructureDefinition/Patient' alias P as source\n"
                               "uses 'http://hl7.org/fhir/StructureDefinition/Patient' alias T as target\nimports 'http://t/" +
                               imported + "'\n" + group;
    return path;
  };
  const std::string one = file("one", "two",
                               "group start(source s : P, target t : T) { s -> t then second(s, t) 'x'; }\n"
                               "group last(source s : P, target t : T) { s.id as i -> t.id = i 'x'; }\n");
  const std::string second = "group second(source s : P, target t : T) { s -> t then last(s, t) 'x'; ";
  file("two", "one", second + "}\n");
  const auto answer = [&] {
    return without_warnings(
        MapBatch(share).answer(R"({"id":1,"map":")" + one + R"(","input":{"resourceType":"Patient","id":"i"}})"));
  };
  EXPECT_EQ(answer(), R"({"id":1,"result":{"resourceType":"Patient","id":"i"}})");

  const std::string two =
      file("two", "one", second + "s.gender as g -> t.gender = translate(g, 'http://t/none', 'code') 'y'; }\n");
  EXPECT_THAT(answer(),
              testing::AllOf(testing::HasSubstr("no concept map 'http://t/none' is loaded"), testing::HasSubstr(two + ":6")));
}

TEST(MapBatch, MapsToTypesOfR5WhenTheMapOrTheLineAsksForThem) {
  MapBatch batch(share);
  const std::string rules =
      "group main(source p : Patient, target a : Appointment) { p.id as i -> a.id = i, a.previousAppointment = "
      "reference(p); }";
  const auto with = [&](const std::string& release) {
    return "map 'http://t/m' = 'm' uses 'http://hl7.org/fhir/" + release +
           "StructureDefinition/Patient' alias Patient as source uses "
           "'http://hl7.org/fhir/" +
           release + "StructureDefinition/Appointment' alias Appointment as target " + rules;
  };
  const std::string input = R"(,"input":{"resourceType":"Patient","id":"p"})";

  EXPECT_NE(batch.answer(R"({"id":1,"map":)" + json::as_json(with("")) + input + "}").find("\"kind\":\"semantic\""),
            std::string::npos);
  for (const std::string& asked : {R"({"id":1,"map":)" + json::as_json(with("5.0/")) + input + "}",
                                   R"({"id":1,"map":)" + json::as_json(with("")) + input + R"(,"model":"r5"})"}) {
    EXPECT_EQ(without_warnings(batch.answer(asked)),
              R"({"id":1,"result":{"resourceType":"Appointment","id":"p","previousAppointment":{"reference":"Patient/p"}}})");
  }
}

TEST(MapBatch, WritesXmlInTheNamespaceWithTheAttributesAndTextsOfTheModel) {
  MapBatch batch(share);
  const std::string target =
      R"({"resourceType":"StructureDefinition","url":"http://t/Doc","name":"Doc","status":"draft","kind":"logical","abstract":false,"type":"Doc",
      "extension":[{"url":"http://hl7.org/fhir/StructureDefinition/elementdefinition-namespace","valueUri":"urn:doc"}],
      "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Element","derivation":"specialization","differential":{"element":[
      {"id":"Doc","path":"Doc","min":1,"max":"1"},{"id":"Doc.title","path":"Doc.title","min":0,"max":"1","type":[{"code":"BackboneElement"}]},
      {"id":"Doc.title.language","path":"Doc.title.language","representation":["xmlAttr"],"min":0,"max":"1","type":[{"code":"code"}]},
      {"id":"Doc.title.data","path":"Doc.title.data","representation":["xmlText"],"min":0,"max":"1","type":[{"code":"string"}]}]}})";
  std::string one_line = target;
  std::replace(one_line.begin(), one_line.end(), '\n', ' ');
  const std::string text =
      "map 'http://t/m' = 'm' uses 'http://t/A' alias A as source uses 'http://t/Doc' alias Doc as target group g(source a : A, "
      "target d : Doc) { a.x as x -> d.title as t, t.data = x, t.language = 'sv'; }";

  EXPECT_EQ(batch.answer(R"({"id":1,"map":)" + json::as_json(text) + R"(,"models":[)" + model("A", "x") + "," + one_line +
                         R"(],"input":{"x":["Hej"]},"format":"xml"})"),
            R"({"id":1,"result":"<Doc xmlns=\"urn:doc\"><title language=\"sv\">Hej</title></Doc>"})");
}

/// The public suites through the process, one line a case.
struct Case {
  std::string id, line;
  fs::path result;
};

fs::path suites() {
  const char* given = std::getenv("VARDBRON_CONFORMANCE");
  return given != nullptr ? fs::path(given) : fs::path(VARDBRON_SOURCE_DIR) / "../shared/conformance";
}

std::string case_line(std::size_t number, const fs::path& map, const std::string& models, const fs::path& input,
                      const fs::path& result) {
  return R"({"id":)" + std::to_string(number) + R"(,"map":)" + json::as_json(map.string()) + R"(,"models":[)" + models +
         R"(],"input":)" + json::as_json(input.string()) + R"(,"format":")" + result.extension().string().substr(1) + "\"}";
}

std::vector<Case> tutorial_cases() {
  std::vector<Case> cases;
  std::error_code error;
  for (const fs::directory_entry& step : fs::directory_iterator(suites() / "fml-tutorial", error)) {
    if (!step.is_directory()) continue;
    for (const fs::directory_entry& result : fs::directory_iterator(step.path() / "result")) {
      const std::string stem = result.path().stem().string(), end = result.path().extension().string();
      const std::size_t dot = stem.find('.');
      const fs::path map = step.path() / "map" / (stem.substr(0, dot) + ".map");
      const fs::path input = step.path() / "source" / (stem.substr(dot + 1) + end);
      cases.push_back({"tutorial/" + step.path().filename().string() + "/" + result.path().filename().string(),
                       case_line(cases.size(), map, json::as_json((step.path() / "logical").string()), input, result.path()),
                       result.path()});
    }
  }
  return cases;
}

void add_reference_cases(const fs::path& folder, std::vector<Case>& cases) {
  const tree::Names names;
  Result<tree::Document> manifest = xml::parse(read_text(folder / "manifest.xml"), names);
  if (!manifest) return;
  for (tree::Item test = tree::root(*manifest).first_child(); test; test = test.next()) {
    if (test.name_text() != "test") continue;
    const std::string name(test.text_of("name"));
    const fs::path result = folder / std::string(test.text_of("output"));
    cases.push_back({"reference/" + folder.filename().string() + "/" + name.substr(name.rfind('/') + 1),
                     case_line(cases.size(), folder / std::string(test.text_of("map")), "",
                               folder / std::string(test.text_of("source")), result),
                     result});
  }
}

/// Element and attribute names, texts and order; the suite's prefixes do not follow its own models.
void flatten(tree::Item item, std::string& out) {
  out += "<" + std::string(item.name_text()) + " " + std::string(trim(item.text()));
  for (tree::Item child = item.first_child(); child; child = child.next()) flatten(child, out);
  out += ">";
}

bool is_same(tree::Item wanted, tree::Item found) {
  return json::write(*wanted.document, wanted.node, {.pretty = false, .fhir = false}) ==
         json::write(*found.document, found.node, {.pretty = false, .fhir = false});
}

std::string flat_xml(const std::string& text) {
  const tree::Names names;
  Result<tree::Document> document = xml::parse(text, names);
  std::string out;
  if (document) flatten(tree::root(*document), out);
  return out;
}

bool is_right(const Case& one, const std::string& answer) {
  const tree::Names names;
  Result<tree::Document> read = json::parse(answer, names, {.fhir = false});
  if (!read) return false;
  const std::string expected = read_text(one.result);
  if (expected.find("OperationOutcome") != std::string::npos) return bool(tree::root(*read).child("error"));
  const tree::Item result = tree::root(*read).child("result");
  if (!result) return false;
  if (one.result.extension() == ".xml") return flat_xml(std::string(result.text())) == flat_xml(expected);
  Result<tree::Document> wanted = json::parse(expected, names, {.fhir = false});
  return wanted && is_same(tree::root(*wanted), result);
}

std::set<std::string> known_failures() {
  std::set<std::string> known;
  const std::string text = read_text(fs::path(VARDBRON_SOURCE_DIR) / "tests/scenarios/fml-known.tsv");
  for (std::string_view row : split(text, '\n')) {
    if (!row.empty() && row[0] != '#') known.emplace(row.substr(0, row.find('\t')));
  }
  return known;
}

TEST(MapBatch, PassesThePublicSuitesThroughTheProcessAsItDoesInside) {
  std::vector<Case> cases = tutorial_cases();
  add_reference_cases(suites() / "fml-reference" / "r4b", cases);
  add_reference_cases(suites() / "fml-reference" / "r5", cases);
  if (cases.empty()) GTEST_SKIP() << "no suites at " << suites();
  const TemporaryDirectory directory;
  const fs::path& folder = directory.path();
  std::ofstream lines(folder / "in");
  for (const Case& one : cases) lines << one.line << '\n';
  lines.close();

  const std::string command = std::string(VARDBRON_BINARY_DIR) + "/bin/vardbron map --batch < '" + (folder / "in").string() +
                              "' > '" + (folder / "out").string() + "'";
  ASSERT_EQ(std::system(command.c_str()), 0);

  const std::string answers = read_text(folder / "out");
  const std::vector<std::string_view> rows = split(trim(answers), '\n');
  ASSERT_EQ(rows.size(), cases.size());
  const std::set<std::string> known = known_failures();
  std::map<std::string, std::pair<std::size_t, std::size_t>> suites;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const bool right = is_right(cases[i], std::string(rows[i]));
    auto& [passed, total] = suites[cases[i].id.substr(0, cases[i].id.find('/'))];
    passed += right ? 1 : 0;
    ++total;
    EXPECT_EQ(right, !known.contains(cases[i].id)) << cases[i].id << "\n" << rows[i];
  }
  for (const auto& [name, counts] : suites)
    suite::print_line("FML " + name + ", through map --batch", counts.first, counts.second);
}

}  // namespace
}  // namespace vardbron::authoring
