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

/// Exported seals, in files and logs.
struct SealLines {
  std::vector<SealLine> lines;
  std::vector<Finding> findings;  ///< lines that were not made with the key
};

/// Adds the seals of a file; its other lines are ignored. NotFound: it cannot be read.
Result<void> read_seal_lines(const std::filesystem::path& file, const SealKey& key, SealLines& into);
/// Likewise for the file that the gateway exports its seals to. It is a finding if it is missing or has none: each start writes
/// one.
void read_own_seal_lines(const std::filesystem::path& file, const SealKey& key, SealLines& into);

/// The highest number of a seal among the last lines of a file, without checking their signatures; 0: there is none. None: there
/// is no such file.
std::optional<std::int64_t> last_handed_out(const std::filesystem::path& file);
/// By how many seals the numbers in the file fall somewhere, since an older copy of the store was put back; 0 = they do not, or
/// the store was restored since. Reads the last 64 MB.
std::int64_t seals_put_back(const std::filesystem::path& file, const std::vector<Restoration>& restored);
/// The number of the seal in a line, without checking its signature; 0: there is none.
std::int64_t seal_number_in(std::string_view line);

}  // namespace vardbron::store
