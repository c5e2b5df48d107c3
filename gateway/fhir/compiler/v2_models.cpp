#include "gateway/fhir/compiler/v2_models.h"

#include "gateway/base/text.h"
#include "gateway/fhir/compiler/json_tree.h"
#include "gateway/fhir/v2_names.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

namespace vardbron::fhir {

namespace {

constexpr std::uint16_t unbounded = 0xFFFF;
constexpr std::string_view required = "2";  // the dictionary's optionality R

struct Version {
  tree::Document messages, segments, types;
};

/// The first version defines a name; later versions append parts. Keeps the order of names, so that builds are reproducible.
class Dictionary {
 public:
  static Result<Dictionary> read(const std::filesystem::path& package, const tree::Names& names) {
    Dictionary found;
    for (const char* version : {"2.5.1", "2.7.1"}) {
      const std::filesystem::path folder = package / "lib" / version;
      Result<tree::Document> messages = read_script_tree(folder / "messages.js", names);
      if (!messages) return std::move(messages).failure();
      Result<tree::Document> segments = read_script_tree(folder / "segments.js", names);
      if (!segments) return std::move(segments).failure();
      Result<tree::Document> types = read_script_tree(folder / "fields.js", names);
      if (!types) return std::move(types).failure();
      found.versions_.push_back({*std::move(messages), *std::move(segments), *std::move(types)});
    }
    return found;
  }

  /// Name -> definition, from the first version that has it.
  std::map<std::string, tree::Item> all(tree::Document Version::*part) const {
    std::map<std::string, tree::Item> found;
    for (const Version& version : versions_) {
      for (tree::Item each = tree::root(version.*part).first_child(); each; each = each.next())
        found.emplace(each.name_text(), each);
    }
    return found;
  }

  /// Parts of a segment or type by number: those of the first version, then those of later versions beyond its last.
  std::vector<tree::Item> parts(tree::Document Version::*part, const std::string& name, std::string_view list) const {
    std::vector<tree::Item> found;
    for (const Version& version : versions_) {
      const tree::Item thing = tree::root(version.*part).child(name);
      if (!thing) continue;
      std::size_t number = 0;
      for (tree::Item each = thing.first_child(); each; each = each.next()) {
        if (each.name_text() == list && ++number > found.size()) found.push_back(each);
      }
    }
    return found;
  }

  bool is_composite(std::string_view type) const {
    for (const Version& version : versions_) {
      if (tree::root(version.types).child(type).child("subfields")) return true;
    }
    return false;
  }

 private:
  std::vector<Version> versions_;
};

StructureDraft model(std::string_view name) {
  StructureDraft made;
  made.url = v2::canonical(name);
  made.name = made.type = std::string(name);
  made.kind = TypeKind::Logical;
  made.elements.emplace_back().path = std::string(name);
  return made;
}

ElementDraft element(std::string path, std::string type, std::uint16_t min, std::uint16_t max) {
  ElementDraft made;
  made.path = std::move(path);
  made.min = min;
  made.max = max;
  if (!type.empty()) made.types.push_back({std::move(type), {}});
  return made;
}

std::string plain_type(std::string_view type) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kinds{
      {{"TS", "dateTime"}, {"DTM", "dateTime"}, {"DT", "date"}, {"TM", "time"}, {"NM", "decimal"}, {"SI", "integer"}}};
  for (const auto& [known, plain] : kinds) {
    if (known == type) return std::string(plain);
  }
  return "string";
}

// TS has a second component, the degree of precision, which is withdrawn; its time is the value.
bool is_plain(const Dictionary& dictionary, std::string_view type) { return type == "TS" || !dictionary.is_composite(type); }

std::string field_type(const Dictionary& dictionary, std::string_view type) {
  if (type == "VARIES") return v2::canonical(v2::any_field);
  return is_plain(dictionary, type) ? plain_type(type) : v2::canonical(type);
}

std::string component_type(const Dictionary& dictionary, std::string_view type) {
  if (is_plain(dictionary, type)) return plain_type(type);
  return v2::canonical(std::string(type).append(v2::part_suffix));
}

std::string numbered(const StructureDraft& model, char letter, std::size_t number) {
  return model.elements.front().path + "." + letter + std::to_string(number);
}

std::uint16_t min_of(tree::Item part) { return part.text_of("opt") == required ? 1 : 0; }

std::uint16_t max_of(tree::Item part, std::string_view name) {
  const std::int64_t max = parse_int(part.text_of(name)).value_or(1);
  return max == 0 ? unbounded : static_cast<std::uint16_t>(std::min<std::int64_t>(max, unbounded));
}

StructureDraft segment_model(const Dictionary& dictionary, const std::string& name) {
  StructureDraft made = model(name);
  std::size_t number = 0;
  for (tree::Item field : dictionary.parts(&Version::segments, name, "fields"))
    made.elements.push_back(element(numbered(made, 'f', ++number), field_type(dictionary, field.text_of("datatype")),
                                    min_of(field), max_of(field, "rep")));
  return made;
}

StructureDraft type_model(const Dictionary& dictionary, const std::string& name) {
  StructureDraft made = model(name);
  std::size_t number = 0;
  for (tree::Item component : dictionary.parts(&Version::types, name, "subfields"))
    made.elements.push_back(
        element(numbered(made, 'c', ++number), component_type(dictionary, component.text_of("datatype")), min_of(component), 1));
  return made;
}

StructureDraft part_model(const Dictionary& dictionary, const std::string& name) {
  StructureDraft made = model(name + std::string(v2::part_suffix));
  std::size_t number = 0;
  for (tree::Item part : dictionary.parts(&Version::types, name, "subfields")) {
    const std::string_view type = part.text_of("datatype");
    made.elements.push_back(
        element(numbered(made, 's', ++number), is_plain(dictionary, type) ? plain_type(type) : "string", min_of(part), 1));
  }
  return made;
}

StructureDraft any_model(std::string_view name, char letter, const std::string& type, std::uint16_t max) {
  StructureDraft made = model(name);
  for (std::size_t number = 1; number <= v2::any_parts; ++number)
    made.elements.push_back(element(numbered(made, letter, number), type, 0, max));
  return made;
}

/// Replaces characters that a path cannot hold, as in "Observation/Result_Group".
std::string identifier(std::string_view name) {
  std::string made(name);
  for (char& letter : made) {
    if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
    if (letter == '/' || letter == ' ' || letter == '-') letter = '_';
  }
  return made;
}

class MessageModel {
 public:
  explicit MessageModel(const std::string& name) : made_(model(name)) {}

  StructureDraft of(tree::Item message) && {
    const tree::Item segments = message.child("segments");
    if (segments) add_all(segments, "segments", std::string(made_.elements.front().path));
    return std::move(made_);
  }

 private:
  void add_all(tree::Item parent, std::string_view list, const std::string& path) {
    for (tree::Item each = parent.first_child(); each; each = each.next()) {
      if (each.name_text() == list) add(each, path);
    }
  }

  void add(tree::Item part, const std::string& path) {
    if (part.child("compounds")) {  // a choice: any of them
      for (tree::Item each = part.first_child(); each; each = each.next()) {
        if (each.name_text() == "compounds") add_segment(each, path, 0, max_of(part, "max"));
      }
      return;
    }
    const std::uint16_t min = part.text_of("min") == "1" ? 1 : 0;
    if (!part.child("children")) return add_segment(part, path, min, max_of(part, "max"));
    const std::string group = path + "." + identifier(part.text_of("name"));
    made_.elements.push_back(element(group, "", min, max_of(part, "max")));
    const std::size_t before = made_.elements.size();
    add_all(part, "children", group);
    if (made_.elements.size() == before) made_.elements.pop_back();
  }

  void add_segment(tree::Item segment, const std::string& path, std::uint16_t min, std::uint16_t max) {
    if (segment.text_of("name").empty()) return;  // in CCM_I21 some are missing in the dictionary
    const std::string here = path + "." + std::string(segment.text_of("name"));
    auto same = std::find_if(made_.elements.begin(), made_.elements.end(), [&](const ElementDraft& e) { return e.path == here; });
    if (same != made_.elements.end()) {
      same->max = unbounded;
      return;
    }
    made_.elements.push_back(element(here, v2::canonical(segment.text_of("name")), min, max));
  }

  StructureDraft made_;
};

}  // namespace

Result<std::vector<StructureDraft>> read_v2_models(const std::filesystem::path& package) {
  const tree::Names names;
  Result<Dictionary> dictionary = Dictionary::read(package, names);
  if (!dictionary) return std::move(dictionary).failure();
  std::vector<StructureDraft> made;
  made.push_back(any_model(v2::any_field, 'c', "string", 1));
  made.push_back(any_model(v2::any_segment, 'f', v2::canonical(v2::any_field), unbounded));
  for (const auto& [name, type] : dictionary->all(&Version::types)) {
    if (is_plain(*dictionary, name)) continue;
    made.push_back(type_model(*dictionary, name));
    made.push_back(part_model(*dictionary, name));
  }
  for (const auto& [name, segment] : dictionary->all(&Version::segments)) made.push_back(segment_model(*dictionary, name));
  for (const auto& [name, message] : dictionary->all(&Version::messages)) made.push_back(MessageModel(name).of(message));
  return made;
}

}  // namespace vardbron::fhir
