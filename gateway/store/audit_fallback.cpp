#include "gateway/store/audit_fallback.h"

#include "gateway/base/limits.h"
#include "gateway/base/log.h"
#include "gateway/base/run_on.h"
#include "gateway/base/text.h"
#include "gateway/base/uuid.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <string_view>
#include <system_error>
#include <utility>

namespace vardbron::store {

namespace {

Failure trouble(const std::filesystem::path& file, std::string_view what) {
  return {Cause::Broken, "The second place of the access log cannot be " + std::string(what) + ".", file.string()};
}

bool sync_file(const std::filesystem::path& file) {
  const int handle = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (handle < 0) return false;
  const bool is_synced = ::fsync(handle) == 0;
  ::close(handle);
  return is_synced;
}

}  // namespace

AuditFallback::AuditFallback(std::filesystem::path file, HmacKey key, Clock& clock, Random& random,
                             asio::any_io_executor executor, std::size_t bytes_max)
    : file_(std::move(file)),
      key_(std::move(key)),
      clock_(clock),
      random_(random),
      executor_(std::move(executor)),
      bytes_max_(bytes_max) {}

AuditFallback::~AuditFallback() {
  if (handle_ >= 0) ::close(handle_);
}

Result<std::unique_ptr<AuditFallback>> AuditFallback::open(const std::filesystem::path& file, HmacKey key, Clock& clock,
                                                           Random& random, asio::any_io_executor executor,
                                                           std::size_t bytes_max) {
  auto made =
      std::unique_ptr<AuditFallback>(new AuditFallback(file, std::move(key), clock, random, std::move(executor), bytes_max));
  made->handle_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (made->handle_ < 0) return trouble(file, "opened");
  Result<void> read = made->read_what_is_there();
  if (!read) return std::move(read).failure();
  return made;
}

// A start does not wait for an operator: lines that are not as they were written are kept, logged, and not taken over.
Result<void> AuditFallback::read_what_is_there() {
  set_aside_ = count_set_aside(file_);
  FallbackReader reader(file_, key_, "");
  id_ = reader.id();
  bool is_changed = false;
  FallbackReader::Step step;
  do {
    step = reader.next();
    is_changed = is_changed || step.is_changed;
  } while (step.row);
  bytes_ = reader.bytes();
  rows_ = lines_ = step.number - 1;
  if (lines_ > 0) look_from_ = 0;
  if (::ftruncate(handle_, static_cast<off_t>(bytes_)) != 0) return trouble(file_, "written");
  return compare_with_end(is_changed);
}

// For rows that are missing at the end, or are of another file, take_over() writes one row instead.
Result<void> AuditFallback::compare_with_end(bool is_changed) {
  const std::optional<FallbackEnd> end = read_end_beside(file_, key_);
  const bool is_other = end && end->rows > 0 && end->id != id_;
  const bool is_cut = end && end->rows > 0 && end->id == id_ && end->rows > lines_;
  if (!is_changed && !is_other && !is_cut) return done();
  Result<void> kept = keep_aside();
  if (!kept && (is_other || id_.empty())) return kept;
  if (!kept)
    log::error("changed rows of the access log are not kept aside yet", {{"because", std::string_view(kept.failure().says)}});
  if (is_other) {
    if (::ftruncate(handle_, 0) != 0) return trouble(file_, "written");
    bytes_ = 0;
    id_ = end->id;
  }
  if (is_other || is_cut) {
    rows_ = lines_ = end->rows;
    look_from_ = 0;
    return done();
  }
  return id_.empty() ? tell_of_no_id() : done();
}

// Without an id no row can be assigned to this file: one row in a new file reports them all.
Result<void> AuditFallback::tell_of_no_id() {
  const std::vector<AuditRow> rows{lost(1, lines_)};
  remove();
  return bytes_ > 0 ? trouble(file_, "written") : append_now(rows);
}

// Under a unique name.
Result<void> AuditFallback::keep_aside() {
  if (!kept_as_.empty()) return done();
  const std::string name = file_.string() + std::string(set_aside_mark) + (id_.empty() ? "unknown" : id_);
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(file_, error);
  std::filesystem::path kept = name;
  for (int copy = 2; std::filesystem::exists(kept, error); ++copy) {
    if (std::filesystem::file_size(kept, error) == size) break;  // an earlier start kept it
    kept = name + "-" + std::to_string(copy);
  }
  std::filesystem::copy_file(file_, kept, std::filesystem::copy_options::overwrite_existing, error);
  if (error || !sync_file(kept)) return trouble(kept, "kept");
  kept_as_ = kept.filename().string();
  set_aside_ = count_set_aside(file_);
  log::error("rows of the access log that were written aside are not as they were written, the file is kept",
             {{"file", std::string_view(kept.native())}});
  return done();
}

AuditRow AuditFallback::lost(std::int64_t first, std::int64_t last) const {
  AuditRow row;
  row.action = "lost";
  row.says = last < first ? "lines that this gateway did not write lay among the rows written aside"
                          : "rows " + std::to_string(first) + " to " + std::to_string(last) +
                                " of those written aside are missing or not as they were written";
  row.says += "; the file is kept as " + kept_as_;
  return row;
}

// A new id each time the file is filled, so that a row is never mistaken for one of another time. A file whose rows were removed
// keeps its id until it is known which of them the store has.
Result<void> AuditFallback::begin() {
  if (bytes_ > 0) return done();
  if (lines_ == 0) {
    id_ = to_string(uuid_v7(clock_.wall(), random_));
    taken_ = 0;
    kept_as_.clear();
    look_from_.reset();
  }
  if (!write_end_beside(file_, key_, {id_, lines_})) return trouble(end_beside(file_), "written");
  const std::string head = id_ + "\n";
  if (::write(handle_, head.data(), head.size()) != static_cast<ssize_t>(head.size())) {
    if (::ftruncate(handle_, 0) != 0) return trouble(file_, "mended");
    return trouble(file_, "written");
  }
  bytes_ = head.size();
  return done();
}

Task<Result<void>> AuditFallback::append(std::vector<AuditRow> rows) { return run_on(executor_, append_here(std::move(rows))); }

Task<Result<void>> AuditFallback::append_here(std::vector<AuditRow> rows) { co_return append_now(rows); }

Result<void> AuditFallback::append_now(const std::vector<AuditRow>& rows) {
  Result<void> begun = begin();
  if (!begun) return begun;
  std::string text;
  std::int64_t number = lines_;
  for (const AuditRow& row : rows) text += fallback_line(key_, id_, ++number, row, clock_.wall()) + "\n";
  if (bytes_ + text.size() > bytes_max_) {
    return Failure{Cause::Busy, "The second place of the access log is full.", ""};
  }
  const bool is_written = ::write(handle_, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  if (!is_written || ::fsync(handle_) != 0 || !write_end_beside(file_, key_, {id_, number})) {
    // Half a line, or a line that may not be on the disk, must not precede the next one.
    if (::ftruncate(handle_, static_cast<off_t>(bytes_)) != 0) return trouble(file_, "mended");
    return trouble(file_, "written");
  }
  bytes_ += text.size();
  lines_ = number;
  rows_ += static_cast<std::int64_t>(rows.size());
  return done();
}

Task<Result<void>> AuditFallback::take_over(Store& store) { return run_on(executor_, take_over_here(store)); }

Task<Result<void>> AuditFallback::take_over_here(Store& store) {
  Result<std::int64_t> before = co_await taken_before(store);
  if (!before) co_return std::move(before).failure();
  rows_ = lines_ - taken_;
  std::error_code error;
  if (std::filesystem::file_size(file_, error) != bytes_) {
    Result<void> kept = keep_aside();
    if (!kept) co_return kept;
  }
  FallbackReader reader(file_, key_, id_);
  while (taken_ < lines_) {
    std::int64_t last = taken_;
    Result<std::vector<AuditRow>> some = read_some(reader, last);
    if (!some) co_return std::move(some).failure();
    Result<void> noted = co_await store.audit(*std::move(some));
    if (!noted) co_return noted;
    taken_ = last;
    rows_ = lines_ - taken_;
  }
  remove();
  co_return done();
}

namespace {

// Reading on from such a row would never end.
Failure not_in_order() {
  return {Cause::Broken, "The rows of the access log are not in their order: the store's file is damaged.", "audit"};
}

}  // namespace

// The number of the last line that the store has already. A file of an earlier process may have been taken over in part at any
// time since, so the whole log is searched once; for one begun here only the part since the first attempt.
Task<Result<std::int64_t>> AuditFallback::taken_before(Store& store) {
  if (!look_from_) {
    Result<std::int64_t> last = co_await last_number(store);
    if (!last) co_return std::move(last).failure();
    look_from_ = *last;
  }
  while (true) {
    Result<std::vector<AuditRow>> rows = co_await store.audit_rows(*look_from_, limits::audit_fallback_rows_per_take_over);
    if (!rows) co_return std::move(rows).failure();
    for (const AuditRow& row : *rows) {
      taken_ = std::max(taken_, marked_number(row.says, id_).value_or(0));
    }
    if (rows->empty()) co_return taken_;
    if (rows->back().number <= *look_from_) co_return not_in_order();
    look_from_ = rows->back().number;
  }
}

// Rows have numbers without gaps: twice as far until there is none, then halving.
Task<Result<std::int64_t>> AuditFallback::last_number(Store& store) {
  std::int64_t there = 0, not_there = 1;
  bool is_beyond = false;
  while (!is_beyond || not_there - there > 1) {
    const std::int64_t asked = is_beyond ? there + (not_there - there) / 2 : not_there;
    Result<std::vector<AuditRow>> row = co_await store.audit_rows(asked - 1, 1);
    if (!row) co_return std::move(row).failure();
    if (!row->empty() && row->front().number != asked) co_return not_in_order();
    if (row->empty()) {
      not_there = asked;
      is_beyond = true;
    } else {
      there = asked;
      if (!is_beyond) not_there = asked * 2;
    }
  }
  co_return there;
}

// Rows that the store does not have yet, and one row for those between them that are not as they were written; `last` is the
// number up to which they are complete.
Result<std::vector<AuditRow>> AuditFallback::read_some(FallbackReader& reader, std::int64_t& last) {
  std::vector<AuditRow> rows;
  while (last < lines_ && rows.size() < limits::audit_fallback_rows_per_take_over) {
    FallbackReader::Step step = reader.next();
    if (step.row && step.number <= last) continue;
    const std::int64_t up_to = step.row ? step.number - 1 : lines_;
    if (step.is_changed || !step.row) {
      Result<void> kept = keep_aside();
      if (!kept) return std::move(kept).failure();
      rows.push_back(lost(std::max(step.first, last + 1), up_to));
      rows.back().says += ' ' + fallback_mark(to_instant(clock_.wall()), id_, std::max(up_to, last));
    }
    last = step.row ? step.number : lines_;
    if (step.row) rows.push_back(*std::move(step.row));
  }
  return rows;
}

// The end first: an empty file whose end has a number means that rows were removed.
void AuditFallback::remove() {
  if (!id_.empty() && !write_end_beside(file_, key_, {id_, 0})) return;
  if (::ftruncate(handle_, 0) != 0 || ::fsync(handle_) != 0) return;  // the next attempt finds that they are taken over already
  bytes_ = 0;
  lines_ = 0;
  rows_ = 0;
}

}  // namespace vardbron::store
