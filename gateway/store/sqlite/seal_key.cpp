#include "gateway/store/sqlite/seal_key.h"

#include "gateway/base/text.h"
#include "gateway/store/sqlite/store_directory.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

namespace vardbron::store {

namespace {

constexpr std::size_t secret_letters = 64;  // hexadecimal

HmacKey derived(std::string_view secret, std::string_view use) {
  const Sha256 key = HmacKey(secret).sign(use);
  return HmacKey({reinterpret_cast<const char*>(key.data()), key.size()});
}

Failure broken(const std::filesystem::path& file, std::string says) {
  return {Cause::Broken, "The key of the store's seal " + std::move(says), file.string()};
}

std::string error_text() { return std::string(std::strerror(errno)) + "."; }

}  // namespace

SealKey::SealKey(std::string_view secret)
    : rows(derived(secret, "rows")),
      signer(derived(secret, "signer")),
      hider(derived(secret, "hider")),
      lines(derived(secret, "lines")),
      aside(derived(secret, "aside")) {}

Result<SealKey> SealKey::read(const std::filesystem::path& file) {
  const int handle = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (handle < 0 && errno == ENOENT) return Failure{Cause::NotFound, "There is no key of the store's seal.", file.string()};
  if (handle < 0) return broken(file, "cannot be read: " + error_text());
  struct stat status {};
  char bytes[secret_letters + 2];
  const bool looked = ::fstat(handle, &status) == 0;
  const ssize_t got = looked ? ::read(handle, bytes, sizeof bytes) : -1;
  ::close(handle);
  if (got < 0) return broken(file, "cannot be read: " + error_text());
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) return broken(file, "may be read by others than its owner (chmod 600).");
  const std::string_view secret = trim({bytes, static_cast<std::size_t>(got)});
  if (secret.size() != secret_letters || secret.find_first_not_of("0123456789abcdef") != std::string_view::npos) {
    return broken(file, "must be 64 hexadecimal digits in lower case.");
  }
  return SealKey(secret);
}

Result<SealKey> SealKey::make(const std::filesystem::path& file, Random& random) {
  std::string bytes;
  for (int word = 0; word < 8; ++word) {
    const std::uint64_t next = random.next();
    bytes.append(reinterpret_cast<const char*>(&next), sizeof next);
  }
  const std::string secret = to_hex(sha256(bytes));
  const int handle = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (handle < 0) return broken(file, "cannot be made: " + error_text());
  const std::string line = secret + "\n";
  const bool written = ::write(handle, line.data(), line.size()) == static_cast<ssize_t>(line.size()) && ::fsync(handle) == 0;
  const std::string why = error_text();
  ::close(handle);
  if (!written || !sync_directory(file.parent_path())) {
    ::unlink(file.c_str());
    return broken(file, "cannot be kept: " + why);
  }
  return SealKey(secret);
}

}  // namespace vardbron::store
