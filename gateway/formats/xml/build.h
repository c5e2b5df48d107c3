#pragma once

// Tested by tests/formats/xml/parse_test.cpp.

#include "gateway/formats/xml/parse.h"
#include "gateway/tree/document.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::xml {

/// Views into the body. is_plain: no references and no line ends to normalise.
struct Attribute {
  std::string_view name, value;
  std::size_t offset = 0;
  bool is_plain = true;
};
struct Text {
  std::string_view text;
  std::size_t offset = 0;
  bool is_plain = true;
  bool is_cdata = false;
};

struct Fault {
  Cause cause = Cause::Invalid;
  const char* says = nullptr;  ///< nullptr: none
  std::size_t offset = 0;
  std::string_view tag = {};   ///< the name of the tag that it is about; "" = none
  std::string_view open = {};  ///< the name in the start tag of the element that is open there; "" = none
};

/// Builds the plain tree from well-formed tags and texts: resolves namespaces, finds duplicate attributes, joins texts, cuts out
/// the narrative. An event that returns false ends the parsing.
class Builder {
 public:
  Builder(tree::Document& document, const ParseOptions& options) : document_(document), options_(options) {}

  bool start_element(std::string_view name, const std::vector<Attribute>& attributes, std::size_t offset);
  /// `end`: after the element's last character.
  bool end_element(std::size_t end);
  bool text(const Text& text);

  std::size_t attributes_max() const { return options_.members_max; }
  bool too_many_attributes(std::size_t offset);
  const Fault& fault() const { return fault_; }

 private:
  struct Element {
    tree::NodeId node;
    std::size_t namespaces_before;
    bool has_elements = false;
  };
  struct Declared {
    std::string_view prefix;
    std::string uri;
  };
  struct Expanded {  // expanded name of an attribute (Namespaces in XML)
    std::string_view uri, local;
    std::size_t offset;
  };
  struct Narrative {
    std::size_t depth = 0;  // open elements inside and the <div> itself; 0 = not in a narrative
    std::size_t offset = 0;
    bool declares_namespace = false;
  };

  bool declare(const std::vector<Attribute>& attributes);
  bool declare_one(const Attribute& attribute);
  std::optional<std::string_view> find_uri(std::string_view prefix) const;
  bool add_attributes(tree::NodeId node, const std::vector<Attribute>& attributes);
  bool add_attribute(tree::NodeId node, const Attribute& attribute);
  bool find_twin();
  bool start_narrative(std::string_view name, const std::vector<Attribute>& attributes, std::size_t offset);
  void end_narrative(std::size_t end);
  bool flush_text(bool in_front_of_element);
  bool is_xml_blank() const;
  std::string_view decoded(std::string_view text, bool is_attribute);
  void append_cdata(std::string_view text);
  void append_decoded(std::string_view text, bool is_attribute);
  tree::NodeId add_node(tree::NameId name, tree::Kind kind, std::size_t offset);
  tree::NameId intern(std::string_view local, std::size_t offset);
  std::size_t offset_of(std::string_view part) const;
  bool refuse(const char* says, std::size_t offset, Cause cause = Cause::Invalid);

  tree::Document& document_;
  ParseOptions options_;
  std::vector<Element> open_;
  std::vector<Declared> namespaces_;  // the innermost last
  std::vector<Expanded> expanded_;
  std::vector<Text> texts_;  // pieces since the last tag
  std::string decoded_;
  Narrative narrative_;
  Fault fault_;
};

}  // namespace vardbron::xml
