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

/// One thing that is wrong with a message. It repeats no value: of a value its shape is told (base/excerpt.h), of a code that is
/// not longer than three characters the code.
struct Fault {
  tree::NodeId node = 0;     ///< of the message
  std::string code;          ///< CodeSystem issue-type: "required", "code-invalid", "value", "business-rule", else "invalid"
  std::string says;          ///< "'Q' is not taken here; taken are E, I."; behind a colon it follows the place
  std::string missing;       ///< path of the element that is not there below `node`; "" = what is wrong is the node itself
  std::string rule;          ///< "adt.fml:270:3 (Stay/class)"; "" = none
  bool is_of_value = false;  ///< it is the node's value that is wrong, which is told once
};

/// What a run finds wrong with its first source, each thing once; above limits::faults_told_max they are counted only.
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

/// A fault where its sender finds it.
struct PlacedFault {
  fhir::Issue issue;  ///< "PV1-2 in line 4: ..", and the FHIRPath of the element in the message
  std::string says;   ///< the same without line and rule: "PV1-2: .."
  std::string rule;   ///< of the map; "" = none
  tree::Position at;  ///< of the element; line 0 = the reader of the message keeps none
};

/// In the order of the message; one walk over it. The last one counts those that are not told.
std::vector<PlacedFault> placed(const Faults& faults, const tree::Document& message);

/// What is wrong with the output of a run over the message, as faults of the elements that it was made of; `where` of an issue is
/// its place in the output. Runs the map again to learn what was made of what.
void add_output_faults(std::span<const fhir::Issue> issues, const Map& map, tree::Item message, const Environment& environment,
                       Faults& faults);

/// Of what is wrong with an output that could be made in part only, what would be wrong with the whole one too.
void keep_values_only(std::vector<fhir::Issue>& issues);

/// An element as its sender calls it: "PID-13.2", "mottagare.hsaId"; `way` leads from the root to it. Control characters in
/// names are shown as '?'.
std::string field_of(const tree::Document& message, std::span<const tree::NodeId> way);

/// "Its shape is 99999999."
std::string told_shape(std::string_view value);

/// "'Q' is not taken here; taken are E, I."; a code that is longer than three characters is told by its shape.
std::string untaken_code(std::string_view code, const ConceptMap& codes);

}  // namespace vardbron::mapping
