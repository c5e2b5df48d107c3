#include "gateway/care/chain/write.h"

#include "gateway/time/civil.h"

#include <array>
#include <utility>

namespace vardbron::care {
namespace {

using tree::Document;
using tree::Item;

Failure invalid(std::string says, std::string where) { return Failure{Cause::Invalid, std::move(says), std::move(where)}; }

struct Field {
  std::string_view name, value_name;
  std::string Write::*text;
};

constexpr std::array<Field, 5> fields = {{{"identity", "valueString", &Write::identity},
                                          {"task", "valueId", &Write::task},
                                          {"status", "valueCode", &Write::status},
                                          {"reason", "valueString", &Write::reason},
                                          {"organisation", "valueString", &Write::organisation}}};

constexpr std::array<std::pair<std::string_view, std::string Contact::*>, 4> contact_fields = {
    {{"contact-name", &Contact::name},
     {"contact-phone", &Contact::phone},
     {"contact-type", &Contact::type},
     {"contact-since", &Contact::since}}};
constexpr std::string_view contact_identifier = "contact-identifier";

void read_contact_part(Contact& contact, std::string_view name, Item parameter) {
  for (const auto& [field, text] : contact_fields)
    if (name == field) contact.*text = parameter.text_of("valueString");
  if (name != contact_identifier) return;
  const Item identifier = parameter.child("valueIdentifier");
  contact.identifiers.push_back({std::string(identifier.text_of("system")), std::string(identifier.text_of("value"))});
}

void write_contact(Branch root, const Contact& contact) {
  for (const auto& [field, text] : contact_fields)
    if (!(contact.*text).empty()) root.item("parameter").text("name", field).text("valueString", contact.*text);
  for (const Identity& each : contact.identifiers)
    root.item("parameter").text("name", contact_identifier).identifier("valueIdentifier", each.system, each.value);
}

Note note_at(Item annotation, const std::string& organisation) {
  Note note;
  note.by_organisation = !annotation.child("authorString");
  note.author =
      note.by_organisation ? annotation.child("authorReference").text_of("display") : annotation.text_of("authorString");
  note.text = annotation.text_of("text");
  note.at = annotation.text_of("time");
  note.organisation = organisation;
  return note;
}

void write_note(Branch annotation, const Note& note) {
  if (note.by_organisation && !note.author.empty()) annotation.object("authorReference").text("display", note.author);
  if (!note.by_organisation) annotation.text("authorString", note.author);
  annotation.text("time", note.at).text("text", note.text);
}

}  // namespace

Document to_document(const Write& write, const tree::Names& names) {
  Document document(names);
  Branch root(document, 0);
  root.text("resourceType", "Parameters");
  for (const Field& field : fields)
    if (!(write.*field.text).empty()) root.item("parameter").text("name", field.name).text(field.value_name, write.*field.text);
  root.item("parameter").text("name", "at").text("valueDateTime", write.at.text);
  for (const ReasonCode& code : write.reason_codes) {
    Branch parameter = root.item("parameter");
    write_coding(parameter.text("name", "reason-code").object("valueCoding"), code);
  }
  write_contact(root, write.contact);
  for (const Note& note : write.notes) {
    Branch parameter = root.item("parameter");
    write_note(parameter.text("name", "note").object("valueAnnotation"), note);
  }
  return document;
}

void write_coding(Branch coding, const ReasonCode& code) {
  coding.text("system", code.system).text("version", code.version).text("code", code.code).text("display", code.display);
  if (!code.user_selected.empty()) coding.boolean("userSelected", code.user_selected == "true");
}

ReasonCode coding_at(Item coding) {
  ReasonCode code;
  code.system = coding.text_of("system");
  code.version = coding.text_of("version");
  code.code = coding.text_of("code");
  code.display = coding.text_of("display");
  code.user_selected = coding.text_of("userSelected");
  return code;
}

bool is_write(const Document& link) { return tree::root(link).text_of("resourceType") == "Parameters"; }

Result<Write> read_write(const Document& parameters) {
  if (!is_write(parameters)) return invalid("A party's write is kept as Parameters.", "Parameters");
  Write write;
  std::vector<Item> notes;
  for (Item one = tree::root(parameters).child("parameter"); one; one = one.next()) {
    std::string_view name = one.text_of("name");
    for (const Field& field : fields)
      if (name == field.name) write.*field.text = one.text_of(field.value_name);
    if (name == "at") write.at.text = one.text_of("valueDateTime");
    if (name == "reason-code") write.reason_codes.push_back(coding_at(one.child("valueCoding")));
    read_contact_part(write.contact, name, one);
    if (name == "note") notes.push_back(one.child("valueAnnotation"));
  }
  for (Item note : notes) write.notes.push_back(note_at(note, write.organisation));
  if (write.identity.empty() || write.task.empty() || write.organisation.empty() || is_empty(write))
    return invalid("A party's write names itself, the Task, what is new of it and who wrote.", "Parameters.parameter");
  Result<time::CivilTime> at = time::parse_civil(write.at.text);
  if (!at) return invalid("When the party wrote is missing.", "Parameters.parameter.where(name = 'at')");
  write.at.at = at->at;
  return write;
}

bool names_contact(const Write& write) { return !write.contact.name.empty(); }

bool is_empty(const Write& write) {
  return !names_contact(write) && write.status.empty() && write.reason.empty() && write.reason_codes.empty() &&
         write.notes.empty();
}

}  // namespace vardbron::care
