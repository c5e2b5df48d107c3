// Tested by tests/mapping/fault_test.cpp.

#include "gateway/mapping/run/machine.h"
#include "gateway/tree/path.h"

#include <utility>

/// Faults of the message during a run.
namespace vardbron::mapping {

bool Machine::fail(std::string says, std::string_view code) {
  if (environment_->faults != nullptr) note_fault(says, code);
  failure_.says = std::move(says);
  if (failure_.cause != Cause::TooLarge) failure_.cause = Cause::Invalid;
  if (rule_ != nothing) {
    const RuleCode& rule = program_.rules[rule_];
    failure_.says = program_.files[rule.file].where(rule.offset) + " (" + program_.texts[rule.path] + "): " + failure_.says;
  }
  failure_.where = source_place();
  return false;
}

bool Machine::fail_too_large(std::string_view says) {
  failure_.cause = Cause::TooLarge;
  return fail(std::string(says));
}

bool Machine::fail_with(Failure failure, std::string_view before, std::string_view code) {
  failure_.cause = failure.cause;
  return fail(std::string(before) + failure.says + (failure.where.empty() ? "" : " [" + failure.where + "]"), code);
}

std::string Machine::source_place() const {
  const tree::Item at = current(this->at()).item();
  if (!at) return {};
  std::string place = tree::path_of(*at.document, at.node);
  tree::Position position = at.document->position(at.node);
  if (position.line != 0) place += " (" + std::to_string(position.line) + ":" + std::to_string(position.column) + ")";
  return place;
}

bool Machine::fail_code(const std::string& says, std::string_view code, const ConceptMap& codes) {
  if (environment_->faults != nullptr) fault_.says = untaken_code(code, codes);
  return fail(says, "code-invalid");
}

bool Machine::fail_missing(const std::string& says, const SourceCode& source) {
  for (Index i = 0; i < source.steps.count && environment_->faults != nullptr; ++i) {
    const StepCode& step = program_.steps[source.steps.first + i];
    fault_.missing += (i == 0 ? "" : ".") + program_.texts[program_.variants[step.variants.first].name.text];
  }
  return fail(says, "required");
}

/// Adds the failure as a fault for the message's sender, unless it is recorded already.
void Machine::note_fault(std::string says, std::string_view code) {
  const Slot at = current(this->at());
  const bool is_in_message = at && at.document == message_;
  fault_.code = code;
  fault_.node = is_in_message ? at.node : 0;
  fault_.is_of_value = is_in_message && at.item().has_value() && fault_.missing.empty();
  if (fault_.says.empty() && fault_.missing.empty()) {
    fault_.says = std::move(says) + ".";
    if (fault_.is_of_value) fault_.says += " " + reported_shape(at.item().text());
  }
  if (rule_ == nothing) return;
  const RuleCode& rule = program_.rules[rule_];
  fault_.rule = program_.files[rule.file].where(rule.offset) + " (" + program_.texts[rule.path] + ")";
}

/// True: the failure is a fault of the message and was recorded; the run continues.
bool Machine::go_on() {
  if (environment_->faults == nullptr || failure_.cause != Cause::Invalid) return false;
  // What depends on a value that was left out may fail for that reason only; a wrong code or element is reported anyway.
  const bool is_own = tainted_ == 0 || (fault_.code != "invalid" && fault_.code != "business-rule");
  if (is_own) environment_->faults->add(std::move(fault_));
  if (!first_failure_) first_failure_ = std::move(failure_);
  fault_ = {};
  failure_ = {};
  return true;
}

/// For a source without elements, left out by a fault: runs the parts of the rule that do not depend on it.
bool Machine::fire_without(const RuleCode& rule, Index number, std::size_t ranges) {
  ranges_[ranges + number] = {candidates_.size(), candidates_.size()};
  const bool has_more = number + 1 < rule.sources.count || rule.calls.count + rule.rules.count > 0;
  if (!has_more) return true;
  slot(program_.sources[rule.sources.first + number].slot) = {};
  ++tainted_;
  const bool ran = fire(rule, number + 1, ranges);
  --tainted_;
  return ran;
}

bool Machine::is_without_context(const SourceCode& source, std::size_t ranges) const {
  if (source.constant != nothing) return false;
  if (source.context_source == nothing) return source.context != nothing && !slots_[base_ + source.context];
  const auto [first, end] = ranges_[ranges + source.context_source];
  return first == end;
}

/// A target that cannot be written because of a fault is empty.
bool Machine::skip_target(const TargetCode& target) {
  if (!go_on()) return false;
  if (target.slot != nothing) slot(target.slot) = {};
  ++tainted_;
  return true;
}

}  // namespace vardbron::mapping
