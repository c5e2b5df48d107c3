#include "tests/system/app/command_process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

// Concern: beginners' mistakes on the command line are answered with what to change, and with the exit code in the README.
namespace vardbron {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr const char* map_text = R"(/// url = 'https://example.org/StructureMap/Beds'
/// name = 'Beds'
uses "http://hl7.org/fhir/StructureDefinition/Location" alias Location as target
group Beds(source beds, target location : Location) {
  beds.ward 1..1 as ward -> location.name = ward "name";
}
)";

class Mistakes : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("vardbron-mistakes-" + std::to_string(getpid()));
    fs::remove_all(folder_);
    fs::create_directories(folder_ / "empty");
    put("maps/beds.fml", map_text);
    put("maps/cases/one/input.json", R"({"ward": "Kirurgi 2"})");
    put("maps/cases/one/expected.json", R"({"resourceType": "Location", "name": "Kirurgi 2"})");
    put("broken/beds.fml", std::string(map_text) + "junk\n");
    put("unknown.fml", "uses \"http://test/None\" alias None as source\ngroup A(source a : None, target b) {\n}\n");
    put("marked.json", "\xEF\xBB\xBF{\"ward\": \"Kirurgi 2\"}");
    put("wardless.json", "{\n  \"note\": 1}");
    put("patiet.json", R"({"resourceType":"Patiet"})");
    put("unfed/cases/one/massage.json", "{}");
    put("null.json", "{\"resourceType\":\"Patient\",\n \"name\":[{\"given\":[\"a\",null]}],\n \"active\":\"x\"}");
    put("active.xml", "<Patient xmlns=\"http://hl7.org/fhir\">\n<active value=\"1\"/></Patient>");
    put("div.json", R"({"div": "<div></p>"})");
    put("junk", "nothing that anybody reads");
  }
  void TearDown() override { fs::remove_all(folder_); }

  void put(const std::string& name, const std::string& text) const {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }
  /// An argument that begins with @ is a file of the folder.
  play::Finished run(std::vector<std::string> arguments, const std::string& input = {}) const {
    for (std::string& each : arguments) {
      if (each.starts_with('@')) each = (folder_ / each.substr(1)).string();
    }
    return play::run_command(arguments, input);
  }

  fs::path folder_;
};

struct Row {
  std::vector<std::string> arguments;
  int exit_code;
  std::string says;
};

TEST_F(Mistakes, WrongUseEndsWithTwoAndNamesTheHelp) {
  for (const Row& row : {Row{{}, 2, "`vardbron --help` tells more."},
                         {{"mapp", "a", "b"}, 2, "There is no command 'mapp'; did you mean 'map'?"},
                         {{"map"}, 2, "Give a map and what to map: a file, a folder, or - for standard input; or --batch."},
                         {{"map", "@maps/beds.fml"}, 2, "`vardbron map --help` tells more."},
                         {{"map", "@maps/beds.fml", "-", "--fromat", "xml"}, 2, "--fromat; did you mean '--format'?"},
                         {{"map", "@maps/beds.fml", "-", "--from", "csw"}, 2, "--from: 'csw' is none of json, xml, hl7v2, csv"},
                         {{"send", "--to", "nowhere", "@marked.json"}, 2, "vardbron: "},
                         {{"get", "nowhere"}, 2, "vardbron: "},
                         {{"get", "nowhere"}, 2, "An absolute URL with https or http is needed."},
                         {{"receive", "--gateway", "nowhere"}, 2, "vardbron: "},
                         {{"receive", "--listen", "foo"}, 2, "--listen: 'foo' does not read address:port."},
                         {{"map", "--batch", "@maps/beds.fml"}, 2, "map excludes --batch"},
                         {{"map", "--batch", "--trace"}, 2, "--batch"},
                         {{"map", "@maps/beds.fml", "-", "--explain", "--trace"}, 2, "--trace"},
                         {{"map", "@maps/beds.fml", "-", "--coverage", "--trace"}, 2, "--coverage"},
                         {{"fhirpath", "--batch", "name"}, 2, "expression excludes --batch"},
                         {{"fhirpath"}, 2, "`vardbron fhirpath --help` tells more."},
                         {{"generate", "Patient", "--count", "-1"}, 2, "--count: '-1' is no whole number"},
                         {{"generate", "Patient", "--seed", "x"}, 2, "--seed: 'x' is no whole number"},
                         {{"test", "@maps", "--random", "-1"}, 2, "--random: '-1' is no whole number"},
                         {{"generate", "Patient", "--count", "0"}, 2, "--count says how many"},
                         {{"convert", "@marked.json"}, 2, "--to is required"}}) {
    const play::Finished ended = run(row.arguments);
    EXPECT_EQ(ended.exit_code, row.exit_code) << row.says;
    EXPECT_THAT(ended.errors, HasSubstr("vardbron: "));
    EXPECT_THAT(ended.errors, HasSubstr(row.says));
    EXPECT_EQ(ended.output, "");
  }
}

TEST_F(Mistakes, WhatIsRefusedIsNamedWithItsPlace) {
  for (const Row& row :
       {Row{{"map", "@maps", "@marked.json"}, 1, "This is a folder; name the map in it."},
        {{"map", "@marked.json", "@marked.json"}, 1, "This file holds no map; a map is a text (.fml, .map) or"},
        {{"map", "@maps/cases/one/input.json", "@maps/beds.fml"}, 1, "and is named before its inputs."},
        {{"diff", "@marked.json", "@maps/beds.fml", "@maps"}, 1, "marked.json: This file holds no map"},
        {{"convert", "@patiet.json", "--to", "xml"}, 1, "patiet.json: Patiet: This is not a resource of FHIR R4."},
        {{"format", "@maps/cases"}, 1, "There is no map in this folder"},
        {{"lint", "@empty"}, 1, "There is no map in this folder"},
        {{"test", "@maps", "--random", "3"}, 1, "maps: No map was tried: messages can be made for none of them."},
        {{"test", "@unfed"}, 1, "cases/one: This case has no message: a file named input.json, .xml, .hl7 or .csv."},
        {{"map", "@nosuch.fml", "-"}, 1, "nosuch.fml: There is no such map, neither as a file nor by url or name."},
        {{"map", "Bed", "-", "--mappings", "@broken"}, 1, "beds.fml:7:1: expected 'uses'"},
        {{"map", "@broken/beds.fml", "-"}, 1, "beds.fml:7:1: expected 'uses'"},
        {{"map", "@unknown.fml", "-"}, 1, "is not loaded; lay its StructureDefinition beside the map"},
        {{"map", "@maps/beds.fml", "@wardless.json"}, 1, "wardless.json:1:1: "},
        {{"map", "@maps/beds.fml", "@junk"}, 1, "junk: This is neither JSON nor XML nor an HL7 v2 message; CSV is told by"},
        {{"map", "@maps/beds.fml", "@empty"}, 1, "There is no message in this folder"},
        {{"convert", "@junk", "--to", "xml"}, 1, "junk: This is neither"},
        {{"convert", "@null.json", "--to", "json"}, 1, "null.json:2:24: Patient.name[0].given[1]: Null stands only beside"},
        {{"convert", "@null.json", "--to", "xml"}, 1, "null.json:3:11: Patient.active: The value of boolean must be"},
        {{"convert", "@active.xml", "--to", "json"}, 1, "active.xml: Patient.active at 2:1: The value must be true or false."},
        {{"convert", "@div.json", "--to", "xml"}, 1, "div.json: div: The narrative has an end tag that closes no"},
        {{"fhirpath", "name", "@junk"}, 1, "junk: The body is neither"},
        {{"test", "@maps/beds.fml"}, 1, "This is a file; name the folder of the map or of a case."},
        {{"lint", "@junk"}, 1, "junk:1:1: expected 'uses'"},
        {{"diff", "@maps/beds.fml", "@maps/beds.fml", "@empty"}, 1, "There is no message in what is given"},
        {{"test", "@empty", "--random", "1"}, 1, "There is no map in this folder"},
        {{"format", "@marked.json"}, 1, "`vardbron convert --to fml FILE`"},
        {{"get", "https://127.0.0.1:1/fhir", "--authorities", "@junk"}, 1, "junk"},
        {{"check", "@empty"}, 1, "The configuration cannot be read; a gateway.toml is needed."}}) {
    const play::Finished ended = run(row.arguments, "{}");
    EXPECT_EQ(ended.exit_code, row.exit_code) << row.says;
    EXPECT_THAT(ended.errors, HasSubstr(row.says));
  }
}

// A full disk for standard output, and a closed standard output.
TEST_F(Mistakes, OutputThatCannotBeWrittenEndsWithThreeAndIsTold) {
  const std::string maps = (folder_ / "maps/").string(), said = (folder_ / "said").string(), at_end = " 2> '" + said + "'";
  for (const std::string& command :
       {"map '" + maps + "beds.fml' '" + maps + "cases/one/input.json'", "convert --to fml '" + maps + "beds.fml'",
        std::string("fhirpath 1"), std::string("lint --rules"), std::string("generate Patient --count 200"),
        std::string("--help"), std::string("map --help"), std::string("map --batch")}) {
    for (const std::string output : {"> /dev/full", ">&-"}) {
      const std::string line = "echo '{}' | '" VARDBRON_BINARY_DIR "/bin/vardbron' " + command + " " + output + at_end;
      const int ended = std::system(line.c_str());
      EXPECT_EQ(WEXITSTATUS(ended), 3) << line;
      std::ifstream file(said);
      const std::string reported{std::istreambuf_iterator<char>(file), {}};
      EXPECT_THAT(reported, HasSubstr("vardbron: standard output: The output cannot be written")) << line;
    }
  }
}

// What is named to be read is input, whatever command or option names it: when it cannot be read, the command ends with 1 and
// names it.
TEST_F(Mistakes, EveryCommandRefusesWhatItCannotRead) {
  const std::string map = "@maps/beds.fml", input = "@maps/cases/one/input.json", url = "http://127.0.0.1:1/fhir";
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{"serve", "--config", "@nosuch"},
                                             {"check", "@nosuch"},
                                             {"map", "@nosuch", input},
                                             {"map", map, "@nosuch"},
                                             {"map", map, input, "@nosuch"},
                                             {"map", map, input, "--mappings", "@nosuch"},
                                             {"map", "--explain", map, "@nosuch"},
                                             {"map", "--trace", map, "@nosuch"},
                                             {"map", "--coverage", map, "@nosuch"},
                                             {"convert", "@nosuch", "--to", "json"},
                                             {"convert", "@nosuch", "--to", "fml"},
                                             {"fhirpath", "name", "@nosuch"},
                                             {"test", "@nosuch"},
                                             {"test", "@maps", "@nosuch"},
                                             {"test", "@maps", "--mappings", "@nosuch"},
                                             {"test", "@nosuch", "--random", "1"},
                                             {"test", "@maps", "--random", "1", "--mappings", "@nosuch"},
                                             {"format", "@nosuch"},
                                             {"format", "--check", "@nosuch"},
                                             {"format", "--write", "@nosuch"},
                                             {"lint", "@nosuch"},
                                             {"lint", map, "@nosuch"},
                                             {"roundtrip", "@nosuch"},
                                             {"roundtrip", map, "@nosuch"},
                                             {"roundtrip", map, "--mappings", "@nosuch"},
                                             {"generate", "Patient", "--mappings", "@nosuch"},
                                             {"generate", "Patient", "--map", "@nosuch"},
                                             {"diff", "@nosuch", map, input},
                                             {"diff", map, "@nosuch", input},
                                             {"diff", map, map, "@nosuch"},
                                             {"diff", map, map, input, "--mappings", "@nosuch"},
                                             {"send", "--to", url, "@nosuch"},
                                             {"send", "--to", url, "@marked.json", "--token-file", "@nosuch"},
                                             {"send", "--to", url, "@marked.json", "--authorities", "@nosuch"},
                                             {"get", url, "--token-file", "@nosuch"},
                                             {"get", url, "--authorities", "@nosuch"},
                                             {"receive", "--gateway", url, "--token-file", "@nosuch"},
                                             {"receive", "--gateway", url, "--authorities", "@nosuch"}}) {
    std::string line;
    for (const std::string& each : arguments) line += each + " ";
    const play::Finished ended = run(arguments);
    EXPECT_EQ(ended.exit_code, 1) << line << ended.errors;
    EXPECT_THAT(ended.errors, HasSubstr((folder_ / "nosuch").string() + ": There is no such ")) << line;
  }
}

TEST_F(Mistakes, AModelThatCannotBeUsedIsNamedWithItsFile) {
  put("maps/model.json", R"({"resourceType":"StructureDefinition","url":"http://test/M","name":"M","kind":"logical",)"
                         R"("abstract":false,"type":"M","derivation":"specialization","differential":{"element":[)"
                         R"({"path":"M"},{"path":"M.a","min":0,"max":"1","type":[{"code":"strng"}]}]}})");
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{"test", "@maps"},
                                             {"map", "@maps/beds.fml", "@marked.json"},
                                             {"map", "Beds", "@marked.json", "--mappings", "@maps"},
                                             {"diff", "@maps/beds.fml", "@maps/beds.fml", "@marked.json"},
                                             {"roundtrip", "@maps/beds.fml"}}) {
    const play::Finished ended = run(arguments);
    EXPECT_EQ(ended.exit_code, 1) << arguments.front();
    EXPECT_THAT(ended.errors, HasSubstr("model.json: M.a: The element has the unknown type strng.")) << arguments.front();
  }
}

TEST_F(Mistakes, AFolderWithoutCasesIsToldWithoutReadingTheMapsAbove) {
  const play::Finished ended = run({"test", "@empty"});

  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_EQ(ended.errors,
            "vardbron: " + (folder_ / "empty").string() + ": There is no case: no folder holds a file named input.*.\n");
}

TEST_F(Mistakes, WhatNearlyHasTheNameIsOffered) {
  put("gateway.toml", "mappings = \"maps\"\n[[channel]]\nname = \"beds\"\nmap = \"Bed\"\n");
  put("other/cases/one/input.json", "{}");
  put("other/cases/one/map", "Bads");
  put("other/beds.fml", map_text);
  for (const Row& row :
       {Row{{"generate", "Patiet"}, 1, "Patiet: There is no such model; did you mean 'Patient'?"},
        {{"generate", "patient"}, 1, "did you mean 'Patient'?"},
        {{"generate", "http://hl7.org/fhir/StructureDefinition/Observatoin"},
         1,
         "did you mean 'http://hl7.org/fhir/StructureDefinition/Observation'"},
        {{"generate", "samordning"}, 1, "did you mean 'CosmicSamordningsmeddelande'?"},
        {{"generate", "Xyzzyx"}, 1, "There is no such model; name a FHIR type, or a logical model below --mappings"},
        {{"map", "Bads", "-", "--mappings", "@maps"}, 1, "Bads: There is no such map; did you mean 'Beds'?"},
        {{"map", "https://example.org/StructureMap/Bed", "-", "--mappings", "@maps"},
         1,
         "did you mean 'https://example.org/StructureMap/Beds'?"},
        {{"map", "@maps/bed.fml", "-"}, 1, "There is no such map; did you mean 'beds.fml'?"},
        {{"map", "@maps/beds.fml", "@marked.jso"}, 1, "There is no such file or folder; did you mean 'marked.json'?"},
        {{"test", "@map"}, 1, "There is no such file or folder; did you mean 'maps'?"},
        {{"test", "@maps", "--only", "onne"}, 1, "No case has such a name (--only); did you mean 'one'?"},
        {{"test", "@maps", "--only", "zzzzzz"}, 1, "No case has such a name (--only).\n"},
        {{"diff", "@maps/bed.fml", "@maps/beds.fml", "@maps"}, 1, "did you mean 'beds.fml'?"},
        {{"check", "@gateway.tml"}, 1, "did you mean 'gateway.toml'?"},
        {{"check", "@gateway.toml"}, 1, "asks for a map that no file in the mappings folder defines; did you mean 'Beds'?"}}) {
    const play::Finished ended = run(row.arguments, "{}");
    EXPECT_EQ(ended.exit_code, row.exit_code) << row.says;
    EXPECT_THAT(ended.errors, HasSubstr(row.says));
  }
  EXPECT_THAT(run({"test", "@other"}).output, HasSubstr("has the name or url 'Bads'; did you mean 'Beds'?"));
}

TEST_F(Mistakes, StandardInputIsWhatItIsSaidToBe) {
  const std::string csv = "ward;beds\r\nKirurgi 2;24\r\n";
  put("rows.fml", R"(uses "http://hl7.org/fhir/StructureDefinition/Location" alias Location as target
group Rows(source list, target location : Location) {
  list.record as row then { row.ward as ward -> location.name = ward "name"; } "row";
}
)");

  EXPECT_EQ(run({"map", "@rows.fml", "-", "--from", "csv", "--compact"}, csv).output,
            "{\"resourceType\":\"Location\",\"name\":\"Kirurgi 2\"}\n");
  EXPECT_EQ(run({"map", "@rows.fml", "-", "--from", "text/csv; charset=iso-8859-1", "--compact"}, "ward\nB\xE5r\n").output,
            "{\"resourceType\":\"Location\",\"name\":\"Bår\"}\n");
  EXPECT_EQ(run({"convert", "-", "--from", "csv", "--to", "json", "--compact"}, csv).output,
            "{\"record\":[{\"ward\":\"Kirurgi 2\",\"beds\":\"24\"}]}\n");
  EXPECT_EQ(run({"fhirpath", "record.beds", "-", "--from", "csv", "--model", "none"}, csv).output, "24\n");
  EXPECT_THAT(run({"map", "@rows.fml", "-"}, csv).errors, HasSubstr("--from csv"));
  EXPECT_THAT(run({"map", "@maps/beds.fml", "-", "--from", "xml"}, "{}").errors, HasSubstr("standard input:1:1"));
}

// A map in CSV's clothes is no map: the first word of a heading may be one that maps begin with.
TEST_F(Mistakes, CsvMayBeginLikeAMap) {
  EXPECT_EQ(run({"convert", "-", "--from", "csv", "--to", "json", "--compact"}, "map ;b\n1;2\n").exit_code, 0);
}

TEST_F(Mistakes, AFolderOfCasesIsMappedWithoutWhatTheyExpect) {
  const play::Finished mapped = run({"map", "@maps/beds.fml", "@maps", "--compact"});

  EXPECT_EQ(mapped.exit_code, 0) << mapped.errors;
  EXPECT_EQ(mapped.output, "{\"resourceType\":\"Location\",\"name\":\"Kirurgi 2\"}\n");
}

TEST_F(Mistakes, AByteOrderMarkInFrontOfJsonIsPassedOver) {
  EXPECT_EQ(run({"map", "@maps/beds.fml", "@marked.json"}).exit_code, 0);
  EXPECT_EQ(run({"convert", "@marked.json", "--to", "json", "--compact"}).output, "{\"ward\":\"Kirurgi 2\"}\n");
  EXPECT_EQ(run({"fhirpath", "ward", "@marked.json", "--model", "none"}).output, "Kirurgi 2\n");
}

TEST_F(Mistakes, EveryCommandExplainsItselfAndItsExitCodes) {
  for (const char* command : {"serve", "check", "map", "convert", "fhirpath", "test", "format", "lint", "roundtrip", "generate",
                              "diff", "send", "get", "receive"}) {
    const play::Finished help = run({command, "--help"});
    EXPECT_EQ(help.exit_code, 0) << command;
    EXPECT_THAT(help.output, HasSubstr(std::string("Usage: vardbron ") + command));
    EXPECT_THAT(help.output, HasSubstr("Exit codes: 0 "));
  }
}

// What a program that counts on its ids sends.
TEST_F(Mistakes, TheIdOfALineComesBackWhateverJsonItIs) {
  for (const char* batch : {"map", "fhirpath"}) {
    play::Command command({batch, "--batch"});
    for (const char* id : {"1", "1.50", "\"a\\nå\"", "true", "null", "{\"a\":{\"b\":[1]}}", "[1]", "[1,{\"a\":2},null]",
                           "[[1],[2,3]]", "123456789012345678901234567890", "1e400"}) {
      command.write(std::string("{\"id\":") + id + "}\r\n\r\n");
      EXPECT_THAT(command.read_line().value_or(""), testing::StartsWith(std::string("{\"id\":") + id + ",\"error\":")) << batch;
    }
    EXPECT_EQ(command.finish().exit_code, 0);
  }
}

TEST_F(Mistakes, APartOfTheWrongKindMakesALineNoQuestion) {
  play::Command command({"fhirpath", "--batch"});
  for (const char* part : {"\"file\":3", "\"model\":\"r6\"", "\"model\":4", "\"strict\":\"yes\"", "\"variables\":[1]"}) {
    command.write(std::string("{\"id\":1,\"expression\":\"1\",") + part + "}\n");
    EXPECT_THAT(command.read_line().value_or(""), HasSubstr("\"kind\":\"syntax\"")) << part;
  }
  command.write("{\"id\":1,\"expression\":\"1\",\"file\":null,\"model\":null,\"strict\":null,\"variables\":null}\n");
  EXPECT_THAT(command.read_line().value_or(""), HasSubstr("\"result\":[{\"type\":\"integer\",\"value\":1}]"));
  EXPECT_EQ(command.finish().exit_code, 0);
}

}  // namespace
}  // namespace vardbron
