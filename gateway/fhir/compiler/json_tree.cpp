#include "gateway/fhir/compiler/json_tree.h"

#include <rapidjson/document.h>

#include <fstream>
#include <iterator>
#include <string>

namespace vardbron::fhir {

namespace {

using Json = rapidjson::Value;

std::string_view text_of(const Json& value) { return {value.GetString(), value.GetStringLength()}; }

void add(tree::Document& document, tree::NodeId parent, tree::NameId name, const Json& value, bool in_list);

void add_members(tree::Document& document, tree::NodeId node, const Json& object) {
  for (const auto& member : object.GetObject()) {
    if (text_of(member.name) == "text" && member.value.IsObject()) continue;
    tree::NameId name = document.intern(text_of(member.name));
    if (!member.value.IsArray()) {
      add(document, node, name, member.value, false);
    } else {
      for (const Json& each : member.value.GetArray()) add(document, node, name, each, true);
    }
  }
}

void add(tree::Document& document, tree::NodeId parent, tree::NameId name, const Json& value, bool in_list) {
  if (value.IsObject()) {
    add_members(document, document.add(parent, name, tree::Kind::Object, in_list), value);
  } else if (value.IsBool()) {
    document.add_text(parent, name, tree::Kind::Boolean, value.GetBool() ? "true" : "false", in_list);
  } else if (value.IsString()) {  // numbers are parsed as text
    document.add_text(parent, name, tree::Kind::String, text_of(value), in_list);
  }
}

Result<std::string> read_text(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::string body{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  if (!stream) return Failure{Cause::Broken, "A file of the definitions package cannot be read.", file.string()};
  return body;
}

Result<tree::Document> parse(std::string body, const std::filesystem::path& file, const tree::Names& names) {
  rapidjson::Document json;
  json.ParseInsitu<rapidjson::kParseInsituFlag | rapidjson::kParseNumbersAsStringsFlag | rapidjson::kParseFullPrecisionFlag>(
      body.data());
  if (json.HasParseError() || !json.IsObject())
    return Failure{Cause::Broken, "A file of the definitions package is not JSON.", file.string()};
  tree::Document document(names);
  add_members(document, 0, json);
  return document;
}

}  // namespace

Result<tree::Document> read_json_tree(const std::filesystem::path& file, const tree::Names& names) {
  Result<std::string> body = read_text(file);
  if (!body) return std::move(body).failure();
  return parse(*std::move(body), file, names);
}

Result<tree::Document> read_script_tree(const std::filesystem::path& file, const tree::Names& names) {
  Result<std::string> body = read_text(file);
  if (!body) return std::move(body).failure();
  const std::size_t first = body->find('{'), last = body->rfind('}');
  if (first == std::string::npos || last == std::string::npos || last < first)
    return Failure{Cause::Broken, "A script of the definitions package holds no object.", file.string()};
  return parse(body->substr(first, last + 1 - first), file, names);
}

}  // namespace vardbron::fhir
