#pragma once

// Tested by tests/search/indexer_test.cpp.

#include "gateway/search/query.h"
#include "gateway/tree/document.h"

#include <string>
#include <string_view>
#include <vector>

namespace vardbron::search {

/// The parameter whose keys are made.
struct KeySource {
  std::string_view parameter;
  std::string_view implied_system;  ///< of a plain code
  std::string text_parameter;       ///< search/parameter.h
  std::string of_type_parameter;    ///< of tokens
};

/// Adds keys of one kind for a value of one FHIR type. Source: FHIR R4 search.html, the tables of 3.1.1.4.6 to 3.1.1.4.14.
using AddKeys = void (*)(const KeySource& source, tree::Item value, std::vector<Key>& into);

/// nullptr if values of the type cannot be searched by that kind of parameter.
AddKeys keys_of(KeyKind kind, std::string_view type);

void add_boolean(std::string_view parameter, bool value, std::vector<Key>& into);

}  // namespace vardbron::search
