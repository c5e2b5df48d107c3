#pragma once

// Tested by tests/base/result_test.cpp.

namespace vardbron {

/// Prints file, line and the condition to standard error and aborts.
[[noreturn]] void check_failed(const char* condition, const char* file, int line);

/// Counts that a rare branch was reached. Tests read the count with `times_reached` (base/reached.h).
void note_reached(const char* mark);

}  // namespace vardbron

/// For what must not happen. Also active in production: a gateway in a wrong state stops, and recovers from the journal.
#define CHECK(condition) ((condition) ? void() : ::vardbron::check_failed(#condition, __FILE__, __LINE__))

/// Marks a rare branch, so that its test fails once it no longer reaches it.
#define REACHED(mark) ::vardbron::note_reached(mark)
