#include "gateway/care/task_body.h"

#include "gateway/base/limits.h"
#include "gateway/care/chain/elements.h"
#include "gateway/care/contact_body.h"
#include "gateway/care/task_output.h"
#include "gateway/sweden/hsa_id.h"
#include "gateway/sweden/identifier_system.h"
#include "gateway/time/civil.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>
#include <vector>

namespace vardbron::care {
namespace {

using tree::Document;
using tree::Item;

template <std::size_t size>
bool is_one_of(const std::array<std::string_view, size>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

constexpr std::array<std::string_view, 6> written = {"resourceType", "id", "meta", "status", "statusReason", "note"};
constexpr std::array<std::string_view, 5> coding_elements = {"system", "version", "code", "display", "userSelected"};

Failure refused(std::string says, std::string where) { return Failure{Cause::Unsupported, std::move(says), std::move(where)}; }

Failure not_kept(std::string where) {
  return refused(
      "This is not kept: a party writes a Task's status, its statusReason (text and coding) and notes (text, time and author), "
      "with utse-fast-vardkontakt the contact (output and contained), and all else follows from the case. Send it as it was "
      "read, or leave it out.",
      std::move(where));
}

class TaskReader {
 public:
  TaskReader(const Document& task, TaskVersions known, std::string organisation, WallTime at)
      : root_(tree::root(task)), known_{tree::root(known.current)} {
    if (known.read) known_.push_back(tree::root(*known.read));
    write_.organisation = std::move(organisation);
    write_.at = {at, time::format_local(at)};
  }

  Result<Write> read() {
    if (root_.text_of("resourceType") != "Task") return Failure{Cause::Invalid, "This is no Task.", "Task"};
    write_.task = root_.text_of("id");
    if (write_.task.empty()) return Failure{Cause::Invalid, "The Task has no id.", "Task.id"};
    if (root_.text_of("status").empty()) return Failure{Cause::Invalid, "The Task has no status.", "Task.status"};
    for (Result<void> (TaskReader::*step)() : {&TaskReader::check_others, &TaskReader::check_meta, &TaskReader::check_ids,
                                               &TaskReader::read_reason, &TaskReader::read_notes, &TaskReader::read_contact}) {
      if (Result<void> taken = (this->*step)(); !taken) return std::move(taken).failure();
    }
    return std::move(write_);
  }

 private:
  Item current() const { return known_.front(); }

  /// Equal to the current version, or to the version that the party read.
  bool is_unchanged(const Items& list, std::string_view below, std::string_view name) const {
    return std::any_of(known_.begin(), known_.end(), [&](Item task) {
      const Items known = items_of(below.empty() ? task : task.child(below), name);
      return std::equal(list.begin(), list.end(), known.begin(), known.end(), is_same_element);
    });
  }

  Result<void> check_others() {
    for (const auto& [name, list] : by_name(root_)) {
      const std::string where = "Task." + std::string(name);
      if (is_one_of(written, name)) {
        if (name != "note" && list.size() > 1) return not_kept(where + "[1]");
        continue;
      }
      if (is_unchanged(list, "", name)) continue;
      if (asks_for_contact(current()) && (name == "output" || name == "contained")) {
        names_contact_ = true;
        continue;
      }
      if (!root_.document->in_list(list.front().node)) return not_kept(where);
      const Items known = items_of(current(), name);
      const auto differs = std::mismatch(list.begin(), list.end(), known.begin(), known.end(), is_same_element).first;
      return not_kept(where + "[" + std::to_string(differs == list.end() ? 0 : differs - list.begin()) + "]");
    }
    return done();
  }

  Result<void> check_meta() {
    for (const auto& [name, list] : by_name(root_.child("meta"))) {
      if (name == "versionId" || name == "lastUpdated" || is_unchanged(list, "meta", name)) continue;
      return not_kept("Task.meta." + std::string(name));
    }
    return done();
  }

  Result<void> check_ids() {
    for (std::string_view name : {"id", "status"})
      if (Result<void> bare = check_bare(root_.child(name), "Task." + std::string(name)); !bare) return bare;
    const std::string_view status = root_.text_of("status");
    if (status != current().text_of("status")) write_.status = status;
    return done();
  }

  static Result<void> check_bare(Item value, const std::string& where) {
    if (Item part = value.first_child()) return not_kept(where + "." + std::string(part.name_text()));
    if (value.text().size() <= limits::task_text_bytes_max) return done();
    return refused("A text of a Task has at most " + std::to_string(limits::task_text_bytes_max) + " bytes.", where);
  }

  Result<void> read_reason() {
    const Item reason = root_.child("statusReason");
    if (!reason || (write_.status.empty() && is_unchanged({reason}, "", "statusReason"))) return done();
    std::size_t codings = 0;
    for (Item child = reason.first_child(); child; child = child.next()) {
      std::string where = "Task.statusReason." + std::string(child.name_text());
      Result<void> taken = not_kept(where);
      if (child.name_text() == "text") taken = check_bare(child, where);
      if (child.name_text() == "coding") taken = read_coding(child, where + "[" + std::to_string(codings++) + "]");
      if (!taken) return taken;
    }
    write_.reason = reason.text_of("text");
    return done();
  }

  Result<void> read_coding(Item coding, const std::string& where) {
    for (Item child = coding.first_child(); child; child = child.next()) {
      const std::string place = where + "." + std::string(child.name_text());
      if (!is_one_of(coding_elements, child.name_text())) return not_kept(place);
      if (Result<void> bare = check_bare(child, place); !bare) return bare;
    }
    write_.reason_codes.push_back(coding_at(coding));
    return done();
  }

  /// The Task that asks for a fast vårdkontakt is completed with the name of one.
  Result<void> read_contact() {
    if (!asks_for_contact(current()) || (!names_contact_ && write_.status != "completed")) return done();
    if (root_.text_of("status") != "completed")
      return refused("Name the fast vårdkontakt as you complete the Task.", "Task.output");
    if (std::optional<Contact> proposed = read_proposed(current()); proposed && !names_contact_) {
      write_.contact = *std::move(proposed);
      return done();
    }
    Result<Contact> contact = read_contact_output(root_, write_.organisation);
    if (!contact) return std::move(contact).failure();
    write_.contact = std::move(*contact);
    return done();
  }

  Result<void> read_notes() {
    const Items given = items_of(root_, "note"), earlier = items_of(current(), "note");
    std::vector<bool> is_given(earlier.size());
    for (std::size_t index = 0; index < given.size(); ++index) {
      std::size_t same = 0;
      while (same < earlier.size() && (is_given[same] || !is_part_of(given[index], earlier[same]))) ++same;
      if (same < earlier.size()) {
        is_given[same] = true;
        continue;
      }
      if (earlier.size() + write_.notes.size() >= limits::notes_per_task_max)
        return refused("A Task has at most " + std::to_string(limits::notes_per_task_max) + " notes.", "Task.note");
      if (Result<void> taken = read_note(given[index], "Task.note[" + std::to_string(index) + "]"); !taken) return taken;
    }
    const std::size_t seen = std::min(earlier.size(), items_of(known_.back(), "note").size());
    const auto last_seen = is_given.begin() + static_cast<std::ptrdiff_t>(seen);
    const bool has_some = std::find(is_given.begin(), is_given.end(), true) != is_given.end();
    if (!has_some || std::find(is_given.begin(), last_seen, false) == last_seen) return done();
    return refused("Notes are added, and neither changed nor taken away: send all earlier ones and new ones, or new ones only.",
                   "Task.note");
  }

  Result<void> read_note(Item annotation, const std::string& where) {
    Note note;
    note.organisation = write_.organisation;
    note.at = write_.at.text;
    for (Item child = annotation.first_child(); child; child = child.next()) {
      const std::string place = where + "." + std::string(child.name_text());
      Result<void> taken = not_kept(place);
      if (child.name_text() == "authorReference") {
        taken = read_author(child, note, place);
      } else if (std::string* text = text_of(note, child.name_text())) {
        taken = check_bare(child, place);
        *text = child.text();
      }
      if (!taken) return taken;
    }
    if (note.text.empty()) return refused("A note has a text.", where + ".text");
    write_.notes.push_back(std::move(note));
    return done();
  }

  static std::string* text_of(Note& note, std::string_view element) {
    if (element == "text") return &note.text;
    if (element == "time") return &note.at;
    if (element != "authorString") return nullptr;
    note.by_organisation = false;
    return &note.author;
  }

  Result<void> read_author(Item author, Note& note, const std::string& where) const {
    for (Item child = author.first_child(); child; child = child.next()) {
      const std::string_view name = child.name_text();
      const bool is_this = name == "display" || (name == "type" && child.text() == "Organization") ||
                           (name == "identifier" && names_organisation(child, write_.organisation));
      if (is_this && name != "identifier") {
        if (Result<void> bare = check_bare(child, where + "." + std::string(name)); !bare) return bare;
      }
      if (!is_this) {
        return refused("The author of a note is the organisation that sends it; name a person by authorString, or by display.",
                       where + "." + std::string(name));
      }
    }
    note.author = author.text_of("display");
    return done();
  }

  Item root_;
  Items known_;  // as it is now; as the party read it
  Write write_;
  bool names_contact_ = false;
};

}  // namespace

Result<void> check_owner(const Document& task, std::string_view organisation) {
  const Item owner = tree::root(task).child("owner").child("identifier");
  const std::string system(owner.text_of("system")), value(owner.text_of("value"));
  if (value == organisation || system + "|" + value == organisation) return done();
  return Failure{Cause::Forbidden,
                 "This Task is for " + sweden::shown(value) + ", and its owner alone may write it. You may read it.",
                 "Task.owner"};
}

Result<Write> read_task(const Document& task, TaskVersions known, std::string organisation, WallTime at) {
  return TaskReader(task, known, std::move(organisation), at).read();
}

}  // namespace vardbron::care
