#pragma once

#include "gateway/store/sqlite/verify.h"

#include <optional>
#include <string>

namespace vardbron::store {

/// Shared state of the parts of a verification: the moment of the store that they read, and the report.
class VerifyWalk {
 public:
  VerifyWalk(Database& database, const Clock& clock, const VerifyOptions& options);

  /// Begins a snapshot if there is none, and renews one that was kept for long. False: it was stopped.
  bool renew();
  void let_go();
  /// The store's seal in the present snapshot; nothing if it cannot be opened, which is reported elsewhere.
  std::optional<Seal> seal_now();
  void progress(std::string_view what, std::int64_t rows);
  /// Whether something could not be read; it becomes a finding, and reading may go on.
  bool failed(const std::string& table, std::int64_t number);
  /// Whether the row that was read after `last` has a higher key. In a file whose pages do not match each other, such as after a
  /// lost write, it may not, and reading on from it would never end. Then it is a finding.
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
Result<void> verify_sums(VerifyWalk& walk);  ///< each table has the rows that were written; Busy: they could not be compared
void verify_journal(VerifyWalk& walk);       ///< its chain, its end, its bodies
void verify_audit(VerifyWalk& walk);
void verify_dictionaries(VerifyWalk& walk);  ///< each can be used
void verify_cases(VerifyWalk& walk);         ///< each has its links
void verify_resources(VerifyWalk& walk);     ///< each has its versions, and its newest body is the stored one
void verify_keys(VerifyWalk& walk);          ///< what searches look in says what the resources say
void verify_events(VerifyWalk& walk);        ///< each subscription has its events, without a gap
void verify_indices(VerifyWalk& walk);       ///< each index has its rows and no other; for a store that is written to meanwhile

}  // namespace vardbron::store
