#!/usr/bin/env bash
# Builds the gateway, starts it with an example configuration, lets a demo hospital send a patient's discharge, and shows what the
# hospital, the municipality and the health centre each saw.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
  cat <<'HELP'
Usage: ./deploy/quickstart.sh [--once] [--port N] [--stop]
  --once     stop the gateway at the end (default: it keeps running)
  --port N   port of the gateway on this machine, 1 to 65535 (default 18080)
  --stop     only stop a gateway that an earlier run left running
  --help     this text
HELP
}

refuse() { # why; nothing has been touched yet
  echo "$1" >&2
  usage >&2
  exit 2
}

is_port() { [[ $1 =~ ^[0-9]{1,5}$ ]] && ((10#$1 >= 1 && 10#$1 <= 65535)); }

once=no port=18080 only_stop=no
while [ $# -gt 0 ]; do
  case "$1" in
    --once) once=yes ;;
    --port) port=${2-}; is_port "$port" || refuse "--port needs a port: a number from 1 to 65535."; shift ;;
    --stop) only_stop=yes ;;
    --help|-h) usage; exit 0 ;;
    *) refuse "Unknown option: $1" ;;
  esac
  shift
done

demo=build/quickstart
vardbron=build/release/bin/vardbron
receivers=()

stop_gateway() {
  [ -f "$demo/gateway.pid" ] || return 0
  local pid
  pid=$(cat "$demo/gateway.pid")
  if [ "$(readlink "/proc/$pid/exe" 2>/dev/null)" = "$(realpath "$vardbron")" ]; then
    kill "$pid"
    while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
  fi
  rm -f "$demo/gateway.pid"
}

stop_receivers() {
  for pid in "${receivers[@]}"; do kill "$pid" 2>/dev/null || true; wait "$pid" 2>/dev/null || true; done
  receivers=()
}

if [ "$only_stop" = yes ]; then stop_gateway; exit 0; fi

stop_gateway  # before its program is replaced by a new one
./deploy/install_tools.sh
if [ ! -x "$vardbron" ]; then echo "Building the gateway; the first time takes some minutes."; fi
[ -f build/release/build.ninja ] || cmake --preset release >/dev/null || exit 3
cmake --build --preset release --target vardbron

rm -rf "$demo"
mkdir -p "$demo/tokens"
for who in hospital municipality health-centre operator; do
  (umask 077; head -c 24 /dev/urandom | base64 > "$demo/tokens/$who")
done
cat > "$demo/gateway.toml" <<TOML
# Made by deploy/quickstart.sh; every line is explained in deploy/gateway.example.toml.
store = "data"
mappings = "$(pwd)/mappings"
[server]
listen = "127.0.0.1:$port"
log = "plain"
[delivery]
plain_http_to_loopback = true
[[organisation]]
hsa_id = "SE2321990018-MED5"
name = "Exempelstads sjukhus"
token_file = "tokens/hospital"
rights = ["send", "receive"]
units = ["SE2321990018-*", "SE2120990011-*", "urn:oid:1.2.208.176.1.1|*"]
[[organisation]]
hsa_id = "SE2120990011-HSV1"
name = "Hemsjukvården, Exempelstads kommun"
token_file = "tokens/municipality"
rights = ["receive"]
endpoints = ["http://127.0.0.1:*"]
[[organisation]]
hsa_id = "SE2321990018-VC07"
name = "Vårdcentralen Linden"
token_file = "tokens/health-centre"
rights = ["receive"]
endpoints = ["http://127.0.0.1:*"]
[[organisation]]
hsa_id = "SE2321990018-DRIFT"
name = "Drift"
token_file = "tokens/operator"
rights = ["operate"]
[[channel]]
name = "cosmic"
map = "https://vardbron.example/fhir/StructureMap/CosmicNotice"
[[channel]]
name = "medcom"
map = "https://vardbron.example/fhir/StructureMap/MedComHospitalNotification"
TOML

wait_for() { # file, what
  for _ in $(seq 100); do [ -e "$1" ] && return 0; sleep 0.1; done
  echo "$2 did not get ready within 10 seconds; see $demo/gateway.log" >&2
  exit 3
}

"$vardbron" serve --config "$demo/gateway.toml" > "$demo/gateway.log" 2>&1 &
gateway=$!
echo $gateway > "$demo/gateway.pid"
trap 'stop_receivers; [ "$once" = yes ] && stop_gateway' EXIT
for _ in $(seq 100); do
  if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then break; fi
  kill -0 $gateway 2>/dev/null || { cat "$demo/gateway.log" >&2; exit 3; }
  sleep 0.1
done

receive() { # name, token, further options
  local name=$1 token=$2; shift 2
  "$vardbron" receive --name "$name" --gateway "http://127.0.0.1:$port" --token-file "$demo/tokens/$token" \
    --ready-file "$demo/$token.ready" "$@" &
  receivers+=($!)
  wait_for "$demo/$token.ready" "$name"
}

echo
echo "Two receivers subscribe: the municipality's home care, and the health centre."
receive "Hemsjukvården " municipality --accept
receive "Vårdcentralen " health-centre
cases=mappings/cosmic-notice/cases
send() { # words, case
  echo
  echo "$1"
  "$vardbron" send --to "http://127.0.0.1:$port/intake/cosmic" --token-file "$demo/tokens/hospital" "$cases/$2/input.xml"
  sleep 0.7
}
send "The hospital tells that a patient was admitted who will need help at home." admission
send "It sends the same notice again, as hospitals do: nothing happens twice." admission
send "The physician finds the patient ready to be discharged." discharge-ready
send "The patient goes home." discharge

echo
echo "What the municipality finds when it asks for its Tasks (GET /fhir/Task?owner=SE2120990011-HSV1):"
"$vardbron" get "http://127.0.0.1:$port/fhir/Task?owner=SE2120990011-HSV1" --token-file "$demo/tokens/municipality" --summary
stop_receivers
echo
if [ "$once" = yes ]; then
  stop_gateway
  echo "The gateway is stopped. What it kept lies in $demo/data."
else
  echo "The gateway keeps running at http://127.0.0.1:$port (log: $demo/gateway.log; tokens: $demo/tokens)."
  echo "Stop it with ./deploy/quickstart.sh --stop"
fi
