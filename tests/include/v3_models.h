#pragma once

#include <sstream>
#include <string>
#include <string_view>
#include <vector>

/// A few invented logical models in the shapes of HL7 v3: attributes, texts between elements, types by xsi:type, a second
/// namespace, other names in XML, groups without an element.
namespace vardbron {

inline std::string v3_url(std::string_view name) { return "http://v3.example/StructureDefinition/" + std::string(name); }

/// One element of a line "name min..max type,type words": words are representations, `group`, `ns=` and `name=`.
inline std::string v3_element(const std::string& root, const std::string& line) {
  std::istringstream words(line);
  std::string name, bounds, types, word, representations, extensions;
  words >> name >> bounds >> types;
  const auto add = [](std::string& list, const std::string& item) { list += (list.empty() ? "" : ",") + item; };
  while (words >> word) {
    if (word == "group")
      add(extensions, R"({"url":"http://hl7.org/fhir/tools/StructureDefinition/xml-choice-group","valueBoolean":true})");
    else if (word.starts_with("ns="))
      add(extensions, R"({"url":"http://hl7.org/fhir/StructureDefinition/elementdefinition-namespace","valueUri":")" +
                          word.substr(3) + "\"}");
    else if (word.starts_with("name="))
      add(extensions, R"({"url":"http://hl7.org/fhir/StructureDefinition/elementdefinition-xml-name","valueString":")" +
                          word.substr(5) + "\"}");
    else
      add(representations, "\"" + word + "\"");
  }
  std::string codes, code;
  for (std::istringstream list(types); std::getline(list, code, ',');) {
    const bool is_fhirs = code[0] >= 'a' && code[0] <= 'z';
    add(codes, R"({"code":")" +
                   (is_fhirs         ? code
                    : code == "Base" ? "http://hl7.org/fhir/StructureDefinition/Base"
                                     : v3_url(code)) +
                   "\"}");
  }
  const auto listed = [](const std::string& key, const std::string& items) {
    return items.empty() ? std::string() : ",\"" + key + "\":[" + items + "]";
  };
  const std::string path = root + "." + name;
  return R"(,{"id":")" + path + R"(","path":")" + path + R"(","min":)" + bounds.substr(0, 1) + R"(,"max":")" + bounds.substr(3) +
         "\"" + listed("representation", representations) + listed("extension", extensions) + listed("type", codes) + "}";
}

struct V3Model {
  const char *name, *base;
  std::vector<std::string> elements;
  const char* root = nullptr;      // of the paths, where it is not the name
  const char* xml_name = nullptr;  // of an instance
};

inline std::string v3_model(const V3Model& model) {
  const std::string root = model.root == nullptr ? model.name : model.root;
  std::string elements = R"({"id":")" + root + R"(","path":")" + root + R"("})";
  for (const std::string& line : model.elements) elements += v3_element(root, line);
  const std::string xml_name =
      model.xml_name == nullptr
          ? ""
          : std::string(R"(,{"url":"http://hl7.org/fhir/StructureDefinition/elementdefinition-xml-name","valueUri":")") +
                model.xml_name + "\"}";
  const std::string base = *model.base == '\0' ? "http://hl7.org/fhir/StructureDefinition/Base" : v3_url(model.base);
  return R"({"resourceType":"StructureDefinition","extension":[{"url":)"
         R"("http://hl7.org/fhir/StructureDefinition/elementdefinition-namespace","valueUri":"urn:hl7-org:v3"})" +
         xml_name + R"(],"url":")" + v3_url(model.name) + R"(","name":")" + model.name +
         R"(","status":"draft","kind":"logical","abstract":)" + (*model.base == '\0' ? "true" : "false") + R"(,"type":")" +
         v3_url(model.name) + R"(","baseDefinition":")" + base +
         R"(","derivation":"specialization","differential":{"element":[)" + elements + "]}}";
}

/// A paper about a person with observations. Base models do not come first, as in a folder.
inline std::vector<std::string> v3_models() {
  const std::vector<V3Model> models{
      {"Paper",
       "ANY",
       {"id 1..1 II", "code 0..1 CE", "title 0..1 ST", "effectiveTime 0..1 TS", "subject 0..1 Person",
        "observation 0..* Observation", "section 0..* Base", "section.title 0..1 ST", "section.text 0..1 xhtml cdaText"}},
      {"ANY", "", {"nullFlavor 0..1 code xmlAttr"}},
      {"II", "ANY", {"root 0..1 string xmlAttr", "extension 0..1 string xmlAttr"}},
      {"ST", "ED", {}},
      {"ST_dot_r2b", "ST", {}, nullptr, "ST.r2b"},
      {"ED", "ANY", {"mediaType 0..1 code xmlAttr", "xmlText 0..1 string xmlText", "reference 0..1 TEL"}},
      {"TEL", "ANY", {"value 0..1 uri xmlAttr"}},
      {"CE", "CD", {}},
      {"CD",
       "ANY",
       {"code 0..1 code xmlAttr", "codeSystem 0..1 string xmlAttr",
        "sdtcValueSet 0..1 string xmlAttr ns=urn:hl7-org:sdtc name=valueSet", "originalText 0..1 ED",
        "translation 0..* CD typeAttr"}},
      {"PQ", "ANY", {"value 0..1 decimal xmlAttr", "unit 0..1 code xmlAttr"}},
      {"BL", "ANY", {"value 0..1 boolean xmlAttr"}},
      {"TS", "ANY", {"value 0..1 dateTime xmlAttr"}},
      {"IVL-TS", "TS", {"low 0..1 TS", "high 0..1 TS"}, "IVL_TS"},
      {"Observation",
       "ANY",
       {"classCode 0..1 code xmlAttr", "code 1..1 CD typeAttr", "effectiveTime 0..1 IVL-TS",
        "value 0..* ANY,CD,CE,PQ,ST,BL,TS,IVL-TS typeAttr", "sdtcPrecondition 0..* CD ns=urn:hl7-org:sdtc name=precondition",
        "component 0..* ANY", "component.typeCode 0..1 code xmlAttr", "component.observation 0..1 Observation"},
       nullptr,
       "observation"},
      {"EN",
       "ANY",
       {"use 0..* code xmlAttr", "item 0..* Base group", "item.family 0..1 ENXP", "item.given 0..1 ENXP",
        "item.given.partType 0..1 code xmlAttr", "item.xmlText 0..1 string xmlText"}},
      {"ENXP", "ST", {"qualifier 0..* code xmlAttr"}},
      {"Person", "ANY", {"name 0..* EN", "birthTime 0..1 TS", "sdtcDeceasedInd 0..1 BL ns=urn:hl7-org:sdtc name=deceasedInd"}}};
  std::vector<std::string> texts;
  for (const V3Model& model : models) texts.push_back(v3_model(model));
  return texts;
}

}  // namespace vardbron
