#pragma once

#include "gateway/base/digest.h"
#include "gateway/store/store.h"

#include <string>
#include <vector>

namespace vardbron::store {

/// A change with all that can be worked out before it is its turn to be written, so that the one writer need not do it.
struct PreparedChange {
  struct Write {
    Sha256 digest{};
    std::string keys, parties;
  };
  explicit PreparedChange(Change change);

  Change change;
  Sha256 body_digest{};
  std::vector<Write> writes;  ///< in the order of Change::resources
};

}  // namespace vardbron::store
