#include "gateway/clients/month_table.h"

#include "gateway/clients/summaries.h"
#include "gateway/tree/children.h"

#include <string_view>

namespace vardbron::clients {

namespace {

constexpr std::string_view headings =
    "month,municipality,organisationsnummer,agreement,stays,undecided_stays,waited_days,undecided_days,mean_days,free_mean_days,"
    "chargeable_days,price_sek,amount_sek,state,closes,remarks\n";

// A cell that a spreadsheet would take for a formula begins with an apostrophe.
std::string cell(std::string_view text) {
  std::string safe(text);
  if (!safe.empty() && std::string_view("=+-@\t\r").find(safe.front()) != std::string_view::npos) safe.insert(0, 1, '\'');
  if (safe.find_first_of(",\"\r\n") == std::string::npos) return safe;
  std::string quoted = "\"";
  for (const char letter : safe) quoted.append(letter == '"' ? 2 : 1, letter);
  return quoted + "\"";
}

std::string_view code_of(tree::Item part) { return part.child("code").child("coding").text_of("code"); }

/// A part of the extension that has the sum, by its name.
tree::Item sum_part(tree::Item stratum, std::string_view name) {
  tree::Item found;
  tree::for_each_child(stratum, "extension", [&](tree::Item sum) {
    tree::for_each_child(sum, "extension", [&](tree::Item part) {
      if (part.text_of("url") == name) found = part;
    });
  });
  return found;
}

std::string_view count_of(tree::Item stratum, std::string_view population) {
  std::string_view count;
  tree::for_each_child(stratum, "population", [&](tree::Item each) {
    if (code_of(each) == population) count = each.text_of("count");
  });
  return count;
}

std::string remarks_of(tree::Item stratum) {
  std::string remarks;
  tree::for_each_child(stratum, "extension", [&](tree::Item sum) {
    tree::for_each_child(sum, "extension", [&](tree::Item part) {
      if (part.text_of("url") != "anmarkning") return;
      const tree::Item finding = part.child("valueCodeableConcept");
      if (!remarks.empty()) remarks += " ";
      remarks.append(finding.child("coding").text_of("code")).append(": ").append(finding.text_of("text"));
    });
  });
  return remarks;
}

std::string row_of(tree::Item stratum, std::string_view month) {
  const tree::Item payer = sum_part(stratum, "betalningsansvarig").child("valueReference");
  std::string row(month);
  const auto add = [&](std::string_view text) { row.append(",").append(cell(text)); };
  add(payer.text_of("display"));
  add(payer.child("identifier").text_of("value"));
  add(value_of(sum_part(stratum, "betalningsavtal")));
  add(count_of(stratum, "measure-population"));
  add(count_of(stratum, "measure-population-exclusion"));
  add(count_of(stratum, "vantedygn"));
  add(count_of(stratum, "oavgjorda-vantedygn"));
  add(stratum.child("measureScore").text_of("value"));
  add(value_of(sum_part(stratum, "fritt-medelvarde")));
  add(value_of(sum_part(stratum, "betaldygn")));
  add(sum_part(stratum, "dygnspris").child("valueMoney").text_of("value"));
  add(sum_part(stratum, "belopp").child("valueMoney").text_of("value"));
  add(value_of(sum_part(stratum, "stangd")) == "true" ? "closed" : "open");
  add(value_of(sum_part(stratum, "stangs")));
  add(remarks_of(stratum));
  return row + "\n";
}

}  // namespace

std::string month_table(tree::Item report) {
  constexpr std::size_t month_letters = 7;
  const std::string_view month = report.child("period").text_of("start").substr(0, month_letters);
  std::string table(headings);
  tree::for_each_child(report, "group", [&](tree::Item group) {
    tree::for_each_child(group, "stratifier", [&](tree::Item stratifier) {
      tree::for_each_child(stratifier, "stratum", [&](tree::Item stratum) { table += row_of(stratum, month); });
    });
  });
  return table;
}

}  // namespace vardbron::clients
