#include "tests/workbench/room.h"

#include "gateway/base/text.h"
#include "gateway/formats/json/parse.h"
#include "gateway/mapping/syntax/parse.h"

#include <gtest/gtest.h>

namespace vardbron::workbench {

namespace {

std::string element_json(const std::string& model, std::string_view line) {
  const std::vector<std::string_view> words = split(line, ' ');
  const std::size_t dots = words[1].find("..");
  std::string types;
  for (std::string_view type : split(words[2], '|'))
    types += (types.empty() ? "" : ",") + std::string(R"({"code":")") + std::string(type) + "\"}";
  std::string out = R"({"path":")" + model + "." + std::string(words[0]) + R"(","min":)" + std::string(words[1].substr(0, dots)) +
                    R"(,"max":")" + std::string(words[1].substr(dots + 2)) + R"(","type":[)" + types + "]";
  if (words.size() > 3) out += R"(,"binding":{"strength":"required","valueSet":")" + std::string(words[3]) + "\"}";
  return out + "}";
}

}  // namespace

Room::Room() : library_(r4()) {}

tree::Document Room::read(std::string json) const {
  Result<tree::Document> document = json::parse(std::move(json), definitions().names());
  EXPECT_TRUE(document.ok()) << (document.ok() ? "" : document.failure().says + document.failure().where);
  return document.ok() ? std::move(*document) : tree::Document(definitions().names());
}

Room& Room::model(std::string_view lines) {
  std::string name, elements;
  for (std::string_view line : split(lines, '\n')) {
    line = trim(line);
    if (line.empty()) continue;
    if (name.empty()) {
      name = line;
      elements = R"({"path":")" + name + R"(","min":0,"max":"*"})";
    } else {
      elements += "," + element_json(name, line);
    }
  }
  const std::string json =
      R"({"resourceType":"StructureDefinition","url":"http://test/)" + name + R"(","name":")" + name +
      R"(","status":"draft","kind":"logical","abstract":false,"type":")" + name +
      R"(","baseDefinition":"http://hl7.org/fhir/StructureDefinition/Element","derivation":"specialization","differential":{"element":[)" +
      elements + "]}}";
  Result<void> added = library_.add_resource(name, read(json));
  EXPECT_TRUE(added.ok()) << (added.ok() ? "" : added.failure().says);
  return *this;
}

Room& Room::map(const std::string& file, const std::string& text) {
  Result<mapping::syntax::Map> parsed = mapping::parse(file, text);
  if (parsed)
    texts_.push_back(std::move(*parsed));
  else
    failures_.push_back(std::move(parsed).failure());
  Result<void> added = library_.add_map(file, text);
  EXPECT_EQ(added.ok(), failures_.empty());
  return *this;
}

Room& Room::rules(const std::string& text) {
  return map("m.fml",
             "/// url = 'http://test/m'\n/// name = 'm'\nuses \"http://test/A\" alias A as source\n"
             "uses \"http://test/B\" alias B as target\n" +
                 text);
}

std::string Room::build() {
  for (Failure& failure : library_.build()) failures_.push_back(std::move(failure));
  std::string all;
  for (const Failure& failure : failures_) all += failure.where + ": " + failure.says + "\n";
  return all;
}

std::vector<const mapping::syntax::Map*> Room::texts() const {
  std::vector<const mapping::syntax::Map*> out;
  for (const mapping::syntax::Map& map : texts_) out.push_back(&map);
  return out;
}

}  // namespace vardbron::workbench
