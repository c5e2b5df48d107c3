#pragma once

#include "gateway/fhir/definitions.h"
#include "gateway/tree/document.h"

#include <filesystem>
#include <string>
#include <vector>

namespace vardbron::workbench {

/// An element a profile says must be supported.
struct MustSupport {
  std::string path;                ///< as the profile names it: "Patient.identifier:personnummer.value"
  std::vector<std::string> steps;  ///< names below the resource
  std::string extension;           ///< url, where the last step is an extension of its own kind
};

/// What of a profile (a StructureDefinition that constrains a resource) coverage asks for.
struct Profile {
  std::string url, type, name;
  std::vector<MustSupport> elements;
};

/// Nothing when the document is no profile of a resource.
std::vector<Profile> read_profile(const tree::Document& structure);
/// Every profile in the .json files below the folders; other files are passed over.
std::vector<Profile> read_profiles(const std::vector<std::filesystem::path>& folders, const tree::Names& names);

/// The same of logical models: their elements that must be supported.
std::vector<Profile> profiles_of_models(const fhir::Definitions& definitions);

/// Whether the resource claims the profile (meta.profile), or claims none and is of its type.
bool applies(const Profile& profile, tree::Item resource);
bool holds(const MustSupport& element, tree::Item resource);

}  // namespace vardbron::workbench
