#pragma once

#include "gateway/fhir/definitions.h"
#include "gateway/mapping/library.h"
#include "gateway/mapping/syntax/syntax.h"
#include "r4.h"

#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::workbench {

using ::r4;

/// Maps and models of one test.
class Room {
 public:
  Room();

  /// A logical model from lines "path min..max type"; the first line is its name.
  Room& model(std::string_view lines);
  Room& map(const std::string& file, const std::string& text);
  /// The same with header and `uses` of the models A (source) and B (target).
  Room& rules(const std::string& text);

  /// Failures of parsing and compiling, one a line.
  std::string build();

  mapping::Library& library() { return library_; }
  const fhir::Definitions& definitions() const { return library_.definitions(); }
  std::vector<const mapping::syntax::Map*> texts() const;
  const std::vector<Failure>& failures() const { return failures_; }
  tree::Document read(std::string json) const;

 private:
  mapping::Library library_;
  std::deque<mapping::syntax::Map> texts_;
  std::vector<Failure> failures_;
};

}  // namespace vardbron::workbench
