#include "gateway/mapping/run/fault.h"

#include "gateway/base/excerpt.h"
#include "gateway/base/limits.h"
#include "gateway/base/text.h"
#include "gateway/mapping/run/provenance.h"
#include "gateway/tree/path.h"
#include "gateway/tree/walk.h"

#include <algorithm>
#include <map>
#include <utility>

namespace vardbron::mapping {

namespace {

constexpr std::size_t name_bytes_max = 60;
constexpr std::size_t short_code_bytes_max = 3;

bool is_number(std::string_view text) { return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos; }

/// Builds the name of a field from its path; HL7 v2's f, c and s become "PID-13.2".
class Field {
 public:
  void add(std::string_view name, tree::Repetition repetition = {}) {
    const bool is_part = name.size() > 1 && (name[0] == 'f' || name[0] == 'c' || name[0] == 's') && is_number(name.substr(1)) &&
                         (is_segment_ || text_.find('-') != std::string::npos);
    if (is_part)
      text_.append(is_segment_ ? "-" : ".").append(name.substr(1));
    else
      text_.append(text_.empty() ? "" : ".").append(excerpt(name, name_bytes_max));
    is_segment_ = name.size() == 3 && name[0] >= 'A' && name[0] <= 'Z';
    if (repetition.all < 2 || is_segment_) return;  // segments are distinguished by their lines
    // The repetitions of a field are counted from 1, items of a list from 0 as in FHIRPath.
    text_ += is_part ? "(" + std::to_string(repetition.before + 1) + ")" : "[" + std::to_string(repetition.before) + "]";
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
  bool is_segment_ = false;
};

bool is_csv(const tree::Document& message) { return message.name_text(message.name(0)) == "csv"; }

/// In an HL7 v2 tree a field without parts has one component, which is not named: PID-7, not PID-7.1.
bool is_lone_part(const tree::Document& message, tree::NodeId parent, tree::NodeId node) {
  const std::string_view name = message.name_text(message.name(node));
  return (name == "c1" || name == "s1") && message.first_child(parent) == node && message.next(node) == tree::no_node;
}

Field field_to(const tree::Document& message, std::span<const tree::NodeId> way, bool with_index) {
  Field field;
  for (std::size_t at = 1; at < way.size(); ++at) {
    const bool is_last = at + 1 == way.size();
    if (with_index && is_last && at > 1 && is_lone_part(message, way[at - 1], way[at])) continue;
    field.add(message.name_text(message.name(way[at])),
              with_index ? tree::repetition_of(message, way[at - 1], way[at]) : tree::Repetition{});
  }
  return field;
}

std::string in_line(tree::Position at) { return at.line == 0 ? "" : "line " + std::to_string(at.line); }

/// A field and its line as text: "PV1-2 in line 4", "line 4".
std::string with_line(const std::string& field, tree::Position at) {
  const std::string line = in_line(at);
  if (field.empty()) return line;
  return line.empty() ? field : field + " in " + line;
}

std::string capital(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

PlacedFault place(const Fault& fault, const tree::Document& message, const std::vector<tree::NodeId>& way) {
  PlacedFault placed;
  const bool is_whole = way.size() < 2;
  placed.at = message.position(fault.node);
  // A CSV row is identified by its line.
  const bool is_row = is_csv(message);
  const std::span<const tree::NodeId> named = is_row && !is_whole ? std::span(way).subspan(1) : std::span(way);
  Field field = field_to(message, named, true);
  std::string path = tree::path_of(message, way);
  std::string words = Field(field).take();
  if (is_row && !words.empty()) words = "column " + words;
  if (!fault.missing.empty()) {
    for (std::string_view name : split(fault.missing, '.')) field.add(name);
    path += (path.empty() ? "" : ".") + fault.missing;
    std::string lacking = field.take();
    if (is_row) lacking = (is_whole ? "" : "column ") + lacking;
    placed.says = lacking + " is missing" + (words.empty() ? "" : " from " + words) + ".";
    placed.issue.says = lacking + " is missing from " + (is_whole ? "the message" : with_line(words, placed.at)) + ".";
  } else {
    placed.says = words.empty() ? capital(fault.says) : words + ": " + fault.says;
    // Element names keep the sender's case.
    const std::string where = is_row ? capital(with_line(words, placed.at)) : with_line(words, placed.at);
    placed.issue.says = is_whole ? capital(fault.says) : where + ": " + fault.says;
  }
  if (!fault.rule.empty()) placed.issue.says += " Rule: " + fault.rule + ".";
  placed.rule = fault.rule;
  placed.issue.code = fault.code;
  placed.issue.where = std::move(path);
  return placed;
}

/// Child extension whose url ends with the name, as in "extension('beraknad-utskrivning')".
tree::NodeId extension_at(const tree::Document& output, tree::NodeId parent, std::string_view name) {
  for (tree::Item child = tree::Item{&output, parent}.first_child(); child; child = child.next()) {
    if (child.name_text() == "extension" && child.text_of("url").ends_with(name)) return child.node;
  }
  return tree::no_node;
}

/// The node at a FHIRPath of the output, or its nearest existing parent.
tree::NodeId nearest_node(const tree::Document& output, std::string_view where) {
  constexpr std::string_view opens = ".extension('";
  if (const std::size_t at = where.find(opens); at != std::string_view::npos) {
    const std::size_t end = where.find("')", at);
    const tree::NodeId parent = nearest_node(output, where.substr(0, at));
    if (end == std::string_view::npos) return parent;
    const std::size_t begin = at + opens.size();
    tree::NodeId node = extension_at(output, parent, where.substr(begin, end - begin));
    if (node == tree::no_node) return parent;
    for (std::string_view name : split(where.substr(end + 2), '.')) {
      const tree::NameId id = name.empty() ? 0 : output.find_name(name);
      const tree::NodeId child = id == 0 ? tree::no_node : output.child(node, id);
      if (child != tree::no_node) node = child;
    }
    return node;
  }
  while (!where.empty()) {
    if (const tree::NodeId found = tree::find(output, where); found != tree::no_node) return found;
    const std::size_t dot = where.rfind('.');
    where = dot == std::string_view::npos ? std::string_view() : where.substr(0, dot);
  }
  return 0;
}

}  // namespace

void Faults::add(Fault fault) {
  const auto is_same = [&fault](const Fault& known) {
    if (known.node != fault.node) return false;
    return (known.is_of_value && fault.is_of_value) || (known.says == fault.says && known.missing == fault.missing);
  };
  if (std::any_of(all_.begin(), all_.end(), is_same)) return;
  if (all_.size() < limits::faults_reported_max)
    all_.push_back(std::move(fault));
  else
    ++more_;
}

std::vector<PlacedFault> placed(const Faults& faults, const tree::Document& message) {
  std::multimap<tree::NodeId, const Fault*> wanted;
  for (const Fault& fault : faults.all()) wanted.emplace(fault.node, &fault);
  std::vector<PlacedFault> reported;
  for (tree::Walk walk(message, 0); walk.node() != tree::no_node && reported.size() < wanted.size(); walk.advance()) {
    const auto [first, end] = wanted.equal_range(walk.node());
    for (auto at = first; at != end; ++at) reported.push_back(place(*at->second, message, walk.way()));
  }
  if (faults.more() == 0) return reported;
  PlacedFault rest;
  rest.says = "There are " + std::to_string(faults.more()) + " more faults, which are not told.";
  rest.issue = {fhir::Severity::Information, "informational", rest.says, ""};
  reported.push_back(std::move(rest));
  return reported;
}

void add_output_faults(std::span<const fhir::Issue> issues, const Map& map, tree::Item message, const Environment& environment,
                       Faults& faults) {
  if (issues.empty()) return;
  Provenance provenance;
  Faults known;
  Environment again = environment;
  again.observer = &provenance;
  again.marks = nullptr;
  again.faults = &known;
  tree::Document output(message.document->names());
  Result<void> ran = Runner(map).run({&message, 1}, again, output);
  if (!ran && known.empty()) return;
  for (const fhir::Issue& issue : issues) {
    const Origin* origin = provenance.origin_of(output, nearest_node(output, issue.where));
    const bool is_known = origin != nullptr && origin->source.document == message.document && origin->source.node != 0;
    Fault fault;
    fault.code = issue.code;
    fault.says = issue.says;
    if (origin != nullptr) fault.rule = place_of(map, origin->rule);
    if (is_known) {
      fault.node = origin->source.node;
      fault.is_of_value = origin->source.has_value();
      if (fault.is_of_value) fault.says += " " + reported_shape(origin->source.text());
      fault.says += " It becomes " + issue.where + ".";
    } else {
      fault.says = issue.where + ": " + fault.says;
    }
    faults.add(std::move(fault));
  }
}

void keep_values_only(std::vector<fhir::Issue>& issues) {
  std::erase_if(issues, [](const fhir::Issue& issue) { return issue.code != "value"; });
}

std::string field_of(const tree::Document& message, std::span<const tree::NodeId> way) {
  return field_to(message, way, false).take();
}

std::string reported_shape(std::string_view value) {
  return "Its shape is " + shape_of(value, limits::shape_characters_max) + ".";
}

std::string untaken_code(std::string_view code, const ConceptMap& codes) {
  const std::vector<std::string_view> taken = codes.codes();
  const bool is_short = code.size() <= short_code_bytes_max;
  std::string says = is_short ? "'" + excerpt(code, short_code_bytes_max) + "'"
                              : "a code of the shape " + shape_of(code, limits::shape_characters_max);
  says += " is not taken here";
  const std::string_view meant = is_short ? std::string_view() : nearest(code, taken);
  if (!meant.empty()) says += "; did you mean '" + std::string(meant) + "'?";
  says += meant.empty() ? "; taken are " : " Taken are ";
  for (std::size_t at = 0; at < std::min(taken.size(), limits::codes_reported_max); ++at)
    says += (at == 0 ? "" : ", ") + std::string(taken[at]);
  if (taken.size() > limits::codes_reported_max)
    says += " and " + std::to_string(taken.size() - limits::codes_reported_max) + " more: the map's code list " +
            std::string(codes.url()) + " has all";
  return says + ".";
}

}  // namespace vardbron::mapping
