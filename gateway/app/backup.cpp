// Tested by tests/system/app/backup_command_test.cpp.

#include "gateway/app/commands.h"
#include "gateway/app/config.h"
#include "gateway/app/seal_file.h"
#include "gateway/base/clock.h"
#include "gateway/base/counted.h"
#include "gateway/base/metrics.h"
#include "gateway/base/random.h"
#include "gateway/base/text.h"
#include "gateway/store/sqlite/backup.h"
#include "gateway/store/sqlite/restore.h"
#include "gateway/workspace/print.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace vardbron::app {

namespace {

constexpr std::size_t subscriptions_printed_max = 100;

store::SqliteOptions store_of(const Config& config) {
  store::SqliteOptions where;
  where.directory = config.store;
  where.seal_key = config.seal.key;
  where.seal_file = config.seal.file;
  return where;
}

void print_progress(std::string_view what, std::int64_t count) {
  std::fprintf(stderr, "%.*s: %lld\n", static_cast<int>(what.size()), what.data(), static_cast<long long>(count));
}

/// The findings; they are why the command does nothing.
int print_findings(const store::VerifyReport& report, const char* what, const char* outcome) {
  for (const store::Finding& finding : report.findings) {
    std::printf("%s %lld: %s\n", finding.table.c_str(), static_cast<long long>(finding.number), visible(finding.says).c_str());
  }
  std::fprintf(stderr, "vardbron: %s is not what was stored (%s). %s\n", what,
               counted(static_cast<std::size_t>(report.findings_count), "finding").c_str(), outcome);
  return workspace::Refused;
}

std::string moment_of(const store::CopyReport& report) {
  return "seal " + std::to_string(report.verified.seal) + (report.sealed_at.empty() ? "" : " of " + report.sealed_at);
}

void print_earlier_form(const store::CopyReport& report) {
  if (!report.is_of_earlier_form) return;
  std::printf("Its tables are of an earlier form: its rows are compared with its seal when a gateway carries it over.\n");
}

/// A folder gets a name by the time of day. A folder that is missing, such as one of a disk that is not mounted, gets no file of
/// its name.
Result<std::filesystem::path> name_in(const std::filesystem::path& to, WallTime now) {
  std::error_code error;
  const bool is_file = to.extension() == ".db" && !std::filesystem::is_directory(to, error);
  const std::filesystem::path folder = is_file ? std::filesystem::absolute(to, error).parent_path() : to;
  if (!std::filesystem::is_directory(folder, error)) {
    return Failure{
        Cause::Broken,
        "There is no such folder: make it, or mount its disk. --to takes a folder, or a file of one that ends with .db.",
        folder.string()};
  }
  if (is_file) return to;
  std::string time = to_instant(now).substr(0, 19);
  std::erase_if(time, [](char letter) { return letter == '-' || letter == ':'; });
  return to / ("vardbron-" + time + "Z.db");
}

/// Notes the restoration in the store's access log, and closes the store.
Task<> note_and_close(store::Restored& restored, std::vector<store::SubscriptionState>& subscriptions, Result<void>& noted) {
  store::AuditRow row;
  row.action = "operate";
  row.subject = "store";
  row.says = "restored as it was at " + moment_of(restored.report) + "; the last seal that had been handed outside was " +
             std::to_string(restored.restoration.handed_out);
  std::vector<store::AuditRow> rows(1, std::move(row));
  noted = co_await restored.store->audit(std::move(rows));
  Result<std::vector<store::SubscriptionState>> all = co_await restored.store->subscriptions();
  if (all) subscriptions = *std::move(all);
  co_await restored.store->close();
}

void print_restored(const store::Restored& restored, const std::vector<store::SubscriptionState>& subscriptions) {
  std::printf("Restored: the store is as it was at %s.\n", moment_of(restored.report).c_str());
  print_earlier_form(restored.report);
  if (!restored.aside.empty()) std::printf("The store that was there is kept: %s\n", restored.aside.c_str());
  std::printf("What was acknowledged after that moment is not in it: senders have to send it again.\n");
  if (subscriptions.empty()) return;
  std::printf(
      "Numbers of events, versions and journal entries after that moment are given a second time, to others. Tell each "
      "subscriber its number:\n");
  const std::size_t count = std::min(subscriptions.size(), subscriptions_printed_max);
  for (std::size_t at = 0; at < count; ++at) {
    const store::SubscriptionState& each = subscriptions[at];
    std::printf("Subscription/%s (%s): the next event is number %lld\n", visible(each.id).c_str(), visible(each.status).c_str(),
                static_cast<long long>(each.events + 1));
  }
  if (count < subscriptions.size())
    std::printf("and %zu more: their $status tells, once a gateway runs (events-since-subscription-start, and one more)\n",
                subscriptions.size() - count);
}

}  // namespace

int backup(const BackupOptions& options) {
  Result<Config> config = read_config(options.config);
  if (!config) return workspace::print_failure(config.failure());
  const RealClock clock;
  Result<std::filesystem::path> name = name_in(options.to, clock.wall());
  if (!name) return workspace::print_failure(name.failure());
  store::BackupOptions how{store_of(*config), *std::move(name)};
  how.progress = print_progress;
  const Result<store::Backup> made = store::back_up(how, clock);
  if (!made) return workspace::print_failure(made.failure());
  if (!made->report.verified.is_clean()) return print_findings(made->report.verified, "The store", "There is no backup.");
  std::printf("%s: %lld bytes, verified; the store as it was at %s%s.\n", how.to.c_str(), static_cast<long long>(made->bytes),
              moment_of(made->report).c_str(), made->is_of_open_store ? ", while a gateway runs" : "");
  print_earlier_form(made->report);
  std::printf(
      "The key of the seal is not in it, nor are the configuration, the maps, and the file of seals: keep them too, "
      "elsewhere.\n");
  return workspace::Done;
}

int restore(const RestoreOptions& options) {
  Result<Config> config = read_config(options.config);
  if (!config) return workspace::print_failure(config.failure());
  RealClock clock;
  SystemRandom random;
  Metrics metrics;
  SealFile seals(config->seal.file, metrics);
  store::RestoreOptions how{store_of(*config), options.from, options.replace};
  how.store.on_seal = [&seals](const std::string& line) { seals.append(line); };
  how.progress = print_progress;
  Result<store::Restored> restored = store::restore(how, clock, random);
  if (!restored && restored.failure().cause == Cause::Conflict) {
    Failure failure = restored.failure();
    failure.says += " --replace moves it aside.";
    return workspace::print_failure(failure);
  }
  if (!restored) return workspace::print_failure(restored.failure());
  if (!restored->report.verified.is_clean())
    return print_findings(restored->report.verified, "The backup",
                          "Nothing was restored; the store is as it was. Take another one.");
  std::vector<store::SubscriptionState> subscriptions;
  Result<void> noted = done();
  asio::io_context closing;
  asio::co_spawn(closing, note_and_close(*restored, subscriptions, noted), [](std::exception_ptr error) {
    if (error) std::rethrow_exception(error);
  });
  closing.run();
  if (!noted) return workspace::print_failure(noted.failure());
  print_restored(*restored, subscriptions);
  return workspace::Done;
}

}  // namespace vardbron::app
