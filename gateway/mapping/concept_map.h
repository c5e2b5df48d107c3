#pragma once

#include "gateway/base/result.h"
#include "gateway/mapping/syntax/syntax.h"
#include "gateway/tree/document.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::mapping {

/// Result of a translation. Views live as long as the ConceptMap (and the code that was asked for).
struct Translation {
  enum class Kind : std::uint8_t {
    Found,
    Nothing,    ///< no equivalent (noMap, unmatched, disjoint); nothing is written
    Missing,    ///< the code is unlisted, and the map has no rule for unlisted codes
    Ambiguous,  ///< several targets of the same closeness, or a code of several systems
    Elsewhere   ///< unlisted codes are looked up in the map `elsewhere`
  };
  Kind kind = Kind::Missing;
  bool by_unmapped = false;  ///< found by the map's rule for unlisted codes
  std::string_view system, code, display;
  std::string_view elsewhere;
  std::uint32_t row = 0;  ///< number of the row, for explain; 0 = none
};

/// Maps codes to codes, compiled to a hash table. Source: FHIR R4 and R5 ConceptMap. Immutable, any thread.
class ConceptMap {
 public:
  /// From a FHIR ConceptMap (R4: equivalence, R5: relationship); a contained one is given the url that refers to it. Invalid: no
  /// url, an element without code, an unknown equivalence or relationship, or an incomplete `unmapped`.
  static Result<ConceptMap> from_fhir(tree::Item concept_map, std::string_view url = {});
  /// From four columns: source system, source code, target system, target code; a fifth column is the display. A first row that
  /// begins with "source system" is a heading; lines that begin with # are comments. A row with source code `*` is the rule for
  /// unlisted codes of that system: target code `*` keeps the code, any other replaces it. An empty target code means no
  /// equivalent. Invalid, TooLarge: not CSV (csv/rows.h), or another number of columns; `where` is file:line:column.
  static Result<ConceptMap> from_csv(std::string_view url, std::string_view file, std::string_view text);
  /// From a concept map embedded in FML. Invalid: a prefix that it does not declare.
  static Result<ConceptMap> from_fml(const syntax::Map& map, const syntax::EmbeddedConceptMap& embedded);

  ConceptMap(ConceptMap&&) noexcept;
  ConceptMap& operator=(ConceptMap&&) noexcept;
  ~ConceptMap();

  std::string_view url() const;
  /// An empty system matches any system that lists the code.
  Translation translate(std::string_view system, std::string_view code) const;
  std::size_t size() const;
  /// The source codes, each once and sorted. Views live as long as the ConceptMap.
  std::vector<std::string_view> codes() const;
  /// Urls of the maps to which unlisted codes are referred.
  std::vector<std::string_view> others() const;

 private:
  struct Table;
  explicit ConceptMap(std::unique_ptr<Table> table);
  std::unique_ptr<Table> table_;
};

}  // namespace vardbron::mapping
