#include "tests/exchange/notices.h"

namespace vardbron::exchange {

namespace {

std::string organisation(const std::string& uuid, const std::string& hsa_id, const std::string& name, const std::string& role) {
  return R"({"fullUrl":"urn:uuid:)" + uuid + R"(","resource":{"resourceType":"Organization","id":")" + uuid +
         R"(","identifier":[{"system":"urn:oid:1.2.752.29.4.19","value":")" + hsa_id + R"("}],"type":[{"coding":[{)" +
         R"("system":"https://vardbron.example/fhir/CodeSystem/part-roll","code":")" + role + R"("}]}],"name":")" + name +
         R"("}})";
}

constexpr const char* sender_id = "00000000-0000-5000-8000-0000000000a1";
constexpr const char* home_care_id = "00000000-0000-5000-8000-0000000000a2";
constexpr const char* health_centre_id = "00000000-0000-5000-8000-0000000000a3";

}  // namespace

std::string ANotice::header() const {
  const std::string url = "https://vardbron.example/fhir/StructureDefinition/";
  std::string text = R"({"resourceType":"MessageHeader","id":"00000000-0000-5000-8000-0000000000b1","extension":[{"url":")" +
                     url + R"(event-time","valueDateTime":")" + time_ + "\"}";
  if (!replaces_.empty()) {
    text += R"(,{"url":")" + url + R"(replaces","valueIdentifier":{"system":"urn:test","value":")" + replaces_ + "\"}}";
  }
  if (!corrected_.empty()) text += R"(,{"url":")" + url + R"(corrected-event","valueCode":")" + corrected_ + "\"}";
  text += R"(],"eventCoding":{"system":"https://vardbron.example/fhir/CodeSystem/notice-event","code":")" + event_ + "\"}";
  const char* by = sender_ == home_care ? home_care_id : sender_ == health_centre ? health_centre_id : sender_id;
  const bool is_for_nobody = is_by_party() || !replaced_number_.empty();
  for (const char* receiver : {home_care_id, health_centre_id}) {
    if (is_for_nobody) break;
    if (is_to_health_centre_ && receiver == home_care_id) continue;
    text += receiver == home_care_id || is_to_health_centre_ ? R"(,"destination":[)" : ",";
    text += R"({"endpoint":"urn:test:)" + std::string(receiver) + R"(","receiver":{"reference":"urn:uuid:)" + receiver + "\"}}";
  }
  if (!is_for_nobody) text += "]";
  text += R"(,"sender":{"reference":"urn:uuid:)" + std::string(by) + R"("},"source":{"endpoint":"urn:test:hospital"})";
  if (!reason_.empty()) text += R"(,"reason":{"text":")" + reason_ + "\"}";
  return text + R"(,"focus":[{"reference":"urn:uuid:00000000-0000-5000-8000-0000000000b3"}]})";
}

std::string ANotice::patient() const {
  std::string text = R"({"resourceType":"Patient","id":"00000000-0000-5000-8000-0000000000b2",)";
  if (is_protected_)
    text += R"("meta":{"security":[{"system":"https://vardbron.example/fhir/CodeSystem/skydd","code":"sekretessmarkering"}]},)";
  if (!kommun_.empty())
    text +=
        R"("extension":[{"url":"https://vardbron.example/fhir/StructureDefinition/kommun","valueCode":")" + kommun_ + R"("}],)";
  return text + R"("identifier":[{"system":")" + number_system_ + R"(","value":")" + number_ +
         (other_number_.empty() ? "\"}" : R"("},{"system":")" + number_system_ + R"(","value":")" + other_number_ + "\"}") +
         "]," +
         (replaced_number_.empty() ? ""
                                   : R"("link":[{"other":{"identifier":{"system":")" + replaced_system_ + R"(","value":")" +
                                         replaced_number_ + R"("}},"type":"replaces"}],)") +
         R"("name":[{"family":"Exempelsson","given":["Astrid"]}],"gender":"female")" +
         (has_address_ ? R"(,"address":[{"line":["Provgatan 3"],"city":"Exempelstad"}]})" : "}");
}

std::string ANotice::encounter() const {
  std::string text =
      R"({"resourceType":"Encounter","id":"00000000-0000-5000-8000-0000000000b3","extension":[{)"
      R"("url":"https://vardbron.example/fhir/StructureDefinition/beraknad-utskrivning","valueDate":"2026-03-13"})";
  if (!is_sip_due_)
    text += R"(,{"url":"https://vardbron.example/fhir/StructureDefinition/sip-ska-genomforas","valueBoolean":false})";
  text += R"(],"identifier":[{"system":")" + case_system_ + R"(","value":")" + case_ + R"("}],"status":")" + status_ + "\"";
  if (has_class_) text += R"(,"class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"IMP"})";
  text += R"(,"subject":{"reference":"urn:uuid:00000000-0000-5000-8000-0000000000b2"},"period":{"start":")" + admitted_ + "\"";
  if (event_ == "discharge") text += R"(,"end":")" + time_ + "\"";
  return text + R"(},"serviceProvider":{"reference":"urn:uuid:)" + std::string(sender_id) + "\"}}";
}

bool ANotice::is_by_party() const { return sender_ == health_centre || sender_.starts_with("SE2120"); }

std::string ANotice::contact() const {
  if (contact_.empty()) return {};
  return R"({"fullUrl":"urn:uuid:00000000-0000-5000-8000-0000000000c1","resource":{"resourceType":"Practitioner",)"
         R"("id":"00000000-0000-5000-8000-0000000000c1","name":[{"text":")" +
         contact_ + R"("}]}},)";
}

std::string ANotice::json() const {
  const bool is_receiver = sender_ == home_care || sender_ == health_centre;
  return R"({"resourceType":"Bundle","id":"00000000-0000-5000-8000-0000000000b0","identifier":{"system":"urn:test","value":")" +
         id_ +
         R"("},"type":"message","timestamp":"2026-03-10T09:12:00+01:00","entry":[)"
         R"({"fullUrl":"urn:uuid:00000000-0000-5000-8000-0000000000b1","resource":)" +
         header() + R"(},{"fullUrl":"urn:uuid:00000000-0000-5000-8000-0000000000b2","resource":)" + patient() + "}," +
         (replaced_number_.empty()
              ? R"({"fullUrl":"urn:uuid:00000000-0000-5000-8000-0000000000b3","resource":)" + encounter() + "},"
              : std::string()) +
         contact() +
         organisation(sender_id, is_receiver ? hospital : sender_, "Medicinavdelning 5",
                      is_by_party() && !is_receiver ? "kommunal-hsv" : "sluten-vard") +
         "," + organisation(home_care_id, home_care, "Hemsjukvården", "kommunal-hsv") + "," +
         organisation(health_centre_id, health_centre, "Vårdcentralen Linden", "oppenvard") + "]}";
}

}  // namespace vardbron::exchange
