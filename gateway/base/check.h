#pragma once

// Tested by tests/base/result_test.cpp.

namespace vardbron {

/// Prints file, line and the condition to standard error and aborts.
[[noreturn]] void check_failed(const char* condition, const char* file, int line);

/// Counts that a rare branch was reached. Tests read the count with `times_reached` (base/reached.h).
void note_reached(const char* mark);

}  // namespace vardbron

/// What must not happen. Stays on in production: a gateway that is unsure of itself stops, and the journal brings it back.
#define CHECK(condition) ((condition) ? void() : ::vardbron::check_failed(#condition, __FILE__, __LINE__))

/// Marks a rare branch, so that the test which provokes it cannot stop reaching it in silence.
#define REACHED(mark) ::vardbron::note_reached(mark)
