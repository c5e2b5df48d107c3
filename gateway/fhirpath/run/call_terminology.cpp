// Tested by tests/fhirpath/terminology_test.cpp and tests/fhirpath/hierarchy_test.cpp.

#include "gateway/fhir/builder.h"
#include "gateway/fhirpath/run/concepts.h"
#include "gateway/fhirpath/run/evaluation.h"

#include <algorithm>
#include <charconv>

namespace vardbron::fhirpath {
namespace {

/// The value of a name in URL-encoded text: count=5&filter=ab
std::string_view parameter(std::string_view text, std::string_view name) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('&'), text.size());
    const std::string_view part = text.substr(0, end);
    if (part.starts_with(name) && part.substr(name.size()).starts_with('=')) return part.substr(name.size() + 1);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return {};
}

std::size_t number_parameter(std::string_view text, std::string_view name, std::size_t otherwise) {
  const std::string_view value = parameter(text, name);
  std::size_t number = otherwise;
  std::from_chars(value.data(), value.data() + value.size(), number);
  return number;
}

/// Arguments of a call of %terminologies. With empty or multiple arguments the result is empty (fhirpath.html#txapi).
class Question {
 public:
  explicit Question(Call& call) : call_(call) {}

  /// False: the run failed. `is_complete`: all arguments are there.
  bool read(std::size_t count, bool& is_complete) {
    is_complete = true;
    for (std::size_t place = 0; place < call_.node.arguments.size(); ++place) {
      if (!call_.argument(place, values_[place])) return false;
      is_complete = is_complete && values_[place].size == 1 && !call_.run.lacks_value(values_[place][0]);
    }
    if (is_complete && call_.has_argument(count)) {
      std::optional<Value> text = call_.run.system(values_[count][0]);
      is_complete = text && text->kind() == ValueKind::String;
      if (is_complete) parameters_ = text->text();
    }
    return true;
  }

  const Value& operator[](std::size_t place) const { return values_[place][0]; }
  std::string_view parameters() const { return parameters_; }

  /// A canonical, or the url of a resource passed itself.
  std::string_view canonical(std::size_t place) const {
    const Value& value = (*this)[place];
    if (value.is_element() && value.item().child("resourceType")) return value.item().text_of("url");
    std::optional<Value> text = call_.run.system(value);
    return text && text->kind() == ValueKind::String ? text->text() : std::string_view{};
  }

  /// The code of a Coding, a code or a text; the codes of a CodeableConcept.
  std::vector<Coded> coded(std::size_t place) const {
    const Value& value = (*this)[place];
    if (!value.is_element()) return {{{}, value.kind() == ValueKind::String ? value.text() : std::string_view{}}};
    tree::Item item = value.item();
    if (item.has_value()) return {{{}, item.text()}};
    if (item.child("code")) return {{item.text_of("system"), item.text_of("code")}};
    std::vector<Coded> codes;
    for (tree::Item child = item.first_child(); child; child = child.next())
      if (child.name_text() == "coding") codes.push_back({child.text_of("system"), child.text_of("code")});
    return codes;
  }

 private:
  Call& call_;
  List values_[4];
  std::string_view parameters_;
};

const fhir::Code* find(std::span<const fhir::Code> codes, const Coded& wanted) {
  auto is_it = [&wanted](const fhir::Code& known) {
    return known.code == wanted.code && (wanted.system.empty() || known.system == wanted.system);
  };
  auto found = std::find_if(codes.begin(), codes.end(), is_it);
  return found == codes.end() ? nullptr : &*found;
}

/// Builds a Parameters resource.
class Answer {
 public:
  Answer(Call& call, std::string_view type)
      : call_(call),
        document_(call.run.model().names()),
        builder_(fhir::build(call.run.model().definitions(), document_, type)) {}

  fhir::Builder& resource() { return builder_; }
  template <class T>
  Answer& add(std::string_view name, std::string_view element, T value) {
    builder_.add("parameter").set("name", name).set(element, value);
    return *this;
  }
  bool give() {
    const tree::Document& kept = call_.run.arena().keep(std::move(document_));
    return call_.give(element(tree::root(kept), call_.run.model().definitions()));
  }

 private:
  Call& call_;
  tree::Document document_;
  fhir::Builder builder_;
};

/// A ValueSet passed itself may come from any document; without compose it is looked up by its url.
std::optional<CodeList> codes_of_value_set(Call& call, const Question& question) {
  const Value& set = question[0];
  const bool is_composed = set.is_element() && (set.item().child("compose") || set.item().child("expansion"));
  return is_composed ? expand_value_set(call.run, set.item()) : find_value_set(call.run, question.canonical(0));
}

bool expand_value_set(Call& call, const Question& question) {
  std::optional<CodeList> codes = codes_of_value_set(call, question);
  if (!codes) return true;
  const std::string_view filter = parameter(question.parameters(), "filter");
  std::size_t skipped = number_parameter(question.parameters(), "offset", 0);
  std::size_t left = number_parameter(question.parameters(), "count", codes->size());
  Answer answer(call, "ValueSet");
  fhir::Builder& set = answer.resource();
  if (!question.canonical(0).empty()) set.set("url", question.canonical(0).substr(0, question.canonical(0).find('|')));
  set.set("status", "active");
  fhir::Builder expansion = set.add("expansion");
  const Moment now = Moment::of(call.run.environment().now, call.run.environment().zone_minutes);
  expansion.set("timestamp", now.to_string());
  std::vector<const fhir::Code*> matching;
  for (const fhir::Code& code : *codes)
    if (code.code.find(filter) != std::string_view::npos || code.display.find(filter) != std::string_view::npos)
      matching.push_back(&code);
  expansion.set("total", static_cast<std::int64_t>(matching.size()));
  for (std::size_t place = skipped; place < matching.size() && left > 0; ++place, --left) {
    const fhir::Code& code = *matching[place];
    expansion.add("contains").set("system", code.system).set("code", code.code).set("display", code.display);
  }
  return call.run.step(call.node, codes->size()) && answer.give();
}

void add_property(Answer& answer, std::string_view name, std::string_view code) {
  fhir::Builder property = answer.resource().add("parameter");
  property.set("name", "property");
  property.add("part").set("name", "code").set("valueCode", name);
  property.add("part").set("name", "value").set("valueCode", code);
}

bool look_up(Call& call, const Question& question) {
  for (const Coded& coded : question.coded(0)) {
    std::optional<CodeSystem> system = find_code_system(call.run, coded.system);
    const fhir::Code* found = system ? system->find(coded.code) : nullptr;
    if (found == nullptr) continue;
    Answer answer(call, "Parameters");
    answer.add("name", "valueString", coded.system).add("display", "valueString", found->display);
    answer.add("code", "valueCode", found->code).add("system", "valueUri", coded.system);
    for (const fhir::CodeLink& link : system->above(coded.code)) add_property(answer, "parent", link.parent);
    for (const fhir::CodeLink& link : system->links)
      if (link.parent == coded.code) add_property(answer, "child", link.code);
    return call.run.step(call.node, system->links.size() / 16) && answer.give();
  }
  return true;
}

/// validateVS and validateCS: one matching code is enough.
bool give_validation(Call& call, std::span<const fhir::Code> codes, const std::vector<Coded>& wanted) {
  const fhir::Code* found = nullptr;
  for (const Coded& coded : wanted)
    if (found == nullptr) found = find(codes, coded);
  Answer answer(call, "Parameters");
  answer.add("result", "valueBoolean", found != nullptr);
  if (found == nullptr) return answer.add("message", "valueString", "The code is not among those that are listed.").give();
  answer.add("code", "valueCode", found->code).add("system", "valueUri", found->system);
  return answer.add("display", "valueString", found->display).give();
}

bool validate_by_value_set(Call& call, const Question& question) {
  std::optional<CodeList> codes = codes_of_value_set(call, question);
  return !codes || (call.run.step(call.node, codes->size()) && give_validation(call, *codes, question.coded(1)));
}

bool validate_by_code_system(Call& call, const Question& question) {
  std::vector<Coded> wanted = question.coded(1);
  std::optional<CodeSystem> system = find_code_system(call.run, question.canonical(0));
  if (!system) return true;
  // A code of another system is not in this one.
  std::erase_if(wanted, [&](const Coded& coded) { return !coded.system.empty() && coded.system != question.canonical(0); });
  return call.run.step(call.node, system->codes.size()) && give_validation(call, system->codes, wanted);
}

/// The outcomes of CodeSystem/$subsumes. A code of another system, or an unknown one, has none.
bool find_subsumption(Call& call, const Question& question) {
  const std::vector<Coded> first = question.coded(1), second = question.coded(2);
  const std::string_view url = question.canonical(0);
  std::optional<CodeSystem> system = find_code_system(call.run, url);
  if (!system || first.size() != 1 || second.size() != 1) return true;
  for (const Coded& coded : {first[0], second[0]})
    if (!coded.system.empty() && coded.system != url.substr(0, url.find('|'))) return true;
  const std::optional<bool> down = system->subsumes(first[0].code, second[0].code);
  const std::optional<bool> up = system->subsumes(second[0].code, first[0].code);
  if (!call.run.step(call.node, system->codes.size() / 16)) return false;
  if (!down || !up) return true;
  const std::string_view outcome = *down && *up ? "equivalent" : *down ? "subsumes" : *up ? "subsumed-by" : "not-subsumed";
  return call.give(Value::of(outcome));
}

/// Relation of a target: R4 has equivalence, R5 relationship.
std::string_view relation(tree::Item target) {
  std::string_view said = target.text_of("equivalence");
  return said.empty() ? target.text_of("relationship") : said;
}

bool is_no_match(std::string_view relation) {
  return relation == "unmatched" || relation == "disjoint" || relation == "not-related-to";
}

/// Mappings of the code in a ConceptMap resource.
void find_matches(tree::Item map, const Coded& wanted, std::vector<fhir::MappedCode>& matches) {
  auto each_of = [](tree::Item parent, std::string_view name, auto use) {
    for (tree::Item each = parent.first_child(); each; each = each.next())
      if (each.name_text() == name) use(each);
  };
  each_of(map, "group", [&](tree::Item group) {
    const std::string_view source = group.text_of("source");
    if (!wanted.system.empty() && source.substr(0, source.find('|')) != wanted.system) return;
    each_of(group, "element", [&](tree::Item element) {
      if (element.text_of("code") != wanted.code) return;
      each_of(element, "target", [&](tree::Item target) {
        matches.push_back(
            {source, wanted.code, group.text_of("target"), target.text_of("code"), target.text_of("display"), relation(target)});
      });
    });
  });
}

void add_match(Answer& answer, const fhir::MappedCode& row, bool is_r4) {
  fhir::Builder match = answer.resource().add("parameter");
  match.set("name", "match");
  match.add("part").set("name", is_r4 ? "equivalence" : "relationship").set("valueCode", row.relation);
  if (row.target.empty()) return;
  fhir::Builder target_part = match.add("part");
  target_part.set("name", "concept");
  target_part.add("valueCoding").set("system", row.target_system).set("code", row.target).set("display", row.display);
}

/// The ConceptMap that is passed itself, contained, or in the Bundle.
tree::Item map_at_hand(Call& call, const Question& question) {
  tree::Item map = question[0].is_element() ? question[0].item() : tree::Item{};
  if (map && map.text_of("resourceType") == "ConceptMap") return map;
  Result<std::optional<Value>> found = call.run.resolve(question.canonical(0), question[0]);
  if (!found || !*found || !(*found)->is_element()) return {};
  map = (*found)->item();
  return map.text_of("resourceType") == "ConceptMap" ? map : tree::Item{};
}

bool translate_code(Call& call, const Question& question) {
  const std::vector<Coded> wanted = question.coded(1);
  if (wanted.size() != 1) return true;
  std::vector<fhir::MappedCode> matches;
  std::size_t work = 0;
  const tree::Item map = map_at_hand(call, question);
  if (map) {
    find_matches(map, wanted[0], matches);
    work = map.document->size() / 16;
  } else {
    auto rows = call.run.model().definitions().concept_map(question.canonical(0));
    if (!rows) return true;
    for (const fhir::MappedCode& row : *rows)
      if (row.source == wanted[0].code && (wanted[0].system.empty() || row.source_system == wanted[0].system))
        matches.push_back(row);
    work = rows->size() / 16;
  }
  std::erase_if(matches, [](const fhir::MappedCode& row) { return row.relation.empty() && row.target.empty(); });
  auto is_match = [](const fhir::MappedCode& row) { return !is_no_match(row.relation); };
  const bool is_r4 = call.run.model().definitions().version().starts_with("4");
  Answer answer(call, "Parameters");
  answer.add("result", "valueBoolean", std::any_of(matches.begin(), matches.end(), is_match));
  for (const fhir::MappedCode& row : matches) add_match(answer, row, is_r4);
  return call.run.step(call.node, work) && answer.give();
}

/// Answers from the code systems and value sets of the definitions; empty for others.
template <std::size_t arguments, bool (*answer)(Call&, const Question&)>
bool ask(Call& call) {
  Question question(call);
  bool is_complete = false;
  if (!question.read(arguments, is_complete)) return false;
  const Node* before = call.node.input == no_index ? nullptr : &call.run.code().nodes[call.node.input];
  const bool is_elsewhere = before != nullptr && before->form == Form::Call;  // at() another server, which is not called
  return !is_complete || is_elsewhere || !call.run.model().knows_types() || answer(call, question);
}

bool no_answer(Call&, const Question&) { return true; }

}  // namespace

FunctionTable terminology_functions() {
  static constexpr Function table[] = {
      {"at", {1, 1}, Takes::Anything, Gives::Unknown, ask<1, no_answer>},
      {"expand", {1, 2}, Takes::Anything, Gives::OneOfType, ask<1, expand_value_set>, 0, "ValueSet"},
      {"lookup", {1, 2}, Takes::Anything, Gives::OneOfType, ask<1, look_up>, 0, "Parameters"},
      {"validateVS", {2, 3}, Takes::Anything, Gives::OneOfType, ask<2, validate_by_value_set>, 0, "Parameters"},
      {"validateCS", {2, 3}, Takes::Anything, Gives::OneOfType, ask<2, validate_by_code_system>, 0, "Parameters"},
      {"subsumes", {3, 4}, Takes::Anything, Gives::Unknown, ask<3, find_subsumption>},
      {"translate", {2, 3}, Takes::Anything, Gives::OneOfType, ask<2, translate_code>, 0, "Parameters"},
  };
  return table;
}

}  // namespace vardbron::fhirpath
