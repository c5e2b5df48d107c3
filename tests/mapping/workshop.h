#pragma once

#include "gateway/fhir/definitions.h"
#include "gateway/mapping/library.h"
#include "gateway/mapping/map.h"
#include "r4.h"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vardbron::mapping {

using ::r4;

/// A logical model from lines "path min..max type": the first line is the model's name, lists of types are written a|b.
std::string logical_model(std::string_view lines);

/// Compiles and runs the maps, code lists and models of one test on JSON texts.
class Workshop {
 public:
  Workshop();

  Workshop& model(std::string_view lines);
  Workshop& map(std::string file, std::string text);
  Workshop& codes(std::string url, std::string text);
  Workshop& resource(std::string json);

  /// All failures of build(), one per line as "where: says".
  std::string build(CompileOptions options = {});
  /// The result as JSON, or "where: says" after a '!'.
  std::string run(std::string_view map, const std::vector<std::string>& sources, const Environment& environment = {});

  Library& library() { return library_; }
  tree::Document read(std::string json) const;

 private:
  Library library_;
};

/// One map with models A (source) and B (target), one source; returns JSON, or "!where: says".
std::string map_once(std::string_view model_a, std::string_view model_b, std::string rules, std::string source,
                     const Environment& environment = {});

}  // namespace vardbron::mapping
