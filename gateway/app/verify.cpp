// Tested by tests/system/app/verify_command_test.cpp.

#include "gateway/app/commands.h"
#include "gateway/app/config.h"
#include "gateway/app/stored_keys_of.h"
#include "gateway/base/clock.h"
#include "gateway/base/counted.h"
#include "gateway/base/log.h"
#include "gateway/base/random.h"
#include "gateway/base/text.h"
#include "gateway/search/indexer.h"
#include "gateway/search/served.h"
#include "gateway/store/sqlite/verify_file.h"
#include "gateway/workspace/load.h"
#include "gateway/workspace/print.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <cstdio>
#include <exception>
#include <utility>

namespace vardbron::app {

namespace {

long long number(std::int64_t value) { return value; }

std::string count(std::int64_t value, std::string_view one) { return counted(static_cast<std::size_t>(value), one); }

void print_report(const store::VerifyReport& report, bool has_seals) {
  for (const store::Finding& finding : report.findings) {
    std::printf("%s %lld: %s\n", finding.table.c_str(), number(finding.number), visible(finding.says).c_str());
  }
  for (const store::Restoration& each : report.restored) {
    std::printf("Restored at %s from a backup of seal %lld; seals up to %lld had been handed outside.\n",
                visible(each.at).c_str(), number(each.seal), number(each.handed_out));
  }
  const auto printed = static_cast<std::int64_t>(report.findings.size());
  if (report.findings_count > printed) std::printf("and %lld more\n", number(report.findings_count - printed));
  std::printf("%lld journal %s, %s, %s with %s, %s in %s, %s; seal %lld.\n", number(report.journal),
              report.journal == 1 ? "entry" : "entries", count(report.audit, "audit row").c_str(),
              count(report.cases, "case").c_str(), count(report.links, "link").c_str(),
              count(report.resources, "resource").c_str(), count(report.versions, "version").c_str(),
              count(report.events, "event").c_str(), number(report.seal));
  if (report.aside > 0) {
    std::printf("%s of the access log in its second place ([audit] fallback): the next start of the gateway takes them over.\n",
                count(report.aside, "row").c_str());
  }
  if (!has_seals) std::printf("No seal that was handed outside was given: an older copy of the whole store would not show.\n");
  std::printf("%s.\n", report.is_clean() ? "All is as it was stored" : count(report.findings_count, "finding").c_str());
}

void print_progress(std::string_view what, std::int64_t rows) {
  std::fprintf(stderr, "%.*s: %s\n", static_cast<int>(what.size()), what.data(), count(rows, "row").c_str());
}

int seal_anew(store::SqliteOptions options) {
  RealClock clock;
  SystemRandom random;
  Result<fhir::Definitions> definitions = workspace::load_definitions({});
  if (!definitions) return workspace::print_failure(definitions.failure());
  const search::Indexer indexer(*definitions, search::served());
  options.keys_of = stored_keys_of(*definitions, indexer);
  options.is_sealed_anew = true;
  options.on_seal = [](const std::string& line) { std::printf("%s\n", line.c_str()); };
  Result<std::unique_ptr<store::Store>> opened = store::open_sqlite_store(options, clock, random);
  if (!opened) return workspace::print_failure(opened.failure());
  asio::io_context closing;
  asio::co_spawn(closing, (*opened)->close(), [](std::exception_ptr error) {
    if (error) std::rethrow_exception(error);
  });
  closing.run();
  std::printf("The store is sealed as it stands.\n");
  return workspace::Done;
}

}  // namespace

int verify(const VerifyOptions& options) {
  Result<Config> config = read_config(options.config);
  if (!config) return workspace::print_failure(config.failure());
  store::VerifyFileOptions how;
  how.store.directory = config->store;
  how.store.seal_key = config->seal.key;
  how.store.seal_file = config->seal.file;
  how.audit_fallback = config->audit_fallback;
  if (options.seal_anew) return seal_anew(std::move(how.store));
  how.handed_out = options.seals;
  if (!options.json) how.progress = print_progress;
  const RealClock clock;
  Result<store::VerifyReport> report = store::verify_file(how, clock);
  if (!report) return workspace::print_failure(report.failure());
  if (options.json)
    std::printf("%s\n", to_json(*report).c_str());
  else
    print_report(*report, !how.handed_out.empty() || !how.store.seal_file.empty());
  return report->is_clean() ? workspace::Done : workspace::Refused;
}

}  // namespace vardbron::app
