#include "gateway/formats/xml/write.h"

#include "gateway/formats/blocks.h"
#include "gateway/formats/xml/letters.h"

#include <algorithm>
#include <bit>
#include <iterator>
#include <string_view>
#include <utility>
#include <vector>

namespace vardbron::xml {

namespace {

using tree::Document;
using tree::Kind;
using tree::no_node;
using tree::NodeId;

constexpr std::pair<std::string_view, std::string_view> known_prefixes[] = {{"http://www.w3.org/2001/XMLSchema-instance", "xsi"},
                                                                            {"urn:hl7-org:sdtc", "sdtc"}};

class Writer {
 public:
  Writer(std::string& out, const Document& document, bool pretty) : out_(out), document_(document), pretty_(pretty) {}

  /// Iterative: an element is opened when it is reached, and closed after its last child.
  void run(NodeId branch) {
    open_element(branch);
    while (!open_.empty()) {
      Level& level = open_.back();
      const NodeId node = level.next;
      if (node == no_node) {
        close_element();
        continue;
      }
      level.next = document_.next(node);
      if (document_.is_attribute(node)) continue;
      if (document_.name(node) == 0) {
        level.is_mixed = true;
        escape(document_.text(node), false);
        continue;
      }
      if (!level.is_mixed) new_line(open_.size());
      open_element(node);
    }
  }

 private:
  struct Level {
    NodeId node;
    NodeId next;            // child that is written next
    std::string_view uri;   // default namespace inside
    bool is_mixed = false;  // inserted white space would be text
  };

  void open_element(NodeId node) {
    if (document_.kind(node) == Kind::Xhtml) {
      out_ += document_.text(node);
      return;
    }
    const std::string_view outer = open_.empty() ? std::string_view{} : open_.back().uri;
    const std::string_view uri = document_.namespace_of(node);
    const bool is_prefixed = uri == xml_namespace;  // it must not be the default: Namespaces in XML 1.0, 3
    out_ += '<';
    put_name(node);
    const bool is_as_outer = (uri.data() == outer.data() && uri.size() == outer.size()) || uri == outer;
    if (!is_as_outer && !is_prefixed) {
      out_ += " xmlns=\"";
      escape(uri, true);
      out_ += '"';
    }
    if (open_.empty()) declare_known(node);
    write_attributes(node);
    NodeId first = document_.first_child(node);
    while (first != no_node && document_.is_attribute(first)) first = document_.next(first);
    const std::string_view text = document_.text(node);
    if (first == no_node && text.empty()) {
      out_ += "/>";
      return;
    }
    out_ += '>';
    escape(text, false);
    open_.push_back({node, first, is_prefixed ? outer : uri, !text.empty() || has_text_children(first)});
  }

  bool has_text_children(NodeId first) const {
    for (NodeId at = first; at != no_node; at = document_.next(at)) {
      if (document_.name(at) == 0) return true;
    }
    return false;
  }

  void write_attributes(NodeId node) {
    std::vector<std::string_view> uris;  // declared on this element for its attributes: ns0, ns1 ..
    for (NodeId at = document_.first_child(node); at != no_node; at = document_.next(at)) {
      if (!document_.is_attribute(at)) continue;
      const std::string_view uri = document_.namespace_of(at);
      out_ += ' ';
      if (uri == xml_namespace) {
        out_ += "xml:";
      } else if (!uri.empty()) {
        declare_prefix(uri, uris);
      }
      out_ += document_.name_text(document_.name(at));
      out_ += "=\"";
      escape(document_.text(at), true);
      out_ += '"';
    }
  }

  /// The output ends where the attribute's name follows.
  void declare_prefix(std::string_view uri, std::vector<std::string_view>& uris) {
    for (const auto& [known, prefix] : known_prefixes) {
      if (known == uri) {
        out_.append(prefix).append(":");
        return;
      }
    }
    const auto known = std::find(uris.begin(), uris.end(), uri);
    const std::string prefix = "ns" + std::to_string(known - uris.begin());
    if (known == uris.end()) {
      uris.push_back(uri);
      out_ += "xmlns:" + prefix + "=\"";
      escape(uri, true);
      out_ += "\" ";
    }
    out_ += prefix + ":";
  }

  /// Any prefix is allowed; well-known ones are declared once, at the outermost element.
  void declare_known(NodeId branch) {
    const bool may_be_needed = std::any_of(std::begin(known_prefixes), std::end(known_prefixes),
                                           [this](const auto& known) { return document_.has_namespace(known.first); });
    if (!may_be_needed) return;
    std::vector<NodeId> waiting{branch};
    bool is_needed[std::size(known_prefixes)] = {};
    while (!waiting.empty()) {
      const NodeId node = waiting.back();
      waiting.pop_back();
      for (std::size_t i = 0; i < std::size(known_prefixes) && document_.is_attribute(node); ++i)
        is_needed[i] |= document_.namespace_of(node) == known_prefixes[i].first;
      for (NodeId child = document_.first_child(node); child != no_node; child = document_.next(child)) waiting.push_back(child);
    }
    for (std::size_t i = 0; i < std::size(known_prefixes); ++i) {
      const auto& [uri, prefix] = known_prefixes[i];
      if (is_needed[i]) out_.append(" xmlns:").append(prefix).append("=\"").append(uri).append("\"");
    }
  }

  void close_element() {
    const Level level = open_.back();
    open_.pop_back();
    if (!level.is_mixed) new_line(open_.size());
    out_ += "</";
    put_name(level.node);
    out_ += '>';
  }

  void put_name(NodeId element) {
    if (document_.namespace_of(element) == xml_namespace) out_ += "xml:";
    out_ += document_.name_text(document_.name(element));
  }

  /// White space other than a blank is written as a reference in attributes, and a carriage return everywhere: an XML parser
  /// would normalise it.
  void escape(std::string_view text, bool in_attribute) {
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t special = find_special(text, at);
      out_.append(text, at, special - at);
      if (special == text.size()) return;
      at = special + put_special(text, special, in_attribute);
    }
  }

  /// Sixteen bytes at once, which are readable after every text of a document.
  static std::size_t find_special(std::string_view text, std::size_t at) {
    for (; at < text.size(); at += formats::Block::bytes) {
      const formats::Block block(text.data() + at);
      const unsigned special =
          block.below_space() | block.equal('&') | block.equal('<') | block.equal('>') | block.equal('"') | block.equal('\xEF');
      if (special != 0) return std::min(at + static_cast<std::size_t>(std::countr_zero(special)), text.size());
    }
    return text.size();
  }

  /// Returns the number of bytes read.
  std::size_t put_special(std::string_view text, std::size_t at, bool in_attribute) {
    const char letter = text[at];
    switch (letter) {
      case '&': out_ += "&amp;"; break;
      case '<': out_ += "&lt;"; break;
      case '>': out_ += "&gt;"; break;
      case '"': out_ += in_attribute ? "&quot;" : "\""; break;
      case '\n': out_ += in_attribute ? "&#10;" : "\n"; break;
      case '\t': out_ += in_attribute ? "&#9;" : "\t"; break;
      case '\r': out_ += "&#13;"; break;
      case '\xEF':
        if (text.substr(at, 3) == "\xEF\xBF\xBE" || text.substr(at, 3) == "\xEF\xBF\xBF") {
          out_ += "\xEF\xBF\xBD";
          return 3;
        }
        out_ += letter;
        break;
      default: out_ += "\xEF\xBF\xBD"; break;
    }
    return 1;
  }

  void new_line(std::size_t depth) {
    if (!pretty_) return;
    out_ += '\n';
    out_.append(2 * depth, ' ');
  }

  std::string& out_;
  const Document& document_;
  bool pretty_;
  std::vector<Level> open_;
};

}  // namespace

void write_to(std::string& out, const Document& document, NodeId branch, WriteOptions options) {
  constexpr std::size_t node_bytes = 32;  // of a name, twice, and its brackets
  out.reserve(out.size() + document.body().size() + node_bytes * document.size());
  if (options.declaration) out += "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  Writer(out, document, options.pretty).run(branch);
}

std::string write(const Document& document, NodeId branch, WriteOptions options) {
  std::string out;
  write_to(out, document, branch, options);
  return out;
}

std::string write(const Document& document, WriteOptions options) { return write(document, 0, options); }

}  // namespace vardbron::xml
