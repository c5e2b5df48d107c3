#include "gateway/search/parse_query.h"

#include "gateway/base/limits.h"
#include "gateway/base/text.h"
#include "gateway/search/operand.h"
#include "gateway/search/parameter.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

namespace vardbron::search {

namespace {

constexpr std::array<std::string_view, 13> not_offered = {"_include",   "_revinclude",    "_has",    "_summary", "_elements",
                                                          "_contained", "_containedType", "_filter", "_list",    "_text",
                                                          "_content",   "_query",         "_type"};
/// Parameters of presentation and counting, which have no effect; the total is always exact.
constexpr std::array<std::string_view, 3> without_effect = {"_format", "_pretty", "_total"};

constexpr std::size_t named_bytes_max = 64;

// A name is quoted to the sender only if it looks like one.
std::string shown(std::string_view name) {
  auto plain = [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') ||
           letter == '_' || letter == '-' || letter == ':' || letter == '.';
  };
  bool fine = name.size() <= named_bytes_max && std::all_of(name.begin(), name.end(), plain);
  return fine ? std::string(name) : std::string("(unprintable)");
}

Failure invalid(std::string says, std::string_view name) { return {Cause::Invalid, std::move(says), shown(name)}; }

Failure unsupported(std::string says, std::string_view name) { return {Cause::Unsupported, std::move(says), shown(name)}; }

template <std::size_t size>
bool is_one_of(const std::array<std::string_view, size>& known, std::string_view name) {
  return std::find(known.begin(), known.end(), name) != known.end();
}

class QueryReader {
 public:
  QueryReader(const fhir::Definitions& definitions, std::string_view resource_type, std::string_view base_url,
              std::vector<Ignored>* ignored)
      : definitions_(definitions), type_(definitions.find_type(resource_type)), base_url_(base_url), ignored_(ignored) {
    query_.resource_type = resource_type;
  }

  Result<Query> read(std::span<const std::pair<std::string, std::string>> parameters) {
    if (type_ == 0 || definitions_.kind(type_) != fhir::TypeKind::Resource || definitions_.is_abstract(type_)) {
      return invalid("There is no such resource type.", query_.resource_type);
    }
    for (const auto& [name, value] : parameters) {
      if (value.size() > limits::target_bytes_max) return Failure{Cause::TooLarge, "The value is too long.", shown(name)};
      Result<void> taken = take(name, value);
      if (!taken) return std::move(taken).failure();
    }
    return std::move(query_);
  }

 private:
  Result<void> take(std::string_view name, std::string_view value) {
    if (name == "_count") return take_count(value);
    if (name == "_sort") return take_sort(value);
    if (name == "_after") {
      query_.after = value;
      return done();
    }
    if (is_one_of(without_effect, name)) return done();
    std::string_view code = name.substr(0, name.find(':'));
    if (is_one_of(not_offered, code)) return go_without(name, unsupported("This search parameter is not offered.", name));
    if (code.find('.') != std::string_view::npos) return go_without(name, unsupported("Chained search is not offered.", name));
    return take_criterion(name, code, value);
  }

  Result<void> go_without(std::string_view name, Failure why) {
    if (ignored_ == nullptr) return why;
    ignored_->push_back({std::string(name), std::move(why)});
    return done();
  }

  Result<void> take_count(std::string_view value) {
    std::optional<std::int64_t> count = parse_int(value);
    if (!count || *count < 0 || counted_) return invalid("_count is one whole number.", "_count");
    counted_ = true;
    query_.count = std::min(static_cast<std::size_t>(*count), limits::search_results_per_page_max);
    return done();
  }

  Result<void> take_sort(std::string_view value) {
    if (sorted_) return invalid("_sort stands once.", "_sort");
    sorted_ = true;
    query_.descending = value == "-_lastUpdated";
    if (value != "_lastUpdated" && value != "-_lastUpdated") {
      return unsupported("Results can be sorted by _lastUpdated and -_lastUpdated only.", "_sort");
    }
    return done();
  }

  Result<void> take_criterion(std::string_view name, std::string_view code, std::string_view value) {
    const fhir::SearchParameter* parameter = find(code);
    if (parameter == nullptr) return go_without(name, unknown(code));
    std::optional<ParameterPaths> paths = compile_parameter(definitions_, type_, *parameter);
    if (!paths) return go_without(name, unsupported("This search parameter is not offered.", code));
    Criterion criterion;
    criterion.parameter = code;
    criterion.kind = paths->kind;
    std::string target;
    if (code.size() < name.size()) {
      Result<void> modified = take_modifier(criterion, target, name, name.substr(code.size() + 1));
      if (!modified) return modified;
    }
    Result<void> read = take_values(criterion, *parameter, target, value);
    if (!read) return read;
    query_.criteria.push_back(std::move(criterion));
    return done();
  }

  Result<void> take_modifier(Criterion& criterion, std::string& target, std::string_view name, std::string_view modifier) {
    KeyKind kind = criterion.kind;
    bool is_reference = kind == KeyKind::Reference;
    if (modifier == "missing") {
      criterion.modifier = Modifier::Missing;
    } else if (modifier == "not" && kind == KeyKind::Token) {
      criterion.modifier = Modifier::Not;
    } else if (modifier == "exact" && kind == KeyKind::String) {
      criterion.modifier = Modifier::Exact;
    } else if (modifier == "contains" && kind == KeyKind::String) {
      criterion.modifier = Modifier::Contains;
    } else if (modifier == "identifier" && is_reference) {
      criterion.modifier = Modifier::Identifier;
    } else if (is_reference && is_resource(modifier)) {
      target = modifier;
    } else {
      constexpr std::array<std::string_view, 7> of_the_standard = {"text",  "in",      "not-in", "below",
                                                                   "above", "of-type", "iterate"};
      if (is_one_of(of_the_standard, modifier)) return unsupported("This modifier is not offered.", name);
      return invalid("This parameter has no such modifier.", name);
    }
    return done();
  }

  Result<void> take_values(Criterion& criterion, const fhir::SearchParameter& parameter, const std::string& target,
                           std::string_view value) {
    if (criterion.modifier == Modifier::Missing) {
      if (value != "true" && value != "false") return invalid(":missing is true or false.", parameter.code);
      criterion.operands.resize(1);
      criterion.operands[0].value = value;
      return done();
    }
    for (const std::string& one : split_values(value)) {
      if (++operands_ > limits::search_operands_max) return Failure{Cause::TooLarge, "Too many values in one search.", ""};
      OperandContext context{definitions_, parameter, criterion.kind, criterion.modifier, target, base_url_};
      Result<void> added = add_operands(context, one, criterion.operands);
      if (!added) return added;
    }
    return done();
  }

  bool is_resource(std::string_view name) const {
    fhir::TypeId type = definitions_.find_type(name);
    return type != 0 && definitions_.kind(type) == fhir::TypeKind::Resource && !definitions_.is_abstract(type);
  }

  const fhir::SearchParameter* find(std::string_view code) const {
    for (const fhir::SearchParameter& parameter : definitions_.search_parameters(type_)) {
      if (parameter.code == code) return &parameter;
    }
    return nullptr;
  }

  Failure unknown(std::string_view code) const {
    std::vector<std::string_view> known;
    for (const fhir::SearchParameter& parameter : definitions_.search_parameters(type_)) known.push_back(parameter.code);
    std::string_view near = nearest(code, known);
    std::string says = query_.resource_type + " has no such search parameter.";
    if (!near.empty()) says += " Did you mean " + std::string(near) + "?";
    return invalid(std::move(says), code);
  }

  const fhir::Definitions& definitions_;
  fhir::TypeId type_;
  std::string_view base_url_;
  std::vector<Ignored>* ignored_;  // null: strict
  Query query_;
  std::size_t operands_ = 0;
  bool counted_ = false, sorted_ = false;
};

}  // namespace

Result<Query> parse_query(const fhir::Definitions& definitions, std::string_view resource_type,
                          std::span<const std::pair<std::string, std::string>> parameters, std::string_view base_url,
                          std::vector<Ignored>* ignored) {
  return QueryReader(definitions, resource_type, base_url, ignored).read(parameters);
}

}  // namespace vardbron::search
