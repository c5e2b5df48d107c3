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

/// Takes the search keys out of resources. Made once: it compiles what each search parameter says about where its values stand.
/// Immutable, any thread. The definitions outlive it; documents must have been read with the definitions' names.
class Indexer {
 public:
  /// Indexes what is served; nothing given: everything that can be.
  explicit Indexer(const fhir::Definitions& definitions, std::span<const Served> served = {});
  Indexer(Indexer&&) noexcept;
  Indexer& operator=(Indexer&&) noexcept;
  ~Indexer();

  /// Keys of the resource at `resource` (an object with a resourceType); none for an unknown type. _id and _lastUpdated are left
  /// out: the store knows them. A value that cannot be read as its type says gives no key.
  std::vector<Key> keys(tree::Item resource) const;

  /// Whether the parameter of that type is indexed at all: its expression could be compiled and its kind is one of KeyKind.
  bool serves(std::string_view resource_type, std::string_view parameter) const;

 private:
  struct Plan;
  std::unique_ptr<const Plan> plan_;
};

}  // namespace vardbron::search
