#pragma once

// Tested by tests/care/profiles_test.cpp.

#include <span>
#include <string_view>

namespace vardbron::care {

/// A profile of fhir-profiles (served-*.fsh) that resources of the gateway name in meta.profile.
struct Profile {
  std::string_view type;
  std::string_view
      code;  ///< of Task.code or CareTeam.category, where a type has several; "" = the type's only one, or its parent
  std::string_view canonical;
};

std::span<const Profile> profiles();

/// "" if the gateway has no profile for such a resource. A code that has none of its own gets the type's parent, if there is one.
std::string_view profile_of(std::string_view type, std::string_view code = {});

}  // namespace vardbron::care
