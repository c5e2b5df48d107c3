// What the gateway writes of a plan.

Profile: ServedCarePlan
Parent: CarePlan
Id: care-plan
Title: "Plan"
Description: "A version of a plan, of any kind: samordnad individuell plan, samordnad vårdplan and others. A plan that the person did not consent to says nothing more than that."
* extension contains PlanTillstandExtension named planTillstand 0..1
* identifier 0..1
* replaces 0..1
* replaces only Reference(ServedCarePlan)
* intent from PlanAvsikter (required)
* category 1..1
* category from PlanTyper (required)
* title 1..1
* subject 1..1
* author only Reference(Organization)
* author ^short = "The huvudman's unit with the overall responsibility"
* contributor only Reference(Organization)
* careTeam 0..1
* activity.reference only Reference(Task)
* activity.detail.kind = #Task

Profile: PlanTeam
Parent: CareTeam
Id: plan-team
Title: "Deltagare i en plan"
Description: "Who takes part in a plan; who has left has an end."
* category 1..1
* category = Vardteam#team
* name 1..1
* subject 1..1
* participant.role 0..1
* participant.role from PlanRollValues (required)
* participant.member 1..1
* managingOrganization 0..1

Profile: ServedGoal
Parent: Goal
Id: goal
Title: "Mål"
Description: "A goal of a plan, or a delmål on the way to one. It keeps its id over the versions of the plan."
* description.text 1..1
* category 0..1
* subject 1..1
* subject only Reference(Patient)
* expressedBy only Reference(Patient)
* target 0..1
* target.due[x] only date

Profile: ServedAppointment
Parent: Appointment
Id: appointment
Title: "Möte om en plan"
Description: "A meeting of a plan, the same one when it is rebooked. A unit takes part as a HealthcareService, since R4 lets no Organization."
* description 1..1
* supportingInformation 0..1
* supportingInformation only Reference(CarePlan)
* participant.type 0..1
* participant.type from PlanRollValues (required)
* participant.actor 1..1
