#pragma once

#include "gateway/fhir/definitions.h"
#include "gateway/search/query.h"
#include "gateway/search/served.h"
#include "gateway/tree/document.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace vardbron::search {

/// Extracts search keys from resources. Compiles the expressions of the search parameters once. Immutable, any thread. The
/// definitions must outlive it; documents must use the definitions' names.
class Indexer {
 public:
  /// Indexes the parameters in `served`; if empty, all that can be.
  explicit Indexer(const fhir::Definitions& definitions, std::span<const Served> served = {});
  Indexer(Indexer&&) noexcept;
  Indexer& operator=(Indexer&&) noexcept;
  ~Indexer();

  /// Keys of the resource at `resource` (an object with a resourceType); none for an unknown type. Without _id and _lastUpdated,
  /// which the store adds. A value that is malformed for its type gives no key.
  std::vector<Key> keys(tree::Item resource) const;

  /// True if the parameter of that type is indexed: its expression could be compiled and its kind is one of KeyKind.
  bool serves(std::string_view resource_type, std::string_view parameter) const;

 private:
  struct Plan;
  std::unique_ptr<const Plan> plan_;
};

}  // namespace vardbron::search
