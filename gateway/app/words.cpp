#include "gateway/app/words.h"

namespace vardbron::app {

namespace {

std::string_view extension_value(tree::Item resource, std::string_view ending) {
  for (tree::Item each = resource.first_child(); each; each = each.next()) {
    if (each.name_text() == "extension" && each.text_of("url").ends_with(ending)) return value_of(each);
  }
  return {};
}

std::string minutes_of(std::string_view date_time) {
  std::string text(date_time.substr(0, 16));
  if (text.size() > 10) text[10] = ' ';
  return text;
}

std::string encounter_in_words(tree::Item encounter) {
  const std::string_view status = encounter.text_of("status");
  std::string words = "case " + std::string(encounter.child("identifier").text_of("value"));
  if (status == "in-progress")
    words += ": in hospital";
  else if (status == "onleave")
    words += ": on leave";
  else if (status == "finished")
    words += ": the stay has ended";
  else
    words += ": " + std::string(status);
  const tree::Item period = encounter.child("period");
  if (const std::string_view start = period.text_of("start"); !start.empty()) words += ", admitted " + minutes_of(start);
  if (const std::string_view end = period.text_of("end"); !end.empty()) words += ", left " + minutes_of(end);
  if (const std::string_view planned = extension_value(encounter, "/beraknad-utskrivning"); !planned.empty()) {
    words += ", planned discharge " + std::string(planned);
  }
  if (const std::string_view ready = extension_value(encounter, "/utskrivningsklar"); !ready.empty()) {
    words += ", ready for discharge since " + minutes_of(ready);
  }
  return words;
}

std::string task_in_words(tree::Item task) {
  std::string words = "to do: " + std::string(task.child("code").child("coding").text_of("code"));
  if (const std::string_view due = task.child("restriction").child("period").text_of("end"); !due.empty()) {
    words += ", by " + minutes_of(due);
  }
  return words += " (" + std::string(task.text_of("status")) + ")";
}

}  // namespace

std::string_view value_of(tree::Item element) {
  for (tree::Item part = element.first_child(); part; part = part.next()) {
    if (!part.name_text().starts_with("value")) continue;
    return part.has_value() ? part.text() : part.text_of("reference");
  }
  return {};
}

std::string resource_in_words(tree::Item resource) {
  const std::string_view type = resource.text_of("resourceType");
  if (type == "Encounter") return encounter_in_words(resource);
  if (type == "Task") return task_in_words(resource);
  return std::string(type) + "/" + std::string(resource.text_of("id"));
}

}  // namespace vardbron::app
