#include "tests/system/app/command_process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

// Concern: map and convert on the command line: which files they take, where the results go, how they end.
namespace vardbron {
namespace {

namespace fs = std::filesystem;
using play::Finished;
using testing::HasSubstr;

constexpr const char* map_text = R"(/// url = 'http://test/m'
/// name = 'm'
/// status = 'draft'
group g(source src : Patient, target tgt : Basic) {
  src.id as i -> tgt.id = i;
  src.birthDate as d check (d < @2030-01-01) -> tgt.created = d;
}
)";

std::string patient(const std::string& id) {
  return R"({"resourceType":"Patient","id":")" + id + R"(","birthDate":"2001-02-03"})";
}
std::string basic(const std::string& id) { return R"({"resourceType":"Basic","id":")" + id + R"(","created":"2001-02-03"})"; }

class MapCommand : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("vardbron-map-" + std::to_string(getpid()));
    fs::remove_all(folder_);
    put("maps/m.fml", map_text);
    put("in/a.json", patient("a"));
    put("in/deep/b.json", patient("b"));
    put("in/deep/c.xml", R"(<Patient xmlns="http://hl7.org/fhir"><id value="c"/><birthDate value="2001-02-03"/></Patient>)");
  }
  void TearDown() override { fs::remove_all(folder_); }

  static Finished run(const std::vector<std::string>& arguments, const std::string& input = {}) {
    return play::run_command(arguments, input);
  }
  std::string at(const std::string& name) const { return (folder_ / name).string(); }
  void put(const std::string& name, const std::string& text) const {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }
  /// All files below a folder, by their path in it.
  std::map<std::string, std::string> files(const std::string& name) const {
    std::map<std::string, std::string> found;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder_ / name)) {
      if (!entry.is_regular_file()) continue;
      std::ifstream stream(entry.path(), std::ios::binary);
      found[fs::relative(entry.path(), folder_ / name).string()] = {std::istreambuf_iterator<char>(stream), {}};
    }
    return found;
  }

  fs::path folder_;
};

TEST_F(MapCommand, WarnsOfAResultThatItsModelRefuses) {
  const Finished done = run({"map", "--compact", at("maps/m.fml"), at("in/a.json")});
  EXPECT_EQ(done.exit_code, 0);
  EXPECT_EQ(done.output, basic("a") + "\n");
  EXPECT_THAT(done.errors, HasSubstr("warning: the result of " + at("in/a.json") + ": Basic.code: The element is required."));
}

TEST_F(MapCommand, PrintsTheResultOfOneInput) {
  const Finished done = run({"map", "--compact", at("maps/m.fml"), at("in/a.json")});

  EXPECT_EQ(done.exit_code, 0) << done.errors;
  EXPECT_EQ(done.output, basic("a") + "\n");
}

TEST_F(MapCommand, TakesStandardInput) {
  const Finished done = run({"map", "--compact", at("maps/m.fml"), "-"}, patient("x"));

  EXPECT_EQ(done.exit_code, 0) << done.errors;
  EXPECT_EQ(done.output, basic("x") + "\n");
}

TEST_F(MapCommand, WritesAFoldersResultsUnderTheSameNames) {
  const Finished done = run({"map", "--compact", "--out", at("out"), at("maps/m.fml"), at("in")});

  EXPECT_EQ(done.exit_code, 0) << done.errors;
  EXPECT_EQ(done.output, "");
  EXPECT_EQ(files("out"),
            (std::map<std::string, std::string>{
                {"a.json", basic("a") + "\n"}, {"deep/b.json", basic("b") + "\n"}, {"deep/c.json", basic("c") + "\n"}}));
}

TEST_F(MapCommand, WritesXmlUnderItsOwnExtension) {
  const Finished done = run({"map", "--compact", "--format", "xml", "--out", at("out"), at("maps/m.fml"), at("in/a.json")});

  EXPECT_EQ(done.exit_code, 0) << done.errors;
  EXPECT_THAT(files("out").at("a.xml"), HasSubstr(R"(<Basic xmlns="http://hl7.org/fhir"><id value="a"/>)"));
}

TEST_F(MapCommand, DoesNotOverwriteTheResultOfANamesake) {
  put("in/a.xml", R"(<Patient xmlns="http://hl7.org/fhir"><id value="other"/></Patient>)");

  const Finished done = run({"map", "--compact", "--out", at("out"), at("maps/m.fml"), at("in")});

  EXPECT_EQ(done.exit_code, 0) << done.errors;
  EXPECT_EQ(files("out").at("a.json"), basic("a") + "\n");
  EXPECT_THAT(files("out").at("a.xml.json"), HasSubstr("other"));
}

TEST_F(MapCommand, TellsResultsOfSeveralInputsApart) {
  const Finished done = run({"map", at("maps/m.fml"), at("in/a.json"), at("in/deep/b.json")});

  EXPECT_EQ(done.exit_code, 0) << done.errors;
  EXPECT_THAT(done.output, HasSubstr("== " + at("in/a.json") + " =="));
  EXPECT_THAT(done.output, HasSubstr("== " + at("in/deep/b.json") + " =="));
}

// Concern: a map between two releases has the definitions of both, in every command.
constexpr const char* map_of_releases = R"(map "http://test/x" = "x"
uses "http://hl7.org/fhir/4.0/StructureDefinition/MedicationRequest" alias Old as source
uses "http://hl7.org/fhir/5.0/StructureDefinition/MedicationRequest" alias New as target
group main(source s : Old, target t : New) {
  s.medication : CodeableConcept as m -> t.medication as c, c.concept = m;
  s.dosageInstruction -> t.dosageInstruction;
}
)";

TEST_F(MapCommand, MapsFromOneReleaseToAnother) {
  put("two/x.fml", map_of_releases);
  put("two/x/cases/one/input.xml",
      R"(<MedicationRequest xmlns="http://hl7.org/fhir"><medicationCodeableConcept><text value="x"/></medicationCodeableConcept></MedicationRequest>)");
  put("two/x/cases/one/expected.json", R"({"resourceType":"MedicationRequest","medication":{"concept":{"text":"x"}}})");
  const std::string input = at("two/x/cases/one/input.xml");

  const Finished json = run({"map", "--compact", at("two/x.fml"), input});
  EXPECT_EQ(json.output, "{\"resourceType\":\"MedicationRequest\",\"medication\":{\"concept\":{\"text\":\"x\"}}}\n")
      << json.errors;
  const Finished xml = run({"map", "--compact", "--format", "xml", "--model", "r5", at("two/x.fml"), input});
  EXPECT_EQ(xml.output,
            "<MedicationRequest xmlns=\"http://hl7.org/fhir\"><medication><concept><text value=\"x\"/></concept>"
            "</medication></MedicationRequest>\n")
      << xml.errors;
  const Finished lint = run({"lint", at("two")});
  EXPECT_EQ(lint.exit_code, 0) << lint.output << lint.errors;
  EXPECT_THAT(lint.output, HasSubstr(" (--level note shows them)\n"));
  const Finished notes = run({"lint", "--level", "note", at("two")});
  EXPECT_THAT(notes.output, Not(HasSubstr("shows them")));
  EXPECT_THAT(notes.output, HasSubstr("note: Dosage of FHIR 4.0 has elements that FHIR 5.0 lacks"));
  const Finished roundtrip = run({"roundtrip", at("two/x.fml"), input});
  EXPECT_THAT(roundtrip.output, HasSubstr(" there and back (of 1 given and 50 generated the map refused ")) << roundtrip.errors;
  const Finished diff = run({"diff", at("two/x.fml"), at("two/x.fml"), input});
  EXPECT_THAT(diff.output, HasSubstr("0 of 1 messages change")) << diff.errors;
}

TEST_F(MapCommand, RefusesToLoseAnElementBetweenReleases) {
  put("two/x.fml", map_of_releases);
  put("one.json", R"({"resourceType":"MedicationRequest","dosageInstruction":[{"asNeededBoolean":true}]})");

  const Finished done = run({"map", at("two/x.fml"), at("one.json")});

  EXPECT_NE(done.exit_code, 0);
  EXPECT_THAT(done.errors, HasSubstr("x.fml:6:3"));
  EXPECT_THAT(done.errors, HasSubstr("'asNeededBoolean' is no element of Dosage of FHIR 5.0"));
}

TEST_F(MapCommand, GoesOnBehindAnInputThatIsRefused) {
  put("in/bad.json", R"({"resourceType":"Patient","id":"bad","birthDate":"2031-01-01"})");

  const Finished done = run({"map", "--compact", "--out", at("out"), at("maps/m.fml"), at("in")});

  EXPECT_EQ(done.exit_code, 1);
  EXPECT_THAT(done.errors, HasSubstr("bad.json"));
  EXPECT_THAT(done.errors, HasSubstr("does not hold"));
  EXPECT_THAT(done.errors, HasSubstr("1 of 4 inputs were refused"));
  EXPECT_EQ(files("out").size(), 3u);
}

TEST_F(MapCommand, NamesThePlaceOfAMistakeInTheMap) {
  put("maps/m.fml", "group g(source src : Patient, target tgt : Basic) {\n  src.birthDat -> tgt.created;\n}\n");

  const Finished done = run({"map", at("maps/m.fml"), at("in/a.json")});

  EXPECT_NE(done.exit_code, 0);
  EXPECT_THAT(done.errors, HasSubstr("m.fml:2:7"));
  EXPECT_THAT(done.errors, HasSubstr("did you mean 'birthDate'?"));
}

TEST_F(MapCommand, ReportsAnInputThatIsNotThere) {
  const Finished done = run({"map", at("maps/m.fml"), at("in/none.json")});

  EXPECT_NE(done.exit_code, 0);
  EXPECT_THAT(done.errors, HasSubstr("none.json"));
}

struct Way {
  const char *name, *release, *form;
};

class ConvertMap : public MapCommand, public testing::WithParamInterface<Way> {};

TEST_P(ConvertMap, ToAStructureMapThatDoesTheSame) {
  const std::string form = GetParam().form;
  const Finished written = run({"convert", "--to", form, "--model", GetParam().release, at("maps/m.fml")});
  ASSERT_EQ(written.exit_code, 0) << written.errors;
  put("other/m." + form, written.output);

  const Finished done = run({"map", "--compact", at("other/m." + form), at("in/a.json")});

  EXPECT_EQ(done.exit_code, 0) << done.errors;
  EXPECT_EQ(done.output, basic("a") + "\n");

  const Finished back = run({"convert", "--to", "fml", at("other/m." + form)});
  EXPECT_EQ(back.exit_code, 0) << back.errors;
  put("back/m.fml", back.output);
  EXPECT_EQ(run({"map", "--compact", at("back/m.fml"), at("in/a.json")}).output, basic("a") + "\n");
}

INSTANTIATE_TEST_SUITE_P(Ways, ConvertMap,
                         testing::Values(Way{"R4Json", "r4", "json"}, Way{"R4Xml", "r4", "xml"}, Way{"R5Json", "r5", "json"},
                                         Way{"R5Xml", "r5", "xml"}),
                         [](const testing::TestParamInfo<Way>& of) { return std::string(of.param.name); });

TEST_F(MapCommand, ConvertTurnsAResourceFromOneFormIntoTheOther) {
  const Finished xml = run({"convert", "--compact", "--to", "xml", at("in/a.json")});
  EXPECT_EQ(xml.exit_code, 0) << xml.errors;
  EXPECT_THAT(xml.output, HasSubstr(R"(<id value="a"/><birthDate value="2001-02-03"/>)"));

  const Finished json = run({"convert", "--compact", "--to", "json", "-"}, xml.output);
  EXPECT_EQ(json.exit_code, 0) << json.errors;
  EXPECT_EQ(json.output, patient("a") + "\n");
}

TEST_F(MapCommand, ConvertRefusesWhatIsNeither) {
  put("in/nothing.txt", "neither this nor that");

  const Finished done = run({"convert", "--to", "json", at("in/nothing.txt")});

  EXPECT_EQ(done.exit_code, 1);
  EXPECT_THAT(done.errors, HasSubstr("nothing.txt"));
}

// Nothing ran, so nothing succeeded.
TEST_F(MapCommand, OfABatchWithoutALineSaysThatNothingWasDone) {
  for (const std::string command : {"map", "fhirpath"}) {
    const Finished none = run({command, "--batch"}, "\n \n");
    EXPECT_EQ(none.exit_code, 1) << command;
    EXPECT_THAT(none.errors, HasSubstr("No line came, so nothing was done."));
    EXPECT_EQ(run({command, "--batch"}, "{}\n").exit_code, 0) << "what is wrong with a line stands in its answer";
  }
}

TEST_F(MapCommand, NamesAllThatIsWrongWithAMessageAtOnce) {
  put("maps/three.fml", R"(/// url = 'http://test/three'
/// name = 'three'
conceptmap "s" { prefix a = "http://a" prefix b = "http://b" a:x == b:male a:y == b:female }
uses "http://hl7.org/fhir/StructureDefinition/Patient" alias Patient as target
group g(source list, target tgt : Patient) {
  list.record as r then {
    r.Namn 1..1 as n -> tgt.name as name, name.text = n "namn";
    r.Kod as k -> tgt.gender = translate(k, '#s', 'code') "kod";
    r.Dag as d -> tgt.birthDate = d "dag";
  } "row";
}
)");
  put("in/three.csv", "Namn;Kod;Dag\nA;z;2001-01-01\n;x;2001-01-01\nB;y;20010203\n");
  const Finished refused = run({"map", at("maps/three.fml"), at("in/three.csv")});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.errors, HasSubstr("three.csv:2:3: column Kod: 'z' is not taken here; taken are x, y. Rule: "));
  EXPECT_THAT(refused.errors, HasSubstr("three.csv:3:1: column Namn is missing"));
  EXPECT_THAT(refused.errors, HasSubstr("three.csv:4:5: column Dag: The value does not have the form of date"));
  EXPECT_THAT(refused.errors, HasSubstr("Its shape is 99999999."));

  const Finished line =
      run({"map", "--batch"}, R"({"map":")" + at("maps/three.fml") + R"(","input":")" + at("in/three.csv") + "\"}\n");
  EXPECT_THAT(line.output, HasSubstr(R"("faults":[{"says":"column Kod: 'z' is not taken here; taken are x, y. Rule: )"));
  EXPECT_THAT(line.output, HasSubstr(R"({"says":"column Namn is missing)"));
  EXPECT_THAT(line.output, HasSubstr(R"({"says":"column Dag: The value does not have the form of date)"));
  EXPECT_THAT(line.output, HasSubstr("three.csv:4:5\"}]}}"));

  put("in/ragged.csv", "Namn;Kod\nA\nB;x\nC;x;y\n");
  const Finished ragged = run({"map", at("maps/three.fml"), at("in/ragged.csv")});
  EXPECT_THAT(ragged.errors, HasSubstr("Line 2 has 1 cell, the heading has 2."));
  EXPECT_THAT(ragged.errors, HasSubstr("Line 4 has 3 cells, the heading has 2."));
}

}  // namespace
}  // namespace vardbron
