#pragma once

#include "gateway/base/result.h"
#include "gateway/store/sqlite/seal.h"
#include "gateway/store/verify_report.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>
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

/// The highest number of a seal among the last lines of a file, whoever made them; 0: there is none. None: there is no such file.
std::optional<std::int64_t> last_handed_out(const std::filesystem::path& file);
/// The number of the seal in a line, whoever made it; 0: there is none.
std::int64_t seal_number_in(std::string_view line);

}  // namespace vardbron::store
