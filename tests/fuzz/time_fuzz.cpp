#include "gateway/base/check.h"
#include "gateway/time/civil.h"
#include "gateway/time/format.h"
#include "gateway/time/http_date.h"
#include "gateway/time/moment.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace {

using namespace vardbron;
using time::Moment;

constexpr time::TextRules basic_text{.is_basic = true, .has_stray_zone = true};

/// A moment is written so that it reads back the same.
void check_moment(const std::optional<Moment>& moment) {
  if (!moment) return;
  const std::optional<Moment> again = Moment::parse(moment->to_string(), moment->form, time::fhirpath_text);
  CHECK(again);
  CHECK(again->wall_ms == moment->wall_ms && again->precision == moment->precision);
  CHECK(again->has_zone == moment->has_zone && again->zone_minutes == moment->zone_minutes);
  if (moment->form != Moment::Form::Time) CHECK(moment->period().first <= moment->period().last);
}

void check_civil(std::string_view text) {
  const Result<time::CivilTime> civil = time::parse_civil(text);
  if (!civil) return CHECK(!civil.failure().says.empty());
  const std::string local = time::format_local(civil->at);
  if (local < "1880" || local > "9999") return;  // before, offsets have seconds
  const Result<time::CivilTime> again = time::parse_civil(local);
  CHECK(again.ok() && again->at == civil->at);
}

}  // namespace

/// What any reader of times takes is written and read back as the same; the first line is a format for the others.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  const std::size_t line_end = all.find('\n');
  const std::string_view format = line_end == std::string_view::npos ? std::string_view("yyyy-MM-dd") : all.substr(0, line_end);
  const std::string_view text = line_end == std::string_view::npos ? all : all.substr(line_end + 1);
  for (Moment::Form form : {Moment::Form::Date, Moment::Form::DateTime, Moment::Form::Time}) {
    for (const time::TextRules* rules : {&time::fhir_text, &time::fhirpath_text, &basic_text})
      check_moment(Moment::parse(text, form, *rules));
    for (time::FormatDialect dialect : {time::FormatDialect::Fhirpath, time::FormatDialect::Maps}) {
      const std::optional<time::FormatParts> parts = time::read_format(text, format, dialect);
      if (parts) check_moment(time::to_moment(*parts, form));
    }
  }
  check_civil(text);
  const WallTime now{std::chrono::sys_days{std::chrono::year(2026) / 1 / 1}};
  if (const std::optional<WallTime> date = time::parse_http_date(text, now); date && *date >= WallTime{})
    CHECK(time::parse_http_date(time::http_date(*date), now) == date);
  return 0;
}
