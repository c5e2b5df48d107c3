#include "gateway/workbench/difference.h"

#include "gateway/formats/json/write.h"
#include "gateway/tree/path.h"
#include "gateway/workbench/difference_match.h"

#include <algorithm>
#include <array>

namespace vardbron::workbench {

namespace {

/// R4 elements whose order has a meaning (ElementDefinition.orderMeaning in HL7's package); Bundle.entry is treated separately.
constexpr std::array<std::string_view, 4> ordered_elements{"Address.line", "HumanName.given", "HumanName.prefix",
                                                           "HumanName.suffix"};

class Comparison {
 public:
  Comparison(const fhir::Definitions& definitions, DifferenceOptions options) : definitions_(definitions), options_(options) {}

  std::vector<Difference> run(tree::Item expected, tree::Item found) {
    compare(expected, found, type_of(0, found));
    return std::move(found_);
  }

 private:
  bool is_full() const { return found_.size() >= options_.differences_max; }

  /// The type of an element that may be any resource, from its resourceType.
  fhir::TypeId type_of(fhir::TypeId known, tree::Item item) const {
    if (known != 0 && !definitions_.is_abstract(known)) return known;
    const fhir::TypeId named = fhir::resource_type(definitions_, item);
    return named != 0 ? named : known;
  }

  void note(Difference::Kind kind, tree::Item expected, tree::Item found) {
    if (is_full()) return;
    Difference difference;
    difference.kind = kind;
    difference.path = found ? tree::path_of(*found.document, found.node) : tree::path_of(*expected.document, expected.node);
    if (expected) difference.expected = shown(expected);
    if (found) difference.found = shown(found);
    difference.expected_node = expected.node;
    difference.found_node = found.node;
    found_.push_back(std::move(difference));
  }

  void compare(tree::Item expected, tree::Item found, fhir::TypeId type) {
    if (is_full()) return;
    const bool same_value = expected.kind() == found.kind() && expected.text() == found.text();
    if (!same_value) note(Difference::Kind::Changed, expected, found);
    if (!same_value && expected.has_value() != found.has_value()) return;
    std::vector<std::string_view> names;
    add_names(expected, names);
    add_names(found, names);
    for (std::string_view name : names) compare_list(items_of(expected, name), items_of(found, name), found, type, name);
  }

  static void add_names(tree::Item item, std::vector<std::string_view>& names) {
    for (tree::Item child = item.first_child(); child; child = child.next()) {
      if (std::find(names.begin(), names.end(), child.name_text()) == names.end()) names.push_back(child.name_text());
    }
  }

  static std::vector<tree::Item> items_of(tree::Item item, std::string_view name) {
    std::vector<tree::Item> items;
    for (tree::Item child = item.first_child(); child; child = child.next()) {
      if (child.name_text() == name) items.push_back(child);
    }
    return items;
  }

  void compare_list(const std::vector<tree::Item>& expected, const std::vector<tree::Item>& found, tree::Item parent,
                    fhir::TypeId type, std::string_view name) {
    fhir::Step step{};
    if (type != 0) step = definitions_.step(type, definitions_.names().find(name));
    const Pairs pairs = match_items(expected, found);
    std::vector<bool> expected_met(expected.size()), found_met(found.size());
    for (auto [left, right] : pairs) {
      expected_met[left] = found_met[right] = true;
      compare(expected[left], found[right], type_of(step.type, found[right]));
      const bool lost_its_list = step.element == nullptr && expected[left].document->in_list(expected[left].node) !=
                                                                found[right].document->in_list(found[right].node);
      if (lost_its_list && expected.size() == 1 && found.size() == 1) note(Difference::Kind::Moved, expected[left], found[right]);
    }
    for (std::size_t at = 0; at < expected.size(); ++at) {
      if (!expected_met[at]) note(Difference::Kind::Missing, expected[at], {});
    }
    for (std::size_t at = 0; at < found.size(); ++at) {
      if (!found_met[at]) note(Difference::Kind::Extra, {}, found[at]);
    }
    check_order(expected, found, pairs, order_of(parent, type, step));
  }

  enum class Order : std::uint8_t { Free, FirstOnly, All };

  /// FHIR R4 elementdefinition.html: without orderMeaning the order of an element has no meaning.
  Order order_of(tree::Item parent, fhir::TypeId type, const fhir::Step& step) const {
    if (step.element == nullptr || definitions_.kind(type) == fhir::TypeKind::Logical) return Order::All;
    const std::string_view path = definitions_.text(step.element->path);
    if (path == "Bundle.entry") {
      const std::string_view bundle = parent.text_of("type");
      if (bundle == "message" || bundle == "document") return Order::FirstOnly;
      return bundle == "searchset" || bundle == "history" ? Order::All : Order::Free;
    }
    return std::find(ordered_elements.begin(), ordered_elements.end(), path) != ordered_elements.end() ? Order::All : Order::Free;
  }

  void check_order(const std::vector<tree::Item>& expected, const std::vector<tree::Item>& found, const Pairs& pairs,
                   Order order) {
    if (order == Order::Free || pairs.empty()) return;
    for (std::size_t at = 0; at + 1 < pairs.size() && order == Order::All; ++at) {
      if (pairs[at].second < pairs[at + 1].second) continue;
      note(Difference::Kind::Moved, expected[pairs[at].first], found[pairs[at].second]);
      return;
    }
    const bool first_moved = order == Order::FirstOnly && pairs.front().first == 0 && pairs.front().second != 0;
    if (first_moved) note(Difference::Kind::Moved, expected.front(), found[pairs.front().second]);
  }

  const fhir::Definitions& definitions_;
  DifferenceOptions options_;
  std::vector<Difference> found_;
};

}  // namespace

std::vector<Difference> differences(const tree::Document& expected, const tree::Document& found,
                                    const fhir::Definitions& definitions, DifferenceOptions options) {
  return Comparison(definitions, options).run(tree::root(expected), tree::root(found));
}

std::string to_line(const Difference& difference) {
  switch (difference.kind) {
    case Difference::Kind::Missing: return difference.path + ": expected " + difference.expected + ", found nothing";
    case Difference::Kind::Extra: return difference.path + ": expected nothing, found " + difference.found;
    case Difference::Kind::Moved: return difference.path + ": stands at another place of its list than expected";
    case Difference::Kind::Changed: break;
  }
  return difference.path + ": expected " + difference.expected + ", found " + difference.found;
}

std::string shortened(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return std::string(text);
  std::size_t end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0u) == 0x80u) --end;
  return std::string(text.substr(0, end)) + "…";
}

std::string shown(tree::Item item, std::size_t bytes_max) {
  using enum tree::Kind;
  switch (item.kind()) {
    case Number:
    case Boolean: return shortened(item.text(), bytes_max);
    case String:
    case Xhtml: return "'" + shortened(item.text(), bytes_max) + "'";
    case Object:
    case Null: break;
  }
  return shortened(json::write(*item.document, item.node), bytes_max);
}

}  // namespace vardbron::workbench
