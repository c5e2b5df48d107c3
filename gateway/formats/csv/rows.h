#pragma once

#include "gateway/base/limits.h"
#include "gateway/base/result.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::csv {

/// One cell of a row, as a piece of the text.
struct Cell {
  std::size_t offset = 0;  ///< of its first byte, the quote where it has one
  std::string text;        ///< without its quotes, a doubled quote inside is one
};

struct RowOptions {
  char separator =
      0;  ///< 0 = told by the text: a first line `sep=;`, else the one of , ; and tab that is oftenest in the first row
  char comment = 0;  ///< lines that begin with it are passed over; 0 = there are none
  std::size_t columns_max = limits::members_per_object_max;
};

/// The rows of a CSV text (RFC 4180), one after the other. A cell in quotes may hold separators, line ends and doubled quotes; a
/// quote inside a cell without quotes is a letter like any other. CR, LF and CR LF end a row; empty lines are passed over.
class Rows {
 public:
  /// The text must outlive the reader.
  explicit Rows(std::string_view text, RowOptions options = {});

  /// Reads the next row. False: there is none, or it cannot be read; then failed() says which.
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
