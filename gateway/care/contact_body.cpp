#include "gateway/care/contact_body.h"

#include "gateway/base/limits.h"
#include "gateway/base/text.h"
#include "gateway/care/arende/contact_writer.h"
#include "gateway/care/chain/code_systems.h"
#include "gateway/care/chain/elements.h"
#include "gateway/care/task_output.h"

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace vardbron::care {
namespace {

using tree::Item;
using Names = std::initializer_list<std::string_view>;

constexpr std::string_view uri_system = "urn:ietf:rfc:3986";

/// Holds the first fault; what is read after it is of no use.
class ContactReader {
 public:
  ContactReader(Item resource, std::string type, const std::string& organisation)
      : resource_{resource, std::move(type)},
        organisation_(organisation),
        contained_(places_of(resource_, "contained")),
        is_used_(contained_.size()) {}

  Result<Contact> read_task() {
    for (std::size_t index = 0; index < contained_.size(); ++index)  // who is proposed stays where it is
      is_used_[index] = resource_.item.child("input").child("valueReference").text_of("reference") ==
                        "#" + std::string(contained_[index].item.text_of("id"));
    const std::vector<Place> outputs = places_of(resource_, "output");
    if (outputs.size() > 1) refuse("One fast vårdkontakt is appointed with a Task.", outputs[1].where);
    if (!outputs.empty()) read_output(outputs.front());
    check_contained("Task.output");
    if (contact_.name.empty())
      refuse(
          "Name the fast vårdkontakt that is appointed: a valueReference with a display, or to a contained PractitionerRole or "
          "Practitioner with a name.",
          "Task.output");
    if (contact_.type == "2" || contact_.type == "3")
      refuse(
          "A fast läkarkontakt (2) or fast omsorgskontakt (3) is not the fast vårdkontakt that this Task asks for (LUS 2:5). "
          "Send a notice of it.",
          "Task.output");
    return outcome();
  }

  Result<Contact> read_team() {
    const std::vector<Place> participants = places_of(resource_, "participant");
    if (participants.size() > 1)
      refuse("A CareTeam is one fast kontakt: each other one has a CareTeam of its own.", participants[1].where);
    if (participants.empty()) refuse("Name the fast kontakt: one participant.", resource_.where + ".participant");
    if (!participants.empty()) read_participant(participants.front());
    check_contained("CareTeam.participant");
    for (const Place& telecom : places_of(resource_, "telecom")) read_phone_of_team(telecom);
    if (contact_.name.empty() && contact_.phone.empty())
      refuse("Name the fast kontakt: the participant's member has neither a name nor a telephone number.",
             resource_.where + ".participant[0].member");
    return outcome();
  }

 private:
  Result<Contact> outcome() {
    if (fault_) return *std::move(fault_);
    return std::move(contact_);
  }

  void check_contained(const std::string& referring) {
    for (std::size_t index = 0; index < contained_.size(); ++index)
      if (!is_used_[index]) refuse("Nothing in " + referring + " refers to this, so it is not kept.", contained_[index].where);
  }

  void read_participant(const Place& participant) {
    only(participant, {"extension", "role", "member"});
    for (const Place& extension : places_of(participant, "extension")) read_via_team(extension);
    for (const Place& role : places_of(participant, "role")) read_code(role);
    const Place member{participant.item.child("member"), participant.where + ".member"};
    if (!member.item) return refuse("Name the fast kontakt.", member.where);
    read_reference(member, true);
    if (has_role_ && !role_names_somebody_) contact_.name.clear();  // what is displayed is the unit
  }

  void read_via_team(const Place& extension) {
    only(extension, {"url", "valueReference"});
    if (text(extension, "url") != via_team_url || !contact_.team.empty())
      return refuse("Of a participant the extension contactViaTeam is kept, once, and no other.", extension.where);
    const Place team{extension.item.child("valueReference"), extension.where + ".valueReference"};
    only(team, {"type", "display"});
    if (const std::string type = text(team, "type"); !type.empty() && type != "CareTeam")
      refuse("A contact is reached through a CareTeam.", team.where + ".type");
    contact_.team = text(team, "display");
    if (contact_.team.empty()) refuse("The team has no name: it is the display.", team.where + ".display");
  }

  /// The contact's own number, then that of the team.
  void read_phone_of_team(const Place& telecom) {
    only(telecom, {"system", "value", "use"});
    if (text(telecom, "system") != "phone")
      return refuse("A telephone number is kept of a contact, and nothing else.", telecom.where + ".system");
    std::string number = text(telecom, "value");
    if (number == contact_.phone || number == contact_.team_phone) return;
    if (contact_.phone.empty() && contact_.team.empty())
      contact_.phone = std::move(number);
    else if (!contact_.team.empty() && contact_.team_phone.empty())
      contact_.team_phone = std::move(number);
    else
      refuse("One telephone number is kept of a contact, and one of the team through which it is reached: leave this one out.",
             telecom.where);
  }

  void refuse(std::string says, std::string where) {
    if (!fault_) fault_ = Failure{Cause::Unsupported, std::move(says), std::move(where)};
  }

  void only(const Place& place, Names names) {
    if (!place.item) return;
    for (Item child = place.item.first_child(); child; child = child.next())
      if (std::find(names.begin(), names.end(), child.name_text()) == names.end())
        refuse("This is not kept of a fast kontakt. Leave it out.", place.where + "." + std::string(child.name_text()));
  }

  std::string text(const Place& place, std::string_view name) {
    const Item value = place.item.child(name);
    if (!value) return {};
    const std::string where = place.where + "." + std::string(name);
    only({value, where}, {});
    if (value.text().size() > limits::task_text_bytes_max)
      refuse("This text has at most " + std::to_string(limits::task_text_bytes_max) + " bytes.", where);
    return std::string(trim(value.text()));
  }

  void learn(std::string& known, std::string value, const std::string& where) {
    if (!known.empty() && !value.empty() && known != value)
      refuse("This differs from what is said of the contact elsewhere.", where);
    if (known.empty()) known = std::move(value);
  }

  void read_output(const Place& output) {
    only(output, {"type", "valueReference"});
    read_type({output.item.child("type"), output.where + ".type"});
    const Place reference{output.item.child("valueReference"), output.where + ".valueReference"};
    if (reference.item) read_reference(reference, true);
  }

  /// Task.output.type says what the output is, or of which kind the contact is.
  void read_type(const Place& type) {
    only(type, {"coding", "text"});
    text(type, "text");
    for (const Place& coding : places_of(type, "coding")) {
      only(coding, {"system", "version", "code", "display"});
      const std::string system = text(coding, "system"), code = text(coding, "code");
      if (system == contact_type_system) {
        read_kind(coding, code);
      } else if (!(system == team_system && code == fast_kontakt) &&
                 !(system == task_system && code == "utse-fast-vardkontakt")) {
        refuse("This code is not kept. Say that it is a fast kontakt, or its kind (" + std::string(contact_type_system) + ").",
               coding.where);
      }
    }
  }

  void read_kind(const Place& coding, const std::string& code) {
    if (code.size() != 1 || code < "1" || code > "4")
      refuse("The kinds of fast kontakt are 1 to 4.", coding.where + ".code");
    else
      learn(contact_.type, code, coding.where + ".code");
  }

  /// `is_role_allowed`: it may be to a PractitionerRole too.
  void read_reference(const Place& reference, bool is_role_allowed) {
    only(reference, {"reference", "type", "identifier", "display"});
    const std::string type = text(reference, "type"), literal = text(reference, "reference");
    const bool is_person = type.empty() || type == "Practitioner" || (is_role_allowed && type == "PractitionerRole");
    if (!is_person) refuse("A fast vårdkontakt is a PractitionerRole or a Practitioner.", reference.where + ".type");
    learn(contact_.name, text(reference, "display"), reference.where + ".display");
    if (const Item identifier = reference.item.child("identifier"))
      read_identifier({identifier, reference.where + ".identifier"});
    if (literal.starts_with('#')) return read_contained(literal.substr(1), reference.where + ".reference", is_role_allowed);
    if (literal.empty()) return;
    if (literal.find("Practitioner/") == std::string::npos && literal.find("PractitionerRole/") == std::string::npos &&
        !literal.starts_with("urn:"))
      refuse("A fast vårdkontakt is a PractitionerRole or a Practitioner.", reference.where + ".reference");
    // Kept as an identifier: the gateway has no such resource, and what is relative is so to its sender.
    const bool is_uri = literal.find(':') != std::string::npos;
    contact_.identifiers.push_back({is_uri ? std::string(uri_system) : std::string(), literal});
  }

  void read_identifier(const Place& identifier) {
    only(identifier, {"system", "value"});
    Identity made{text(identifier, "system"), text(identifier, "value")};
    if (made.value.empty()) return refuse("The identifier has no value.", identifier.where);
    contact_.identifiers.push_back(std::move(made));
  }

  void read_contained(const std::string& id, const std::string& where, bool is_role_allowed) {
    for (std::size_t index = 0; index < contained_.size(); ++index) {
      const Place& resource = contained_[index];
      if (is_used_[index] || resource.item.text_of("id") != id) continue;
      const std::string_view type = resource.item.text_of("resourceType");
      is_used_[index] = true;
      if (type == "Practitioner") return read_practitioner(resource);
      if (type == "PractitionerRole" && is_role_allowed) return read_role(resource);
      return refuse("A fast vårdkontakt is a PractitionerRole or a Practitioner.", resource.where + ".resourceType");
    }
    refuse("There is nothing contained with this id.", where);
  }

  void read_role(const Place& role) {
    only(role, {"resourceType", "id", "active", "period", "identifier", "practitioner", "organization", "code", "telecom"});
    for (const Place& each : places_of(role, "identifier")) read_identifier(each);
    if (const Item practitioner = role.item.child("practitioner"))
      read_reference({practitioner, role.where + ".practitioner"}, false);
    if (role.item.child("active") && text(role, "active") != "true")
      refuse("Who is not active is no fast vårdkontakt.", role.where + ".active");
    const Place unit{role.item.child("organization"), role.where + ".organization"};
    only(unit, {"type", "identifier", "display"});
    if (unit.item && !names_organisation(unit.item.child("identifier"), organisation_))
      refuse("The fast kontakt is of the unit that sends this: name it by its identifier, or leave it out.", unit.where);
    const Place period{role.item.child("period"), role.where + ".period"};
    only(period, {"start"});
    contact_.since = text(period, "start");
    for (const Place& code : places_of(role, "code")) read_code(code);
    read_telecom(role);
    has_role_ = true;
    role_names_somebody_ = bool(role.item.child("practitioner"));
  }

  void read_code(const Place& code) {
    only(code, {"coding", "text"});
    text(code, "text");
    for (const Place& coding : places_of(code, "coding")) {
      only(coding, {"system", "version", "code", "display"});
      if (text(coding, "system") != contact_type_system)
        refuse("This code is not kept. The kind of a fast kontakt is of " + std::string(contact_type_system) + ".", coding.where);
      else
        read_kind(coding, text(coding, "code"));
    }
  }

  void read_practitioner(const Place& practitioner) {
    only(practitioner, {"resourceType", "id", "active", "identifier", "name", "telecom"});
    for (const Place& each : places_of(practitioner, "identifier")) read_identifier(each);
    const std::vector<Place> names = places_of(practitioner, "name");
    if (names.size() > 1) refuse("One name is kept.", names[1].where);
    if (!names.empty()) read_name(names.front());
    read_telecom(practitioner);
  }

  void read_name(const Place& name) {
    only(name, {"use", "text", "given", "family"});
    std::string whole = text(name, "text"), parts;
    for (const Place& given : places_of(name, "given")) {
      only(given, {});
      parts += std::string(given.item.text()) + " ";
    }
    parts += text(name, "family");
    learn(contact_.name, whole.empty() ? std::string(trim(parts)) : std::move(whole), name.where);
  }

  void read_telecom(const Place& parent) {
    for (const Place& telecom : places_of(parent, "telecom")) {
      only(telecom, {"system", "value", "use"});
      if (text(telecom, "system") != "phone")
        refuse("A telephone number is kept of a contact, and nothing else.", telecom.where + ".system");
      std::string number = text(telecom, "value");
      if (!contact_.phone.empty() && !number.empty() && number != contact_.phone)
        refuse("One telephone number is kept of a contact: leave the others out.", telecom.where);
      if (contact_.phone.empty()) contact_.phone = std::move(number);
    }
  }

  Place resource_;
  const std::string& organisation_;
  std::vector<Place> contained_;
  std::vector<bool> is_used_;
  Contact contact_;
  bool has_role_ = false, role_names_somebody_ = false;
  std::optional<Failure> fault_;
};

}  // namespace

Result<Contact> read_contact_output(Item task, const std::string& organisation) {
  return ContactReader(task, "Task", organisation).read_task();
}

Result<Contact> read_contact_team(Item team, const std::string& organisation) {
  return ContactReader(team, "CareTeam", organisation).read_team();
}

}  // namespace vardbron::care
