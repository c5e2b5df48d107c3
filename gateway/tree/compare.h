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
  std::string path;  ///< in the left document, or in the right one if the left has no such node
  std::string says;  ///< a plain sentence that quotes the texts: for tests and tools, not for logs
  bool operator==(const Difference&) const = default;
};

/// Compares by FHIR's rules: order between children of different names is insignificant, order among children of one name counts.
/// Texts are compared exactly: 1.10 is not 1.1. Empty if the documents are equal. The documents may have different Names.
std::vector<Difference> differences(const Document& left, const Document& right, CompareOptions options = {});

/// All differences as lines "path: sentence"; "" if there are none. For test failures.
std::string describe_differences(const Document& left, const Document& right, CompareOptions options = {});

}  // namespace vardbron::tree
