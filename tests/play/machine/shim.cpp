// Loaded before the C library's own functions: a machine whose disk and clock fail while a real gateway runs on it.
//
//   VARDBRON_SHIM_BELOW  files below this folder are on the failing disk
//   VARDBRON_SHIM_DISK   a file; while it exists its lines say what fails: "<call> <error> [n]", call is write, sync or truncate,
//                        error is EIO, ENOSPC, EROFS, EDQUOT or SHORT (half of it is written). With n only the n-th such call
//                        fails, counted from when the file was changed.
//   VARDBRON_SHIM_CLOCK  a file; it holds how many seconds the time of day is away from the truth
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <mutex>

namespace {

enum Call { Write, Sync, Truncate };
constexpr const char* call_names[] = {"write", "sync", "truncate"};
constexpr int short_write = -1;

struct ErrorName {
  const char* name;
  int number;
};
constexpr ErrorName errors[] = {{"EIO", EIO}, {"ENOSPC", ENOSPC}, {"EROFS", EROFS}, {"EDQUOT", EDQUOT}, {"SHORT", short_write}};

/// The text of a small file; false when there is none. Nothing of this file's own functions is called.
bool read_file(const char* path, char (&text)[256]) {
  const long file = syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  const long got = syscall(SYS_read, file, text, sizeof text - 1);
  syscall(SYS_close, file);
  text[got > 0 ? got : 0] = '\0';
  return true;
}

bool is_on_the_disk(int file) {
  const char* below = getenv("VARDBRON_SHIM_BELOW");
  if (below == nullptr) return false;
  char link[32] = "/proc/self/fd/", path[512];
  int digits = 0;
  char reversed[12];
  for (int rest = file; rest > 0 || digits == 0; rest /= 10) reversed[digits++] = static_cast<char>('0' + rest % 10);
  for (char* end = link + strlen(link); digits > 0; *end = '\0') *end++ = reversed[--digits];
  const long size = syscall(SYS_readlink, link, path, sizeof path - 1);
  return size > 0 && strncmp(path, below, strlen(below)) == 0;
}

std::mutex guard;
char last_text[256];
unsigned counts[3];

/// What the line asks for, when it is about this call: 0 when not.
int error_of(const char* line, Call call, unsigned count) {
  const std::size_t length = strlen(call_names[call]);
  if (strncmp(line, call_names[call], length) != 0 || line[length] != ' ') return 0;
  const char* word = line + length + 1;
  for (const ErrorName& each : errors) {
    const std::size_t size = strlen(each.name);
    if (strncmp(word, each.name, size) != 0) continue;
    const unsigned long nth = word[size] == ' ' ? strtoul(word + size, nullptr, 10) : 0;
    return nth == 0 || nth == count ? each.number : 0;
  }
  return 0;
}

int error_for(Call call, int file) {
  const char* control = getenv("VARDBRON_SHIM_DISK");
  char text[256];
  if (control == nullptr || !read_file(control, text) || !is_on_the_disk(file)) return 0;
  std::lock_guard lock(guard);
  if (strcmp(text, last_text) != 0) {
    memcpy(last_text, text, sizeof last_text);
    memset(counts, 0, sizeof counts);
  }
  const unsigned count = ++counts[call];
  for (const char* line = text; line != nullptr && *line != '\0';) {
    const int error = error_of(line, call, count);
    if (error != 0) return error;
    line = strchr(line, '\n');
    if (line != nullptr) ++line;
  }
  return 0;
}

/// -1 with errno when the call is to fail.
long failed(int error) {
  errno = error;
  return -1;
}

long seconds_away() {
  const char* control = getenv("VARDBRON_SHIM_CLOCK");
  char text[256];
  return control != nullptr && read_file(control, text) ? atol(text) : 0;
}

}  // namespace

extern "C" {

ssize_t pwrite64(int file, const void* bytes, std::size_t size, off64_t at) {
  const int error = error_for(Write, file);
  if (error > 0) return failed(error);
  return syscall(SYS_pwrite64, file, bytes, error == short_write ? size / 2 : size, at);
}
ssize_t pwrite(int file, const void* bytes, std::size_t size, off_t at) { return pwrite64(file, bytes, size, at); }

ssize_t write(int file, const void* bytes, std::size_t size) {
  const int error = error_for(Write, file);
  if (error > 0) return failed(error);
  return syscall(SYS_write, file, bytes, error == short_write ? size / 2 : size);
}

int fsync(int file) {
  const int error = error_for(Sync, file);
  return static_cast<int>(error > 0 ? failed(error) : syscall(SYS_fsync, file));
}
int fdatasync(int file) {
  const int error = error_for(Sync, file);
  return static_cast<int>(error > 0 ? failed(error) : syscall(SYS_fdatasync, file));
}

int ftruncate64(int file, off64_t size) {
  const int error = error_for(Truncate, file);
  return static_cast<int>(error > 0 ? failed(error) : syscall(SYS_ftruncate, file, size));
}
int ftruncate(int file, off_t size) { return ftruncate64(file, size); }

int clock_gettime(clockid_t clock, timespec* now) noexcept {
  using Function = int (*)(clockid_t, timespec*);
  static const auto real = reinterpret_cast<Function>(dlsym(RTLD_NEXT, "clock_gettime"));
  const int code = real(clock, now);
  if (code == 0 && clock == CLOCK_REALTIME) now->tv_sec += seconds_away();
  return code;
}
int gettimeofday(timeval* now, void*) noexcept {
  timespec exact{};
  clock_gettime(CLOCK_REALTIME, &exact);
  *now = {exact.tv_sec, exact.tv_nsec / 1000};
  return 0;
}
std::time_t time(std::time_t* into) noexcept {
  timespec exact{};
  clock_gettime(CLOCK_REALTIME, &exact);
  if (into != nullptr) *into = exact.tv_sec;
  return exact.tv_sec;
}
}
