#pragma once

#include "gateway/fhir/definitions.h"
#include "gateway/search/query.h"
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
  /// Indexes resources of these types by all parameters that are served (search/parameter.h); if empty, all types of FHIR.
  explicit Indexer(const fhir::Definitions& definitions, std::span<const std::string_view> types = {});
  Indexer(Indexer&&) noexcept;
  Indexer& operator=(Indexer&&) noexcept;
  ~Indexer();

  /// Keys of the resource at `resource` (an object with a resourceType); none for an unknown type. Without _id and _lastUpdated,
  /// which the store adds. A value that is malformed for its type gives no key. A value that several parameters find has a key of
  /// each; texts and types of tokens have keys of derived parameters (search/parameter.h).
  std::vector<Key> keys(tree::Item resource) const;

  /// True if the parameter of that type is indexed: its expression could be compiled and its kind is one of KeyKind.
  bool serves(std::string_view resource_type, std::string_view parameter) const;

 private:
  struct Plan;
  std::unique_ptr<const Plan> plan_;
};

}  // namespace vardbron::search
