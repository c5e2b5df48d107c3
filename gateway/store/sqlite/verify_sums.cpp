// Tested by tests/system/store/sqlite/tamper_test.cpp.

#include "gateway/store/sqlite/verify_walk.h"

#include <chrono>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

namespace vardbron::store {

namespace {

/// The rows that the table has in excess, or lacks.
struct Difference {
  std::int64_t rows = 0;
  Wide prints, places;
};

Difference difference(const TableSum& found, const TableSum& sealed) {
  Difference difference{found.rows - sealed.rows, found.prints, found.places};
  difference.prints -= sealed.prints;
  difference.places -= sealed.places;
  return difference;
}

std::string in_words(std::int64_t rows) {
  if (rows == 0) return "was changed";
  return rows > 0 ? "was added" : "was taken out";
}

/// Calls look(print, values of the key) for each row until it returns true.
template <class Look>
void each_row(VerifyWalk& walk, const SealedTable& table, Look look) {
  RowPrinter printer(walk.options.key->rows);
  Statement rows = walk.database.prepare("SELECT * FROM \"" + table.name + "\"");
  rows.query();
  std::int64_t count = 0;
  while (rows.next()) {
    if (look(printer.of(table, rows), rows)) return;
    if (++count % 1000 == 0) walk.progress(table.name, count);
  }
}

/// "subscription 3, number 17": the key of a row, and its public id.
std::string key_in_words(const SealedTable& table, const Statement& row, Database& database) {
  Statement columns = database.prepare("SELECT cid, name FROM pragma_table_info(?) WHERE pk>0 OR name='id' ORDER BY pk=0, cid");
  std::string words;
  columns.query(std::string_view(table.name));
  while (columns.next()) {
    const int at = static_cast<int>(columns.integer(0));
    words += (words.empty() ? "" : ", ") + columns.string(1) + ' ' + row.string(at);
  }
  return words;
}

class Locator {
 public:
  Locator(VerifyWalk& walk, const SealedTable& table) : walk_(walk), table_(table) {}

  void tell(const Difference& difference) {
    if (tell_one(difference)) return;
    if (difference.rows == 0 && tell_pair(difference)) return;
    const std::int64_t rows = difference.rows;
    std::string says = "Several rows are not those that were written";
    if (rows != 0)
      says +=
          "; there are " + std::to_string(rows < 0 ? -rows : rows) + (rows < 0 ? " fewer" : " more") + " than there should be";
    walk_.report.add(table_.name, 0, says + ".");
  }

 private:
  // One row that differs: its place is the quotient of the two sums.
  bool tell_one(const Difference& difference) {
    const std::optional<std::uint64_t> place = quotient(difference.places, difference.prints);
    if (!place) return false;
    std::string key;
    if (walk_.options.is_alone)
      each_row(walk_, table_, [&](const RowPrint& row, const Statement& values) {
        if (row.place != *place) return false;
        key = key_in_words(table_, values, walk_.database);
        return true;
      });
    tell_row(*place, key, in_words(difference.rows));
    return true;
  }
  // One row in the place of another: without the one, the other remains.
  bool tell_pair(const Difference& difference) {
    bool found = false;
    if (!walk_.options.is_alone) return false;
    each_row(walk_, table_, [&](const RowPrint& row, const Statement& values) {
      Difference rest = difference;
      rest.prints -= row.print;
      rest.places -= row.print.times(row.place);
      const std::optional<std::uint64_t> place = quotient(rest.places, rest.prints);
      if (!place) return false;
      tell_row(row.place, key_in_words(table_, values, walk_.database), "was added, or got another key");
      tell_row(*place, "", "is missing");
      return found = true;
    });
    return found;
  }
  void tell_row(std::uint64_t place, const std::string& key, const std::string& what) {
    walk_.report.add(table_.name, table_.is_numbered ? static_cast<std::int64_t>(place) : 0,
                     "The row" + (key.empty() ? "" : " (" + key + ")") + ' ' + what + ", and not by this program.");
  }

  VerifyWalk& walk_;
  const SealedTable& table_;
};

/// Sums all tables, a few rows at a time, each batch of another moment, and follows the writer: changes of rows that are summed
/// already are applied to the sums, others are read later.
class SumWalk {
 public:
  explicit SumWalk(VerifyWalk& walk) : walk_(walk), tables_(sealed_tables(walk.database)), printer_(walk.options.key->rows) {
    states_.resize(tables_.size());
  }
  ~SumWalk() {
    if (follower() != nullptr) follower()->stop();
  }
  SumWalk(const SumWalk&) = delete;
  SumWalk& operator=(const SumWalk&) = delete;

  Result<void> run() {
    if (follower() != nullptr && !follower()->start(patience)) return too_busy();
    for (std::size_t at = 0; at < tables_.size(); ++at) {
      Statement first = walk_.database.prepare(tables_[at].first), next = walk_.database.prepare(tables_[at].next);
      while (!states_[at].is_done) {
        if (!move_on()) return walk_.is_stopped() ? done() : Result<void>(too_busy());
        read_some(at, states_[at].is_begun ? next : first);
        walk_.progress(tables_[at].name, states_[at].sum.rows);
        if (walk_.failed(tables_[at].name, 0)) break;
      }
    }
    if (!move_on()) return walk_.is_stopped() ? done() : Result<void>(too_busy());
    compare();
    return done();
  }

 private:
  static constexpr std::chrono::milliseconds patience{2000};
  static constexpr std::int64_t rows_per_look = 500;
  struct State {
    TableSum sum;
    RowKey last{};
    bool is_begun = false, is_done = false;
  };

  static Failure too_busy() {
    return {Cause::Busy,
            "So much was written meanwhile that the rows could not be compared; try again, or verify the closed store.", ""};
  }
  RowFollower* follower() const { return walk_.options.follower; }

  // Moves to a new moment and applies the commits up to it.
  bool move_on() {
    walk_.let_go();
    if (!walk_.renew()) return false;
    seal_ = walk_.seal_now();
    if (follower() == nullptr) return true;
    std::deque<CommittedRows> commits;
    if (!seal_ || !follower()->take_until(seal_->number, patience, commits)) return false;
    for (const CommittedRows& commit : commits) {
      for (const RowChange& change : commit.rows) take(change);
    }
    return true;
  }
  void take(const RowChange& change) {
    State& state = states_[change.table];
    if (!state.is_done && (!state.is_begun || change.row.key > state.last)) return;
    change.is_added ? state.sum.add(change.row) : state.sum.take(change.row);
  }
  void read_some(std::size_t at, Statement& rows) {
    State& state = states_[at];
    const bool is_in_lots = !tables_[at].next.empty();  // others are read at once, in any order
    std::int64_t count = 0;
    rows.query(state.last[0], state.last[1], rows_per_look);
    while (rows.next()) {
      const RowPrint row = printer_.of(tables_[at], rows);
      if (is_in_lots && state.is_begun && !(row.key > state.last)) return stop(at, rows);
      state.is_begun = true;
      state.sum.add(row);
      state.last = row.key;
      ++count;
    }
    state.is_begun = true;
    state.is_done = count < rows_per_look || !is_in_lots;
  }
  // Rows that are out of order have no sum.
  void stop(std::size_t at, Statement& rows) {
    rows.reset();
    walk_.is_behind(tables_[at].name, 0, 0);
    states_[at].is_done = true;
  }
  void compare() {
    for (std::size_t at = 0; seal_ && at < tables_.size(); ++at) {
      const auto sealed = seal_->sums.find(tables_[at].name);
      const State& state = states_[at];
      if (sealed == seal_->sums.end() || !state.is_done || state.sum == sealed->second) continue;
      Locator(walk_, tables_[at]).tell(difference(state.sum, sealed->second));
      walk_.failed(tables_[at].name, 0);
    }
  }

  VerifyWalk& walk_;
  const std::vector<SealedTable> tables_;
  RowPrinter printer_;
  std::vector<State> states_;
  std::optional<Seal> seal_;
};

}  // namespace

Result<void> verify_sums(VerifyWalk& walk) { return SumWalk(walk).run(); }

}  // namespace vardbron::store
