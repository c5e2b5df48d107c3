#pragma once

#include "gateway/tree/document.h"

#include <string>
#include <vector>

namespace vardbron::tree {

/// What a reader made of a text that is not as it should be.
struct Note {
  std::string says;       ///< one sentence that names the place, without any text of the message
  bool is_doubt = false;  ///< a value may not be what its sender meant, so a person should look; else only the form was mended
  NodeId node = 0;        ///< of the document that was made: the value in doubt; 0 = the whole message
  bool is_fault = false;  ///< the text was refused for it; of a value in doubt: it cannot be read, whoever needs it refuses it
};
using Notes = std::vector<Note>;

}  // namespace vardbron::tree
