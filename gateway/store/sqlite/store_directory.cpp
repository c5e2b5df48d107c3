#include "gateway/store/sqlite/store_directory.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <system_error>

namespace vardbron::store {

namespace {

Failure broken(std::string says) { return {Cause::Broken, std::move(says), ""}; }

bool sync(const std::filesystem::path& path, int flags) {
  int handle = ::open(path.c_str(), flags | O_CLOEXEC);
  if (handle < 0) return false;
  bool synced = ::fsync(handle) == 0;
  ::close(handle);
  return synced;
}

}  // namespace

bool sync_directory(const std::filesystem::path& directory) { return sync(directory, O_RDONLY | O_DIRECTORY); }

bool sync_file(const std::filesystem::path& file) { return sync(file, O_RDONLY); }

Result<std::unique_ptr<StoreDirectory>> StoreDirectory::take(const std::filesystem::path& directory) {
  std::error_code error;
  bool fresh = std::filesystem::create_directories(directory, error);
  if (error) return broken("The store's directory cannot be made: " + error.message() + ".");
  if (fresh) std::filesystem::permissions(directory, std::filesystem::perms::owner_all, error);
  if (error) return broken("The store's directory cannot be closed to others: " + error.message() + ".");
  int lock = ::open((directory / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock < 0) return broken("The store's directory cannot be written.");
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
    ::close(lock);
    return broken("Another process has the store open.");
  }
  ::umask(::umask(0077) | 0077);  // SQLite makes its files with the process's mask; data of patients are for the owner only
  if (!sync_directory(directory)) {
    ::close(lock);
    return broken("The store's directory cannot be synced.");
  }
  return std::unique_ptr<StoreDirectory>(new StoreDirectory(directory, lock));
}

StoreDirectory::~StoreDirectory() { ::close(lock_); }

}  // namespace vardbron::store
