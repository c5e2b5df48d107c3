#include "gateway/formats/hl7v2/parse.h"

#include "gateway/base/random.h"
#include "gateway/formats/read.h"
#include "gateway/tree/path.h"
#include "suite_line.h"
#include "tests/formats/parsing.h"
#include "tests/sim/seeds.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace vardbron::hl7v2 {
namespace {

using tree::Document;
using tree::Kind;
using tree::NodeId;

constexpr const char* header = "MSH|^~\\&|LAB||||20261122101500||ADT^A01^ADT_A01|4711|P|2.5.1\r";

class Hl7v2Parse : public formats::Parsing<ParseOptions, parse> {
 protected:
  static std::string text_at(const Document& document, std::string_view path) {
    const NodeId node = find(document, path);
    return node != tree::no_node && document.kind(node) == Kind::Null ? "(null)" : Parsing::text_at(document, path);
  }
};

TEST_F(Hl7v2Parse, MakesTheTreeOfSegmentsFieldsComponentsAndSubcomponents) {
  const Document document =
      parsed(std::string(header) + "PID|1||195009072553^^^SKV&1.2.752.129.2.1.3.1&ISO^NI||Berg&von^Astrid\r");

  EXPECT_EQ(document.name_text(document.name(0)), "ADT_A01");
  EXPECT_EQ(text_at(document, "MSH.f1"), "|");
  EXPECT_EQ(text_at(document, "MSH.f2"), "^~\\&");
  EXPECT_EQ(text_at(document, "MSH.f3"), "LAB");
  EXPECT_EQ(text_at(document, "MSH.f9.c2"), "A01");
  EXPECT_EQ(text_at(document, "PID.f1"), "1");
  EXPECT_EQ(text_at(document, "PID.f2"), "(none)");
  EXPECT_EQ(text_at(document, "PID.f3.c1"), "195009072553");
  EXPECT_EQ(text_at(document, "PID.f3.c4.s2"), "1.2.752.129.2.1.3.1");
  EXPECT_EQ(text_at(document, "PID.f5.c1.s1"), "Berg");
  EXPECT_EQ(text_at(document, "PID.f5.c2"), "Astrid");
}

TEST_F(Hl7v2Parse, KeepsRepetitionsInTheirOrder) {
  const Document document = parsed(std::string(header) + "PID|||A~B~~C^x\r");

  EXPECT_EQ(text_at(document, "PID.f3[0]"), "A");
  EXPECT_EQ(text_at(document, "PID.f3[1]"), "B");
  EXPECT_EQ(text_at(document, "PID.f3[2].c1"), "C");
  EXPECT_TRUE(document.in_list(find(document, "PID.f3[0]")));
}

TEST_F(Hl7v2Parse, TellsTheNullValueFromAnEmptyOne) {
  const Document document = parsed(std::string(header) + "PID|\"\"||^\"\"^x||~|\r");

  EXPECT_EQ(text_at(document, "PID.f1"), "(null)");
  EXPECT_EQ(text_at(document, "PID.f2"), "(none)");
  EXPECT_EQ(text_at(document, "PID.f3.c1"), "(none)");
  EXPECT_EQ(text_at(document, "PID.f3.c2"), "(null)");
  EXPECT_EQ(text_at(document, "PID.f5"), "(none)");
}

TEST_F(Hl7v2Parse, KeepsNothingOfAFieldThatHoldsOnlyDelimiters) {
  const Document document = parsed(std::string(header) + "PID|^^|&|^&^|~\r");

  EXPECT_EQ(document.first_child(find(document, "PID")), tree::no_node);
}

TEST_F(Hl7v2Parse, ReadsTheDelimitersFromTheMessage) {
  const Document document = parsed("MSH#*!?@#LAB######ADT*A03*ADT_A03\rPID###1*2@3!4#x?S?y|^\r");

  EXPECT_EQ(document.name_text(document.name(0)), "ADT_A03");
  EXPECT_EQ(text_at(document, "PID.f3[0].c2.s2"), "3");
  EXPECT_EQ(text_at(document, "PID.f3[1]"), "4");
  EXPECT_EQ(text_at(document, "PID.f4"), "x*y|^");
}

TEST_F(Hl7v2Parse, ReadsAMessageThatNamesFewerDelimiters) {
  const Document document = parsed("MSH|^|LAB||||||ADT^A01\rPID|||a~b\\S\\&c\r");

  EXPECT_EQ(text_at(document, "PID.f3"), "a~b\\S\\&c");
}

TEST_F(Hl7v2Parse, TakesAnyEndOfASegmentAndNotesAnUnusualOne) {
  for (const char* end : {"\r", "\n", "\r\n", "\r\r"}) {
    tree::Notes notes;
    const std::string body = std::string("MSH|^~\\&|||||||ADT^A01") + end + "EVN|A01" + end + "PID|1";
    const Document document = parsed(body, {.notes = &notes});

    EXPECT_EQ(text_at(document, "EVN.f1"), "A01");
    EXPECT_EQ(text_at(document, "PID.f1"), "1");
    EXPECT_EQ(notes.size(), std::string(end).find('\n') == std::string::npos ? 0u : 1u);
  }
}

TEST_F(Hl7v2Parse, TakesFramingBytesAndByteOrderMarkAway) {
  tree::Notes notes;
  const Document framed = parsed("\x0B" + std::string(header) + "PID|1\r\x1C\r", {.notes = &notes});
  const Document marked = parsed("\xEF\xBB\xBF" + std::string(header) + "PID|1");

  EXPECT_EQ(text_at(framed, "PID.f1"), "1");
  EXPECT_EQ(text_at(marked, "PID.f1"), "1");
  ASSERT_EQ(notes.size(), 1u);
  EXPECT_EQ(notes[0].says, "MLLP's framing bytes were taken away.");
}

TEST_F(Hl7v2Parse, GivesEachPartItsPlace) {
  const Document document = parsed(std::string(header) + "PID|1||A~B^C&D\r", {.positions = true});

  EXPECT_EQ(to_string(document.position(find(document, "MSH.f9"))), "1:33");
  EXPECT_EQ(to_string(document.position(find(document, "PID"))), "2:1");
  EXPECT_EQ(to_string(document.position(find(document, "PID.f1"))), "2:5");
  EXPECT_EQ(to_string(document.position(find(document, "PID.f3[1].c2.s2"))), "2:14");
}

TEST_F(Hl7v2Parse, NamesTheMessageByWhatMsh9Says) {
  const std::pair<const char*, const char*> table[] = {
      {"ADT^A04^ADT_A01", "ADT_A01"}, {"ADT^A04", "ADT_A04"}, {"ACK", "ACK"}, {"ADT^^", "ADT"}, {"", "message"},
      {"a b^c", "message"},           {"\"\"", "message"}};
  for (const auto& [type, name] : table) {
    const Document document = parsed(std::string("MSH|^~\\&|||||||") + type + "|1\rPID|1");
    EXPECT_EQ(document.name_text(document.name(0)), name) << type;
  }
}

TEST_F(Hl7v2Parse, RefusesWhatIsNoMessageAndSaysWhere) {
  const std::string start = header;
  const std::pair<std::string, std::string> table[] = {
      {"", "1:1 An HL7 v2 message begins with MSH."},
      {"PID|1", "1:1 An HL7 v2 message begins with MSH."},
      {"MSH", "1:4 The letter behind MSH is no field separator."},
      {"MSHA^~\\&A", "1:4 The letter behind MSH is no field separator."},
      {"MSH||", "1:5 MSH-2 must name the delimiters, one to five letters such as ^~\\&."},
      {"MSH|^~\\&#!|", "1:5 MSH-2 must name the delimiters, one to five letters such as ^~\\&."},
      {"MSH|^^\\&|", "1:6 A letter of MSH-2 is no delimiter, or is there twice."},
      {"MSH|^~a&|", "1:7 A letter of MSH-2 is no delimiter, or is there twice."},
      {start + "PID|1\rsecond line of a text|x\r", "3:1 A line is no segment; a line break inside a text is written \\.br\\."},
      {start + "pid|1\r", "2:1 A line is no segment; a line break inside a text is written \\.br\\."},
      {start + start, "2:1 There is a second MSH; send messages one by one."},
      {"FHS|^~\\&|\rBHS|^~\\&|\r" + start, "1:1 This is a batch (FHS, BHS); send its messages one by one."},
      {"\x0B" + start + "\x1C\r\x0B" + start + "\x1C\r",
       " There is more behind the end of the message; send messages one by one."},
      {start + "PID|\x01\r", "2:5 There is a control character."},
      {std::string("M\0S\0H\0", 6), "1:1 UTF-16 is not read here; send UTF-8."}};
  for (const auto& [body, says] : table) EXPECT_EQ(refusal(body), says);
}

TEST_F(Hl7v2Parse, StopsAtItsLimits) {
  EXPECT_EQ(refusal(std::string(header) + "PID|1|2|3|4\r", {.parts_max = 3}),
            "1:16 There are too many fields, repetitions or components.");
  EXPECT_EQ(refusal(std::string(header) + "PID|1^2^3^4\r", {.nodes_max = 16}), "2:7 The message has too many parts.");
}

struct CharsetCase {
  const char* named;
  const char* sent;
  const char* read;
};

std::string message_in(const char* charset, const std::string& text) {
  return std::string("MSH|^~\\&|||||||ADT^A01|1|P|2.5.1||||||") + charset + "\rPID|1||" + text + "\r";
}

TEST_F(Hl7v2Parse, ReadsTheCharacterSetThatMsh18Names) {
  const CharsetCase table[] = {{"8859/1", "\xC5ngstr\xF6m", "Ångström"},
                               {"8859/1", "\x80 5", "€ 5"},
                               {"8859/1~UNICODE UTF-8", "\xE5", "å"},
                               {"8859/15", "\xA4 \xBE", "€ Ÿ"},
                               {"8859/9", "\xFD", "ı"},
                               {"UNICODE UTF-8", "\xC3\x85ke", "Åke"},
                               {"UNICODE", "\xC3\x85ke", "Åke"},
                               {"utf-8", "\xC3\x85ke", "Åke"},
                               {"windows-1252", "\x93\xE4\x94", "“ä”"},
                               {"ASCII", "Ake", "Ake"},
                               {"", "\xC3\x85ke", "Åke"},
                               {"", "\xC5ke", "Åke"},
                               {"\"\"", "\xC5ke", "Åke"}};
  for (const CharsetCase& each : table)
    EXPECT_EQ(text_at(parsed(message_in(each.named, each.sent)), "PID.f3"), each.read) << each.named;
}

TEST_F(Hl7v2Parse, RefusesBytesThatAreNotOfTheNamedSet) {
  EXPECT_EQ(refusal(message_in("ASCII", "\xC5")),
            "2:8 MSH-18 says ASCII, and the bytes of PID-3 in line 2 are not of it. Name the right set in MSH-18, or have it set "
            "as the "
            "channel's charset.");
  EXPECT_TRUE(refusal(message_in("8859/1", "\x81")).starts_with("2:8 MSH-18 says windows-1252, and the bytes of PID-3"));
  EXPECT_TRUE(refusal(message_in("UNICODE UTF-8", "\xC5ke")).starts_with("2:8 MSH-18 says UTF-8, and the bytes of PID-3"));
  // DOS characters, once read as garbage.
  EXPECT_TRUE(
      refusal(message_in("", "\x8Fke")).starts_with("2:8 MSH-18 names no character set, and the bytes of PID-3 in line 2"));
  EXPECT_EQ(refusal(message_in("ISO IR87", "x")),
            "1:1 MSH-18 names a character set that is not read here; send 8859/1 or UNICODE UTF-8.");
}

struct DoubtedCase {
  const char *named, *sent, *read, *doubt;
  std::optional<formats::Charset> reported = {};
};

// Once read as other characters silently.
TEST_F(Hl7v2Parse, DoubtsBytesThatAreNotOfTheNamedOrTheAssumedSet) {
  const DoubtedCase table[] = {
      {"", "\xC3\x85ke", "Åke",
       "MSH-18 names no character set, which means ASCII, and PID-3 in line 2 has other letters: the message was read as UTF-8."},
      {"", "\xC5ke", "Åke", "has other letters: the message was read as 8859/1."},
      {"8859/1", "\xC3\x85ke", "Åke", "MSH-18 says 8859/1, but PID-3 in line 2 is not of it: the message was read as UTF-8."},
      {"8859/15", "\xC3\x85ke", "Åke", "MSH-18 says 8859/15, but PID-3 in line 2 is not of it"},
      {"ASCII", "\xC3\x85ke", "Åke", "MSH-18 says ASCII, but PID-3 in line 2 is not of it"},
      {"8859/1", "\x80 5", "€ 5",
       "MSH-18 says 8859/1, which has no letters for the bytes of PID-3 in line 2: the message was read as windows-1252."},
      {"UNICODE UTF-8", "\xC5ke", "Åke",
       "MSH-18 says UTF-8, but PID-3 in line 2 is not of it: the message was read as windows-1252.", formats::Charset::Latin1},
      {"8859/1", "\x8Fke", "Åke", "the message was read as ibm850.", formats::charset_of("ibm850")},
      {"8859/1", "\xB5ke", "Áke", "MSH-18 says 8859/1, and the channel's charset is ibm850: PID-3 in line 2 was read as ibm850.",
       formats::charset_of("ibm850")}};
  for (const DoubtedCase& each : table) {
    tree::Notes notes;
    const Document document =
        parsed(message_in(each.named, each.sent), {.charset = each.reported, .charset_is_known = true, .notes = &notes});

    EXPECT_EQ(text_at(document, "PID.f3"), each.read) << each.named;
    ASSERT_EQ(notes.size(), 1u) << each.named;
    EXPECT_TRUE(notes[0].is_doubt);
    EXPECT_NE(notes[0].says.find(each.doubt), std::string::npos) << notes[0].says;
  }
}

TEST_F(Hl7v2Parse, DoubtsNothingWhereTheBytesAreOfTheSet) {
  const DoubtedCase table[] = {{"", "Ake", "Ake", ""},
                               {"8859/1", "\xC5ke", "Åke", ""},
                               {"UNICODE UTF-8", "\xC3\x85ke", "Åke", ""},
                               {"", "\xC5ke", "Åke", "", formats::Charset::Latin1},
                               {"8859/1", "\xC5ke", "Åke", "", formats::Charset::Latin1},
                               {"UNICODE UTF-8", "\xC3\x85ke", "Åke", "", formats::charset_of("ibm850")},
                               {"", "\x8Fke", "Åke", "", formats::charset_of("ibm850")}};
  for (const DoubtedCase& each : table) {
    tree::Notes notes;
    const Document document =
        parsed(message_in(each.named, each.sent), {.charset = each.reported, .charset_is_known = true, .notes = &notes});

    EXPECT_EQ(text_at(document, "PID.f3"), each.read);
    EXPECT_TRUE(notes.empty()) << notes[0].says;
  }
}

TEST_F(Hl7v2Parse, ReadsWhatNamesNoSetInTheOneItIsTold) {
  const Document document = parsed(message_in("", "\xA4"), {.charset = formats::Charset::Latin9});

  EXPECT_EQ(text_at(document, "PID.f3"), "€");
}

TEST_F(Hl7v2Parse, IsTakenByContentTypeAndByHowABodyBegins) {
  const std::pair<const char*, formats::Format> types[] = {{"x-application/hl7-v2+er7", formats::Format::Hl7v2},
                                                           {"application/hl7-v2; charset=iso-8859-1", formats::Format::Hl7v2},
                                                           {"text/plain", formats::Format::Hl7v2},
                                                           {"", formats::Format::Hl7v2},
                                                           {"application/json", formats::Format::Json},
                                                           {"application/fhir+xml", formats::Format::Xml},
                                                           {"text/csv", formats::Format::Csv}};
  for (const auto& [type, format] : types) EXPECT_EQ(formats::guess(type, header), format) << type;
  EXPECT_EQ(formats::guess("", "\x0B" + std::string(header)), formats::Format::Hl7v2);
  EXPECT_EQ(formats::guess("", "MSHeep and others"), formats::Format::Unknown);
  EXPECT_EQ(formats::content_type_of("/tmp/ADT.HL7"), "x-application/hl7-v2+er7");
  EXPECT_EQ(*formats::charset_parameter("text/csv; header=present; Charset=\"iso-8859-1\""), formats::Charset::Latin1);
  EXPECT_EQ(*formats::charset_parameter("text/csv"), std::nullopt);
  EXPECT_FALSE(formats::charset_parameter("text/csv; charset=klingon"));
}

// --- random walks: a message written from a model is parsed to that model ---

using Component = std::vector<std::string>;  // sub-components
using Repetition = std::vector<Component>;
using Field = std::vector<Repetition>;

struct Marks {
  std::string field, component, repetition, escape, subcomponent;
};

std::string escaped(const std::string& text, const Marks& marks) {
  std::string made;
  for (char letter : text) {
    const std::string one(1, letter);
    const std::pair<const std::string*, char> table[] = {
        {&marks.field, 'F'}, {&marks.component, 'S'}, {&marks.subcomponent, 'T'}, {&marks.repetition, 'R'}, {&marks.escape, 'E'}};
    std::string put = one;
    for (const auto& [mark, code] : table) {
      if (*mark == one) put = marks.escape + code + marks.escape;
    }
    made += letter == '\n' ? marks.escape + ".br" + marks.escape : put;
  }
  return made;
}

class Walk {
 public:
  explicit Walk(std::uint64_t seed) : random_(seed) {}

  std::uint64_t below(std::uint64_t end) { return random_.below(end); }

  std::string text() {
    static const std::vector<std::string> letters{"a", "Z",  "7", " ", "å",  "Ö", "|", "^",
                                                  "~", "\\", "&", "#", "\n", "€", ".", "\""};
    std::string made;
    for (std::uint64_t count = below(6); count-- > 0;) made += letters[below(letters.size())];
    return made == "\"\"" ? "" : made;
  }
  Field field() {
    Field made(1 + below(3));
    for (Repetition& repetition : made) {
      repetition.resize(1 + below(4));
      for (Component& component : repetition) {
        component.resize(1 + below(3));
        for (std::string& part : component) part = text();
      }
    }
    return made;
  }

 private:
  SeededRandom random_;
};

template <class Part, class Write>
std::string joined(const std::vector<Part>& parts, const std::string& mark, Write write) {
  std::string made;
  for (std::size_t at = 0; at < parts.size(); ++at) made += (at == 0 ? "" : mark) + write(parts[at]);
  return made;
}

std::string written(const Field& field, const Marks& marks) {
  return joined(field, marks.repetition, [&](const Repetition& repetition) {
    return joined(repetition, marks.component, [&](const Component& component) {
      return joined(component, marks.subcomponent, [&](const std::string& part) { return escaped(part, marks); });
    });
  });
}

std::size_t filled(const Component& component) {
  return static_cast<std::size_t>(
      std::count_if(component.begin(), component.end(), [](const std::string& s) { return !s.empty(); }));
}

// A field in the tree: empty repetitions have no node.
void expect_field(const Document& document, const std::string& path, const Field& field) {
  std::size_t number = 0;
  for (const Repetition& repetition : field) {
    std::size_t all = 0;
    for (const Component& component : repetition) all += filled(component);
    if (all == 0) continue;
    const std::string here = path + "[" + std::to_string(number++) + "]";
    for (std::size_t c = 0; c < repetition.size(); ++c) {
      for (std::size_t s = 0; s < repetition[c].size(); ++s) {
        const bool is_only_component = repetition.size() == 1, is_only_part = repetition[c].size() == 1;
        std::string place = here;
        // A field with a sub-component has components, though there may be but one.
        if (!is_only_component || !is_only_part) place += ".c" + std::to_string(c + 1);
        if (!is_only_part) place += ".s" + std::to_string(s + 1);
        const NodeId node = find(document, place);
        EXPECT_EQ(node == tree::no_node ? "" : document.text(node), repetition[c][s]) << place;
      }
    }
  }
  EXPECT_EQ(find(document, path + "[" + std::to_string(number) + "]"), tree::no_node);
}

TEST_F(Hl7v2Parse, ReadsBackWhatAMessageWasMadeOf) {
  const Marks all_marks[] = {{"|", "^", "~", "\\", "&"}, {"#", "*", "!", "?", "@"}};
  sim::for_each_seed(200, [&](std::uint64_t seed) {
    Walk walk(seed);
    const Marks& marks = all_marks[walk.below(2)];
    std::vector<Field> fields(1 + walk.below(6));
    for (Field& field : fields) field = walk.field();
    std::string body = "MSH" + marks.field + marks.component + marks.repetition + marks.escape + marks.subcomponent;
    body += "\rZZZ" + marks.field + joined(fields, marks.field, [&](const Field& field) { return written(field, marks); }) + "\r";

    const Document document = parsed(body);

    for (std::size_t at = 0; at < fields.size(); ++at) expect_field(document, "ZZZ.f" + std::to_string(at + 1), fields[at]);
    if (HasFailure()) ADD_FAILURE() << body;
  });
}

TEST_F(Hl7v2Parse, AnswersAnyMangledMessageWithATreeOrAReason) {
  sim::for_each_seed(300, [&](std::uint64_t seed) {
    Walk walk(seed);
    std::string body = std::string(header) + "PID|1||195009072553^^^SKV&1&ISO~x\\F\\y||Berg^Astrid\\.br\\\rOBX|1|TX|a||\\X0D\\\r";
    for (std::uint64_t change = walk.below(8); change-- > 0;) body[walk.below(body.size())] = static_cast<char>(walk.below(256));

    const Result<Document> document = parse(body, names, {.positions = true});

    if (!document) {
      EXPECT_NE(document.failure().says, "");
    }
  });
}

// Public messages (VARDBRON_CONFORMANCE, or conformance beside the repository).
TEST_F(Hl7v2Parse, ReadsTheMessagesOfThePublicCollection) {
  const char* given = std::getenv("VARDBRON_CONFORMANCE");
  const std::filesystem::path folder =
      std::filesystem::path(given ? given : VARDBRON_SOURCE_DIR "/../shared/conformance") / "hl7v2";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << folder << " is not here";
  std::size_t count = 0, read = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    if (file.path().extension() != ".hl7") continue;
    std::ifstream stream(file.path(), std::ios::binary);
    const std::string body{std::istreambuf_iterator<char>(stream), {}};
    const std::string refused = refusal(body);
    EXPECT_EQ(refused, "accepted") << file.path();
    read += refused == "accepted" ? 1 : 0;
    ++count;
  }
  suite::print_line("HL7 v2, public messages read", read, count);
  EXPECT_GT(count, 0u);
}

}  // namespace
}  // namespace vardbron::hl7v2
