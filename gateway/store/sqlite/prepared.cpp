#include "gateway/store/sqlite/prepared.h"

#include "gateway/store/rules.h"

#include <utility>

namespace vardbron::store {

PreparedMessage::PreparedMessage(RawMessage given, Compressor& compressor)
    : message(std::move(given)),
      digest(sha256(message.body)),
      stored(compressor.compress(message.body, bodies_of_channel(message.channel))) {}

PreparedChange::PreparedChange(Change given, Compressor& compressor) : change(std::move(given)) {
  if (change.journal) journal.emplace(*std::move(change.journal), compressor);
  receipt = compressor.compress_receipt(change.receipt);
  std::string all;
  for (const CasePart* part : parts_of(change)) {
    for (const ChainLink& link : part->links) links.emplace_back(compressor.compress(link.body, link_bodies));
    for (const ResourceWrite& write : part->resources) {
      digests.push_back(sha256(write.body));
      if (!write.deleted) all += write.body;
    }
  }
  bodies_size = all.size();
  bodies = compressor.compress(all, change_bodies);
}

}  // namespace vardbron::store
