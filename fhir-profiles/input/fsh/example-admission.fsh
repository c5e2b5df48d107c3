// Synthetic: invented names; a person number from Skatteverket's official test numbers.

Instance: example-admission
InstanceOf: NoticeBundle
Usage: #example
Title: "An admission, as a canonical notice"
Description: "Synthetic."
* type = #message
* identifier.system = "urn:vardbron:message:SE2321990018"
* identifier.value = "M-1"
* timestamp = "2026-03-10T09:12:00+01:00"
* entry[header].fullUrl = "urn:uuid:5d0a2f0e-3c3f-5c53-8a6b-0d3e6f6f0001"
* entry[header].resource = example-header
* entry[patient].fullUrl = "urn:uuid:5d0a2f0e-3c3f-5c53-8a6b-0d3e6f6f0002"
* entry[patient].resource = example-patient
* entry[encounter].fullUrl = "urn:uuid:5d0a2f0e-3c3f-5c53-8a6b-0d3e6f6f0003"
* entry[encounter].resource = example-encounter
* entry[organization][0].fullUrl = "urn:uuid:5d0a2f0e-3c3f-5c53-8a6b-0d3e6f6f0004"
* entry[organization][0].resource = example-ward
* entry[organization][1].fullUrl = "urn:uuid:5d0a2f0e-3c3f-5c53-8a6b-0d3e6f6f0005"
* entry[organization][1].resource = example-home-care

Instance: example-header
InstanceOf: NoticeMessageHeader
Usage: #inline
* extension[eventTime].valueDateTime = "2026-03-10T09:10:00+01:00"
* eventCoding = NoticeEvent#admission
* source.endpoint = "https://vardbron.example/fhir/hsa/SE2321990018-MED5"
* sender.reference = "urn:uuid:5d0a2f0e-3c3f-5c53-8a6b-0d3e6f6f0004"
* destination.endpoint = "https://vardbron.example/fhir/hsa/SE2120990011-HSV1"
* destination.receiver.reference = "urn:uuid:5d0a2f0e-3c3f-5c53-8a6b-0d3e6f6f0005"
* focus.reference = "urn:uuid:5d0a2f0e-3c3f-5c53-8a6b-0d3e6f6f0003"

Instance: example-patient
InstanceOf: NoticePatient
Usage: #inline
* extension[kommun].valueCode = #0880
* identifier.system = "http://electronichealth.se/identifier/personnummer"
* identifier.value = "195009072553"
* name.family = "Exempelsson"
* name.given = "Astrid"

Instance: example-encounter
InstanceOf: NoticeEncounter
Usage: #inline
* extension[beraknadUtskrivning].valueDate = "2026-03-13"
* identifier.system = "urn:vardbron:arende:SE2321990018"
* identifier.value = "A-1"
* status = #in-progress
* class = http://terminology.hl7.org/CodeSystem/v3-ActCode#IMP
* subject.reference = "urn:uuid:5d0a2f0e-3c3f-5c53-8a6b-0d3e6f6f0002"
* period.start = "2026-03-09T22:40:00+01:00"

Instance: example-ward
InstanceOf: NoticeOrganization
Usage: #inline
* identifier.system = "urn:oid:1.2.752.29.4.19"
* identifier.value = "SE2321990018-MED5"
* type = PartRoll#sluten-vard
* name = "Medicinavdelning 5, Exempelstads sjukhus"

Instance: example-home-care
InstanceOf: NoticeOrganization
Usage: #inline
* identifier.system = "urn:oid:1.2.752.29.4.19"
* identifier.value = "SE2120990011-HSV1"
* type = PartRoll#kommunal-hsv
* name = "Hemsjukvården, Exempelstads kommun"
