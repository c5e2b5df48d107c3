#include "gateway/store/sqlite/change_reader.h"

#include "gateway/base/digest.h"

#include <algorithm>
#include <utility>

namespace vardbron::store {

namespace {

Failure not_where_it_should_be() { return {Cause::Broken, "A stored version is not where it should be.", ""}; }

Failure not_as_stored() { return {Cause::Broken, "A stored resource is not what was stored.", ""}; }

}  // namespace

ChangeReader::ChangeReader(Database& database)
    : compressor_(database.dictionaries()),
      change_(database.prepare("SELECT at, heads, size, bodies FROM change WHERE number=?")) {}

Result<StoredVersion> ChangeReader::at(std::int64_t change, std::int64_t position) {
  if (change != open_) {
    open_ = 0;
    change_.query(change);
    if (!change_.next()) return not_where_it_should_be();
    open_at_ = WallTime{std::chrono::milliseconds{change_.integer(0)}};
    heads_ = unpack_heads(change_.text(1));
    Result<std::string> bodies = compressor_.restore(change_.text(3), static_cast<std::size_t>(change_.integer(2)));
    change_.reset();
    if (!bodies) return std::move(bodies).failure();
    bodies_ = *std::move(bodies);
    open_ = change;
  }
  const auto index = static_cast<std::size_t>(position);
  std::size_t begin = 0;
  for (std::size_t before = 0; before < std::min(index, heads_.size()); ++before) begin += heads_[before].size;
  if (index >= heads_.size() || begin + heads_[index].size > bodies_.size()) return not_where_it_should_be();
  return StoredVersion{heads_[index], open_at_, std::string_view(bodies_).substr(begin, heads_[index].size)};
}

Result<StoredVersion> ChangeReader::newest(const ResourceRow& row) {
  Result<StoredVersion> found = at(row.change, row.position);
  if (!found) return found;
  if (found->head.resource != row.number || found->head.version != row.version) return not_as_stored();
  if (found->head.deleted) return found;
  const Sha256 digest = sha256(found->body);
  const bool is_it = row.digest == std::string_view(reinterpret_cast<const char*>(digest.data()), digest.size());
  if (!is_it) return not_as_stored();
  return found;
}

}  // namespace vardbron::store
