#include "gateway/search/element_path.h"

#include "gateway/base/text.h"
#include "gateway/fhir/reference.h"

#include <charconv>

namespace vardbron::search {

namespace {

/// Compiles one alternative of an expression, following the types of its elements.
class Compiler {
 public:
  Compiler(const fhir::Definitions& definitions, fhir::TypeId resource) : definitions_(definitions), resource_(resource) {}

  bool add(std::string_view alternative) {
    rest_ = trim(alternative);
    std::string_view start = word();
    fhir::TypeId type = definitions_.find_type(start);
    if (type == 0 || !definitions_.is_a(resource_, type)) return false;
    std::vector<ElementPath> ways(1);
    ways[0].type = resource_;
    while (!rest_.empty()) {
      bool good = rest_.front() == '[' ? item(ways) : rest_.front() == '.' && dot(ways);
      if (!good) return false;
    }
    for (ElementPath& way : ways) {
      if (!way.steps.empty()) paths.push_back(std::move(way));
    }
    return true;
  }

  std::vector<ElementPath> paths;

 private:
  std::string_view word() {
    std::size_t end = 0;
    auto is_letter = [](char letter) { return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z'); };
    auto is_digit = [](char letter) { return letter >= '0' && letter <= '9'; };
    while (end < rest_.size() && (is_letter(rest_[end]) || (end > 0 && is_digit(rest_[end])))) ++end;
    std::string_view taken = rest_.substr(0, end);
    rest_.remove_prefix(end);
    return taken;
  }

  bool eat(std::string_view text) {
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }

  bool dot(std::vector<ElementPath>& ways) {
    rest_.remove_prefix(1);
    if (eat("ofType(")) return of_type(ways);
    if (eat("where(resolve() is ")) return resolves(ways);
    if (eat("where(")) return where(ways);
    std::string_view name = word();
    if (name.empty() || (!rest_.empty() && rest_.front() == '(')) return false;
    std::vector<ElementPath> further;
    for (const ElementPath& way : ways) follow(way, name, further);
    ways = std::move(further);
    return !ways.empty();
  }

  // A choice element becomes one path per type, since its node is named by its type: valueQuantity.
  void follow(const ElementPath& way, std::string_view name, std::vector<ElementPath>& into) {
    tree::NameId id = definitions_.names().find(name);
    fhir::Step step = definitions_.step(way.type, id);
    if (!step) return;
    for (const fhir::ElementType& type : definitions_.types(*step.element)) {
      if (step.type != 0 && type.type != step.type) continue;
      ElementPath longer = way;
      longer.type = type.type;
      longer.element = step.element;
      longer.steps.push_back({});
      longer.steps.back().name = step.element->is_choice ? type.choice_name : id;
      into.push_back(std::move(longer));
    }
  }

  bool of_type(std::vector<ElementPath>& ways) {
    fhir::TypeId type = definitions_.find_type(word());
    if (type == 0 || !eat(")")) return false;
    std::erase_if(ways, [type](const ElementPath& way) { return way.type != type; });
    return true;
  }

  bool resolves(std::vector<ElementPath>& ways) {
    std::string type(word());
    if (definitions_.find_type(type) == 0 || !eat(")")) return false;
    for (ElementPath& way : ways) {
      if (!way.steps.empty()) way.steps.back().resolves_to = type;
    }
    return true;
  }

  bool where(std::vector<ElementPath>& ways) {
    tree::NameId name = definitions_.names().find(word());
    std::size_t end = name != 0 && eat("='") ? rest_.find('\'') : std::string_view::npos;
    if (end == std::string_view::npos) return false;
    std::string value(rest_.substr(0, end));
    rest_.remove_prefix(end + 1);
    for (ElementPath& way : ways) {
      if (way.steps.empty()) return false;
      way.steps.back().where_name = name;
      way.steps.back().where_value = value;
    }
    return eat(")");
  }

  bool item(std::vector<ElementPath>& ways) {
    int number = 0;
    auto [end, error] = std::from_chars(rest_.data() + 1, rest_.data() + rest_.size(), number);
    if (error != std::errc{} || number < 0) return false;
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    for (ElementPath& way : ways) {
      if (way.steps.empty()) return false;
      way.steps.back().item = number;
    }
    return eat("]");
  }

  const fhir::Definitions& definitions_;
  fhir::TypeId resource_;
  std::string_view rest_;
};

}  // namespace

std::optional<std::vector<ElementPath>> compile_paths(const fhir::Definitions& definitions, fhir::TypeId resource,
                                                      std::string_view expression) {
  Compiler compiler(definitions, resource);
  for (std::string_view alternative : split(expression, '|')) {
    if (!compiler.add(alternative)) return std::nullopt;
  }
  return std::move(compiler.paths);
}

bool passes_where(const ElementPath::Step& step, tree::Item item) {
  for (tree::Item child = item.first_child(); child; child = child.next()) {
    if (child.name() == step.where_name && child.text() == step.where_value) return true;
  }
  return false;
}

// resolve() is answered from the reference itself; indexing fetches nothing.
bool passes_resolve(const ElementPath::Step& step, tree::Item item) {
  fhir::Reference reference = fhir::read_reference(item);
  std::string_view type = reference.type.empty() ? item.text_of("type") : reference.type;
  return type == step.resolves_to;
}

}  // namespace vardbron::search
