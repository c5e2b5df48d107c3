#pragma once

#include "gateway/tree/document.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace vardbron::care {

/// Writes below one node of a resource. Empty texts are left out, since FHIR has no empty strings. Valid as long as the document.
class Branch {
 public:
  Branch(tree::Document& document, tree::NodeId node) : document_(&document), node_(node) {}

  Branch object(std::string_view name) { return {*document_, document_->add(node_, name_id(name), tree::Kind::Object)}; }
  /// One more of an element that repeats.
  Branch item(std::string_view name) { return {*document_, document_->add(node_, name_id(name), tree::Kind::Object, true)}; }
  Branch& text(std::string_view name, std::string_view value) { return add(name, value, false); }
  Branch& text_item(std::string_view name, std::string_view value) { return add(name, value, true); }
  Branch& number(std::string_view name, std::int64_t value) {
    document_->add_text(node_, name_id(name), tree::Kind::Number, std::to_string(value));
    return *this;
  }
  Branch& boolean(std::string_view name, bool value) {
    document_->add_text(node_, name_id(name), tree::Kind::Boolean, value ? "true" : "false");
    return *this;
  }

  // Shapes of R4 that every resource needs.
  Branch& identifier(std::string_view name, std::string_view system, std::string_view value) {
    object(name).text("system", system).text("value", value);
    return *this;
  }
  Branch& identifier_item(std::string_view system, std::string_view value) {
    item("identifier").text("system", system).text("value", value);
    return *this;
  }
  Branch& coding_item(std::string_view name, std::string_view system, std::string_view code) {
    item(name).text("system", system).text("code", code);
    return *this;
  }
  /// A CodeableConcept of one coding.
  Branch& concept_of(std::string_view name, std::string_view system, std::string_view code) {
    object(name).coding_item("coding", system, code);
    return *this;
  }
  Branch& concept_item(std::string_view name, std::string_view system, std::string_view code) {
    item(name).coding_item("coding", system, code);
    return *this;
  }
  Branch extension(std::string_view url) {
    Branch branch = item("extension");
    branch.text("url", url);
    return branch;
  }

 private:
  tree::NameId name_id(std::string_view name) { return document_->intern(name); }
  Branch& add(std::string_view name, std::string_view value, bool in_list) {
    if (!value.empty()) document_->add_text(node_, name_id(name), tree::Kind::String, value, in_list);
    return *this;
  }

  tree::Document* document_;
  tree::NodeId node_;
};

}  // namespace vardbron::care
