#include "gateway/fhir/table_builder.h"

#include "gateway/fhir/xml_conversion.h"
#include "gateway/fhir/xsi_type.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace vardbron::fhir {

namespace {

constexpr std::string_view system_prefix = "http://hl7.org/fhirpath/";

std::string_view last_segment(std::string_view path) { return path.substr(path.rfind('.') + 1); }

bool is_below(std::string_view path, std::string_view ancestor) {
  return path.size() > ancestor.size() && path.starts_with(ancestor) && path[ancestor.size()] == '.';
}

std::size_t end_of_branch(const std::vector<ElementDraft>& elements, std::size_t at) {
  std::size_t end = at + 1;
  while (end < elements.size() && is_below(elements[end].path, elements[at].path)) ++end;
  return end;
}

template <class T>
std::vector<T> copy_of(std::span<const T> from) {
  return {from.begin(), from.end()};
}

tree::Kind json_kind_of(std::string_view name) {
  if (name == "boolean" || name == "System.Boolean") return tree::Kind::Boolean;
  if (name == "integer" || name == "positiveInt" || name == "unsignedInt" || name == "decimal" || name == "System.Integer" ||
      name == "System.Decimal")
    return tree::Kind::Number;
  return name == "xhtml" ? tree::Kind::Xhtml : tree::Kind::String;
}

}  // namespace

TableBuilder::TableBuilder(std::string_view fhir_version) {
  texts_.assign(sizeof(std::uint32_t), '\0');  // the empty text at offset 0
  types_.emplace_back();
  fhir_version_ = text(fhir_version);
  for (std::string_view system : {"System.Boolean", "System.String", "System.Integer", "System.Decimal", "System.Date",
                                  "System.DateTime", "System.Time", "System.Quantity", "System.Long"}) {
    TypeId id = add_type(system, {}, TypeKind::System);
    types_[id].system_type = id;
    types_[id].json_kind = system == "System.Quantity" ? tree::Kind::Object : json_kind_of(system);
  }
  for (std::string_view known : {"resourceType", "value", "div", "fhir_comments"}) name(known);
}

TableBuilder::TableBuilder(const TableView& table)
    : texts_(table.texts),
      fhir_version_(table.fhir_version),
      names_(copy_of(table.names)),
      types_(copy_of(table.types)),
      elements_(copy_of(table.elements)),
      element_types_(copy_of(table.element_types)),
      targets_(copy_of(table.targets)),
      values_(copy_of(table.values)),
      steps_(copy_of(table.steps)),
      invariants_(copy_of(table.invariants)),
      search_(copy_of(table.search)),
      value_sets_(copy_of(table.value_sets)),
      code_systems_(copy_of(table.code_systems)),
      hierarchies_(copy_of(table.hierarchies)),
      concept_maps_(copy_of(table.concept_maps)),
      codes_(copy_of(table.codes)),
      links_(copy_of(table.links)),
      mapped_(copy_of(table.mapped)) {
  first_added_ = static_cast<TypeId>(types_.size());
  for (std::size_t i = 0; i < names_.size(); ++i) name_ids_.emplace(text_of(names_[i]), static_cast<tree::NameId>(i + 1));
  for (const TypeSlot& slot : table.type_slots)
    if (slot.text != 0) type_ids_.emplace(text_of(slot.text), slot.type);
}

TextId TableBuilder::text(std::string_view letters) {
  if (letters.empty()) return 0;
  auto [found, is_new] = text_ids_.try_emplace(std::string(letters), static_cast<TextId>(texts_.size()));
  if (is_new) {
    auto length = static_cast<std::uint32_t>(letters.size());
    texts_.append(reinterpret_cast<const char*>(&length), sizeof length);
    texts_.append(found->first);
  }
  return found->second;
}

std::string_view TableBuilder::text_of(TextId id) const {
  std::uint32_t length;
  std::memcpy(&length, texts_.data() + id, sizeof length);
  return std::string_view(texts_).substr(id + sizeof length, length);
}

tree::NameId TableBuilder::name(std::string_view letters) {
  auto [found, is_new] = name_ids_.try_emplace(std::string(letters), static_cast<tree::NameId>(names_.size() + 1));
  if (is_new) names_.push_back(text(letters));
  return found->second;
}

TypeId TableBuilder::find_type(std::string_view name_or_canonical) const {
  auto found = type_ids_.find(std::string(name_or_canonical));
  return found == type_ids_.end() ? 0 : found->second;
}

TypeId TableBuilder::add_type(std::string_view name, std::string_view canonical, TypeKind kind) {
  auto id = static_cast<TypeId>(types_.size());
  TypeRecord record;
  record.name = text(name);
  record.canonical = text(canonical);
  record.kind = kind;
  types_.push_back(record);
  register_type(name, id);
  register_type(canonical, id);
  return id;
}

void TableBuilder::register_type(std::string_view letters, TypeId type) {
  if (!letters.empty()) type_ids_.try_emplace(std::string(letters), type);
}

/// A model replaces the names of v2's data types, some of which v3 uses for different types: CD, ED, ST, TS.
void TableBuilder::claim_name(std::string_view letters, TypeId type) {
  const TypeId known = find_type(letters);
  const bool is_free = known != 0 && known < first_added_ && types_[known].kind == TypeKind::Logical;
  if (is_free && !letters.empty()) type_ids_[std::string(letters)] = type;
  register_type(letters, type);
}

std::string TableBuilder::backbone_name(const StructureDraft& structure, std::string_view path) const {
  std::string_view root = structure.elements.front().path;
  TypeId type = find_type(structure.url);
  // A model may have the name of a FHIR type (CDA's Observation); then its backbone types are named by the canonical.
  return std::string(text_of(types_[type].name)).append(path.substr(root.size()));
}

TypeId TableBuilder::declare(const StructureDraft& structure) {
  const std::string& root = structure.elements.front().path;
  const TypeId same = find_type(root);
  const bool is_own = same == 0 || (same < first_added_ && types_[same].kind == TypeKind::Logical);
  TypeId id = add_type(is_own ? std::string_view(root) : structure.url, structure.url, structure.kind);
  claim_name(root, id);
  claim_name(structure.type, id);
  claim_name(structure.name, id);
  if (root.find('.') == std::string::npos) name(root);
  TypeRecord& record = types_[id];
  record.is_abstract = structure.is_abstract;
  bool is_fhir = structure.kind != TypeKind::Logical;
  record.xml_namespace = text(structure.xml_namespace.empty() && is_fhir ? fhir_namespace : structure.xml_namespace);
  if (structure.kind == TypeKind::Logical && !structure.xml_namespace.empty()) {
    const std::string space = "{" + structure.xml_namespace + "}";
    const std::string& xml_name = structure.elements.front().xml_name;
    register_type(space + root.substr(root.rfind('/') + 1), id);
    if (!xml_name.empty()) register_type(space + xml_name, id);
    if (!xml_name.empty()) name(xml_name);
  }
  if (structure.kind == TypeKind::Primitive) {
    record.json_kind = json_kind_of(root);
    record.system_type = find_type(structure.system_type);
  }
  for (std::size_t i = 1; i < structure.elements.size(); ++i) {
    if (structure.elements[i].is_slice || end_of_branch(structure.elements, i) == i + 1) continue;
    std::string part = backbone_name(structure, structure.elements[i].path);
    if (find_type(part) != 0) continue;
    TypeId backbone = add_type(part, {}, TypeKind::Backbone);
    types_[backbone].xml_namespace = types_[id].xml_namespace;
  }
  return id;
}

Result<void> TableBuilder::define(const StructureDraft& structure) {
  TypeId id = find_type(structure.url);
  CHECK(id != 0);
  types_[id].base = find_type(structure.base);
  if (types_[id].base != 0 && types_[id].system_type == 0) types_[id].system_type = types_[types_[id].base].system_type;
  return define_type(id, {&structure, 0, structure.elements.size()});
}

Result<void> TableBuilder::define_type(TypeId type, Range range) {
  const std::vector<ElementDraft>& drafts = range.structure->elements;
  std::vector<Element> own = range.structure->is_snapshot ? std::vector<Element>{} : inherited_elements(type);
  struct Branch {
    std::size_t at = 0;
    TypeId base = 0;
  };
  std::vector<Branch> branches;
  for (std::size_t at = range.root + 1; at < range.end; at = end_of_branch(drafts, at)) {
    const ElementDraft& draft = drafts[at];
    if (draft.is_slice) continue;
    if (draft.path.rfind('.') != drafts[range.root].path.size())
      return Failure{Cause::Invalid, "The element's parent is not in the structure.", draft.path};
    bool has_children = end_of_branch(drafts, at) > at + 1;
    Result<Element> element = make_element(*range.structure, at, has_children);
    if (!element) return std::move(element).failure();
    auto same = std::find_if(own.begin(), own.end(), [&](const Element& known) { return known.name == element->name; });
    const bool has_one_type = same != own.end() && same->types_count == 1;
    if (draft.is_unchanged && !has_one_type)
      return Failure{Cause::Invalid,
                     "The element's parent is not in the structure, and of several types or none in the one it is based on.",
                     drafts[at + 1].path};
    TypeId base = draft.types.empty() ? find_type("BackboneElement") : type_of(draft.types.front());
    // A differential may name the type again, and the element keeps the parts that it has in the base.
    if (has_one_type &&
        (draft.types.empty() || (draft.types.size() == 1 && derives(element_types_[same->types_first].type, base))))
      base = element_types_[same->types_first].type;
    if (draft.is_unchanged) {
      const Element made = *element;
      *element = *same;
      element->types_first = made.types_first;
      element->types_count = made.types_count;
    }
    if (same != own.end() && element->types_count == 0) take_inherited(*element, *same);
    if (same != own.end() && element->values_count == 0) {  // fixed values are inherited
      element->values_first = same->values_first;
      element->values_count = same->values_count;
    }
    if (same != own.end())
      *same = *element;
    else
      own.push_back(*element);
    if (has_children) branches.push_back({at, base});
  }
  types_[type].elements_first = static_cast<std::uint32_t>(elements_.size());
  types_[type].elements_count = static_cast<std::uint32_t>(own.size());
  elements_.insert(elements_.end(), own.begin(), own.end());
  add_steps(type);
  add_invariants(type, range);
  for (const auto& [at, base] : branches) {
    TypeId backbone = find_type(backbone_name(*range.structure, drafts[at].path));
    types_[backbone].base = base;
    Result<void> defined = define_type(backbone, {range.structure, at, end_of_branch(drafts, at)});
    if (!defined) return defined;
  }
  return done();
}

bool TableBuilder::derives(TypeId type, TypeId from) const {
  while (type != 0 && type != from) type = types_[type].base;
  return type != 0;
}

/// If a differential gives no types for an inherited element, its types and XML representation are inherited.
void TableBuilder::take_inherited(Element& element, const Element& inherited) {
  element.types_first = inherited.types_first;
  element.types_count = inherited.types_count;
  element.is_choice = inherited.is_choice;
  element.is_attribute |= inherited.is_attribute;
  element.is_text |= inherited.is_text;
  element.is_of_message |= inherited.is_of_message;
  if (element.xml_name == 0) element.xml_name = inherited.xml_name;
  if (element.xml_namespace == 0) element.xml_namespace = inherited.xml_namespace;
}

std::vector<Element> TableBuilder::inherited_elements(TypeId type) const {
  const TypeRecord& base = types_[types_[type].base];
  auto first = elements_.begin() + base.elements_first;
  return {first, first + base.elements_count};
}

Result<Element> TableBuilder::make_element(const StructureDraft& structure, std::size_t at, bool has_children) {
  const ElementDraft& draft = structure.elements[at];
  Element element;
  std::string_view segment = last_segment(draft.path);
  element.is_choice = segment.ends_with("[x]");
  if (element.is_choice) segment.remove_suffix(3);
  if (segment.empty()) return Failure{Cause::Invalid, "The element has no name.", draft.path};
  element.name = name(segment);
  element.min = draft.min;
  element.max = draft.max;
  element.is_modifier = draft.is_modifier;
  element.is_summary = draft.is_summary;
  element.must_support = draft.must_support;
  element.is_attribute = draft.is_attribute;
  element.is_text = draft.is_text;
  element.is_of_message = draft.is_of_message;
  element.binding = draft.binding;
  element.value_set = text(draft.value_set);
  element.path = text(draft.path);
  element.xml_name = text(draft.is_group ? group_mark : std::string_view(draft.xml_name));
  element.xml_namespace = text(draft.xml_namespace);
  if (!draft.xml_name.empty()) name(draft.xml_name);
  if (draft.has_xsi_type) name(xsi_type_name);
  element.is_choice = element.is_choice || draft.has_xsi_type;
  add_values(draft, element);
  if (Result<void> typed = add_types(structure, at, has_children, element); !typed) return std::move(typed).failure();
  return element;
}

Result<void> TableBuilder::add_types(const StructureDraft& structure, std::size_t at, bool has_children, Element& element) {
  const ElementDraft& draft = structure.elements[at];
  element.types_first = static_cast<std::uint32_t>(element_types_.size());
  if (has_children || !draft.content_reference.empty()) {
    std::string_view reference = draft.content_reference;
    std::string_view path = has_children ? std::string_view(draft.path) : reference.substr(reference.find('#') + 1);
    ElementType single;
    single.type = find_type(backbone_name(structure, path));
    if (single.type == 0) return Failure{Cause::Invalid, "The element refers to an element that is not there.", draft.path};
    element_types_.push_back(single);
  } else {
    for (const TypeDraft& wanted : draft.types) {
      ElementType type;
      type.type = type_of(wanted);
      if (type.type == 0 && wanted.code.ends_with("Base")) continue;  // Base is the root of all types in R5; R4 has none
      if (type.type == 0) return Failure{Cause::Invalid, "The element has the unknown type " + wanted.code + ".", draft.path};
      if (element.is_choice && !draft.has_xsi_type) {
        const std::string_view named = type_name(type.type);  // of another release: a canonical
        std::string choice(last_segment(named.substr(named.rfind('/') + 1)));
        choice[0] = choice[0] >= 'a' && choice[0] <= 'z' ? static_cast<char>(choice[0] - 'a' + 'A') : choice[0];
        type.choice_name = name(std::string(text_of(names_[element.name - 1])) + choice);
      }
      type.targets_first = static_cast<std::uint32_t>(targets_.size());
      for (const std::string& target : wanted.targets)
        if (TypeId known = find_type(target)) targets_.push_back(known);
      type.targets_count = static_cast<std::uint32_t>(targets_.size()) - type.targets_first;
      element_types_.push_back(type);
    }
  }
  element.types_count = static_cast<std::uint32_t>(element_types_.size()) - element.types_first;
  return done();
}

void TableBuilder::add_values(const ElementDraft& draft, Element& element) {
  element.values_first = static_cast<std::uint32_t>(values_.size());
  element.values_count = static_cast<std::uint32_t>(draft.values.size());
  const std::string choice(text_of(names_[element.name - 1]));
  for (const ElementDraft::Value& value : draft.values) {
    tree::NameId called = 0;
    if (value.depth > 0) called = name(value.name);
    if (value.depth == 0 && element.is_choice && value.rule != ValueNode::Rule::Length) called = name(choice + value.name);
    values_.push_back({value.rule, value.kind, value.depth, called, text(value.text)});
  }
}

TypeId TableBuilder::type_of(const TypeDraft& draft) const {
  std::string_view code = draft.code;
  if (code.starts_with(system_prefix)) code.remove_prefix(system_prefix.size());
  return find_type(code);
}

void TableBuilder::add_invariants(TypeId type, Range range) {
  const std::vector<ElementDraft>& drafts = range.structure->elements;
  types_[type].invariants_first = static_cast<std::uint32_t>(invariants_.size());
  for (std::size_t at = range.root; at < range.end; at = at == range.root ? at + 1 : end_of_branch(drafts, at)) {
    bool is_own_type = at != range.root && end_of_branch(drafts, at) > at + 1;
    if (is_own_type || drafts[at].is_slice) continue;
    for (const ElementDraft::Constraint& constraint : drafts[at].constraints) {
      bool comes_with_its_type = at != range.root && !constraint.source.empty() && constraint.source != range.structure->url;
      if (comes_with_its_type || constraint.expression.empty()) continue;
      invariants_.push_back({text(constraint.key), text(constraint.severity), text(constraint.human), text(constraint.expression),
                             text(drafts[at].path)});
    }
  }
  types_[type].invariants_count = static_cast<std::uint32_t>(invariants_.size()) - types_[type].invariants_first;
}

void TableBuilder::add_steps(TypeId type) {
  std::vector<StepRecord> wanted;
  TypeRecord& record = types_[type];
  for (std::uint32_t at = record.elements_first; at < record.elements_first + record.elements_count; ++at) {
    const Element& element = elements_[at];
    wanted.push_back({element.name, at, element.types_count == 1 ? element_types_[element.types_first].type : 0});
    for (std::uint32_t i = element.types_first; element.is_choice && i < element.types_first + element.types_count; ++i)
      if (element_types_[i].choice_name != 0) wanted.push_back({element_types_[i].choice_name, at, element_types_[i].type});
  }
  record.steps_first = static_cast<std::uint32_t>(steps_.size());
  record.steps_size = wanted.empty() ? 0 : static_cast<std::uint32_t>(std::bit_ceil(wanted.size() * 2));
  steps_.resize(steps_.size() + record.steps_size);
  for (const StepRecord& step : wanted) {
    std::uint32_t mask = record.steps_size - 1, at = name_hash(step.name) & mask;
    while (steps_[record.steps_first + at].name != 0) at = (at + 1) & mask;
    steps_[record.steps_first + at] = step;
  }
}

void TableBuilder::add_search_parameter(TypeId resource, const SearchParameter& parameter) {
  TypeRecord& record = types_[resource];
  if (record.search_count == 0) record.search_first = static_cast<std::uint32_t>(search_.size());
  CHECK(record.search_first + record.search_count == search_.size());
  search_.push_back(
      {text(parameter.code), text(parameter.base), text(parameter.type), text(parameter.expression), text(parameter.targets)});
  ++record.search_count;
}

void TableBuilder::add_type_slots() {
  type_slots_.assign(std::bit_ceil(type_ids_.size() * 2), {});
  std::size_t mask = type_slots_.size() - 1;
  std::vector<std::pair<std::string_view, TypeId>> sorted(type_ids_.begin(), type_ids_.end());
  std::sort(sorted.begin(), sorted.end());
  for (const auto& [letters, type] : sorted) {
    std::size_t at = text_hash(letters) & mask;
    while (type_slots_[at].text != 0) at = (at + 1) & mask;
    type_slots_[at] = {text(letters), type};
  }
}

namespace {

template <class T>
Section append(std::vector<std::byte>& bytes, const T* records, std::size_t count) {
  static_assert(std::is_trivially_copyable_v<T>);
  bytes.resize((bytes.size() + 7) / 8 * 8);
  Section section{static_cast<std::uint32_t>(bytes.size()), static_cast<std::uint32_t>(count)};
  bytes.resize(bytes.size() + count * sizeof(T));
  if (count != 0) std::memcpy(bytes.data() + section.offset, records, count * sizeof(T));
  return section;
}

template <class T>
Section append(std::vector<std::byte>& bytes, const std::vector<T>& records) {
  return append(bytes, records.data(), records.size());
}

}  // namespace

void TableBuilder::add_hierarchy(TextId code_system, std::span<const LinkRecord> links) {
  hierarchies_.push_back({code_system, static_cast<std::uint32_t>(links_.size()), static_cast<std::uint32_t>(links.size())});
  links_.insert(links_.end(), links.begin(), links.end());
}

void TableBuilder::add_concept_map(TextId canonical, std::span<const MappedRecord> rows) {
  concept_maps_.push_back({canonical, static_cast<std::uint32_t>(mapped_.size()), static_cast<std::uint32_t>(rows.size())});
  mapped_.insert(mapped_.end(), rows.begin(), rows.end());
}

std::vector<std::byte> TableBuilder::write() {
  add_type_slots();
  auto by_canonical = [this](const CodeSetRecord& a, const CodeSetRecord& b) {
    return text_of(a.canonical) < text_of(b.canonical);
  };
  for (std::vector<CodeSetRecord>* sets : {&value_sets_, &code_systems_, &hierarchies_, &concept_maps_})
    std::sort(sets->begin(), sets->end(), by_canonical);

  std::vector<std::byte> bytes;
  bytes.reserve(2 * texts_.size() + (2u << 20));  // texts are more than half of a table; avoids reallocations
  bytes.resize(sizeof(TableHeader));
  TableHeader header;
  std::memcpy(header.magic, table_magic, sizeof table_magic);
  header.version = table_version;
  header.fhir_version = fhir_version_;
  header.names = append(bytes, names_);
  header.types = append(bytes, types_);
  header.elements = append(bytes, elements_);
  header.element_types = append(bytes, element_types_);
  header.targets = append(bytes, targets_);
  header.values = append(bytes, values_);
  header.steps = append(bytes, steps_);
  header.type_slots = append(bytes, type_slots_);
  header.invariants = append(bytes, invariants_);
  header.search = append(bytes, search_);
  header.value_sets = append(bytes, value_sets_);
  header.code_systems = append(bytes, code_systems_);
  header.codes = append(bytes, codes_);
  header.hierarchies = append(bytes, hierarchies_);
  header.links = append(bytes, links_);
  header.concept_maps = append(bytes, concept_maps_);
  header.mapped = append(bytes, mapped_);
  header.texts = append(bytes, texts_.data(), texts_.size());
  bytes.resize((bytes.size() + 7) / 8 * 8);
  header.size = static_cast<std::uint32_t>(bytes.size());
  std::memcpy(bytes.data(), &header, sizeof header);
  return bytes;
}

}  // namespace vardbron::fhir
