#pragma once

#include "gateway/base/limits.h"
#include "gateway/exchange/case_change.h"

#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace vardbron::exchange {

struct CaseCacheBounds {
  std::size_t cases = limits::kept_cases_max;
  std::size_t bytes = limits::kept_case_bytes_max;  ///< as estimated by CaseCache::bytes_of
};

/// The cases that were changed last, in memory. What it holds is used only while the store says that the case has this version
/// and these times (store::Store::load_case), so that another process may write the same cases. All of one policy. Any thread.
class CaseCache {
 public:
  using Bounds = CaseCacheBounds;
  explicit CaseCache(Bounds bounds = {}) : bounds_(bounds) {}
  CaseCache(const CaseCache&) = delete;

  /// Removes it, so that the caller, which changes the case, has it alone. Null: it is not kept.
  std::unique_ptr<KeptCase> take(const std::string& key);
  /// In place of the one of that key; those that were not used for longest leave to make room. One that is larger than all room
  /// is not kept.
  void put(std::unique_ptr<KeptCase> known);
  std::size_t size() const;
  std::size_t bytes() const;

  /// About how much memory a case takes.
  static std::size_t bytes_of(const KeptCase& known);

 private:
  struct Entry {
    std::unique_ptr<KeptCase> known;
    std::size_t bytes = 0;
  };
  using Entries = std::list<Entry>;  // the last used first
  void remove(Entries::iterator entry, Entries& removed);

  const Bounds bounds_;
  mutable std::mutex guard_;
  Entries entries_;
  std::unordered_map<std::string_view, Entries::iterator> by_key_;  // the key is in the entry
  std::size_t bytes_ = 0;
};

}  // namespace vardbron::exchange
