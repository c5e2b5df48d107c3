// Tested by tests/mapping/direct_test.cpp.

#include "gateway/base/limits.h"
#include "gateway/fhir/primitive.h"
#include "gateway/mapping/compile/types.h"
#include "gateway/mapping/run/machine.h"

#include <utility>

/// The fast path of targets that write a value unchanged into an element of a known type. Everything else (compile_direct.cpp,
/// and the exceptions named here) takes the general path, with the same result.
namespace vardbron::mapping {

namespace {

bool fits(tree::Kind kind, std::string_view text) { return kind == tree::Kind::String || fhir::fits_kind(kind, text); }

}  // namespace

/// A literal is stored in the target once; every element with it refers to it.
tree::Document::Kept Machine::literal(Index text) {
  tree::Document::Kept& kept = literals_[text];
  if (kept.length == 0) kept = target_.document().keep(program_.texts[text]);
  return kept;
}

/// False: nothing was done; take the general path.
bool Machine::run_direct(const DirectCode& direct) {
  using enum DirectCode::Way;
  if (direct.way == None || direct.way == Text) return false;
  const Slot& context = slot(direct.context);
  const tree::NodeId parent = context.node;
  if (!takes_directly(direct, context)) return false;
  tree::Document& document = target_.document();
  tree::Document::Kept kept;
  if (direct.way == Literal) {
    kept = literal(direct.value);
  } else if (direct.way == Copy) {
    std::string_view text;
    if (!plain_text(slot(direct.value), text) || !fits(direct.kind, text)) return false;
    kept = document.keep(text);
  }
  const tree::NodeId made = target_.add_direct(parent, direct, kept);
  if (direct.way == Create && direct.value != nothing)
    document.add_kept(made, program_.names.resource_type, tree::Kind::String, literal(direct.value));
  const Slot element{{&document, made}, direct.type};
  if (direct.slot != nothing) slot(direct.slot) = element;
  if (environment_->observer == nullptr) return true;
  const bool is_copy = direct.way == Copy && slot(direct.value).document == message_;
  const Slot source = is_copy ? slot(direct.value) : at();
  environment_->observer->wrote(rule_, element.item(), source.item());
  return true;
}

/// The text of a value that has only a text.
bool Machine::plain_text(const Slot& value, std::string_view& out) const {
  if (!value || may_have_moved(value) || !value.item().has_value() || value.item().first_child()) return false;
  out = value.item().text();
  return !out.empty();
}

/// Writes the result of a transform. False as above.
bool Machine::write_direct(const DirectCode& direct, std::string_view text, Slot& made) {
  if (direct.way != DirectCode::Way::Text || !takes_directly(direct, slot(direct.context))) return false;
  if (!fits(direct.kind, text)) return false;
  tree::Document& document = target_.document();
  made = {{&document, target_.add_direct(slot(direct.context).node, direct, document.keep(text))}, direct.type};
  return true;
}

bool Machine::takes_directly(const DirectCode& direct, const Slot& context) {
  const tree::Document& document = target_.document();
  if (context.document != &document || !target_.is_new(context.node, direct)) return false;
  return document.size() <= limits::map_target_nodes_max && !(direct.is_moment && environment_->zone != nullptr);
}

}  // namespace vardbron::mapping
