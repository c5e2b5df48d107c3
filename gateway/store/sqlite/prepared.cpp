#include "gateway/store/sqlite/prepared.h"

#include <utility>

namespace vardbron::store {

PreparedMessage::PreparedMessage(RawMessage given, Compressor& compressor)
    : message(std::move(given)),
      digest(sha256(message.body)),
      stored(compressor.compress(message.body, bodies_of_channel(message.channel))) {}

PreparedChange::PreparedChange(Change given, Compressor& compressor) : change(std::move(given)) {
  if (change.journal) journal.emplace(*std::move(change.journal), compressor);
  receipt = compressor.compress_receipt(change.receipt);
  links.reserve(change.links.size());
  for (const ChainLink& link : change.links) links.emplace_back(compressor.compress(link.body, link_bodies));
  std::string all;
  digests.reserve(change.resources.size());
  for (const ResourceWrite& write : change.resources) {
    digests.push_back(sha256(write.body));
    if (!write.deleted) all += write.body;
  }
  bodies_size = all.size();
  bodies = compressor.compress(all, change_bodies);
}

}  // namespace vardbron::store
