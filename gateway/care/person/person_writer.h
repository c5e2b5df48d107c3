#pragma once

// Tested by tests/care/stay_view_test.cpp and tests/care/person_view_test.cpp.

#include "gateway/care/chain/branch.h"
#include "gateway/care/chain/notice.h"

#include <string_view>
#include <vector>

namespace vardbron::care {

inline constexpr std::string_view protection_system = "https://vardbron.example/fhir/CodeSystem/skydd";
/// Of a protection; not of None.
std::string_view code_of(Protection protection);

enum class Disclosure : unsigned char {
  Everything,
  WithoutPlace  ///< as of a person whose identity is protected: no address, kommun or person close to the patient
};

/// Writes the elements of Patient that describe the person. `replaced`: numbers that a merge has replaced.
void write_person(Branch patient, const Person& person, Disclosure disclosure, const std::vector<Identity>& replaced = {});

}  // namespace vardbron::care
