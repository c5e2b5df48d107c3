#pragma once

#include "gateway/mapping/map.h"
#include "gateway/tree/document.h"
#include "tests/mapping/workshop.h"

#include <optional>
#include <string>

namespace vardbron::workbench {

/// One map of an invented export to a Patient, and one run of it.
struct Bench {
  explicit Bench(std::string message);

  const mapping::Map& map();
  /// Runs the map in that environment; false if it refused.
  bool run(mapping::Environment environment);

  mapping::Workshop workshop;
  std::optional<tree::Document> source, output;
  std::optional<Failure> refusal;
};

/// The map's text; tests refer to its line numbers.
extern const char* const bench_map;

/// A message that fires every rule but `never`.
extern const char* const full_message;

}  // namespace vardbron::workbench
