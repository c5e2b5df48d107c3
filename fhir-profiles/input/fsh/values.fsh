// Value sets of the served profiles: all codes of one system, and subsets of HL7's and of outside systems.

RuleSet: AllOf(id, system)
* ^url = "https://vardbron.example/fhir/ValueSet/{id}"
* include codes from system {system}

ValueSet: ServedEncounterClasses
Id: served-encounter-classes
Title: "Classes of a stay, as served"
Description: "Admitted, in the emergency unit, or not said."
* ^url = "https://vardbron.example/fhir/ValueSet/served-encounter-classes"
* http://terminology.hl7.org/CodeSystem/v3-ActCode#IMP "inpatient encounter"
* http://terminology.hl7.org/CodeSystem/v3-ActCode#EMER "emergency"
* http://terminology.hl7.org/CodeSystem/v3-NullFlavor#UNK "unknown"

ValueSet: CommunicationStates
Id: meddelande-lagen
Title: "States of a notice for one receiver"
Description: "Sent, held back, or taken back."
* ^url = "https://vardbron.example/fhir/ValueSet/meddelande-lagen"
* http://hl7.org/fhir/event-status#completed
* http://hl7.org/fhir/event-status#not-done
* http://hl7.org/fhir/event-status#entered-in-error

ValueSet: MeddelandeKategorier
Id: meddelande-kategorier
Title: "Categories of a notice"
Description: "What happened, and whether its time had to be guessed."
* ^url = "https://vardbron.example/fhir/ValueSet/meddelande-kategorier"
* include codes from system NoticeEvent
* Datakvalitet#data-ambiguous

ValueSet: SamtyckeLagen
Id: samtycke-lagen
Title: "States of a consent"
Description: "Given, refused, withdrawn, or an error."
* ^url = "https://vardbron.example/fhir/ValueSet/samtycke-lagen"
* http://hl7.org/fhir/consent-state-codes#active
* http://hl7.org/fhir/consent-state-codes#rejected
* http://hl7.org/fhir/consent-state-codes#inactive
* http://hl7.org/fhir/consent-state-codes#entered-in-error

ValueSet: BetalningsLagen
Id: betalnings-lagen
Title: "States of a charge"
Description: "Counted still, billable, not billable, or an error."
* ^url = "https://vardbron.example/fhir/ValueSet/betalnings-lagen"
* http://hl7.org/fhir/chargeitem-status#planned
* http://hl7.org/fhir/chargeitem-status#billable
* http://hl7.org/fhir/chargeitem-status#not-billable
* http://hl7.org/fhir/chargeitem-status#entered-in-error

ValueSet: PlanAvsikter
Id: plan-avsikter
Title: "Intent of a plan"
Description: "Needed or wished for, or a plan."
* ^url = "https://vardbron.example/fhir/ValueSet/plan-avsikter"
* http://hl7.org/fhir/request-intent#proposal
* http://hl7.org/fhir/request-intent#plan

ValueSet: PlanTyper
Id: plan-typer
Title: "Kinds of plans"
Description: "Those of GetCarePlans 2.0 (typeOfCarePlan) that the gateway knows, and its own."
* ^url = "https://vardbron.example/fhir/ValueSet/plan-typer"
* https://fhir.inera.se/CodeSystem/typeofcareplan-cs#SIP
* https://fhir.inera.se/CodeSystem/typeofcareplan-cs#SPU
* https://fhir.inera.se/CodeSystem/typeofcareplan-cs#SPLPTLRV
* https://fhir.inera.se/CodeSystem/typeofcareplan-cs#VP
* include codes from system PlanTyp

ValueSet: KontaktTyper
Id: kontakt-typer
Title: "Kinds of a fast kontakt"
Description: "Codes of Inera's kv_typ_av_fast_kontakt: 1 fast vårdkontakt, 2 fast läkarkontakt, 3 fast omsorgskontakt, 4 with the overall coordination."
* ^url = "https://vardbron.example/fhir/ValueSet/kontakt-typer"
* urn:oid:1.2.752.129.5.1.69#1
* urn:oid:1.2.752.129.5.1.69#2
* urn:oid:1.2.752.129.5.1.69#3
* urn:oid:1.2.752.129.5.1.69#4

ValueSet: UppgiftValues
Id: uppgift-values
Title: "Work items"
Description: "All work items."
* insert AllOf(uppgift-values, Uppgift)

ValueSet: UppgiftLageValues
Id: uppgift-lage-values
Title: "States of a work item"
Description: "All of them."
* insert AllOf(uppgift-lage-values, UppgiftLage)

ValueSet: PlanRollValues
Id: plan-roll-values
Title: "Roles in a plan"
Description: "All roles."
* insert AllOf(plan-roll-values, PlanRoll)

ValueSet: PlanMalValues
Id: plan-mal-values
Title: "Kinds of goals"
Description: "Both kinds."
* insert AllOf(plan-mal-values, PlanMal)

ValueSet: PlanTillstandValues
Id: plan-tillstand-values
Title: "States of a plan"
Description: "All states."
* insert AllOf(plan-tillstand-values, PlanTillstand)

ValueSet: BetalningsansvarValues
Id: betalningsansvar-values
Title: "What a municipality may be charged for"
Description: "All of it."
* insert AllOf(betalningsansvar-values, Betalningsansvar)

ValueSet: BetalningsvillkorValues
Id: betalningsvillkor-values
Title: "Conditions of the liability"
Description: "All conditions."
* insert AllOf(betalningsvillkor-values, BetalningsvillkorKod)

ValueSet: VillkorslageValues
Id: villkorslage-values
Title: "State of a condition"
Description: "All states."
* insert AllOf(villkorslage-values, Villkorslage)

ValueSet: ManadsmedelvardeValues
Id: manadsmedelvarde-values
Title: "Average of a month"
Description: "All parts."
* insert AllOf(manadsmedelvarde-values, Manadsmedelvarde)

ValueSet: ManadsanmarkningValues
Id: manadsanmarkning-values
Title: "Remarks on a month"
Description: "All remarks."
* insert AllOf(manadsanmarkning-values, Manadsanmarkning)

ValueSet: VardteamValues
Id: vardteam-values
Title: "Kinds of care teams"
Description: "Both kinds."
* insert AllOf(vardteam-values, Vardteam)

ValueSet: VardformValues
Id: vardform-values
Title: "Kinds of inpatient care"
Description: "Both kinds."
* insert AllOf(vardform-values, Vardform)

ValueSet: SkyddValues
Id: skydd-values
Title: "Protected identity"
Description: "Both kinds."
* insert AllOf(skydd-values, Skydd)

ValueSet: DatakvalitetValues
Id: datakvalitet-values
Title: "Quality of data"
Description: "All of it."
* insert AllOf(datakvalitet-values, Datakvalitet)

ValueSet: AmneValues
Id: amne-values
Title: "Topics of subscriptions"
Description: "All topics."
* insert AllOf(amne-values, Amne)
