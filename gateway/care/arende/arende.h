#pragma once

#include "gateway/care/chain/event.h"

#include <cstdint>
#include <string_view>

namespace vardbron::care {

/// The states of the ärende. Source: A1 to A19.
enum class State : std::uint8_t {
  None,
  InskrivenEjMeddelad,  ///< admitted, no need found: nothing leaves the region
  Inskriven,
  Planeras,
  Utskrivningsklar,
  Utskriven,
  Avslutad,
  Avbruten,
  Avliden,
  Makulerad
};

inline constexpr int states_count = 10;

std::string_view to_string(State state);  ///< "utskrivningsklar"

/// True while the patient is (or may be) in hospital and parties plan: Inskriven, Planeras, Utskrivningsklar.
bool is_open(State state);

/// The case's state with the flag that runs beside it.
struct Standing {
  State state = State::None;
  bool on_leave = false;  ///< permission
  bool operator==(const Standing&) const = default;
};

/// The result of an event. Not allowed: `to` is the unchanged standing and `because` is the reason in plain words.
struct Step {
  bool allowed = false;
  Standing to;
  std::string_view because;
};

/// The machine of the ärende: every pair of state and event has an answer. Cancellations are no event here; they take an event
/// out of the chain (care/chain.h), which restores what was true before it.
Step step(Standing from, Event event);

}  // namespace vardbron::care
