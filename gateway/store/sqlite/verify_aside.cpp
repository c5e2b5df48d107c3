#include "gateway/store/sqlite/verify_aside.h"

#include "gateway/base/counted.h"
#include "gateway/store/audit_fallback_file.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace vardbron::store {

namespace {

constexpr const char* aside = "aside";

/// The number of the last row of that file which the store has. Failures to read the store are findings of other parts.
std::int64_t last_taken_over(Database& database, const std::string& id) {
  std::int64_t last = 0;
  Statement rows = database.prepare("SELECT says FROM audit WHERE instr(says, ?)>0");
  rows.query(std::string_view(id));
  while (rows.next()) last = std::max(last, marked_number(rows.text(0), id).value_or(0));
  database.take_failure();
  return last;
}

void add_missing(VerifyReport& report, std::int64_t first, std::int64_t last) {
  if (last < first) return report.add(aside, first, "Lines that no gateway wrote lie in front of the row.");
  const std::string rows = first == last ? "The row " + std::to_string(first) + " is"
                                         : "The rows " + std::to_string(first) + " to " + std::to_string(last) + " are";
  report.add(aside, first, rows + " missing or not as written.");
}

}  // namespace

void verify_aside(Database& database, const std::filesystem::path& file, const HmacKey& key, VerifyReport& report) {
  if (const std::int64_t kept = count_set_aside(file); kept > 0) {
    report.add(aside, 0,
               counted(static_cast<std::size_t>(kept), "file") + " beside it (" + std::string(set_aside_mark) +
                   "..) with rows that were changed: look at it and move it away.");
  }
  const std::optional<FallbackEnd> end = read_end_beside(file, key);
  std::error_code error;
  if (!end && std::filesystem::file_size(end_beside(file), error) > 0 && !error) {
    report.add(aside, 0, "What says how many rows there are (" + end_beside(file).filename().string() + ") was changed.");
  }
  FallbackReader reader(file, key, "");
  const bool is_other = end && end->rows > 0 && !reader.id().empty() && reader.id() != end->id;
  if (is_other) report.add(aside, 0, "The file is another than the one that the last row was written to.");
  const std::string id = end && reader.id().empty() ? end->id : reader.id();
  const std::int64_t taken = id.empty() ? 0 : last_taken_over(database, id);
  FallbackReader::Step step;
  do {
    step = reader.next();
    if (step.is_changed) add_missing(report, step.first, step.number - 1);
    if (step.row && step.number > taken) ++report.aside;
  } while (step.row);
  // Rows that the store has are not missing.
  const std::int64_t first = std::max(step.number, taken + 1);
  if (end && !is_other && end->rows >= first) add_missing(report, first, end->rows);
}

}  // namespace vardbron::store
