#pragma once

#include "gateway/tree/document.h"

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace vardbron::fhir {

/// Resolves references within a Bundle. Source: FHIR R4 bundle.html#references. Valid as long as the document; built once, then
/// each lookup is one hash.
class BundleIndex {
 public:
  explicit BundleIndex(tree::Item bundle);

  struct Entry {
    std::string_view full_url;
    tree::Item entry, resource;
  };
  const std::vector<Entry>& entries() const { return entries_; }

  /// The target of a reference in `from` (an entry's resource): by fullUrl, by base of its own fullUrl and relative reference, or
  /// contained. Empty handle if it is not in the Bundle.
  tree::Item resolve(std::string_view reference, tree::Item from) const;
  tree::Item resolve(tree::Item reference, tree::Item from) const;
  /// First resource of a type, or an empty handle.
  tree::Item first(std::string_view type) const;
  std::vector<tree::Item> all(std::string_view type) const;

 private:
  const Entry* entry_of(tree::Item resource) const;
  std::vector<Entry> entries_;
  std::unordered_map<std::string_view, std::size_t> by_url_;
  std::unordered_map<std::string, std::size_t> by_type_and_id_;
  std::unordered_map<tree::NodeId, std::size_t> by_node_;
};

/// True for a Bundle of type message whose first entry is a MessageHeader (FHIR R4 messaging.html).
bool is_message(tree::Item resource);
/// The MessageHeader of a message, or an empty handle.
tree::Item message_header(tree::Item bundle);

/// The contained resource with this id (without #), or an empty handle.
tree::Item contained(tree::Item resource, std::string_view id);

}  // namespace vardbron::fhir
