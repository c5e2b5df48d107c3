#include "gateway/fhir/builder.h"

#include "gateway/fhir/check.h"
#include "json_text.h"

#include <gtest/gtest.h>

namespace vardbron::fhir {
namespace {

TEST(Builder, TakesKindsAndListMarksFromTheDefinitions) {
  tree::Document task(r4().names());
  Builder b = build(r4(), task, "Task", "t1");
  b.set("status", "requested").set("intent", "order");
  b.identifier("identifier", "urn:x", "1").identifier("identifier", "urn:x", "2");
  b.codeable_concept("code", "http://a.se", "kalla", "Kalla till SIP");
  b.reference("owner", "Organization/1").reference("basedOn", "CarePlan/1");
  Builder input = b.add("input");
  input.set_at("type.text", "days");
  input.set("valueInteger", std::int64_t{3});
  b.extension("http://a.se/late").set("valueBoolean", true);

  EXPECT_EQ(to_json(task),
            "{'resourceType':'Task','id':'t1','status':'requested','intent':'order','identifier':[{'system':'urn:x','value':'1'},"
            "{'system':'urn:x','value':'2'}],'code':{'coding':[{'system':'http://a.se','code':'kalla'}],'text':'Kalla till SIP'},"
            "'owner':{'reference':'Organization/1'},'basedOn':[{'reference':'CarePlan/1'}],'input':[{'type':{'text':'days'},"
            "'valueInteger':3}],'extension':[{'url':'http://a.se/late','valueBoolean':true}]}");
  EXPECT_EQ(check(task, r4()), std::vector<Issue>{});
}

TEST(Builder, GivesAnElementThatStandsOnceItsNewValue) {
  tree::Document task(r4().names());
  Builder b = build(r4(), task, "Task");
  b.set("status", "requested").set("status", "accepted");
  set_version(b, "1", "2025-03-27T10:00:00Z");
  set_version(b, "2", "2025-03-28T10:00:00Z");
  EXPECT_EQ(to_json(task),
            "{'resourceType':'Task','status':'accepted','meta':{'versionId':'2','lastUpdated':'2025-03-28T10:00:00Z'}}");
}

TEST(Builder, WritesNothingForAnEmptyValue) {
  tree::Document patient(r4().names());
  build(r4(), patient, "Patient").set("gender", "").set_at("name.family", "");
  EXPECT_EQ(to_json(patient), "{'resourceType':'Patient'}");
}

TEST(Builder, GoesOnWithTheLastOfWhatRepeats) {
  tree::Document patient(r4().names());
  Builder b = build(r4(), patient, "Patient");
  b.set_at("name.family", "Berg").set_at("name.given", "Alva").set_at("name.given", "Kim");
  b.add("name").set("text", "Alva B");
  b.set_at("name.use", "usual");
  EXPECT_EQ(to_json(patient),
            "{'resourceType':'Patient','name':[{'family':'Berg','given':['Alva','Kim']},{'text':'Alva B','use':'usual'}]}");
}

TEST(Builder, PutsResourcesIntoABundle) {
  tree::Document bundle(r4().names());
  tree::Document other = from_json("{'resourceType':'Patient','id':'p'}");
  Builder b = build(r4(), bundle, "Bundle").set("type", "collection");
  b.add("entry").add_resource("resource", "Basic").set("id", "x");
  b.add("entry").copy("resource", other, 0);
  EXPECT_EQ(to_json(bundle),
            "{'resourceType':'Bundle','type':'collection','entry':[{'resource':{'resourceType':'Basic','id':'x'}},"
            "{'resource':{'resourceType':'Patient','id':'p'}}]}");
}

TEST(Builder, EditsWhatStandsThere) {
  tree::Document task = from_json("{'resourceType':'Task','status':'requested','intent':'order'}");
  edit(r4(), task).set("status", "accepted");
  EXPECT_EQ(to_json(task), "{'resourceType':'Task','status':'accepted','intent':'order'}");
}

TEST(BuilderDeathTest, StopsAtANameTheTypeDoesNotHave) {
  tree::Document task(r4().names());
  Builder b = build(r4(), task, "Task");
  EXPECT_DEATH(b.set("colour", "red"), "does not hold");
  EXPECT_DEATH(b.set("code", "red"), "does not hold");
  EXPECT_DEATH(b.add("status"), "does not hold");
}

}  // namespace
}  // namespace vardbron::fhir
