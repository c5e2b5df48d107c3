#include "gateway/care/task_output.h"

#include "gateway/care/arende/contact_writer.h"
#include "gateway/care/chain/code_systems.h"
#include "gateway/sweden/hsa_id.h"
#include "gateway/sweden/identifier_system.h"
#include "gateway/tree/children.h"

#include <string_view>

namespace vardbron::care {

using tree::Item;

bool asks_for_contact(Item task) {
  const Item coding = task.child("code").child("coding");
  return coding.text_of("system") == task_system && coding.text_of("code") == to_string(CaseTaskKind::UtseFastVardkontakt);
}

bool names_organisation(Item identifier, const std::string& organisation) {
  for (Item child = identifier.first_child(); child; child = child.next())
    if ((child.name_text() != "system" && child.name_text() != "value") || child.first_child()) return false;
  const std::string system(identifier.text_of("system")), value(identifier.text_of("value"));
  if (system + "|" + value == organisation) return true;
  const bool is_hsa_id = system.empty() || sweden::find_system(system) == sweden::IdentifierSystem::HsaId;
  return is_hsa_id && sweden::normal_hsa_id(value) == organisation;
}

std::optional<Contact> read_proposed(Item task) {
  const Item input = task.child("input");
  if (input.child("type").child("coding").text_of("code") != fast_kontakt) return std::nullopt;
  Contact contact;
  contact.name = input.child("valueReference").text_of("display");
  tree::for_each_child(task, "contained", [&](Item role) {
    if ("#" + std::string(role.text_of("id")) != input.child("valueReference").text_of("reference")) return;
    contact.type = role.child("code").child("coding").text_of("code");
    contact.phone = role.child("telecom").text_of("value");
    contact.since = role.child("period").text_of("start");
    tree::for_each_child(role, "identifier", [&](Item each) {
      contact.identifiers.push_back({std::string(each.text_of("system")), std::string(each.text_of("value"))});
    });
  });
  return contact;
}

}  // namespace vardbron::care
