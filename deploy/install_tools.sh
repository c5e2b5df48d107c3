#!/usr/bin/env bash
# Installs what building and testing Vårdbron needs on Debian 12. Does nothing, and asks nobody, when everything is there.
# Works as root and with sudo.
set -euo pipefail

packages=(
  clang-16 libclang-rt-16-dev g++ cmake ninja-build mold ccache pkg-config git python3 ca-certificates
  libboost1.81-dev rapidjson-dev libssl-dev libc-ares-dev libsqlite3-dev libre2-dev libutf8proc-dev libzstd-dev libjemalloc-dev
  libtomlplusplus-dev libcli11-dev libspdlog-dev prometheus-cpp-dev libhowardhinnant-date-dev tzdata
  libgtest-dev libgmock-dev libbenchmark-dev
)

missing=()
for package in "${packages[@]}"; do
  state=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$state" = installed ] || missing+=("$package")
done
# The FHIR packages and SUSHI come through npm. Any node from 18 on will do, wherever it was installed from.
command -v node >/dev/null || missing+=(nodejs)
command -v npm >/dev/null || missing+=(npm)

if [ ${#missing[@]} -eq 0 ]; then
  exit 0
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "These packages are missing, and neither root nor sudo is at hand: ${missing[*]}" >&2; exit 3; }
  as_root=(sudo)
fi
echo "Installing ${#missing[@]} Debian packages: ${missing[*]}"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
run() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive "$@" >"$log" 2>&1 || { cat "$log" >&2; exit 3; }; }
run apt-get update
run apt-get install -y --no-install-recommends "${missing[@]}"
