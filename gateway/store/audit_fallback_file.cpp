#include "gateway/store/audit_fallback_file.h"

#include "gateway/base/digest.h"
#include "gateway/base/text.h"
#include "gateway/formats/json/composer.h"
#include "gateway/formats/json/value.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <system_error>
#include <utility>
#include <vector>

namespace vardbron::store {

namespace {

constexpr std::string_view seal_begin = R"(,"seal":")", seal_end = R"("})";
constexpr std::size_t seal_digits = 64;
constexpr std::size_t id_bytes_max = 36;  // a UUID
constexpr std::size_t end_digits = 19;

std::string seal_of(const HmacKey& key, std::string_view id, std::string_view line) {
  return to_hex(key.sign(std::string(id) + ' ' + std::string(line)));
}

/// The line up to its seal, when the seal is right.
std::optional<std::string_view> sealed_part(const HmacKey& key, std::string_view id, std::string_view line) {
  constexpr std::size_t tail = seal_begin.size() + seal_digits + seal_end.size();
  if (line.size() < tail) return std::nullopt;
  const std::string_view part = line.substr(0, line.size() - tail);
  const std::string expected = std::string(seal_begin) + seal_of(key, id, part) + std::string(seal_end);
  if (line.substr(part.size()) != expected) return std::nullopt;
  return part;
}

std::string end_line(const HmacKey& key, const FallbackEnd& end) {
  std::string rows = std::to_string(end.rows);
  rows.insert(0, end_digits - std::min(rows.size(), end_digits), '0');  // of constant length: one write replaces the other
  return end.id + ' ' + rows + ' ' + seal_of(key, end.id, "end " + rows) + '\n';
}

struct Line {
  AuditRow row;
  std::int64_t number = 0;
};

std::optional<Line> read_line(const HmacKey& key, std::string_view id, const std::string& line) {
  if (!sealed_part(key, id, line)) return std::nullopt;
  const Result<json::Value> row = json::read_value(line);
  if (!row || !row->is(json::Value::Kind::Object)) return std::nullopt;
  Line read;
  read.number = parse_int(row->text_of("n")).value_or(0);
  read.row.action = row->text_of("action");
  read.row.caller = row->text_of("caller");
  read.row.subject = row->text_of("subject");
  read.row.case_key = row->text_of("case");
  read.row.says = row->text_of("says");
  if (!read.row.says.empty()) read.row.says += ' ';
  read.row.says += fallback_mark(row->text_of("at"), id, read.number);
  return read;
}

}  // namespace

std::string fallback_line(const HmacKey& key, std::string_view id, std::int64_t number, const AuditRow& row, WallTime at) {
  json::Composer json;
  json.begin_object().number("n", number).text("at", to_instant(at)).text("action", row.action).text("caller", row.caller);
  json.text("subject", row.subject).text("case", row.case_key).text("says", row.says).end_object();
  std::string line = json.finish();
  line.pop_back();  // the seal covers everything before it
  const std::string seal = seal_of(key, id, line);
  return line.append(seal_begin).append(seal).append(seal_end);
}

std::string fallback_mark(std::string_view at, std::string_view id, std::int64_t number) {
  std::string mark = "[written aside " + std::string(at);
  return mark.append(", ").append(id).append("-").append(std::to_string(number)).append("]");
}

std::optional<std::int64_t> marked_number(std::string_view says, std::string_view id) {
  const std::string mark = ", " + std::string(id) + "-";
  const std::size_t at = says.rfind(mark);
  if (at == std::string_view::npos || says.back() != ']') return std::nullopt;
  const std::string_view number = says.substr(at + mark.size());
  return parse_int(number.substr(0, number.size() - 1));
}

std::filesystem::path end_beside(const std::filesystem::path& file) { return file.string() + ".end"; }

std::optional<FallbackEnd> read_end_beside(const std::filesystem::path& file, const HmacKey& key) {
  std::ifstream stream(end_beside(file), std::ios::binary);
  std::string line;
  if (!std::getline(stream, line)) return std::nullopt;
  const std::vector<std::string_view> words = split(line, ' ');
  if (words.size() != 3) return std::nullopt;
  const FallbackEnd end{std::string(words[0]), parse_int(words[1]).value_or(0)};
  if (end_line(key, end) != line + '\n') return std::nullopt;
  return end;
}

bool write_end_beside(const std::filesystem::path& file, const HmacKey& key, const FallbackEnd& end) {
  const int handle = ::open(end_beside(file).c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (handle < 0) return false;
  const std::string line = end_line(key, end);
  const auto size = static_cast<ssize_t>(line.size());
  const bool is_written = ::pwrite(handle, line.data(), line.size(), 0) == size && ::fsync(handle) == 0;
  ::close(handle);
  return is_written;
}

std::int64_t count_set_aside(const std::filesystem::path& file) {
  std::int64_t count = 0;
  std::error_code error;
  const std::string begin = file.filename().string() + std::string(set_aside_mark);
  const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
  for (const auto& entry : std::filesystem::directory_iterator(folder, error))
    count += entry.path().filename().string().starts_with(begin);
  return count;
}

FallbackReader::FallbackReader(const std::filesystem::path& file, const HmacKey& key, std::string_view id)
    : key_(key), stream_(file, std::ios::binary) {
  std::string line;
  if (!read(line)) return;
  const bool is_id = line.size() <= id_bytes_max && line.find_first_not_of("0123456789abcdef-") == std::string::npos;
  id_ = !id.empty() ? std::string(id) : is_id ? line : std::string();
  is_foreign_ = id_.empty() || line != id_;
}

FallbackReader::Step FallbackReader::next() {
  Step step;
  step.first = expected_;
  for (std::string text; read(text);) {
    std::optional<Line> line = read_line(key_, id_, text);
    if (!line || line->number < expected_) {  // of another file, or moved within it
      ++foreign_;
      continue;
    }
    step.is_changed = is_foreign_ || foreign_ > 0 || line->number > expected_;
    is_foreign_ = false;
    step.row = std::move(line->row);
    step.number = line->number;
    expected_ = step.number + 1;
    foreign_ = 0;
    return step;
  }
  step.is_changed = is_foreign_ || foreign_ > 0;
  step.number = expected_ += std::exchange(foreign_, 0);
  return step;
}

bool FallbackReader::read(std::string& line) {
  if (!std::getline(stream_, line) || stream_.eof()) return false;
  bytes_ += line.size() + 1;
  return true;
}

}  // namespace vardbron::store
