#include "gateway/store/sqlite/audit_table.h"

#include "gateway/store/chain.h"

#include <algorithm>

namespace vardbron::store {

namespace {

std::string_view bytes_of(const Sha256& digest) { return {reinterpret_cast<const char*>(digest.data()), digest.size()}; }

AuditRow take(const Statement& row) {
  AuditRow taken;
  taken.number = row.integer(0);
  taken.at = WallTime{std::chrono::milliseconds{row.integer(1)}};
  taken.action = row.string(2);
  taken.caller = row.string(3);
  taken.subject = row.string(4);
  taken.case_key = row.string(5);
  taken.says = row.string(6);
  return taken;
}

}  // namespace

AuditWriter::AuditWriter(Database& database)
    : last_(database.prepare("SELECT number, at, chain FROM audit ORDER BY number DESC LIMIT 1")),
      insert_(database.prepare("INSERT INTO audit(number, at, action, caller, subject, patient_case, says, chain) "
                               "VALUES(?,?,?,?,?,?,?,?)")) {}

void AuditWriter::load() {
  number_ = 0;
  chain_ = Sha256{};
  last_.query();
  if (last_.next()) {
    number_ = last_.integer(0);
    last_time_ = WallTime{std::chrono::milliseconds{last_.integer(1)}};
    std::string_view chain = last_.text(2);
    if (chain.size() == chain_.size()) std::copy(chain.begin(), chain.end(), chain_.begin());
  }
  last_.reset();
}

void AuditWriter::append(const std::vector<AuditRow>& rows, WallTime at) {
  for (AuditRow row : rows) {
    row.number = ++number_;
    row.at = at;
    chain_ = chain_link(chain_, row);
    insert_.run(row.number, at.time_since_epoch().count(), std::string_view(row.action), std::string_view(row.caller),
                std::string_view(row.subject), std::string_view(row.case_key), std::string_view(row.says),
                Blob{bytes_of(chain_)});
  }
}

AuditReader::AuditReader(Database& database, Snapshot& snapshot)
    : snapshot_(snapshot),
      select_(database.prepare("SELECT number, at, action, caller, subject, patient_case, says, chain FROM audit "
                               "WHERE number>? ORDER BY number")),
      select_of_(database.prepare("SELECT number, at, action, caller, subject, patient_case, says FROM audit "
                                  "WHERE patient_case=? AND patient_case<>'' AND number>? ORDER BY number LIMIT ?")) {}

std::vector<AuditRow> AuditReader::rows(std::int64_t after, std::size_t count) {
  std::vector<AuditRow> found;
  select_.query(after);
  while (found.size() < count && select_.next()) {
    found.push_back(take(select_));
    if (!snapshot_.is_due()) continue;
    snapshot_.renew();
    select_.query(found.back().number);
  }
  select_.reset();
  return found;
}

std::vector<AuditRow> AuditReader::rows_of(const std::vector<std::string>& case_keys, std::int64_t after, std::size_t count) {
  std::vector<AuditRow> found;
  for (const std::string& key : case_keys) {
    select_of_.query(std::string_view(key), after, static_cast<std::int64_t>(count));
    while (select_of_.next()) found.push_back(take(select_of_));
    select_of_.reset();
  }
  const auto is_earlier = [](const AuditRow& one, const AuditRow& other) { return one.number < other.number; };
  std::sort(found.begin(), found.end(), is_earlier);
  if (found.size() > count) found.resize(count);
  return found;
}

Result<std::int64_t> AuditReader::verify() {
  Sha256 chain{};
  std::int64_t number = 0;
  select_.query(number);
  while (select_.next()) {
    ++number;
    AuditRow row = take(select_);
    chain = chain_link(chain, row);
    if (row.number != number || select_.text(7) != bytes_of(chain)) {
      select_.reset();
      return Failure{Cause::Broken, "Audit row " + std::to_string(number) + " does not fit the chain.", ""};
    }
    if (!snapshot_.is_due()) continue;
    snapshot_.renew();
    select_.query(number);
  }
  return number;
}

}  // namespace vardbron::store
