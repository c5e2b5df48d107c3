#pragma once

// Tested by tests/care/project_test.cpp and tests/care/plan/plan_writer_test.cpp.

#include <string_view>

namespace vardbron::care {

// Code systems of fhir-profiles/input/fsh/codes.fsh that more than one machine's resources have.
inline constexpr std::string_view task_system = "https://vardbron.example/fhir/CodeSystem/uppgift";
inline constexpr std::string_view task_state_system = "https://vardbron.example/fhir/CodeSystem/uppgift-lage";
inline constexpr std::string_view goal_system = "https://vardbron.example/fhir/CodeSystem/plan-mal";
inline constexpr std::string_view team_system = "https://vardbron.example/fhir/CodeSystem/vardteam";

// Marks in a notice of what may not be what its sender meant: fhir-profiles/README.md, datakvalitet.
inline constexpr std::string_view quality_system = "https://vardbron.example/fhir/CodeSystem/datakvalitet";
inline constexpr std::string_view ambiguous = "data-ambiguous";
inline constexpr std::string_view doubtful = "data-doubtful";
inline constexpr std::string_view received_tag = "received";
inline constexpr std::string_view unknown_receiver = "unknown-receiver";

}  // namespace vardbron::care
