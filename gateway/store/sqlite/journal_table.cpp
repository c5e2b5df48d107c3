#include "gateway/store/sqlite/journal_table.h"

#include "gateway/base/limits.h"
#include "gateway/base/uuid.h"
#include "gateway/store/chain.h"

#include <sqlite3.h>

#include <algorithm>

namespace vardbron::store {

namespace {

constexpr std::string_view entry_columns =
    "SELECT number, outcome, received, id, channel, sender, content_type, identity, receipt, chain, size, body FROM journal ";

std::string_view bytes_of(const Sha256& digest) { return {reinterpret_cast<const char*>(digest.data()), digest.size()}; }

Failure no_entry() { return {Cause::NotFound, "There is no such journal entry.", ""}; }

Failure broken_entry(std::int64_t number) {
  return {Cause::Broken, "Journal entry " + std::to_string(number) + " does not fit the chain.", ""};
}

std::string query(std::string_view where) { return std::string(entry_columns) + std::string(where); }

}  // namespace

JournalWriter::JournalWriter(Database& database, Random& random)
    : random_(random),
      last_(database.prepare("SELECT number, chain FROM journal ORDER BY number DESC LIMIT 1")),
      insert_(
          database.prepare("INSERT INTO journal(number, outcome, received, id, channel, sender, content_type, identity, receipt, "
                           "chain, size, body) VALUES(?,?,?,?,?,?,?,?,?,?,?,?)")),
      settle_(database.prepare("UPDATE journal SET outcome=?, receipt=? WHERE number=?")),
      id_(database.prepare("SELECT id FROM journal WHERE number=?")) {}

void JournalWriter::load() {
  number_ = 0;
  chain_ = Sha256{};
  last_.query();
  if (last_.next()) {
    number_ = last_.integer(0);
    std::string_view chain = last_.text(1);
    if (chain.size() == chain_.size()) std::copy(chain.begin(), chain.end(), chain_.begin());
  }
  last_.reset();
}

JournalEntry JournalWriter::append(const PreparedMessage& prepared, Outcome outcome, const StoredReceipt& receipt) {
  const RawMessage& message = prepared.message;
  JournalEntry entry;
  entry.number = ++number_;
  entry.id = to_string(uuid_v7(message.received, random_));
  entry.outcome = outcome;
  entry.message.channel = message.channel;
  entry.message.sender = message.sender;
  entry.message.content_type = message.content_type;
  entry.message.identity = message.identity;
  entry.message.received = message.received;
  chain_ = chain_link(chain_, entry, prepared.digest);
  insert_.run(entry.number, static_cast<std::int64_t>(outcome), message.received.time_since_epoch().count(),
              std::string_view(entry.id), std::string_view(message.channel), std::string_view(message.sender),
              std::string_view(message.content_type), std::string_view(message.identity),
              BlobOrText{receipt.bytes, receipt.is_blob}, Blob{bytes_of(chain_)}, static_cast<std::int64_t>(message.body.size()),
              Blob{prepared.stored});
  return entry;
}

std::string JournalWriter::settle(std::int64_t number, Outcome outcome, const StoredReceipt& receipt) {
  settle_.run(static_cast<std::int64_t>(outcome), BlobOrText{receipt.bytes, receipt.is_blob}, number);
  id_.query(number);
  std::string id = id_.next() ? id_.string(0) : std::string();
  id_.reset();
  return id;
}

JournalReader::JournalReader(Database& database, Snapshot& snapshot)
    : snapshot_(snapshot),
      compressor_(database.dictionaries()),
      entry_(database.prepare(query("WHERE number=?"))),
      sent_(database.prepare(query("WHERE id=? AND sender=?"))),
      open_(database.prepare(query("WHERE outcome=? AND outcome IN (0,2) AND number>? ORDER BY number"))),
      all_(database.prepare(query("WHERE number>? ORDER BY number"))),
      count_(database.prepare("SELECT count(*) FROM (SELECT 1 FROM journal WHERE outcome=? AND outcome IN (0,2) LIMIT ?)")),
      before_(database.prepare("SELECT chain FROM journal WHERE number=?")) {}

std::int64_t JournalReader::count(Outcome outcome) {
  count_.query(static_cast<std::int64_t>(outcome), limits::store_counted_entries_max);
  const std::int64_t count = count_.next() ? count_.integer(0) : 0;
  count_.reset();
  return count;
}

JournalEntry JournalReader::take(Statement& row) {
  JournalEntry entry;
  entry.number = row.integer(0);
  entry.outcome = static_cast<Outcome>(row.integer(1));
  entry.message.received = WallTime{std::chrono::milliseconds{row.integer(2)}};
  entry.id = row.string(3);
  entry.message.channel = row.string(4);
  entry.message.sender = row.string(5);
  entry.message.content_type = row.string(6);
  entry.message.identity = row.string(7);
  Result<std::string> receipt = compressor_.restore_receipt(row.text(8), row.type(8) == SQLITE_BLOB);
  entry.chain = to_hex(row.text(9));
  Result<std::string> body = compressor_.restore(row.text(11), static_cast<std::size_t>(row.integer(10)));
  entry.damaged = !body || !receipt;
  if (receipt) entry.receipt = *std::move(receipt);
  if (body) entry.message.body = *std::move(body);
  return entry;
}

Result<JournalEntry> JournalReader::entry(std::int64_t number) { return only(entry_.query(number)); }

Result<JournalEntry> JournalReader::entry(std::string_view sender, std::string_view id) { return only(sent_.query(id, sender)); }

Result<JournalEntry> JournalReader::only(Statement& row) {
  if (!row.next()) return no_entry();
  JournalEntry found = take(row);
  row.reset();
  return as_journalled(std::move(found));
}

// A body that does not match the chain is not returned.
JournalEntry JournalReader::as_journalled(JournalEntry entry) {
  Sha256 previous{};
  before_.query(entry.number - 1);
  if (before_.next()) {
    const std::string_view chain = before_.text(0);
    if (chain.size() == previous.size()) std::copy(chain.begin(), chain.end(), previous.begin());
    before_.reset();
  }
  if (to_hex(chain_link(previous, entry, sha256(entry.message.body))) != entry.chain) entry.damaged = true;
  if (entry.damaged) entry.message.body.clear();
  return entry;
}

Result<std::vector<JournalEntry>> JournalReader::entries(Outcome outcome, std::int64_t after, std::size_t count) {
  bool indexed = outcome == Outcome::Pending || outcome == Outcome::Quarantined;
  Statement& rows = indexed ? open_ : all_;
  const auto wanted = static_cast<std::int64_t>(outcome);
  const auto start = [&] { return indexed ? &rows.query(wanted, after) : &rows.query(after); };
  std::vector<JournalEntry> found;
  start();
  while (found.size() < count && rows.next()) {
    after = rows.integer(0);
    const bool is_wanted = rows.integer(1) == wanted;
    if (is_wanted) found.push_back(as_journalled(take(rows)));
    if (!snapshot_.is_due(is_wanted ? found.back().message.body.size() : 0)) continue;
    snapshot_.renew();
    start();
  }
  rows.reset();
  return found;
}

Result<std::int64_t> JournalReader::verify() {
  Sha256 chain{};
  std::int64_t number = 0;
  all_.query(number);
  while (all_.next()) {
    ++number;
    const JournalEntry entry = take(all_);
    bool fits = !entry.damaged && entry.number == number;
    if (fits) {
      chain = chain_link(chain, entry, sha256(entry.message.body));
      fits = to_hex(chain) == entry.chain;
    }
    if (!fits) {
      all_.reset();
      return broken_entry(number);
    }
    if (!snapshot_.is_due(entry.message.body.size())) continue;
    snapshot_.renew();
    all_.query(number);
  }
  return number;
}

}  // namespace vardbron::store
