#pragma once

#include "gateway/base/result.h"
#include "gateway/store/sqlite/seal.h"
#include "gateway/store/verify_report.h"

#include <filesystem>
#include <vector>

namespace vardbron::store {

/// Seals that were handed outside, as files and logs keep them.
struct SealLines {
  std::vector<SealLine> lines;
  std::vector<Finding> findings;  ///< lines that were not made with the key
};

/// Adds the seals of a file; its other lines are passed over. NotFound: it cannot be read.
Result<void> read_seal_lines(const std::filesystem::path& file, const SealKey& key, SealLines& into);
/// Likewise for the file that the gateway hands its seals to. That it is missing, or holds none, is a finding: it gets one at
/// each start.
void read_own_seal_lines(const std::filesystem::path& file, const SealKey& key, SealLines& into);

}  // namespace vardbron::store
