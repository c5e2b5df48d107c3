#include "gateway/formats/csv/rows.h"

#include <algorithm>
#include <utility>

namespace vardbron::csv {

namespace {

constexpr std::string_view separators = ",;\t";

std::string_view first_line(std::string_view text) { return text.substr(0, text.find_first_of("\r\n")); }

/// The separator most frequent outside of quotes in the first row; a comma if there is none.
char guess_separator(std::string_view text) {
  std::size_t best = 0;
  char found = separators[0];
  for (char candidate : separators) {
    std::size_t count = 0;
    bool is_quoted = false;
    for (char letter : text) {
      if (letter == '"') is_quoted = !is_quoted;
      if (!is_quoted && (letter == '\n' || letter == '\r')) break;
      count += !is_quoted && letter == candidate;
    }
    if (count > best) {
      best = count;
      found = candidate;
    }
  }
  return found;
}

}  // namespace

Rows::Rows(std::string_view text, RowOptions options) : text_(text), options_(options) {
  if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
  const std::string_view line = first_line(text_.substr(at_));
  const bool names_separator = line.size() == 5 && line.starts_with("sep=");  // first line written by Excel
  if (names_separator) {
    if (options_.separator == 0) options_.separator = line[4];
    at_ += line.size();
  }
  skip_empty_lines();
  if (options_.separator == 0) options_.separator = guess_separator(text_.substr(at_));
}

bool Rows::next() {
  cells_.clear();
  if (failed() || !skip_empty_lines()) return false;
  while (true) {
    if (cells_.size() == options_.columns_max) return refuse(Cause::TooLarge, "A row has too many columns.", at_);
    if (!cell()) return false;
    if (ends_row()) break;
    ++at_;  // the separator
  }
  skip_line_end();
  return true;
}

bool Rows::cell() {
  Cell& cell = cells_.emplace_back();
  cell.offset = at_;
  if (at_ < text_.size() && text_[at_] == '"') return quoted_cell(cell);
  const char ends[] = {options_.separator, '\r', '\n'};
  const std::size_t end = std::min(text_.find_first_of(std::string_view(ends, 3), at_), text_.size());
  cell.text = text_.substr(at_, end - at_);
  at_ = end;
  return true;
}

bool Rows::quoted_cell(Cell& cell) {
  ++at_;
  while (true) {
    const std::size_t quote = text_.find('"', at_);
    if (quote == std::string_view::npos) return refuse(Cause::Invalid, "A quoted cell has no end.", cell.offset);
    cell.text += text_.substr(at_, quote - at_);
    at_ = quote + 1;
    if (at_ >= text_.size() || text_[at_] != '"') break;
    cell.text += '"';
    ++at_;
  }
  if (ends_row() || text_[at_] == options_.separator) return true;
  return refuse(Cause::Invalid, "Behind the closing quote of a cell there is more; a quote inside a cell is doubled.", at_);
}

bool Rows::skip_empty_lines() {
  while (at_ < text_.size()) {
    if (options_.comment != 0 && text_[at_] == options_.comment)
      at_ = std::min(text_.find_first_of("\r\n", at_), text_.size());
    else if (!skip_line_end())
      return true;
  }
  return false;
}

bool Rows::skip_line_end() {
  if (at_ >= text_.size() || !ends_row()) return false;
  const bool is_pair = text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n';
  at_ += is_pair ? 2 : 1;
  return true;
}

bool Rows::refuse(Cause cause, const char* says, std::size_t offset) {
  cause_ = cause;
  says_ = says;
  fault_ = offset;
  return false;
}

Failure Rows::failure() const { return {cause_, says_ == nullptr ? "" : says_, place(fault_)}; }

std::string Rows::place(std::size_t offset) const {
  std::size_t line = 1, start = 0;
  for (std::size_t at = 0; at < std::min(offset, text_.size()); ++at) {
    const bool is_pair = text_[at] == '\r' && at + 1 < text_.size() && text_[at + 1] == '\n';
    if (is_pair || (text_[at] != '\r' && text_[at] != '\n')) continue;
    ++line;
    start = at + 1;
  }
  return std::to_string(line) + ":" + std::to_string(offset - start + 1);
}

}  // namespace vardbron::csv
