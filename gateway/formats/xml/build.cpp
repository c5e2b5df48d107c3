#include "gateway/formats/xml/build.h"

#include "gateway/base/limits.h"
#include "gateway/base/utf8.h"
#include "gateway/formats/xml/letters.h"
#include "gateway/formats/xml/scan.h"

#include <algorithm>
#include <tuple>

namespace vardbron::xml {

using tree::Kind;
using tree::NameId;
using tree::NodeId;

bool Builder::start_element(std::string_view name, const std::vector<Attribute>& attributes, std::size_t offset) {
  if (narrative_.depth == 0 && !flush_text(true)) return false;
  if (open_.size() + narrative_.depth >= options_.depth_max) {
    return refuse("The document is nested too deep.", offset, Cause::TooLarge);
  }
  const QualifiedName qualified = split_name(name);
  if (!qualified.is_valid) return refuse("The name of an element is not valid.", offset);
  const std::size_t namespaces_before = namespaces_.size();
  if (!declare(attributes)) return false;
  const std::optional<std::string_view> uri = find_uri(qualified.prefix);
  if (!uri) return refuse("A namespace prefix is not declared.", offset);
  if (narrative_.depth > 0 || (*uri == xhtml_namespace && qualified.local == "div" && !open_.empty())) {
    namespaces_.resize(namespaces_before);
    return start_narrative(name, attributes, offset);
  }
  if (document_.size() >= options_.nodes_max) return refuse("The document has too many elements.", offset, Cause::TooLarge);
  const NameId id = intern(qualified.local, offset);
  if (fault_.says != nullptr) return false;
  const NodeId node = add_node(id, Kind::Object, offset);
  if (!uri->empty()) document_.set_namespace(node, *uri);
  open_.push_back({node, namespaces_before});
  return add_attributes(node, attributes);
}

NodeId Builder::add_node(NameId name, Kind kind, std::size_t offset) {
  NodeId node = 0;
  if (open_.empty()) {
    document_.set_name(0, name);
  } else {
    open_.back().has_elements = true;
    node = document_.add(open_.back().node, name, kind);
  }
  if (options_.positions) document_.set_offset(node, offset);
  return node;
}

NameId Builder::intern(std::string_view local, std::size_t offset) {
  const NameId id = document_.intern(local);
  if (document_.local_names() > limits::local_names_max) refuse("Too many unknown names.", offset, Cause::TooLarge);
  return id;
}

// --- namespaces ---

bool Builder::declare(const std::vector<Attribute>& attributes) {
  return std::all_of(attributes.begin(), attributes.end(), [this](const Attribute& each) { return declare_one(each); });
}

bool Builder::declare_one(const Attribute& attribute) {
  const bool is_default = attribute.name == "xmlns";
  if (!is_default && !attribute.name.starts_with("xmlns:")) return true;
  const QualifiedName qualified = split_name(attribute.name);
  if (!qualified.is_valid) return refuse("The name of an attribute is not valid.", attribute.offset);
  Declared declared{is_default ? std::string_view{} : qualified.local, {}};
  declared.uri = attribute.is_plain ? attribute.value : decoded(attribute.value, true);
  // Namespaces in XML 1.0, section 3: what is reserved, and a prefix cannot be undeclared.
  const bool is_xml = declared.prefix == "xml";
  if (declared.prefix == "xmlns" || declared.uri == xmlns_namespace || is_xml != (declared.uri == xml_namespace) ||
      (!is_default && declared.uri.empty())) {
    return refuse("A namespace declaration is not allowed.", attribute.offset);
  }
  if (namespaces_.size() >= limits::namespaces_max) return refuse("Too many namespaces.", attribute.offset, Cause::TooLarge);
  namespaces_.push_back(std::move(declared));
  return true;
}

/// Nothing: the prefix is not declared. Without prefix and default declaration the namespace is "".
std::optional<std::string_view> Builder::find_uri(std::string_view prefix) const {
  for (auto each = namespaces_.rbegin(); each != namespaces_.rend(); ++each) {
    if (each->prefix == prefix) return each->uri;
  }
  if (prefix == "xml") return xml_namespace;
  if (prefix.empty()) return std::string_view{};
  return std::nullopt;
}

// --- attributes ---

bool Builder::add_attributes(NodeId node, const std::vector<Attribute>& attributes) {
  expanded_.clear();
  for (const Attribute& each : attributes) {
    if (!add_attribute(node, each)) return false;
  }
  return find_twin();
}

bool Builder::add_attribute(NodeId node, const Attribute& attribute) {
  const QualifiedName qualified = split_name(attribute.name);
  if (!qualified.is_valid) return refuse("The name of an attribute is not valid.", attribute.offset);
  if (attribute.name == "xmlns" || qualified.prefix == "xmlns") {
    expanded_.push_back({xmlns_namespace, qualified.local, attribute.offset});
    return true;
  }
  // Without prefix an attribute is in no namespace, whatever the default is (Namespaces in XML 1.0, 6.2).
  const std::optional<std::string_view> uri = qualified.prefix.empty() ? std::string_view{} : find_uri(qualified.prefix);
  if (!uri) return refuse("A namespace prefix is not declared.", attribute.offset);
  expanded_.push_back({*uri, qualified.local, attribute.offset});
  if (document_.size() >= options_.nodes_max) {
    return refuse("The document has too many elements.", attribute.offset, Cause::TooLarge);
  }
  const NameId name = intern(qualified.local, attribute.offset);
  if (fault_.says != nullptr) return false;
  const NodeId made = attribute.is_plain
                          ? document_.add_in_body(node, name, Kind::String, offset_of(attribute.value), attribute.value.size())
                          : document_.add_text(node, name, Kind::String, decoded(attribute.value, true));
  document_.set_attribute(made);
  if (!uri->empty()) document_.set_namespace(made, *uri);
  if (options_.positions) document_.set_offset(made, attribute.offset);
  return true;
}

bool Builder::find_twin() {
  const auto key = [](const Expanded& each) { return std::tie(each.local, each.uri, each.offset); };
  std::sort(expanded_.begin(), expanded_.end(),
            [&](const Expanded& one, const Expanded& other) { return key(one) < key(other); });
  const auto twin = std::adjacent_find(expanded_.begin(), expanded_.end(), [](const Expanded& one, const Expanded& other) {
    return one.local == other.local && one.uri == other.uri;
  });
  return twin == expanded_.end() || refuse("An attribute comes twice in one element.", (twin + 1)->offset);
}

bool Builder::too_many_attributes(std::size_t offset) {
  return refuse("An element has too many attributes.", offset, Cause::TooLarge);
}

// --- texts ---

bool Builder::text(const Text& text) {
  if (narrative_.depth == 0 && !text.text.empty()) texts_.push_back(text);
  return true;
}

/// White space alone is no text, unless it is in CDATA.
bool Builder::is_xml_blank() const {
  return std::all_of(texts_.begin(), texts_.end(), [](const Text& each) { return !each.is_cdata && is_blank(each.text); });
}

bool Builder::flush_text(bool in_front_of_element) {
  if (texts_.empty()) return true;
  const Element& element = open_.back();
  const bool is_mixed = in_front_of_element || element.has_elements;
  if (is_xml_blank()) {
    texts_.clear();
    return true;
  }
  const Text& first = texts_.front();
  if (is_mixed && !options_.keep_mixed) {
    const auto not_blank = std::find_if(texts_.begin(), texts_.end(), [](const Text& each) { return !is_blank(each.text); });
    const Text& shown = not_blank == texts_.end() ? first : *not_blank;
    const std::size_t letters = shown.is_cdata ? 0 : std::min(shown.text.find_first_not_of(" \t\r\n"), shown.text.size());
    return refuse("Text stands between elements.", shown.offset + letters);
  }
  const bool needs_node = is_mixed || document_.first_child(element.node) != tree::no_node;
  if (needs_node && document_.size() >= options_.nodes_max) {
    return refuse("The document has too many elements.", first.offset, Cause::TooLarge);
  }
  const NodeId node = is_mixed ? document_.add(element.node, 0, Kind::String) : element.node;
  if (options_.positions && is_mixed) document_.set_offset(node, first.offset);
  if (texts_.size() == 1 && first.is_plain) {
    document_.set_in_body(node, Kind::String, offset_of(first.text), first.text.size());
  } else {
    decoded_.clear();
    for (const Text& each : texts_) each.is_cdata ? append_cdata(each.text) : append_decoded(each.text, false);
    document_.set_text(node, Kind::String, decoded_);
  }
  texts_.clear();
  return true;
}

std::string_view Builder::decoded(std::string_view text, bool is_attribute) {
  decoded_.clear();
  append_decoded(text, is_attribute);
  return decoded_;
}

/// XML 1.0: 2.11 line ends become one line feed; 3.3.3 white space in attributes becomes a space, unless it is a character
/// reference.
void Builder::append_decoded(std::string_view text, bool is_attribute) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char letter = text[at];
    if (letter == '&') {
      const std::size_t end = text.find(';', at);
      append_utf8(decoded_, referred_letter(text.substr(at + 1, end - at - 1)));
      at = end;
    } else if (letter == '\r') {
      if (at + 1 < text.size() && text[at + 1] == '\n') continue;
      decoded_ += is_attribute ? ' ' : '\n';
    } else {
      decoded_ += is_attribute && is_space(letter) ? ' ' : letter;
    }
  }
}

/// Inside CDATA an ampersand is an ordinary character; only line ends are normalised.
void Builder::append_cdata(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::size_t end = std::min(text.find('&', at), text.size());
    append_decoded(text.substr(at, end - at), false);
    if (end < text.size()) decoded_ += '&';
    at = end;
  }
}

bool Builder::end_element(std::size_t end) {
  if (narrative_.depth > 0) {
    if (--narrative_.depth == 0) end_narrative(end);
    return true;
  }
  if (!flush_text(false)) return false;
  namespaces_.resize(open_.back().namespaces_before);
  open_.pop_back();
  return true;
}

// --- narrative ---

/// A narrative is not parsed further. FHIR R4 narrative.html allows HTML's elements only, so a prefix is refused: cut out of its
/// document, it would have no declaration.
bool Builder::start_narrative(std::string_view name, const std::vector<Attribute>& attributes, std::size_t offset) {
  if (name.find(':') != std::string_view::npos) return refuse("An element of a narrative has a prefix.", offset);
  expanded_.clear();
  bool declares_namespace = false;
  for (const Attribute& each : attributes) {
    const QualifiedName qualified = split_name(each.name);
    if (!qualified.is_valid || (!qualified.prefix.empty() && qualified.prefix != "xml")) {
      return refuse("An attribute of a narrative has a prefix.", each.offset);
    }
    if (each.name == "xmlns" && each.value != xhtml_namespace) {
      return refuse("An element of a narrative is not XHTML.", each.offset);
    }
    declares_namespace |= each.name == "xmlns";
    expanded_.push_back({qualified.prefix, qualified.local, each.offset});
  }
  if (!find_twin()) return false;
  if (narrative_.depth++ == 0) {
    narrative_.offset = offset;
    narrative_.declares_namespace = declares_namespace;
  }
  return true;
}

void Builder::end_narrative(std::size_t end) {
  const std::string_view written = document_.body().substr(narrative_.offset, end - narrative_.offset);
  const NodeId node = add_node(document_.intern("div"), Kind::Xhtml, narrative_.offset);
  document_.set_namespace(node, xhtml_namespace);
  if (narrative_.declares_namespace && written.find('\r') == std::string_view::npos) {
    document_.set_in_body(node, Kind::Xhtml, narrative_.offset, written.size());
    return;
  }
  decoded_ = "<div";
  if (!narrative_.declares_namespace) decoded_.append(" xmlns=\"").append(xhtml_namespace).append("\"");
  for (std::size_t at = 4; at < written.size(); ++at) {
    if (written[at] != '\r') decoded_ += written[at];
    if (written[at] == '\r' && (at + 1 == written.size() || written[at + 1] != '\n')) decoded_ += '\n';
  }
  document_.set_text(node, Kind::Xhtml, decoded_);
}

std::size_t Builder::offset_of(std::string_view part) const {
  return static_cast<std::size_t>(part.data() - document_.body().data());
}

bool Builder::refuse(const char* says, std::size_t offset, Cause cause) {
  fault_ = {cause, says, offset};
  return false;
}

}  // namespace vardbron::xml
