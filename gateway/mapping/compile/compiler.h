#pragma once

#include "gateway/base/result.h"
#include "gateway/mapping/compile/program.h"
#include "gateway/mapping/map.h"
#include "gateway/mapping/syntax/syntax.h"

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace vardbron::mapping {

/// Compiles parsed FML to a Program; one compile() per object. Implemented in compile*.cpp.
class Compiler {
 public:
  Compiler(const syntax::Map& map, const fhir::Definitions& definitions, const Loader& loader, CompileOptions options);
  Result<std::shared_ptr<const Program>> run();

 private:
  struct Variable {
    std::string name;
    Index slot = nothing;
    fhir::TypeId type = 0;
    bool is_target = false;
  };
  /// The variables visible to a rule.
  struct Scope {
    const syntax::Map* map = nullptr;
    Index file = 0;
    std::vector<Variable> variables;
    std::string path;  ///< of the group, for rule paths
    Index slots = 0;
    std::string rule_path;
    int target_number = 0;  ///< within the rule
  };
  struct GroupAt {
    const syntax::Map* map = nullptr;
    const syntax::Group* group = nullptr;
  };
  using GroupKey = std::tuple<const syntax::Group*, std::vector<fhir::TypeId>>;
  struct Work {
    GroupAt at;
    std::vector<fhir::TypeId> types;
    Index index = 0;
  };

  // compile.cpp: files, imports, groups
  Result<void> read_imports(const syntax::Map& map);
  const syntax::Group& entry_group() const;
  Result<void> compile_entry();
  void wrap_entry(const syntax::Group& group);
  Result<void> compile_waiting();
  Result<void> compile_unreached();
  Result<GroupAt> find_group(const syntax::Map& map, const syntax::Name& name);
  Index request_group(GroupAt at, std::vector<fhir::TypeId> types);
  Result<void> compile_group(const Work& work);
  Result<void> compile_group_rules(Scope& scope, GroupAt at, std::vector<Index>& rules, std::size_t depth);
  Result<std::vector<fhir::TypeId>> parameter_types(GroupAt at, const std::vector<fhir::TypeId>& given);
  Result<GroupAt> default_group(const syntax::Map& map, fhir::TypeId source, fhir::TypeId target, bool any_target,
                                syntax::Offset at);
  Result<std::vector<fhir::TypeId>> types_with_groups(const syntax::Map& map);
  Index file_of(const syntax::Map& map);
  std::vector<const syntax::Map*> visible_from(const syntax::Map& map) const;

  // compile_types.cpp: names and types
  /// For a target, FHIR's types are those of the release of the map's targets.
  Result<fhir::TypeId> find_type(const syntax::Map& map, const syntax::Name& name, bool is_target = false);
  fhir::TypeId find_fhir_type(const syntax::Map& map, std::string_view name, bool is_target) const;
  Failure not_loaded(const syntax::Map& map, const syntax::Uses& uses) const;
  fhir::TypeId find_canonical(std::string_view canonical) const;
  NameRef name_ref(std::string_view text);
  Index text(std::string_view text);
  Failure unknown_element(const Scope& scope, fhir::TypeId type, const syntax::Name& name) const;
  Result<std::pair<StepCode, fhir::TypeId>> source_step(const Scope& scope, fhir::TypeId from, const syntax::Name& name);
  Result<ElementCode> target_element(const Scope& scope, fhir::TypeId from, const syntax::Name& name);
  Range add_variants(fhir::TypeId from, const fhir::Step& step, const syntax::Name& name);
  std::span<const ChoiceVariant> variants(Range range) const;
  bool is_open_type(fhir::TypeId type) const;
  std::string name_of(fhir::TypeId type) const;

  // compile_rule.cpp: rules, sources, calls
  Result<Index> compile_rule(Scope& scope, const syntax::Rule& rule, std::string path);
  Result<std::vector<Index>> compile_rules(Scope& scope, const std::vector<syntax::Rule>& rules, const std::string& path);
  Result<SourceCode> compile_source(Scope& scope, const syntax::Rule& rule, std::size_t number, std::size_t visible);
  Result<void> compile_source_path(Scope& scope, const syntax::Source& source, SourceCode& out);
  Result<void> compile_source_type(Scope& scope, const syntax::Source& source, SourceCode& out);
  Result<void> compile_source_clauses(Scope& scope, const syntax::Source& source, SourceCode& out);
  Result<void> compile_clause_texts(const Scope& scope, const syntax::Source& source, SourceCode& out);
  Result<CallCode> compile_call(Scope& scope, const syntax::Call& call);
  Result<ArgumentCode> compile_argument(Scope& scope, const syntax::Argument& argument);
  syntax::Argument plain_argument(const Scope& scope, const syntax::Argument& argument) const;
  Result<ArgumentCode> compile_nested(Scope& scope, const syntax::Argument& argument);
  const Variable* find_variable(const Scope& scope, std::string_view name) const;
  Variable& add_variable(Scope& scope, const syntax::Name& alias, fhir::TypeId type, bool is_target);
  Failure unknown_variable(const Scope& scope, const syntax::Name& name) const;

  // compile_expression.cpp: FHIRPath, constants, concept maps
  Result<Index> compile_expression(const Scope& scope, const syntax::Expression& expression, fhir::TypeId focus);
  Result<Index> compile_constant(const syntax::Map& map, const syntax::Constant& constant);
  const syntax::Constant* find_constant(const syntax::Map& map, std::string_view name) const;
  Result<Index> find_concept_map(const Scope& scope, const std::string& url, syntax::Offset at);

  // compile_target.cpp: targets and transforms
  Result<TargetCode> compile_target(Scope& scope, const syntax::Target& target, Index focus);
  Result<fhir::TypeId> compile_target_path(Scope& scope, const syntax::Target& target, TargetCode& out);
  Result<void> compile_transform(Scope& scope, const syntax::Target& target, TargetCode& out);
  Result<void> compile_create(Scope& scope, const syntax::Target& target, TargetCode& out);
  Result<void> compile_function(Scope& scope, const syntax::Target& target, TargetCode& out);
  Result<void> check_literal_arguments(const Scope& scope, const syntax::Target& target, Operation operation) const;
  Result<void> compile_evaluate(Scope& scope, const syntax::Target& target, TargetCode& out);
  Result<void> compile_named_arguments(Scope& scope, const syntax::Target& target, std::vector<ArgumentCode>& arguments,
                                       TargetCode& out);
  Result<TargetCode> compile_identity(Scope& scope, const syntax::Target& target, const SourceCode& source);
  Result<std::optional<IdentityCase>> identity_case(const Scope& scope, fhir::TypeId source,
                                                    std::span<const ChoiceVariant> targets, syntax::Offset at);
  Result<void> check_assignment(const Scope& scope, const syntax::Target& target, TargetCode& out);
  void note_lacking(const Scope& scope, syntax::Offset offset, fhir::TypeId from, fhir::TypeId to);
  bool narrows(fhir::TypeId from, fhir::TypeId to) const;
  Result<void> check_literal(const Scope& scope, const syntax::Target& target, const TargetCode& out);

  Index counter(const std::string& path);
  Failure fail(const Scope& scope, syntax::Offset offset, std::string says) const;
  template <class T>
  static Range append(std::vector<T>& all, std::vector<T> some) {
    Range range{static_cast<Index>(all.size()), static_cast<Index>(some.size())};
    for (T& one : some) all.push_back(std::move(one));
    return range;
  }

  const syntax::Map& map_;
  const fhir::Definitions& definitions_;
  const Loader& loader_;
  CompileOptions options_;
  syntax::Group entry_;  // generated caller of a first group with several targets
  std::shared_ptr<Program> program_ = std::make_shared<Program>();
  std::map<const syntax::Map*, Index> files_;
  std::map<const syntax::Map*, std::vector<const syntax::Map*>> imports_;
  std::map<GroupKey, Index> groups_;
  std::map<std::string, Index, std::less<>> texts_;
  std::map<std::string, Index, std::less<>> shares_;
  std::map<const syntax::Constant*, Index> constants_;  // nothing while it is compiled
  std::deque<Work> waiting_;
};

}  // namespace vardbron::mapping
