#include "gateway/formats/csv/parse.h"

#include "gateway/base/counted.h"
#include "gateway/base/text.h"
#include "gateway/formats/csv/rows.h"
#include "gateway/formats/text_check.h"
#include "gateway/tree/lines.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

namespace vardbron::csv {

namespace {

// In a text with CR line ends only they become line feeds, so that lines can be counted.
std::string with_line_feeds(std::string text) {
  if (text.find('\n') == std::string::npos) std::replace(text.begin(), text.end(), '\r', '\n');
  return text;
}

std::string place_of(std::string_view body, std::size_t offset) {
  tree::Lines lines;
  lines.note(body.substr(0, offset));
  return to_string(lines.at(offset));
}

Result<formats::Charset> unnamed_charset(std::string_view body, const ParseOptions& options) {
  const std::size_t misfit = formats::find_misfit(body, formats::Charset::Utf8);
  if (misfit == std::string_view::npos) return formats::Charset::Utf8;
  const std::string place = place_of(body, misfit);
  if (formats::has_vendor_bytes(body))
    return Failure{
        Cause::Invalid,
        "The text is not UTF-8, and nothing says which character set it is of. Name it in the Content-Type (charset), or "
        "have it set as the channel's charset.",
        place};
  if (options.notes != nullptr)
    options.notes->push_back({"The text is not UTF-8 (line:column " + place +
                                  "), and nothing says which character set it is of: it was read as 8859/1. Name it in the "
                                  "Content-Type (charset), or have it set as the channel's charset.",
                              true});
  return formats::Charset::Windows1252;
}

Result<std::string> readable(std::string body, const ParseOptions& options) {
  const Result<formats::Charset> charset = options.charset ? *options.charset : unnamed_charset(body, options);
  if (!charset) return charset.failure();
  Result<std::string> text = formats::to_utf8(std::move(body), *charset);
  if (!text) return text;
  tree::Lines lines;
  const formats::TextCheck check = formats::check_text(*text, lines);
  if (check.fault == formats::TextCheck::Fault::None) return with_line_feeds(*std::move(text));
  const bool is_control = check.fault == formats::TextCheck::Fault::ControlCharacter;
  return Failure{Cause::Invalid, is_control ? "There is a control character." : "The text is not UTF-8.",
                 to_string(lines.at(check.offset))};
}

class Reader {
 public:
  Reader(tree::Document& document, const ParseOptions& options)
      : document_(document),
        options_(options),
        rows_(document.body(), {.separator = options.separator, .columns_max = options.columns_max}),
        record_(document.intern("record")) {}

  Result<void> read() {
    if (!rows_.next()) return rows_.failed() ? rows_.failure() : Failure{Cause::Invalid, "There is no heading row.", "1:1"};
    if (Result<void> named = heading(); !named) return named;
    Result<void> fault = done();
    while (rows_.next()) {
      if (rows_.cells().size() != columns_.size()) {
        if (fault) fault = Failure{Cause::Invalid, "The row has " + cells_reported(), rows_.place(rows_.offset())};
        if (options_.notes == nullptr) return fault;
        note_ragged();
      } else if (Result<void> added = record(); !added) {
        return added;
      }
    }
    if (rows_.failed()) {
      const Failure failure = rows_.failure();
      if (ragged_ > 0) note_fault("Line " + line_of(failure.where) + ": " + failure.says);
      return failure;
    }
    if (ragged_ > limits::faults_reported_max)
      note_fault(std::to_string(ragged_ - limits::faults_reported_max) + " more lines have too few or too many cells.");
    return fault;
  }

 private:
  Result<void> heading() {
    for (const Cell& cell : rows_.cells()) {
      std::string name(trim(cell.text));
      if (name.empty()) name = "column" + std::to_string(columns_.size() + 1);
      columns_.push_back(document_.intern(name));
    }
    std::vector<tree::NameId> sorted = columns_;
    std::sort(sorted.begin(), sorted.end());
    if (std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end()) return done();
    return Failure{Cause::Invalid, "Two columns have the same name.", rows_.place(rows_.offset())};
  }

  std::string cells_reported() const {
    return counted(rows_.cells().size(), "cell") + ", the heading has " + std::to_string(columns_.size()) + ".";
  }

  static std::string line_of(const std::string& place) { return place.substr(0, place.find(':')); }

  void note_fault(std::string says) { options_.notes->push_back({std::move(says), false, 0, true}); }

  void note_ragged() {
    if (++ragged_ > limits::faults_reported_max) return;
    note_fault("Line " + line_of(rows_.place(rows_.offset())) + " has " + cells_reported());
  }

  Result<void> record() {
    const std::vector<Cell>& cells = rows_.cells();
    if (document_.size() + cells.size() >= options_.nodes_max) {
      return Failure{Cause::TooLarge, "There are too many cells.", rows_.place(rows_.offset())};
    }
    const tree::NodeId node = document_.add(0, record_, tree::Kind::Object, true);
    document_.set_offset(node, rows_.offset());
    for (std::size_t at = 0; at < cells.size(); ++at) {
      if (cells[at].text.empty()) continue;
      document_.set_offset(document_.add_text(node, columns_[at], tree::Kind::String, cells[at].text), cells[at].offset);
    }
    return done();
  }

  tree::Document& document_;
  const ParseOptions& options_;
  Rows rows_;
  const tree::NameId record_;
  std::vector<tree::NameId> columns_;
  std::size_t ragged_ = 0;  // rows with another number of cells than the heading
};

}  // namespace

Result<tree::Document> parse(std::string body, const tree::Names& names, ParseOptions options) {
  if (body.size() > tree::Document::body_bytes_max / 3) return Failure{Cause::TooLarge, "The file is too large.", {}};
  Result<std::string> text = readable(std::move(body), options);
  if (!text) return std::move(text).failure();
  tree::Document document(names);
  document.own_body(*std::move(text));
  if (options.positions) document.keep_positions();
  Result<void> read = Reader(document, options).read();
  if (!read) return std::move(read).failure();
  document.set_name(0, document.intern("csv"));
  return document;
}

}  // namespace vardbron::csv
