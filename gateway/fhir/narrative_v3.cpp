#include "gateway/fhir/narrative_v3.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace vardbron::fhir {

namespace {

using tree::Document;
using tree::no_node;
using tree::NodeId;

using Pair = std::pair<std::string_view, std::string_view>;
constexpr std::array<Pair, 18> elements{{{"paragraph", "p"},
                                         {"content", "span"},
                                         {"list", "ul"},
                                         {"list", "ol"},
                                         {"item", "li"},
                                         {"linkHtml", "a"},
                                         {"table", "table"},
                                         {"thead", "thead"},
                                         {"tbody", "tbody"},
                                         {"tfoot", "tfoot"},
                                         {"tr", "tr"},
                                         {"td", "td"},
                                         {"th", "th"},
                                         {"br", "br"},
                                         {"caption", "caption"},
                                         {"sub", "sub"},
                                         {"sup", "sup"},
                                         {"colgroup", "colgroup"}}};
constexpr std::array<Pair, 14> attributes{{{"styleCode", "class"},
                                           {"ID", "id"},
                                           {"language", "lang"},
                                           {"href", "href"},
                                           {"name", "name"},
                                           {"border", "border"},
                                           {"width", "width"},
                                           {"align", "align"},
                                           {"valign", "valign"},
                                           {"colspan", "colspan"},
                                           {"rowspan", "rowspan"},
                                           {"span", "span"},
                                           {"cellpadding", "cellpadding"},
                                           {"cellspacing", "cellspacing"}}};

void escape(std::string_view text, std::string& out) {
  for (char letter : text) {
    switch (letter) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += letter;
    }
  }
}

void write_html(const Document& xml, NodeId node, std::string_view tag, std::string& out) {
  out.append("<").append(tag);
  if (tag == "div") out += " xmlns=\"http://www.w3.org/1999/xhtml\"";
  for (NodeId child = xml.first_child(node); child != no_node && xml.is_attribute(child); child = xml.next(child)) {
    for (const auto& [v3, html] : attributes) {
      if (v3 != xml.name_text(xml.name(child))) continue;
      out.append(" ").append(html).append("=\"");
      escape(xml.text(child), out);
      out += '"';
    }
  }
  out += '>';
  if (xml.has_value(node)) escape(xml.text(node), out);
  for (NodeId child = xml.first_child(node); child != no_node; child = xml.next(child)) {
    if (xml.is_attribute(child)) continue;
    if (xml.name(child) == 0) {
      escape(xml.text(child), out);
      continue;
    }
    const std::string_view name = xml.name_text(xml.name(child));
    const auto known = std::find_if(elements.begin(), elements.end(), [&](const Pair& each) { return each.first == name; });
    const bool is_ordered = name == "list" && tree::Item{&xml, child}.text_of("listType") == "ordered";
    write_html(xml, child, is_ordered ? "ol" : known == elements.end() ? "span" : known->second, out);
  }
  out.append("</").append(tag).append(">");
}

std::string_view v3_name(std::string_view html) {
  const auto known = std::find_if(elements.begin(), elements.end(), [&](const Pair& each) { return each.second == html; });
  return known == elements.end() ? "content" : known->first;
}

/// The attributes of a tag in v3; `rest` begins after the tag's name.
std::string v3_attributes(std::string_view rest) {
  std::string out;
  for (std::size_t at = 0; (at = rest.find_first_not_of(" \t\r\n/", at)) != std::string_view::npos;) {
    const std::size_t equals = rest.find('=', at);
    const std::size_t open = equals == std::string_view::npos ? equals : rest.find_first_of("\"'", equals);
    const std::size_t close = open == std::string_view::npos ? open : rest.find(rest[open], open + 1);
    if (close == std::string_view::npos) break;
    const std::string_view name = rest.substr(at, rest.find_first_of(" \t\r\n=", at) - at);
    for (const auto& [v3, html] : attributes) {
      if (html == name) out.append(" ").append(v3).append("=").append(rest.substr(open, close - open + 1));
    }
    at = close + 1;
  }
  return out;
}

/// The position after the tag that begins at `at`; a > within quotes does not end it.
std::size_t end_of_tag(std::string_view text, std::size_t at) {
  for (char quote = 0; at < text.size(); ++at) {
    if (quote != 0) {
      if (text[at] == quote) quote = 0;
    } else if (text[at] == '"' || text[at] == '\'') {
      quote = text[at];
    } else if (text[at] == '>') {
      return at + 1;
    }
  }
  return text.size();
}

std::string v3_tag(std::string_view tag, std::string_view name) {
  const bool closes = tag.starts_with("</");
  const std::size_t first = closes ? 2 : 1;
  const std::size_t end = std::min(tag.find_first_of(" \t\r\n/>", first), tag.size());
  const std::string_view html = tag.substr(first, end - first);
  const std::string own(name.empty() ? v3_name(html) : name);
  if (closes) return "</" + own + ">";
  const bool is_empty = tag.ends_with("/>");
  const std::string order = html == "ol" ? " listType=\"ordered\"" : "";
  std::string out = "<" + own + order;
  if (name.empty()) out += v3_attributes(tag.substr(end, tag.size() - end - (is_empty ? 2 : 1)));
  return out + (is_empty ? "/>" : ">");
}

}  // namespace

std::string xhtml_of_narrative(const Document& xml, NodeId node) {
  std::string out;
  write_html(xml, node, "div", out);
  return out;
}

std::string narrative_of_xhtml(std::string_view div, std::string_view name) {
  std::string out;
  std::size_t depth = 0;
  for (std::size_t at = 0; at < div.size();) {
    if (div[at] != '<') {
      const std::size_t next = std::min(div.find('<', at), div.size());
      out.append(div.substr(at, next - at));
      at = next;
      continue;
    }
    const std::size_t end =
        div.substr(at).starts_with("<!--") ? std::min(div.find("-->", at), div.size() - 3) + 3 : end_of_tag(div, at);
    const std::string_view tag = div.substr(at, end - at);
    at = end;
    if (tag.starts_with("<!") || tag.starts_with("<?")) continue;
    if (tag.starts_with("</") && depth > 0) --depth;
    out += v3_tag(tag, depth == 0 ? name : std::string_view{});
    if (!tag.starts_with("</") && !tag.ends_with("/>")) ++depth;
  }
  return out;
}

}  // namespace vardbron::fhir
