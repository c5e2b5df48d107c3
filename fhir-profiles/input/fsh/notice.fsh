// The canonical notice. README.md of fhir-profiles says the same in words. MS (must support): what gateway/care reads; the coverage
// of the maps tells which of these a map never writes.

Alias: $hsa = urn:oid:1.2.752.29.4.19

Profile: NoticeBundle
Parent: Bundle
Id: notice
Title: "Canonical notice"
Description: "One message about one stay, or about a person alone, as every map writes it and gateway/care reads it."
* type = #message
* identifier 1..1 MS
* identifier.system 1..1
* identifier.value 1..1
* timestamp 1..1 MS
* entry 3..*
* entry.fullUrl 1..1
* entry.resource 1..1
* entry ^slicing.discriminator.type = #type
* entry ^slicing.discriminator.path = "resource"
* entry ^slicing.rules = #closed
* entry contains header 1..1 and patient 1..1 and encounter 0..1 and organization 1..* and practitioner 0..1 and practitionerRole 0..1 and communication 0..1 and consent 0..1
    and carePlan 0..1 and careTeam 0..1 and goal 0..* and task 0..* and appointment 0..1
* entry[header].resource only NoticeMessageHeader
* entry[patient].resource only NoticePatient
* entry[encounter].resource only NoticeEncounter
* entry[organization].resource only NoticeOrganization
* entry[practitioner].resource only Practitioner
* entry[practitionerRole].resource only PractitionerRole
* entry[communication].resource only NoticeCommunication
* entry[consent].resource only NoticeConsent
* entry[carePlan].resource only NoticeCarePlan
* entry[careTeam].resource only CareTeam
* entry[goal].resource only Goal
* entry[task].resource only Task
* entry[appointment].resource only Appointment
* obeys notice-about

Invariant: notice-about
Description: "A notice is about a stay, which is an Encounter, or about a plan that has an identity."
Severity: #error
Expression: "entry.resource.ofType(Encounter).exists() or entry.resource.ofType(CarePlan).identifier.exists()"

Profile: NoticeMessageHeader
Parent: MessageHeader
Id: notice-message-header
Title: "Head of a canonical notice"
Description: "What happened, when, and who tells whom."
* extension contains EventTime named eventTime 1..1 MS and Replaces named replaces 0..1 MS and CorrectedEvent named correctedEvent 0..1 MS
* event[x] only Coding
* event[x] MS
* eventCoding from NoticeEvents (required)
* sender 1..1 MS
* sender only Reference(NoticeOrganization)
* destination MS
* destination.receiver 1..1 MS
* destination.receiver only Reference(NoticeOrganization)
* focus 1..1 MS
* focus only Reference(NoticeEncounter or NoticePatient)
* reason MS
* response MS
* obeys notice-replaces and notice-corrected and notice-admission and notice-receipt

Invariant: notice-replaces
Description: "A correction or cancellation names the notice it is about; no other notice does."
Severity: #error
Expression: "(eventCoding.code = 'corrected' or eventCoding.code = 'nullified') = extension('https://vardbron.example/fhir/StructureDefinition/replaces').exists()"

Invariant: notice-corrected
Description: "A correction says which event it is about."
Severity: #error
Expression: "(eventCoding.code = 'corrected') = extension('https://vardbron.example/fhir/StructureDefinition/corrected-event').exists()"

Invariant: notice-admission
Description: "An admission names who it is for."
Severity: #error
Expression: "eventCoding.code = 'admission' implies destination.exists()"

Invariant: notice-receipt
Description: "Only a receipt answers an earlier notice."
Severity: #error
Expression: "response.exists() implies eventCoding.code = 'receipt'"

Profile: NoticePatient
Parent: Patient
Id: notice-patient
Title: "Patient of a canonical notice"
Description: "Who it is about. `meta.security` tells of a protected identity."
* extension contains Kommun named kommun 0..1 MS and PlacerandeKommun named placerandeKommun 0..1 MS
* identifier 1..* MS
* identifier.extension contains IdentitetsnivaExtension named identitetsniva 0..1
* identifier.system 1..1
* identifier.value 1..1
* name MS
* name.family MS
* name.given MS
* gender MS
* birthDate MS
* deceased[x] MS
* address MS
* link MS
* link.type = #replaces
* link.other.identifier 1..1 MS
* contact MS
* contact.relationship from NarstaendeRollValues (extensible)

Profile: NoticeCommunication
Parent: Communication
Id: notice-communication
Title: "Texts and files of a canonical notice"
Description: "What the notice says in words, each with what it is about."
* payload 1..* MS
* payload.extension contains InnehallExtension named innehall 0..1 MS
* payload.content[x] only string or Attachment

Profile: NoticeCarePlan
Parent: CarePlan
Id: notice-care-plan
Title: "Plan of a canonical notice"
Description: "What the notice says of a plan; its goals, insatser, participants and meeting are entries beside it. Without identifier it is the SIP of the ärende."
* extension contains OnskadAv named onskadAv 0..1 MS and BeslutOmInsatser named beslutOmInsatser 0..1 MS
    and Installning named installning 0..1 MS and EgnaOrd named egnaOrd 0..1 MS and OmDetBlirSamre named omDetBlirSamre 0..1 MS
    and IngenAnnanAtgard named ingenAnnanAtgard 0..1 MS
* identifier 0..1 MS
* category 1..1 MS
* description MS
* author MS
* author only Reference(NoticeOrganization)

Profile: NoticeConsent
Parent: Consent
Id: notice-consent
Title: "Consent of a canonical notice"
Description: "What was decided of the sharing of information, and by whom."
* status from http://hl7.org/fhir/ValueSet/consent-state-codes (required)
* status MS
* scope = http://terminology.hl7.org/CodeSystem/consentscope#patient-privacy
* category from SamtyckeOmfattningValues (required)
* provision.actor MS
* category MS
* dateTime MS
* performer 0..1 MS
* policyRule from SamtyckeGrundValues (required)
* policyRule 1..1 MS

Profile: NoticeEncounter
Parent: Encounter
Id: notice-encounter
Title: "Stay of a canonical notice"
Description: "What the notice says about the stay. The first identifier is the case."
* extension contains BeraknadUtskrivning named beraknadUtskrivning 0..1 MS and Utskrivningsklar named utskrivningsklar 0..1 MS
    and SipSkaGenomforas named sipSkaGenomforas 0..1 MS and HinderOppenvard named hinderOppenvard 0..* MS
    and BehovBedomt named behovBedomt 0..1 MS
* serviceType MS
* identifier 1..* MS
* identifier.value 1..1
* status MS
* class from EncounterClasses (required)
* class MS
* period MS
* subject 1..1 MS
* subject only Reference(NoticePatient)
* hospitalization.dischargeDisposition from UtskrivenTillValues (required)
* hospitalization.dischargeDisposition MS

Profile: NoticeOrganization
Parent: Organization
Id: notice-organization
Title: "Party of a canonical notice"
Description: "The sender, a receiver, or the unit where the patient lies."
* identifier 1..* MS
* identifier.system 1..1
* identifier.value 1..1
* type from PartRoller (extensible)
* type MS
* name MS
* telecom MS
