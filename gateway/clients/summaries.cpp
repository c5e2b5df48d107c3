#include "gateway/clients/summaries.h"

#include "gateway/tree/children.h"

#include <utility>

namespace vardbron::clients {

namespace {

std::string_view extension_value(tree::Item resource, std::string_view ending) {
  for (tree::Item each = resource.first_child(); each; each = each.next()) {
    if (each.name_text() == "extension" && each.text_of("url").ends_with(ending)) return value_of(each);
  }
  return {};
}

std::string_view payer_of(tree::Item charge) {
  for (tree::Item each = charge.first_child(); each; each = each.next()) {
    if (each.name_text() != "extension" || !each.text_of("url").ends_with("/betalningsansvarig")) continue;
    return each.child("valueReference").child("identifier").text_of("value");
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

// "to do: utse-fast-vardkontakt, by 2026-03-25 23:59 (requested, late), case A-1, to confirm: Sara Exempel".
std::string task_in_words(tree::Item task) {
  std::string words = "to do: " + std::string(task.child("code").child("coding").text_of("code"));
  if (const std::string_view due = task.child("restriction").child("period").text_of("end"); !due.empty()) {
    words += ", by " + minutes_of(due);
  }
  words.append(" (").append(task.text_of("status"));
  if (task.child("businessStatus").child("coding").text_of("code") == "forsenad") words += ", late";
  words += ")";
  if (const std::string_view arende = task.child("groupIdentifier").text_of("value"); !arende.empty())
    words.append(", case ").append(arende);
  if (const std::string_view contact = task.child("input").child("valueReference").text_of("display"); !contact.empty())
    words.append(", to confirm: ").append(contact);
  return words;
}

// Earlier versions of the gateway marked days that the patient waited by the status alone.
std::string days_in_words(tree::Item charge) {
  const std::string days(charge.child("quantity").text_of("value"));
  if (days.empty() || days == "0") return "no chargeable day";
  const std::string counted = days + (days == "1" ? " day" : " days");
  return charge.text_of("status") == "not-billable" ? counted + " waited" : counted + " chargeable";
}

// Under a monthly average the days are those the patient waited, and are not billed per patient (fhir-profiles/README.md).
std::string waiting_in_words(tree::Item charge) {
  const std::string_view clock = extension_value(charge, "/betalningsklocka");
  const std::string days(charge.child("quantity").text_of("value"));
  std::string words = days == "0" || days.empty() ? "no day waited" : days + (days == "1" ? " day waited" : " days waited");
  if (clock == "raknar") words += " so far";
  if (clock == "vilar") words += ", the clock rests";
  if (const std::string_view end = extension_value(charge, "/vardtillfalle-slut"); !end.empty())
    words += ", the stay ended on " + std::string(end);
  return words += ", the average of the month decides";
}

std::string_view billing_in_words(std::string_view status, std::string_view clock) {
  if (status == "billable") return ", may be billed";
  if (status == "not-billable") return ", not to be billed";
  if (clock == "vilar") return ", the clock rests";
  return clock == "raknar" ? " yet, the clock counts" : " so far, not to be billed yet";
}

std::string charge_in_words(tree::Item charge) {
  const std::string_view status = charge.text_of("status");
  if (status == "entered-in-error") return "charge: withdrawn, nothing is to be paid";
  const bool is_by_average = charge.child("code").child("coding").text_of("code") == "utskrivningsklar-vantedygn";
  std::string words = "charge: " + (is_by_average ? waiting_in_words(charge) : days_in_words(charge));
  const tree::Item period = charge.child("occurrencePeriod");
  const std::string_view first = period.text_of("start"), last = period.text_of("end");
  if (!first.empty()) words += (last.empty() ? " since " : " from ") + std::string(first);
  if (!last.empty()) words += " to " + std::string(last);
  if (!is_by_average) words += billing_in_words(status, extension_value(charge, "/betalningsklocka"));
  const std::string_view payer = payer_of(charge);
  if (!payer.empty()) words += "; payer " + std::string(payer);
  const std::string_view agreement = extension_value(charge, "/betalningsavtal");
  if (!agreement.empty()) words += ", agreement " + std::string(agreement);
  return words;
}

// ", 12000 SEK" of the extension manadssumma; nothing while it has no amount.
std::string amount_in_words(tree::Item sum) {
  std::string words;
  tree::for_each_child(sum, "extension", [&](tree::Item part) {
    const tree::Item money = part.child("valueMoney");
    if (part.text_of("url") == "belopp")
      words = ", " + std::string(money.text_of("value")) + " " + std::string(money.text_of("currency"));
  });
  return words;
}

// "month 2026-03 (pending): Kommun 1280, SKANE: 3 stays, 1 stay undecided, mean 3.33 days, 0 SEK".
std::string month_in_words(tree::Item report) {
  constexpr std::size_t month_letters = 7;
  std::string words = "month " + std::string(report.child("period").text_of("start").substr(0, month_letters));
  words.append(" (").append(report.text_of("status")).append(")");
  std::string_view lead = ": ";
  tree::for_each_child(report.child("group").child("stratifier"), "stratum", [&](tree::Item stratum) {
    words.append(std::exchange(lead, "; ")).append(stratum.child("value").text_of("text"));
    tree::for_each_child(stratum, "population", [&](tree::Item part) {
      const std::string_view code = part.child("code").child("coding").text_of("code"), count = part.text_of("count");
      const std::string stays = std::string(count) + (count == "1" ? " stay" : " stays");
      if (code == "measure-population") words += ": " + stays;
      if (code == "measure-population-exclusion" && count != "0") words += ", " + stays + " undecided";
    });
    if (const std::string_view mean = stratum.child("measureScore").text_of("value"); !mean.empty())
      words.append(", mean ").append(mean).append(" days");
    words += amount_in_words(stratum.child("extension"));
  });
  return words;
}

// "9: 2026-03-01T07:00:00.000Z, channel cosmic, from 2321000131: what is wrong with it".
std::string kept_in_words(tree::Item entry) {
  std::string words(entry.text_of("number"));
  words.append(": ").append(entry.text_of("received"));
  words.append(", channel ").append(entry.text_of("channel")).append(", from ").append(entry.text_of("sender"));
  std::string_view lead = ": ";
  for (tree::Item issue = entry.child("outcome").first_child(); issue; issue = issue.next()) {
    if (issue.name_text() != "issue") continue;
    words.append(std::exchange(lead, " ")).append(issue.text_of("diagnostics"));
  }
  return words;
}

}  // namespace

std::vector<std::string> summary_of(tree::Item answer) {
  const std::string_view type = answer.text_of("resourceType");
  const bool is_bundle = type == "Bundle", is_kept = type.empty() && answer.child("number") && answer.child("outcome");
  const bool is_list = is_bundle || (type.empty() && (answer.child("entries") || !answer.first_child()));
  if (!is_list && is_kept) return {kept_in_words(answer)};
  if (!is_list) return type.empty() ? std::vector<std::string>() : std::vector{resource_in_words(answer)};
  std::vector<std::string> lines;
  std::string_view next = answer.text_of("next");
  for (tree::Item each = answer.first_child(); each; each = each.next()) {
    if (is_bundle && each.name_text() == "entry") lines.push_back(resource_in_words(each.child("resource")));
    if (!is_bundle && each.name_text() == "entries") lines.push_back(kept_in_words(each));
    if (is_bundle && each.name_text() == "link" && each.text_of("relation") == "next") next = each.text_of("url");
  }
  if (!next.empty()) lines.push_back("more at " + std::string(next));
  return lines.empty() ? std::vector<std::string>{"nothing"} : lines;
}

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
  if (type == "ChargeItem") return charge_in_words(resource);
  if (type == "MeasureReport") return month_in_words(resource);
  return std::string(type) + "/" + std::string(resource.text_of("id"));
}

}  // namespace vardbron::clients
