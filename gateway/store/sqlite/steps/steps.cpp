#include "gateway/store/sqlite/steps/steps.h"

#include "gateway/base/log.h"

#include <vector>

namespace vardbron::store {

namespace {
constexpr std::int64_t reported_percent = 5;
}

void StepContext::progress(std::int64_t done, std::int64_t total) {
  const std::int64_t percent = total > 0 ? done * 100 / total : 100;
  if (!is_reported_ || percent < last_percent_ + reported_percent) return;
  last_percent_ = percent;
  log::info("the store's tables are being changed", {{"step", std::int64_t{step_}}, {"percent", percent}});
}

std::span<const SchemaStep> schema_steps() {
  using enum SchemaStep::Transaction;
  static const std::vector<SchemaStep> steps = {
      {4, "each page gets a checksum", add_page_sums, Alone},
      {5, "what is stored is sealed", add_seal, Inside},
      {6, "it is kept which notification is under way", add_notification_under_way, Inside},
      {7, "it is kept what holds a delivery up", add_delivery_hold, Inside},
      {8, "an event is stored once", add_event_streams, Inside},
      {9, "bodies are compressed with dictionaries", add_dictionaries, Inside},
      {10, "searches get tables of their own", add_search_tables, Inside},
      {11, "a journal entry is found by its id", add_journal_ids, Inside},
      {12, "what searches look in is kept once for a case", keep_keys_by_case, Inside},
      {13, "a case can hide the former versions of its resources", add_hidden_versions, Inside},
      {14, "a person outlives a case", make_persons, Inside},
      {15, "a closed case is timed", time_closed_cases, Inside},
      {16, "keys of several changes are written together", add_unwritten_keys, Inside},
      {17, "the access log is found by the case", index_audit_by_case, Inside},
  };
  return steps;
}

}  // namespace vardbron::store
