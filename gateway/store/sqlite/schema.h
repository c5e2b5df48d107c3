#pragma once

#include "gateway/base/result.h"
#include "gateway/store/sqlite/database.h"
#include "gateway/store/sqlite/steps/steps.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>

namespace vardbron::store {

/// Number of the oldest form of the file that can be converted. A file's form is its user_version.
inline constexpr int first_form = 3;

/// Identifies our files (PRAGMA application_id): "VABR".
inline constexpr std::int64_t application_id = 0x56414252;

/// The copy of a store from before a step.
std::filesystem::path copy_from_before(const std::filesystem::path& file, int step);

/// The form after all steps.
int form_after(std::span<const SchemaStep> steps);

/// Calls around the steps that a file needs. A failure ends them; the file is left as it is.
struct AroundSteps {
  std::function<Result<void>(std::int64_t form)> check;  ///< before anything is copied
  std::function<Result<void>()> begin;                   ///< with the copy made, before the first step
  std::function<void()> failed{};                        ///< after begin, if a step failed
  KeysOf keys_of{};                                      ///< for steps that make keys again
};

/// Sets the writing connection up (write-ahead log, synced commits), makes the tables of an empty file, and runs the steps that a
/// file of an earlier form needs. Before the first of them the file is copied to vardbron.db.before-step-<number> beside it,
/// synced; the copy is kept until an operator deletes it, and each start logs it. A step that fails leaves the form before it,
/// and the next start runs it again.
/// Broken: not a store of ours, newer than the steps, older than first_form, or a step failed; the file is left as it is.
Result<void> prepare_for_writing(Database& database, std::span<const SchemaStep> steps = schema_steps(),
                                 const AroundSteps& around = {});
Result<void> prepare_for_reading(Database& database);

}  // namespace vardbron::store
