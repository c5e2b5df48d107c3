#!/usr/bin/env bash
# run.sh BUILD_FOLDER: builds and runs every benchmark program of the suite and prints its figures.
set -eu
build=${1:-build/release}
cd "$(dirname "$0")/../.."
cmake --build "$build" --target benches >/dev/null
for program in "$build"/bin/bench_*; do
  echo "== $(basename "$program")"
  "$program"
done
