#include "gateway/store/sqlite/prepared.h"

#include "gateway/store/sqlite/pack.h"

namespace vardbron::store {

PreparedChange::PreparedChange(Change given) : change(std::move(given)) {
  if (change.journal) body_digest = sha256(change.journal->body);
  writes.reserve(change.resources.size());
  for (const ResourceWrite& write : change.resources) {
    writes.push_back({sha256(write.body), pack_keys(write.keys), join_lines(write.parties)});
  }
}

}  // namespace vardbron::store
