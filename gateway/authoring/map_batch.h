#pragma once

#include <cstddef>
#include <filesystem>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>

namespace vardbron::authoring {

/// `vardbron map --batch`: lines of JSON in, lines of JSON out, for programs that run many maps. Definitions, models and compiled
/// maps are cached between lines; a changed file is read again. The format is in mappings/README.md.
class MapBatch {
 public:
  /// `share`: the folder of the definitions (r4.table, r5.table) and of our own models.
  explicit MapBatch(std::filesystem::path share);
  ~MapBatch();
  MapBatch(const MapBatch&) = delete;
  MapBatch& operator=(const MapBatch&) = delete;

  /// The answer to one line, without line end. Errors are part of the answer.
  std::string answer(std::string_view line);
  /// Answers every line that is not blank, as soon as it is read. Returns their number.
  std::size_t run(std::istream& in, std::ostream& out);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace vardbron::authoring
