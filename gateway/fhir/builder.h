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
/// An unknown name, or a value for an element with children, is a bug and aborts (CHECK). A handle: cheap to copy, valid as long
/// as its document and definitions.
class Builder {
 public:
  Builder(const Definitions& definitions, tree::Document& document, tree::NodeId node, TypeId type)
      : definitions_(&definitions), document_(&document), node_(node), type_(type) {}

  /// Sets a primitive: the value of an element that does not repeat, or one more of an element that repeats. An empty value sets
  /// nothing, since FHIR has no empty strings.
  Builder& set(std::string_view name, std::string_view value);
  Builder& set(std::string_view name, bool value);
  Builder& set(std::string_view name, std::int64_t value);
  Builder& set(std::string_view name, const char* value) { return set(name, std::string_view(value)); }
  /// Sets a value at a path: set_at("code.coding.code", "x") creates missing elements, and takes the last item of those that
  /// repeat.
  Builder& set_at(std::string_view path, std::string_view value);

  /// The element of that name if it exists and does not repeat, else a new one.
  Builder add(std::string_view name);
  /// A resource below `contained` or `resource`.
  Builder add_resource(std::string_view name, std::string_view resource_type);
  /// Deep copy of another document's branch. The other document must have the same Names.
  Builder& copy(std::string_view name, const tree::Document& from, tree::NodeId branch);

  // Elements that most resources need.
  Builder& coding(std::string_view name, std::string_view system, std::string_view code, std::string_view display = {});
  Builder& codeable_concept(std::string_view name, std::string_view system, std::string_view code, std::string_view text = {});
  Builder& identifier(std::string_view name, std::string_view system, std::string_view value);
  Builder& reference(std::string_view name, std::string_view literal);
  Builder extension(std::string_view url);  ///< adds one; set its value on the result: .set("valueCode", ..)

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
/// Continues a resource in a document.
Builder edit(const Definitions& definitions, tree::Document& document, tree::NodeId resource = 0);

/// Sets meta.versionId and meta.lastUpdated, creating meta if needed.
void set_version(Builder resource, std::string_view version_id, std::string_view last_updated);

}  // namespace vardbron::fhir
