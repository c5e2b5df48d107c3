"""A round with fhirpy: arguments are the base URL, the token, and the folder that fhirpy was installed in."""
import sys

base, token, place = sys.argv[1:4]
sys.path.insert(0, place)

from fhirpy import SyncFHIRClient  # noqa: E402
from fhirpy.base.exceptions import OperationOutcome, ResourceNotFound  # noqa: E402

OWNER = "SE2120990011-HSV1"
done = 0


def holds(what, condition):
    global done
    if not condition:
        sys.exit(f"not so: {what}")
    done += 1


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

task["status"] = "accepted"
saved = task.save()
holds("an update gives the next version", client.reference("Task", task.id).to_resource()["status"] == "accepted")

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
