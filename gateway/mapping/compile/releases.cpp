#include "gateway/fhir/other_release.h"
#include "gateway/mapping/compile/compiler.h"
#include "gateway/mapping/compile/types.h"

#include <set>
#include <utility>

// Copies from a type of one FHIR release to that of another.
namespace vardbron::mapping {

namespace {

constexpr std::size_t reported_elements_max = 8;

using Pair = std::pair<fhir::TypeId, fhir::TypeId>;

class Lacking {
 public:
  explicit Lacking(const fhir::Definitions& definitions) : definitions_(definitions) {}

  std::vector<std::string> between(fhir::TypeId from, fhir::TypeId to) {
    compare(from, to, "");
    return std::move(found_);
  }

 private:
  void compare(fhir::TypeId from, fhir::TypeId to, const std::string& before) {
    if (from == to || !visited_.insert(Pair(from, to)).second) return;
    for (const fhir::Element& element : definitions_.elements(from)) {
      const std::string_view name = definitions_.names().text(element.name);
      if (name == "extension" || name == "modifierExtension") continue;  // every element has them, and few use them
      const std::string path = before + std::string(name);
      if (!definitions_.step(to, element.name)) {
        found_.push_back(path);
        continue;
      }
      for (const fhir::ElementType& type : definitions_.types(element)) compare_type(element, type, to, path);
    }
  }

  void compare_type(const fhir::Element& element, const fhir::ElementType& type, fhir::TypeId to, const std::string& path) {
    const fhir::Step step = definitions_.step(to, element.is_choice ? type.choice_name : element.name);
    if (!step) found_.push_back(path + " : " + std::string(plain_name(definitions_, type.type)));
    if (!step || step.type == 0 || is_primitive(definitions_, type.type) || definitions_.is_abstract(type.type)) return;
    compare(type.type, step.type, path + ".");
  }

  const fhir::Definitions& definitions_;
  std::set<Pair> visited_;
  std::vector<std::string> found_;
};

}  // namespace

bool are_of_two_releases(const fhir::Definitions& definitions, fhir::TypeId one, fhir::TypeId other) {
  if (one == 0 || other == 0 || one == other || definitions.is_a(one, other)) return false;
  const fhir::ReleaseOfCanonical first = fhir::release_of_canonical(definitions.canonical(one));
  const fhir::ReleaseOfCanonical second = fhir::release_of_canonical(definitions.canonical(other));
  return !first.type.empty() && !second.type.empty() && first.release != second.release;
}

std::string release_of(const fhir::Definitions& definitions, fhir::TypeId type) {
  const std::string_view named = fhir::release_of_canonical(definitions.canonical(type)).release;
  return std::string(named.empty() ? definitions.version().substr(0, 3) : named);
}

fhir::TypeId counterpart(const fhir::Definitions& definitions, fhir::TypeId type, fhir::TypeId in) {
  const std::string_view release = fhir::release_of_canonical(definitions.canonical(in)).release;
  const std::string_view name = fhir::release_of_canonical(definitions.canonical(type)).type;
  return definitions.find_type(release.empty() ? "http://hl7.org/fhir/StructureDefinition/" + std::string(name)
                                               : fhir::canonical_in_release(release, name));
}

std::vector<std::string> lacking_elements(const fhir::Definitions& definitions, fhir::TypeId from, fhir::TypeId to) {
  return Lacking(definitions).between(from, to);
}

/// A message may have none of the elements that the other release lacks, so the map is accepted; a run that meets one fails.
void Compiler::note_lacking(const Scope& scope, syntax::Offset offset, fhir::TypeId from, fhir::TypeId to) {
  if (!are_of_two_releases(definitions_, from, to)) return;
  const std::vector<std::string> lacking = lacking_elements(definitions_, from, to);
  if (lacking.empty()) return;
  std::string names;
  for (std::size_t i = 0; i < lacking.size() && i < reported_elements_max; ++i) names += (i == 0 ? "" : ", ") + lacking[i];
  if (lacking.size() > reported_elements_max) names += " and " + std::to_string(lacking.size() - reported_elements_max) + " more";
  const std::string type(plain_name(definitions_, from));
  Failure lint = fail(scope, offset,
                      type + " of FHIR " + release_of(definitions_, from) + " has elements that FHIR " +
                          release_of(definitions_, to) + " lacks (" + names + "): a message with one of them is refused");
  lint.cause = Cause::Unsupported;
  program_->lints.push_back(std::move(lint));
}

}  // namespace vardbron::mapping
