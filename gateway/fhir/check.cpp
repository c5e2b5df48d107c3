#include "gateway/fhir/check.h"

#include "gateway/fhir/narrative.h"
#include "gateway/fhir/primitive.h"
#include "gateway/fhir/reference.h"
#include "gateway/fhir/table.h"
#include "gateway/fhir/value_rules.h"
#include "gateway/fhir/xsi_type.h"
#include "gateway/tree/path.h"

#include <algorithm>
#include <string>

namespace vardbron::fhir {

namespace {

using tree::Document;
using tree::Item;
using tree::Kind;
using tree::NameId;
using tree::no_node;
using tree::NodeId;

class Check {
 public:
  Check(const Document& document, const Definitions& definitions, CheckOptions options)
      : document_(document), definitions_(definitions), options_(options) {
    coding_ = definitions.find_type("Coding");
    concept_ = definitions.find_type("CodeableConcept");
    reference_ = definitions.find_type("Reference");
    extension_ = definitions.find_type("Extension");
  }

  void resource(NodeId node) {
    TypeId type = resource_type(definitions_, {&document_, node});
    if (type == 0 || definitions_.is_abstract(type)) {
      note("structure", "This is not a resource of FHIR R4: resourceType is missing or unknown.", node);
      return;
    }
    element(node, type);
  }

  void element(NodeId node, TypeId type) {
    if (is_full()) return;
    if (document_.first_child(node) == no_node && !document_.has_value(node)) {
      const bool is_null = document_.kind(node) == Kind::Null;
      note("structure", is_null ? "Null stands only beside an extension that says why." : "The element is empty.", node);
    }
    if (definitions_.json_kind(type) == Kind::Object && document_.has_value(node)) {
      note("structure", "Here stands a value, but " + std::string(definitions_.name(type)) + " is an object.", node);
      return;
    }
    if (definitions_.json_kind(type) != Kind::Object) primitive(node, type);
    children(node, type);
    if (type == extension_ && options_.rules) extension(node);
  }

  std::vector<Issue> take() { return std::move(issues_); }

 private:
  bool is_full() const { return issues_.size() >= options_.issues_max; }

  void note(std::string_view code, std::string says, NodeId at) {
    if (!is_full()) issues_.push_back({Severity::Error, std::string(code), std::move(says), place(at)});
  }

  std::string place(NodeId node) const {
    const tree::Position position = options_.positions ? document_.position(node) : tree::Position{};
    if (position.line == 0) return tree::path_of(document_, node);
    return tree::path_of(document_, node) + " (" + std::to_string(position.line) + ":" + std::to_string(position.column) + ")";
  }

  NameId known_name(NodeId node) const {
    if (&document_.names() != &definitions_.names()) return definitions_.names().find(document_.name_text(document_.name(node)));
    return document_.name(node) < definitions_.names().size() ? document_.name(node) : 0;
  }

  void primitive(NodeId node, TypeId type) {
    std::string name(definitions_.name(type));
    if (!document_.has_value(node)) {
      if (document_.kind(node) == Kind::Object) note("structure", "Here stands an object, but " + name + " is a value.", node);
      return;
    }
    Kind wanted = definitions_.json_kind(type), found = document_.kind(node);
    // Narrative read from JSON is a string like others.
    if (found != wanted && !(wanted == Kind::Xhtml && found == Kind::String)) {
      std::string kind = wanted == Kind::Boolean ? "true or false" : wanted == Kind::Number ? "a number" : "a string";
      note("structure", "The value of " + name + " must be " + kind + ".", node);
    } else if (wanted == Kind::Xhtml) {
      if (std::string fault = narrative_fault(document_.text(node)); !fault.empty()) note("value", std::move(fault), node);
    } else if (document_.text(node).empty()) {
      note("value", "The value is empty.", node);
    } else if (!has_form_of(form_of(node, name), document_.text(node))) {
      note("value", formless(form_of(node, name)), node);
    }
  }

  static std::string formless(std::string_view type) {
    const std::string form(form_in_words(type));
    return "The value does not have the form of " + std::string(type) + (form.empty() ? "." : " (" + form + ").");
  }

  /// In R4's definitions a resource's id and an extension's url have the type System.String.
  std::string_view form_of(NodeId node, std::string_view type) const {
    if (type != "System.String" && type != "string") return type;
    const std::string_view name = document_.name_text(document_.name(node));
    if (name == "id" && node == resource_id_) return "id";
    return name == "url" && type == "System.String" ? "uri" : type;
  }

  void children(NodeId node, TypeId type) {
    std::span<const Element> elements = definitions_.elements(type);
    std::vector<Count> counts(elements.size());
    bool is_resource = definitions_.kind(type) == TypeKind::Resource;
    for (NodeId child = document_.first_child(node); child != no_node && !is_full(); child = document_.next(child)) {
      if (is_resource && document_.name_text(document_.name(child)) == "resourceType") continue;
      NameId name = known_name(child);
      Step step = definitions_.step(type, name);
      bool is_bare_choice =
          step && step.element->is_choice && name == step.element->name && !has_xsi_type(definitions_, *step.element);
      if (!step || is_bare_choice) {
        note("structure", "FHIR knows no such element in " + std::string(definitions_.name(type)) + ".", child);
        continue;
      }
      Count& count = counts[static_cast<std::size_t>(step.element - elements.data())];
      if (count.all++ > 0 && count.name != name) note("structure", "Only one type of a choice may be given.", child);
      count.name = name;
      if (count.all == 1) list_mark(child, *step.element);
      if (is_resource && document_.name_text(document_.name(child)) == "id") resource_id_ = child;
      if (step.element->max != no_upper_bound && count.all == step.element->max + 1u)
        note("structure", "The element may stand at most " + std::to_string(step.element->max) + " times.", child);
      value(child, step);
    }
    for (std::size_t at = 0; at < elements.size() && options_.rules; ++at)
      if (counts[at].all < elements[at].min) missing(node, elements[at]);
  }

  void list_mark(NodeId node, const Element& element) {
    if (definitions_.kind(definitions_.types(element).empty() ? 0 : definitions_.types(element)[0].type) == TypeKind::Logical)
      return;
    if (document_.in_list(node) && element.max == 1)
      note("structure", "The element does not repeat, so it must not be a list.", node);
    if (!document_.in_list(node) && element.max > 1) note("structure", "The element repeats, so it must be a list.", node);
  }

  void missing(NodeId node, const Element& element) {
    if (is_full()) return;
    std::string where = tree::path_of(document_, node) + "." + std::string(definitions_.names().text(element.name));
    issues_.push_back({Severity::Error, "required", "The element is required.", std::move(where)});
  }

  void value(NodeId node, const Step& step) {
    if (step.type == 0) return;
    if (definitions_.kind(step.type) == TypeKind::Resource) {
      resource(node);
      return;
    }
    element(node, step.type);
    if (!options_.rules) return;
    if (step.element->values_count != 0) said_values(node, *step.element);
    if (options_.bindings && step.element->binding == BindingStrength::Required) binding(node, step);
    if (step.type == reference_) target(node, step);
  }

  void said_values(NodeId node, const Element& element) {
    for (const ValueRule rule : value_rules(element, known_name(node), definitions_)) {
      std::string says = objection_to({&document_, node}, rule, definitions_);
      if (!says.empty()) note("value", std::move(says), node);
    }
  }

  void binding(NodeId node, const Step& step) {
    std::string_view set = definitions_.text(step.element->value_set);
    if (step.type == concept_) {
      bool is_held = false, is_known = true;
      for (Item each = Item{&document_, node}.child("coding"); each; each = each.next()) {
        if (each.name_text() != "coding") continue;
        Result<bool> held = definitions_.holds(set, each.text_of("system"), each.text_of("code"));
        is_known = held.ok();
        is_held |= held.ok() && *held;
      }
      if (is_known && !is_held)
        note("code-invalid", "None of the codings is of the required value set " + std::string(set) + ".", node);
      return;
    }
    Result<bool> held = true;
    Item item{&document_, node};
    if (step.type == coding_) {
      held = definitions_.holds(set, item.text_of("system"), item.text_of("code"));
    } else if (document_.kind(node) == Kind::String) {
      held = definitions_.holds(set, item.text());
    }
    if (held && !*held) note("code-invalid", "The code is not of the required value set " + std::string(set) + ".", node);
  }

  void target(NodeId node, const Step& step) {
    Reference reference = read_reference({&document_, node});
    if (reference.form != Reference::Form::Relative && reference.form != Reference::Form::Absolute) return;
    TypeId type = definitions_.find_type(reference.type);
    if (type == 0 || definitions_.kind(type) != TypeKind::Resource) return;
    for (const ElementType& each : definitions_.types(*step.element)) {
      if (each.type != reference_) continue;
      std::span<const TypeId> targets = definitions_.targets(each);
      bool is_allowed =
          std::any_of(targets.begin(), targets.end(), [&](TypeId target) { return definitions_.is_a(type, target); });
      if (!targets.empty() && !is_allowed)
        note("structure", "The reference must not lead to " + std::string(reference.type) + ".", node);
    }
  }

  // FHIR R4 extensibility.html, ext-1: either a value or further extensions.
  void extension(NodeId node) {
    bool has_value = false, has_extension = false;
    for (NodeId child = document_.first_child(node); child != no_node; child = document_.next(child)) {
      std::string_view name = document_.name_text(document_.name(child));
      has_extension |= name == "extension";
      has_value |= name.starts_with("value");
    }
    if (has_value == has_extension) note("structure", "An extension holds either a value or extensions.", node);
  }

  struct Count {
    std::uint32_t all = 0;
    NameId name = 0;
  };

  const Document& document_;
  const Definitions& definitions_;
  CheckOptions options_;
  TypeId coding_, concept_, reference_, extension_;
  NodeId resource_id_ = no_node;  // of the resource whose children are being checked
  std::vector<Issue> issues_;
};

}  // namespace

std::vector<Issue> check(const tree::Document& resource, const Definitions& definitions, CheckOptions options) {
  Check check(resource, definitions, options);
  check.resource(0);
  return check.take();
}

std::vector<Issue> check(tree::Item element, TypeId type, const Definitions& definitions, CheckOptions options) {
  Check check(*element.document, definitions, options);
  check.element(element.node, type);
  return check.take();
}

std::vector<Issue> value_issues(const tree::Document& resource, const Definitions& definitions) {
  return check(resource, definitions, {.rules = false});
}

Result<void> check_values(const tree::Document& resource, const Definitions& definitions) {
  const std::vector<Issue> issues = value_issues(resource, definitions);
  return issues.empty() ? done() : failure_of(issues);
}

Failure failure_of(std::span<const Issue> issues) {
  constexpr std::size_t reported_max = 10;
  Failure failure{Cause::Invalid, issues.front().says, issues.front().where};
  for (std::size_t at = 1; at < std::min(issues.size(), reported_max); ++at)
    failure.says += " " + issues[at].where + ": " + issues[at].says;
  if (issues.size() > reported_max) failure.says += " There are more like these.";
  return failure;
}

}  // namespace vardbron::fhir
