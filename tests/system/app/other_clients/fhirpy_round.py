"""A round with fhirpy: arguments are the base URL, the token, how many admissions were sent (each of its own case), and the
folder that fhirpy was installed in."""
import sys

base, token, cases, place = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
sys.path.insert(0, place)

from fhirpy import SyncFHIRClient  # noqa: E402
from fhirpy.base.exceptions import OperationOutcome, ResourceNotFound  # noqa: E402

OWNER = "SE2120990011-HSV1"
CASE_SYSTEM = "urn:vardbron:arende:SE2321990018"
done = 0


def holds(what, condition):
    global done
    if not condition:
        sys.exit(f"not so: {what}")
    done += 1


def resources_of(bundle, mode=None):
    return [each["resource"] for each in bundle.get("entry", []) if mode is None or each["search"]["mode"] == mode]


def ids_of(resources):
    return sorted(each["id"] for each in resources)


def link_of(bundle, relation):
    return next((each["url"] for each in bundle["link"] if each["relation"] == relation), None)


def check_joins(encounters, tasks):
    sent = sorted(f"C-M-{each}" for each in range(1, cases + 1))
    holds("each case that was sent is there once", sorted(each["identifier"][0]["value"] for each in encounters) == sent)
    case = encounters[0]["identifier"][0]["value"]
    bundle = client.resources("Encounter").search(identifier=f"{CASE_SYSTEM}|{case}").include("Encounter", "subject").fetch_raw()
    patients = resources_of(bundle, "include")
    holds("an include gives the patient of the one match", ids_of(resources_of(bundle, "match")) == [encounters[0]["id"]]
          and [f"Patient/{each['id']}" for each in patients] == [encounters[0]["subject"]["reference"]])
    of_patient = [each for each in tasks if each["for"]["reference"] == encounters[0]["subject"]["reference"]]
    bundle = client.resources("Patient").search(_id=patients[0]["id"]).revinclude("Task", "patient").fetch_raw()
    holds("a revinclude gives the tasks of the patient", len(of_patient) == 4
          and ids_of(resources_of(bundle, "include")) == ids_of(of_patient))
    chained = client.resources("Task").search(encounter__Encounter__identifier=f"{CASE_SYSTEM}|{case}").fetch_all()
    holds("a chain gives the tasks of the case", ids_of(chained) == ids_of(of_patient))
    having = client.resources("Patient").has("Encounter", "subject", identifier=f"{CASE_SYSTEM}|{case}").fetch_all()
    holds("a reverse chain gives the patient of the case", ids_of(having) == ids_of(patients))
    return patients[0]["id"], of_patient


def check_orders_and_totals(tasks):
    by_code = client.resources("Task").sort("code", "-_lastUpdated").limit(5).fetch_all()
    keys = [each["code"]["coding"][0]["code"] for each in by_code]
    holds("an order goes over pages", ids_of(by_code) == ids_of(tasks) and keys == sorted(keys) and len(set(keys)) == 2)
    times = [each["meta"]["lastUpdated"] for each in by_code if each["code"]["coding"][0]["code"] == keys[0]]
    holds("the second key orders what is alike, the newest first", times == sorted(times, reverse=True) and len(set(times)) > 1)
    bundle = client.resources("Task").search(_total="accurate").limit(2).fetch_raw()
    holds("a total is of all pages", bundle["total"] == len(tasks) and len(bundle["entry"]) == 2)
    bundle = client.resources("Task").search(_summary="count").fetch_raw()
    holds("a count comes without entries", bundle["total"] == len(tasks) and "entry" not in bundle)
    cut = client.resources("Task").search(_elements="status").limit(1).fetch()[0]
    holds("elements cut the others, and tell so", "for" not in cut and cut["status"] == "requested"
          and "SUBSETTED" in [each["code"] for each in cut["meta"]["tag"]])


def refusal_of(work):
    try:
        work()
    except OperationOutcome as refused:
        return refused.resource["issue"][0]["diagnostics"]
    return ""


def check_what_fhirpy_adds(tasks):
    """count() sends _totalMethod, which R4 does not have; elements() names resourceType too, which JSON alone has."""
    lenient = SyncFHIRClient(base, authorization=f"Bearer {token}", extra_headers={"Prefer": "handling=lenient"})
    holds("count() is refused by the parameter", refusal_of(client.resources("Task").count).startswith("_totalMethod"))
    for each in (client, lenient):
        cut = each.resources("Task").elements("status").fetch()
        holds("elements() cuts the others", cut and all("for" not in task and "status" in task for task in cut))
    holds("lenient handling lets count() count", lenient.resources("Task").count() == len(tasks))


def check_links(tasks):
    first = client.resources("Task").limit(3).fetch_raw()
    second = client.execute(link_of(first, "next"), method="get")
    back = client.execute(link_of(second, "previous"), method="get")
    holds("the first page has nothing before it", link_of(first, "previous") is None)
    holds("a previous link leads back", ids_of(resources_of(back)) == ids_of(resources_of(first)) != ids_of(resources_of(second)))


def check_patient(patient, tasks, encounter):
    everything = resources_of(client.execute(f"Patient/{patient}/$everything", method="get"))
    types = sorted(each["resourceType"] for each in everything)
    holds("everything of a patient is there", types == ["Communication", "Encounter", "Organization", "Patient"] + ["Task"] * 4)
    holds("and nothing of another's", ids_of(each for each in everything if each["resourceType"] == "Task") == ids_of(tasks))
    some = resources_of(client.execute(f"Patient/{patient}/$everything", method="get", params={"_type": "Task"}))
    holds("types of it may be asked for", {each["resourceType"] for each in some} - {"Patient"} == {"Task"})
    compartment = resources_of(client.execute(f"Patient/{patient}/Encounter", method="get"))
    holds("a compartment is searched", ids_of(compartment) == [encounter["id"]])


def check_histories(task, before):
    versions = client.execute(f"Task/{task['id']}/_history", method="get")["entry"]
    statuses = [each["resource"]["status"] for each in versions]
    holds("a history has the versions, the newest first", statuses == ["accepted", before])
    written = client.execute("Task/_history", method="get", params={"_count": 1})["entry"]
    holds("the history of the type begins with the last write", written[0]["resource"]["id"] == task["id"]
          and written[0]["resource"]["meta"]["versionId"] == task["meta"]["versionId"])


client = SyncFHIRClient(base, authorization=f"Bearer {token}")
capability = client.execute("metadata", method="get")
holds("the capability statement is one of R4", capability["fhirVersion"] == "4.0.1")

tasks = client.resources("Task").search(owner=OWNER, status="requested")
whole = tasks.limit(100).fetch_all()
paged = tasks.limit(2).fetch_all()
holds("there are tasks", len(whole) >= 5)
holds("pages of two give all of them once", sorted(each.id for each in paged) == sorted(each.id for each in whole))
holds("a page is as long as asked", len(tasks.limit(2).fetch()) == 2)

task = client.reference("Task", whole[0].id).to_resource()
holds("a read gives what the search gave", task["meta"] == whole[0]["meta"] and task["status"] == "requested")
holds("a reference of it resolves", task["for"].to_resource()["resourceType"] == "Patient")
patient = task["for"].to_resource()
number = patient["identifier"][0]
by_number = client.resources("Patient").search(identifier=f"{number['system']}|{number['value']}").fetch_all()
holds("a patient is found by the number", patient.id in [each.id for each in by_number])
of_patient = client.resources("Task").search(patient=f"Patient/{patient.id}").limit(3).fetch_all()
holds("a patient's tasks are found", whole[0].id in [each.id for each in of_patient])
version = client.execute(f"Task/{task.id}/_history/{task['meta']['versionId']}", method="get")
holds("a version is read", version["meta"]["versionId"] == task["meta"]["versionId"])

encounters = client.resources("Encounter").limit(4).fetch_all()
everyone = client.resources("Task").limit(100).fetch_all()
patient_of_case, tasks_of_case = check_joins(encounters, everyone)
check_orders_and_totals(everyone)
check_what_fhirpy_adds(everyone)
check_links(everyone)
check_patient(patient_of_case, tasks_of_case, encounters[0])

task["status"] = "accepted"
saved = task.save()
holds("an update gives the next version", client.reference("Task", task.id).to_resource()["status"] == "accepted")
check_histories(saved, "requested")

try:
    client.reference("Task", "00000000-0000-4000-8000-000000000000").to_resource()
    holds("what is not there is refused", False)
except ResourceNotFound:
    holds("what is not there is refused", True)
try:
    client.resources("Task").search(colour="blue").fetch()
    holds("an unknown parameter is refused with an outcome", False)
except OperationOutcome as refused:
    holds("an unknown parameter is refused with an outcome", refused.resource["issue"][0]["severity"] == "error")

print(f"{done} hold")
