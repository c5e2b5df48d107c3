#include "gateway/fhir/compiler/errata.h"

#include <algorithm>
#include <fstream>

namespace vardbron::fhir {

namespace {

std::vector<std::string> columns(std::string_view line) {
  std::vector<std::string> found;
  while (true) {
    std::size_t tab = line.find('\t');
    found.emplace_back(line.substr(0, tab));
    if (tab == std::string_view::npos) return found;
    line.remove_prefix(tab + 1);
  }
}

std::size_t opening_of(std::string_view text, std::size_t inside) {
  for (int depth = 0; inside-- > 0;) {
    if (text[inside] == ')') ++depth;
    if (text[inside] == '(' && depth-- == 0) return inside;
  }
  return std::string_view::npos;
}

}  // namespace

Result<Errata> Errata::read(const std::filesystem::path& file) {
  std::ifstream stream(file);
  if (!stream) return Failure{Cause::Broken, "The errata table cannot be read.", file.string()};
  Errata errata;
  std::string text;
  for (int number = 1; std::getline(stream, text); ++number) {
    if (text.empty() || text.front() == '#') continue;
    std::vector<std::string> parts = columns(text);
    if (parts.size() != 4 || parts[3].empty())
      return Failure{Cause::Invalid, "An erratum needs four columns, the last one a reason.",
                     file.string() + ":" + std::to_string(number)};
    errata.lines_.push_back({parts[0], parts[1], parts[2]});
  }
  return errata;
}

Errata::Line* Errata::find(std::string_view kind, std::string_view key) {
  auto found = std::find_if(lines_.begin(), lines_.end(), [&](const Line& line) { return line.kind == kind && line.key == key; });
  if (found == lines_.end()) return nullptr;
  found->applied = true;
  return &*found;
}

void Errata::mend(StructureDraft& structure) {
  const std::string root = structure.elements.front().path;
  if (Line* line = find("system-type", root)) structure.system_type = line->value;
  for (ElementDraft& element : structure.elements) {
    if (structure.kind == TypeKind::Resource && element.path == root + ".id")
      if (Line* line = find("element-type", "Resource.id")) element.types = {TypeDraft{line->value, {}}};
    for (ElementDraft::Constraint& constraint : element.constraints)
      if (Line* line = find("invariant", constraint.key)) constraint.expression = line->value;
  }
}

bool Errata::skips_search_parameter(std::string_view id) {
  for (Line& line : lines_) {
    if (line.kind != "skip-search" || id.find(line.key) == std::string_view::npos) continue;
    line.applied = true;
    return true;
  }
  return false;
}

std::string Errata::mend_search_expression(std::string_view expression) {
  std::string mended(expression);
  Line* line = find("search-as", "*");
  if (line == nullptr) return mended;
  for (std::size_t at; (at = mended.find(".as(")) != std::string::npos;) mended.replace(at, 4, "." + line->value + "(");
  for (std::size_t at; (at = mended.find(" as ")) != std::string::npos;) {
    std::size_t open = opening_of(mended, at);
    if (open == std::string::npos) break;
    mended.replace(at, 4, "." + line->value + "(");  // the closing parenthesis stays where it is
    mended.erase(open, 1);
  }
  return mended;
}

std::optional<std::string> Errata::search_expression_of(std::string_view base, std::string_view code) {
  Line* line = find("search", std::string(base).append(".").append(code));
  if (line == nullptr) return std::nullopt;
  return line->value == "-" ? "" : line->value;
}

Result<void> Errata::all_applied() const {
  for (const Line& line : lines_)
    if (!line.applied) return Failure{Cause::Invalid, "The erratum " + line.kind + " " + line.key + " mends nothing.", ""};
  return done();
}

}  // namespace vardbron::fhir
