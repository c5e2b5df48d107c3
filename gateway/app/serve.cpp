// Tested by tests/system/app/metrics_test.cpp and tests/system/app/callers_test.cpp.

#include "gateway/access/sender_permissions.h"
#include "gateway/app/check_places.h"
#include "gateway/app/commands.h"
#include "gateway/app/config.h"
#include "gateway/app/gateway.h"
#include "gateway/app/map_reload.h"
#include "gateway/app/principals.h"
#include "gateway/base/counted.h"
#include "gateway/base/limits.h"
#include "gateway/base/log.h"
#include "gateway/exchange/channel.h"
#include "gateway/workspace/load.h"
#include "gateway/workspace/print.h"

#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstdio>

namespace vardbron::app {

namespace {

Result<void> check_callers(const Config& config) {
  const std::vector<access::Principal> principals = principals_of(config);
  Result<access::Authenticator> authenticator = access::Authenticator::open(principals);
  if (!authenticator) return std::move(authenticator).failure();
  Result<access::SenderPermissions> units = access::SenderPermissions::open(principals);
  if (!units) return std::move(units).failure();
  return done();
}

// Printed at the start, since otherwise the units of a token show only when a notice is refused.
void print_senders(const Config& config) {
  for (const OrganisationConfig& each : config.organisations) {
    if (!each.may_send) continue;
    std::string units;
    for (const std::string& unit : each.units) units += (units.empty() ? "" : ", ") + unit;
    std::printf("%s sends for %s.\n", each.hsa_id.c_str(), units.empty() ? "the units of its own body" : units.c_str());
  }
}

// All that is wrong with a configuration is printed, so that it can be mended at once.
int print_faults(const Failure& first, const std::vector<Failure>& faults) {
  if (faults.empty()) return workspace::print_failure(first);
  for (const Failure& each : faults) workspace::print_failure(each);
  return workspace::Refused;
}

// A shell gives 1,024 descriptors, which callers from one address may fill; the hard limit is usually far higher.
void ask_for_descriptors() {
  constexpr rlim_t wanted =
      limits::connections_max + limits::connections_per_address_max;  // the second term for files and outgoing calls
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  if (limit.rlim_cur < wanted) limit.rlim_cur = std::min(wanted, limit.rlim_max);
  setrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur >= wanted) return;
  log::warning("there are fewer file descriptors than callers may take, set LimitNOFILE",
               {{"descriptors", static_cast<std::int64_t>(limit.rlim_cur)}, {"wanted", static_cast<std::int64_t>(wanted)}});
}

}  // namespace

int serve(const ServeOptions& options) {
  std::vector<Failure> faults;
  Result<Config> config = read_config(options.config, &faults);
  if (!config) return print_faults(config.failure(), faults);
  log::start(log::Level::Info, config->log_json ? log::Shape::Json : log::Shape::Plain);
  ask_for_descriptors();
  std::signal(SIGXFSZ, SIG_IGN);  // a file at its size limit is a failed write, and does not end the process
  Result<std::unique_ptr<Gateway>> gateway = Gateway::open(*config);
  if (!gateway) return workspace::print_failure(gateway.failure());
  Result<void> served = (*gateway)->run();
  log::stop();
  if (!served) return workspace::print_failure(served.failure());
  return workspace::Done;
}

int check(const CheckOptions& options) {
  std::vector<Failure> faults;
  Result<Config> config = read_config(options.config, &faults);
  if (!config) return print_faults(config.failure(), faults);
  if (Result<void> callers = check_callers(*config); !callers) return workspace::print_failure(callers.failure());
  const std::vector<Failure> places = check_places(*config);
  for (const Failure& failure : places) workspace::print_failure(failure);
  if (!places.empty()) return workspace::Refused;
  Result<workspace::LoadedMaps> maps = workspace::load_maps(config->definitions, {config->mappings});
  if (!maps) return workspace::print_failure(maps.failure());
  std::vector<exchange::ChannelSetting> settings;
  for (const ChannelConfig& each : config->channels) settings.push_back({each.name, each.map});
  Result<exchange::Channels> channels = exchange::Channels::open(settings, maps->workspace->library);
  const bool is_usable = are_of_unused_maps(maps->failures, channels);
  for (const Failure& failure : maps->failures) workspace::print_failure(failure);
  if (!channels) return workspace::print_failure(channels.failure());
  if (!is_usable) return workspace::Refused;
  std::printf("%s is in order: %s, %s, %s.\n", options.config.c_str(),
              counted(config->organisations.size(), "organisation").c_str(), counted(config->channels.size(), "channel").c_str(),
              counted(maps->workspace->library.maps().size(), "map").c_str());
  std::printf("Callers reach it at %s/fhir.\n", address_of(*config, config->listen_port).c_str());
  for (const std::string& doubt : doubts_about(*config)) std::printf("Warning: %s\n", doubt.c_str());
  if (!maps->failures.empty())
    std::printf("Warning: %s above; no channel needs that, and the gateway starts without.\n",
                maps->failures.size() == 1 ? "a map is broken, as said" : "maps are broken, as said");
  print_senders(*config);
  return workspace::Done;
}

}  // namespace vardbron::app
