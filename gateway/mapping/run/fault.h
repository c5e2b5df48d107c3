#pragma once

#include "gateway/base/result.h"
#include "gateway/fhir/operation_outcome.h"
#include "gateway/mapping/concept_map.h"
#include "gateway/mapping/map.h"
#include "gateway/tree/document.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::mapping {

/// One thing that is wrong with a message. It contains no value: only the value's shape (base/excerpt.h), or the code if it has
/// at most three characters.
struct Fault {
  tree::NodeId node = 0;     ///< of the message
  std::string code;          ///< CodeSystem issue-type: "required", "code-invalid", "value", "business-rule", else "invalid"
  std::string says;          ///< "'Q' is not taken here; taken are E, I."; shown after "place: "
  std::string missing;       ///< path of the element missing below `node`; "" = the fault is the node itself
  std::string rule;          ///< "adt.fml:270:3 (Stay/class)"; "" = none
  bool is_of_value = false;  ///< the node's value is wrong, which is reported once
};

/// Faults that a run finds in its first source, each once; above limits::faults_reported_max they are only counted.
class Faults {
 public:
  void add(Fault fault);
  const std::vector<Fault>& all() const { return all_; }
  std::size_t more() const { return more_; }
  bool empty() const { return all_.empty(); }

 private:
  std::vector<Fault> all_;
  std::size_t more_ = 0;
};

/// A fault with its place in the message.
struct PlacedFault {
  fhir::Issue issue;  ///< "PV1-2 in line 4: ..", and the FHIRPath of the element in the message
  std::string says;   ///< the same without line and rule: "PV1-2: .."
  std::string rule;   ///< of the map; "" = none
  tree::Position at;  ///< of the element; line 0 = unknown
};

/// In the order of the message; walks it once. The last one holds the number of those left out.
std::vector<PlacedFault> placed(const Faults& faults, const tree::Document& message);

/// Adds faults of a run's output as faults of the message elements it was mapped from; `where` of an issue is its place in the
/// output. Runs the map again to find those elements.
void add_output_faults(std::span<const fhir::Issue> issues, const Map& map, tree::Item message, const Environment& environment,
                       Faults& faults);

/// Keeps the issues of a partial output that the complete one would have too.
void keep_values_only(std::vector<fhir::Issue>& issues);

/// An element in the sender's terms: "PID-13.2", "mottagare.hsaId"; `way` is the path from the root. Control characters in names
/// are shown as '?'.
std::string field_of(const tree::Document& message, std::span<const tree::NodeId> way);

/// "Its shape is 99999999."
std::string reported_shape(std::string_view value);

/// "'Q' is not taken here; taken are E, I."; for a code longer than three characters its shape.
std::string untaken_code(std::string_view code, const ConceptMap& codes);

}  // namespace vardbron::mapping
