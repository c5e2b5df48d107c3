#include "gateway/store/sqlite/prepared.h"

#include <utility>

namespace vardbron::store {

PreparedMessage::PreparedMessage(RawMessage given, Squeezer& squeezer)
    : message(std::move(given)), digest(sha256(message.body)), stored(squeezer.squeeze(message.body)) {}

PreparedChange::PreparedChange(Change given, Squeezer& squeezer) : change(std::move(given)) {
  if (change.journal) journal.emplace(*std::move(change.journal), squeezer);
  links.reserve(change.links.size());
  for (const ChainLink& link : change.links) links.emplace_back(squeezer.squeeze(link.body));
  std::string all;
  writes.reserve(change.resources.size());
  for (const ResourceWrite& write : change.resources) {
    writes.push_back({sha256(write.body), pack_keys(write.keys), join_lines(write.parties)});
    if (!write.deleted) all += write.body;
  }
  bodies_size = all.size();
  bodies = squeezer.squeeze(all);
}

}  // namespace vardbron::store
