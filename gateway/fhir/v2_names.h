#pragma once

#include <string>
#include <string_view>

/// Names of the logical models of HL7 v2, for their generator (fhir/compiler) and v2_conversion.
namespace vardbron::fhir::v2 {

inline constexpr std::string_view base_url = "https://vardbron.example/v2/";

/// Of a message structure ("ADT_A01"), a segment ("PID") or a data type ("XPN").
inline std::string canonical(std::string_view name) { return std::string(base_url).append(name); }

inline constexpr std::string_view any_segment = "Segment";  ///< a segment that is not in the dictionary: f1, f2 .. of any_field
inline constexpr std::string_view any_field = "Varies";     ///< a field of any type: c1, c2 ..
inline constexpr std::string_view part_suffix = "-part";    ///< "HD-part": the data type as a component, with s1, s2 ..
inline constexpr int any_parts = 60;                        ///< number of f and c of those two

}  // namespace vardbron::fhir::v2
