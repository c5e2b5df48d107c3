#pragma once

#include "gateway/fhir/definitions.h"
#include "gateway/tree/document.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::workbench {

/// One place where the found resource differs from the expected one.
struct Difference {
  enum class Kind : std::uint8_t {
    Changed,
    Missing,  ///< expected, not found
    Extra,    ///< found, not expected
    Moved     ///< an ordered list has the same items in another order
  };
  Kind kind = Kind::Changed;
  std::string path;             ///< "Patient.name[0].family"; in the expected resource if it is missing, else in the found one
  std::string expected, found;  ///< shortened; "" if there is none. They quote values: for tools, not for logs
  tree::NodeId expected_node = tree::no_node, found_node = tree::no_node;
};

struct DifferenceOptions {
  std::size_t differences_max = 200;
};

/// Compares two resources by FHIR's rules. Items of a list are matched by identity (fullUrl, resource, identifier, id, url,
/// system and code or value, reference ..), and by index only without one. Order counts where FHIR defines it
/// (ElementDefinition.orderMeaning, the first entry of a message or document) and outside FHIR. Texts are compared exactly: 1.10
/// is not 1.1. Empty if both are equal.
std::vector<Difference> differences(const tree::Document& expected, const tree::Document& found,
                                    const fhir::Definitions& definitions, DifferenceOptions options = {});

/// "Patient.gender: expected 'male', found 'female'".
std::string to_line(const Difference& difference);

/// A value or branch, shortened: 'Berg', 12.50, {"system":"urn:x","value":"1…
std::string shown(tree::Item item, std::size_t bytes_max = 100);

/// The text up to a number of bytes, cut between characters, with "…" if it was cut.
std::string shortened(std::string_view text, std::size_t bytes_max);

}  // namespace vardbron::workbench
