#pragma once

// Tested by tests/workbench/coverage_test.cpp.

#include "gateway/fhir/definitions.h"
#include "gateway/tree/document.h"

#include <filesystem>
#include <string>
#include <vector>

namespace vardbron::workbench {

/// A must-support element of a profile.
struct MustSupport {
  std::string path;                ///< as in the profile: "Patient.identifier:personnummer.value"
  std::vector<std::string> steps;  ///< names below the resource
  std::string extension;           ///< url, if the last step is a profiled extension
};

/// The part of a profile (a StructureDefinition that constrains a resource) used by coverage.
struct Profile {
  std::string url, type, name;
  std::vector<MustSupport> elements;
};

/// Empty if the document is no profile of a resource.
std::vector<Profile> read_profile(const tree::Document& structure);
/// Every profile in the .json files below the folders; other files are ignored.
std::vector<Profile> read_profiles(const std::vector<std::filesystem::path>& folders, const tree::Names& names);

/// The same for logical models: their must-support elements.
std::vector<Profile> profiles_of_models(const fhir::Definitions& definitions);

/// True if the resource claims the profile (meta.profile), or claims none and is of its type.
bool applies(const Profile& profile, tree::Item resource);
bool holds(const MustSupport& element, tree::Item resource);

}  // namespace vardbron::workbench
