#!/usr/bin/env bash
# Builds Vårdbron and runs its tests. Installs what a bare Debian 12 lacks.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
  cat <<'HELP'
Usage: ./tests/run.sh [options] [-- ctest arguments]
  --fast           leave out tests labelled slow
  --preset NAME    dev (clang 16, default), gcc, asan, tsan or release
  --long           only what disks, clocks, kills and strangers do, for hours: 10,000 crash points, every fault, 500 kills, 64,000
                   mutations, 150 flipped bits, two hours of soak (each by its own variable, if it is set)
  --bench          build the release preset and print the figures instead of running the tests
  --fuzz [SECONDS] run every fuzz target for that long (60) before the tests; one that finds something is told at the end
  --seed N         repeat one seed of the simulated tests
  --help           this text
Every night, one after the other:
  ./tests/run.sh --long
  ./tests/run.sh --preset asan
  ./tests/run.sh --preset gcc
  ./tests/run.sh --preset tsan -- -L threads   the simulator and the tests of sockets, files and whole programs
Exit code: 0 all passed, 1 a test failed, 2 wrong use, 3 the machine lacks something.
HELP
}

preset=dev bench=no long=no fuzz=0 labels=()
while [ $# -gt 0 ]; do
  case "$1" in
    --fast) labels=(-LE slow) ;;
    --preset) preset=${2:?"--preset needs a name"}; shift ;;
    --long) long=yes ;;
    --bench) bench=yes preset=release ;;
    --fuzz)
      fuzz=60
      if [[ "${2:-}" =~ ^[0-9]+$ ]]; then
        fuzz=$2
        shift
      fi
      ;;
    --seed) export VARDBRON_SEED=${2:?"--seed needs a number"}; shift ;;
    --seed=*) export VARDBRON_SEED=${1#--seed=} ;;
    --help|-h) usage; exit 0 ;;
    --) shift; break ;;
    *) echo "Unknown option: $1" >&2; usage >&2; exit 2 ;;
  esac
  shift
done

./deploy/install_tools.sh
cmake --preset "$preset" >/dev/null || exit 3
cmake --build --preset "$preset"

if [ "$bench" = yes ]; then
  exec ./tests/bench/run.sh "build/$preset"
fi
if [ "$long" = yes ]; then
  export VARDBRON_EVERY_FAULT=1 VARDBRON_CRASH_POINTS="${VARDBRON_CRASH_POINTS:-10000}" VARDBRON_KILLS="${VARDBRON_KILLS:-500}" \
    VARDBRON_MUTATIONS="${VARDBRON_MUTATIONS:-1100}" VARDBRON_FLIPS="${VARDBRON_FLIPS:-150}" \
    VARDBRON_SOAK_SECONDS="${VARDBRON_SOAK_SECONDS:-7200}"
  failed=no
  for program in test_mappings test_system_store test_system_app; do
    "build/$preset/bin/$program" \
      --gtest_filter='Mutations.*:CrashPoints.*:*FaultWalk.*:KillNine.*:FailingMachine.*:*JumpingClock.*:BitFlips.*:Soak.*' || failed=yes
  done
  [ "$failed" = no ]
  exit
fi
fuzz_failed=no
if [ "$fuzz" -gt 0 ]; then
  # The tests run all the same, and what was found stands last, where it is seen.
  VARDBRON_TABLES="$PWD/build/$preset/share" ./tests/fuzz/run.sh "$fuzz" || fuzz_failed=yes
fi
tests_failed=no
ctest --test-dir "build/$preset" --output-on-failure -j "$(nproc)" "${labels[@]}" "$@" || tests_failed=yes

# How much passes of the suites that nobody here wrote; a suite of several tests prints several lines, which are added up.
echo
echo "Suites that nobody here wrote:"
awk -F'\t' '/suite: [0-9]+ of [0-9]+\t/ { sub(/.*suite: /, "", $1); split($1, n, " of "); passed[$2] += n[1]; all[$2] += n[2] }
  END { for (name in all) printf "  %6d of %6d  %s\n", passed[name], all[name], name }' \
  "build/$preset/Testing/Temporary/LastTest.log" | sort -k4
if [ "$fuzz_failed" = yes ]; then
  echo "A fuzz target has found something, or could not be built:"
  cat build/fuzz/found/summary 2>/dev/null || true
fi
[ "$tests_failed$fuzz_failed" = nono ]
