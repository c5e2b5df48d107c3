#include "tests/exchange/spine.h"

#include "gateway/search/served.h"

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
  open_path({});
}

void Spine::open_path(access::SenderPermissions units) { path.emplace(parts(std::move(units))); }

CaseParts Spine::case_parts() {
  return {store,
          {empty_library().definitions().names(), policy, indexer(), rules_limits, store.person_secret()},
          [this] {
            if (before_matching) before_matching();
            return matcher;
          },
          [this](const store::Committed& committed) { notified.push_back(committed); },
          [this](WallTime at) {
            if (due) due(at);
          },
          long_cases,
          short_case_links_max,
          cache,
          &persons};
}

PathParts Spine::parts(access::SenderPermissions units) {
  return {case_parts(), world.clock, channels, std::move(units), &metrics, receivers, queue};
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

void Spine::watch(const std::string& id, const std::string& organisation, const std::string& topic,
                  const std::vector<std::string>& filters) {
  subscription::Subscription wish;
  wish.id = id;
  wish.organisation = organisation;
  wish.criteria = std::string(subscription::topic_root) + topic;
  wish.topic = subscription::find_topic(wish.criteria);
  wish.status = subscription::Status::Active;
  CHECK(wish.topic != nullptr);
  for (const std::string& text : filters) {
    Result<std::vector<subscription::Filter>> read = subscription::parse_filter(text, *wish.topic);
    CHECK(read);
    wish.filters.insert(wish.filters.end(), read->begin(), read->end());
  }
  subscriptions.push_back(std::make_shared<const subscription::Subscription>(std::move(wish)));
  matcher = std::make_shared<const subscription::Matcher>(subscriptions);
}

std::vector<store::Event> Spine::events(const std::string& id) { return store.tables().events(id, 1, 1'000'000, 1'000'000); }

store::Resource Spine::task(const std::string& case_name, const std::string& code, const std::string& owner) {
  const store::Reader all{"", true};
  for (const store::CaseResource& each : stored_case(case_name).resources) {
    if (each.type != "Task") continue;
    Result<store::Resource> read = store.tables().read(all, "Task", each.id, 0);
    CHECK(read);
    bool is_it = read->body.find("\"code\":\"" + code + "\"") != std::string::npos &&
                 read->body.find(owner, read->body.find("\"owner\"")) != std::string::npos;
    if (is_it) return std::move(*read);
  }
  return {};
}

std::vector<store::CaseResource> Spine::patients() {
  search::Query query;
  query.resource_type = "Patient";
  std::vector<store::CaseResource> found;
  const Result<store::Page> page = store.tables().search({"", true}, query);
  for (const store::Resource& each : page->resources) found.push_back({each.type, each.id, each.version, ""});
  return found;
}

std::vector<std::string> Spine::bodies(const std::string& name) {
  std::vector<std::string> texts;
  for (const store::CaseResource& each : stored_case(name).resources)
    texts.push_back(each.type + "/" + each.id + " " + each.digest);
  std::sort(texts.begin(), texts.end());
  return texts;
}

}  // namespace vardbron::exchange
