#include "gateway/fhir/builder.h"
#include "gateway/fhirpath/evaluation.h"

namespace vardbron::fhirpath {

bool call_terminology(Call& call) {
  for (std::size_t place = 0; place < call.node.arguments.size(); ++place) {
    List values;
    if (!call.argument(place, values)) return false;
  }
  return true;
}

}  // namespace vardbron::fhirpath
