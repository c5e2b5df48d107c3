#pragma once

#include "gateway/fhir/definitions.h"
#include "gateway/tree/document.h"

#include <string_view>

namespace vardbron::fhir {

/// Writes a resource element by element, with kinds and list marks from the definitions:
///   tree::Document task(definitions.names());
///   Builder b = build(definitions, task, "Task");
///   b.set("status", "requested").set("intent", "order");
///   b.add("identifier").set("system", system).set("value", value);
///   b.add("input").set("valueBoolean", "true");
/// A name the type does not have, or a value where children belong, is a bug and stops the program. A handle: cheap to copy,
/// lives no longer than its document and definitions.
class Builder {
 public:
  Builder(const Definitions& definitions, tree::Document& document, tree::NodeId node, TypeId type)
      : definitions_(&definitions), document_(&document), node_(node), type_(type) {}

  /// Sets a primitive: gives an element that stands once its value (or a new one), adds another to one that repeats. An empty
  /// value sets nothing, because FHIR knows no empty strings.
  Builder& set(std::string_view name, std::string_view value);
  Builder& set(std::string_view name, bool value);
  Builder& set(std::string_view name, std::int64_t value);
  Builder& set(std::string_view name, const char* value) { return set(name, std::string_view(value)); }
  /// A literal where a name leads over several elements: set_at("code.coding.code", "x") makes what is missing on the way, and
  /// takes the last of what repeats.
  Builder& set_at(std::string_view path, std::string_view value);

  /// The element of that name if it stands once and is there, else a new one.
  Builder add(std::string_view name);
  /// A resource below `contained` or `resource`.
  Builder add_resource(std::string_view name, std::string_view resource_type);
  /// Deep copy of another document's branch. The other document must have the same Names.
  Builder& copy(std::string_view name, const tree::Document& from, tree::NodeId branch);

  // What every resource needs.
  Builder& coding(std::string_view name, std::string_view system, std::string_view code, std::string_view display = {});
  Builder& codeable_concept(std::string_view name, std::string_view system, std::string_view code, std::string_view text = {});
  Builder& identifier(std::string_view name, std::string_view system, std::string_view value);
  Builder& reference(std::string_view name, std::string_view literal);
  Builder extension(std::string_view url);  ///< adds one; set its value on what comes back: .set("valueCode", ..)

  tree::NodeId node() const { return node_; }
  TypeId type() const { return type_; }
  tree::Document& document() { return *document_; }

 private:
  struct Place {
    Step step;
    tree::NameId name = 0;
  };
  Place place(std::string_view name) const;
  Builder child(const Place& place);

  const Definitions* definitions_;
  tree::Document* document_;
  tree::NodeId node_;
  TypeId type_;
};

/// Starts a resource at the root of an empty document: writes its resourceType and, if given, its id.
Builder build(const Definitions& definitions, tree::Document& document, std::string_view resource_type, std::string_view id = {});
/// Goes on with a resource that stands in a document.
Builder edit(const Definitions& definitions, tree::Document& document, tree::NodeId resource = 0);

/// meta.versionId and meta.lastUpdated, whether or not there is a meta.
void set_version(Builder resource, std::string_view version_id, std::string_view last_updated);

}  // namespace vardbron::fhir
