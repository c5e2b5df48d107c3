#include "gateway/mapping/map.h"

#include "gateway/mapping/compile/program.h"
#include "gateway/mapping/run/machine.h"

#include <algorithm>

namespace vardbron::mapping {

tree::Position FileCode::position(syntax::Offset offset) const {
  auto line = std::upper_bound(line_starts.begin(), line_starts.end(), offset) - 1;
  return {static_cast<std::uint32_t>(line - line_starts.begin()) + 1, offset - *line + 1};
}

std::string FileCode::where(syntax::Offset offset) const {
  tree::Position at = position(offset);
  return name + ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
}

std::string_view Map::url() const { return program_->url; }
std::string_view Map::name() const { return program_->name; }
std::vector<fhir::TypeId> Map::source_types() const { return program_->source_types; }
fhir::TypeId Map::target_type() const { return program_->target_type; }
std::span<const Failure> Map::lints() const { return program_->lints; }
std::size_t Map::rule_count() const { return program_->rules.size(); }

RuleInfo Map::rule(RuleId rule) const {
  const RuleCode& code = program_->rules[rule];
  const FileCode& file = program_->files[code.file];
  return {file.name, file.position(code.offset), program_->texts[code.path]};
}

Runner::Runner(Map map) : map_(std::move(map)), machine_(std::make_unique<Machine>(map_.program())) {}
Runner::Runner(Runner&&) noexcept = default;
Runner& Runner::operator=(Runner&&) noexcept = default;
Runner::~Runner() = default;

Result<void> Runner::run(std::span<const tree::Item> sources, const Environment& environment, tree::Document& target) {
  return machine_->run(sources, environment, target);
}

Result<tree::Document> run(const Map& map, std::span<const tree::Item> sources, const Environment& environment) {
  tree::Document target(map.program().definitions->names());
  Result<void> ran = Runner(map).run(sources, environment, target);
  if (!ran) return std::move(ran).failure();
  return target;
}

}  // namespace vardbron::mapping
