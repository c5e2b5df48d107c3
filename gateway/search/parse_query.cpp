#include "gateway/search/parse_query.h"

#include "gateway/base/limits.h"
#include "gateway/base/text.h"
#include "gateway/search/criterion.h"
#include "gateway/search/include.h"
#include "gateway/search/place.h"
#include "gateway/search/refusal.h"

#include <algorithm>
#include <array>
#include <set>

namespace vardbron::search {

namespace {

constexpr std::array<std::string_view, 8> not_offered = {"_contained", "_containedType", "_filter", "_list",
                                                         "_text",      "_content",       "_query",  "_type"};
constexpr std::array<std::string_view, 2> of_the_answer = {"_format", "_pretty"};

template <std::size_t size>
bool is_one_of(const std::array<std::string_view, size>& known, std::string_view name) {
  return std::find(known.begin(), known.end(), name) != known.end();
}

class SearchReader {
 public:
  SearchReader(const fhir::Definitions& definitions, fhir::TypeId type, const ParseOptions& options)
      : definitions_(definitions), type_(type), options_(options), values_{definitions, options.base_url, options.now} {
    search_.query.resource_type = definitions.name(type);
  }

  Result<Search> read(Parameters parameters) {
    for (const auto& [name, value] : parameters) {
      if (value.size() > limits::target_bytes_max) return Failure{Cause::TooLarge, "The value is too long.", shown(name)};
      if (Result<void> taken = take(name, value); !taken) return std::move(taken).failure();
    }
    if (Result<void> fits = check_whole(); !fits) return std::move(fits).failure();
    search_.warnings = std::move(values_.warnings);
    return std::move(search_);
  }

 private:
  Result<void> take(std::string_view name, std::string_view value) {
    using Take = Result<void> (SearchReader::*)(std::string_view value);
    static constexpr std::array<std::pair<std::string_view, Take>, 7> once{{{"_count", &SearchReader::take_count},
                                                                            {"_sort", &SearchReader::take_sort},
                                                                            {"_total", &SearchReader::take_total},
                                                                            {"_summary", &SearchReader::take_summary},
                                                                            {"_after", &SearchReader::take_after},
                                                                            {"_before", &SearchReader::take_before},
                                                                            {"_elements", &SearchReader::take_elements}}};
    for (const auto& [known, take_it] : once) {
      if (known != name) continue;
      if (!seen_.insert(known).second) return invalid("This parameter is given once.", name);
      return (this->*take_it)(value);
    }
    if (is_one_of(of_the_answer, name))
      return seen_.insert(name).second ? done() : invalid("This parameter is given once.", name);
    const std::string_view code = name.substr(0, name.find(':'));
    if (code == "_include" || code == "_revinclude") return take_include(name, value);
    if (is_one_of(not_offered, code)) return go_without(name, unsupported("This search parameter is not offered.", name));
    return take_criterion(name, value);
  }

  Result<void> go_without(std::string_view name, Failure why) {
    if (!options_.is_lenient) return why;
    search_.ignored.push_back({std::string(name), std::move(why)});
    return done();
  }

  Result<void> take_count(std::string_view value) {
    std::optional<std::int64_t> count = parse_int(value);
    if (!count || *count < 0) return invalid("_count is one whole number.", "_count");
    search_.query.count = std::min(static_cast<std::size_t>(*count), limits::search_results_per_page_max);
    return done();
  }

  Result<void> take_total(std::string_view value) {
    if (value != "none" && value != "estimate" && value != "accurate") {
      return invalid("_total is one of none, estimate and accurate.", "_total");
    }
    search_.query.total = value == "none" ? Total::None : value == "estimate" ? Total::Estimate : Total::Accurate;
    return done();
  }

  Result<void> take_summary(std::string_view value) { return read_summary(value, search_.presentation); }

  Result<void> take_elements(std::string_view value) {
    const fhir::Definitions& shown = options_.shown != nullptr ? *options_.shown : definitions_;
    return read_elements(shown, shown.find_type(search_.query.resource_type), value, search_.presentation);
  }

  Result<void> take_after(std::string_view value) {
    search_.query.after = value;
    return done();
  }

  Result<void> take_before(std::string_view value) {
    search_.query.before = value;
    return done();
  }

  Result<void> take_sort(std::string_view value) {
    std::vector<SortKey>& keys = search_.query.sort;
    for (std::string_view code : split(value, ',')) {
      SortKey key;
      key.is_descending = code.starts_with('-');
      if (key.is_descending) code.remove_prefix(1);
      if (code.empty()) return invalid("The parameters are separated by commas, and here one is empty.", "_sort");
      const fhir::SearchParameter* parameter = find_parameter(definitions_, type_, code);
      if (parameter == nullptr) return unknown_parameter(definitions_, type_, code, "_sort");
      std::optional<ParameterPaths> paths = compile_parameter(definitions_, type_, *parameter);
      if (!paths) return unsupported("Results cannot be sorted by this parameter.", "_sort");
      key.parameter = code;
      key.kind = paths->kind;
      auto is_same = [&](const SortKey& other) { return other.parameter == key.parameter; };
      if (std::any_of(keys.begin(), keys.end(), is_same)) return invalid("A parameter is in _sort once.", "_sort");
      if (keys.size() >= sort_keys_max)
        return Failure{Cause::TooLarge, "Results are sorted by at most five parameters.", "_sort"};
      keys.push_back(std::move(key));
    }
    return done();
  }

  Result<void> take_include(std::string_view name, std::string_view value) {
    // Each resource is found without it.
    if (name.ends_with(":recurse")) return go_without(name, unsupported("R4's name of this modifier is :iterate.", name));
    Result<Include> include = read_include(definitions_, type_, name, value);
    if (!include) return std::move(include).failure();
    if (++values_.operands > limits::search_operands_max) return too_many(name);
    std::vector<Include>& all = search_.query.includes;
    if (std::find(all.begin(), all.end(), *include) == all.end()) all.push_back(*std::move(include));
    return done();
  }

  Result<void> take_criterion(std::string_view name, std::string_view value) {
    Result<std::vector<Place>> places = find_places(definitions_, type_, name);
    if (!places && places.failure().cause == Cause::TooLarge) return std::move(places).failure();
    if (!places) return go_without(name, std::move(places).failure());
    if (places->front().steps.empty()) {
      Result<Criterion> criterion = values_.read(places->front(), name, value);
      if (!criterion) return std::move(criterion).failure();
      search_.query.criteria.push_back(*std::move(criterion));
      return done();
    }
    return take_chains(*places, name, value);
  }

  // A value may fit the parameter of one type and not of another: a code here, a date there.
  Result<void> take_chains(std::vector<Place>& places, std::string_view name, std::string_view value) {
    std::vector<Chain> chains;
    std::optional<Failure> first;
    for (Place& place : places) {
      Result<Criterion> criterion = values_.read(place, name, value);
      if (criterion) {
        chains.push_back({std::move(place.steps), *std::move(criterion)});
      } else if (criterion.failure().cause == Cause::TooLarge) {
        return std::move(criterion).failure();
      } else if (!first) {
        first = std::move(criterion).failure();
      }
    }
    if (chains.empty()) return *std::move(first);
    search_.query.chains.push_back(std::move(chains));
    return done();
  }

  Result<void> check_whole() {
    Query& query = search_.query;
    Presentation& shape = search_.presentation;
    if (!query.after.empty() && !query.before.empty()) return invalid("A page is after or before another, not both.", "_before");
    if (shape.summary == Summary::Text && !query.includes.empty()) {  // R4 search.html 3.1.1.5.8
      return invalid("_summary=text goes without _include and _revinclude.", "_summary");
    }
    if (shape.is_overdetermined()) return Presentation::not_together();
    if (shape.summary == Summary::Count) query.count = 0;
    if (query.count == 0 && query.total == Total::None) query.total = Total::Accurate;
    return done();
  }

  static Failure too_many(std::string_view name) { return {Cause::TooLarge, "Too many values in one search.", shown(name)}; }

  const fhir::Definitions& definitions_;
  fhir::TypeId type_;
  const ParseOptions& options_;
  CriterionReader values_;
  Search search_;
  std::set<std::string_view> seen_;
};

}  // namespace

Result<Search> parse_search(const fhir::Definitions& definitions, std::string_view resource_type, Parameters parameters,
                            const ParseOptions& options) {
  if (!is_resource_type(definitions, resource_type)) return invalid("There is no such resource type.", resource_type);
  return SearchReader(definitions, definitions.find_type(resource_type), options).read(parameters);
}

Result<Query> parse_query(const fhir::Definitions& definitions, std::string_view resource_type, Parameters parameters,
                          std::string_view base_url) {
  Result<Search> search = parse_search(definitions, resource_type, parameters, {.base_url = base_url});
  if (!search) return std::move(search).failure();
  return std::move(search->query);
}

}  // namespace vardbron::search
