#include "gateway/fhir/bundle.h"

#include "json_text.h"

#include <gtest/gtest.h>

namespace vardbron::fhir {
namespace {

tree::Document a_message() {
  return from_json(
      "{'resourceType':'Bundle','type':'message','entry':["
      "{'fullUrl':'urn:uuid:1','resource':{'resourceType':'MessageHeader','id':'1','focus':[{'reference':'urn:uuid:2'}]}},"
      "{'fullUrl':'urn:uuid:2','resource':{'resourceType':'Encounter','id':'2','contained':[{'resourceType':'Location','id':'"
      "here'}],"
      "'subject':{'reference':'Patient/3'}}},"
      "{'fullUrl':'https://a.se/fhir/Patient/3','resource':{'resourceType':'Patient','id':'3',"
      "'managingOrganization':{'reference':'Organization/4'}}},"
      "{'fullUrl':'https://a.se/fhir/Organization/4','resource':{'resourceType':'Organization','id':'4'}},"
      "{'fullUrl':'https://b.se/fhir/Organization/5','resource':{'resourceType':'Organization','id':'5'}},"
      "{'resource':{'resourceType':'Organization','id':'6'}}]}");
}

std::string name_of(tree::Item resource) {
  return resource ? std::string(resource.text_of("resourceType")) + " " + std::string(resource.text_of("id")) : "none";
}

TEST(BundleIndex, ResolvesWhatAReferenceSays) {
  tree::Document document = a_message();
  BundleIndex index(root(document));
  tree::Item encounter = index.first("Encounter"), patient = index.first("Patient");
  struct Row {
    tree::Item from;
    std::string_view reference, expected;
  };
  for (const Row& row :
       {Row{encounter, "urn:uuid:1", "MessageHeader 1"}, Row{encounter, "Patient/3", "Patient 3"},
        Row{encounter, "https://a.se/fhir/Patient/3/_history/7", "Patient 3"}, Row{encounter, "#here", "Location here"},
        Row{encounter, "#there", "none"}, Row{encounter, "#", "Encounter 2"}, Row{patient, "Organization/4", "Organization 4"},
        // The patient's own base is a.se: resources at b.se are different ones.
        Row{patient, "Organization/5", "none"}, Row{patient, "https://b.se/fhir/Organization/5", "Organization 5"},
        Row{encounter, "Organization/6", "Organization 6"}, Row{encounter, "", "none"}, Row{encounter, "Group/1", "none"}})
    EXPECT_EQ(name_of(index.resolve(row.reference, row.from)), row.expected) << row.reference;
}

TEST(BundleIndex, ListsResourcesByType) {
  tree::Document document = a_message();
  BundleIndex index(root(document));
  EXPECT_EQ(index.entries().size(), 6u);
  EXPECT_EQ(index.all("Organization").size(), 3u);
  EXPECT_FALSE(index.first("Task"));
  EXPECT_EQ(name_of(index.resolve(index.first("Encounter").child("subject"), index.first("Encounter"))), "Patient 3");
}

TEST(Message, IsABundleThatBeginsWithAMessageHeader) {
  tree::Document message = a_message();
  EXPECT_TRUE(is_message(root(message)));
  EXPECT_EQ(name_of(message_header(root(message))), "MessageHeader 1");
  for (std::string text : {"{'resourceType':'Bundle','type':'message'}", "{'resourceType':'Patient'}",
                           "{'resourceType':'Bundle','type':'batch','entry':[{'resource':{'resourceType':'MessageHeader'}}]}",
                           "{'resourceType':'Bundle','type':'message','entry':[{'resource':{'resourceType':'Patient'}}]}"}) {
    tree::Document other = from_json(text);
    EXPECT_FALSE(is_message(root(other))) << text;
  }
}

}  // namespace
}  // namespace vardbron::fhir
