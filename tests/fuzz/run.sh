#!/usr/bin/env bash
# run.sh SECONDS [BUILD_FOLDER]: lets each fuzz target look for so long; exit code 1 when one has found something. What is found
# lies in BUILD_FOLDER/fuzz/<name>, and belongs into a test before it is mended.
set -eu
seconds=${1:?"how many seconds for each target?"}
cd "$(dirname "$0")/../.."
build=${2:-build/fuzz}
cmake --preset asan -B "$build" -DVARDBRON_FUZZ=ON >/dev/null
found=0
for source in tests/fuzz/*_fuzz.cpp; do
  name=$(basename "$source" _fuzz.cpp)
  cmake --build "$build" --target "fuzz_$name" >/dev/null
  mkdir -p "$build/fuzz/$name" "tests/fuzz/seeds/$name"
  echo "fuzz_$name: $seconds seconds"
  "$build/bin/fuzz_$name" -max_total_time="$seconds" -artifact_prefix="$build/fuzz/$name/" -verbosity=0 -print_final_stats=1 \
    "$build/fuzz/$name" "tests/fuzz/seeds/$name" 2>&1 | grep -E 'executed_units|SUMMARY|ERROR' || true
  if ls "$build/fuzz/$name"/crash-* "$build/fuzz/$name"/timeout-* >/dev/null 2>&1; then found=1; fi
done
exit $found
