#pragma once

#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "gateway/care/chain/branch.h"
#include "gateway/care/chain/notice.h"
#include "gateway/tree/document.h"

#include <string>
#include <vector>

namespace vardbron::care {

/// A party's note on a Task: FHIR Annotation.
struct Note {
  std::string text;
  std::string author;  ///< a person or unit as the party wrote it; empty: the organisation alone
  bool by_organisation =
      true;                  ///< authorReference to the organisation that wrote, which `author` then displays; else authorString
  std::string organisation;  ///< id of the Party that wrote
  std::string at;            ///< FHIR dateTime
  bool operator==(const Note&) const = default;
};

/// One Coding of Task.statusReason.
struct ReasonCode {
  std::string system, version, code, display, user_selected;
  bool operator==(const ReasonCode&) const = default;
};

/// What a party wrote through the API: a new Task status, or a note. A link of the same chain as the notices.
struct Write {
  std::string identity;      ///< unique in the case
  std::string task;          ///< Task.id
  std::string status;        ///< Task.status it is moved to; empty: it stays where it is
  std::string reason;        ///< Task.statusReason.text, or empty
  std::string organisation;  ///< id of the Party that wrote; from the Caller, never from the body
  SentTime at;
  std::vector<ReasonCode> reason_codes{};  ///< Task.statusReason.coding
  std::vector<Note> notes{};               ///< new ones
  Contact contact{};                       ///< of Task.output: whom the party appointed; without a name: nobody
  bool operator==(const Write&) const = default;
};

/// The link's body: a Parameters resource, since the journal holds FHIR only.
tree::Document to_document(const Write& write, const tree::Names& names);
/// Invalid: not a Parameters resource made by to_document.
Result<Write> read_write(const tree::Document& parameters);
/// A Coding's elements, written and read.
void write_coding(Branch coding, const ReasonCode& code);
ReasonCode coding_at(tree::Item coding);
/// True for a Parameters resource: a chain link's body is a Write, else a notice Bundle.
bool is_write(const tree::Document& link);

bool names_contact(const Write& write);

/// True if it neither changes the status, nor the reason, nor adds a note, nor names a contact.
bool is_empty(const Write& write);

}  // namespace vardbron::care
