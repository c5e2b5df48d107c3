#include "gateway/app/map_reload.h"

#include "gateway/base/digest.h"
#include "gateway/base/log.h"
#include "gateway/base/run_on.h"
#include "gateway/workspace/load.h"
#include "gateway/workspace/map_check.h"

#include <algorithm>
#include <functional>
#include <string>
#include <system_error>
#include <utility>

namespace vardbron::app {

namespace {

namespace fs = std::filesystem;

/// Of names and contents, so that two gateways with equal files have the same digest.
std::string digest_of(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (at->is_directory() && at->path().filename() == "cases") at.disable_recursion_pending();
    if (at->is_regular_file(error)) files.push_back(at->path());
  }
  std::sort(files.begin(), files.end());
  std::string all;
  for (const fs::path& file : files) {
    Result<std::string> text = workspace::read_file(file);
    if (text) all += fs::proximate(file, folder).generic_string() + "\n" + to_hex(sha256(*text)) + "\n";
  }
  return to_hex(sha256(all)).substr(0, 16);
}

// Logged, so that the maps in use are known even if no caller waits for the answer.
void log_change(const exchange::MapChange& change) {
  for (const Failure& failure : change.failures)
    log::warning("the maps stay as they are", {{"because", failure.says}, {"where", failure.where}});
  log::info(change.is_new ? "other maps are in use" : "the maps in use are what they were",
            {{"digest", change.digest},
             {"maps", static_cast<std::int64_t>(change.maps)},
             {"cases", static_cast<std::int64_t>(change.cases)}});
}

Task<exchange::MapChange> as_task(std::function<exchange::MapChange()> work) { co_return work(); }

}  // namespace

ReadMaps read_maps(const MapPlaces& places) {
  ReadMaps read;
  const std::string digest = digest_of(places.mappings);
  Result<workspace::LoadedMaps> maps =
      workspace::load_maps(places.definitions, {places.mappings}, {}, workspace::FileNames::BelowTheirFolder);
  if (!maps) {
    read.failures.push_back(std::move(maps).failure());
    read.failures.back().where = fs::path(read.failures.back().where).filename().string();
    return read;
  }
  read.failures = std::move(maps->failures);
  std::shared_ptr<workspace::Workspace> workspace = std::move(maps->workspace);
  Result<exchange::Channels> channels = exchange::Channels::open(places.channels, workspace->library);
  const bool is_usable = are_of_unused_maps(read.failures, channels);
  if (!channels) read.failures.push_back(std::move(channels).failure());
  if (digest_of(places.mappings) != digest)
    return ReadMaps{nullptr, {{Cause::Busy, "The files changed while they were read. Ask again.", ""}}};
  if (!is_usable) return read;
  std::shared_ptr<const mapping::Library> library(workspace, &workspace->library);
  std::shared_ptr<const fhir::Definitions> other;
  if (workspace->other) other = {workspace, &*workspace->other};
  read.set = std::make_shared<const exchange::MapSet>(exchange::MapSet{std::move(library), digest, std::move(other)});
  return read;
}

bool are_of_unused_maps(const std::vector<Failure>& failures, const Result<exchange::Channels>& channels) {
  const auto is_of_map = [](const Failure& failure) {
    const fs::path file = failure.where.substr(0, failure.where.find(':'));
    return file.extension() == ".fml" || file.extension() == ".map";
  };
  return channels.ok() && std::all_of(failures.begin(), failures.end(), is_of_map);
}

MapReload::MapReload(exchange::MapRegistry& registry, MapPlaces places, asio::any_io_executor there)
    : registry_(registry), places_(std::move(places)), there_(std::move(there)) {}

Task<exchange::MapChange> MapReload::reload() {
  std::function<exchange::MapChange()> work = [this] { return reload_now(); };
  Task<exchange::MapChange> task = as_task(std::move(work));
  co_return co_await run_on(there_, std::move(task));
}

Task<exchange::MapChange> MapReload::roll_back() {
  std::function<exchange::MapChange()> work = [this] { return roll_back_now(); };
  Task<exchange::MapChange> task = as_task(std::move(work));
  co_return co_await run_on(there_, std::move(task));
}

exchange::MapChange MapReload::reload_now() {
  ReadMaps read = read_maps(places_);
  if (!read.set || !read.failures.empty()) return conclude(std::move(read.failures), 0, false);
  std::vector<Failure> failures;
  Result<std::size_t> cases = workspace::check_maps(*read.set->library, read.set->other.get(), places_.mappings, failures);
  if (!cases) failures.push_back(std::move(cases).failure());
  if (!failures.empty()) return conclude(std::move(failures), 0, false);
  // The set in use does not become the former one as well, or a roll-back would change nothing.
  if (read.set->digest == registry_.current()->digest) return conclude({}, *cases, false);
  registry_.put(std::move(read.set));
  return conclude({}, *cases, true);
}

exchange::MapChange MapReload::roll_back_now() {
  if (registry_.roll_back()) return conclude({}, 0, true);
  return conclude({{Cause::NotFound, "There are no former maps: none were loaded since the start.", ""}}, 0, false);
}

exchange::MapChange MapReload::conclude(std::vector<Failure> failures, std::size_t cases, bool is_new) const {
  std::shared_ptr<const exchange::MapSet> set = registry_.current();
  exchange::MapChange change;
  change.digest = set->digest;
  change.maps = set->library->maps().size();
  change.cases = cases;
  change.failures = std::move(failures);
  change.is_new = is_new;
  log_change(change);
  return change;
}

}  // namespace vardbron::app
