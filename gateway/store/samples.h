#pragma once

#include <map>
#include <string>
#include <vector>

namespace vardbron::store {

/// Texts like those that are stored, made from invented messages: a store compresses with what they have in common. They hold
/// nobody's data, since what a store has learnt from them is never deleted.
struct Samples {
  std::map<std::string, std::vector<std::string>> messages;  ///< by channel
  std::vector<std::string> links;                            ///< bodies of a case's links
  std::vector<std::string> changes;                          ///< the bodies of a commit's resources, concatenated
  std::vector<std::string> receipts;
};

}  // namespace vardbron::store
