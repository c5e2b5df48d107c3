#include "gateway/base/limits.h"
#include "gateway/search/match.h"
#include "gateway/store/rules.h"
#include "tests/sim/sim_store_tables.h"

#include <algorithm>
#include <set>

namespace vardbron::sim {

using search::Key;
using search::KeyKind;
using store::Page;
using store::PagePlace;

namespace {

/// "Type/id" as a name; none for other texts.
std::optional<std::pair<std::string, std::string>> name_of(const Key& key) {
  const std::size_t slash = key.value.find('/');
  if (key.kind != KeyKind::Reference || !key.system.empty() || slash == std::string::npos) return std::nullopt;
  return std::pair(key.value.substr(0, slash), key.value.substr(slash + 1));
}

}  // namespace

// The newest version, if the reader may see it and it is not deleted.
const SimTables::Version* SimTables::visible(const store::Reader& reader, const Name& name) const {
  const auto found = resources_.find(name);
  if (found == resources_.end()) return nullptr;
  const Version& newest = found->second.back();
  return !newest.resource.deleted && may_see(reader, newest.parties) ? &newest : nullptr;
}

bool SimTables::meets(const store::Reader& reader, const search::Query& query, const Version& version) const {
  if (version.resource.type != query.resource_type || !store::meets(query, version.keys)) return false;
  for (const search::Compartment& compartment : query.compartments) {
    const bool is_in = std::any_of(version.keys.begin(), version.keys.end(), [&](const Key& key) {
      const auto& parameters = compartment.parameters;
      return key.kind == KeyKind::Reference && key.system.empty() && key.value == compartment.reference &&
             std::find(parameters.begin(), parameters.end(), key.parameter) != parameters.end();
    });
    if (!is_in) return false;
  }
  return std::all_of(query.chains.begin(), query.chains.end(), [&](const std::vector<search::Chain>& alternatives) {
    return std::any_of(alternatives.begin(), alternatives.end(),
                       [&](const search::Chain& chain) { return meets_at(reader, version, chain, 0); });
  });
}

bool SimTables::meets_at(const store::Reader& reader, const Version& version, const search::Chain& chain,
                         std::size_t step) const {
  if (step == chain.steps.size()) return search::matches(chain.criterion, version.keys);
  const search::ChainStep& asked = chain.steps[step];
  if (asked.is_reversed) {
    const std::string here = version.resource.type + "/" + version.resource.id;
    return std::any_of(resources_.begin(), resources_.end(), [&](const auto& each) {
      const Version* source = each.first.first == asked.type ? visible(reader, each.first) : nullptr;
      const auto refers = [&](const Key& key) {
        return key.parameter == asked.parameter && key.kind == KeyKind::Reference && key.system.empty() && key.value == here;
      };
      return source != nullptr && std::any_of(source->keys.begin(), source->keys.end(), refers) &&
             meets_at(reader, *source, chain, step + 1);
    });
  }
  return std::any_of(version.keys.begin(), version.keys.end(), [&](const Key& key) {
    if (key.parameter != asked.parameter) return false;
    const std::optional<Name> name = name_of(key);
    if (name) {
      const Version* target = name->first == asked.type ? visible(reader, *name) : nullptr;
      return target != nullptr && meets_at(reader, *target, chain, step + 1);
    }
    if (step + 1 != chain.steps.size() || chain.criterion.parameter != "identifier") return false;
    Key identifier = key;
    identifier.parameter = "identifier";
    return search::matches(chain.criterion, std::span(&identifier, 1));
  });
}

PagePlace SimTables::place_of(const search::Query& query, const Version& version) {
  PagePlace place{{}, version.resource.last_updated.time_since_epoch().count(), version.change, 0};
  if (search::is_natural(query.sort)) return place;
  place.values = search::sort_values(query.sort, version.keys);
  place.values.push_back({false, version.resource.id});
  return place;
}

Result<Page> SimTables::search(const store::Reader& reader, const search::Query& query) const {
  const std::size_t values = search::is_natural(query.sort) ? 0 : query.sort.size() + 1;
  const bool is_backwards = !query.before.empty();
  Result<std::optional<PagePlace>> from = store::parse_token(is_backwards ? query.before : query.after, values);
  if (!from) return std::move(from).failure();
  std::vector<std::pair<PagePlace, const Version*>> hits;
  for (const auto& [name, versions] : resources_) {
    const Version* newest = visible(reader, name);
    if (newest != nullptr && meets(reader, query, *newest)) hits.emplace_back(place_of(query, *newest), newest);
  }
  const auto comes_before = [&](const PagePlace& left, const PagePlace& right) {
    return store::comes_before(query.sort, left, right);
  };
  std::sort(hits.begin(), hits.end(), [&](const auto& left, const auto& right) { return comes_before(left.first, right.first); });
  Page page;
  const std::size_t all = hits.size(), count = store::served_count(query.count);
  const bool is_whole = !*from && all <= count;
  if (query.total != search::Total::None || query.count == 0 || is_whole) page.total = static_cast<std::int64_t>(all);
  std::size_t first = 0, last = all;
  if (*from && !is_backwards)
    while (first < all && !comes_before(**from, hits[first].first)) ++first;
  if (*from && is_backwards)
    while (last > 0 && !comes_before(hits[last - 1].first, **from)) --last;
  if (is_backwards) first = last - std::min(last, count);
  last = std::min(last, first + count);
  for (std::size_t at = first; at < last; ++at) page.resources.push_back(hits[at].second->resource);
  if (first < last && (is_backwards || last < all)) page.after = store::to_token(hits[last - 1].first);
  if (first < last && (is_backwards ? first > 0 : from->has_value())) page.before = store::to_token(hits[first].first);
  include(reader, query, page);
  return page;
}

std::vector<SimTables::Name> SimTables::included_by(const store::Reader& reader, const Version& version,
                                                    const search::Include& include) const {
  std::vector<Name> names;
  if (include.is_reversed) {
    const std::string here = version.resource.type + "/" + version.resource.id;
    if (!include.target.empty() && version.resource.type != include.target) return names;
    for (const auto& [name, versions] : resources_) {
      const Version* source = name.first == include.source ? visible(reader, name) : nullptr;
      if (source == nullptr) continue;
      const auto refers = [&](const Key& key) { return key.parameter == include.parameter && name_of(key) && key.value == here; };
      if (std::any_of(source->keys.begin(), source->keys.end(), refers)) names.push_back(name);
    }
    return names;
  }
  if (version.resource.type != include.source) return names;
  for (const Key& key : version.keys) {
    if (include.parameter != "*" && key.parameter != include.parameter) continue;
    const std::optional<Name> name = name_of(key);
    if (name && (include.target.empty() || name->first == include.target)) names.push_back(*name);
  }
  return names;
}

void SimTables::include(const store::Reader& reader, const search::Query& query, Page& page) const {
  std::set<Name> known;
  std::vector<Name> from;
  for (const store::Resource& each : page.resources) {
    from.emplace_back(each.type, each.id);
    known.insert(from.back());
  }
  for (bool is_first = true; !from.empty(); is_first = false) {
    std::vector<Name> found;
    for (const Name& name : from) {
      for (const search::Include& include : query.includes) {
        if (!is_first && !include.is_iterated) continue;
        for (const Name& one : included_by(reader, resources_.at(name).back(), include)) {
          const Version* version = visible(reader, one);
          if (version == nullptr || !known.insert(one).second) continue;
          page.included.push_back(version->resource);
          found.push_back(one);
        }
      }
    }
    from = std::move(found);
  }
}

Result<Page> SimTables::history(const store::Reader& reader, const store::HistoryQuery& query) const {
  Result<std::optional<PagePlace>> from = store::parse_token(query.after, 0);
  if (!from) return std::move(from).failure();
  const bool is_of_one = !query.id.empty();
  std::vector<std::pair<PagePlace, const Version*>> found;
  for (const auto& [name, versions] : resources_) {
    const bool is_asked = name.first == query.type && (!is_of_one || name.second == query.id);
    if (!is_asked || !may_see(reader, versions.back().parties)) continue;
    for (std::size_t at = 0; at < versions.size(); ++at) {
      const WallTime made = versions[at].resource.last_updated;
      const bool is_last = at + 1 == versions.size();
      if (!may_see_version(reader, versions, at)) continue;
      if (query.since && made < *query.since) continue;
      if (query.at_last && made > *query.at_last) continue;
      if (query.at_first && !is_last && versions[at + 1].resource.last_updated <= *query.at_first) continue;
      PagePlace place{{}, made.time_since_epoch().count(), versions[at].change, 0};
      if (is_of_one) place = {{}, 0, versions[at].resource.version, 0};
      found.emplace_back(std::move(place), &versions[at]);
    }
  }
  const bool is_known = is_of_one && resources_.contains({query.type, query.id});
  if (is_of_one && (!is_known || !may_see(reader, resources_.at({query.type, query.id}).back().parties)))
    return store::not_found();
  std::sort(found.begin(), found.end(),
            [](const auto& left, const auto& right) { return store::comes_before({}, right.first, left.first); });
  if (*from) std::erase_if(found, [&](const auto& each) { return !store::comes_before({}, each.first, **from); });
  Page page;
  const std::size_t count = store::served_count(query.count);
  for (std::size_t at = 0; at < std::min(count, found.size()); ++at) page.resources.push_back(found[at].second->resource);
  if (count > 0 && found.size() > count) page.after = store::to_token(found[count - 1].first);
  return page;
}

}  // namespace vardbron::sim
