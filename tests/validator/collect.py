"""collect.py PROGRAM FOLDER: starts a gateway, tells it every sample below mappings/ and every notice of fhir-profiles, and writes
into FOLDER all that it serves: every resource in every version, the notification Bundles of the three payloads, the
CapabilityStatement, and what another gateway, with an agreement by the average of a month, serves of charges and months."""
import http.server
import json
import pathlib
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
CHANNELS = {"cosmic-notice": "CosmicNotice", "medcom-hospitalnotification": "MedComHospitalNotification", "hl7v2-adt": "Hl7v2Adt"}
TYPES = ("Patient", "Encounter", "Task", "CareTeam", "CarePlan", "Communication", "ChargeItem", "Organization", "Consent", "Goal", "Appointment",
         "Subscription")
SUFFIXES = {".xml": "application/xml", ".json": "application/fhir+json", ".hl7": "x-application/hl7-v2+er7"}
PAYLOADS = ("empty", "id-only", "full-resource")
BACKPORT = "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/"


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


class Receiver(http.server.BaseHTTPRequestHandler):
    folder, count = None, 0

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        Receiver.count += 1
        payload = self.path.strip("/")
        (self.folder / f"notification-{payload}-{Receiver.count}.json").write_bytes(body)
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


AVERAGE = ["[agreement]", 'name = "MEDEL"', "average_decides = true", "free_average_tenths = 0", "[agreement.prices]", "2026 = 11000"]


class Gateway:
    def __init__(self, program, work, settings=()):
        self.program = program
        self.url = f"http://127.0.0.1:{free_port()}"
        self.tokens = {who: f"token-of-the-{who}-for-validation" for who in ("hospital", "municipality", "operator")}
        organisations = (("SE2321990018-MED5", "hospital", "send"), ("SE2120990011-HSV1", "municipality", "receive"),
                         ("SE2321990018-DRIFT", "operator", "operate"))
        lines = ['store = "data"', f'mappings = "{ROOT / "mappings"}"', "[server]", f'listen = "{self.url[7:]}"',
                 "[delivery]", "plain_http_to_loopback = true"]
        for hsa_id, who, right in organisations:
            lines += ["[[organisation]]", f'hsa_id = "{hsa_id}"', f'name = "{who}"', f'token = "{self.tokens[who]}"',
                      f'rights = ["{right}"]']
            if who == "hospital":
                lines.append('units = ["SE2321990018-*", "SE2120990011-*", "urn:oid:1.2.208.176.1.1|*"]')
            if who == "municipality":
                lines.append('endpoints = ["http://127.0.0.1:*"]')
        for channel, name in CHANNELS.items():
            lines += ["[[channel]]", f'name = "{channel}"', f'map = "https://vardbron.example/fhir/StructureMap/{name}"']
        lines += settings
        (work / "gateway.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
        with open(work / "gateway.log", "wb") as log:
            self.process = subprocess.Popen([program, "serve", "--config", str(work / "gateway.toml")], stdout=log, stderr=log)
        for _ in range(100):
            try:
                self.ask("operator", "/health")
                return
            except OSError:
                time.sleep(0.1)
        sys.exit("The gateway did not start:\n" + (work / "gateway.log").read_text(encoding="utf-8"))

    def ask(self, who, target, body=None, content_type="application/fhir+json"):
        headers = {"Authorization": "Bearer " + self.tokens[who]}
        if body is not None:
            headers["Content-Type"] = content_type
        request = urllib.request.Request(self.url + target, data=body, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.read()
        except urllib.error.HTTPError as refused:
            return refused.read()


def subscription(endpoint, payload):
    return {"resourceType": "Subscription", "meta": {"profile": [BACKPORT + "backport-subscription"]}, "status": "requested",
            "reason": "validation", "criteria": "https://vardbron.example/fhir/SubscriptionTopic/case",
            "channel": {"type": "rest-hook", "endpoint": endpoint, "payload": "application/fhir+json",
                        "_payload": {"extension": [{"url": BACKPORT + "backport-payload-content", "valueCode": payload}]}}}


def tell_everything(gateway, folder):
    for channel in CHANNELS:
        for case in sorted((ROOT / "mappings" / channel / "cases").iterdir()):
            for sample in case.glob("input.*"):
                content_type = SUFFIXES.get(sample.suffix)
                if content_type:
                    answer = gateway.ask("hospital", "/intake/" + channel, sample.read_bytes(), content_type)
                    (folder / f"receipt-{channel}-{case.name}.json").write_bytes(answer)


def tell_canonical_examples(gateway, folder):
    """What the FSH files have as examples of notices, a plan among them: no map makes one."""
    for sample in sorted((pathlib.Path(gateway.program).parent.parent / "share/models").glob("Bundle-example-*.json")):
        answer = gateway.ask("hospital", "/fhir/$process-message", sample.read_bytes())
        (folder / f"receipt-canonical-{sample.stem}.json").write_bytes(answer)


def check_kinds(folder):
    """Each type has at least one resource, and each resource that the gateway writes names its profile."""
    kinds, nameless = set(), []
    for file in folder.glob("*-*-*.json"):
        resource = json.loads(file.read_text(encoding="utf-8"))
        kind = resource.get("resourceType")
        if kind not in TYPES:
            continue
        kinds.add(kind)
        if kind != "Subscription" and not resource.get("meta", {}).get("profile"):
            nameless.append(file.name)
    if missing := sorted(set(TYPES) - kinds):
        sys.exit("No resource of the types " + ", ".join(missing))
    if nameless:
        sys.exit("Without a profile: " + ", ".join(sorted(nameless)))


def keep_resources(gateway, folder, kinds=TYPES):
    for kind in kinds:
        target = f"/fhir/{kind}"
        while target:
            page = json.loads(gateway.ask("operator", target))
            for entry in page.get("entry", []):
                resource = entry["resource"]
                for version in range(1, int(resource["meta"]["versionId"]) + 1):
                    where = f"/fhir/{kind}/{resource['id']}" + ("" if kind == "Subscription" else f"/_history/{version}")
                    (folder / f"{kind}-{resource['id']}-{version}.json").write_bytes(gateway.ask("operator", where))
            links = {link["relation"]: link["url"] for link in page.get("link", [])}
            following = links.get("next")
            target = following and following[following.index("/fhir/"):]


def references_of(value):
    if isinstance(value, dict):
        if isinstance(value.get("reference"), str):
            yield value["reference"]
        for child in value.values():
            yield from references_of(child)
    elif isinstance(value, list):
        for child in value:
            yield from references_of(child)


def check_references(gateway, folder):
    """Whatever a resource points to is served."""
    known, missing = set(), set()
    for file in folder.glob("*-*-*.json"):
        resource = json.loads(file.read_text(encoding="utf-8"))
        if resource.get("resourceType") not in TYPES:
            continue
        for reference in set(references_of(resource)) - known:
            if reference.startswith("#"):
                continue  # the validator looks for what is contained
            answer = json.loads(gateway.ask("operator", "/fhir/" + reference))
            (known if answer["resourceType"] + "/" + answer.get("id", "") == reference else missing).add(reference)
    if missing:
        sys.exit("Pointed to, but not served: " + ", ".join(sorted(missing)))


def keep_month(program, folder):
    folder.mkdir()
    with tempfile.TemporaryDirectory() as work:
        gateway = Gateway(program, pathlib.Path(work), AVERAGE)
        try:
            for case in ("admission", "discharge-ready", "discharge"):
                sample = ROOT / "mappings/cosmic-notice/cases" / case / "input.xml"
                gateway.ask("hospital", "/intake/cosmic-notice", sample.read_bytes(), SUFFIXES[".xml"])
            keep_resources(gateway, folder, ["ChargeItem"])
            for who in ("municipality", "operator"):
                target = "/fhir/Measure/manadsmedelvarde/$evaluate-measure?periodStart=2026-03-01&periodEnd=2026-03-31"
                report = gateway.ask(who, target)
                if json.loads(report)["resourceType"] != "MeasureReport":
                    sys.exit("No report of the month: " + report.decode())
                (folder / f"month-{who}.json").write_bytes(report)
        finally:
            gateway.process.terminate()
            gateway.process.wait()


def main():
    program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    Receiver.folder = folder
    port = free_port()
    receiver = http.server.ThreadingHTTPServer(("127.0.0.1", port), Receiver)
    threading.Thread(target=receiver.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as work:
        gateway = Gateway(program, pathlib.Path(work))
        try:
            for payload in PAYLOADS:
                wish = json.dumps(subscription(f"http://127.0.0.1:{port}/{payload}", payload)).encode()
                (folder / f"answer-subscription-{payload}.json").write_bytes(gateway.ask("municipality", "/fhir/Subscription", wish))
            time.sleep(1)
            tell_everything(gateway, folder)
            tell_canonical_examples(gateway, folder)
            time.sleep(3)
            (folder / "metadata.json").write_bytes(gateway.ask("operator", "/fhir/metadata"))
            (folder / "status.json").write_bytes(gateway.ask("municipality", "/fhir/Subscription/$status"))
            keep_resources(gateway, folder)
            check_references(gateway, folder)
            check_kinds(folder)
        finally:
            gateway.process.terminate()
            gateway.process.wait()
    if Receiver.count < len(PAYLOADS):
        sys.exit("No notifications came.")
    keep_month(program, folder / "average")


main()
