#include "tests/exchange/spine.h"

#include <algorithm>

namespace vardbron::exchange {

const mapping::Library& empty_library() {
  static const auto library = [] {
    static Result<fhir::Definitions> definitions = fhir::Definitions::open(VARDBRON_BINARY_DIR "/share/r4.table");
    CHECK(definitions);
    auto made = std::make_unique<mapping::Library>(*definitions);
    CHECK(made->build().empty());
    return made;
  }();
  return *library;
}

const search::Indexer& indexer() {
  static const search::Indexer made(empty_library().definitions(), search::served());
  return made;
}

Spine::Spine(std::uint64_t seed, sim::StoreFaults faults) : world(seed), store(world.clock, world.random, faults) {
  Result<Channels> opened = Channels::open({{"fhir", ""}}, empty_library());
  CHECK(opened);
  channels = std::move(*opened);
  PathParts parts{store, world.clock, channels, {empty_library().definitions().names(), policy, indexer()},
                  [this] { return matcher; }, [this](const store::Committed& committed) { told.push_back(committed); }};
  path.emplace(std::move(parts));
}

access::Caller Spine::caller() { return {hospital, "Sjukhuset", true, false, false}; }

Result<Receipt> Spine::accept(const std::string& body) {
  return world.complete(path->accept({caller(), "fhir", "application/fhir+json", body}));
}

store::Case Spine::stored_case(const std::string& name) {
  Result<store::Case> found = world.complete(store.load_case(std::string(hospital) + "|urn:test:cases|" + name));
  CHECK(found);
  return std::move(*found);
}

std::vector<std::string> Spine::bodies(const std::string& name) {
  std::vector<std::string> texts;
  for (const store::CaseResource& each : stored_case(name).resources) texts.push_back(each.type + "/" + each.id + " " + each.digest);
  std::sort(texts.begin(), texts.end());
  return texts;
}

}  // namespace vardbron::exchange
