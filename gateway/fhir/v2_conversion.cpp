#include "gateway/fhir/v2_conversion.h"

#include "gateway/base/excerpt.h"
#include "gateway/base/limits.h"
#include "gateway/base/text.h"
#include "gateway/fhir/primitive.h"
#include "gateway/fhir/v2_names.h"
#include "gateway/fhir/v2_value.h"

#include <algorithm>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

namespace vardbron::fhir {

namespace {

using tree::Document;
using tree::Item;
using tree::Kind;
using tree::NameId;
using tree::NodeId;

/// Assigns a message's segments to the groups of its structure.
class Groups {
 public:
  struct Place {
    NodeId parent = 0;
    TypeId type = 0;
    bool in_list = false;
    bool is_stray = false;  ///< not in the structure at this position
  };

  Groups(Document& out, const Definitions& definitions, TypeId structure) : out_(out), definitions_(definitions) {
    open_.push_back({structure, 0, 0, false});
    if (structure != 0) collect_names(structure);
    std::sort(known_.begin(), known_.end());
  }

  Place next(NameId name) {
    // Unknown segments skip the search.
    if (!std::binary_search(known_.begin(), known_.end(), name)) return {open_.back().node, 0, true, true};
    if (std::optional<Place> found = ahead(name, false)) return *found;
    if (std::optional<Place> found = known_here(name)) return *found;
    if (std::optional<Place> found = ahead(name, true)) return *found;
    return {open_.back().node, 0, true, true};
  }

 private:
  struct Open {
    TypeId type;
    NodeId node;
    std::size_t at;  // element that was filled last
    bool is_filled;
  };
  using Way = std::vector<std::size_t>;  // elements from an open group to an inner one

  TypeId type_of(const Element& element) const { return definitions_.types(element).front().type; }
  bool is_group(const Element& element) const { return definitions_.kind(type_of(element)) == TypeKind::Backbone; }

  void collect_names(TypeId type) {
    for (const Element& element : definitions_.elements(type))
      is_group(element) ? collect_names(type_of(element)) : known_.push_back(element.name);
  }

  /// A later element of an open group, the innermost group first. A group begins with a segment that no required element
  /// precedes; `is_lenient`: with any of its segments.
  std::optional<Place> ahead(NameId name, bool is_lenient) {
    for (std::size_t depth = open_.size(); depth-- > 0;) {
      const Open& group = open_[depth];
      Way way;
      if (group.type == 0 || !seek(group.type, group.at, group.is_filled, {name, is_lenient}, way)) continue;
      open_.resize(depth + 1);
      return enter(way);
    }
    return std::nullopt;
  }

  struct Wanted {
    NameId name;
    bool is_lenient;
  };
  bool seek(TypeId type, std::size_t from, bool is_filled, Wanted wanted, Way& way) const {
    const std::span<const Element> elements = definitions_.elements(type);
    for (std::size_t at = from; at < elements.size(); ++at) {
      const Element& element = elements[at];
      if (at == from && is_filled && element.max == 1) continue;
      way.push_back(at);
      if (!is_group(element) ? element.name == wanted.name : starts(type_of(element), wanted, way)) return true;
      way.pop_back();
    }
    return false;
  }
  bool starts(TypeId group, Wanted wanted, Way& way) const {
    const std::span<const Element> elements = definitions_.elements(group);
    for (std::size_t at = 0; at < elements.size(); ++at) {
      way.push_back(at);
      if (!is_group(elements[at]) ? elements[at].name == wanted.name : starts(type_of(elements[at]), wanted, way)) return true;
      way.pop_back();
      if (elements[at].min > 0 && !wanted.is_lenient) return false;
    }
    return false;
  }

  Place enter(const Way& way) {
    for (std::size_t step = 0;; ++step) {
      Open& group = open_.back();
      const Element& element = definitions_.elements(group.type)[way[step]];
      group.at = way[step];
      group.is_filled = true;
      if (step + 1 == way.size()) return {group.node, type_of(element), element.max > 1, false};
      const NodeId node = out_.add(group.node, element.name, Kind::Object, element.max > 1);
      open_.push_back({type_of(element), node, 0, false});
    }
  }

  /// The nearest open group that contains the segment. Some segments occur twice in a group, so only one that may occur once is
  /// certainly out of place.
  std::optional<Place> known_here(NameId name) {
    for (std::size_t depth = open_.size(); name != 0 && depth-- > 0;) {
      if (open_[depth].type == 0) continue;
      const Step step = definitions_.step(open_[depth].type, name);
      if (!step || is_group(*step.element)) continue;
      open_.resize(depth + 1);
      return Place{open_.back().node, step.type, step.element->max > 1, step.element->max == 1};
    }
    return std::nullopt;
  }

  Document& out_;
  const Definitions& definitions_;
  std::vector<Open> open_;
  std::vector<NameId> known_;  // every segment of the structure, sorted
};

class FromV2 {
 public:
  FromV2(const Document& message, const Definitions& definitions, tree::Notes* notes, TypeId model)
      : message_(message),
        definitions_(definitions),
        notes_(notes),
        model_(model),
        out_(definitions.names()),
        any_field_(definitions.find_type(v2::canonical(v2::any_field))),
        any_segment_(definitions.find_type(v2::canonical(v2::any_segment))) {}

  Result<Document> read() {
    const Item root = tree::root(message_);
    const Item type = root.child("MSH").child("f9");
    if (!type || type.kind() == Kind::Null)
      return Failure{Cause::Invalid, "The message does not say in MSH-9 what it is.", "MSH.f9"};
    keep_positions();
    const TypeId structure = find_structure(root, type);
    has_structure_ = structure != 0;
    if (!has_structure_) note("The structure of this message is not known; its segments stand without groups.");
    out_.set_name(0, out_.intern(structure == 0 ? root.name_text() : definitions_.name(structure)));
    Groups groups(out_, definitions_, structure);
    for (Item each = root.first_child(); each; each = each.next()) segment(each, groups);
    return std::move(out_);
  }

 private:
  void segment(Item source, Groups& groups);
  void field(NodeId parent, Item source, TypeId segment_type);
  void part(NodeId parent, Item source, NameId name, TypeId type, bool in_list);
  void plain(NodeId parent, Item source, NameId name, TypeId type, bool in_list);

  void note(std::string says) {
    if (notes_ != nullptr && notes_->size() < limits::tolerated_notes_max) notes_->push_back({std::move(says)});
  }
  void doubt(Item source, NodeId made, std::string_view says, bool is_fault = false);
  std::string in_fhir(std::string_view type, Item source, NodeId made);
  Groups::Place place_of(NameId name, Groups& groups) const;

  // MSH-9: code, event, structure. Messages before 2.3.1 name no structure; the dictionary also lists structures by event.
  TypeId find_structure(Item root, Item type) const {
    const std::string code(type.has_value() ? type.text() : type.text_of("c1"));
    const std::string by_event = code + "_" + std::string(type.text_of("c2"));
    for (const std::string& name : {std::string(type.text_of("c3")), by_event, code, std::string(root.name_text())}) {
      const TypeId found = name.empty() ? 0 : definitions_.find_type(v2::canonical(name));
      const bool is_message = found != 0 && definitions_.step(found, definitions_.names().find("MSH"));
      if (is_message) return found;
    }
    return 0;
  }

  // The result keeps a copy of the source text, for the positions of its nodes.
  void keep_positions() {
    if (!message_.keeps_positions()) return;
    out_.own_body(std::string(message_.body()));
    out_.keep_positions();
    lines_.push_back(0);
    for (std::size_t at = message_.body().find('\n'); at != std::string_view::npos; at = message_.body().find('\n', at + 1))
      lines_.push_back(at + 1);
  }
  void keep_place(NodeId made, Item source) {
    const tree::Position place = message_.position(source.node);
    if (place.line == 0 || place.line > lines_.size()) return;
    out_.set_offset(made, lines_[place.line - 1] + place.column - 1);
  }

  const Document& message_;
  const Definitions& definitions_;
  tree::Notes* notes_;
  const TypeId model_;
  Document out_;
  const TypeId any_field_, any_segment_;
  bool has_structure_ = false;
  std::vector<std::size_t> lines_;  // offset of each line
  std::string place_;               // of the current part: "PID-3.4"
};

void FromV2::segment(Item source, Groups& groups) {
  const std::string_view name = source.name_text();
  const Groups::Place place = place_of(definitions_.names().find(name), groups);
  if (place.is_stray && has_structure_ && !name.starts_with('Z'))
    note("The segment " + std::string(name) + " is not where its message has it.");
  TypeId type = place.type != 0 ? place.type : definitions_.find_type(v2::canonical(name));
  if (type == 0) type = any_segment_;
  const NodeId made = out_.add(place.parent, out_.intern(name), Kind::Object, place.in_list);
  keep_place(made, source);
  for (Item each = source.first_child(); each; each = each.next()) {
    place_.assign(name).append("-").append(each.name_text().substr(1));
    field(made, each, type);
  }
}

/// A segment of the message itself opens and closes no group: the next segment continues in the current one.
Groups::Place FromV2::place_of(NameId name, Groups& groups) const {
  const Step own = model_ == 0 || name == 0 ? Step{} : definitions_.step(model_, name);
  if (!own || !own.element->is_of_message) return groups.next(name);
  const TypeId type = own.type == any_segment_ ? 0 : own.type;  // an unspecific model leaves the type to the dictionary
  return {0, type, own.element->max > 1, false};
}

void FromV2::field(NodeId parent, Item source, TypeId segment_type) {
  const NameId name = out_.intern(source.name_text());
  const Step step = definitions_.step(segment_type, name);
  const bool in_list = step ? step.element->max > 1 : true;
  part(parent, source, name, step ? step.type : any_field_, in_list);
}

void FromV2::part(NodeId parent, Item source, NameId name, TypeId type, bool in_list) {
  const bool is_composite = type != 0 && definitions_.kind(type) == TypeKind::Logical;
  if (!is_composite || source.kind() == Kind::Null) return plain(parent, source, name, type, in_list);
  const NodeId made = out_.add(parent, name, Kind::Object, in_list);
  keep_place(made, source);
  if (source.has_value()) {
    const Element& first = definitions_.elements(type).front();
    return part(made, source, first.name, definitions_.types(first).front().type, false);
  }
  for (Item each = source.first_child(); each; each = each.next()) {
    const NameId child = out_.intern(each.name_text());
    const Step step = definitions_.step(type, child);
    const std::size_t size = place_.size();
    place_.append(".").append(each.name_text().substr(1));
    part(made, each, child, step ? step.type : 0, false);
    place_.resize(size);
  }
}

/// The text of a part, or of its first descendant with a text; none if that is empty.
Item first_text(Item source) {
  while (source && !source.has_value()) {
    Item first = source.child("c1");
    source = first ? first : source.child("s1");
  }
  return source;
}

void FromV2::doubt(Item source, NodeId made, std::string_view says, bool is_fault) {
  if (notes_ == nullptr || notes_->size() >= limits::tolerated_notes_max) return;
  const tree::Position place = message_.position(source.node);
  const std::string line = place.line == 0 ? "" : " in line " + std::to_string(place.line);
  const std::string shape = shape_of(first_text(source).text(), limits::shape_characters_max);
  notes_->push_back({place_ + line + ": " + std::string(says) + ". Its shape is " + shape + ".", true, made, is_fault});
}

/// The value of a plain part; adds a note for a doubtful one.
std::string FromV2::in_fhir(std::string_view type, Item source, NodeId made) {
  const std::string_view text = first_text(source).text();
  if (type == "dateTime" || type == "date") {
    const std::string_view precision = source.has_value() ? std::string_view() : source.text_of("c2");
    V2Time read = type == "date" ? read_v2_date(text) : read_v2_time(text, precision);
    if (!read.doubt.empty()) doubt(source, made, read.doubt, read.is_unreadable);
    return std::move(read.text);
  }
  if (type == "time" || type == "decimal" || type == "integer") {
    std::string read = type == "time" ? time_from_v2(trim(text)) : number_from_v2(trim(text));
    if (!has_form_of(type, read)) doubt(source, made, type == "time" ? "it is no time of day" : "it is no number");
    return read;
  }
  // HL7 v2.5.1, 2.A.74 and others: trailing blanks of a text are insignificant.
  return std::string(text.substr(0, text.find_last_not_of(' ') + 1));
}

void FromV2::plain(NodeId parent, Item source, NameId name, TypeId type, bool in_list) {
  const Item first = first_text(source);
  const NodeId made = out_.add(parent, name, Kind::Null, in_list);  // a plain part without text has no value, like ""
  keep_place(made, source);
  if (first) {
    const std::string text = in_fhir(type == 0 ? "" : definitions_.name(type), source, made);
    const bool is_number =
        type != 0 && definitions_.json_kind(type) == Kind::Number && has_form_of(definitions_.name(type), text);
    if (!text.empty()) out_.set_text(made, is_number ? Kind::Number : Kind::String, text);
  }
  for (Item each = source.first_child(); each; each = each.next()) part(made, each, out_.intern(each.name_text()), 0, false);
}

}  // namespace

Result<Document> from_v2(const Document& message, const Definitions& definitions, tree::Notes* notes, TypeId model) {
  return FromV2(message, definitions, notes, model).read();
}

}  // namespace vardbron::fhir
