#include "gateway/access/audit.h"

#include <map>

namespace vardbron::access {

namespace {

store::AuditRow row(std::string_view action, const Caller& caller, std::string_view subject) {
  store::AuditRow made;
  made.action = action;
  made.caller = caller.organisation;
  made.subject = subject;
  return made;
}

// A stranger may send any method; none of their text goes into the access log.
std::string_view method_name(std::string_view method) {
  for (std::string_view known : {"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"}) {
    if (method == known) return known;
  }
  return "other method";
}

}  // namespace

store::AuditRow intake(const Caller& caller, std::string_view case_key, std::string_view says) {
  store::AuditRow made = row("intake", caller, "");
  made.case_key = case_key;
  made.says = says;
  return made;
}

store::AuditRow shown(const Caller& caller, std::string_view subject, std::string_view case_key) {
  store::AuditRow made = row("read", caller, subject);
  made.case_key = case_key;
  return made;
}

store::AuditRow searched(const Caller& caller, std::string_view type, std::size_t matches) {
  store::AuditRow made = row("search", caller, type);
  made.says = std::to_string(matches) + " matches";
  return made;
}

std::vector<store::AuditRow> searched(const Caller& caller, std::string_view type, const store::Page& page) {
  std::map<std::string_view, std::size_t> shown;
  for (const std::vector<store::Resource>* all : {&page.resources, &page.included})
    for (const store::Resource& each : *all) ++shown[each.case_key];
  if (shown.empty()) shown[""] = 0;
  std::vector<store::AuditRow> rows;
  for (const auto& [case_key, matches] : shown) {
    rows.push_back(searched(caller, type, matches));
    rows.back().case_key = case_key;
  }
  return rows;
}

store::AuditRow extracted(const Caller& caller, std::string_view subject, std::string_view case_key, std::size_t rows) {
  store::AuditRow made = row("extract", caller, subject);
  made.case_key = case_key;
  made.says = std::to_string(rows) + " rows of the access log";
  return made;
}

store::AuditRow updated(const Caller& caller, std::string_view subject, std::string_view case_key) {
  store::AuditRow made = row("update", caller, subject);
  made.case_key = case_key;
  return made;
}

store::AuditRow operated(const Caller& caller, std::string_view subject, std::string_view says) {
  store::AuditRow made = row("operate", caller, subject);
  made.says = says;
  return made;
}

store::AuditRow time_passed(std::string_view case_key, std::string_view says) {
  store::AuditRow made = row("time", Caller{}, "");
  made.case_key = case_key;
  made.says = says;
  return made;
}

store::AuditRow refused(const Caller& caller, std::string_view action, std::string_view subject, std::string_view says) {
  store::AuditRow made = row("refuse", caller, subject);
  made.says = std::string(action) + ": " + std::string(says);
  return made;
}

store::AuditRow turned_away(std::string_view method, std::string_view network, std::int64_t refusals) {
  store::AuditRow made = row("refuse", Caller{}, "");
  made.says = std::string(method_name(method)) + ": no valid token; ";
  made.says += std::to_string(refusals) + (refusals == 1 ? " request from " : " requests from ") + std::string(network);
  return made;
}

}  // namespace vardbron::access
