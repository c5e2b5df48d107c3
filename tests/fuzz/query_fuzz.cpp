#include "gateway/base/check.h"
#include "gateway/base/text.h"
#include "gateway/formats/json/parse.h"
#include "gateway/search/indexer.h"
#include "gateway/search/match.h"
#include "gateway/search/parse_query.h"
#include "r4.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace vardbron;

const std::vector<search::Key>& keys_of_a_task() {
  static const std::vector<search::Key> keys = [] {
    Result<tree::Document> task = json::parse(
        R"({"resourceType":"Task","id":"t","meta":{"profile":["http://a.example/p|1"]},"status":"requested","intent":"order",)"
        R"("identifier":[{"system":"urn:s","value":"42","type":{"coding":[{"system":"urn:t","code":"MR"}],"text":"number"}}],)"
        R"("code":{"coding":[{"system":"urn:c","code":"a","display":"Utse"}]},"for":{"reference":"Patient/1"},"authoredOn":"2026-03",)"
        R"("owner":{"identifier":{"value":"SE2120990011-HSV1"},"display":"Nacka"}})",
        r4().names());
    CHECK(task);
    return search::Indexer(r4()).keys(tree::root(*task));
  }();
  return keys;
}

std::vector<std::pair<std::string, std::string>> parameters_of(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> parameters;
  for (std::string_view each : split(text, '&')) {
    const std::size_t equals = std::min(each.find('='), each.size());
    parameters.emplace_back(each.substr(0, equals), each.substr(std::min(equals + 1, each.size())));
  }
  return parameters;
}

void check_query(const search::Query& query) {
  for (const search::Criterion& each : query.criteria) {
    CHECK(!each.operands.empty());
    search::matches(each, keys_of_a_task());
  }
  for (const std::vector<search::Chain>& any : query.chains) {
    CHECK(!any.empty());
    for (const search::Chain& each : any)
      CHECK(!each.steps.empty() && each.steps.size() <= 3 && !each.criterion.operands.empty());
  }
  for (const search::Include& each : query.includes) CHECK(r4().find_type(each.source) != 0 && !each.parameter.empty());
  CHECK(query.after.empty() || query.before.empty());
}

}  // namespace

/// A search is read, or refused with a sentence and the parameter's name. What is read strictly is read leniently as well, and
/// nothing of it is ignored.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto parameters = parameters_of({reinterpret_cast<const char*>(data), size});
  for (std::string_view type : {"Task", "Patient", "ChargeItem"}) {
    search::ParseOptions options{.base_url = "https://a.example/fhir", .now = WallTime{}};
    const Result<search::Search> strict = search::parse_search(r4(), type, parameters, options);
    options.is_lenient = true;
    const Result<search::Search> lenient = search::parse_search(r4(), type, parameters, options);
    if (lenient) check_query(lenient->query);
    if (strict) {
      CHECK(lenient.ok() && lenient->ignored.empty());
      CHECK(strict->query.criteria.size() == lenient->query.criteria.size());
    } else {
      CHECK(!strict.failure().says.empty() && !strict.failure().where.empty());
    }
  }
  return 0;
}
