#pragma once

// Tested by tests/mapping/run_test.cpp and tests/mapping/limits_test.cpp.

#include "gateway/base/result.h"
#include "gateway/base/uuid.h"
#include "gateway/mapping/compile/program.h"
#include "gateway/mapping/map.h"
#include "gateway/mapping/run/fault.h"
#include "gateway/mapping/run/structures.h"
#include "gateway/mapping/run/target_writer.h"
#include "gateway/tree/document.h"

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace vardbron::mapping {

/// Runs a Program. One thread; memory is reused between runs. Functions return false when the run has failed and store the
/// failure in failure_, because a rule fires in nanoseconds and a Failure is large.
class Machine {
 public:
  explicit Machine(const Program& program);
  Result<void> run(std::span<const tree::Item> sources, const Environment& environment, tree::Document& target);

 private:
  /// Value of a variable: an element of a source, of the target, or of the scratch document; or nothing.
  struct Slot {
    const tree::Document* document = nullptr;
    tree::NodeId node = tree::no_node;
    fhir::TypeId type = 0;
    Slot() = default;
    Slot(tree::Item of, fhir::TypeId of_type) : document(of.document), node(of.node), type(of_type) {}
    explicit operator bool() const { return node != tree::no_node; }
    tree::Item item() const { return {document, node}; }
  };
  static_assert(sizeof(Slot) == 16);
  struct Place {
    TargetWriter* target_writer = nullptr;
    tree::NodeId parent = tree::no_node;
    const ElementCode* element = nullptr;  ///< null: the parent itself is written
  };

  // machine.cpp: groups, sources
  bool start(std::span<const tree::Item> sources, const Environment& environment, tree::Document& target);
  void start_marks(const tree::Item& source);
  void mark_rejected(const tree::Item& item);
  bool run_group(Index group, std::size_t base);
  bool fire(const RuleCode& rule, Index number, std::size_t ranges);
  bool call(const CallCode& call);
  bool find_elements(const SourceCode& source, std::size_t ranges, std::size_t first);
  bool collect(const SourceCode& source, std::size_t ranges);
  bool collect_below(Slot from, Range steps);
  bool expand(const Slot& from, const StepCode& step);
  bool expand_open(const Slot& from, const StepCode& step);
  void filter(const SourceCode& source, std::size_t first);
  bool add_default(const SourceCode& source, std::size_t first);
  bool check_cardinality(const SourceCode& source, std::size_t first);
  bool select(const SourceCode& source, std::size_t first);
  bool select_list(const SourceCode& source, std::size_t first);
  bool write_log(const SourceCode& source, const Slot& item);
  Slot& slot(Index number) { return slots_[base_ + number]; }
  /// Makes an element the current one of a source.
  void take(const SourceCode& source, Slot element) {
    at_ = base_ + source.slot;
    slots_[at_] = element;
  }
  Slot at() const { return at_ < slots_.size() ? slots_[at_] : Slot{}; }
  Slot current(const Slot& slot) const { return moved_.empty() ? slot : moved(slot); }
  Slot moved(Slot slot) const;
  bool may_have_moved(const Slot& slot) const { return !moved_.empty() && scratch_.owns(slot.document); }
  fhir::TypeId type_of(const Slot& slot) const;
  bool take_xsi_type(Slot& slot);
  /// A primitive that has only an id or extensions: it can be copied, but has no value otherwise.
  bool lacks_value(const Slot& slot) const;
  bool is_written(const Slot& slot) const { return target_.owns(slot.document) || scratch_.owns(slot.document); }

  bool run_rules(Range rules);
  bool run_rule(const RuleCode& rule);
  void mark_fired(const RuleCode& rule);
  void tell_fired(const RuleCode& rule);
  bool run_body(const RuleCode& rule);

  // machine_direct.cpp: the fast path
  bool run_direct(const DirectCode& direct);
  bool write_direct(const DirectCode& direct, std::string_view text, Slot& made);
  bool takes_directly(const DirectCode& direct, const Slot& context);
  bool plain_text(const Slot& value, std::string_view& out) const;
  tree::Document::Kept literal(Index text);

  // machine_value.cpp: FHIRPath and arguments
  bool evaluate(Index expression, const Slot& focus, fhirpath::Collection& out);
  bool evaluate_condition(Index expression, const Slot& focus, bool& out);
  bool evaluate_constant(Index constant);
  bool argument_slot(const ArgumentCode& argument, Slot& out);
  bool argument_text(const TargetCode& target, Index number, std::optional<std::string_view>& out);
  Slot keep(const fhirpath::Value& value);
  Slot keep_text(std::string_view text, fhir::TypeId type, tree::Kind kind = tree::Kind::String);

  // machine_target.cpp: targets
  bool run_target(const TargetCode& target);
  Slot origin_of(const TargetCode& target);
  bool find_place(const TargetCode& target, Place& out, bool& is_missing);
  bool create(const TargetCode& target, const Place& place, Slot& made);
  bool make_node(const TargetCode& target, const Place& place, const ChoiceVariant& variant, fhir::TypeId type, bool keeps_old,
                 tree::NodeId& made);
  void tell_type(TargetWriter& target_writer, tree::NodeId node, const ChoiceVariant& variant, fhir::TypeId type);
  bool write_slot(const TargetCode& target, const Place& place, const Slot& value, fhir::TypeId type, Slot& made);
  bool write_text(const TargetCode& target, const Place& place, std::string_view text, fhir::TypeId type, Slot& made);
  bool write_value(const TargetCode& target, const Place& place, const fhirpath::Value& value, Slot& made);
  bool copy_branch(const TargetCode& target, const Place& place, const Slot& value, const ChoiceVariant& variant, Slot& made);
  void set_text(tree::Document& document, tree::NodeId node, const ChoiceVariant& variant, std::string_view text);
  bool check_parts(const Slot& value, fhir::TypeId type);
  bool check_values(const tree::Item& of, fhir::TypeId type);
  // releases.cpp: copies from one release of FHIR to another
  bool settle_release(const Slot& value, const ChoiceVariant& variant, fhir::TypeId& type);
  bool check_elements(const tree::Item& of, fhir::TypeId type);
  bool copy_parts(TargetWriter& target_writer, tree::NodeId to, const Slot& value);
  bool pick(const TargetCode& target, const Place& place, fhir::TypeId type, ChoiceVariant& out);
  const IdentityCase* case_of(const TargetCode& target, fhir::TypeId type) const;
  bool run_identity(const TargetCode& target, const Place& place, Slot& made);
  bool run_list(const TargetCode& target, const Place& place, tree::NameId name, tree::NodeId& shared);
  void adopt(const Slot& from, Slot to);

  // machine_transform.cpp: the transforms
  bool run_transform(const TargetCode& target, const Place& place, Slot& made);
  bool run_evaluate(const TargetCode& target, const Place& place, Slot& made);
  bool run_text_transform(const TargetCode& target, const Place& place, Slot& made);
  bool run_append(const TargetCode& target, std::string& out, bool& is_empty);
  bool run_translate(const TargetCode& target, const Place& place, Slot& made);
  bool translate_code(const TargetCode& target, std::string_view system, std::string_view code, Translation& out);
  bool run_reference(const TargetCode& target, const Place& place, Slot& made);
  bool run_structure(const TargetCode& target, const Place& place, Slot& made);
  bool take_apart(const TargetCode& target, std::span<std::string_view, structure_texts> texts);
  bool add_parts(const TargetCode& target, std::span<const std::string_view> texts, TargetWriter& target_writer,
                 tree::NodeId node);
  tree::NodeId find_part(std::span<const StructurePart> parts, Index part, std::span<tree::NodeId> made,
                         TargetWriter& target_writer, tree::NodeId structure);
  void add_part(TargetWriter& target_writer, tree::NodeId node, tree::NameId id, std::string_view name, std::string_view text,
                tree::Kind kind = tree::Kind::String);
  bool write_coding(const TargetCode& target, const Place& place, const Translation& found, Slot& made);
  std::array<char, 36> derived_id(const TargetCode& target);

  // machine_faults.cpp: faults of a message
  bool fail(std::string says, std::string_view code = "invalid");
  bool fail_too_large(std::string_view says);
  bool fail_with(Failure failure, std::string_view before = {}, std::string_view code = "invalid");
  bool fail_code(const std::string& says, std::string_view code, const ConceptMap& codes);
  bool fail_missing(const std::string& says, const SourceCode& source);
  void note_fault(std::string says, std::string_view code);
  std::string source_place() const;
  bool go_on();
  bool fire_without(const RuleCode& rule, Index number, std::size_t ranges);
  bool skip_target(const TargetCode& target);
  bool is_without_context(const SourceCode& source, std::size_t ranges) const;

  const Program& program_;
  const fhir::Definitions& definitions_;
  tree::Document scratch_document_;
  TargetWriter scratch_, target_;
  const Environment* environment_ = nullptr;
  Failure failure_;
  Fault fault_;                           ///< the failure for the message's sender, with Environment::faults
  std::optional<Failure> first_failure_;  ///< the run continued after it
  const tree::Document* message_ = nullptr;
  std::size_t tainted_ = 0;  ///< above 0: inside rules that depend on a value left out by a fault

  std::vector<Slot> slots_;
  std::vector<tree::Document::Kept> literals_;  ///< by text: stored in the target; length 0 = not yet
  std::size_t base_ = 0;
  std::vector<Slot> candidates_;
  std::vector<std::pair<std::size_t, std::size_t>> ranges_;
  std::vector<tree::Item> fired_;
  Index rule_ = nothing;
  std::size_t at_ = 0;  ///< index in slots_ of the current source, for messages and expressions
  std::size_t depth_ = 0, calls_ = 0, firings_ = 0, looked_at_ = 0;

  fhirpath::Collection result_, condition_;
  std::vector<fhirpath::Value> values_;
  std::vector<std::span<const fhirpath::Value>> spans_;
  std::vector<std::optional<fhirpath::Collection>> constants_;
  std::vector<fhir::TypeId> system_types_;  ///< by fhirpath::ValueKind

  std::string text_;  ///< buffer of transforms
  std::vector<std::uint32_t> counters_;
  std::optional<Uuid> root_;
  std::unordered_map<std::uint64_t, tree::NodeId> shared_;
  struct Placed {
    tree::NodeId parent;
    tree::NameId name;
    Index rule;
    int position;
  };
  std::vector<Placed> placed_;
  std::vector<tree::NodeId> moved_;  ///< by node of the scratch document: its node in the target
};

}  // namespace vardbron::mapping
