#include "gateway/store/sqlite/resource_rows.h"

#include "gateway/store/sqlite/search_statements.h"

namespace vardbron::store {

namespace {

constexpr std::int64_t nobody = -1;
constexpr std::size_t kept_references_max = 20'000, kept_heads_max = 4'000;
const std::string no_reference;

}  // namespace

ResourceRows::ResourceRows(Database& database, NameTables& names)
    : names_(names),
      by_number_(database.prepare(search_sql::row)),
      by_name_(database.prepare(search_sql::row_by_name)),
      head_(database.prepare(search_sql::head_by_name)),
      data_version_(database.prepare("PRAGMA data_version")),
      number_(database.prepare(search_sql::number)),
      name_(database.prepare(search_sql::name)),
      case_(database.prepare(search_sql::case_of)) {}

std::int64_t ResourceRows::party_of(const Reader& reader) {
  if (reader.sees_all) return all_seeing;
  if (reader.organisation.empty()) return nobody;
  const std::int64_t found = names_.find_party(reader.organisation);
  return found == 0 ? nobody : found;
}

std::optional<ResourceRow> ResourceRows::find(std::int64_t party, std::int64_t number) {
  by_number_.query(number, party);
  return take(by_number_);
}

std::optional<ResourceRow> ResourceRows::find(std::int64_t party, std::string_view type, std::string_view id) {
  const StoredId stored(id);
  by_name_.query(stored.column(), names_.find_type(type), party);
  return take(by_name_);
}

// SQLite's number of the data is another one as soon as another connection has committed (pragma.html#pragma_data_version).
void ResourceRows::forget_old_heads(std::int64_t snapshot) {
  if (snapshot == heads_snapshot_) return;
  data_version_.query();
  const std::int64_t version = data_version_.next() ? data_version_.integer(0) : -1;
  data_version_.reset();
  if (version != heads_version_ || version < 0) heads_.clear();
  heads_version_ = version;
  heads_snapshot_ = snapshot;
}

std::optional<ResourceHead> ResourceRows::head(std::int64_t snapshot, std::int64_t party, const std::string& type,
                                               const std::string& id) {
  forget_old_heads(snapshot);
  std::string name;
  name.reserve(type.size() + 1 + id.size());
  name.append(type).append("/").append(id);
  auto known = heads_.find(name);
  if (known == heads_.end()) {
    const StoredId stored(id);
    head_.query(stored.column(), names_.find_type(type));
    if (!head_.next()) return std::nullopt;
    const ResourceHead read{head_.integer(0), head_.integer(1), head_.integer(3), head_.integer(4), head_.integer(2) != 0};
    head_.reset();
    if (heads_.size() >= kept_heads_max) heads_.clear();
    known = heads_.emplace(std::move(name), read).first;
  }
  if (!names_.is_member(party, known->second.audience)) return std::nullopt;
  return known->second;
}

ResourceRows::Place ResourceRows::place_of(std::string_view type, std::string_view id) {
  const StoredId stored(id);
  Place place;
  number_.query(stored.column(), names_.find_type(type));
  if (number_.next()) place = {number_.integer(0), number_.integer(1)};
  number_.reset();
  return place;
}

ResourceRows::Place ResourceRows::place_of(std::int64_t number) {
  Place place{number, 0};
  case_.query(number);
  if (case_.next()) place.patient_case = case_.integer(0);
  case_.reset();
  return place;
}

const std::string& ResourceRows::reference_to(std::int64_t number) {
  if (auto found = references_.find(number); found != references_.end()) return found->second;
  name_.query(number);
  if (!name_.next()) return no_reference;
  const std::string id = id_of(name_, 1);
  const std::int64_t type = name_.integer(0);
  name_.reset();
  if (references_.size() >= kept_references_max) references_.clear();
  return references_[number] = names_.type_name(type) + '/' + id;
}

std::optional<ResourceRow> ResourceRows::take(Statement& row) {
  if (!row.next()) return std::nullopt;
  ResourceRow taken;
  taken.number = row.integer(0);
  taken.type = row.integer(1);
  taken.id = id_of(row, 2);
  taken.patient_case = row.integer(3);
  taken.version = row.integer(4);
  taken.at = row.integer(5);
  taken.deleted = row.integer(6) != 0;
  taken.audience = row.integer(7);
  taken.change = row.integer(8);
  taken.position = row.integer(9);
  taken.digest = row.string(10);
  taken.keys = row.string(11);
  row.reset();
  return taken;
}

}  // namespace vardbron::store
