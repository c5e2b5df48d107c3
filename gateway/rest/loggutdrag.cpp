// Tested by tests/rest/log_extract_test.cpp.

#include "gateway/access/audit.h"
#include "gateway/access/rules.h"
#include "gateway/care/arende/organization_writer.h"
#include "gateway/care/person/person_view.h"
#include "gateway/formats/json/parse.h"
#include "gateway/http/target.h"
#include "gateway/rest/handlers.h"
#include "gateway/rest/log_extract.h"
#include "gateway/rest/person_cases.h"
#include "gateway/sweden/identifier_system.h"
#include "gateway/sweden/person_identifier.h"
#include "gateway/time/civil.h"

#include <array>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace vardbron::rest {

namespace {

constexpr std::array<std::string_view, 3> known_fields{"personnummer", "system", "format"};
constexpr std::size_t rows_per_read = 1'000;
// As many as a person reads; beyond that the log is read by AuditEvent.
constexpr std::size_t rows_max = 20'000;

struct Asked {
  care::Identity number;
  bool is_html = false;
};

/// The number is in a posted form alone: addresses end up in logs.
Result<Asked> read_asked(const ServiceParts& parts, Call& call) {
  if (!call.target.query.empty())
    return Failure{Cause::Invalid, "The person's number belongs into the posted form, and nothing into the address.",
                   call.target.query.front().name};
  if (Result<void> form = check_form(call); !form) return std::move(form).failure();
  Result<std::vector<http::Parameter>> fields = http::parse_form(call.request.body);
  if (!fields) return std::move(fields).failure();
  call.target.query = *std::move(fields);
  if (auto checked = check_parameters(call, {known_fields}); !checked) return std::move(checked).failure();
  const std::string_view format = parameter(call, "format"), system = parameter(call, "system");
  if (!format.empty() && format != "csv" && format != "html") return Failure{Cause::Invalid, "format is csv or html.", "format"};
  if (parameter(call, "personnummer").empty())
    return Failure{Cause::Invalid, "Say whose log it is to be: personnummer=.. in the form.", "personnummer"};
  const std::chrono::year_month_day today{time::day_of(parts.clock.wall())};
  const std::string_view of = system.empty() ? sweden::system_uri(sweden::IdentifierSystem::Personnummer) : system;
  Result<sweden::PersonIdentifier> read = sweden::parse_person_identifier(of, parameter(call, "personnummer"), today);
  if (!read) return Failure{read.failure().cause, read.failure().says, "personnummer"};
  return Asked{{read->uri, read->value}, format == "html"};
}

Task<Result<std::vector<store::AuditRow>>> own_rows(const ServiceParts& parts, const access::Caller& caller,
                                                    const std::vector<std::string>& keys) {
  std::vector<store::AuditRow> own;
  for (std::int64_t after = 0;;) {
    Result<std::vector<store::AuditRow>> some = co_await parts.store.audit_rows_of(keys, after, rows_per_read);
    if (!some) co_return std::move(some).failure();
    for (store::AuditRow& each : *some) {
      after = each.number;
      if (access::may_read_log(caller, each)) own.push_back(std::move(each));
    }
    if (own.size() > rows_max)
      co_return Failure{Cause::TooLarge, "There are more rows than a list has; read AuditEvent by patient and date.", ""};
    if (some->size() < rows_per_read) co_return own;
  }
}

/// Names of the organisations by the register.
Task<Result<std::map<std::string, std::string, std::less<>>>> names_of(const ServiceParts& parts,
                                                                       const std::vector<store::AuditRow>& rows) {
  std::map<std::string, std::string, std::less<>> named;
  for (const store::AuditRow& row : rows)
    for (const std::string_view each : {std::string_view(row.caller), access::owner_of(row.case_key)})
      if (!each.empty()) named.emplace(each, "");
  const store::Reader everything{"", true};
  std::vector<store::ResourceName> wanted;
  const std::string system(sweden::system_uri(sweden::IdentifierSystem::HsaId));
  for (const auto& [id, name] : named) wanted.push_back({"Organization", care::organization_id({system, id})});
  Result<std::vector<Result<store::Resource>>> read =
      co_await parts.store.read_all(everything, std::move(wanted), store::Bodies::With);
  if (!read) co_return std::move(read).failure();
  std::size_t at = 0;
  for (auto& [id, name] : named) {
    const Result<store::Resource>& found = (*read)[at++];
    if (!found) continue;
    const Result<tree::Document> document = json::parse(found->body, parts.definitions.names());
    if (document) name = tree::root(*document).text_of("name");
  }
  co_return named;
}

}  // namespace

Task<http::Response> extract_log(const ServiceParts& parts, Call call) {
  Result<Asked> asked = read_asked(parts, call);
  if (!asked) co_return refusal(call, asked.failure(), parts.definitions);
  std::vector<care::Identity> numbers{asked->number};
  Result<std::vector<std::string>> keys = co_await cases_of_person(parts, std::move(numbers));
  if (!keys) co_return refusal(call, keys.failure(), parts.definitions);
  Result<std::vector<store::AuditRow>> rows = co_await own_rows(parts, call.caller, *keys);
  if (!rows) co_return refusal(call, rows.failure(), parts.definitions);
  Result<std::map<std::string, std::string, std::less<>>> names = co_await names_of(parts, *rows);
  if (!names) co_return refusal(call, names.failure(), parts.definitions);
  const std::string person = care::person_key(parts.store.person_secret(), asked->number);
  std::vector<store::AuditRow> noting;
  noting.push_back(rows->empty() ? access::refused(call.caller, "extract", "AuditEvent", "no rows of its own")
                                 : access::extracted(call.caller, "Patient/" + care::patient_id(person), person, rows->size()));
  Result<void> noted = co_await parts.store.audit(std::move(noting));
  if (!noted) co_return refusal(call, noted.failure(), parts.definitions);
  // The same answer for a person of whom nothing is known.
  if (rows->empty())
    co_return refusal(call, Failure{Cause::NotFound, "Your organisation has no rows of the access log about that person.", ""},
                      parts.definitions);
  LogExtract extract{asked->number.value, call.caller.organisation, parts.clock.wall(), *std::move(rows), {}};
  extract.name_of = [&](std::string_view id) {
    const auto found = names->find(id);
    return found == names->end() ? std::string() : found->second;
  };
  http::Response response = asked->is_html ? plain_answer(200, "text/html; charset=utf-8", to_html(extract))
                                           : plain_answer(200, "text/csv; charset=utf-8; header=present", to_csv(extract));
  response.fields.push_back({"Cache-Control", "no-store"});
  response.fields.push_back({"Content-Disposition", asked->is_html ? "inline" : "attachment; filename=\"loggutdrag.csv\""});
  if (asked->is_html) response.fields.push_back({"Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"});
  co_return response;
}

}  // namespace vardbron::rest
