#include "gateway/store/audit_fallback.h"

#include "gateway/base/hop.h"
#include "gateway/base/limits.h"
#include "gateway/base/text.h"
#include "gateway/base/uuid.h"
#include "gateway/formats/json/parse.h"

#include <fcntl.h>
#include <unistd.h>

#include <fstream>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

namespace vardbron::store {

namespace {

Failure trouble(const std::filesystem::path& file, std::string_view what) {
  return {Cause::Broken, "The second place of the access log cannot be " + std::string(what) + ".", file.string()};
}

std::string line_of(const AuditRow& row, WallTime at) {
  std::string line = "{\"at\":" + json_quoted(to_instant(at));
  line.append(",\"action\":").append(json_quoted(row.action)).append(",\"caller\":").append(json_quoted(row.caller));
  line.append(",\"subject\":").append(json_quoted(row.subject)).append(",\"case\":").append(json_quoted(row.case_key));
  return line.append(",\"says\":").append(json_quoted(row.says)).append("}\n");
}

// What a row says in the store's log: when it was written aside, and where it lay.
std::string mark_of(const std::string& id, std::int64_t line) { return id + "-" + std::to_string(line) + "]"; }

std::optional<AuditRow> read_line(const std::string& line, const std::string& id, std::int64_t number) {
  const tree::Names names;
  Result<tree::Document> document = json::parse(line, names);
  if (!document) return std::nullopt;
  const tree::Item root = tree::root(*document);
  if (root.text_of("at").empty() || root.text_of("action").empty()) return std::nullopt;
  AuditRow row;
  row.action = root.text_of("action");
  row.caller = root.text_of("caller");
  row.subject = root.text_of("subject");
  row.case_key = root.text_of("case");
  row.says = root.text_of("says");
  if (!row.says.empty()) row.says += ' ';
  row.says.append("[written aside ").append(root.text_of("at")).append(", ").append(mark_of(id, number));
  return row;
}

// Whole lines of a file; what stands behind the last line end was never acknowledged.
std::vector<std::string> whole_lines(const std::filesystem::path& file, std::int64_t from, std::size_t count) {
  std::vector<std::string> lines;
  std::ifstream stream(file, std::ios::binary);
  std::string line;
  for (std::int64_t at = 0; lines.size() < count && std::getline(stream, line) && !stream.eof(); ++at) {
    if (at >= from) lines.push_back(line);
  }
  return lines;
}

}  // namespace

AuditFallback::AuditFallback(std::filesystem::path file, Clock& clock, Random& random, asio::any_io_executor executor,
                             std::size_t bytes_max)
    : file_(std::move(file)), clock_(clock), random_(random), executor_(std::move(executor)), bytes_max_(bytes_max) {}

AuditFallback::~AuditFallback() {
  if (handle_ >= 0) ::close(handle_);
}

Result<std::unique_ptr<AuditFallback>> AuditFallback::open(const std::filesystem::path& file, Clock& clock, Random& random,
                                                           asio::any_io_executor executor, std::size_t bytes_max) {
  auto made = std::unique_ptr<AuditFallback>(new AuditFallback(file, clock, random, std::move(executor), bytes_max));
  made->handle_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (made->handle_ < 0) return trouble(file, "opened");
  Result<void> read = made->read_what_is_there();
  if (!read) return std::move(read).failure();
  return made;
}

// The first line is the file's id.
Result<void> AuditFallback::read_what_is_there() {
  std::ifstream stream(file_, std::ios::binary);
  std::string line;
  std::int64_t number = 0;
  while (std::getline(stream, line) && !stream.eof()) {
    if (number == 0) {
      id_ = line;
    } else if (!read_line(line, id_, number)) {
      return trouble(file_, "read: line " + std::to_string(number + 1) + " is damaged");
    }
    bytes_ += line.size() + 1;
    ++number;
  }
  lines_ = number == 0 ? 0 : number - 1;
  rows_ = lines_;
  if (lines_ > 0) look_from_ = 0;
  if (::ftruncate(handle_, static_cast<off_t>(bytes_)) != 0) return trouble(file_, "written");
  return done();
}

// A name of its own for every time it is filled, so that a row is never taken for one of another time.
Result<void> AuditFallback::begin() {
  if (bytes_ > 0) return done();
  id_ = to_string(uuid_v7(clock_.wall(), random_));
  const std::string head = id_ + "\n";
  if (::write(handle_, head.data(), head.size()) != static_cast<ssize_t>(head.size())) {
    if (::ftruncate(handle_, 0) != 0) return trouble(file_, "mended");
    return trouble(file_, "written");
  }
  bytes_ = head.size();
  lines_ = taken_ = 0;
  look_from_.reset();
  return done();
}

Task<Result<void>> AuditFallback::append(std::vector<AuditRow> rows) { return hop(executor_, append_here(std::move(rows))); }

Task<Result<void>> AuditFallback::append_here(std::vector<AuditRow> rows) {
  std::string text;
  for (const AuditRow& row : rows) text += line_of(row, clock_.wall());
  if (bytes_ + text.size() > bytes_max_) {
    co_return Failure{Cause::Busy, "The second place of the access log is full.", ""};
  }
  Result<void> begun = begin();
  if (!begun) co_return begun;
  const bool is_written = ::write(handle_, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  if (!is_written || ::fsync(handle_) != 0) {
    // Half a line, or a line that may not be on the disk, must not be in the way of the next.
    if (::ftruncate(handle_, static_cast<off_t>(bytes_)) != 0) co_return trouble(file_, "mended");
    co_return trouble(file_, "written");
  }
  bytes_ += text.size();
  lines_ += static_cast<std::int64_t>(rows.size());
  rows_ += static_cast<std::int64_t>(rows.size());
  co_return done();
}

Task<Result<void>> AuditFallback::take_over(Store& store) { return hop(executor_, take_over_here(store)); }

Task<Result<void>> AuditFallback::take_over_here(Store& store) {
  Result<std::int64_t> before = co_await taken_before(store);
  if (!before) co_return std::move(before).failure();
  rows_ = lines_ - taken_;
  while (taken_ < lines_) {
    Result<std::vector<AuditRow>> some = read_from(taken_ + 1, limits::audit_fallback_rows_per_take_over);
    if (!some) co_return std::move(some).failure();
    const auto count = static_cast<std::int64_t>(some->size());
    Result<void> noted = co_await store.audit(std::move(*some));
    if (!noted) co_return noted;
    taken_ += count;
    rows_ = lines_ - taken_;
  }
  remove();
  co_return done();
}

// The number of the last line that lies in the store already. A file that an earlier process began may have been taken over in
// part at any time since, so the whole log is looked through once; for one begun here only what was written since the first
// attempt.
Task<Result<std::int64_t>> AuditFallback::taken_before(Store& store) {
  if (!look_from_) {
    Result<std::int64_t> last = co_await last_number(store);
    if (!last) co_return std::move(last).failure();
    look_from_ = *last;
  }
  const std::string mark = ", " + id_ + "-";
  while (true) {
    Result<std::vector<AuditRow>> rows = co_await store.audit_rows(*look_from_, limits::audit_fallback_rows_per_take_over);
    if (!rows) co_return std::move(rows).failure();
    for (const AuditRow& row : *rows) {
      const std::size_t at = row.says.rfind(mark);
      if (at == std::string::npos || row.says.back() != ']') continue;
      const std::string_view number = std::string_view(row.says).substr(at + mark.size());
      taken_ = std::max(taken_, parse_int(number.substr(0, number.size() - 1)).value_or(0));
    }
    if (rows->empty()) co_return taken_;
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

Result<std::vector<AuditRow>> AuditFallback::read_from(std::int64_t line, std::size_t count) {
  std::vector<AuditRow> rows;
  for (const std::string& each : whole_lines(file_, line, count)) {
    std::optional<AuditRow> row = read_line(each, id_, line++);
    if (!row) return trouble(file_, "read");
    rows.push_back(std::move(*row));
  }
  if (rows.empty()) return trouble(file_, "read");
  return rows;
}

void AuditFallback::remove() {
  if (::ftruncate(handle_, 0) != 0 || ::fsync(handle_) != 0) return;  // found to be taken over already by the next look
  bytes_ = 0;
  lines_ = 0;
  rows_ = 0;
}

}  // namespace vardbron::store
