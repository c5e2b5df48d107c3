#include "gateway/base/check.h"
#include "gateway/formats/csv/parse.h"
#include "gateway/formats/csv/rows.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace {

std::string quoted(std::string_view text) {
  std::string made = "\"";
  for (char letter : text) {
    made += letter;
    if (letter == '"') made += letter;
  }
  return made + "\"";
}

}  // namespace

/// Rows that are read, written with every cell in quotes and read again are the same rows.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace vardbron;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const tree::Names names;
  Result<tree::Document> document = csv::parse(text, names, {.positions = true});
  if (!document) CHECK(!document.failure().says.empty());
  for (const char comment : {'\0', '#'}) {
    csv::Rows rows(text, {.separator = ',', .comment = comment});
    while (rows.next()) {
      std::string line;
      for (const csv::Cell& cell : rows.cells()) line += (line.empty() ? "" : ",") + quoted(cell.text);
      csv::Rows again(line, {.separator = ','});
      CHECK(again.next());
      CHECK(again.cells().size() == rows.cells().size());
      for (std::size_t at = 0; at < rows.cells().size(); ++at) CHECK(again.cells()[at].text == rows.cells()[at].text);
    }
    if (rows.failed()) CHECK(!rows.failure().where.empty());
  }
  return 0;
}
