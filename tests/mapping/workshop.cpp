#include "tests/mapping/workshop.h"

#include "gateway/base/text.h"
#include "gateway/formats/json/parse.h"
#include "gateway/formats/json/write.h"

#include <gtest/gtest.h>

namespace vardbron::mapping {

namespace {

std::string types_json(std::string_view types) {
  std::string out;
  for (std::string_view type : split(types, '|'))
    out += (out.empty() ? "" : ",") + std::string(R"({"code":")") + std::string(type) + "\"}";
  return out;
}

}  // namespace

std::string logical_model(std::string_view lines) {
  std::string name, elements;
  for (std::string_view line : split(lines, '\n')) {
    line = trim(line);
    if (line.empty()) continue;
    if (name.empty()) {
      name = line;
      elements = R"({"id":")" + name + R"(","path":")" + name + R"(","min":0,"max":"*"})";
      continue;
    }
    std::vector<std::string_view> words = split(line, ' ');
    std::size_t dots = words[1].find("..");
    std::string path = name + "." + std::string(words[0]);
    elements += R"(,{"id":")" + path + R"(","path":")" + path + R"(","min":)" + std::string(words[1].substr(0, dots)) +
                R"(,"max":")" + std::string(words[1].substr(dots + 2)) + R"(","type":[)" + types_json(words[2]) + "]}";
  }
  return R"({"resourceType":"StructureDefinition","url":"http://test/)" + name + R"(","name":")" + name +
         R"(","status":"draft","kind":"logical","abstract":false,"type":")" + name +
         R"(","baseDefinition":"http://hl7.org/fhir/StructureDefinition/Element","derivation":"specialization","differential":{"element":[)" +
         elements + "]}}";
}

Workshop::Workshop() : library_(r4()) {}

tree::Document Workshop::read(std::string json) const {
  json::ParseOptions options;
  options.positions = true;
  Result<tree::Document> document = json::parse(std::move(json), library_.definitions().names(), options);
  EXPECT_TRUE(document.ok()) << (document.ok() ? "" : document.failure().says + document.failure().where);
  return document.ok() ? std::move(*document) : tree::Document(library_.definitions().names());
}

Workshop& Workshop::model(std::string_view lines) { return resource(logical_model(lines)); }

Workshop& Workshop::resource(std::string json) {
  Result<void> added = library_.add_resource("resource", read(std::move(json)));
  EXPECT_TRUE(added.ok()) << (added.ok() ? "" : added.failure().says);
  return *this;
}

Workshop& Workshop::map(std::string file, std::string text) {
  Result<void> added = library_.add_map(std::move(file), std::move(text));
  EXPECT_TRUE(added.ok()) << (added.ok() ? "" : added.failure().where + ": " + added.failure().says);
  return *this;
}

Workshop& Workshop::codes(std::string url, std::string text) {
  Result<void> added = library_.add_codes(std::move(url), "codes.csv", std::move(text));
  EXPECT_TRUE(added.ok()) << (added.ok() ? "" : added.failure().where + ": " + added.failure().says);
  return *this;
}

std::string Workshop::build(CompileOptions options) {
  std::string all;
  for (const Failure& failure : library_.build(options)) all += failure.where + ": " + failure.says + "\n";
  return all;
}

std::string Workshop::run(std::string_view map, const std::vector<std::string>& sources, const Environment& environment) {
  const Map* found = library_.find(map);
  if (found == nullptr) return "!no such map";
  std::vector<tree::Document> documents;
  std::vector<tree::Item> items;
  for (const std::string& source : sources) documents.push_back(read(source));
  for (const tree::Document& document : documents) items.push_back(tree::root(document));
  Result<tree::Document> result = mapping::run(*found, items, environment);
  if (!result) return "!" + result.failure().where + ": " + result.failure().says;
  return json::write(*result);
}

std::string map_once(std::string_view model_a, std::string_view model_b, std::string rules, std::string source,
                     const Environment& environment) {
  Workshop workshop;
  workshop.model(model_a).model(model_b);
  workshop.map("m.fml",
               "/// url = 'http://test/m'\n/// name = 'm'\nuses \"http://test/A\" alias A as source\nuses \"http://test/B\" "
               "alias B as target\n" +
                   std::move(rules));
  std::string failures = workshop.build();
  return failures.empty() ? workshop.run("m", {std::move(source)}, environment) : "!" + failures;
}

}  // namespace vardbron::mapping
