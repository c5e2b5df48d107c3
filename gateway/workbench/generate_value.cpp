#include "gateway/workbench/generate_value.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

namespace vardbron::workbench {

namespace {

template <std::size_t N>
std::string one_of(const std::array<std::string_view, N>& all, Random& random) {
  return std::string(all[random.below(N)]);
}

std::string digits(Random& random, std::uint64_t below, int width) {
  std::string text = std::to_string(random.below(below));
  if (text.size() < static_cast<std::size_t>(width)) text.insert(0, static_cast<std::size_t>(width) - text.size(), '0');
  return text;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

bool holds(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

std::string hex(Random& random, int width) {
  static constexpr std::string_view letters = "0123456789abcdef";
  std::string out;
  for (int i = 0; i < width; ++i) out += letters[random.below(16)];
  return out;
}

std::string uuid(Random& random) {
  std::string out = hex(random, 8) + "-" + hex(random, 4);
  out += "-4" + hex(random, 3);
  out += "-a" + hex(random, 3);
  return out + "-" + hex(random, 12);
}

std::string date(Random& random) {
  std::string out = std::to_string(1930 + random.below(97));
  out += "-0" + std::to_string(1 + random.below(9));
  return out + "-" + std::to_string(10 + random.below(19));
}

std::string clock_time(Random& random) {
  std::string out = digits(random, 24, 2);
  out += ":" + digits(random, 60, 2);
  return out + ":" + digits(random, 60, 2);
}

std::string moment(Random& random) {
  std::string out = date(random);
  out += "T" + clock_time(random);
  return out + "+01:00";
}

std::string decimal(Random& random) {
  std::string out = random.below(4) == 0 ? "-" : "";
  out += std::to_string(1 + random.below(500));
  return random.below(2) == 0 ? out : out + "." + digits(random, 100, 2);
}

}  // namespace

std::string random_person_number(Random& random) {
  static constexpr std::array<std::string_view, 8> numbers{"195009072553", "196101182803", "189002029800", "200302022389",
                                                           "199002222397", "200001252386", "189602029812", "196109732393"};
  return one_of(numbers, random);
}

std::string random_words(std::string_view element, Random& random) {
  static constexpr std::array<std::string_view, 6> given{"Astrid", "Björn", "Örjan", "Maj-Britt", "Åke", "Zoë"};
  static constexpr std::array<std::string_view, 6> family{"Exempelsson", "Provman",   "Testgren",
                                                          "Påhittad",    "Fiktivius", "von Prov"};
  static constexpr std::array<std::string_view, 4> towns{"Provköping", "Testås", "Exempelby", "Fiktivhamn"};
  static constexpr std::array<std::string_view, 6> texts{"text", "Två ord", "a < b & c", "\"citat\"", "åäö 日本", "x"};
  const std::string name = lower(element);
  if (holds(name, "personid") || holds(name, "personn")) return random_person_number(random);
  if (holds(name, "given") || holds(name, "fornamn")) return one_of(given, random);
  if (holds(name, "family") || holds(name, "efternamn")) return one_of(family, random);
  if (holds(name, "city") || name == "ort") return one_of(towns, random);
  if (holds(name, "postal") || holds(name, "postnr")) return "1" + digits(random, 10'000, 4);
  if (holds(name, "hsa")) return "SE2321990018-" + digits(random, 10'000, 4);
  if (name == "system" || holds(name, "telefon") || holds(name, "phone")) return "070-1740" + digits(random, 1'000, 3);
  if (name == "id" || holds(name, "number")) return "N-" + digits(random, 100'000, 5);
  return one_of(texts, random);
}

std::string random_value(std::string_view type, std::string_view element, Random& random) {
  if (type == "boolean" || type == "System.Boolean") return random.below(2) == 0 ? "true" : "false";
  if (type == "positiveInt") return std::to_string(1 + random.below(1'000));
  if (type == "unsignedInt") return std::to_string(random.below(1'000));
  if (type == "integer" || type == "integer64" || type == "System.Integer")
    return std::to_string(static_cast<std::int64_t>(random.below(2'000)) - 1'000);
  if (type == "decimal" || type == "System.Decimal") return decimal(random);
  if (type == "date" || type == "System.Date") return random.below(8) == 0 ? date(random).substr(0, 7) : date(random);
  if (type == "dateTime" || type == "System.DateTime") return random.below(8) == 0 ? date(random) : moment(random);
  if (type == "instant") return moment(random);
  if (type == "time" || type == "System.Time") return clock_time(random);
  if (type == "code") return "code-" + std::to_string(random.below(10));
  if (type == "id") return "id-" + digits(random, 100'000, 5);
  if (type == "oid") return "urn:oid:1.2.752." + std::to_string(1 + random.below(500));
  if (type == "uuid") return "urn:uuid:" + uuid(random);
  if (type == "base64Binary") return "dsOlcmQ=";
  if (type == "uri" || type == "url" || type == "canonical") return "https://example.org/" + std::to_string(random.below(1'000));
  if (type == "xhtml") return "<div xmlns=\"http://www.w3.org/1999/xhtml\">text</div>";
  return random_words(element, random);
}

}  // namespace vardbron::workbench
