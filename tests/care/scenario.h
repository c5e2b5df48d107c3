#pragma once

#include "tests/care/story.h"

#include <string>
#include <string_view>
#include <vector>

namespace vardbron::care {

// The cast of the executable scenarios. All synthetic.
Party med5();           ///< the ward
Party vc07();           ///< öppenvård
Party hsv1();           ///< kommunal hälso- och sjukvård of 0880
Party soc1();           ///< socialtjänst of 0880
Party soc_1280();       ///< socialtjänst of another municipality
Party home_care_ltd();  ///< a private company's kommunal hälso- och sjukvård

/// "Start": N1 2026-03-10 09:10 for a person registered in 0880, to HSV1, SOC1 and VC07. Times are Stockholm's.
struct Start : Story {
  explicit Start(std::vector<Party> receivers = {hsv1(), soc1(), vc07()}, std::string_view admitted = "2026-03-10T08:00:00",
                 std::string_view sent = "2026-03-10T09:10:00");

  /// A notice of the ward to everybody, sent when it happened.
  Notice& ward(Event event, std::string_view at);
  /// N6. `sent`: when the message was made.
  Notice& n6(std::string_view assessed, std::string_view sent = {});
  /// N8: the call to a SIP by the öppenvård.
  Notice& n8(std::string_view at = "2026-03-12T16:00:00");
  Notice& out(std::string_view at) { return ward(Event::Discharge, at); }
  /// A notice of a party.
  Notice& party(const Party& by, Event event, std::string_view at);
  Projection later(std::string_view now = "2026-12-01T12:00:00") const { return project(now); }

  std::vector<Party> receivers;
  Notice& n1;
};

/// What the only ChargeItem says; of several the last.
struct Charged {
  std::string status, state, days, first, payer, text;
  int items = 0;
};
Charged charged(const Projection& now);
/// The state of one condition: "uppfyllt", "oppet", "brutet", or "none".
std::string villkor(const Projection& now, std::string_view code);
bool finding_says(const Projection& now, const Notice& about, std::string_view code, std::string_view words = {});

}  // namespace vardbron::care
