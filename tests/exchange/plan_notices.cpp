#include "tests/exchange/plan_notices.h"

#include "tests/exchange/notices.h"

namespace vardbron::exchange {

namespace {

const std::string url = "https://vardbron.example/fhir/StructureDefinition/";

std::string organisation(const std::string& hsa_id, const std::string& role) {
  return R"({"fullUrl":"urn:uuid:)" + hsa_id + R"(","resource":{"resourceType":"Organization",)" +
         R"("identifier":[{"system":"urn:oid:1.2.752.29.4.19","value":")" + hsa_id + R"("}],"type":[{"coding":[{)" +
         R"("system":"https://vardbron.example/fhir/CodeSystem/part-roll","code":")" + role + R"("}]}],"name":"Enheten )" +
         hsa_id + R"("}})";
}

}  // namespace

std::string APlanNotice::header() const {
  std::string text =
      R"({"fullUrl":"urn:uuid:header","resource":{"resourceType":"MessageHeader","extension":[{"url":")" + url +
      R"(event-time","valueDateTime":")" + time_ + R"("})" +
      (replaces_.empty()
           ? ""
           : R"(,{"url":")" + url + R"(replaces","valueIdentifier":{"system":"urn:test","value":")" + replaces_ + "\"}}") +
      R"(],"eventCoding":{"system":"https://vardbron.example/fhir/CodeSystem/notice-event","code":")" + event_ + "\"}";
  std::vector<std::string> receivers = receivers_;
  if (is_to_everybody_) receivers = {home_care, health_centre, hospital};
  std::string destinations;
  for (const std::string& receiver : receivers)
    if (sender_ != receiver)
      destinations += (destinations.empty() ? "" : ",") +
                      (R"({"endpoint":"urn:test","receiver":{"reference":"urn:uuid:)" + receiver + "\"}}");
  if (!destinations.empty()) text += R"(,"destination":[)" + destinations + "]";
  if (!acknowledged_.empty()) text += R"(,"response":{"identifier":")" + acknowledged_ + R"(","code":"ok"})";
  return text + R"(,"sender":{"reference":"urn:uuid:)" + sender_ + R"("},"source":{"endpoint":"urn:test"}}},)";
}

std::string APlanNotice::plan() const {
  std::string text = R"({"resource":{"resourceType":"CarePlan","status":"draft","intent":"plan",)"
                     R"("subject":{"reference":"urn:uuid:person"},"category":[{"coding":[{"code":")" +
                     kind_ + "\"}]}]";
  const std::string assigner = begun_by_.empty() ? "" : R"(,"assigner":{"reference":"urn:uuid:)" + begun_by_ + "\"}";
  if (case_.empty()) text += R"(,"identifier":[{"system":"urn:test:plans","value":"P-1")" + assigner + "}]";
  if (has_points_) {
    text += R"(,"description":"Vård i hemmet","extension":[{"url":")" + url + R"(ingen-annan-atgard","valueBoolean":true})" +
            (decision_.empty() ? "]" : R"(,{"url":")" + url + R"(beslut-om-insatser","valueString":")" + decision_ + "\"}]");
    if (has_main_responsible_) text += R"(,"author":{"reference":"urn:uuid:)" + std::string(health_centre) + "\"}";
  }
  text += "}}";
  if (has_points_)
    text += R"(,{"resource":{"resourceType":"Task","status":"requested","intent":"order","identifier":[{"value":"a1"}],)"
            R"("description":")" +
            insats_ + R"(","owner":{"reference":"urn:uuid:)" + std::string(home_care) +
            R"("},"restriction":{"period":{"end":"2026-04-30"}}}},{"resource":{"resourceType":"Task","status":"requested",)"
            R"("intent":"order","code":{"coding":[{"system":"https://vardbron.example/fhir/CodeSystem/uppgift",)"
            R"("code":"folj-upp-sip"}]},"description":"telefon","restriction":{"period":{"end":"2026-05-04"}}}},)"
            R"({"resource":{"resourceType":"Goal","lifecycleStatus":"active","description":{"text":"Bo hemma"},)"
            R"("subject":{"reference":"urn:uuid:person"}}})";
  if (!meeting_.empty())
    text += R"(,{"resource":{"resourceType":"Appointment","status":"booked","start":")" + meeting_ +
            R"(","extension":[{"url":")" + url + R"(videolank","valueUrl":"https://video.example/sip"}]}})";
  if (!answer_.empty())
    text += R"(,{"resource":{"resourceType":"Appointment","status":"booked","participant":[{"actor":{"reference":"urn:uuid:)" +
            sender_ + R"("},"status":")" + answer_ + R"("}]}})";
  return text;
}

std::string APlanNotice::json() const {
  std::string text = R"({"resourceType":"Bundle","identifier":{"system":"urn:test","value":")" + id_ +
                     R"("},"type":"message","timestamp":")" + time_ + R"(","entry":[)" + header() +
                     R"({"fullUrl":"urn:uuid:person","resource":{"resourceType":"Patient","identifier":[{)"
                     R"("system":"http://electronichealth.se/identifier/personnummer","value":")" +
                     person_ + "\"}]}},";
  if (!case_.empty())
    text +=
        R"({"fullUrl":"urn:uuid:stay","resource":{"resourceType":"Encounter","identifier":[{"system":"urn:test:cases","value":")" +
        case_ + R"("}],"status":"in-progress","class":{"code":"IMP"},"subject":{"reference":"urn:uuid:person"}}},)";
  text += organisation(home_care, "kommunal-hsv") + "," + organisation(health_centre, "oppenvard") + "," +
          organisation(hospital, "sluten-vard") + "," + organisation("SE2120990011-SOC1", "socialtjanst") + "," +
          organisation("SE2120001000-H001", "kommunal-hsv");
  if (event_ != "consent" || consent_unit_.empty() || case_.empty()) text += "," + plan();
  if (!consent_.empty()) {
    text +=
        R"(,{"resource":{"resourceType":"Consent","status":")" + consent_ +
        R"(","category":[{"coding":[{"system":"https://vardbron.example/fhir/CodeSystem/samtycke-omfattning","code":"sip"}]}])";
    if (!consent_unit_.empty())
      text += R"(,"provision":{"actor":[{"reference":{"reference":"urn:uuid:)" + consent_unit_ + "\"}}]}";
    text += "}}";
  }
  return text + "]}";
}

}  // namespace vardbron::exchange
