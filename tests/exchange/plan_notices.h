#pragma once

#include <string>
#include <utility>
#include <vector>

namespace vardbron::exchange {

/// Builds the JSON of a notice about a plan (fhir-profiles/README.md): about P-1, which needs no stay, unless it is of an ärende.
class APlanNotice {
 public:
  explicit APlanNotice(std::string event) : event_(std::move(event)) {}

  APlanNotice& with_id(std::string id) { return id_ = std::move(id), *this; }
  APlanNotice& at(std::string time) { return time_ = std::move(time), *this; }
  APlanNotice& sent_by(std::string hsa_id) { return sender_ = std::move(hsa_id), *this; }
  APlanNotice& of_case(std::string name) { return case_ = std::move(name), *this; }
  /// Names who began the plan.
  APlanNotice& begun_by(std::string hsa_id) { return begun_by_ = std::move(hsa_id), *this; }
  APlanNotice& of_person(std::string number) { return person_ = std::move(number), *this; }
  APlanNotice& of_kind(std::string code) { return kind_ = std::move(code), *this; }
  APlanNotice& to(std::vector<std::string> receivers) { return receivers_ = std::move(receivers), *this; }
  /// Its receipt is of the notice with that id.
  APlanNotice& acknowledging(std::string id) { return acknowledged_ = std::move(id), *this; }
  APlanNotice& to_everybody() { return is_to_everybody_ = true, *this; }
  APlanNotice& meeting_at(std::string start) { return meeting_ = std::move(start), *this; }
  APlanNotice& with_four_points() { return has_points_ = true, *this; }
  /// The decision on the insatser. Source: LPT 7 a §
  APlanNotice& deciding_insatser(std::string decision) { return decision_ = std::move(decision), *this; }
  APlanNotice& without_main_responsible() { return has_main_responsible_ = false, *this; }
  /// "active", "rejected", "inactive"; about a unit: with that one alone.
  APlanNotice& deciding(std::string status, std::string unit = {}) {
    consent_ = std::move(status);
    consent_unit_ = std::move(unit);
    return *this;
  }
  /// Corrects or cancels the notice of that id.
  APlanNotice& replacing(std::string id) { return replaces_ = std::move(id), *this; }
  /// To the call to a meeting: "accepted", "declined".
  APlanNotice& answering(std::string answer) { return answer_ = std::move(answer), *this; }
  APlanNotice& describing(std::string insats) { return insats_ = std::move(insats), *this; }
  std::string json() const;

 private:
  std::string header() const;
  std::string plan() const;

  std::string event_, id_ = "P-1", time_ = "2026-03-12T11:00:00+01:00", sender_ = "SE2321990018-VC07", case_, meeting_, consent_,
                      consent_unit_, replaces_, answer_, begun_by_, acknowledged_, decision_, kind_ = "SIP",
                      person_ = "195009072553", insats_ = "Hemsjukvård";
  std::vector<std::string> receivers_;
  bool is_to_everybody_ = false, has_points_ = false, has_main_responsible_ = true;
};

}  // namespace vardbron::exchange
