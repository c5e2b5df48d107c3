#include "tests/care/our_definitions.h"

#include "gateway/base/check.h"
#include "gateway/formats/json/parse.h"
#include "gateway/tree/children.h"
#include "gateway/tree/walk.h"
#include "r4.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

namespace vardbron::care {
namespace {

constexpr std::string_view our_systems = "https://vardbron.example/fhir/CodeSystem/";
constexpr std::string_view our_structures = "https://vardbron.example/fhir/StructureDefinition/";

void take(OurDefinitions& ours, tree::Item root) {
  const std::string url(root.text_of("url"));
  if (root.text_of("resourceType") == "CodeSystem")
    tree::for_each_child(root, "concept", [&](tree::Item each) { ours.code_systems[url].emplace(each.text_of("code")); });
  if (root.text_of("resourceType") != "StructureDefinition") return;
  ours.structures.insert(url);
  const std::string_view type = root.text_of("type");
  if (root.text_of("derivation") == "constraint" && type != "Extension") ours.profiles.emplace(url, type);
}

OurDefinitions read_ours() {
  OurDefinitions ours;
  for (const auto& file : std::filesystem::directory_iterator(VARDBRON_BINARY_DIR "/share/models")) {
    std::ifstream in(file.path(), std::ios::binary);
    const Result<tree::Document> read = json::parse(std::string(std::istreambuf_iterator<char>(in), {}), r4().names());
    CHECK(read);
    take(ours, tree::root(*read));
  }
  return ours;
}

}  // namespace

const OurDefinitions& our_definitions() {
  static const OurDefinitions ours = read_ours();
  return ours;
}

std::vector<std::string> undefined_in(const tree::Document& resource) {
  const OurDefinitions& ours = our_definitions();
  std::vector<std::string> missing;
  if (!tree::root(resource).child("meta").child("profile")) missing.push_back("no profile is named");
  for (tree::Walk walk(resource, 0); walk.node() != tree::no_node; walk.advance()) {
    const tree::Item item{&resource, walk.node()};
    const std::string_view system = item.text_of("system"), code = item.text_of("code");
    if (system.starts_with(our_systems)) {
      const auto found = ours.code_systems.find(system);
      if (found == ours.code_systems.end() || !found->second.contains(code))
        missing.push_back(std::string(system) + "#" + std::string(code));
    }
    const bool names_structure = item.name_text() == "url" || item.name_text() == "profile";
    if (names_structure && item.text().starts_with(our_structures) && !ours.structures.contains(item.text()))
      missing.emplace_back(item.text());
  }
  return missing;
}

}  // namespace vardbron::care
