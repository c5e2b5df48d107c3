// Tested by tests/mapping/run_test.cpp and tests/mapping/fhir_rules_test.cpp.

#include "gateway/base/limits.h"
#include "gateway/fhir/primitive.h"
#include "gateway/fhir/xsi_type.h"
#include "gateway/mapping/compile/transforms.h"
#include "gateway/mapping/compile/types.h"
#include "gateway/mapping/run/machine.h"

namespace vardbron::mapping {

bool Machine::run_target(const TargetCode& target) {
  Slot made;
  Place place;
  bool is_missing = false;
  if (target.context != nothing && !find_place(target, place, is_missing)) return false;
  if (!is_missing && !run_transform(target, place, made)) return false;
  if (target.slot != nothing) slot(target.slot) = made;
  if (environment_->observer != nullptr && made) environment_->observer->wrote(rule_, made.item(), origin_of(target).item());
  return true;
}

/// The message element that the target's value is taken from; the current source if no variable holds it. For an identifier, a
/// code or a contact point the value is not the first argument.
Machine::Slot Machine::origin_of(const TargetCode& target) {
  using enum Operation;
  const bool has_kind = target.operation == Id || target.operation == Cp || target.operation == C || target.operation == Cc;
  for (Index i = has_kind && target.arguments.count > 1 ? 1 : 0; i < target.arguments.count; ++i) {
    const ArgumentCode& argument = program_.arguments[target.arguments.first + i];
    if (argument.kind != ArgumentCode::Kind::Slot) continue;
    const Slot value = current(slot(argument.index));
    if (value && value.document == message_) return value;
  }
  return at();
}

/// Follows the target's path to the element before the last, creating what is missing.
bool Machine::find_place(const TargetCode& target, Place& out, bool& is_missing) {
  Slot context = current(slot(target.context));
  is_missing = !context;  // the variable's own transform had no result
  if (is_missing) return true;
  out.target_writer = scratch_.owns(context.document) ? &scratch_ : &target_;
  out.parent = context.node;
  if (!target_.owns(context.document) && !scratch_.owns(context.document)) return fail("a source is never written");
  for (Index i = 0; i < target.elements.count; ++i) {
    out.element = &program_.elements[target.elements.first + i];
    if (i + 1 == target.elements.count) return true;
    const ChoiceVariant& variant = program_.variants[out.element->variants.first];
    tree::NodeId next = out.element->repeats ? tree::no_node : out.target_writer->existing(out.parent, *out.element);
    if (next == tree::no_node && out.element->is_open)
      next = out.target_writer->document().child(out.parent, out.target_writer->id_of(variant.name));
    if (next == tree::no_node) next = out.target_writer->add(out.parent, *out.element, variant, variant.type);
    out.parent = next;
  }
  return true;
}

/// The variant as which a value of the type is written.
bool Machine::pick(const TargetCode& target, const Place& place, fhir::TypeId type, ChoiceVariant& out) {
  std::span<const ChoiceVariant> all{&program_.variants[place.element->variants.first], place.element->variants.count};
  fhir::TypeId wanted = target.type != 0 && all.size() > 1 ? target.type : type;
  for (const ChoiceVariant& variant : all) {
    if (variant.type != wanted || wanted == 0) continue;
    out = variant;
    return true;
  }
  Index picked = all.size() == 1 && (wanted == 0 || all[0].is_primitive) ? 0 : pick_variant(definitions_, all, wanted);
  if (picked == nothing && all.size() == 1 && all[0].is_any_resource) picked = 0;
  if (picked == nothing)
    return fail("'" + program_.texts[all[0].name.text] + "' cannot hold a " +
                std::string(wanted == 0 ? "value of unknown type" : definitions_.name(wanted)));
  out = all[picked];
  return true;
}

/// Finds or creates the node for a value. Without a list mode, a repeating element gets a new item each time; an element that
/// does not repeat is overwritten, and one of another choice type is removed.
bool Machine::make_node(const TargetCode& target, const Place& place, const ChoiceVariant& variant, fhir::TypeId type,
                        bool keeps_old, tree::NodeId& made) {
  TargetWriter& target_writer = *place.target_writer;
  const ElementCode& element = *place.element;
  if (target_writer.document().size() > limits::map_target_nodes_max)
    return fail_too_large("the result has more elements than map_target_nodes_max");
  tree::NameId name = target_writer.id_of(variant.name);
  if (!element.repeats && !element.is_open) {
    tree::NodeId old = target_writer.existing(place.parent, element);
    bool same = old != tree::no_node && target_writer.document().name(old) == name;
    if (same && (keeps_old || variant.is_primitive)) {
      made = old;
      return true;
    }
    if (old != tree::no_node) target_writer.document().remove(place.parent, old);
    made = target_writer.add(place.parent, element, variant, type);
    tell_type(target_writer, made, variant, type);
    return true;
  }
  tree::NodeId shared = tree::no_node;
  const bool goes_on = target.list == syntax::TargetList::Single && keeps_old;
  if (goes_on) shared = target_writer.document().child(place.parent, name);
  if (!goes_on && target.list != syntax::TargetList::None && !run_list(target, place, name, shared)) return false;
  made = shared != tree::no_node ? shared : target_writer.add(place.parent, element, variant, type);
  if (shared == tree::no_node) tell_type(target_writer, made, variant, type);
  if (target.list == syntax::TargetList::First) target_writer.place(place.parent, made, -1);
  if (target.list == syntax::TargetList::Last) target_writer.place(place.parent, made, 1);
  if (target.list == syntax::TargetList::Share) {
    std::uint64_t key = (std::uint64_t{place.parent} << 32 | std::uint64_t{name & 0xFFFFu} << 16 | (target.share & 0x7FFFu) << 1 |
                         (&target_writer == &scratch_));
    shared_[key] = made;
  }
  return true;
}

/// In an element of representation typeAttr the first child is its type.
void Machine::tell_type(TargetWriter& target_writer, tree::NodeId node, const ChoiceVariant& variant, fhir::TypeId type) {
  if (!variant.has_xsi_type || type == 0 || variant.is_primitive) return;
  std::string_view name = definitions_.name(type);
  name.remove_prefix(name.rfind('/') + 1);
  tree::Document& document = target_writer.document();
  document.add_text(node, document.intern(fhir::xsi_type_name), tree::Kind::String, name);
}

/// share: one item per parent, element and name. single: a second value is an error (a created element continues with the first
/// item). first, last: of one rule only.
bool Machine::run_list(const TargetCode& target, const Place& place, tree::NameId name, tree::NodeId& shared) {
  using enum syntax::TargetList;
  TargetWriter& target_writer = *place.target_writer;
  if (target.list == Share) {
    std::uint64_t key = (std::uint64_t{place.parent} << 32 | std::uint64_t{name & 0xFFFFu} << 16 | (target.share & 0x7FFFu) << 1 |
                         (&target_writer == &scratch_));
    auto known = shared_.find(key);
    if (known != shared_.end()) shared = known->second;
    return true;
  }
  if (target.list == Single) {
    bool exists = target_writer.document().child(place.parent, name) != tree::no_node;
    return !exists || fail("the element is to have a single item, but there is one already");
  }
  int position = target.list == First ? -1 : 1;
  for (const Placed& placed : placed_) {
    bool clashes = placed.parent == place.parent && placed.name == name && placed.position == position && placed.rule != rule_;
    if (clashes) return fail(std::string("two rules want to be ") + (position < 0 ? "first" : "last") + " in one list");
  }
  placed_.push_back({place.parent, name, rule_, position});
  return true;
}

bool Machine::create(const TargetCode& target, const Place& place, Slot& made) {
  fhir::TypeId type = target.is_explicit ? target.value_type : target.type;
  if (place.target_writer == nullptr) {
    tree::NodeId node = scratch_document_.add(0, 0, is_primitive(definitions_, type) ? tree::Kind::Null : tree::Kind::Object);
    scratch_.set_type(node, type);
    if (target.makes_resource) scratch_.add_resource_type(node, type);
    made = {{&scratch_document_, node}, type};
    return true;
  }
  tree::Document& document = place.target_writer->document();
  if (place.element == nullptr) {
    made = {{&document, place.parent}, type};
    return true;
  }
  ChoiceVariant variant;
  if (!pick(target, place, type, variant)) return false;
  tree::NodeId node = tree::no_node;
  std::size_t size = document.size();
  if (!make_node(target, place, variant, type, true, node)) return false;
  bool is_new = node >= size;
  if (is_new && target.makes_resource) place.target_writer->add_resource_type(node, type);
  made = {{&document, node}, type != 0 ? type : variant.type};
  return true;
}

/// Writes a copy of a variable's value; a value without content is not written.
bool Machine::write_slot(const TargetCode& target, const Place& place, const Slot& value, fhir::TypeId type, Slot& made) {
  if (!value) return true;
  if (place.target_writer == nullptr) {
    made = value;
    return true;
  }
  bool is_text = value.item().has_value();
  if (place.element == nullptr) {
    if (lacks_value(value) && is_primitive(definitions_, place.target_writer->type(place.parent)))
      return copy_parts(*place.target_writer, place.parent, value);
    if (!is_text) return fail("an element with parts cannot be written into the element itself");
    return write_text(target, place, value.item().text(), type, made);
  }
  ChoiceVariant variant;
  if (!pick(target, place, type, variant)) return false;
  bool is_open = place.element->is_open;
  if (is_open) variant.kind = value.item().kind();
  if (is_open) variant.is_primitive = is_text;
  if (!variant.is_primitive && is_text)
    return fail("a single value cannot become a " + std::string(definitions_.name(variant.type)));
  if (!variant.is_primitive && !is_open && lacks_value(value)) return true;
  // An element created outside the target may be filled after it was added to it.
  if (!is_text && !value.item().first_child() && (value.document != &scratch_document_ || variant.is_primitive)) return true;
  if (!variant.is_primitive) return copy_branch(target, place, value, variant, made);
  if (is_text && value.item().text().empty()) return true;
  if (is_text && !fhir::fits_kind(variant.kind, value.item().text()))
    return fail("the value is no " + std::string(definitions_.name(variant.type)), "value");
  bool has_parts = false;
  for (tree::Item part = value.item().first_child(); part; part = part.next())
    has_parts |= !part.document->is_attribute(part.node);
  if (!is_text && !has_parts) return true;
  if (!is_text && !check_parts(value, variant.type)) return false;
  tree::NodeId node = tree::no_node;
  if (!make_node(target, place, variant, variant.type, false, node)) return false;
  tree::Document& document = place.target_writer->document();
  if (is_text) set_text(document, node, variant, value.item().text());
  if (has_parts) copy_parts(*place.target_writer, node, value);
  made = {{&document, node}, variant.type};
  return true;
}

/// A primitive without a value has an id and extensions only: FHIR R4 json.html#primitive.
bool Machine::check_parts(const Slot& value, fhir::TypeId type) {
  for (tree::Item part = value.item().first_child(); part; part = part.next()) {
    const std::string_view name = part.name_text();
    if (part.document->is_attribute(part.node) || name == "id" || name == "extension" || name == "fhir_comments") continue;
    const std::string called(type == 0 ? "value" : plain_name(definitions_, type));
    return fail("a " + called + " is one value, but an object with '" + std::string(name) + "' stands in its place");
  }
  return true;
}

/// The same for all children of a copied element, as far as their types are known.
bool Machine::check_values(const tree::Item& of, fhir::TypeId type) {
  if (type == 0 || definitions_.is_abstract(type)) return true;
  for (tree::Item part = of.first_child(); part; part = part.next()) {
    if (!part.first_child()) continue;
    const fhir::Step step = definitions_.step(type, part.name());
    if (!step || step.type == 0) continue;
    const bool is_value = is_primitive(definitions_, step.type);
    if (is_value && !part.has_value() && !check_parts({part, step.type}, step.type)) return false;
    if (!is_value && !check_values(part, step.type)) return false;
  }
  return true;
}

/// Local times of an export get the offset of the configured zone, if there is one.
void Machine::set_text(tree::Document& document, tree::NodeId node, const ChoiceVariant& variant, std::string_view text) {
  bool needs_zone = variant.is_moment && environment_->zone != nullptr && lacks_zone(text);
  if (!needs_zone) return document.set_text(node, variant.kind, text);
  document.set_text(node, variant.kind, with_zone(text, *environment_->zone));
}

/// A primitive's id and extensions go with it; an XML attribute beside a text does not.
bool Machine::copy_parts(TargetWriter& target_writer, tree::NodeId to, const Slot& value) {
  const tree::Document& from = *value.document;
  if (environment_->marks != nullptr) environment_->marks->source.set(value.item(), tree::Marks::Copied);
  for (tree::NodeId part = from.first_child(value.node); part != tree::no_node; part = from.next(part)) {
    if (!from.is_attribute(part)) target_writer.document().copy(to, from, part, 0, from.in_list(part));
  }
  return true;
}

bool Machine::copy_branch(const TargetCode& target, const Place& place, const Slot& value, const ChoiceVariant& variant,
                          Slot& made) {
  fhir::TypeId type = value.type != 0 ? value.type : variant.type;
  tree::NodeId node = tree::no_node;
  if (!settle_release(value, variant, type) || !check_values(value.item(), type)) return false;
  if (environment_->marks != nullptr) environment_->marks->source.set(value.item(), tree::Marks::Copied);
  if (!make_node(target, place, variant, type, false, node)) return false;
  if (value.document == &scratch_document_) scratch_.order();
  tree::Document& document = place.target_writer->document();
  for (tree::Item part = value.item().first_child(); part; part = part.next()) {
    if (!place.element->is_open && part.name_text() == fhir::xsi_type_name) continue;  // the element's own is written already
    document.copy(node, *value.document, part.node, 0, part.document->in_list(part.node));
  }
  place.target_writer->forget(node);
  for (tree::NodeId child = document.first_child(node); child != tree::no_node; child = document.next(child))
    place.target_writer->note_copied(node, child);
  if (document.size() > limits::map_target_nodes_max)
    return fail_too_large("the result has more elements than map_target_nodes_max");
  made = {{&document, node}, type};
  if (value.document == &scratch_document_ && place.target_writer == &target_) adopt(value, made);
  return true;
}

/// An element created outside the target is now in it: variables that refer to it or its children follow, so that later rules
/// write to the target.
void Machine::adopt(const Slot& from, Slot to) {
  if (moved_.size() < scratch_document_.size()) moved_.resize(scratch_document_.size(), tree::no_node);
  moved_[from.node] = to.node;
  target_.set_type(to.node, to.type);
  tree::Item old = from.item().first_child();
  tree::Item now = to.item().first_child();
  if (old && old.name_text() == fhir::xsi_type_name) old = old.next();
  if (now && now.name_text() == fhir::xsi_type_name) now = now.next();
  for (; old && now; old = old.next(), now = now.next()) adopt({old, 0}, {now, scratch_.type(old.node)});
}

bool Machine::write_text(const TargetCode& target, const Place& place, std::string_view text, fhir::TypeId type, Slot& made) {
  if (text.empty() || write_direct(target.direct, text, made)) return true;
  if (place.target_writer == nullptr) {
    made = keep_text(text, type);
    return true;
  }
  tree::Document& document = place.target_writer->document();
  ChoiceVariant variant;
  tree::NodeId node = place.parent;
  if (place.element == nullptr) {
    variant = variant_of(definitions_, {}, place.target_writer->type(node) != 0 ? place.target_writer->type(node) : target.type);
    if (variant.kind == tree::Kind::Object) variant.kind = tree::Kind::String;
  } else {
    if (!pick(target, place, type, variant)) return false;
    if (place.element->is_open) variant.is_primitive = true;
    if (!variant.is_primitive) return fail("a single value cannot become a " + std::string(definitions_.name(variant.type)));
  }
  if (!fhir::fits_kind(variant.kind, text))
    return fail("the value is no " + std::string(definitions_.name(variant.type)), "value");
  if (place.element != nullptr && !make_node(target, place, variant, variant.type, false, node)) return false;
  if (variant.kind == tree::Kind::Object) variant.kind = tree::Kind::String;
  set_text(document, node, variant, text);
  made = {{&document, node}, variant.type};
  return true;
}

bool Machine::write_value(const TargetCode& target, const Place& place, const fhirpath::Value& value, Slot& made) {
  if (value.is_element()) return write_slot(target, place, {value.item(), value.type()}, value.type(), made);
  fhir::TypeId type = system_types_[static_cast<std::size_t>(value.kind())];
  if (value.kind() == fhirpath::ValueKind::String && place.target_writer != nullptr)
    return write_text(target, place, value.text(), type, made);
  return write_slot(target, place, keep(value), type, made);
}

/// That of the type, else of the nearest type that it is a kind of, else of any type; null: there is none.
const IdentityCase* Machine::case_of(const TargetCode& target, fhir::TypeId type) const {
  const IdentityCase *nearest = nullptr, *any = nullptr;
  for (Index i = 0; i < target.cases.count; ++i) {
    const IdentityCase& each = program_.cases[target.cases.first + i];
    if (each.source == type) return &each;
    if (each.source == 0 || target.cases.count == 1) any = &each;
    const bool fits = each.source != 0 && type != 0 && definitions_.is_a(type, each.source);
    if (fits && (nearest == nullptr || definitions_.is_a(each.source, nearest->source))) nearest = &each;
  }
  return nearest != nullptr ? nearest : any;
}

bool Machine::run_identity(const TargetCode& target, const Place& place, Slot& made) {
  Slot source = current(slot(target.focus));
  if (!source && tainted_ > 0) return true;
  fhir::TypeId type = source.type;
  const IdentityCase* chosen = case_of(target, type);
  const std::string named(type == 0 ? "value of unknown type" : definitions_.name(type));
  if (chosen == nullptr) return fail("a " + named + " has no place here");
  const bool makes_any = place.element != nullptr && place.element->any_resource && definitions_.is_abstract(chosen->target);
  if (makes_any && chosen->group != nothing) return fail("no default group makes a resource of a " + named + " here");
  if (chosen->group == nothing) return write_slot(target, place, source, chosen->target != 0 ? chosen->target : type, made);
  if (place.element == nullptr) {
    made = {{&place.target_writer->document(), place.parent}, chosen->target};
  } else {
    ChoiceVariant variant;
    TargetCode typed = target;
    typed.type = chosen->target;
    if (!pick(typed, place, chosen->target, variant)) return false;
    tree::NodeId node = tree::no_node;
    const std::size_t size = place.target_writer->document().size();
    if (!make_node(target, place, variant, chosen->target, true, node)) return false;
    const bool is_resource = chosen->target != 0 && definitions_.kind(chosen->target) == fhir::TypeKind::Resource;
    if (node >= size && is_resource) place.target_writer->add_resource_type(node, chosen->target);
    made = {{&place.target_writer->document(), node}, chosen->target};
  }
  std::size_t base = slots_.size();
  slots_.resize(base + 2);
  slots_[base] = source;
  slots_[base + 1] = made;
  bool ran = run_group(chosen->group, base);
  slots_.resize(base);
  return ran;
}

}  // namespace vardbron::mapping
