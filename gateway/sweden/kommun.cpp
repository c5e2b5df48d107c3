#include "gateway/sweden/kommun.h"

#include "gateway/sweden/luhn.h"

#include <algorithm>
#include <array>

namespace vardbron::sweden {
namespace {

// SCB's county codes; 02, 11, 15 and 16 went out of use when counties were joined.
constexpr std::array<std::string_view, 21> lan_codes = {"01", "03", "04", "05", "06", "07", "08", "09", "10", "12", "13",
                                                        "14", "17", "18", "19", "20", "21", "22", "23", "24", "25"};

}  // namespace

bool is_lan_code(std::string_view two_digits) {
  return std::find(lan_codes.begin(), lan_codes.end(), two_digits) != lan_codes.end();
}

Result<Kommunkod> parse_kommunkod(std::string_view text) {
  if (text.size() != 4 || !is_all_digits(text)) return Failure{Cause::Invalid, "A kommunkod has four digits.", ""};
  if (!is_lan_code(text.substr(0, 2)))
    return Failure{Cause::Invalid, "No county has the first two digits of this kommunkod.", ""};
  if (text.substr(2) == "00") return Failure{Cause::Invalid, "A kommunkod ending in 00 names a county, not a municipality.", ""};
  const std::span<const std::string_view> codes = kommun_codes();
  if (!std::binary_search(codes.begin(), codes.end(), text))
    return Failure{Cause::Invalid, "No municipality has this kommunkod.", ""};
  return Kommunkod(text);
}

}  // namespace vardbron::sweden
