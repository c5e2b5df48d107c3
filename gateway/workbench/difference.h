#pragma once

#include "gateway/fhir/definitions.h"
#include "gateway/tree/document.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::workbench {

/// One place where what was found is not what was expected.
struct Difference {
  enum class Kind : std::uint8_t {
    Changed,
    Missing,  ///< expected, not found
    Extra,    ///< found, not expected
    Moved     ///< a list whose order has a meaning holds the same items in another order
  };
  Kind kind = Kind::Changed;
  std::string path;             ///< "Patient.name[0].family"; of what was expected where it is missing, else of what was found
  std::string expected, found;  ///< shortened; "" where there is nothing. They quote values: for tools, not for logs
  tree::NodeId expected_node = tree::no_node, found_node = tree::no_node;
};

struct DifferenceOptions {
  std::size_t differences_max = 200;
};

/// Compares two resources as a reader of FHIR does. Items of a list are matched by what they are (fullUrl, resource, identifier,
/// id, url, system and code or value, reference ..), and by their place only where that tells nothing. Order counts where FHIR
/// gives it a meaning (ElementDefinition.orderMeaning, the first entry of a message or document) and in what is not FHIR.
/// Texts are compared exactly: 1.10 is not 1.1. Empty when both say the same.
std::vector<Difference> differences(const tree::Document& expected, const tree::Document& found,
                                    const fhir::Definitions& definitions, DifferenceOptions options = {});

/// "Patient.gender: expected 'male', found 'female'".
std::string to_line(const Difference& difference);

/// A value or branch in a few words: 'Berg', 12.50, {"system":"urn:x","value":"1…
std::string shown(tree::Item item, std::size_t bytes_max = 100);

/// The text up to a byte count, cut between characters, with "…" when it was cut.
std::string shortened(std::string_view text, std::size_t bytes_max);

}  // namespace vardbron::workbench
