#include "gateway/store/sqlite/copy_in_making.h"

#include "gateway/store/sqlite/page_sum.h"
#include "gateway/store/sqlite/store_directory.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>
#include <utility>

namespace vardbron::store {

namespace {

// Else hundreds of megabytes may wait for the disk at once, and with them the commits of a store on the same one.
constexpr std::int64_t unsynced_bytes_max = 16 << 20;

Failure not_written() {
  const int error = errno;
  const bool is_full = error == ENOSPC || error == EDQUOT || error == EFBIG;
  return {Cause::Broken,
          is_full ? "There is no room for the copy." : std::string("The copy cannot be written: ") + std::strerror(error) + ".",
          ""};
}

}  // namespace

CopyInMaking::CopyInMaking(std::filesystem::path name, Existing existing)
    : name_(std::move(name)), part_(name_.string() + ".part"), existing_(existing) {
  remove_part();
}

CopyInMaking::~CopyInMaking() {
  if (!is_finished_) remove_part();
}

// With the files that SQLite makes beside one that it writes or reads.
void CopyInMaking::remove_part() const {
  std::error_code error;
  for (const char* ending : {"", "-journal", "-wal", "-shm"}) std::filesystem::remove(part_.string() + ending, error);
}

Result<void> CopyInMaking::finish() {
  std::error_code error;
  for (const char* ending : {"-wal", "-shm"}) std::filesystem::remove(part_.string() + ending, error);
  if (existing_ == Existing::Kept && std::filesystem::exists(name_, error))
    return Failure{Cause::Broken, "There is a file of that name.", name_.string()};
  std::filesystem::rename(part_, name_, error);
  if (error) return Failure{Cause::Broken, "The copy cannot be renamed: " + error.message() + ".", name_.string()};
  is_finished_ = true;
  if (!sync_directory(std::filesystem::absolute(name_).parent_path())) {
    return Failure{Cause::Broken, "The copy's folder cannot be synced.", name_.string()};
  }
  return done();
}

Result<PageWriter> PageWriter::make(const std::filesystem::path& file) {
  const int handle = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (handle < 0) {
    Failure failure = not_written();
    failure.where = file.string();
    return failure;
  }
  return PageWriter(handle);
}

PageWriter::PageWriter(PageWriter&& other) noexcept
    : handle_(std::exchange(other.handle_, -1)), unsynced_bytes_(other.unsynced_bytes_) {}

PageWriter::~PageWriter() {
  if (handle_ >= 0) ::close(handle_);
}

Result<void> PageWriter::put(std::int64_t first_page, std::string_view pages) {
  off_t at = (first_page - 1) * static_cast<off_t>(page_bytes);
  unsynced_bytes_ += static_cast<std::int64_t>(pages.size());
  while (!pages.empty()) {
    const ssize_t written = ::pwrite(handle_, pages.data(), pages.size(), at);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return not_written();
    at += written;
    pages.remove_prefix(static_cast<std::size_t>(written));
  }
  if (unsynced_bytes_ < unsynced_bytes_max) return done();
  unsynced_bytes_ = 0;
  if (::fdatasync(handle_) != 0) return not_written();
  return done();
}

Result<void> PageWriter::end(std::int64_t pages) {
  const bool is_cut = ::ftruncate(handle_, pages * static_cast<off_t>(page_bytes)) == 0;
  if (!is_cut || ::fsync(handle_) != 0) return not_written();
  return done();
}

Result<void> copy_store(Database& database, const std::filesystem::path& name, CopyInMaking::Existing existing) {
  CopyInMaking copy(name, existing);
  Result<void> copied = database.copy_to(copy.part());
  if (copied) copied = copy.finish();
  return copied;
}

}  // namespace vardbron::store
