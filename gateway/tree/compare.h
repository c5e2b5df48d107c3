#pragma once

#include "gateway/tree/document.h"

#include <cstddef>
#include <string>
#include <vector>

namespace vardbron::tree {

struct CompareOptions {
  bool list_marks = true;  ///< "given": ["A"] differs from "given": "A"
  bool attributes = true;  ///< an XML attribute differs from an element of the same name
  bool namespaces = true;
  std::size_t differences_max = 100;
};

/// One place where two documents differ.
struct Difference {
  std::string path;  ///< in the left document, or in the right one where the left has nothing there
  std::string says;  ///< a plain sentence; it quotes the texts, so it belongs into tests and tools, not into logs
  bool operator==(const Difference&) const = default;
};

/// Compares as FHIR does: order between children of different names says nothing, order among children of one name is a list's.
/// Texts are compared exactly: 1.10 is not 1.1. Empty when the documents say the same. The documents may have different Names.
std::vector<Difference> differences(const Document& left, const Document& right, CompareOptions options = {});

/// All differences as lines "path: sentence"; "" when there is none. For test failures.
std::string describe_differences(const Document& left, const Document& right, CompareOptions options = {});

}  // namespace vardbron::tree
