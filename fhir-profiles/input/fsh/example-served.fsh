// Synthetic: one example of each profile of what the gateway serves. They refer to one another as a gateway's resources do.

Instance: example-served-patient
InstanceOf: ServedPatient
Usage: #example
Title: "A patient"
Description: "Synthetic."
* extension[kommun].valueCode = #0880
* identifier.system = "http://electronichealth.se/identifier/personnummer"
* identifier.value = "195009072553"
* name.family = "Exempelsson"
* name.given = "Astrid"
* gender = #female
* birthDate = "1950-09-07"
* address.line = "Exempelgatan 1"
* address.postalCode = "39230"
* address.city = "Exempelstad"
* contact.relationship = NarstaendeRoll#narstaende
* contact.relationship.text = "dotter"
* contact.name.text = "Maja Exempelsson"
* contact.telecom.system = #phone
* contact.telecom.value = "070-1740605"

Instance: example-served-organization
InstanceOf: ServedOrganization
Usage: #example
Title: "An organisation"
Description: "Synthetic."
* extension[egenUppgift].valueDateTime = "2026-03-10T09:12:00+01:00"
* identifier[hsaId].system = "urn:oid:1.2.752.29.4.19"
* identifier[hsaId].value = "SE2120990011-HSV1"
* type = PartRoll#kommunal-hsv
* name = "Hemsjukvården, Exempelstads kommun"
* telecom.system = #phone
* telecom.value = "0480-000000"

Instance: example-served-encounter
InstanceOf: ServedEncounter
Usage: #example
Title: "A stay"
Description: "Synthetic."
* meta.tag.system = "urn:vardbron:arende:SE2321990018"
* meta.tag.code = #A-1
* meta.source = "https://vardbron.example/fhir/hsa/SE2321990018-MED5"
* extension[beraknadUtskrivning].valueDate = "2026-03-13"
* extension[arendeTillstand].valueCode = #inskriven
* identifier.system = "urn:vardbron:arende:SE2321990018"
* identifier.value = "A-1"
* status = #in-progress
* class = http://terminology.hl7.org/CodeSystem/v3-ActCode#IMP
* subject.reference = "Patient/example-served-patient"
* period.start = "2026-03-09T22:40:00+01:00"
* serviceProvider.type = "Organization"
* serviceProvider.identifier.system = "urn:oid:1.2.752.29.4.19"
* serviceProvider.identifier.value = "SE2321990018-MED5"
* serviceProvider.display = "Medicinavdelning 5"

Instance: example-served-communication
InstanceOf: ServedCommunication
Usage: #example
Title: "An admission notice for one receiver"
Description: "Synthetic."
* meta.tag.system = "urn:vardbron:arende:SE2321990018"
* meta.tag.code = #A-1
* meta.source = "https://vardbron.example/fhir/hsa/SE2321990018-MED5"
* extension[eventTime].valueDateTime = "2026-03-10T09:10:00+01:00"
* identifier.system = "urn:vardbron:message:SE2321990018"
* identifier.value = "M-1"
* status = #completed
* category = NoticeEvent#admission
* subject.reference = "Patient/example-served-patient"
* encounter.reference = "Encounter/example-served-encounter"
* sent = "2026-03-10T09:12:00+01:00"
* recipient.type = "Organization"
* recipient.identifier.system = "urn:oid:1.2.752.29.4.19"
* recipient.identifier.value = "SE2120990011-HSV1"
* recipient.display = "Hemsjukvården, Exempelstads kommun"
* sender.type = "Organization"
* sender.identifier.system = "urn:oid:1.2.752.29.4.19"
* sender.identifier.value = "SE2321990018-MED5"
* sender.display = "Medicinavdelning 5"
* payload.extension[innehall].valueCode = #behov
* payload.contentString = "Hjälp med medicin och såromläggning."

Instance: kontakt
InstanceOf: ContactRole
Usage: #inline
* practitioner.type = "Practitioner"
* practitioner.display = "Berit Provsson"
* organization.type = "Organization"
* organization.identifier.system = "urn:oid:1.2.752.29.4.19"
* organization.identifier.value = "SE2321990018-VC07"
* organization.display = "Vårdcentralen Linden"
* code = urn:oid:1.2.752.129.5.1.69#1
* telecom.system = #phone
* telecom.value = "0480-000001"

Instance: example-contact-team
InstanceOf: ContactTeam
Usage: #example
Title: "A fast vårdkontakt"
Description: "Synthetic."
* meta.tag.system = "urn:vardbron:arende:SE2321990018"
* meta.tag.code = #A-1
* meta.source = "https://vardbron.example/fhir/hsa/SE2321990018-MED5"
* contained = kontakt
* status = #active
* category = Vardteam#fast-kontakt
* subject.reference = "Patient/example-served-patient"
* encounter.reference = "Encounter/example-served-encounter"
* period.start = "2026-03-11"
* participant.role = urn:oid:1.2.752.129.5.1.69#1
* participant.member.reference = "#kontakt"
* participant.member.type = "PractitionerRole"
* participant.member.display = "Berit Provsson"
* managingOrganization.type = "Organization"
* managingOrganization.identifier.system = "urn:oid:1.2.752.29.4.19"
* managingOrganization.identifier.value = "SE2321990018-VC07"
* managingOrganization.display = "Vårdcentralen Linden"
* telecom.system = #phone
* telecom.value = "0480-000001"

Instance: example-consent
InstanceOf: ServedConsent
Usage: #example
Title: "Consent to a plan"
Description: "Synthetic."
* meta.tag.system = "urn:vardbron:arende:SE2321990018"
* meta.tag.code = #A-1
* meta.source = "https://vardbron.example/fhir/hsa/SE2321990018-MED5"
* status = #active
* scope = http://terminology.hl7.org/CodeSystem/consentscope#patient-privacy
* category = SamtyckeOmfattning#sip
* patient.reference = "Patient/example-served-patient"
* dateTime = "2026-03-11T10:00:00+01:00"
* performer.display = "Astrid Exempelsson"
* organization.type = "Organization"
* organization.identifier.system = "urn:oid:1.2.752.29.4.19"
* organization.identifier.value = "SE2321990018-MED5"
* organization.display = "Medicinavdelning 5"
* policyRule = SamtyckeGrund#samtycke
* provision.type = #permit

Instance: example-charge-item
InstanceOf: ServedChargeItem
Usage: #example
Title: "Days that a municipality pays for"
Description: "Synthetic."
* meta.tag.system = "urn:vardbron:arende:SE2321990018"
* meta.tag.code = #A-1
* meta.source = "https://vardbron.example/fhir/hsa/SE2321990018-MED5"
* extension[betalningsklocka].valueCode = #betalar
* extension[betalningsavtal].valueCode = #LAW
* extension[betalningsansvarig].valueReference.type = "Organization"
* extension[betalningsansvarig].valueReference.identifier.system = "urn:oid:2.5.4.97"
* extension[betalningsansvarig].valueReference.identifier.value = "2120000746"
* extension[betalningsansvarig].valueReference.display = "Kommun 0880"
* extension[betalningsvillkor].extension[villkor].valueCode = #kallelse
* extension[betalningsvillkor].extension[lage].valueCode = #uppfyllt
* extension[betalningsvillkor].extension[sedan].valueDateTime = "2026-03-12T16:00:00+01:00"
* extension[betalningsvillkor].extension[stod].valueString = "LUS 5:3 st 2, 4:3"
* status = #planned
* code = Betalningsansvar#utskrivningsklar-dygn
* subject.reference = "Patient/example-served-patient"
* context.reference = "Encounter/example-served-encounter"
* occurrencePeriod.start = "2026-03-16"
* quantity.value = 2
* quantity.unit = "dygn"
* quantity.system = "http://unitsofmeasure.org"
* quantity.code = #d

Instance: example-month-report
InstanceOf: MonthReport
Usage: #example
Title: "The average of a month"
Description: "Synthetic."
* status = #pending
* type = #summary
* measure = "https://vardbron.example/fhir/Measure/manadsmedelvarde"
* date = "2026-04-02T08:00:00+02:00"
* reporter.type = "Organization"
* reporter.identifier.system = "urn:oid:1.2.752.29.4.19"
* reporter.identifier.value = "SE2120990011-HSV1"
* reporter.display = "Hemsjukvården, Exempelstads kommun"
* period.start = "2026-03-01"
* period.end = "2026-03-31"
* group.code = Manadsmedelvarde#vantetid
* group.population[0].code = http://terminology.hl7.org/CodeSystem/measure-population#initial-population
* group.population[0].count = 2
* group.population[1].code = http://terminology.hl7.org/CodeSystem/measure-population#measure-population
* group.population[1].count = 2
* group.population[2].code = http://terminology.hl7.org/CodeSystem/measure-population#measure-population-exclusion
* group.population[2].count = 0
* group.population[3].code = Manadsmedelvarde#vantedygn
* group.population[3].count = 5
* group.population[4].code = Manadsmedelvarde#oavgjorda-vantedygn
* group.population[4].count = 0
* group.measureScore.value = 2.50
* group.measureScore.system = "http://unitsofmeasure.org"
* group.measureScore.code = #d
* group.stratifier.code = Manadsmedelvarde#kommun-och-avtal
* group.stratifier.stratum.extension[manadssumma].extension[betalningsansvarig].valueReference.type = "Organization"
* group.stratifier.stratum.extension[manadssumma].extension[betalningsansvarig].valueReference.display = "Kommun 0880"
* group.stratifier.stratum.extension[manadssumma].extension[betalningsavtal].valueString = "MEDEL"
* group.stratifier.stratum.extension[manadssumma].extension[stangd].valueBoolean = false
* group.stratifier.stratum.value.text = "Kommun 0880, MEDEL"
* group.stratifier.stratum.population[0].code = http://terminology.hl7.org/CodeSystem/measure-population#initial-population
* group.stratifier.stratum.population[0].count = 2
* group.stratifier.stratum.population[1].code = http://terminology.hl7.org/CodeSystem/measure-population#measure-population
* group.stratifier.stratum.population[1].count = 2
* group.stratifier.stratum.population[2].code = http://terminology.hl7.org/CodeSystem/measure-population#measure-population-exclusion
* group.stratifier.stratum.population[2].count = 0
* group.stratifier.stratum.population[3].code = Manadsmedelvarde#vantedygn
* group.stratifier.stratum.population[3].count = 5
* group.stratifier.stratum.population[4].code = Manadsmedelvarde#oavgjorda-vantedygn
* group.stratifier.stratum.population[4].count = 0
* group.stratifier.stratum.measureScore.value = 2.50
* group.stratifier.stratum.measureScore.system = "http://unitsofmeasure.org"
* group.stratifier.stratum.measureScore.code = #d

Instance: example-care-plan
InstanceOf: ServedCarePlan
Usage: #example
Title: "An individual plan"
Description: "Synthetic."
* meta.tag.system = "urn:vardbron:arende:SE2321990018"
* meta.tag.code = #A-1
* meta.source = "https://vardbron.example/fhir/hsa/SE2321990018-MED5"
* extension[planTillstand].valueCode = #upprattad
* status = #active
* intent = #plan
* category = https://fhir.inera.se/CodeSystem/typeofcareplan-cs#SIP
* title = "Samordnad individuell plan"
* description = "Träning efter höftfrakturen, och hjälp hemma så länge."
* subject.reference = "Patient/example-served-patient"
* period.start = "2026-03-24T10:55:00+01:00"
* author.type = "Organization"
* author.identifier.system = "urn:oid:1.2.752.29.4.19"
* author.identifier.value = "SE2321990018-VC07"
* author.display = "Vårdcentralen Linden"
* careTeam.reference = "CareTeam/example-plan-team"
* goal.reference = "Goal/example-goal"
* activity.reference.reference = "Task/example-task-insats"

Instance: example-plan-team
InstanceOf: PlanTeam
Usage: #example
Title: "Who takes part in a plan"
Description: "Synthetic."
* meta.tag.system = "urn:vardbron:arende:SE2321990018"
* meta.tag.code = #A-1
* meta.source = "https://vardbron.example/fhir/hsa/SE2321990018-MED5"
* status = #active
* category = Vardteam#team
* name = "Samordnad individuell plan"
* subject.reference = "Patient/example-served-patient"
* participant.role = PlanRoll#kommunsjukskoterska
* participant.member.type = "Organization"
* participant.member.identifier.system = "urn:oid:1.2.752.29.4.19"
* participant.member.identifier.value = "SE2120990011-HSV1"
* participant.member.display = "Hemsjukvården, Exempelstads kommun"
* participant.period.start = "2026-03-24T10:55:00+01:00"
* managingOrganization.type = "Organization"
* managingOrganization.identifier.system = "urn:oid:1.2.752.29.4.19"
* managingOrganization.identifier.value = "SE2321990018-VC07"
* managingOrganization.display = "Vårdcentralen Linden"

Instance: example-goal
InstanceOf: ServedGoal
Usage: #example
Title: "A goal of a plan"
Description: "Synthetic."
* meta.tag.system = "urn:vardbron:arende:SE2321990018"
* meta.tag.code = #A-1
* meta.source = "https://vardbron.example/fhir/hsa/SE2321990018-MED5"
* lifecycleStatus = #active
* category.text = "Mål"
* description.text = "Gå till affären utan hjälp"
* subject.reference = "Patient/example-served-patient"
* target.dueDate = "2026-06-01"
* expressedBy.reference = "Patient/example-served-patient"

Instance: example-appointment
InstanceOf: ServedAppointment
Usage: #example
Title: "A meeting of a plan"
Description: "Synthetic."
* meta.tag.system = "urn:vardbron:arende:SE2321990018"
* meta.tag.code = #A-1
* meta.source = "https://vardbron.example/fhir/hsa/SE2321990018-MED5"
* status = #booked
* description = "Möte om samordnad planering"
* supportingInformation.reference = "CarePlan/example-care-plan"
* start = "2026-03-24T10:00:00+01:00"
* end = "2026-03-24T10:45:00+01:00"
* comment = "Plats: Vårdcentralen Linden, rum 3"
* participant[0].actor.reference = "Patient/example-served-patient"
* participant[0].status = #needs-action
* participant[1].type = PlanRoll#kommunsjukskoterska
* participant[1].actor.type = "HealthcareService"
* participant[1].actor.identifier.system = "urn:oid:1.2.752.29.4.19"
* participant[1].actor.identifier.value = "SE2120990011-HSV1"
* participant[1].actor.display = "Hemsjukvården, Exempelstads kommun"
* participant[1].status = #accepted

Instance: example-task-kvittera-inskrivning
InstanceOf: TaskKvitteraInskrivning
Usage: #example
Title: "Work: kvittera-inskrivning"
Description: "Synthetic."
* meta.tag.system = "urn:vardbron:arende:SE2321990018"
* meta.tag.code = #A-1
* meta.source = "https://vardbron.example/fhir/hsa/SE2321990018-MED5"
* groupIdentifier.system = "urn:vardbron:arende:SE2321990018"
* groupIdentifier.value = "A-1"
* status = #requested
* intent = #order
* code = Uppgift#kvittera-inskrivning
* focus.reference = "Encounter/example-served-encounter"
* for.reference = "Patient/example-served-patient"
* encounter.reference = "Encounter/example-served-encounter"
* authoredOn = "2026-03-10T09:12:00+01:00"
* lastModified = "2026-03-10T09:12:00+01:00"
* requester.type = "Organization"
* requester.identifier.system = "urn:oid:1.2.752.29.4.19"
* requester.identifier.value = "SE2321990018-MED5"
* requester.display = "Medicinavdelning 5"
* owner.type = "Organization"
* owner.identifier.system = "urn:oid:1.2.752.29.4.19"
* owner.identifier.value = "SE2120990011-HSV1"
* owner.display = "Hemsjukvården, Exempelstads kommun"
* restriction.period.end = "2026-03-13T23:59:59+01:00"

Instance: example-task-utse-fast-vardkontakt
InstanceOf: TaskUtseFastVardkontakt
Usage: #example
Title: "Work: utse-fast-vardkontakt"
Description: "Synthetic."
* meta.tag.system = "urn:vardbron:arende:SE2321990018"
* meta.tag.code = #A-1
* meta.source = "https://vardbron.example/fhir/hsa/SE2321990018-MED5"
* groupIdentifier.system = "urn:vardbron:arende:SE2321990018"
* groupIdentifier.value = "A-1"
* status = #requested
* intent = #order
* code = Uppgift#utse-fast-vardkontakt
* focus.reference = "Encounter/example-served-encounter"
* for.reference = "Patient/example-served-patient"
* encounter.reference = "Encounter/example-served-encounter"
* authoredOn = "2026-03-10T09:12:00+01:00"
* lastModified = "2026-03-10T09:12:00+01:00"
* requester.type = "Organization"
* requester.identifier.system = "urn:oid:1.2.752.29.4.19"
* requester.identifier.value = "SE2321990018-MED5"
* requester.display = "Medicinavdelning 5"
* owner.type = "Organization"
* owner.identifier.system = "urn:oid:1.2.752.29.4.19"
* owner.identifier.value = "SE2321990018-VC07"
* owner.display = "Vårdcentralen Linden"
* restriction.period.end = "2026-03-13T23:59:59+01:00"
* contained = kontakt
* input.type = Vardteam#fast-kontakt
* input.valueReference.reference = "#kontakt"
* input.valueReference.type = "PractitionerRole"
* input.valueReference.display = "Berit Provsson"

Instance: example-task-kalla-till-sip
InstanceOf: TaskKallaTillSip
Usage: #example
Title: "Work: kalla-till-sip"
Description: "Synthetic."
* meta.tag.system = "urn:vardbron:arende:SE2321990018"
* meta.tag.code = #A-1
* meta.source = "https://vardbron.example/fhir/hsa/SE2321990018-MED5"
* groupIdentifier.system = "urn:vardbron:arende:SE2321990018"
* groupIdentifier.value = "A-1"
* status = #requested
* intent = #order
* code = Uppgift#kalla-till-sip
* focus.reference = "Encounter/example-served-encounter"
* for.reference = "Patient/example-served-patient"
* encounter.reference = "Encounter/example-served-encounter"
* authoredOn = "2026-03-10T09:12:00+01:00"
* lastModified = "2026-03-10T09:12:00+01:00"
* requester.type = "Organization"
* requester.identifier.system = "urn:oid:1.2.752.29.4.19"
* requester.identifier.value = "SE2321990018-MED5"
* requester.display = "Medicinavdelning 5"
* owner.type = "Organization"
* owner.identifier.system = "urn:oid:1.2.752.29.4.19"
* owner.identifier.value = "SE2321990018-VC07"
* owner.display = "Vårdcentralen Linden"
* restriction.period.end = "2026-03-13T23:59:59+01:00"

Instance: example-task-ta-over-patient
InstanceOf: TaskTaOverPatient
Usage: #example
Title: "Work: ta-over-patient"
Description: "Synthetic."
* meta.tag.system = "urn:vardbron:arende:SE2321990018"
* meta.tag.code = #A-1
* meta.source = "https://vardbron.example/fhir/hsa/SE2321990018-MED5"
* groupIdentifier.system = "urn:vardbron:arende:SE2321990018"
* groupIdentifier.value = "A-1"
* status = #requested
* intent = #order
* code = Uppgift#ta-over-patient
* focus.reference = "Encounter/example-served-encounter"
* for.reference = "Patient/example-served-patient"
* encounter.reference = "Encounter/example-served-encounter"
* authoredOn = "2026-03-10T09:12:00+01:00"
* lastModified = "2026-03-10T09:12:00+01:00"
* requester.type = "Organization"
* requester.identifier.system = "urn:oid:1.2.752.29.4.19"
* requester.identifier.value = "SE2321990018-MED5"
* requester.display = "Medicinavdelning 5"
* owner.type = "Organization"
* owner.identifier.system = "urn:oid:1.2.752.29.4.19"
* owner.identifier.value = "SE2120990011-HSV1"
* owner.display = "Hemsjukvården, Exempelstads kommun"
* restriction.period.end = "2026-03-13T23:59:59+01:00"

Instance: example-task-informationsoverforing
InstanceOf: TaskInformationsoverforing
Usage: #example
Title: "Work: informationsoverforing"
Description: "Synthetic."
* meta.tag.system = "urn:vardbron:arende:SE2321990018"
* meta.tag.code = #A-1
* meta.source = "https://vardbron.example/fhir/hsa/SE2321990018-MED5"
* groupIdentifier.system = "urn:vardbron:arende:SE2321990018"
* groupIdentifier.value = "A-1"
* status = #requested
* intent = #order
* code = Uppgift#informationsoverforing
* focus.reference = "Encounter/example-served-encounter"
* for.reference = "Patient/example-served-patient"
* encounter.reference = "Encounter/example-served-encounter"
* authoredOn = "2026-03-10T09:12:00+01:00"
* lastModified = "2026-03-10T09:12:00+01:00"
* requester.type = "Organization"
* requester.identifier.system = "urn:oid:1.2.752.29.4.19"
* requester.identifier.value = "SE2321990018-MED5"
* requester.display = "Medicinavdelning 5"
* owner.type = "Organization"
* owner.identifier.system = "urn:oid:1.2.752.29.4.19"
* owner.identifier.value = "SE2321990018-MED5"
* owner.display = "Medicinavdelning 5"
* restriction.period.end = "2026-03-13T23:59:59+01:00"

Instance: example-task-insats
InstanceOf: TaskInsats
Usage: #example
Title: "Work: insats"
Description: "Synthetic."
* meta.tag.system = "urn:vardbron:arende:SE2321990018"
* meta.tag.code = #A-1
* meta.source = "https://vardbron.example/fhir/hsa/SE2321990018-MED5"
* basedOn.reference = "CarePlan/example-care-plan"
* status = #accepted
* intent = #order
* code = Uppgift#insats
* description = "Hembesök varje dag"
* focus.reference = "CarePlan/example-care-plan"
* for.reference = "Patient/example-served-patient"
* authoredOn = "2026-03-24T11:00:00+01:00"
* lastModified = "2026-03-24T11:00:00+01:00"
* requester.type = "Organization"
* requester.identifier.system = "urn:oid:1.2.752.29.4.19"
* requester.identifier.value = "SE2321990018-VC07"
* requester.display = "Vårdcentralen Linden"
* owner.type = "Organization"
* owner.identifier.system = "urn:oid:1.2.752.29.4.19"
* owner.identifier.value = "SE2120990011-HSV1"
* owner.display = "Hemsjukvården, Exempelstads kommun"
* restriction.period.end = "2026-04-30"

Instance: example-task-folj-upp-sip
InstanceOf: TaskFoljUppSip
Usage: #example
Title: "Work: folj-upp-sip"
Description: "Synthetic."
* meta.tag.system = "urn:vardbron:arende:SE2321990018"
* meta.tag.code = #A-1
* meta.source = "https://vardbron.example/fhir/hsa/SE2321990018-MED5"
* basedOn.reference = "CarePlan/example-care-plan"
* status = #accepted
* intent = #order
* code = Uppgift#folj-upp-sip
* description = "Telefonmöte"
* focus.reference = "CarePlan/example-care-plan"
* for.reference = "Patient/example-served-patient"
* authoredOn = "2026-03-24T11:00:00+01:00"
* lastModified = "2026-03-24T11:00:00+01:00"
* requester.type = "Organization"
* requester.identifier.system = "urn:oid:1.2.752.29.4.19"
* requester.identifier.value = "SE2321990018-VC07"
* requester.display = "Vårdcentralen Linden"
* owner.type = "Organization"
* owner.identifier.system = "urn:oid:1.2.752.29.4.19"
* owner.identifier.value = "SE2120990011-HSV1"
* owner.display = "Hemsjukvården, Exempelstads kommun"
* restriction.period.end = "2026-04-30"

Instance: example-task-withdrawn
InstanceOf: ServedTask
Usage: #example
Title: "A work item that is withdrawn"
Description: "Synthetic."
* meta.tag.system = "urn:vardbron:arende:SE2321990018"
* meta.tag.code = #A-1
* meta.source = "https://vardbron.example/fhir/hsa/SE2321990018-MED5"
* status = #entered-in-error
* intent = #order
* for.reference = "Patient/example-served-patient"
