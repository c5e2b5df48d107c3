#pragma once

#include "gateway/tree/document.h"

#include <string>
#include <vector>

namespace vardbron::tree {

/// A deviation that a reader found in a text.
struct Note {
  std::string says;       ///< one sentence with the place, without any text of the message
  bool is_doubt = false;  ///< a value may not be what its sender meant, so a person should look; else only the form was corrected
  NodeId node = 0;        ///< the value in doubt, in the resulting document; 0 = the whole message
  bool is_fault = false;  ///< the text was refused for it; with is_doubt: the value is malformed, and whatever needs it fails
};
using Notes = std::vector<Note>;

}  // namespace vardbron::tree
