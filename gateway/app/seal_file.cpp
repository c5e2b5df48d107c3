#include "gateway/app/seal_file.h"

#include "gateway/base/log.h"
#include "gateway/store/sqlite/seal_lines.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>

namespace vardbron::app {

namespace {

constexpr const char* counted = "vardbron_store_seals_total";
constexpr const char* counted_says = "Seals of the store that were handed outside, to the file or, without one, to the log alone";

/// "" = done. A partly written line is removed: the next one would be appended to it, and neither could be read.
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

void SealFile::restored(const store::Restoration& restoration) {
  std::lock_guard lock(guard_);
  restored_.push_back(restoration);
}

void SealFile::append(const std::string& line) {
  std::lock_guard appending(appending_);
  note_first(line);
  if (!is_compared_) compare();
  log::info("the store is sealed", {{"seal", line}});
  const std::string error = file_.empty() ? "" : append_synced(file_, line + "\n");
  (error.empty() ? written_ : failed_).add();
  if (!error.empty()) {
    log::error("the store's seal cannot be written outside", {{"file", file_.native()}, {"error", std::string_view(error)}});
  }
  std::lock_guard lock(guard_);
  error_ = error;
  if (error.empty()) last_written_ = store::seal_number_in(line);
}

bool SealFile::put(std::string line) {
  note_first(line);
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
  if (!restored_.empty()) {
    check.facts.push_back({"restored_at", restored_.back().at});
    check.facts.push_back({"restored_from_seal", restored_.back().seal});
  }
  if (!error_.empty()) {
    check.health = rest::Health::Warn;
    check.says = "The store's seals cannot be written outside ([seal] file): " + error_ + ".";
  } else if (seals_behind_ > 0) {
    check.health = rest::Health::Warn;
    check.says =
        "When it was opened the store was " + std::to_string(seals_behind_) +
        " seals behind the last one that was handed outside: what was written in between is gone. If that is known, move "
        "the file of seals ([seal] file) away.";
  } else if (is_begun_anew_) {
    check.health = rest::Health::Warn;
    check.says =
        "The file of seals ([seal] file) was missing, or held none, when the gateway started, although the store was at "
        "seal " +
        std::to_string(first_) +
        ": it is begun anew, and that an older copy of the store was put back before would not show. Put the lines back in "
        "front of it. Where the file was only just named, or moved away, the next start is content with it.";
  }
  return check;
}

// The seal that the store was opened with; a later one may replace it before anything is written.
void SealFile::note_first(const std::string& line) {
  std::lock_guard lock(guard_);
  if (first_ == 0) first_ = store::seal_number_in(line);
}

void SealFile::compare() {
  is_compared_ = true;
  const std::int64_t outside = file_.empty() ? 0 : store::last_handed_out(file_).value_or(0);
  std::int64_t own = 0, behind = 0;
  bool is_begun_anew = false;
  std::vector<store::Restoration> restored;
  {
    std::lock_guard lock(guard_);
    restored = restored_;
  }
  if (!file_.empty()) behind = store::seals_put_back(file_, restored);
  {
    std::lock_guard lock(guard_);
    own = first_;
    behind = seals_behind_ = std::max(behind, outside - own);
    is_begun_anew = is_begun_anew_ = !file_.empty() && outside == 0 && own > 1;
  }
  behind_.set(static_cast<double>(behind));
  if (is_begun_anew) {
    log::warning("the file of seals is missing or holds none, and is begun anew", {{"store", own}, {"file", file_.native()}});
  }
  if (behind == 0) return;
  log::error("the store is older than the last seal that was handed outside; what was written in between is gone",
             {{"store", own}, {"outside", outside}, {"file", file_.native()}});
}

}  // namespace vardbron::app
