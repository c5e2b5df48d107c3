#pragma once

// Tested by tests/system/store/sqlite/schema_test.cpp.

#include "gateway/base/result.h"
#include "gateway/search/query.h"
#include "gateway/store/sqlite/database.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace vardbron::store {

/// The keys of a resource's body (JSON) by today's search parameters; none: those that it was stored with remain.
using KeysOf = std::function<std::optional<std::vector<search::Key>>(std::string_view type, std::string_view body)>;

/// What a step is given beside the database.
class StepContext {
 public:
  StepContext(int step, bool is_reported, KeysOf keys_of = {})
      : step_(step), is_reported_(is_reported), keys_of_(std::move(keys_of)) {}
  /// Logs the progress of a long step, at most twenty times.
  void progress(std::int64_t done, std::int64_t total);
  const KeysOf& keys_of() const { return keys_of_; }  ///< may be empty

 private:
  int step_;
  bool is_reported_;
  KeysOf keys_of_;
  std::int64_t last_percent_ = 0;
};

/// One numbered change of the tables. To add one: write steps/step_<four digits>_<what>.cpp with one function, declare the
/// function below, and put it at the end of the list in steps.cpp with the next number. Never change a step that was released,
/// nor the tables of the first form (schema.cpp): a new store is made by all steps too, so that there is one definition.
/// A column that is added is NOT NULL with a constant default, else rows that are older than it cannot be sealed (row_watch.h).
/// After steps the whole store is read and sealed.
struct SchemaStep {
  /// Inside: the step's statements and the new user_version are one transaction, which the step neither begins nor ends.
  /// Alone: the step is in no transaction, because it does what cannot be done in one (VACUUM, a change of journal mode). It must
  /// be repeatable after an interruption anywhere, also at its end.
  enum class Transaction : std::uint8_t { Inside, Alone };

  int number = 0;         ///< the file's user_version afterwards
  std::string_view what;  ///< for the log
  /// On the writing connection, before any other has the file open. A failure in the database's health afterwards counts too, so
  /// the function need not check it.
  Result<void> (*run)(Database& database, StepContext& context) = nullptr;
  Transaction transaction = Transaction::Inside;
};

Result<void> add_page_sums(Database& database, StepContext& context);
Result<void> add_seal(Database& database, StepContext& context);
Result<void> add_notification_under_way(Database& database, StepContext& context);
Result<void> add_delivery_hold(Database& database, StepContext& context);
Result<void> add_event_streams(Database& database, StepContext& context);
Result<void> add_dictionaries(Database& database, StepContext& context);
Result<void> add_search_tables(Database& database, StepContext& context);
Result<void> add_journal_ids(Database& database, StepContext& context);
Result<void> keep_keys_by_case(Database& database, StepContext& context);
Result<void> add_hidden_versions(Database& database, StepContext& context);
Result<void> make_persons(Database& database, StepContext& context);
Result<void> time_closed_cases(Database& database, StepContext& context);
Result<void> add_unwritten_keys(Database& database, StepContext& context);
Result<void> index_audit_by_case(Database& database, StepContext& context);

/// All steps, with the numbers first_form + 1, + 2 ..
std::span<const SchemaStep> schema_steps();

}  // namespace vardbron::store
