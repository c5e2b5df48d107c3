#pragma once

#include "gateway/fhir/compiler/errata.h"
#include "gateway/fhir/table_builder.h"
#include "gateway/tree/document.h"

#include <map>
#include <string>
#include <vector>

namespace vardbron::fhir {

/// The package's search parameters, one row per resource type they apply to.
class SearchParameters {
 public:
  void add(const tree::Document& document, Errata& errata);
  /// Writes each resource type's own rows and those of its bases.
  void write(TableBuilder& builder) const;

 private:
  struct Row {
    std::string code, base, type, expression, targets;
  };
  std::map<std::string, std::vector<Row>, std::less<>> by_base_;
};

/// The alternatives of "Patient.name | Person.name" that start at `base`; all of them if none does.
std::string alternatives_of(std::string_view expression, std::string_view base);

}  // namespace vardbron::fhir
