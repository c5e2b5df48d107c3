#include "gateway/workbench/profile.h"

#include "gateway/base/text.h"
#include "gateway/formats/json/parse.h"
#include "gateway/workbench/case.h"

#include <algorithm>
#include <system_error>

namespace vardbron::workbench {

namespace {

namespace fs = std::filesystem;

/// The url of an extension element: the profile of its only type.
std::string extension_of(tree::Item element) {
  const tree::Item type = element.child("type");
  if (!type || type.text_of("code") != "Extension") return {};
  return std::string(type.text_of("profile"));
}

MustSupport must_support(tree::Item element) {
  MustSupport made;
  made.path = std::string(element.text_of("id").empty() ? element.text_of("path") : element.text_of("id"));
  const std::string_view path = element.text_of("path");
  bool is_type = true;
  for (std::string_view step : split(path, '.')) {
    if (!is_type) made.steps.emplace_back(step);
    is_type = false;
  }
  made.extension = extension_of(element);
  return made;
}

void add_file(const fs::path& file, const tree::Names& names, std::vector<Profile>& profiles) {
  Result<std::string> text = text_of(file);
  if (!text || text->find("\"StructureDefinition\"") == std::string::npos) return;
  Result<tree::Document> structure = json::parse(std::move(*text), names);
  if (!structure) return;
  for (Profile& each : read_profile(*structure)) profiles.push_back(std::move(each));
}

/// True for value[x] and valueString, and for equal names.
bool is_called(tree::Item item, std::string_view step) {
  const std::string_view name = item.name_text();
  if (!step.ends_with("[x]")) return name == step;
  return name.starts_with(step.substr(0, step.size() - 3));
}

bool holds_from(const MustSupport& element, tree::Item item, std::size_t step) {
  if (step == element.steps.size()) return element.extension.empty() || item.text_of("url") == element.extension;
  for (tree::Item child = item.first_child(); child; child = child.next()) {
    if (is_called(child, element.steps[step]) && holds_from(element, child, step + 1)) return true;
  }
  return false;
}

}  // namespace

std::vector<Profile> read_profile(const tree::Document& structure) {
  const tree::Item root = tree::root(structure);
  const bool is_profile = root.text_of("resourceType") == "StructureDefinition" && root.text_of("derivation") == "constraint" &&
                          root.text_of("kind") == "resource";
  if (!is_profile) return {};
  Profile profile{std::string(root.text_of("url")), std::string(root.text_of("type")), std::string(root.text_of("name")), {}};
  const tree::Item elements = root.child("snapshot") ? root.child("snapshot") : root.child("differential");
  for (tree::Item each = elements ? elements.first_child() : tree::Item{}; each; each = each.next()) {
    const bool counts = each.name_text() == "element" && each.text_of("mustSupport") == "true";
    if (counts && each.text_of("path").find('.') != std::string_view::npos) profile.elements.push_back(must_support(each));
  }
  return {std::move(profile)};
}

std::vector<Profile> read_profiles(const std::vector<std::filesystem::path>& folders, const tree::Names& names) {
  std::vector<Profile> profiles;
  for (const fs::path& folder : folders) {
    std::vector<fs::path> files;
    std::error_code error;
    for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
      if (at->is_directory() && at->path().filename() == "cases") at.disable_recursion_pending();
      if (at->is_regular_file() && at->path().extension() == ".json") files.push_back(at->path());
    }
    std::sort(files.begin(), files.end());
    for (const fs::path& file : files) add_file(file, names, profiles);
  }
  return profiles;
}

std::vector<Profile> profiles_of_models(const fhir::Definitions& definitions) {
  std::vector<Profile> profiles;
  for (fhir::TypeId type : definitions.all_types()) {
    if (definitions.kind(type) != fhir::TypeKind::Logical && definitions.kind(type) != fhir::TypeKind::Backbone) continue;
    const std::string_view model = split(definitions.name(type), '.').front();
    for (const fhir::Element& element : definitions.elements(type)) {
      if (!element.must_support) continue;
      if (profiles.empty() || profiles.back().type != model)
        profiles.push_back({std::string(model), std::string(model), std::string(model), {}});
      MustSupport made{std::string(definitions.text(element.path)), {}, {}};
      for (std::string_view step : split(made.path, '.')) made.steps.emplace_back(step);
      made.steps.erase(made.steps.begin());
      profiles.back().elements.push_back(std::move(made));
    }
  }
  return profiles;
}

bool applies(const Profile& profile, tree::Item resource) {
  if (resource.text_of("resourceType") != profile.type) return false;
  const tree::Item meta = resource.child("meta");
  bool claims_any = false;
  for (tree::Item each = meta ? meta.first_child() : tree::Item{}; each; each = each.next()) {
    if (each.name_text() != "profile") continue;
    claims_any = true;
    if (each.text().substr(0, each.text().find('|')) == profile.url) return true;
  }
  return !claims_any;
}

bool holds(const MustSupport& element, tree::Item resource) { return holds_from(element, resource, 0); }

}  // namespace vardbron::workbench
