#include "gateway/rest/log_extract.h"

#include "gateway/access/rules.h"
#include "gateway/time/civil.h"

#include <algorithm>
#include <array>
#include <utility>

namespace vardbron::rest {

namespace {

constexpr std::array<std::string_view, 6> headings = {
    "Tidpunkt", "Vem (vårdgivare eller enhet)", "Åtgärd", "Uppgift", "Skickat till", "Ärende"};
using Line = std::array<std::string, headings.size()>;

constexpr std::array<std::pair<std::string_view, std::string_view>, 9> actions = {{
    {"read", "Läst"},
    {"search", "Sökt fram"},
    {"intake", "Meddelande lämnat"},
    {"update", "Ändrat"},
    {"deliver", "Skickat"},
    {"withhold", "Inte skickat, mottagaren deltar inte längre"},
    {"refuse", "Nekad åtkomst"},
    {"time", "Uppdaterat därför att tid har gått"},
    {"extract", "Loggutdrag gjort"},
}};

// What a resource is, in the patient's language.
constexpr std::array<std::pair<std::string_view, std::string_view>, 12> things = {{
    {"Patient", "Personuppgifter"},
    {"Encounter", "Vårdtillfälle"},
    {"Communication", "Meddelande"},
    {"Task", "Uppgift att göra"},
    {"CareTeam", "Vårdkontakt eller vårdteam"},
    {"CarePlan", "Plan"},
    {"Goal", "Mål"},
    {"Appointment", "Möte"},
    {"Consent", "Samtycke"},
    {"ChargeItem", "Betalningsansvar"},
    {"Organization", "Enhet"},
    {"AuditEvent", "Logguppgifter"},
}};

template <class Table>
std::string word_of(const Table& table, std::string_view code) {
  const auto found = std::find_if(table.begin(), table.end(), [&](const auto& each) { return each.first == code; });
  return std::string(found == table.end() ? code : found->second);
}

std::string named(const LogExtract& extract, std::string_view organisation) {
  if (organisation.empty()) return "Vårdbron";
  const std::string name = extract.name_of ? extract.name_of(organisation) : "";
  return name.empty() ? std::string(organisation) : name + " (" + std::string(organisation) + ")";
}

// The key of a case is organisation|system|value; a number may have bars of its own. What is of a person and of no case has a
// key without meaning to people.
std::string arende_of(std::string_view case_key) {
  if (case_key.starts_with("person|")) return {};
  for (const std::string_view start : {"plan|", "sip|"})
    if (case_key.starts_with(start)) case_key.remove_prefix(start.size());
  for (int part = 0; part < 2; ++part) {
    const std::size_t bar = case_key.find('|');
    if (bar == std::string_view::npos) return {};
    case_key.remove_prefix(bar + 1);
  }
  return std::string(case_key);
}

// What is sent is sent by the organisation that has the case; the row names the receiver.
Line line_of(const LogExtract& extract, const store::AuditRow& row) {
  const bool is_sent = row.action == "deliver" || row.action == "withhold";
  const std::string_view type = std::string_view(row.subject).substr(0, row.subject.find_first_of("/ "));
  return {time::format_local(row.at),
          named(extract, is_sent ? access::owner_of(row.case_key) : std::string_view(row.caller)),
          word_of(actions, row.action),
          type.empty() ? std::string() : word_of(things, type),
          is_sent ? named(extract, row.caller) : std::string(),
          arende_of(row.case_key)};
}

// Source: OWASP, CSV injection.
void add_cell(std::string& csv, std::string_view text) {
  const bool is_formula = !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos;
  csv += is_formula ? "\"'" : "\"";
  for (const char each : text) {
    if (each == '"') csv += '"';
    csv += each == '\n' || each == '\r' ? ' ' : each;
  }
  csv += '"';
}

template <class Cells>
void add_line(std::string& csv, const Cells& cells) {
  bool is_first = true;
  for (const auto& cell : cells) {
    if (!std::exchange(is_first, false)) csv += ';';
    add_cell(csv, cell);
  }
  csv += "\r\n";
}

void add_text(std::string& html, std::string_view text) {
  for (const char each : text) {
    switch (each) {
      case '&': html += "&amp;"; break;
      case '<': html += "&lt;"; break;
      case '>': html += "&gt;"; break;
      case '"': html += "&quot;"; break;
      default: html += each;
    }
  }
}

template <class Cells>
void add_row(std::string& html, std::string_view element, const Cells& cells) {
  html += "<tr>";
  for (const auto& cell : cells) {
    html.append("<").append(element).append(element == "th" ? " scope=\"col\">" : ">");
    add_text(html, cell);
    html.append("</").append(element).append(">");
  }
  html += "</tr>\n";
}

}  // namespace

std::string to_csv(const LogExtract& extract) {
  std::string csv = "\xEF\xBB\xBF";
  add_line(csv, headings);
  for (const store::AuditRow& row : extract.rows) add_line(csv, line_of(extract, row));
  return csv;
}

std::string to_html(const LogExtract& extract) {
  std::string html =
      "<!DOCTYPE html>\n<html lang=\"sv\">\n<head>\n<meta charset=\"utf-8\">\n<title>Loggutdrag</title>\n<style>body{font-family:"
      "sans-serif}table{border-collapse:collapse}th,td{border:1px solid #888;padding:.2em "
      ".5em;text-align:left}</style>\n</head>\n"
      "<body>\n<h1>Loggutdrag</h1>\n<p>Vem som har tagit del av eller skickat uppgifter om ";
  add_text(html, extract.number);
  html += ". Gjort av ";
  add_text(html, named(extract, extract.made_by));
  html += " ";
  add_text(html, time::format_local(extract.made));
  html += ". Tiderna är svensk tid.</p>\n<table>\n<thead>\n";
  add_row(html, "th", headings);
  html += "</thead>\n<tbody>\n";
  for (const store::AuditRow& row : extract.rows) add_row(html, "td", line_of(extract, row));
  html += "</tbody>\n</table>\n</body>\n</html>\n";
  return html;
}

}  // namespace vardbron::rest
