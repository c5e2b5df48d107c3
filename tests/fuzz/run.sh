#!/usr/bin/env bash
# run.sh SECONDS [TARGET..]: lets each fuzz target look for so long, as many at once as there are cores (VARDBRON_FUZZ_JOBS), and
# prints what it did; exit code 1 when one has found something. What is found lies in build/fuzz/found/<name>, and belongs into a
# test before it is mended; build/fuzz/found/summary names it and how it is run again. What a target has learnt stays in
# build/fuzz/corpus/<name> for its next run. VARDBRON_TABLES names a build's share folder whose tables are used; VARDBRON_FUZZ_SEED repeats one walk.
set -eu
seconds=${1:?"how many seconds for each target?"}
shift
cd "$(dirname "$0")/../.."
summary=build/fuzz/found/summary
mkdir -p build/fuzz/found
echo "  the fuzz targets were not built" >"$summary"
cmake --preset fuzz ${VARDBRON_TABLES:+"-DVARDBRON_TABLES=$VARDBRON_TABLES"} >/dev/null
names=("$@")
if [ ${#names[@]} -eq 0 ]; then
  for source in tests/fuzz/*_fuzz.cpp; do names+=("$(basename "$source" _fuzz.cpp)"); done
fi
cmake --build build/fuzz --target "${names[@]/#/fuzz_}"
jobs=${VARDBRON_FUZZ_JOBS:-$(nproc)}
: >"$summary"

look() {
  local name=$1 found=build/fuzz/found/$1 corpus=build/fuzz/corpus/$1 result=ok
  mkdir -p "$found" "$corpus"
  local options=(-max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 -artifact_prefix="$found/" -print_final_stats=1 -verbosity=0)
  if [ -n "${VARDBRON_FUZZ_SEED:-}" ]; then options+=(-seed="$VARDBRON_FUZZ_SEED"); fi
  if [ -f "tests/fuzz/dictionaries/$name.dict" ]; then options+=(-dict="tests/fuzz/dictionaries/$name.dict"); fi
  if ! "build/fuzz/bin/fuzz_$name" "${options[@]}" "$corpus" "tests/fuzz/seeds/$name" >"$found/log" 2>&1; then
    local input
    input=$(sed -n 's/.*Test unit written to //p' "$found/log" | tail -n 1)
    echo "  $name: ${input:-no input was kept}; again with build/fuzz/bin/fuzz_$name ${input:-}; its log is $found/log" >>"$summary"
    result="FOUND, see $found: $(grep -E -m 1 'does not hold|SUMMARY|ERROR' "$found/log" || true)"
  fi
  stat_of() { sed -n "s/^stat::$1: *//p" "$found/log"; }
  printf '%-14s %12s %10s %9s %8s  %s\n' "$name" "$(stat_of number_of_executed_units)" "$(stat_of average_exec_per_sec)" \
    "$(stat_of peak_rss_mb)" "$(find "$corpus" -type f | wc -l)" "$result"
}

printf '%-14s %12s %10s %9s %8s  %s\n' target inputs per-second peak-MB corpus result
for name in "${names[@]}"; do
  while [ "$(jobs -rp | wc -l)" -ge "$jobs" ]; do wait -n || true; done
  look "$name" &
done
wait
if [ -s "$summary" ]; then
  cat "$summary"
  exit 1
fi
