#include "gateway/fhir/v2_conversion.h"

#include "gateway/base/limits.h"
#include "gateway/base/random.h"
#include "gateway/fhir/v2_names.h"
#include "gateway/formats/hl7v2/parse.h"
#include "gateway/formats/json/parse.h"
#include "gateway/tree/path.h"
#include "gateway/tree/walk.h"
#include "r4.h"
#include "tests/sim/seeds.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace vardbron::fhir {
namespace {

using tree::Document;
using tree::Kind;

Document shaped(const std::string& type, const std::string& segments, tree::Notes* notes = nullptr) {
  const std::string body = "MSH|^~\\&|A||||20261122||" + type + "|1|P|2.5.1\r" + segments;
  Result<Document> message = hl7v2::parse(body, r4().names(), {.positions = true});
  CHECK(message);
  Result<Document> made = from_v2(*message, r4(), notes);
  if (made) return *std::move(made);
  ADD_FAILURE() << made.failure().says;
  return Document(r4().names());
}

std::string text_at(const Document& document, std::string_view path) {
  const tree::NodeId node = find(document, path);
  if (node == tree::no_node) return "(none)";
  return document.kind(node) == Kind::Null ? "(null)" : std::string(document.text(node));
}

/// The order and nesting of segments: "MSH PID PROCEDURE(PR1 ROL)".
std::string outline(tree::Item node) {
  std::string made;
  for (tree::Item child = node.first_child(); child; child = child.next()) {
    const bool is_group = child.name_text().size() > 3;
    made += (made.empty() ? "" : " ") + std::string(child.name_text());
    if (is_group) made += "(" + outline(child) + ")";
  }
  return made;
}

std::string with_ends(std::string segments) {
  for (char& letter : segments) {
    if (letter == ' ') letter = '\r';
  }
  return segments;
}

struct Structure {
  const char* type;
  const char* sent;  ///< after MSH
  const char* made;
  std::size_t notes = 0;
};

class V2Structure : public testing::TestWithParam<Structure> {};

TEST_P(V2Structure, PutsSegmentsIntoTheirGroups) {
  tree::Notes notes;
  const Document document = shaped(GetParam().type, with_ends(GetParam().sent), &notes);

  EXPECT_EQ(outline(tree::root(document)), GetParam().made);
  EXPECT_EQ(notes.size(), GetParam().notes) << (notes.empty() ? "" : notes[0].says);
}

INSTANTIATE_TEST_SUITE_P(
    AsTheStandardSays, V2Structure,
    testing::Values(Structure{"ADT^A01^ADT_A01", "EVN PID PV1", "MSH EVN PID PV1"},
                    Structure{"ADT^A01^ADT_A01", "EVN PID PV1 DG1 DG1 PR1 ROL PR1 IN1 IN2 IN1",
                              "MSH EVN PID PV1 DG1 DG1 PROCEDURE(PR1 ROL) PROCEDURE(PR1) INSURANCE(IN1 IN2) INSURANCE(IN1)"},
                    Structure{"ADT^A40^ADT_A39", "EVN PID MRG PID MRG PV1", "MSH EVN PATIENT(PID MRG) PATIENT(PID MRG PV1)"},
                    Structure{
                        "ORU^R01^ORU_R01", "PID PV1 OBR OBX NTE OBX OBR OBX",
                        "MSH PATIENT_RESULT(PATIENT(PID VISIT(PV1)) ORDER_OBSERVATION(OBR OBSERVATION(OBX NTE) OBSERVATION(OBX)) "
                        "ORDER_OBSERVATION(OBR OBSERVATION(OBX)))"},
                    Structure{"ORU^R01^ORU_R01", "ORC OBR ORC OBR PID OBR",
                              "MSH PATIENT_RESULT(ORDER_OBSERVATION(ORC OBR) ORDER_OBSERVATION(ORC OBR)) "
                              "PATIENT_RESULT(PATIENT(PID) ORDER_OBSERVATION(OBR))"},
                    Structure{"ADT^A01^ADT_A01", "EVN PID PV1 ROL", "MSH EVN PID PV1 ROL"}));

INSTANTIATE_TEST_SUITE_P(ByItsEventWhenNoStructureIsNamed, V2Structure,
                         testing::Values(Structure{"ADT^A04", "EVN PID PV1 PR1", "MSH EVN PID PV1 PROCEDURE(PR1)"},
                                         Structure{"ACK", "MSA ERR", "MSH MSA ERR"},
                                         Structure{"ADT^A01^NONE_SUCH", "EVN PID PV1 PR1", "MSH EVN PID PV1 PROCEDURE(PR1)"}));

INSTANTIATE_TEST_SUITE_P(
    Lenient, V2Structure,
    testing::Values(Structure{"ADT^A01^ADT_A01", "PV2 EVN PV1 PID", "MSH PV2 EVN PV1 PID", 3},
                    Structure{"ADT^A01^ADT_A01", "EVN PID PV1 PR1 OBX PR1", "MSH EVN PID PV1 PROCEDURE(PR1) OBX PROCEDURE(PR1)"},
                    Structure{"ADT^A01^ADT_A01", "EVN PID PID PV1", "MSH EVN PID PID PV1", 1},
                    Structure{"ADT^A01^ADT_A01", "EVN PID PV1 IN2", "MSH EVN PID PV1 INSURANCE(IN2)"},
                    Structure{"ADT^A01^ADT_A01", "EVN PID PV1 IN1 TXA PDA", "MSH EVN PID PV1 INSURANCE(IN1 TXA) PDA", 1},
                    Structure{"ADT^A01^ADT_A01", "EVN PID ZPI PV1 PR1 ZPR ROL", "MSH EVN PID ZPI PV1 PROCEDURE(PR1 ZPR ROL)"},
                    Structure{"QQQ^Q99", "PID ZZZ PV1", "MSH PID ZZZ PV1", 1}));

TEST(V2Shape, NamesTheMessageByItsStructure) {
  const Document document = shaped("ADT^A04", "PID|1\r");

  EXPECT_EQ(document.name_text(document.name(0)), "ADT_A04");
}

TEST(V2Shape, GivesAFieldTheFormOfItsTypeHoweverLittleWasSent) {
  const Document document = shaped("ADT^A01^ADT_A01", "PID|0001||195009072553||Berg|||F^x\rPV1|1|I|MED5|||||||||||||||||4711\r");

  EXPECT_EQ(text_at(document, "PID.f3[0].c1"), "195009072553");
  EXPECT_EQ(text_at(document, "PID.f5[0].c1.s1"), "Berg");
  EXPECT_EQ(text_at(document, "PV1.f3.c1"), "MED5");
  // A plain field with components: the value is the first, none is lost.
  EXPECT_EQ(text_at(document, "PID.f8"), "F");
  EXPECT_EQ(text_at(document, "PID.f8.c2"), "x");
  EXPECT_EQ(text_at(document, "PID.f1"), "1");
  EXPECT_EQ(document.kind(find(document, "PID.f1")), Kind::Number);
  EXPECT_TRUE(document.in_list(find(document, "PID.f3[0]")));
  EXPECT_FALSE(document.in_list(find(document, "PID.f8")));
}

TEST(V2Shape, WritesTimesAsFhirDoes) {
  const Document document =
      shaped("ADT^A01^ADT_A01", "EVN||202611221015+0100\rPID|||||||19500907000000^D\rPV2||||||||20261130\r");

  EXPECT_EQ(text_at(document, "EVN.f2"), "2026-11-22T10:15:00+01:00");
  // The second component is the degree of precision.
  EXPECT_EQ(text_at(document, "PID.f7"), "1950-09-07");
  EXPECT_EQ(text_at(document, "PV2.f8"), "2026-11-30");
  EXPECT_EQ(text_at(document, "MSH.f7"), "2026-11-22");
}

// Once lost silently: PID-7 of 19500900.
TEST(V2Shape, DoubtsADateThatIsNoneAndNamesItsPlace) {
  tree::Notes notes;
  const Document document =
      shaped("ADT^A01^ADT_A01", "EVN||202611221015\rPID|||||||19500900|||^^^^^^^^^^^200101&x\rPV1|||||||||||||||||||||||||abc\r",
             &notes);

  EXPECT_EQ(text_at(document, "PID.f7"), "1950-09");
  ASSERT_EQ(notes.size(), 2u);
  EXPECT_TRUE(notes[0].is_doubt);
  EXPECT_EQ(notes[0].says, "PID-7 in line 3: its day is 00, so year and month were kept. Its shape is 99999999.");
  EXPECT_EQ(notes[0].node, find(document, "PID.f7"));
  EXPECT_EQ(notes[1].says,
            "PV1-25 in line 4: it is no date or time (YYYYMMDD, then HHMM or HHMMSS) and cannot be read. Its shape is aaa.");
}

Definitions with_own_segments(const std::string& elements) {
  const std::string model =
      R"({"resourceType":"StructureDefinition","url":"http://test/Own","name":"Own","kind":"logical","type":"http://test/Own",)"
      R"("baseDefinition":"https://vardbron.example/v2/ADT_A01","derivation":"specialization","differential":{"element":[{"path":"Own"})" +
      elements + "]}}";
  Result<Document> document = json::parse(model, r4().names());
  CHECK(document);
  Result<Definitions> made = r4().with_models({&*document, 1});
  CHECK(made);
  return *std::move(made);
}

std::string own_segment(const std::string& name, const std::string& more = "") {
  return R"(,{"extension":[{"url":"http://x/v2-of-message","valueBoolean":true}],"path":"Own.)" + name + R"(","max":"*")" + more +
         "}";
}

// Once the receiver was lost if its ROL followed a PR1.
TEST(V2Shape, KeepsTheMessagesOwnSegmentsAtItsRootWhereverTheyStand) {
  const Definitions definitions =
      with_own_segments(own_segment("ROL") + own_segment("ZBE", R"(,"type":[{"code":"https://vardbron.example/v2/Segment"}])"));
  const TypeId model = definitions.find_type("http://test/Own");
  for (const Structure& each :
       {Structure{"ADT^A01^ADT_A01", "EVN PID PV1 PR1 ROL ZBE", "MSH EVN PID PV1 PROCEDURE(PR1) ROL ZBE"},
        Structure{"ADT^A01^ADT_A01", "EVN PID PV1 IN1 ROL IN2 ZBE", "MSH EVN PID PV1 INSURANCE(IN1 IN2) ROL ZBE"},
        Structure{"ADT^A01^ADT_A01", "ROL EVN ZBE PID", "MSH ROL EVN ZBE PID"},
        Structure{"ADT^A01^ADT_A01", "PR1 ZPR ROL ROL PR1", "MSH PROCEDURE(PR1 ZPR) ROL ROL PROCEDURE(PR1)"},
        Structure{"ADT^A40^ADT_A39", "EVN PID MRG ROL ZBE", "MSH EVN PATIENT(PID MRG) ROL ZBE"},
        Structure{"QQQ^Q99", "PID ROL ZBE", "MSH PID ROL ZBE"}}) {
    Result<Document> message = hl7v2::parse(
        "MSH|^~\\&|A||||20261122||" + std::string(each.type) + "|1|P|2.5.1\r" + with_ends(each.sent), definitions.names());
    ASSERT_TRUE(message);

    Result<Document> made = from_v2(*message, definitions, nullptr, model);

    ASSERT_TRUE(made);
    // The tree's order: if the message returns to a group, its segments are together.
    EXPECT_EQ(outline(tree::root(*made)), each.made) << each.sent;
  }
}

TEST(V2Shape, KeepsNullAndPlaces) {
  const Document document = shaped("ADT^A01^ADT_A01", "EVN|A01\rPID|1||\"\"~2|||||\"\"\r");

  EXPECT_EQ(text_at(document, "PID.f3[0]"), "(null)");
  EXPECT_EQ(text_at(document, "PID.f8"), "(null)");
  EXPECT_EQ(to_string(document.position(find(document, "PID.f3[1]"))), "3:11");
  EXPECT_EQ(to_string(document.position(find(document, "PID"))), "3:1");
}

TEST(V2Shape, HasNoValueWhereThePartsOfAPlainFieldBeginWithNothing) {
  const Document document = shaped("ADT^A01^ADT_A01", "PID|||||||^D~\\&x\r");

  EXPECT_EQ(text_at(document, "PID.f7[0]"), "(null)");
  EXPECT_EQ(text_at(document, "PID.f7[0].c2"), "D");
}

TEST(V2Shape, GivesWhatNoDictionaryKnowsTheTypesOfAnything) {
  const Document document =
      shaped("ADT^A01^ADT_A01", "PID|1\rZBE|4711|a^b~c&d\rPV1||||||||||||||||||||||||||||||||||||||||||||||||||||||||||||x\r");

  EXPECT_EQ(text_at(document, "ZBE.f1[0].c1"), "4711");
  EXPECT_EQ(text_at(document, "ZBE.f2[0].c2"), "b");
  EXPECT_EQ(text_at(document, "ZBE.f2[1].c1"), "c");
  EXPECT_EQ(text_at(document, "ZBE.f2[1].c1.s2"), "d");
  EXPECT_EQ(text_at(document, "PV1.f60[0].c1"), "x");
}

TEST(V2Shape, RefusesAMessageThatDoesNotSayWhatItIs) {
  Result<Document> message = hl7v2::parse("MSH|^~\\&|A||||20261122|||1\rPID|1\r", r4().names());
  ASSERT_TRUE(message);

  Result<Document> made = from_v2(*message, r4());

  ASSERT_FALSE(made);
  EXPECT_EQ(made.failure().where, "MSH.f9");
}

TEST(V2Shape, DoesNotNoteEveryOneOfAThousandStrays) {
  std::string segments;
  for (int count = 0; count < 1000; ++count) segments += "TXA|1\r";
  tree::Notes notes;

  const Document document = shaped("ADT^A01^ADT_A01", segments, &notes);

  EXPECT_EQ(notes.size(), limits::tolerated_notes_max);
  EXPECT_NE(find(document, "TXA[999]"), tree::no_node);
}

TEST(V2Shape, LosesNoText) {
  const std::string sent = "EVN|e1\rPID|p1||p2^^^p3&p4~p5||p6\rPR1|r1\rZ99|z1^z2&z3\rTXA|t1\rPID|q1\rIN2|i1^i2^i3\r";
  const Document document = shaped("ADT^A01^ADT_A01", sent);
  std::vector<std::string> texts;
  for (tree::Walk walk(document, 0); walk.node() != tree::no_node; walk.advance()) texts.emplace_back(document.text(walk.node()));

  for (const char* text : {"e1", "p1", "p2", "p3", "p4", "p5", "p6", "r1", "z1", "z2", "z3", "t1", "q1", "i1", "i2", "i3"})
    EXPECT_NE(std::find(texts.begin(), texts.end(), text), texts.end()) << text;
}

// --- random walk: a message generated from its structure is parsed to it ---

class MadeMessage {
 public:
  MadeMessage(std::string_view structure, std::uint64_t seed) : random_(seed) {
    outline_ = group(r4().find_type(v2::canonical(structure)));
  }
  const std::string& segments() const { return segments_; }
  const std::string& outline() const { return outline_; }

 private:
  std::string group(TypeId type) {
    std::string made;
    for (const Element& element : r4().elements(type)) {
      const TypeId child = r4().types(element).front().type;
      const std::string name(r4().names().text(element.name));
      const bool is_group = r4().kind(child) == TypeKind::Backbone;
      // Two repetitions of a group without a distinguishing segment could be read as one.
      std::uint64_t count = element.max == 1 ? 1 : element.min + random_.below(3);
      if (!is_group && element.max == 1 && element.min == 0) count = random_.below(2);
      for (; count > 0; --count) {
        made += made.empty() ? "" : " ";
        if (is_group) {
          made += name + "(";
          made += group(child) + ")";
        } else {
          made += name;
          if (name != "MSH") segments_ += name + "|1\r";
        }
      }
    }
    return made;
  }

  SeededRandom random_;
  std::string segments_, outline_;
};

TEST(V2Shape, ReadsAMessageAsWhatItWasMadeOf) {
  for (const char* structure : {"ADT_A01", "ADT_A03", "ADT_A09", "ADT_A39", "ORU_R01", "SIU_S12", "MDM_T02"}) {
    sim::for_each_seed(50, [&](std::uint64_t seed) {
      const MadeMessage made(structure, seed);

      tree::Notes notes;
      const Document document = shaped(std::string("X^Y^") + structure, made.segments(), &notes);

      EXPECT_EQ(outline(tree::root(document)), made.outline()) << structure;
      EXPECT_TRUE(std::all_of(notes.begin(), notes.end(), [](const tree::Note& each) { return each.is_doubt; })) << structure;
    });
  }
}

TEST(V2Models, SayWhatASegmentAndATypeHold) {
  const TypeId pid = r4().find_type(v2::canonical("PID"));
  const Step name = r4().step(pid, r4().names().find("f5"));
  ASSERT_TRUE(name);

  EXPECT_EQ(r4().kind(pid), TypeKind::Logical);
  EXPECT_EQ(r4().name(name.type), "XPN");
  EXPECT_EQ(name.element->max, 0xFFFF);
  EXPECT_EQ(name.element->min, 1);
  EXPECT_EQ(r4().name(r4().step(name.type, r4().names().find("c1")).type), "FN-part");
  EXPECT_EQ(r4().name(r4().step(pid, r4().names().find("f7")).type), "dateTime");
  EXPECT_EQ(r4().name(r4().step(r4().find_type(v2::canonical("OBX")), r4().names().find("f5")).type), "Varies");
}

TEST(V2Models, AppendWhatLaterVersionsAppended) {
  const auto has = [](std::string_view type, std::string_view element) {
    return bool(r4().step(r4().find_type(v2::canonical(type)), r4().names().find(element)));
  };
  EXPECT_TRUE(has("PV1", "f54"));  // 2.7
  EXPECT_TRUE(has("CWE", "c22"));  // 2.7.1
  EXPECT_TRUE(has("PRT", "f1"));   // a segment of 2.7
  EXPECT_TRUE(has("PID", "f2"));   // withdrawn in 2.7, in use
  EXPECT_TRUE(has("ADT_A01", "PV1"));
  EXPECT_FALSE(has("ADT_A01", "PRT"));
}

TEST(V2Models, NameEveryTypeTheyUse) {
  std::size_t count = 0;
  for (const TypeId type : r4().all_types()) {
    if (!r4().canonical(type).starts_with(v2::base_url)) continue;
    ++count;
    for (const Element& element : r4().elements(type)) EXPECT_FALSE(r4().types(element).empty()) << r4().text(element.path);
  }
  EXPECT_GT(count, 500u);
}

// An integrator's own Z-segment: a model derived from the message's.
TEST(V2Models, CanBeExtendedByAModelOfOnesOwn) {
  Result<Document> model = json::parse(
      R"({"resourceType":"StructureDefinition","url":"https://example.org/OurA01","name":"OurA01","kind":"logical","abstract":false,)"
      R"("type":"https://example.org/OurA01","baseDefinition":"https://vardbron.example/v2/ADT_A01","derivation":"specialization",)"
      R"("differential":{"element":[{"id":"OurA01","path":"OurA01"},)"
      R"({"id":"OurA01.ZBE","path":"OurA01.ZBE","min":0,"max":"*","type":[{"code":"https://vardbron.example/v2/Segment"}]}]}})",
      r4().names());
  ASSERT_TRUE(model) << model.failure().says;

  Result<Definitions> extended = r4().with_models({&*model, 1});

  ASSERT_TRUE(extended) << extended.failure().says;
  const TypeId own = extended->find_type("https://example.org/OurA01");
  EXPECT_TRUE(extended->step(own, extended->names().find("ZBE")));
  EXPECT_TRUE(extended->step(own, extended->names().find("PID")));
}

}  // namespace
}  // namespace vardbron::fhir
