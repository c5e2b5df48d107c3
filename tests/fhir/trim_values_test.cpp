#include "gateway/fhir/trim_values.h"

#include "json_text.h"

#include <gtest/gtest.h>

namespace vardbron::fhir {
namespace {

TEST(TrimValues, TakesBlanksFromAroundAllValuesButTexts) {
  tree::Document document = from_json(
      "{'resourceType':'Bundle','type':' message ','entry':[{'fullUrl':' urn:uuid:1 ','resource':{'resourceType':'Patient',"
      "'extension':[{'url':' http://a.se ','valueCode':'\\n0880 '}],'name':[{'family':' Berg '}],'gender':'female ','birthDate':"
      "' 1950-09-07','_birthDate':{'extension':[{'url':'http://b.se','valueUri':' urn:x '}]}}}]}");
  trim_values(document, r4());
  EXPECT_EQ(to_json(document),
            "{'resourceType':'Bundle','type':'message','entry':[{'fullUrl':'urn:uuid:1','resource':{'resourceType':'Patient',"
            "'extension':[{'url':'http://a.se','valueCode':'0880'}],'name':[{'family':' Berg '}],'gender':'female','birthDate':"
            "'1950-09-07','_birthDate':{'extension':[{'url':'http://b.se','valueUri':'urn:x'}]}}}]}");
}

TEST(TrimValues, LeavesWhatItDoesNotKnowAlone) {
  tree::Document document = from_json("{'resourceType':'Nothing','code':' x ','entry':[{'fullUrl':' y '}]}");
  trim_values(document, r4());
  EXPECT_EQ(to_json(document), "{'resourceType':'Nothing','code':' x ','entry':[{'fullUrl':' y '}]}");
}

}  // namespace
}  // namespace vardbron::fhir
