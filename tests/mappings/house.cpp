#include "tests/mappings/house.h"

#include "gateway/exchange/stockholm.h"
#include "gateway/time/civil.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>

namespace vardbron {

namespace {

constexpr const char* hospital = "SE2321990018-MED5";

// The key of the last case in the store, from the audit row of its commit.
std::string last_case(const sim::SimTables& tables) {
  std::string key;
  for (const store::AuditRow& row : tables.audit_rows(0, 1000))
    if (!row.case_key.empty()) key = row.case_key;
  return key;
}

// The region's system sends for its municipalities, and Danish hospitals have ids of another register.
access::SenderPermissions speaks_for_all() {
  access::Principal principal;
  principal.organisation = hospital;
  principal.units = {"SE2321990018-*", "SE2120990011-*", "urn:oid:1.2.208.176.1.1|*"};
  Result<access::SenderPermissions> units = access::SenderPermissions::open({principal});
  CHECK(units);
  return *units;
}

}  // namespace

const workspace::LoadedMaps& real_maps() {
  static const Result<workspace::LoadedMaps> maps = workspace::load_maps({}, {mappings_folder()});
  CHECK(maps);
  return *maps;
}

std::string text_of_file(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::stringstream text;
  text << stream.rdbuf();
  return std::move(text).str();
}

Result<tree::Document> mapped(const mapping::Map& map, const std::string& body) {
  Result<tree::Document> source =
      workspace::read_document(body, "", real_library().definitions(), "", map.source_types().front());
  if (!source) return std::move(source).failure();
  const std::array<tree::Item, 1> sources{tree::root(*source)};
  const exchange::Stockholm zone;
  mapping::Environment environment;
  environment.identity = body;
  environment.zone = &zone;
  return mapping::run(map, sources, environment);
}

House::House() : store(world.clock, world.random), indexer(real_library().definitions()) {
  const std::string base = "https://vardbron.example/fhir/StructureMap/";
  Result<exchange::Channels> opened = exchange::Channels::open(
      {{"cosmic", base + "CosmicNotice"}, {"medcom", base + "MedComHospitalNotification"}, {"adt", base + "Hl7v2Adt"}},
      real_library());
  CHECK(opened);
  channels = std::move(*opened);
  exchange::CaseParts cases{store,
                            {real_library().definitions().names(), policy, indexer},
                            [this] { return matcher; },
                            [this](const store::Committed& committed) { notified.push_back(committed); }};
  exchange::PathParts parts{std::move(cases), world.clock, channels, speaks_for_all()};
  path.emplace(std::move(parts));
}

void House::be_at(std::string_view time) {
  const Result<time::CivilTime> at = vardbron::time::parse_civil(time);
  CHECK(at);
  world.clock.shift_wall(at->at - world.clock.wall());
}

exchange::Receipt House::send(const std::string& channel, const std::string& body) {
  const access::Caller caller{hospital, "Sjukhuset", true, false, false};
  Result<exchange::Receipt> receipt = world.complete(path->accept({caller, channel, "", body}));
  CHECK(receipt);
  if (receipt->outcome == store::Outcome::Stored) case_key = last_case(store.tables());
  return std::move(*receipt);
}

store::Case House::only_case() {
  Result<store::Case> found = world.complete(store.load_case(case_key));
  CHECK(found);
  return std::move(*found);
}

std::vector<std::string> House::resources(std::string_view type) {
  std::vector<std::string> ids, bodies;
  const bool is_of_case = type != "Organization" && type != "Patient";
  for (const store::CaseResource& each : only_case().resources)
    if (is_of_case && each.type == type) ids.push_back(each.id);
  if (!is_of_case) {
    search::Query query;
    query.resource_type = type;
    Result<store::Page> page = world.complete(store.search(store::Reader{"", true}, std::move(query), {}));
    CHECK(page);
    for (const store::Resource& each : page->resources) ids.push_back(each.id);
  }
  std::sort(ids.begin(), ids.end());
  for (const std::string& id : ids) {
    Result<store::Resource> found = world.complete(store.read(store::Reader{"", true}, std::string(type), id));
    CHECK(found);
    bodies.push_back(std::move(found->body));
  }
  return bodies;
}

std::string House::resource(std::string_view type) {
  const std::vector<std::string> all = resources(type);
  return all.size() == 1 ? all.front() : "";
}

}  // namespace vardbron
