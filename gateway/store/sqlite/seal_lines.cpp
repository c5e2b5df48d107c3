#include "gateway/store/sqlite/seal_lines.h"

#include "gateway/base/text.h"

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <string>
#include <utility>

namespace vardbron::store {

namespace {

constexpr std::streamoff tail_bytes_max = 64 << 10, whole_bytes_max = 64 << 20;

}  // namespace

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

std::int64_t seal_number_in(std::string_view line) {
  constexpr std::string_view name = "vardbron-seal ";
  const std::size_t at = line.find(name);
  if (at == std::string_view::npos) return 0;
  line.remove_prefix(at + name.size());
  return parse_int(line.substr(0, line.find(' '))).value_or(0);
}

std::int64_t seals_put_back(const std::filesystem::path& file, const std::vector<Restoration>& restored) {
  std::ifstream stream(file, std::ios::binary | std::ios::ate);
  if (!stream) return 0;
  stream.seekg(std::max<std::streamoff>(0, stream.tellg() - whole_bytes_max));
  std::int64_t highest = 0, behind = 0;
  for (std::string line; std::getline(stream, line);) {
    const std::int64_t number = seal_number_in(line);
    if (number == 0) continue;
    if (number < highest) behind = std::max(behind, highest - number);
    const auto begins = [&](const Restoration& each) { return number == each.handed_out + 1; };
    if (std::any_of(restored.begin(), restored.end(), begins)) behind = 0;
    highest = std::max(highest, number);
  }
  return behind;
}

std::optional<std::int64_t> last_handed_out(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary | std::ios::ate);
  if (!stream) return std::nullopt;
  const std::streamoff size = stream.tellg();
  stream.seekg(std::max<std::streamoff>(0, size - tail_bytes_max));
  std::int64_t last = 0;
  for (std::string line; std::getline(stream, line);) last = std::max(last, seal_number_in(line));
  return last;
}

}  // namespace vardbron::store
