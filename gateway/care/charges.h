#pragma once

#include "gateway/care/betalningsklocka.h"
#include "gateway/care/notice.h"

#include <string>
#include <string_view>
#include <vector>

namespace vardbron::care {

/// The clock of one municipality in a case, with its reading.
struct Charge {
  std::string body;  ///< the municipality: body_of() of its units
  Identity payer;    ///< its organisationsnummer, empty if the ids of its units do not contain it
  Betalningsklocka clock;
  ClockReading reading;
  bool was_started = false;
  bool is_void = false;  ///< every notice that would start it was cancelled
};

/// "SE2120001000" for "SE2120001000-H001"; an identifier of another register is a body of its own.
std::string body_of(const Party& unit);

/// The clocks of a case: one for every municipality that any notice of utskrivningsklar might concern, even if the notice is
/// cancelled, so that no ChargeItem vanishes.
class Charges {
 public:
  /// Before the fold.
  void note(const Party& unit, bool is_cancelled);
  // --- in the fold ---
  /// Start time of the clock of that unit's municipality: `at`, or earlier if it runs already.
  WallTime start(const Party& unit, WallTime at);
  void stop_all(WallTime at);
  /// Stops the clocks of municipalities that have no unit among these any more.
  void keep_only(const std::vector<std::string>& bodies, WallTime at);
  // --- after it ---
  void finish(const Policy& policy, bool has_admission, bool case_is_cancelled, WallTime now);
  const std::vector<Charge>& all() const { return charges_; }  ///< in the order of body

 private:
  Charge& at(const Party& unit);
  std::vector<Charge> charges_;
};

}  // namespace vardbron::care
