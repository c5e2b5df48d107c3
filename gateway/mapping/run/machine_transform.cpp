// Tested by tests/mapping/transforms_test.cpp, tests/mapping/arguments_test.cpp and tests/mapping/concept_map_test.cpp.

#include "gateway/fhir/primitive.h"
#include "gateway/mapping/compile/transforms.h"
#include "gateway/mapping/compile/types.h"
#include "gateway/mapping/run/machine.h"
#include "gateway/mapping/run/structures.h"

#include <charconv>

namespace vardbron::mapping {

bool Machine::run_transform(const TargetCode& target, const Place& place, Slot& made) {
  switch (target.operation) {
    case Operation::Create: return create(target, place, made);
    case Operation::Identity: return run_identity(target, place, made);
    case Operation::Copy: {
      Slot value;
      if (!argument_slot(program_.arguments[target.arguments.first], value)) return false;
      return write_slot(target, place, value, value ? type_of(value) : 0, made);
    }
    case Operation::Literal: {
      const ArgumentCode& argument = program_.arguments[target.arguments.first];
      return write_text(target, place, program_.texts[argument.index], argument.type, made);
    }
    case Operation::Evaluate: return run_evaluate(target, place, made);
    case Operation::Translate: return run_translate(target, place, made);
    case Operation::Reference:
    case Operation::Pointer: return run_reference(target, place, made);
    case Operation::Uuid: {
      const std::array<char, 36> id = derived_id(target);
      return write_text(target, place, {id.data(), id.size()}, target.value_type, made);
    }
    case Operation::Cc:
    case Operation::C:
    case Operation::Qty:
    case Operation::Id:
    case Operation::Cp: return run_structure(target, place, made);
    default: return run_text_transform(target, place, made);
  }
}

bool Machine::run_evaluate(const TargetCode& target, const Place& place, Slot& made) {
  Slot focus = target.focus == nothing ? at() : current(slot(target.focus));
  if (!evaluate(program_.arguments[target.arguments.first].index, focus, result_)) return false;
  bool takes_many = place.element != nullptr && (place.element->repeats || place.element->is_open);
  if (result_.size() > 1 && !takes_many)
    return fail("the expression gives " + std::to_string(result_.size()) + " values, but there is room for one");
  for (std::size_t i = 0; i < result_.size(); ++i) {
    if (!write_value(target, place, result_[i], made)) return false;
  }
  return true;
}

bool Machine::run_append(const TargetCode& target, std::string& out, bool& is_empty) {
  for (Index i = 0; i < target.arguments.count; ++i) {
    std::optional<std::string_view> part;
    if (!argument_text(target, i, part)) return false;
    is_empty = is_empty && (!part || program_.arguments[target.arguments.first + i].kind == ArgumentCode::Kind::Literal);
    if (part) out += *part;
  }
  return true;
}

/// Transforms of a text into a text. An empty source has no result.
bool Machine::run_text_transform(const TargetCode& target, const Place& place, Slot& made) {
  if (target.operation == Operation::Append) {
    std::string all = std::move(text_);  // a nested append uses its own
    all.clear();
    bool is_empty = true;
    const bool ran = run_append(target, all, is_empty) && (is_empty || write_text(target, place, all, target.value_type, made));
    text_ = std::move(all);
    return ran;
  }
  std::optional<std::string_view> text, second, third;
  if (!argument_text(target, 0, text)) return false;
  if (!text) return true;
  if (!argument_text(target, 1, second) || !argument_text(target, 2, third)) return false;
  const bool needs_option = target.operation == Operation::Truncate || target.operation == Operation::DateOp;
  if (needs_option && !second) return true;
  std::string_view option = second.value_or(std::string_view{});
  Result<std::string> out = std::string();
  switch (target.operation) {
    case Operation::Truncate: {
      std::size_t length = 0;
      auto [end, error] = std::from_chars(option.data(), option.data() + option.size(), length);
      if (error != std::errc{} || end != option.data() + option.size()) return fail("the length of truncate is no number");
      return write_text(target, place, truncated(*text, length), target.value_type, made);
    }
    case Operation::Escape: out = third ? escaped(*text, option, *third) : escaped(*text, "none", option); break;
    case Operation::Cast: out = cast_to(*text, definitions_.name(target.value_type)); break;
    case Operation::DateOp: out = moved_moment(*text, option); break;
    case Operation::ToDate: out = read_moment(*text, option, MomentForm::Date, environment_->zone); break;
    case Operation::ToDateTime: out = read_moment(*text, option, MomentForm::DateTime, environment_->zone); break;
    case Operation::ToTime: out = read_moment(*text, option, MomentForm::Time, environment_->zone); break;
    case Operation::UnixToDate: out = unix_moment(*text, option, MomentForm::Date); break;
    case Operation::UnixToDateTime: out = unix_moment(*text, option, MomentForm::DateTime); break;
    case Operation::UnixToTime: out = unix_moment(*text, option, MomentForm::Time); break;
    default: return fail("this transform does not work on texts");
  }
  if (!out) return fail_with(std::move(out).failure(), {}, "value");
  return write_text(target, place, *out, target.value_type, made);
}

bool Machine::translate_code(const TargetCode& target, std::string_view system, std::string_view code, Translation& out) {
  Index map = target.concept_map;
  for (int hops = 0; hops < 8; ++hops) {
    const ConceptMap& codes = *program_.concept_maps[map];
    out = codes.translate(system, code);
    if (environment_->observer != nullptr) environment_->observer->translated(rule_, codes, code, out);
    const bool is_unlisted = out.kind == Translation::Kind::Missing || out.by_unmapped;
    if (environment_->marks != nullptr && is_unlisted)
      environment_->marks->unlisted.push_back({rule_, std::string(codes.url()), std::string(code), out.by_unmapped});
    if (out.kind != Translation::Kind::Elsewhere) return true;
    for (const auto& [url, index] : program_.concept_map_urls) {
      if (url == out.elsewhere) map = index;
    }
  }
  return fail("concept maps send unlisted codes to each other in a circle");
}

/// An unlisted code fails the run, unless the concept map has a rule for unlisted codes.
bool Machine::run_translate(const TargetCode& target, const Place& place, Slot& made) {
  Slot value;
  if (!argument_slot(program_.arguments[target.arguments.first], value)) return false;
  if (!value || lacks_value(value)) return true;
  Translation found;
  std::string_view code;
  if (value.item().has_value()) {
    code = value.item().text();
    if (code.empty()) return true;
    if (!translate_code(target, {}, code, found)) return false;
  } else {
    // A CodeableConcept: the first of its codings that the map lists.
    if (environment_->marks != nullptr) environment_->marks->source.set(value.item(), tree::Marks::Copied);
    tree::Item coding = value.item().child("coding");
    if (!coding) coding = value.item();
    bool is_withheld = false, is_asked = false;
    for (; coding; coding = coding.next()) {
      if (coding.node != value.node && coding.name_text() != "coding") continue;
      if (coding.child("code") && !coding.child("code").has_value()) {
        is_withheld = true;
        if (coding.node == value.node) break;
        continue;
      }
      is_asked = true;
      code = coding.text_of("code");
      if (!translate_code(target, coding.text_of("system"), code, found)) return false;
      if (found.kind == Translation::Kind::Found || coding.node == value.node) break;
    }
    if (is_withheld && !is_asked) return true;
  }
  const ConceptMap& codes = *program_.concept_maps[target.concept_map];
  // A long row of digits may be a personal identity number in the wrong field.
  std::string shown = code.size() > 40 || code.find_first_not_of("0123456789-") == std::string_view::npos
                          ? "the code"
                          : "'" + std::string(code) + "'";
  if (found.kind == Translation::Kind::Missing)
    return fail_code(shown + " is not listed in the concept map '" + std::string(codes.url()) + "'", code, codes);
  if (found.kind == Translation::Kind::Ambiguous)
    return fail(shown + " has several targets in the concept map '" + std::string(codes.url()) + "'");
  if (found.kind == Translation::Kind::Nothing) return true;
  switch (target.output) {
    case TranslateOutput::Code: return write_text(target, place, found.code, target.value_type, made);
    case TranslateOutput::System: return write_text(target, place, found.system, target.value_type, made);
    case TranslateOutput::Display: return write_text(target, place, found.display, target.value_type, made);
    default: return write_coding(target, place, found, made);
  }
}

bool Machine::write_coding(const TargetCode& target, const Place& place, const Translation& found, Slot& made) {
  if (!create(target, place, made)) return false;
  TargetWriter& target_writer = place.target_writer == nullptr ? scratch_ : *place.target_writer;
  tree::NodeId node = made.node;
  if (target.output == TranslateOutput::CodeableConcept) {
    node = target_writer.document().add(node, program_.names.coding, tree::Kind::Object, true);
  }
  add_part(target_writer, node, program_.names.system, "system", found.system);
  add_part(target_writer, node, program_.names.code, "code", found.code);
  add_part(target_writer, node, program_.names.display, "display", found.display);
  return true;
}

/// UUIDv5 of the message's identity, the rule's path and a counter: a replay gives the same ids.
std::array<char, 36> Machine::derived_id(const TargetCode& target) {
  if (!root_) root_ = uuid_v5(uuid_root, environment_->identity);
  std::array<char, 10> digits;
  const char* end = std::to_chars(digits.data(), digits.data() + digits.size(), counters_[target.counter]++).ptr;
  text_ = program_.texts[program_.counters[target.counter]];
  text_ += '#';
  text_.append(digits.data(), static_cast<std::size_t>(end - digits.data()));
  return text_of(uuid_v5(*root_, text_));
}

bool Machine::run_reference(const TargetCode& target, const Place& place, Slot& made) {
  Slot value;
  if (!argument_slot(program_.arguments[target.arguments.first], value)) return false;
  if (!value || lacks_value(value)) return true;
  std::string id(value.item().text_of("id"));
  std::string type(value.item().text_of("resourceType"));
  if (type.empty() && value.type != 0 && definitions_.kind(value.type) == fhir::TypeKind::Resource)
    type = plain_name(definitions_, value.type);
  if (type.empty() && !value.item().has_value() && value.type != 0) type = plain_name(definitions_, value.type);
  if (type.empty()) return fail("a reference needs a resource");
  if (id.empty()) {
    bool is_source = !target_.owns(value.document) && !scratch_.owns(value.document);
    if (is_source) return fail("the resource has no id to refer to");
    TargetWriter& target_writer = scratch_.owns(value.document) ? scratch_ : target_;
    const std::array<char, 36> made_id = derived_id(target);
    id.assign(made_id.data(), made_id.size());
    add_part(target_writer, value.node, program_.names.id, "id", id);
  }
  std::string text = target.operation == Operation::Pointer ? "urn:uuid:" + id : type + "/" + id;
  bool as_element =
      place.element != nullptr && target.value_type != 0 && plain_name(definitions_, target.value_type) == "Reference";
  if (!as_element) return write_text(target, place, text, target.value_type, made);
  TargetCode typed = target;
  typed.is_explicit = true;
  if (!create(typed, place, made)) return false;
  add_part(*place.target_writer, made.node, program_.names.reference, "reference", text);
  return true;
}

void Machine::add_part(TargetWriter& target_writer, tree::NodeId node, tree::NameId id, std::string_view name,
                       std::string_view text, tree::Kind kind) {
  if (text.empty()) return;
  tree::Document& document = target_writer.document();
  tree::NameId known = id != 0 ? id : document.intern(name);
  const tree::NodeId old = document.child(node, known);
  if (old == tree::no_node)
    document.add_text(node, known, kind, text);
  else
    document.set_text(old, kind, text);
  target_writer.forget(node);
}

/// cc, c, qty, id, cp. All arguments empty: nothing is written.
bool Machine::run_structure(const TargetCode& target, const Place& place, Slot& made) {
  std::array<std::string_view, structure_texts> texts;
  bool is_empty = true, all_literal = true;
  for (Index i = 0; i < target.arguments.count; ++i) {
    std::optional<std::string_view> text;
    if (!argument_text(target, i, text)) return false;
    texts[i] = text.value_or(std::string_view{});
    const bool is_literal = program_.arguments[target.arguments.first + i].kind == ArgumentCode::Kind::Literal;
    is_empty = is_empty && (texts[i].empty() || (is_literal && target.arguments.count > 1));
    all_literal = all_literal && is_literal;
  }
  if (is_empty && !all_literal) return true;
  TargetCode typed = target;
  typed.is_explicit = true;
  if (place.element != nullptr) {
    // A second value of an element that does not repeat replaces the whole first one.
    tree::NodeId old = place.element->repeats ? tree::no_node : place.target_writer->existing(place.parent, *place.element);
    if (old != tree::no_node) place.target_writer->document().remove(place.parent, old);
  }
  if (!create(typed, place, made)) return false;
  return take_apart(target, texts) &&
         add_parts(target, texts, place.target_writer == nullptr ? scratch_ : *place.target_writer, made.node);
}

/// Parses a contact or a quantity that is given as one text.
bool Machine::take_apart(const TargetCode& target, std::span<std::string_view, structure_texts> texts) {
  const bool is_whole = target.arguments.count == 1;
  if (target.operation == Operation::Cp && is_whole) {
    texts[1] = texts[0];
    texts[0] = contact_system(texts[1]);
  }
  if (target.operation != Operation::Qty) return true;
  if (is_whole) {
    Result<QuantityText> read = read_quantity(texts[0]);
    if (!read) return fail_with(std::move(read).failure(), {}, "value");
    texts[0] = read->value;
    texts[1] = read->unit;
    texts[comparator_argument] = read->comparator;
  }
  return fhir::fits_kind(tree::Kind::Number, texts[0]) || fail("the quantity's value is no number", "value");
}

bool Machine::add_parts(const TargetCode& target, std::span<const std::string_view> texts, TargetWriter& target_writer,
                        tree::NodeId node) {
  const std::span<const StructurePart> parts = structure_parts(target.operation, target.arguments.count);
  std::array<tree::NodeId, 2> inner{tree::no_node, tree::no_node};
  for (const StructurePart& part : parts) {
    if (part.argument == nothing || texts[part.argument].empty()) continue;
    const std::string_view text = part.constant.empty() ? texts[part.argument] : part.constant;
    const tree::NodeId parent = find_part(parts, part.parent, inner, target_writer, node);
    add_part(target_writer, parent, program_.names.*part.name, part.text_of_name, text, part.kind);
  }
  return true;
}

/// A part with parts, created with the first of them.
tree::NodeId Machine::find_part(std::span<const StructurePart> parts, Index part, std::span<tree::NodeId> made,
                                TargetWriter& target_writer, tree::NodeId structure) {
  if (part == nothing) return structure;
  if (made[part] != tree::no_node) return made[part];
  const StructurePart& code = parts[part];
  const tree::NodeId parent = find_part(parts, code.parent, made, target_writer, structure);
  const tree::NameId known = program_.names.*code.name;
  const tree::NameId name = known != 0 ? known : target_writer.document().intern(code.text_of_name);
  target_writer.forget(parent);
  return made[part] = target_writer.document().add(parent, name, tree::Kind::Object, code.repeats);
}

}  // namespace vardbron::mapping
