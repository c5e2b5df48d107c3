#pragma once

// Tested by tests/care/project_test.cpp and tests/care/plan/plan_writer_test.cpp.

#include <string_view>

namespace vardbron::care {

// Code systems of fhir-profiles/input/fsh/codes.fsh that more than one machine's resources have.
inline constexpr std::string_view task_system = "https://vardbron.example/fhir/CodeSystem/uppgift";
inline constexpr std::string_view task_state_system = "https://vardbron.example/fhir/CodeSystem/uppgift-lage";
inline constexpr std::string_view team_system = "https://vardbron.example/fhir/CodeSystem/vardteam";

}  // namespace vardbron::care
