#include "gateway/store/sqlite/version_reader.h"

#include "gateway/store/meta.h"
#include "gateway/store/rules.h"
#include "gateway/store/sqlite/search_statements.h"

#include <utility>

namespace vardbron::store {

namespace {

Failure not_where_it_should_be() { return {Cause::Broken, "A stored version is not where it should be.", ""}; }

}  // namespace

VersionReader::VersionReader(Database& database, NameTables& names)
    : ChangeReader(database),
      names_(names),
      version_(database.prepare(search_sql::version)),
      version_time_(database.prepare(search_sql::version_time)),
      case_key_(database.prepare("SELECT key FROM patient_case WHERE id=?")),
      hidden_before_(database.prepare(search_sql::hidden_before)) {}

Result<StoredVersion> VersionReader::version(std::int64_t party, const ResourceRow& row, std::int64_t number) {
  if (number == row.version) return newest(row);
  const std::optional<Place> place = place_of(row, number);
  if (!place) return not_where_it_should_be();
  if (!may_see(party, row, *place)) return not_found();
  Result<StoredVersion> found = at(place->change, place->position);
  const bool is_it = found && found->head.resource == row.number && found->head.version == number;
  if (found && !is_it) return not_where_it_should_be();
  return found;
}

std::optional<VersionReader::Place> VersionReader::place_of(const ResourceRow& row, std::int64_t number) {
  std::optional<Place> place;
  version_.query(row.number, number);
  if (version_.next()) place = {version_.integer(0), version_.integer(1), version_.integer(2)};
  version_.reset();
  return place;
}

bool VersionReader::may_see(std::int64_t party, const ResourceRow& row, std::int64_t number) {
  if (number == row.version) return true;
  const std::optional<Place> place = place_of(row, number);
  return place && may_see(party, row, *place);
}

bool VersionReader::may_see(std::int64_t party, const ResourceRow& row, const Place& former) {
  if (!names_.is_member(party, former.audience)) return false;
  if (row.patient_case == 0) return true;
  hidden_before_.query(row.patient_case);
  const bool is_hidden = hidden_before_.next() && former.change < hidden_before_.integer(0);
  hidden_before_.reset();
  return !is_hidden;
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
