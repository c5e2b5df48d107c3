#pragma once

#include <string>
#include <string_view>

/// How the logical models of HL7 v2 are named; both who makes them (fhir/compiler) and who follows them (v2_shape) keep to it.
namespace vardbron::fhir::v2 {

inline constexpr std::string_view base_url = "https://vardbron.example/v2/";

/// Of a message structure ("ADT_A01"), a segment ("PID") or a data type ("XPN").
inline std::string canonical(std::string_view name) { return std::string(base_url).append(name); }

inline constexpr std::string_view any_segment = "Segment";  ///< a segment no dictionary knows: f1, f2 .. of any_field
inline constexpr std::string_view any_field = "Varies";     ///< a field of any type: c1, c2 ..
inline constexpr std::string_view part_suffix = "-part";    ///< "HD-part": the data type as a component, with s1, s2 ..
inline constexpr int any_parts = 60;                        ///< how many f and c those two have

}  // namespace vardbron::fhir::v2
