// Tested by tests/system/store/sqlite/tamper_test.cpp.

#include "gateway/store/chain.h"
#include "gateway/store/sqlite/pack.h"
#include "gateway/store/sqlite/verify_walk.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

namespace vardbron::store {

namespace {

constexpr std::int64_t rows_per_look = 100;

std::string_view bytes_of(const Sha256& digest) { return {reinterpret_cast<const char*>(digest.data()), digest.size()}; }

WallTime wall_time(std::int64_t milliseconds) { return WallTime{std::chrono::milliseconds{milliseconds}}; }

/// Follows a chain of rows with the numbers 1, 2, 3 .. and compares it with the sealed ends.
class ChainWalk {
 public:
  ChainWalk(VerifyWalk& walk, std::string table, std::string one, ChainEnd SealLine::*end)
      : walk_(walk), table_(std::move(table)), one_(std::move(one)) {
    for (const SealLine& line : walk.options.lines) outside_[(line.*end).number].push_back({&line, (line.*end).chain});
  }

  /// The next row by number: its own chain, and what its link should be. Continues with the row's own values, so that each fault
  /// is reported once. False: the row's number is not the next one.
  void take(std::int64_t number, std::string_view stored, const Sha256& worked_out, bool is_readable) {
    if (number != number_ + 1) tell_gap(number);
    number_ = number;
    if (is_readable && stored != bytes_of(worked_out)) {
      walk_.report.add(table_, number, "The " + one_ + " does not fit the chain: it, or the one before it, was changed.");
    }
    if (stored.size() == chain_.size()) std::copy(stored.begin(), stored.end(), chain_.begin());
    compare_outside();
  }
  const Sha256& chain() const { return chain_; }
  std::int64_t number() const { return number_; }

  void end(const ChainEnd* sealed) {
    if (sealed != nullptr && sealed->number > number_) {
      tell_missing(number_ + 1, sealed->number);
    } else if (sealed != nullptr && sealed->number < number_) {
      walk_.report.add(table_, sealed->number + 1,
                       "The " + one_ + " and those behind it came after the last one that was sealed (" +
                           std::to_string(sealed->number) + ").");
    } else if (sealed != nullptr && sealed->chain != chain_) {
      walk_.report.add(table_, number_,
                       "The chain does not end as it was sealed: rows were changed and the chain was worked out anew.");
    }
    const auto behind = outside_.upper_bound(number_);
    if (behind == outside_.end()) return;
    const auto& [number, seals] = *outside_.rbegin();
    walk_.report.add(table_, number_ + 1,
                     "The last " + one_ + " is number " + std::to_string(number_) + ", but the seal handed outside on " +
                         seals.front().line->at + " says that there was a number " + std::to_string(number) + ".");
  }

 private:
  struct Outside {
    const SealLine* line;
    Sha256 chain;
  };

  void tell_gap(std::int64_t number) {
    if (number > number_ + 1) return tell_missing(number_ + 1, number - 1);
    walk_.report.add(table_, number, "The " + one_ + " has a number that no " + one_ + " has.");
  }
  void tell_missing(std::int64_t first, std::int64_t last) {
    const std::string which = first == last ? std::to_string(first) : std::to_string(first) + " to " + std::to_string(last);
    walk_.report.add(table_, first, "The " + one_ + ' ' + which + " is missing.");
  }
  void compare_outside() {
    const auto found = outside_.find(number_);
    if (found == outside_.end()) return;
    for (const Outside& each : found->second) {
      if (each.chain == chain_) continue;
      walk_.report.add(table_, number_,
                       "The chain up to here is another than the seal handed outside on " + each.line->at + " (number " +
                           std::to_string(each.line->number) + ") says.");
      return;
    }
  }

  VerifyWalk& walk_;
  const std::string table_, one_;
  std::map<std::int64_t, std::vector<Outside>> outside_;
  Sha256 chain_{};
  std::int64_t number_ = 0;
};

void take_entry(VerifyWalk& walk, ChainWalk& chain, Compressor& compressor, const Statement& row) {
  JournalEntry entry;
  entry.number = row.integer(0);
  entry.message.received = wall_time(row.integer(1));
  entry.id = row.string(2);
  entry.message.channel = row.string(3);
  entry.message.sender = row.string(4);
  entry.message.content_type = row.string(5);
  entry.message.identity = row.string(6);
  Result<std::string> body = compressor.restore(row.text(9), static_cast<std::size_t>(row.integer(8)));
  if (!body) walk.report.add("journal", entry.number, body.failure().says);
  const Sha256 digest = body ? sha256(*body) : Sha256{};
  chain.take(entry.number, row.text(7), chain_link(chain.chain(), entry, digest), body.ok());
}

void take_row(ChainWalk& chain, const Statement& values) {
  AuditRow row;
  row.number = values.integer(0);
  row.at = wall_time(values.integer(1));
  row.action = values.string(2);
  row.caller = values.string(3);
  row.subject = values.string(4);
  row.case_key = values.string(5);
  row.says = values.string(6);
  chain.take(row.number, values.text(7), chain_link(chain.chain(), row), true);
}

/// Reads the rows after the last one, a few at a time, each batch of one moment. The last batch is empty, and at that moment the
/// sealed end must be the end.
template <class Take>
std::int64_t follow(VerifyWalk& walk, const std::string& table, Statement& rows, Take take) {
  std::int64_t count = 0, last = 0;
  while (walk.renew()) {
    bool any = false;
    rows.query(last, rows_per_look);
    while (rows.next()) {
      if (!walk.is_behind(table, rows.integer(0), last)) {
        rows.reset();
        return count;
      }
      any = true;
      last = rows.integer(0);
      take(rows);
      ++count;
    }
    walk.progress(table, count);
    if (walk.failed(table, last + 1) || !any) break;
  }
  return count;
}

}  // namespace

void verify_journal(VerifyWalk& walk) {
  Statement rows = walk.database.prepare(
      "SELECT number, received, id, channel, sender, content_type, identity, chain, size, body "
      "FROM journal WHERE number>? ORDER BY number LIMIT ?");
  Compressor compressor(walk.database.dictionaries());
  ChainWalk chain(walk, "journal", "entry", &SealLine::journal);
  walk.report.journal = follow(walk, "journal", rows, [&](const Statement& row) { take_entry(walk, chain, compressor, row); });
  const std::optional<Seal> seal = walk.seal_now();
  chain.end(seal ? &seal->journal : nullptr);
}

void verify_audit(VerifyWalk& walk) {
  Statement rows = walk.database.prepare(
      "SELECT number, at, action, caller, subject, patient_case, says, chain FROM audit "
      "WHERE number>? ORDER BY number LIMIT ?");
  ChainWalk chain(walk, "audit", "row", &SealLine::audit);
  walk.report.audit = follow(walk, "audit", rows, [&](const Statement& row) { take_row(chain, row); });
  const std::optional<Seal> seal = walk.seal_now();
  chain.end(seal ? &seal->audit : nullptr);
}

}  // namespace vardbron::store
