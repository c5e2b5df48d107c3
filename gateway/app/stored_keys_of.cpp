#include "gateway/app/stored_keys_of.h"

#include "gateway/formats/json/parse.h"
#include "gateway/search/served.h"

#include <string>
#include <utility>

namespace vardbron::app {

std::function<std::optional<std::vector<search::Key>>(std::string_view type, std::string_view body)> stored_keys_of(
    const fhir::Definitions& definitions, const search::Indexer& indexer) {
  return [&definitions, &indexer](std::string_view type, std::string_view body) -> std::optional<std::vector<search::Key>> {
    if (!search::is_served(type)) return std::nullopt;
    Result<tree::Document> document = json::parse(std::string(body), definitions.names());
    if (!document) return std::nullopt;
    return indexer.keys(tree::root(*document));
  };
}

}  // namespace vardbron::app
