#pragma once

#include "gateway/store/sqlite/verify.h"

#include <optional>
#include <string>

namespace vardbron::store {

/// What the parts of a verification share: the moment of the store that they look at, and what they found.
class VerifyWalk {
 public:
  VerifyWalk(Database& database, const Clock& clock, const VerifyOptions& options);

  /// Begins a moment of the store when none is held, and lets go of one that was held for long. False: it was stopped.
  bool renew();
  void let_go();
  /// The store's seal at the moment that is held; nothing when it cannot be opened, which is told elsewhere.
  std::optional<Seal> seal_now();
  void progress(std::string_view what, std::int64_t rows);
  /// Whether something could not be read; it becomes a finding, and reading may go on.
  bool failed(const std::string& table, std::int64_t number);
  /// Whether a row that was asked for behind `last` is behind it. In a file whose pages do not belong together, such as after a
  /// lost write, it need not be, and who goes on from it comes round again for ever. It becomes a finding.
  bool is_behind(const std::string& table, std::int64_t number, std::int64_t last);
  bool is_stopped() const { return stopped_; }

  Database& database;
  const VerifyOptions& options;
  VerifyReport report;

 private:
  const Clock& clock_;
  Statement begin_, end_;
  bool holds_ = false, stopped_ = false;
  Instant since_{};
  std::int64_t reported_ = 0;
};

// The parts. Each says what it found in walk.report.
Result<void> verify_sums(VerifyWalk& walk);  ///< each table's rows are those that were written; Busy: they could not be compared
void verify_journal(VerifyWalk& walk);       ///< its chain, its end, its bodies
void verify_audit(VerifyWalk& walk);
void verify_cases(VerifyWalk& walk);      ///< each has its links
void verify_resources(VerifyWalk& walk);  ///< each has its versions, and its newest body is what was stored
void verify_events(VerifyWalk& walk);     ///< each subscription has its events, without a gap
void verify_indices(VerifyWalk& walk);    ///< each index has its rows and no other; for a store that is written to meanwhile

}  // namespace vardbron::store
