#include "gateway/care/held_back.h"

namespace vardbron::care {

std::string nobody_was_told(Event event) {
  std::string says =
      "Nobody was told: no admission notice of this case counts, and before one nothing may leave the region. The notice is "
      "kept, "
      "and told when an admission notice comes that happened before it.";
  if (event == Event::Death) says += " If somebody waits for the patient, tell them by telephone.";
  return says;
}

}  // namespace vardbron::care
