#include "gateway/search/include.h"

#include "gateway/base/text.h"
#include "gateway/search/place.h"
#include "gateway/search/refusal.h"

#include <string>
#include <utility>
#include <vector>

namespace vardbron::search {

namespace {

constexpr std::string_view each_reference = "*";

Result<Include> kind_of(std::string_view name) {
  const std::string_view code = name.substr(0, name.find(':'));
  Include include;
  include.is_reversed = code == "_revinclude";
  if (code.size() == name.size()) return include;
  const std::string_view modifier = name.substr(code.size() + 1);
  if (modifier != "iterate") return invalid("This parameter has the modifier :iterate only.", name);
  include.is_iterated = true;
  return include;
}

Result<void> check_end(const fhir::Definitions& definitions, const Include& include, fhir::TypeId searched,
                       std::string_view name) {
  if (include.is_iterated) return done();
  const std::string type(definitions.name(searched));
  if (!include.is_reversed && include.source != type) {
    return invalid("It begins at " + type + ", which is searched; with :iterate it may begin at what is included.", name);
  }
  if (include.is_reversed && !include.target.empty() && include.target != type) {
    return invalid("It ends at " + type + ", which is searched; with :iterate it may end at what is included.", name);
  }
  return done();
}

Result<void> check_reference(const fhir::Definitions& definitions, const Include& include, fhir::TypeId source,
                             fhir::TypeId searched, std::string_view name) {
  Result<ReferenceParameter> found = find_reference(definitions, source, include.parameter, name);
  if (!found) return std::move(found).failure();
  const bool must_reach_searched = include.is_reversed && !include.is_iterated;
  const std::string_view reached = must_reach_searched ? definitions.name(searched) : std::string_view(include.target);
  if (!reached.empty() && !may_refer_to(*found->parameter, found->paths, reached)) {
    return invalid("This reference of " + include.source + " never refers to a " + std::string(reached) + ".", name);
  }
  return done();
}

}  // namespace

Result<Include> read_include(const fhir::Definitions& definitions, fhir::TypeId searched, std::string_view name,
                             std::string_view value) {
  Result<Include> include = kind_of(name);
  if (!include) return include;
  const std::vector<std::string_view> parts = split(value, ':');
  const bool is_wildcard = parts.size() <= 2 && parts.back() == each_reference;
  if (is_wildcard && include->is_reversed) return unsupported("With _revinclude it is Type:reference, without *.", name);
  if (is_wildcard && parts.size() == 1) {
    if (include->is_iterated) return unsupported("With :iterate the type is named: Type:*.", name);
    include->source = definitions.name(searched);
    include->parameter = each_reference;
    return include;
  }
  if (parts.size() < 2 || parts.size() > 3) return invalid("The value is Type:reference or Type:reference:Target.", name);
  Result<fhir::TypeId> source = find_kept_type(definitions, parts[0], name);
  if (!source) return std::move(source).failure();
  include->source = parts[0];
  include->parameter = parts[1];
  if (parts.size() == 3) {
    Result<fhir::TypeId> target = find_kept_type(definitions, parts[2], name);
    if (!target) return std::move(target).failure();
    include->target = parts[2];
  }
  if (Result<void> ends = check_end(definitions, *include, searched, name); !ends) return std::move(ends).failure();
  if (is_wildcard) return include;
  Result<void> checked = check_reference(definitions, *include, *source, searched, name);
  if (!checked) return std::move(checked).failure();
  return include;
}

}  // namespace vardbron::search
