#include "gateway/exchange/case_cache.h"

#include <iterator>
#include <utility>

namespace vardbron::exchange {

std::unique_ptr<KeptCase> CaseCache::take(const std::string& key) {
  Entries removed;  // after the lock
  const std::lock_guard lock(guard_);
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return nullptr;
  remove(found->second, removed);
  return std::move(removed.front().known);
}

void CaseCache::put(std::unique_ptr<KeptCase> known) {
  const std::size_t bytes = bytes_of(*known);
  Entries removed;  // destroyed after the lock: a long case takes a while
  const std::lock_guard lock(guard_);
  const std::string_view key = known->stored.key;
  const auto former = by_key_.find(key);
  if (former != by_key_.end()) remove(former->second, removed);
  if (bytes > bounds_.bytes || bounds_.cases == 0) {
    removed.push_back({std::move(known), bytes});
    return;
  }
  while (!entries_.empty() && (entries_.size() >= bounds_.cases || bytes_ + bytes > bounds_.bytes))
    remove(std::prev(entries_.end()), removed);
  entries_.push_front({std::move(known), bytes});
  by_key_.emplace(key, entries_.begin());
  bytes_ += bytes;
}

std::size_t CaseCache::size() const {
  const std::lock_guard lock(guard_);
  return entries_.size();
}

std::size_t CaseCache::bytes() const {
  const std::lock_guard lock(guard_);
  return bytes_;
}

void CaseCache::remove(Entries::iterator entry, Entries& removed) {
  by_key_.erase(entry->known->stored.key);
  bytes_ -= entry->bytes;
  removed.splice(removed.end(), entries_, entry);
}

// The texts of a link are in its notice and, a few of them, in its report. The other figures are of the containers' nodes and of
// strings that do not fit into their objects; parties are shared.
std::size_t CaseCache::bytes_of(const KeptCase& known) {
  constexpr std::size_t link_bytes = sizeof(care::Link) + sizeof(store::ChainLink) + sizeof(care::LinkReport) + 1'000;
  constexpr std::size_t dispatch_bytes = sizeof(care::Dispatch) + 250;
  constexpr std::size_t resource_bytes = sizeof(StoredResource) + 300;
  constexpr std::size_t other_bytes = sizeof(KeptCase) + 2'000;
  return other_bytes + known.text_bytes + known.chain.size() * link_bytes + known.projected.dispatches.size() * dispatch_bytes +
         known.resources.size() * resource_bytes + known.projected.findings.size() * 300 +
         known.projected.case_tasks.size() * (sizeof(care::CaseTask) + 200);
}

}  // namespace vardbron::exchange
