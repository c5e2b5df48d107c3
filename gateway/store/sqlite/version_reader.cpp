#include "gateway/store/sqlite/version_reader.h"

#include "gateway/base/digest.h"
#include "gateway/store/meta.h"
#include "gateway/store/sqlite/search_statements.h"

#include <algorithm>
#include <utility>

namespace vardbron::store {

namespace {

Failure not_where_it_should_be() { return {Cause::Broken, "A stored version is not where it should be.", ""}; }

Failure not_as_stored() { return {Cause::Broken, "A stored resource is not what was stored.", ""}; }

}  // namespace

VersionReader::VersionReader(Database& database, NameTables& names)
    : names_(names),
      compressor_(database.dictionaries()),
      change_(database.prepare("SELECT at, heads, size, bodies FROM change WHERE number=?")),
      version_(database.prepare(search_sql::version)),
      version_time_(database.prepare(search_sql::version_time)),
      case_key_(database.prepare("SELECT key FROM patient_case WHERE id=?")) {}

Result<StoredVersion> VersionReader::at(std::int64_t change, std::int64_t position) {
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

Result<StoredVersion> VersionReader::version(const ResourceRow& row, std::int64_t number) {
  if (number == row.version) return newest(row);
  version_.query(row.number, number);
  if (!version_.next()) return not_where_it_should_be();
  const std::int64_t change = version_.integer(0), position = version_.integer(1);
  version_.reset();
  Result<StoredVersion> found = at(change, position);
  const bool is_it = found && found->head.resource == row.number && found->head.version == number;
  if (found && !is_it) return not_where_it_should_be();
  return found;
}

Result<StoredVersion> VersionReader::newest(const ResourceRow& row) {
  Result<StoredVersion> found = at(row.change, row.position);
  if (!found) return found;
  if (found->head.resource != row.number || found->head.version != row.version) return not_as_stored();
  if (found->head.deleted) return found;
  const Sha256 digest = sha256(found->body);
  const bool is_it = row.digest == std::string_view(reinterpret_cast<const char*>(digest.data()), digest.size());
  if (!is_it) return not_as_stored();
  return found;
}

std::optional<std::int64_t> VersionReader::time_of(const ResourceRow& row, std::int64_t version) {
  if (version == row.version) return row.at;
  std::optional<std::int64_t> time;
  version_time_.query(row.number, version);
  if (version_time_.next()) time = version_time_.integer(0);
  version_time_.reset();
  return time;
}

Resource VersionReader::make(const ResourceRow& row, const StoredVersion& version) {
  Resource resource;
  resource.type = names_.type_name(row.type);
  resource.id = row.id;
  resource.version = version.head.version;
  resource.last_updated = version.at;
  resource.deleted = version.head.deleted;
  resource.case_key = case_key(row.patient_case);
  if (!resource.deleted) resource.body = with_meta(version.body, resource.version, resource.last_updated);
  return resource;
}

const std::string& VersionReader::case_key(std::int64_t patient_case) {
  if (patient_case == last_case_) return last_case_key_;
  last_case_key_.clear();
  last_case_ = 0;
  if (patient_case == 0) return last_case_key_;
  case_key_.query(patient_case);
  if (case_key_.next()) {
    last_case_key_ = case_key_.string(0);
    last_case_ = patient_case;
  }
  case_key_.reset();
  return last_case_key_;
}

}  // namespace vardbron::store
