#include "gateway/app/seal_file.h"

#include "gateway/base/log.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace vardbron::app {

namespace {

constexpr const char* counted = "vardbron_store_seals_total";
constexpr const char* counted_says = "Seals of the store that were handed outside, to the file or, without one, to the log alone";

bool append_synced(const std::filesystem::path& file, const std::string& line) {
  const int handle = ::open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
  if (handle < 0) return false;
  bool written = ::write(handle, line.data(), line.size()) == static_cast<ssize_t>(line.size());
  written = written && ::fdatasync(handle) == 0;
  const int error = errno;
  ::close(handle);
  errno = error;
  return written;
}

}  // namespace

SealFile::SealFile(std::filesystem::path file, Metrics& metrics)
    : file_(std::move(file)),
      written_(metrics.counter(counted, counted_says, {{"result", "written"}})),
      failed_(metrics.counter(counted, counted_says, {{"result", "failed"}})) {}

void SealFile::append(const std::string& line) {
  std::lock_guard lock(guard_);
  log::info("the store is sealed", {{"seal", line}});
  if (file_.empty() || append_synced(file_, line + "\n")) return written_.add();
  failed_.add();
  log::error("the store's seal cannot be written outside", {{"file", file_.native()}, {"error", std::strerror(errno)}});
}

}  // namespace vardbron::app
