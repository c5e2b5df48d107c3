#include "gateway/mapping/run/source.h"

#include "gateway/base/text.h"
#include "gateway/fhir/model_xml.h"
#include "gateway/fhir/v2_conversion.h"
#include "gateway/fhir/v2_names.h"
#include "gateway/fhir/xml_conversion.h"
#include "gateway/formats/read.h"
#include "gateway/formats/xml/parse.h"

#include <utility>

namespace vardbron::mapping {

namespace {

bool is_v2(fhir::TypeId type, const fhir::Definitions& definitions) {
  for (; type != 0; type = definitions.base(type)) {
    if (definitions.canonical(type).starts_with(fhir::v2::base_url)) return true;
  }
  return false;
}

bool may_be(fhir::TypeId named, fhir::TypeId expected, const fhir::Definitions& definitions) {
  return definitions.is_a(named, expected) || definitions.is_a(expected, named);
}

/// XML Schema, whiteSpace: only a string keeps the white space around it, such as around a value on its own line.
void collapse_blanks(tree::Document& document, tree::NodeId node, fhir::TypeId type, const fhir::Definitions& definitions) {
  for (tree::NodeId child = document.first_child(node); child != tree::no_node; child = document.next(child)) {
    const fhir::Step step = definitions.step(type, document.name(child));
    if (!step || step.type == 0) continue;
    const std::string_view name = definitions.name(step.type);
    const bool keeps = name == "string" || name == "markdown" || name == "xhtml";
    if (document.kind(child) == tree::Kind::String && definitions.kind(step.type) == fhir::TypeKind::Primitive && !keeps) {
      const std::string_view text = document.text(child);
      const std::string plain(trim(text));
      if (plain.size() != text.size()) document.set_text(child, tree::Kind::String, plain);
    }
    collapse_blanks(document, child, step.type, definitions);
  }
}

}  // namespace

Result<tree::Document> read_source(std::string_view content_type, std::string body, const fhir::Definitions& definitions,
                                   const SourceOptions& asked) {
  const formats::Format format = formats::guess(content_type, body);
  const auto tell_ill_formed = [&asked](bool is_ill_formed) {
    if (asked.is_ill_formed != nullptr) *asked.is_ill_formed = is_ill_formed;
  };
  tell_ill_formed(true);
  if (format == formats::Format::Unknown) {
    return Failure{Cause::Unsupported,
                   "This is neither JSON nor XML nor an HL7 v2 message; CSV is told by Content-Type, by a file's name (.csv), or "
                   "by --from csv.",
                   ""};
  }
  formats::ReadOptions options;
  options.positions = true;
  options.notes = asked.notes;
  options.charset = asked.charset;
  if (format == formats::Format::Hl7v2 || format == formats::Format::Csv) {
    const Result<std::optional<formats::Charset>> said = formats::charset_parameter(content_type);
    if (!said) return said.failure();
    options.charset_is_known = asked.charset && !*said;
    if (*said) options.charset = *said;
  }
  const std::string text = format == formats::Format::Xml ? body : std::string();  // the reader modifies its buffer
  Result<tree::Document> document = formats::read(format, std::move(body), definitions.names(), options);
  if (!document && format == formats::Format::Xml) {
    // Text between elements is only for models that have it.
    Result<tree::Document> mixed = xml::parse(text, definitions.names(), {.positions = true, .keep_mixed = true});
    if (mixed && fhir::is_model_instance(*mixed, definitions)) {
      tell_ill_formed(false);
      return fhir::from_model_xml(*mixed, text, definitions);
    }
  }
  if (!document) return document;
  tell_ill_formed(false);
  if (format == formats::Format::Hl7v2) return fhir::from_v2(*document, definitions, asked.notes, asked.model);
  if (format != formats::Format::Xml) return document;
  if (document->namespace_of(0) == "http://hl7.org/fhir") return fhir::from_xml(*document, definitions);
  if (fhir::is_model_instance(*document, definitions)) return fhir::from_model_xml(*document, text, definitions);
  if (asked.model != 0) collapse_blanks(*document, 0, asked.model, definitions);
  return document;
}

std::string misfit(tree::Item message, fhir::TypeId expected, const fhir::Definitions& definitions) {
  if (expected == 0 || definitions.is_abstract(expected)) return {};
  const fhir::TypeKind kind = definitions.kind(expected);
  if (kind != fhir::TypeKind::Resource && kind != fhir::TypeKind::Logical) return {};
  const std::string takes(definitions.name(expected));
  const tree::Item member = message.child("resourceType");
  if (member && definitions.step(expected, member.name())) return {};  // the member is an element of the model
  const std::string_view name = member ? member.text() : message.name_text();
  const fhir::TypeId named = definitions.find_type(name);
  if (is_v2(expected, definitions)) {  // the structures are alike, and a sender may use its own
    const bool may_be_v2 = !member && (named == 0 || is_v2(named, definitions));
    return may_be_v2 ? "" : "This is a '" + std::string(name) + "', but the map takes an HL7 v2 message.";
  }
  if (named != 0 && is_v2(named, definitions)) return "This is an HL7 v2 message, but the map takes '" + takes + "'.";
  if (member) {
    // A model with the name of a FHIR type is known by its canonical, but an instance has the plain name.
    const bool is_its_name = takes.size() > name.size() && takes.ends_with(name) && takes[takes.size() - name.size() - 1] == '/';
    if (name == takes || is_its_name || (named != 0 && may_be(named, expected, definitions))) return {};
    return "This is a resource of type '" + std::string(name) + "', but the map takes '" + takes + "'.";
  }
  if (name.empty() || name == "csv") return {};
  if (kind == fhir::TypeKind::Resource && name == takes)
    return "The root element '" + takes + "' is not in FHIR's namespace; write xmlns=\"http://hl7.org/fhir\".";
  if (name == takes || (named != 0 && kind == fhir::TypeKind::Logical && may_be(named, expected, definitions))) return {};
  return "The root element is '" + std::string(name) + "', but the map takes '" + takes + "'.";
}

}  // namespace vardbron::mapping
