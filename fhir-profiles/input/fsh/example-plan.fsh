// Synthetic: invented names; a person number from Skatteverket's official test numbers.

Instance: example-plan-call
InstanceOf: NoticeBundle
Usage: #example
Title: "A call to a meeting about a plan, as a canonical notice"
Description: "Synthetic. The plan has an identity of its own, and no stay."
* type = #message
* identifier.system = "urn:vardbron:message:SE2321990018"
* identifier.value = "P-0"
* timestamp = "2026-03-20T11:00:00+01:00"
* entry[header].fullUrl = "urn:uuid:5d0a2f0e-3c3f-5c53-8a6b-0d3e6f6f2001"
* entry[header].resource = example-plan-call-header
* entry[patient].fullUrl = "urn:uuid:5d0a2f0e-3c3f-5c53-8a6b-0d3e6f6f1002"
* entry[patient].resource = example-plan-patient
* entry[organization][0].fullUrl = "urn:uuid:5d0a2f0e-3c3f-5c53-8a6b-0d3e6f6f1003"
* entry[organization][0].resource = example-clinic
* entry[organization][1].fullUrl = "urn:uuid:5d0a2f0e-3c3f-5c53-8a6b-0d3e6f6f1004"
* entry[organization][1].resource = example-home-care
* entry[consent].fullUrl = "urn:uuid:5d0a2f0e-3c3f-5c53-8a6b-0d3e6f6f1005"
* entry[consent].resource = example-plan-consent
* entry[carePlan].fullUrl = "urn:uuid:5d0a2f0e-3c3f-5c53-8a6b-0d3e6f6f2006"
* entry[carePlan].resource = example-plan-call-care-plan
* entry[careTeam].fullUrl = "urn:uuid:5d0a2f0e-3c3f-5c53-8a6b-0d3e6f6f1007"
* entry[careTeam].resource = example-plan-care-team
* entry[appointment].fullUrl = "urn:uuid:5d0a2f0e-3c3f-5c53-8a6b-0d3e6f6f2012"
* entry[appointment].resource = example-plan-call-meeting

Instance: example-plan-call-header
InstanceOf: NoticeMessageHeader
Usage: #inline
* extension[eventTime].valueDateTime = "2026-03-20T10:55:00+01:00"
* eventCoding = NoticeEvent#sip.invitation
* source.endpoint = "https://vardbron.example/fhir/hsa/SE2321990018-VC07"
* sender.reference = "urn:uuid:5d0a2f0e-3c3f-5c53-8a6b-0d3e6f6f1003"
* destination.endpoint = "https://vardbron.example/fhir/hsa/SE2120990011-HSV1"
* destination.receiver.reference = "urn:uuid:5d0a2f0e-3c3f-5c53-8a6b-0d3e6f6f1004"
* focus.reference = "urn:uuid:5d0a2f0e-3c3f-5c53-8a6b-0d3e6f6f1002"

Instance: example-plan-call-care-plan
InstanceOf: NoticeCarePlan
Usage: #inline
* identifier.system = "urn:vardbron:plan:SE2321990018"
* identifier.value = "PLAN-1"
* status = #draft
* intent = #plan
* category = https://fhir.inera.se/CodeSystem/typeofcareplan-cs#SIP
* subject.reference = "urn:uuid:5d0a2f0e-3c3f-5c53-8a6b-0d3e6f6f1002"

Instance: example-plan-call-meeting
InstanceOf: Appointment
Usage: #inline
* extension[0].url = "https://vardbron.example/fhir/StructureDefinition/videolank"
* extension[0].valueUrl = "https://video.example/rum/1"
* status = #booked
* start = "2026-03-24T10:00:00+01:00"
* end = "2026-03-24T10:45:00+01:00"
* participant[0].actor.type = "Location"
* participant[0].actor.display = "Vårdcentralen Linden, rum 3"
* participant[0].status = #accepted

Instance: example-plan
InstanceOf: NoticeBundle
Usage: #example
Title: "An agreed plan, as a canonical notice"
Description: "Synthetic. A samordnad individuell plan without a stay, with the person's consent."
* type = #message
* identifier.system = "urn:vardbron:message:SE2321990018"
* identifier.value = "P-1"
* timestamp = "2026-03-24T11:00:00+01:00"
* entry[header].fullUrl = "urn:uuid:5d0a2f0e-3c3f-5c53-8a6b-0d3e6f6f1001"
* entry[header].resource = example-plan-header
* entry[patient].fullUrl = "urn:uuid:5d0a2f0e-3c3f-5c53-8a6b-0d3e6f6f1002"
* entry[patient].resource = example-plan-patient
* entry[organization][0].fullUrl = "urn:uuid:5d0a2f0e-3c3f-5c53-8a6b-0d3e6f6f1003"
* entry[organization][0].resource = example-clinic
* entry[organization][1].fullUrl = "urn:uuid:5d0a2f0e-3c3f-5c53-8a6b-0d3e6f6f1004"
* entry[organization][1].resource = example-home-care
* entry[consent].fullUrl = "urn:uuid:5d0a2f0e-3c3f-5c53-8a6b-0d3e6f6f1005"
* entry[consent].resource = example-plan-consent
* entry[carePlan].fullUrl = "urn:uuid:5d0a2f0e-3c3f-5c53-8a6b-0d3e6f6f1006"
* entry[carePlan].resource = example-plan-care-plan
* entry[careTeam].fullUrl = "urn:uuid:5d0a2f0e-3c3f-5c53-8a6b-0d3e6f6f1007"
* entry[careTeam].resource = example-plan-care-team
* entry[goal][0].fullUrl = "urn:uuid:5d0a2f0e-3c3f-5c53-8a6b-0d3e6f6f1008"
* entry[goal][0].resource = example-plan-goal
* entry[task][0].fullUrl = "urn:uuid:5d0a2f0e-3c3f-5c53-8a6b-0d3e6f6f1009"
* entry[task][0].resource = example-plan-exercise
* entry[task][1].fullUrl = "urn:uuid:5d0a2f0e-3c3f-5c53-8a6b-0d3e6f6f1010"
* entry[task][1].resource = example-plan-visits
* entry[task][2].fullUrl = "urn:uuid:5d0a2f0e-3c3f-5c53-8a6b-0d3e6f6f1011"
* entry[task][2].resource = example-plan-follow-up

Instance: example-plan-header
InstanceOf: NoticeMessageHeader
Usage: #inline
* extension[eventTime].valueDateTime = "2026-03-24T10:55:00+01:00"
* eventCoding = NoticeEvent#plan.agreed
* source.endpoint = "https://vardbron.example/fhir/hsa/SE2321990018-VC07"
* sender.reference = "urn:uuid:5d0a2f0e-3c3f-5c53-8a6b-0d3e6f6f1003"
* destination.endpoint = "https://vardbron.example/fhir/hsa/SE2120990011-HSV1"
* destination.receiver.reference = "urn:uuid:5d0a2f0e-3c3f-5c53-8a6b-0d3e6f6f1004"
* focus.reference = "urn:uuid:5d0a2f0e-3c3f-5c53-8a6b-0d3e6f6f1002"

Instance: example-plan-patient
InstanceOf: NoticePatient
Usage: #inline
* extension[kommun].valueCode = #0880
* identifier.system = "http://electronichealth.se/identifier/personnummer"
* identifier.value = "196101182803"
* name.family = "Prov"
* name.given = "Sigrid"

Instance: example-clinic
InstanceOf: NoticeOrganization
Usage: #inline
* identifier.system = "urn:oid:1.2.752.29.4.19"
* identifier.value = "SE2321990018-VC07"
* type = PartRoll#oppenvard
* name = "Vårdcentralen Linden"

Instance: example-plan-consent
InstanceOf: NoticeConsent
Usage: #inline
* status = #active
* scope = http://terminology.hl7.org/CodeSystem/consentscope#patient-privacy
* category = SamtyckeOmfattning#sip
* patient.reference = "urn:uuid:5d0a2f0e-3c3f-5c53-8a6b-0d3e6f6f1002"
* dateTime = "2026-03-20T09:00:00+01:00"
* performer.display = "Sigrid Prov"
* policyRule = SamtyckeGrund#samtycke

Instance: example-plan-care-plan
InstanceOf: NoticeCarePlan
Usage: #inline
* extension[onskadAv].valueCode = #patient
* extension[egnaOrd].valueString = "Jag vill kunna gå till affären själv igen."
* extension[omDetBlirSamre].valueString = "Ring hemsjukvården, dygnet runt."
* extension[ingenAnnanAtgard].valueBoolean = true
* identifier.system = "urn:vardbron:plan:SE2321990018"
* identifier.value = "PLAN-1"
* status = #active
* intent = #plan
* category = https://fhir.inera.se/CodeSystem/typeofcareplan-cs#SIP
* description = "Träning efter höftfrakturen, och hjälp hemma så länge."
* subject.reference = "urn:uuid:5d0a2f0e-3c3f-5c53-8a6b-0d3e6f6f1002"
* author.reference = "urn:uuid:5d0a2f0e-3c3f-5c53-8a6b-0d3e6f6f1003"

Instance: example-plan-care-team
InstanceOf: CareTeam
Usage: #inline
* participant[0].role = PlanRoll#fast-vardkontakt
* participant[0].member.reference = "urn:uuid:5d0a2f0e-3c3f-5c53-8a6b-0d3e6f6f1003"
* participant[0].member.display = "Berit Provsson"
* participant[1].role = PlanRoll#kommunsjukskoterska
* participant[1].member.reference = "urn:uuid:5d0a2f0e-3c3f-5c53-8a6b-0d3e6f6f1004"
* participant[2].role = PlanRoll#narstaende
* participant[2].member.display = "Nils Prov"

Instance: example-plan-goal
InstanceOf: Goal
Usage: #inline
* identifier.value = "M1"
* lifecycleStatus = #active
* achievementStatus = http://terminology.hl7.org/CodeSystem/goal-achievement#in-progress
* category = PlanMal#mal
* description.text = "Gå till affären utan hjälp"
* subject.reference = "urn:uuid:5d0a2f0e-3c3f-5c53-8a6b-0d3e6f6f1002"
* target.dueDate = "2026-06-01"
* expressedBy.reference = "urn:uuid:5d0a2f0e-3c3f-5c53-8a6b-0d3e6f6f1002"

Instance: example-plan-exercise
InstanceOf: Task
Usage: #inline
* identifier.value = "I1"
* status = #accepted
* intent = #order
* code = Uppgift#insats
* description = "Träning hos fysioterapeut, två gånger i veckan"
* owner.reference = "urn:uuid:5d0a2f0e-3c3f-5c53-8a6b-0d3e6f6f1003"
* executionPeriod.start = "2026-03-30"
* restriction.period.end = "2026-05-29"

Instance: example-plan-visits
InstanceOf: Task
Usage: #inline
* identifier.value = "I2"
* status = #accepted
* intent = #order
* code = Uppgift#insats
* description = "Hembesök varje dag"
* owner.reference = "urn:uuid:5d0a2f0e-3c3f-5c53-8a6b-0d3e6f6f1004"
* executionPeriod.start = "2026-03-25"
* restriction.period.end = "2026-04-30"

Instance: example-plan-follow-up
InstanceOf: Task
Usage: #inline
* identifier.value = "U1"
* status = #requested
* intent = #order
* code = Uppgift#folj-upp-sip
* description = "Telefonmöte"
* restriction.period.end = "2026-05-05"
