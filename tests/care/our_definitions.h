#pragma once

#include "gateway/tree/document.h"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::care {

/// What SUSHI makes of fhir-profiles.
struct OurDefinitions {
  std::map<std::string, std::set<std::string, std::less<>>, std::less<>> code_systems;  ///< codes by canonical
  std::set<std::string, std::less<>> structures;                                        ///< canonicals of StructureDefinitions
  std::map<std::string, std::string, std::less<>> profiles;                             ///< canonical to type, without extensions
};

const OurDefinitions& our_definitions();

/// The codes, extensions and profiles of ours that a resource names and that fhir-profiles does not define; and that it names no
/// profile, if so.
std::vector<std::string> undefined_in(const tree::Document& resource);

}  // namespace vardbron::care
