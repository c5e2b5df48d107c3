// Work with a deadline: one profile for all, and one for each code of uppgift.

Profile: ServedTask
Parent: Task
Id: task
Title: "Uppgift"
Description: "What somebody is to do. Its owner alone moves it. A work item of a plan that no version of it has any more is withdrawn and has no code."
* intent = #order
* code 0..1
* code from UppgiftValues (required)
* businessStatus from UppgiftLageValues (required)
* for 1..1
* owner only Reference(Organization)
* requester only Reference(Organization)
* restriction.period.end 0..1
* obeys task-code

Invariant: task-code
Description: "What is not withdrawn has a code."
Severity: #error
Expression: "status = 'entered-in-error' or code.exists()"

RuleSet: OfStay(code)
* code 1..1
* code = Uppgift#{code}
* groupIdentifier 1..1
* groupIdentifier ^short = "The ärende"
* focus 1..1
* focus only Reference(Encounter)
* encounter 1..1
* authoredOn 1..1
* lastModified 1..1
* owner 1..1
* requester 1..1

RuleSet: OfPlan(code)
* code 1..1
* code = Uppgift#{code}
* focus only Reference(CarePlan)
* basedOn only Reference(CarePlan)
* output 0..1
* output.value[x] only string

Profile: TaskKvitteraInskrivning
Parent: ServedTask
Id: task-kvittera-inskrivning
Title: "Kvittera inskrivning"
Description: "Acknowledge the admission notice within 24 hours."
* insert OfStay(kvittera-inskrivning)

Profile: TaskUtseFastVardkontakt
Parent: ServedTask
Id: task-utse-fast-vardkontakt
Title: "Utse fast vårdkontakt"
Description: "Appoint a fast vårdkontakt before the patient leaves (LUS 2:5). `input` and `contained` propose the one whom the unit has appointed already; `output` is the CareTeam of the one that was appointed."
* insert OfStay(utse-fast-vardkontakt)
* contained only ContactRole
* input 0..1
* input.type = Vardteam#fast-kontakt
* input.value[x] only Reference(PractitionerRole)
* output 0..1
* output.type = Vardteam#fast-kontakt
* output.value[x] only Reference(CareTeam)

Profile: TaskKallaTillSip
Parent: ServedTask
Id: task-kalla-till-sip
Title: "Kalla till SIP"
Description: "Call the parties to an individual plan, within three days of the notice of utskrivningsklar (LUS 4:3)."
* insert OfStay(kalla-till-sip)

Profile: TaskTaOverPatient
Parent: ServedTask
Id: task-ta-over-patient
Title: "Ta över patient"
Description: "Take the patient home, before the municipality pays (LUS 5:4)."
* insert OfStay(ta-over-patient)

Profile: TaskInformationsoverforing
Parent: ServedTask
Id: task-informationsoverforing
Title: "Informationsöverföring"
Description: "The hospital's own: give those who take over what they need to know, on the day of the discharge (LUS 3:2). `description` names who has got nothing yet."
* insert OfStay(informationsoverforing)

Profile: TaskInsats
Parent: ServedTask
Id: task-insats
Title: "Insats"
Description: "What a plan gives a unit, or somebody else in words, to do. `output` is what became of it."
* insert OfPlan(insats)

Profile: TaskFoljUppSip
Parent: ServedTask
Id: task-folj-upp-sip
Title: "Följ upp plan"
Description: "Follow a plan up on the day that was agreed; one that was held is completed."
* insert OfPlan(folj-upp-sip)
