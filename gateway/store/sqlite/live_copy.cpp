#include "gateway/store/sqlite/live_copy.h"

#include "gateway/store/sqlite/page_sum.h"

#include <algorithm>
#include <shared_mutex>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace vardbron::store {

namespace {

constexpr std::size_t pages_at_once = 256;  // 1 MB
// SQLite's file format 1.3: the size of the file in pages, in its first page.
constexpr std::size_t size_at = 28;

struct Pages {
  std::int64_t first = 0;
  std::string bytes;
};

class LiveCopy {
 public:
  LiveCopy(Database& database, FileChanges& changes, PageSink& sink, const std::function<bool()>& is_stopped)
      : database_(database), changes_(changes), sink_(sink), is_stopped_(is_stopped) {
    changes_.follow();
  }
  ~LiveCopy() { changes_.leave(); }
  LiveCopy(const LiveCopy&) = delete;
  LiveCopy& operator=(const LiveCopy&) = delete;

  Result<void> whole_file() {
    const std::int64_t all = database_.number("PRAGMA page_count");
    if (std::optional<Failure> failure = database_.take_failure()) return *std::move(failure);
    if (!sink_.begin(all)) return gone();
    for (std::int64_t first = 1;; first += static_cast<std::int64_t>(pages_at_once)) {
      Result<std::string> bytes = database_.read_file(first, pages_at_once);
      if (!bytes) return std::move(bytes).failure();
      if (bytes->empty()) return done();
      Result<void> sent = send({first, *std::move(bytes)});
      if (!sent) return sent;
    }
  }

  Result<void> again(const std::vector<std::int64_t>& pages) {
    return each_run(pages, [this](const Pages& run) { return send(run); });
  }

  /// What is left, if it is little; false: it is not.
  Result<bool> last(std::size_t pages_max) {
    copy_log();
    if (std::optional<Failure> failure = database_.take_failure()) return *std::move(failure);
    std::unique_lock<std::shared_mutex> still = changes_.hold_still();
    if (!changes_.is_whole()) return Failure{Cause::Busy, "The store's log could not be copied into its file.", ""};
    std::vector<std::int64_t> left = changes_.take();
    if (left.size() > pages_max) {
      still.unlock();
      Result<void> sent = again(left);
      return sent ? Result<bool>(false) : Result<bool>(std::move(sent).failure());
    }
    if (left.empty() || left.front() != 1) left.insert(left.begin(), 1);
    std::vector<Pages> read;
    Result<void> runs = each_run(left, [&read](Pages run) {
      read.push_back(std::move(run));
      return done();
    });
    still.unlock();
    if (!runs) return std::move(runs).failure();
    for (const Pages& run : read) {
      Result<void> sent = send(run);
      if (!sent) return std::move(sent).failure();
    }
    if (!sink_.end(size_in(read.front().bytes))) return gone();
    return true;
  }

 private:
  // What was acknowledged before the copy was asked for may be in the log only. Another checkpoint may have begun before that.
  void copy_log() {
    constexpr int tries = 8;
    for (int times = 0; times < tries && !database_.checkpoint(); ++times) {
      const auto the_other_has_ended = changes_.hold_still();
    }
  }

  static Failure gone() { return {Cause::Cancelled, "The copy of the store was broken off.", ""}; }
  static std::int64_t size_in(std::string_view first_page) {
    std::int64_t pages = 0;
    for (std::size_t at = size_at; at < size_at + 4; ++at) pages = pages << 8 | static_cast<unsigned char>(first_page.at(at));
    return pages;
  }

  Result<void> send(const Pages& run) {
    if (is_stopped_() || !sink_.put(run.first, run.bytes)) return gone();
    return done();
  }

  /// Reads pages that follow each other together.
  template <class Use>
  Result<void> each_run(std::span<const std::int64_t> pages, Use use) {
    while (!pages.empty()) {
      std::size_t count = 1;
      while (count < std::min(pages.size(), pages_at_once) && pages[count] == pages[count - 1] + 1) ++count;
      Result<std::string> bytes = database_.read_file(pages.front(), count);
      if (!bytes) return std::move(bytes).failure();
      Result<void> used = bytes->empty() ? done() : use(Pages{pages.front(), *std::move(bytes)});
      if (!used) return std::move(used).failure();
      pages = pages.subspan(count);
    }
    return done();
  }

  Database& database_;
  FileChanges& changes_;
  PageSink& sink_;
  const std::function<bool()>& is_stopped_;
};

}  // namespace

Result<void> copy_live(Database& database, FileChanges& changes, PageSink& sink, const std::function<bool()>& is_stopped,
                       LiveCopyBounds bounds) {
  LiveCopy copy(database, changes, sink, is_stopped);
  Result<void> copied = copy.whole_file();
  if (!copied) return copied;
  for (int round = 0; round < bounds.rounds_max; ++round) {
    // Without a checkpoint first there may be much to read while the file is held still.
    std::vector<std::int64_t> changed = changes.take();
    if (!changed.empty()) copied = copy.again(changed);
    if (!copied) return copied;
    const Result<bool> is_done = copy.last(bounds.last_pages_max);
    if (!is_done) return is_done.failure();
    if (*is_done) return done();
  }
  return Failure{Cause::Busy, "More is written to the store than can be copied meanwhile; try again when less is received.", ""};
}

}  // namespace vardbron::store
