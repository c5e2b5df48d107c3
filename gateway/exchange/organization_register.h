#pragma once

#include "gateway/base/limits.h"
#include "gateway/base/result.h"
#include "gateway/base/task.h"
#include "gateway/care/project.h"
#include "gateway/search/indexer.h"
#include "gateway/store/store.h"
#include "gateway/tree/names.h"

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace vardbron::exchange {

/// The Organizations of a store: one for each organisation that its cases name, for every caller to read. What was read of them
/// is kept in memory. Any thread.
class OrganizationRegister {
 public:
  explicit OrganizationRegister(std::size_t kept_max = limits::kept_organizations_max) : kept_max_(kept_max) {}
  OrganizationRegister(const OrganizationRegister&) = delete;

  /// What a change writes of the register.
  struct Written {
    store::CasePart part;                       ///< of no case
    std::vector<care::OrganizationWord> words;  ///< one per resource of the part
  };
  /// The words that replace what the register has.
  Task<Result<Written>> write(store::Store& store, std::span<const care::OrganizationWord> words, const tree::Names& names,
                              const search::Indexer& indexer);
  /// After the commit of the part; `versions`: those of its resources.
  void committed(std::span<const care::OrganizationWord> words, std::span<const store::ResourceVersion> versions);
  /// After a commit in conflict: others may have written them.
  void forget(std::span<const care::OrganizationWord> words);

 private:
  struct Known {
    std::int64_t version = 0;  ///< 0: there is none
    care::OrganizationWord word;
  };
  std::optional<Known> known(const std::string& id) const;
  void keep(const std::string& id, Known known);
  Task<Result<void>> look_up(store::Store& store, std::span<const care::OrganizationWord> words, const tree::Names& names);

  const std::size_t kept_max_;
  mutable std::mutex guard_;
  std::unordered_map<std::string, Known> known_;
};

}  // namespace vardbron::exchange
