#include "gateway/store/sqlite/seal_lines.h"

#include <cstdint>
#include <fstream>
#include <string>
#include <utility>

namespace vardbron::store {

Result<void> read_seal_lines(const std::filesystem::path& file, const SealKey& key, SealLines& into) {
  std::ifstream stream(file);
  if (!stream) return Failure{Cause::NotFound, "The file with seals that were handed outside cannot be read.", file.string()};
  std::int64_t number = 0;
  for (std::string text; std::getline(stream, text);) {
    ++number;
    Result<SealLine> line = read_line(text, key);
    if (line) into.lines.push_back(*std::move(line));
    if (!line && line.failure().cause == Cause::Broken) {
      into.findings.push_back(
          {"seal", 0, file.filename().string() + ", line " + std::to_string(number) + ": " + line.failure().says});
    }
  }
  return done();
}

void read_own_seal_lines(const std::filesystem::path& file, const SealKey& key, SealLines& into) {
  const std::size_t before = into.lines.size();
  const Result<void> read = read_seal_lines(file, key, into);
  if (read && into.lines.size() > before) return;
  into.findings.push_back(
      {"seal", 0,
       "The file of seals ([seal] file: " + file.filename().string() + ") " +
           (read ? "holds no seal of this store" : "is missing or cannot be read") +
           ", although each start of the gateway writes one: that an older copy of the store was put back would "
           "not show."});
}

}  // namespace vardbron::store
