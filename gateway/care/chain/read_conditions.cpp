#include "gateway/care/chain/read_conditions.h"

#include "gateway/base/text.h"
#include "gateway/time/civil.h"

#include <optional>
#include <string>
#include <utility>

namespace vardbron::care {
namespace {

using tree::Item;

constexpr std::string_view sip_is_due_url = "https://vardbron.example/fhir/StructureDefinition/sip-ska-genomforas";
constexpr std::string_view obstacle_url = "https://vardbron.example/fhir/StructureDefinition/hinder-oppenvard";
constexpr std::string_view need_assessed_url = "https://vardbron.example/fhir/StructureDefinition/behov-bedomt";
constexpr std::string_view care_kind_system = "https://vardbron.example/fhir/CodeSystem/vardform";

Failure no_time(std::string_view path, std::string_view extension, std::string_view value) {
  return Failure{Cause::Invalid, "This is no date or time.",
                 std::string(path) + ".extension('" + std::string(extension) + "')." + std::string(value)};
}

/// None: no moment, or one that names no day.
std::optional<SentTime> sent_time_of(std::string_view text) {
  Result<time::CivilTime> moment = time::parse_civil(text);
  if (!moment || text.size() < 8) return std::nullopt;
  return SentTime{moment->at, text.size() > 10 ? std::string(text) : time::format_day(time::day_of(moment->at))};
}

class ConditionReader {
 public:
  ConditionReader(std::string_view path, Notice& notice) : path_(path), notice_(notice) {}

  void read(Item extension) {
    const std::string_view url = extension.text_of("url");
    if (url == sip_is_due_url) read_sip(extension.text_of("valueBoolean"));
    if (url == obstacle_url) read_obstacle(extension.child("valuePeriod"));
    if (url == need_assessed_url) read_need(extension.text_of("valueDateTime"));
  }

  std::optional<Failure> failure;

 private:
  void read_sip(std::string_view text) {
    if (text == "true" || text == "false")
      notice_.sip_is_due = text == "true";
    else
      failure = Failure{Cause::Invalid, "Whether a SIP is due is neither true nor false.",
                        std::string(path_) + ".extension('sip-ska-genomforas').valueBoolean"};
  }

  void read_obstacle(Item period) {
    std::optional<SentTime> from = sent_time_of(period.text_of("start"));
    std::optional<SentTime> until = sent_time_of(period.text_of("end"));
    if (!from) failure = no_time(path_, "hinder-oppenvard", "valuePeriod.start");
    if (!period.text_of("end").empty() && !until) failure = no_time(path_, "hinder-oppenvard", "valuePeriod.end");
    if (from && until && until->at < from->at)
      failure = Failure{Cause::Invalid, "The period ends before it begins.",
                        std::string(path_) + ".extension('hinder-oppenvard').valuePeriod"};
    if (from) notice_.obstacles.push_back({std::move(*from), std::move(until)});
  }

  void read_need(std::string_view text) {
    notice_.need_assessed = sent_time_of(text);
    if (!notice_.need_assessed) failure = no_time(path_, "behov-bedomt", "valueDateTime");
  }

  std::string_view path_;
  Notice& notice_;
};

CareKind kind_of(Item encounter) {
  CareKind kind = CareKind::Unknown;
  tree::for_each_child(encounter.child("serviceType"), "coding", [&](Item coding) {
    if (trim(coding.text_of("system")) != care_kind_system) return;
    if (trim(coding.text_of("code")) == "somatisk") kind = CareKind::Somatisk;
    if (trim(coding.text_of("code")) == "psykiatrisk") kind = CareKind::Psykiatrisk;
  });
  return kind;
}

}  // namespace

Result<void> read_conditions(Item encounter, std::string_view path, Notice& notice) {
  ConditionReader reader(path, notice);
  tree::for_each_child(encounter, "extension", [&](Item extension) { reader.read(extension); });
  notice.stay.care_kind = kind_of(encounter);
  return reader.failure ? Result<void>(*std::move(reader.failure)) : done();
}

}  // namespace vardbron::care
