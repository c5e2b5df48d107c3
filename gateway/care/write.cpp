#include "gateway/care/write.h"

#include "gateway/care/task_status.h"
#include "gateway/sweden/civil_time.h"

#include <array>
#include <utility>

namespace vardbron::care {
namespace {

using tree::Document;
using tree::Item;
using tree::Kind;
using tree::NodeId;

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

void add_parameter(Document& document, std::string_view name, std::string_view value_name, std::string_view value) {
  NodeId parameter = document.add(0, document.intern("parameter"), Kind::Object, true);
  document.add_text(parameter, document.intern("name"), Kind::String, name);
  document.add_text(parameter, document.intern(value_name), Kind::String, value);
}

}  // namespace

Document to_document(const Write& write, const tree::Names& names) {
  Document document(names);
  document.add_text(0, document.intern("resourceType"), Kind::String, "Parameters");
  for (const Field& field : fields)
    if (!(write.*field.text).empty()) add_parameter(document, field.name, field.value_name, write.*field.text);
  add_parameter(document, "at", "valueDateTime", write.at.text);
  return document;
}

bool is_write(const Document& link) { return tree::root(link).text_of("resourceType") == "Parameters"; }

Result<Write> read_write(const Document& parameters) {
  if (!is_write(parameters)) return invalid("A party's write is kept as Parameters.", "Parameters");
  Write write;
  for (Item one = tree::root(parameters).child("parameter"); one; one = one.next()) {
    std::string_view name = one.text_of("name");
    for (const Field& field : fields)
      if (name == field.name) write.*field.text = one.text_of(field.value_name);
    if (name == "at") write.at.text = one.text_of("valueDateTime");
  }
  if (write.identity.empty() || write.task.empty() || write.status.empty() || write.organisation.empty())
    return invalid("A party's write names itself, the Task, its status and who wrote.", "Parameters.parameter");
  Result<sweden::Moment> at = sweden::parse_moment(write.at.text);
  if (!at) return invalid("When the party wrote is missing.", "Parameters.parameter.where(name = 'at')");
  write.at.at = at->at;
  return write;
}

// Once the status is the same the fold takes nothing else from a write.
bool leaves_as_it_is(const Document& task, const Write& write) {
  const Item root = tree::root(task);
  const bool is_owner = root.child("owner").child("identifier").text_of("value") == write.organisation;
  return is_owner && root.text_of("status") == write.status && may_move(write.status, write.status).ok();
}

Result<Write> read_task(const Document& task, std::string organisation, WallTime at) {
  Item root = tree::root(task);
  if (root.text_of("resourceType") != "Task") return invalid("This is no Task.", "Task");
  Write write;
  write.task = root.text_of("id");
  write.status = root.text_of("status");
  write.organisation = std::move(organisation);
  write.at = {at, sweden::format_local(at)};
  if (write.task.empty()) return invalid("The Task has no id.", "Task.id");
  if (write.status.empty()) return invalid("The Task has no status.", "Task.status");
  Item reason = root.child("statusReason");
  write.reason = reason.text_of("text");
  if (write.reason.empty()) write.reason = reason.child("coding").text_of("display");
  return write;
}

}  // namespace vardbron::care
