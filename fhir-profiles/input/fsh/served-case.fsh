// What the gateway itself writes of a stay and of the persons and organisations in it. meta.profile names these profiles
// (gateway/care/chain/profiles.h). What is withdrawn keeps its profile, so nothing is required that a withdrawn resource lacks.

Profile: ServedPatient
Parent: Patient
Id: patient
Title: "Patient"
Description: "A number of a person, with what all ärenden that name it have said. For a protected identity without place, and with a label in meta.security."
* extension contains Kommun named kommun 0..1
* identifier.extension contains IdentitetsnivaExtension named identitetsniva 0..1
* identifier.system 1..1
* identifier.value 1..1
* name 0..1
* address.line ^short = "Folkbokföringsadress, or another one that its use names"
* contact.relationship 0..1
* contact.relationship from NarstaendeRollValues (extensible)
* link.other only Reference(Patient)
* maritalStatus 0..0
* photo 0..0
* generalPractitioner 0..0

Profile: ServedOrganization
Parent: Organization
Id: organization
Title: "Organisation"
Description: "An organisation that is party to something, of all ärenden. Fits the Swedish base profile: its slices of the identifier are the same, and the kinds here are beside its codes of HSA."
* extension contains EgenUppgift named egenUppgift 0..1
* identifier 1..1
* identifier.system 1..1
* identifier.value 1..1
* identifier ^slicing.discriminator.type = #value
* identifier ^slicing.discriminator.path = "system"
* identifier ^slicing.rules = #open
* identifier contains hsaId 0..1 and organisationsnummer 0..1
* identifier[hsaId].system = "urn:oid:1.2.752.29.4.19"
* identifier[organisationsnummer].system = "urn:oid:2.5.4.97"
* type from PartRoller (extensible)
* telecom.system = #phone
* telecom.value 1..1

Profile: ServedEncounter
Parent: Encounter
Id: encounter
Title: "Vårdtillfälle"
Description: "A stay, which is an ärende: where it stands, and what its notices say together."
* extension contains BeraknadUtskrivning named beraknadUtskrivning 0..1 and Utskrivningsklar named utskrivningsklar 0..1
    and ArendeTillstandExtension named arendeTillstand 1..1
* identifier 1..1
* identifier ^short = "The ärende"
* identifier.system 1..1
* identifier.value 1..1
* class from ServedEncounterClasses (required)
* subject 1..1
* statusHistory ^short = "Permission that has ended"
* statusHistory.status = #onleave
* reasonCode 0..1
* hospitalization.dischargeDisposition from UtskrivenTillValues (required)

Profile: ServedCommunication
Parent: Communication
Id: communication
Title: "Meddelande"
Description: "A notice for one of its receivers. Held back (not-done) it is read by its sender alone."
* extension contains EventTime named eventTime 0..1 and Replaces named replaces 0..1
* identifier 0..1
* status from CommunicationStates (required)
* category 1..3
* category from MeddelandeKategorier (required)
* subject 1..1
* sent 1..1
* recipient 1..1
* recipient only Reference(Organization)
* sender 1..1
* sender only Reference(Organization)
* payload.extension contains InnehallExtension named innehall 0..1
* payload.content[x] only string or Attachment

Profile: ContactRole
Parent: PractitionerRole
Id: contact-role
Title: "Fast kontakt"
Description: "Who the contact is: contained in the CareTeam, or in the Task that asks to confirm it. The name is a display, since there is no Practitioner to refer to. Fits the Swedish base profile."
* practitioner.display 1..1
* organization 1..1
* code 1..1
* code from KontaktTyper (extensible)
* telecom 0..1
* telecom.system = #phone

Profile: ContactTeam
Parent: CareTeam
Id: contact-team
Title: "Fast kontakt"
Description: "A fast vårdkontakt, fast läkarkontakt, fast omsorgskontakt, or who coordinates; one CareTeam each. One that was withdrawn has nobody in it."
* category 1..1
* category = Vardteam#fast-kontakt
* contained only ContactRole
* subject 1..1
* encounter 1..1
* participant 0..1
* participant.role 1..1
* participant.role from KontaktTyper (extensible)
* participant.member 1..1
* participant.member only Reference(PractitionerRole)
* managingOrganization 0..1
* telecom.system = #phone
* obeys contact-team-member

Invariant: contact-team-member
Description: "Who is not withdrawn is named, with the unit."
Severity: #error
Expression: "status = 'entered-in-error' or (participant.exists() and managingOrganization.exists())"

Profile: ServedConsent
Parent: Consent
Id: consent
Title: "Samtycke"
Description: "The newest decision on one thing; of a plan also per unit with which it is shared or not. It holds nothing back by itself."
* scope = http://terminology.hl7.org/CodeSystem/consentscope#patient-privacy
* status from SamtyckeLagen (required)
* category 1..1
* category from SamtyckeOmfattningValues (required)
* patient 1..1
* performer 0..1
* organization 0..1
* policyRule 1..1
* policyRule from SamtyckeGrundValues (required)
* provision.provision 0..0
* provision.actor 0..1
* provision.actor.reference only Reference(Organization)
* obeys consent-says

Invariant: consent-says
Description: "A decision that is not withdrawn as an error says when it was made, and whether it permits."
Severity: #error
Expression: "status = 'entered-in-error' or (dateTime.exists() and provision.type.exists())"

Profile: ServedChargeItem
Parent: ChargeItem
Id: charge-item
Title: "Betalningsansvar"
Description: "Days of a stay that one municipality pays for (LUS 5 kap.), with every condition of the law and whether it is fulfilled."
* extension contains Betalningsklocka named betalningsklocka 1..1 and Betalningsavtal named betalningsavtal 0..1
    and Betalningsansvarig named betalningsansvarig 1..1 and VardtillfalleSlut named vardtillfalleSlut 0..1
    and Betalningsvillkor named betalningsvillkor 0..*
* status from BetalningsLagen (required)
* code from BetalningsansvarValues (required)
* subject 1..1
* context 1..1
* quantity.system = "http://unitsofmeasure.org"
* quantity.code = #d
* priceOverride.currency = #SEK

Profile: MonthReport
Parent: MeasureReport
Id: month-report
Title: "Månadens medelvärde"
Description: "What municipalities pay for a month by an agreement whose price is an average."
* type = #summary
* measure = "https://vardbron.example/fhir/Measure/manadsmedelvarde"
* date 1..1
* reporter 1..1
* group 1..1
* group.stratifier 1..1
* group.stratifier.stratum.extension contains Manadssumma named manadssumma 1..1
* group.stratifier.stratum.measureScore 1..1
