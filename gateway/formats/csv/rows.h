#pragma once

#include "gateway/base/limits.h"
#include "gateway/base/result.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::csv {

struct Cell {
  std::size_t offset = 0;  ///< of its first byte, the quote if it has one
  std::string text;        ///< without its quotes, doubled quotes decoded
};

struct RowOptions {
  char separator = 0;  ///< 0 = detected: a first line `sep=;`, else the one of , ; and tab most frequent in the first row
  char comment = 0;    ///< lines that begin with it are skipped; 0 = none
  std::size_t columns_max = limits::members_per_object_max;
};

/// Reads the rows of a CSV text (RFC 4180). A quoted cell may contain separators, line ends and doubled quotes; a quote inside an
/// unquoted cell is an ordinary character. CR, LF and CR LF end a row; empty lines are skipped.
class Rows {
 public:
  /// The text must outlive the reader.
  explicit Rows(std::string_view text, RowOptions options = {});

  /// Reads the next row. False: at the end, or malformed, see failed().
  bool next();
  const std::vector<Cell>& cells() const { return cells_; }
  std::size_t offset() const { return cells_.empty() ? at_ : cells_.front().offset; }

  bool failed() const { return says_ != nullptr; }
  /// Invalid or TooLarge, with line:column.
  Failure failure() const;
  std::string place(std::size_t offset) const;  ///< "line:column"

 private:
  bool cell();
  bool quoted_cell(Cell& cell);
  bool skip_empty_lines();
  bool skip_line_end();
  bool ends_row() const { return at_ >= text_.size() || text_[at_] == '\n' || text_[at_] == '\r'; }
  bool refuse(Cause cause, const char* says, std::size_t offset);

  std::string_view text_;
  RowOptions options_;
  std::size_t at_ = 0;
  std::vector<Cell> cells_;
  Cause cause_ = Cause::Invalid;
  const char* says_ = nullptr;
  std::size_t fault_ = 0;
};

}  // namespace vardbron::csv
