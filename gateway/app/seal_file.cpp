#include "gateway/app/seal_file.h"

#include "gateway/base/log.h"
#include "gateway/base/text.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <string_view>
#include <utility>

namespace vardbron::app {

namespace {

constexpr const char* counted = "vardbron_store_seals_total";
constexpr const char* counted_says = "Seals of the store that were handed outside, to the file or, without one, to the log alone";

constexpr std::streamoff tail_bytes_max = 64 << 10;

/// The number of the seal in a line; 0 = there is none.
std::int64_t number_in(std::string_view line) {
  constexpr std::string_view name = "vardbron-seal ";
  const std::size_t at = line.find(name);
  if (at == std::string_view::npos) return 0;
  line.remove_prefix(at + name.size());
  return parse_int(line.substr(0, line.find(' '))).value_or(0);
}

/// The highest number among the last lines of the file.
std::int64_t last_number(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary | std::ios::ate);
  if (!stream) return 0;
  const std::streamoff size = stream.tellg();
  stream.seekg(std::max<std::streamoff>(0, size - tail_bytes_max));
  std::int64_t last = 0;
  for (std::string line; std::getline(stream, line);) last = std::max(last, number_in(line));
  return last;
}

/// "" = done. A part of a line is taken back: the next one would hang on to it, and neither be read.
std::string append_synced(const std::filesystem::path& file, const std::string& line) {
  const int handle = ::open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
  if (handle < 0) return std::strerror(errno);
  const off_t before = ::lseek(handle, 0, SEEK_END);
  const ssize_t written = ::write(handle, line.data(), line.size());
  std::string error;
  if (written < 0 || ::fdatasync(handle) != 0) error = std::strerror(errno);
  if (written >= 0 && static_cast<std::size_t>(written) < line.size()) error = std::strerror(ENOSPC);
  if (!error.empty() && before >= 0 && ::ftruncate(handle, before) != 0) error += ", and a part of the line stays";
  ::close(handle);
  return error;
}

}  // namespace

SealFile::SealFile(std::filesystem::path file, Metrics& metrics)
    : file_(std::move(file)),
      written_(metrics.counter(counted, counted_says, {{"result", "written"}})),
      failed_(metrics.counter(counted, counted_says, {{"result", "failed"}})),
      behind_(metrics.gauge("vardbron_store_seals_behind",
                            "How many seals the store was behind the last one handed outside when it was opened; 0 is right")) {}

void SealFile::append(const std::string& line) {
  std::lock_guard appending(appending_);
  if (!is_compared_) compare(line);
  log::info("the store is sealed", {{"seal", line}});
  const std::string error = file_.empty() ? "" : append_synced(file_, line + "\n");
  (error.empty() ? written_ : failed_).add();
  if (!error.empty()) {
    log::error("the store's seal cannot be written outside", {{"file", file_.native()}, {"error", std::string_view(error)}});
  }
  std::lock_guard lock(guard_);
  error_ = error;
  if (error.empty()) last_written_ = number_in(line);
}

bool SealFile::put(std::string line) {
  std::lock_guard lock(guard_);
  return !std::exchange(waiting_, std::move(line)).has_value();
}

void SealFile::append_waiting() {
  std::optional<std::string> line;
  {
    std::lock_guard lock(guard_);
    line = std::exchange(waiting_, std::nullopt);
  }
  if (line) append(*line);
}

rest::Check SealFile::check() const {
  std::lock_guard lock(guard_);
  rest::Check check{"seals", rest::Health::Ok, "", {{"last_written", last_written_}}};
  if (!error_.empty()) {
    check.health = rest::Health::Warn;
    check.says = "The store's seals cannot be written outside ([seal] file): " + error_ + ".";
  } else if (seals_behind_ > 0) {
    check.health = rest::Health::Warn;
    check.says = "When it was opened the store was " + std::to_string(seals_behind_) +
                 " seals behind the last one that was handed outside: what was written in between is gone.";
  }
  return check;
}

void SealFile::compare(const std::string& line) {
  is_compared_ = true;
  const std::int64_t outside = file_.empty() ? 0 : last_number(file_), own = number_in(line);
  const std::int64_t behind = std::max<std::int64_t>(0, outside - own);
  behind_.set(static_cast<double>(behind));
  {
    std::lock_guard lock(guard_);
    seals_behind_ = behind;
  }
  if (outside <= own) return;
  log::error("the store is older than the last seal that was handed outside; what was written in between is gone",
             {{"store", own}, {"outside", outside}, {"file", file_.native()}});
}

}  // namespace vardbron::app
