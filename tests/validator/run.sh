#!/usr/bin/env bash
# Holds what this project makes against HL7's own validator: the golden outputs of all maps, our FHIR package, and what a gateway
# serves that was told every sample. Needs a build, a JDK (17 or newer), Maven and npm; what cannot be had is said, and skipped.
set -euo pipefail
usage() {
  cat <<'HELP'
Usage: tests/validator/run.sh [BUILD_FOLDER] [FILE ...]
  BUILD_FOLDER   where the program and the models lie (build/dev)
  FILE           FHIR R4 resources in JSON instead of everything
Prints one line an issue, then how many there are by severity; what is explained in expected.tsv is only counted.
Exit code: 0 no error, 1 an error was found, 3 the validator is not at hand.
HELP
}
case "${1:-}" in --help|-h) usage; exit 0 ;; esac
cd "$(dirname "$0")/../.."
build=${1:-build/dev}
[ $# -gt 0 ] && shift
skip() { echo "skipped: $*"; exit 3; }
for tool in java mvn npm python3; do command -v "$tool" >/dev/null || skip "$tool is not installed"; done

cache=${VARDBRON_CACHE:-$PWD/cache}/validator
mkdir -p "$cache"
if [ ! -e "$cache/complete" ]; then
  mvn -q -f tests/validator/pom.xml dependency:copy-dependencies "-DoutputDirectory=$cache/lib" || skip "Maven could not fetch the validator"
  for package in hl7.terminology.r4@7.0.1 hl7.fhir.uv.extensions.r4@5.3.0-ballot-tc1; do
    (cd "$cache" && npm pack --silent "$package" >/dev/null) || skip "npm could not fetch $package"
  done
  python3 tests/validator/packages.py "${VARDBRON_CACHE:-$PWD/cache}/hl7.fhir.r4.examples-4.0.1/package" "$cache"
  touch "$cache/complete"
fi

files=("$@")
if [ ${#files[@]} -eq 0 ]; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  python3 tests/validator/collect.py "$build/bin/vardbron" "$work"
  mapfile -t files < <(find mappings -name expected.json -not -path '*-to-r5/*' | sort; find "$build/share/models" -name '*.json' | sort; find "$work" -name '*.json' | sort)
fi
status=0
java -Xmx3g "-Duser.home=$cache/home" -cp "$cache/lib/*" tests/validator/Validate.java "$build/share/models" "${files[@]}" \
  >"$cache/issues" 2>"$cache/log" || status=$?
grep -q '^issue' "$cache/issues" || [ "$status" = 0 ] || { tail -n 5 "$cache/log"; skip "the validator did not run"; }
python3 tests/validator/report.py "$cache/issues" tests/validator/expected.tsv "${#files[@]}"
