// Codes of the discharge process. Their meaning: README.md of this folder, and lag (2017:612) om samverkan vid utskrivning.
// A code's display is Swedish; the English is a designation.

RuleSet: English(code, text)
* #{code} ^designation[0].language = #en
* #{code} ^designation[0].value = "{text}"

CodeSystem: NoticeEvent
Id: notice-event
Title: "Notice events"
Description: "What a canonical notice says happened."
* ^url = "https://vardbron.example/fhir/CodeSystem/notice-event"
* ^caseSensitive = true
* ^language = #sv
* ^content = #complete
* #admission.local "Inskrivning utan behov" "Admitted, no need found; nothing leaves the region."
* insert English(admission.local, Admitted without need)
* #admission "Inskrivningsmeddelande" "Admitted, with need of care from others after the stay."
* insert English(admission, Admission notice)
* #receipt "Kvittens" "A receiver acknowledges a notice."
* insert English(receipt, Receipt)
* #planning "Planeringsunderlag" "A party adds to the planning."
* insert English(planning, Planning)
* #care-request "Vårdbegäran" "A party asks the sluten vård to take care of the patient."
* insert English(care-request, Care request)
* #municipal.report "Vårdrapport" "What the municipality knows of the patient, for the sluten vård."
* insert English(municipal.report, Report of the municipality)
* #admin "Administrativt meddelande" "Words of any party to any parties of the case."
* insert English(admin, Administrative notice)
* #consent "Samtycke" "What the patient, or somebody for the patient, decided of the sharing of information."
* insert English(consent, Consent)
* #planned-discharge.changed "Ny beräknad utskrivning" "The planned date of discharge has changed."
* insert English(planned-discharge.changed, Planned discharge changed)
* #party.changed "Ändrad medverkande part" "The receivers of the case have changed; the notice names all of them."
* insert English(party.changed, Parties changed)
* #fast-vardkontakt "Fast vårdkontakt utsedd" "A fast vårdkontakt was appointed."
* insert English(fast-vardkontakt, Fast vårdkontakt appointed)
* #discharge-ready "Utskrivningsklar" "The patient is ready to be discharged."
* insert English(discharge-ready, Ready for discharge)
* #discharge-ready.withdrawn "Återtagen utskrivningsklar" "The patient is not ready to be discharged after all."
* insert English(discharge-ready.withdrawn, Ready for discharge withdrawn)
* #sip.invitation "Kallelse till SIP" "The parties are called to make an individual plan."
* insert English(sip.invitation, Call to an individual plan)
* #discharge "Utskrivningsmeddelande" "The patient has left."
* insert English(discharge, Discharge notice)
* #discharge.information "Utskrivningsinformation" "What those who take over need to know of the stay."
* insert English(discharge.information, Discharge information)
* #patient.information "Information till patienten" "The patient got the written information about the time after the stay."
* insert English(patient.information, Information to the patient)
* #leave.start "Permission börjar" "The patient went on leave."
* insert English(leave.start, Leave begins)
* #leave.end "Permission slutar" "The patient came back from leave."
* insert English(leave.end, Leave ends)
* #transfer "Flytt" "The patient moved to another unit of the region."
* insert English(transfer, Transfer)
* #interruption "Avbrott" "The process is no longer relevant."
* insert English(interruption, Interruption)
* #death "Avliden" "The patient died."
* insert English(death, Death)
* #nullified "Makulerad" "An earlier notice is cancelled."
* insert English(nullified, Cancelled)
* #corrected "Rättad" "An earlier notice is replaced."
* insert English(corrected, Corrected)
* #case.closed "Avslutat ärende" "The case is closed."
* insert English(case.closed, Case closed)
* #plan.need "Behov av plan" "A plan is needed, or wished for by the person or somebody close."
* insert English(plan.need, Need of a plan)
* #plan.participants "Ändrade deltagare" "All who take part in the plan from now on."
* insert English(plan.participants, Participants changed)
* #plan.answer "Svar på kallelse" "Whether who was called comes to the meeting."
* insert English(plan.answer, Answer to a call)
* #plan.held "Möte hållet" "The meeting was held."
* insert English(plan.held, Meeting held)
* #plan.agreed "Plan upprättad" "The plan as it was agreed; one that units approve (LPT 7 a §) as it was drawn up."
* insert English(plan.agreed, Plan agreed)
* #plan.approved "Plan justerad" "The sender, a unit that is responsible for an insats, approves the plan (LPT 7 a §)."
* insert English(plan.approved, Plan approved)
* #plan.activity "Insats" "What became of insatser of the plan."
* insert English(plan.activity, Activity)
* #plan.followed-up "Plan uppföljd" "The plan was followed up; when it is to be the next time."
* insert English(plan.followed-up, Plan followed up)
* #plan.revised "Plan reviderad" "The plan as it is from now on."
* insert English(plan.revised, Plan revised)
* #plan.cancelled "Möte inställt" "The meeting is called off."
* insert English(plan.cancelled, Meeting called off)
* #plan.closed "Plan avslutad" "The plan is closed."
* insert English(plan.closed, Plan closed)
* #person.merged "Sammanslagning" "Numbers are one person's; of no case."
* insert English(person.merged, Numbers merged)
* #person.unmerged "Isärtagning" "Numbers are two persons', whatever the sender's merges before it said; of no case."
* insert English(person.unmerged, Numbers taken apart)

CodeSystem: PartRoll
Id: part-roll
Title: "Roles of the parties"
Description: "What an organisation is in a case."
* ^url = "https://vardbron.example/fhir/CodeSystem/part-roll"
* ^caseSensitive = true
* ^language = #sv
* ^content = #complete
* #sluten-vard "Sluten vård"
* insert English(sluten-vard, Inpatient care)
* #socialtjanst "Socialtjänst"
* insert English(socialtjanst, Social services)
* #kommunal-hsv "Kommunal hälso- och sjukvård"
* insert English(kommunal-hsv, Municipal health care)
* #oppenvard "Regionfinansierad öppen vård"
* insert English(oppenvard, Outpatient care of the region)

CodeSystem: UtskrivenTill
Id: utskriven-till
Title: "Discharged to"
Description: "Where the patient went."
* ^url = "https://vardbron.example/fhir/CodeSystem/utskriven-till"
* ^caseSensitive = true
* ^language = #sv
* ^content = #complete
* #hem "Hem"
* insert English(hem, Home)
* #sarskilt-boende "Särskilt boende"
* insert English(sarskilt-boende, Special housing)
* #korttidsplats "Korttidsplats"
* insert English(korttidsplats, Short-term place)
* #annat-sjukhus "Annat sjukhus"
* insert English(annat-sjukhus, Another hospital)
* #avliden "Avliden"
* insert English(avliden, Dead)

CodeSystem: Skydd
Id: skydd
Title: "Protected identity"
Description: "Protection of personal data in the population register."
* ^url = "https://vardbron.example/fhir/CodeSystem/skydd"
* ^caseSensitive = true
* ^language = #sv
* ^content = #complete
* #sekretessmarkering "Sekretessmarkering"
* insert English(sekretessmarkering, Marked as confidential)
* #skyddadFolkbokforing "Skyddad folkbokföring"
* insert English(skyddadFolkbokforing, Protected registration)

CodeSystem: Identitetsniva
Id: identitetsniva
Title: "Level of identity"
Description: "How sure it is who has a samordningsnummer."
* ^url = "https://vardbron.example/fhir/CodeSystem/identitetsniva"
* ^caseSensitive = true
* ^language = #sv
* ^content = #complete
* #styrkt "Styrkt" "The identity was proved."
* insert English(styrkt, Proved)
* #sannolik "Sannolik" "The identity is probable."
* insert English(sannolik, Probable)
* #osaker "Osäker" "The identity is uncertain."
* insert English(osaker, Uncertain)

CodeSystem: Innehall
Id: innehall
Title: "What a text is about"
Description: "Subjects of the texts and files of a notice."
* ^url = "https://vardbron.example/fhir/CodeSystem/innehall"
* ^caseSensitive = true
* ^language = #sv
* ^content = #complete
* #behov "Behov av insatser" "What the patient will need."
* insert English(behov, Needs)
* #insatser "Pågående insatser" "What the patient has from the municipality or the öppenvård."
* insert English(insatser, Current help)
* #adl "ADL" "What the patient can do without help."
* insert English(adl, Activities of daily living)
* #kognition "Kognition"
* insert English(kognition, Cognition)
* #risker "Risker" "Risks that were found, and what is done about them."
* insert English(risker, Risks)
* #hjalpmedel "Hjälpmedel" "Aids."
* insert English(hjalpmedel, Aids)
* #lakemedel "Läkemedel" "Medicines, and what was changed."
* insert English(lakemedel, Medicines)
* #egenvard "Egenvård" "What the patient, or somebody close, does on the instruction of health care."
* insert English(egenvard, Self-care)
* #tillstand "Aktuellt tillstånd" "How the patient is."
* insert English(tillstand, Condition)
* #uppfoljning "Uppföljning" "Planned visits and controls."
* insert English(uppfoljning, Follow-up)
* #arbetsformaga "Arbetsförmåga" "Ability to work."
* insert English(arbetsformaga, Ability to work)
* #sammanfattning "Sammanfattning" "Why the patient was in hospital, and what was done."
* insert English(sammanfattning, Summary)

CodeSystem: SamtyckeOmfattning
Id: samtycke-omfattning
Title: "What a consent is about"
Description: "Scopes of a patient's consent."
* ^url = "https://vardbron.example/fhir/CodeSystem/samtycke-omfattning"
* ^caseSensitive = true
* ^language = #sv
* ^content = #complete
* #sip "SIP" "That an individual plan is made (HSL 16:4, SoL 10:8)."
* insert English(sip, Individual plan)
* #utlamnande "Utlämnande" "That the parties give each other what they know of the patient."
* insert English(utlamnande, Disclosure)
* #sammanhallen-journal "Sammanhållen journalföring" "That other care givers read the record (lag 2022:913)."
* insert English(sammanhallen-journal, Shared record)
* #arbetsgivare "Kontakt med arbetsgivaren"
* insert English(arbetsgivare, Contact with the employer)

CodeSystem: SamtyckeGrund
Id: samtycke-grund
Title: "On what a decision rests"
Description: "Who decided."
* ^url = "https://vardbron.example/fhir/CodeSystem/samtycke-grund"
* ^caseSensitive = true
* ^language = #sv
* ^content = #complete
* #samtycke "Samtycke" "The patient's own word, or that of somebody who represents the patient."
* insert English(samtycke, Consent)
* #menprovning "Menprövning" "The staff's: the patient could not be asked, and is not harmed by it."
* insert English(menprovning, Assessment of harm)

CodeSystem: NarstaendeRoll
Id: narstaende-roll
Title: "Persons close to the patient"
Description: "What somebody is to the patient."
* ^url = "https://vardbron.example/fhir/CodeSystem/narstaende-roll"
* ^caseSensitive = true
* ^language = #sv
* ^content = #complete
* #narstaende "Närstående"
* insert English(narstaende, Somebody close)
* #god-man "God man"
* insert English(god-man, Appointed representative)
* #forvaltare "Förvaltare"
* insert English(forvaltare, Administrator)
* #framtidsfullmakt "Framtidsfullmaktshavare"
* insert English(framtidsfullmakt, Holder of a lasting power of attorney)

ValueSet: NoticeEvents
Id: notice-events
Title: "Notice events"
Description: "All notice events."
* ^url = "https://vardbron.example/fhir/ValueSet/notice-events"
* include codes from system NoticeEvent

ValueSet: PartRoller
Id: part-roller
Title: "Roles of the parties"
Description: "All roles."
* ^url = "https://vardbron.example/fhir/ValueSet/part-roller"
* include codes from system PartRoll

CodeSystem: Uppgift
Id: uppgift
Title: "Work items"
Description: "What a Task asks a party to do."
* ^url = "https://vardbron.example/fhir/CodeSystem/uppgift"
* ^caseSensitive = true
* ^language = #sv
* ^content = #complete
* #kvittera-inskrivning "Kvittera inskrivning" "Acknowledge the admission notice."
* insert English(kvittera-inskrivning, Acknowledge the admission)
* #utse-fast-vardkontakt "Utse fast vårdkontakt" "Appoint a fast vårdkontakt before the patient leaves."
* insert English(utse-fast-vardkontakt, Appoint a fast vårdkontakt)
* #kalla-till-sip "Kalla till SIP" "Call the parties to make an individual plan, within three days of discharge-ready."
* insert English(kalla-till-sip, Call to an individual plan)
* #ta-over-patient "Ta över patient" "Take the patient home; the betalningsklocka runs until then."
* insert English(ta-over-patient, Take over the patient)
* #informationsoverforing "Informationsöverföring" "Give those who take over what they need to know, on the day of the discharge. The hospital's own."
* insert English(informationsoverforing, Hand over information)
* #insats "Insats" "What a plan gives a unit to do."
* insert English(insats, Activity of a plan)
* #folj-upp-sip "Följ upp plan" "Follow the plan up on the day that was agreed."
* insert English(folj-upp-sip, Follow the plan up)

CodeSystem: PlanTyp
Id: plan-typ
Title: "Kinds of plans"
Description: "Kinds that GetCarePlans 2.0 (typeOfCarePlan) does not have."
* ^url = "https://vardbron.example/fhir/CodeSystem/plan-typ"
* ^caseSensitive = true
* ^language = #sv
* ^content = #complete
* #SAMORDNING "Samordning" "The mission of a coordination function."
* insert English(SAMORDNING, Coordination)

CodeSystem: PlanRoll
Id: plan-roll
Title: "Roles in a plan"
Description: "What somebody is in a plan."
* ^url = "https://vardbron.example/fhir/CodeSystem/plan-roll"
* ^caseSensitive = true
* ^language = #sv
* ^content = #complete
* #patient "Den enskilde"
* insert English(patient, The person)
* #narstaende "Närstående"
* insert English(narstaende, Somebody close)
* #god-man "God man"
* insert English(god-man, Appointed representative)
* #fast-vardkontakt "Fast vårdkontakt"
* insert English(fast-vardkontakt, Fast vårdkontakt)
* #lakare "Läkare"
* insert English(lakare, Physician)
* #kommunsjukskoterska "Kommunsjuksköterska"
* insert English(kommunsjukskoterska, Municipal nurse)
* #bistandshandlaggare "Biståndshandläggare"
* insert English(bistandshandlaggare, Care assessor)
* #vardsamordnare "Vårdsamordnare"
* insert English(vardsamordnare, Care coordinator)
* #rehabkoordinator "Rehabkoordinator"
* insert English(rehabkoordinator, Rehabilitation coordinator)
* #samordningsfunktion "Samordningsfunktion"
* insert English(samordningsfunktion, Coordination function)
* #skola "Skola"
* insert English(skola, School)
* #forsakringskassan "Försäkringskassan"
* insert English(forsakringskassan, Social insurance agency)
* #arbetsgivare "Arbetsgivare"
* insert English(arbetsgivare, Employer)
* #region "Regionen" "Who wished for the plan."
* insert English(region, The region)
* #kommun "Kommunen" "Who wished for the plan."
* insert English(kommun, The municipality)

CodeSystem: PlanMal
Id: plan-mal
Title: "Kinds of goals"
Description: "Goal.category."
* ^url = "https://vardbron.example/fhir/CodeSystem/plan-mal"
* ^caseSensitive = true
* ^language = #sv
* ^content = #complete
* #mal "Mål"
* insert English(mal, Goal)
* #delmal "Delmål" "On the way to a goal."
* insert English(delmal, Step to a goal)

CodeSystem: PlanTillstand
Id: plan-tillstand
Title: "States of a plan"
Description: "Where a plan is, from the need of it to its end."
* ^url = "https://vardbron.example/fhir/CodeSystem/plan-tillstand"
* ^caseSensitive = true
* ^language = #sv
* ^content = #complete
* #ingen "Ingen" "Nothing that was said of it counts."
* insert English(ingen, None)
* #behov-bedomt "Behov bedömt"
* insert English(behov-bedomt, Need assessed)
* #ej-aktuell "Ej aktuell" "The person does not consent to it, or no more."
* insert English(ej-aktuell, Not to be made)
* #samtyckt "Samtyckt"
* insert English(samtyckt, Consented)
* #kallad "Kallad"
* insert English(kallad, Called)
* #ombokad "Ombokad"
* insert English(ombokad, Rebooked)
* #hallen "Möte hållet"
* insert English(hallen, Meeting held)
* #justeras "Justeras" "Drawn up, and not approved by every unit yet."
* insert English(justeras, Being approved)
* #upprattad "Upprättad"
* insert English(upprattad, Agreed)
* #uppfoljd "Uppföljd"
* insert English(uppfoljd, Followed up)
* #reviderad "Reviderad"
* insert English(reviderad, Revised)
* #avslutad "Avslutad"
* insert English(avslutad, Closed)
* #installd "Inställd"
* insert English(installd, Called off)
* #makulerad "Makulerad"
* insert English(makulerad, Cancelled)
* #avliden "Avliden"
* insert English(avliden, Dead)

CodeSystem: UppgiftLage
Id: uppgift-lage
Title: "State of a work item"
Description: "What FHIR's Task.status cannot say."
* ^url = "https://vardbron.example/fhir/CodeSystem/uppgift-lage"
* ^caseSensitive = true
* ^language = #sv
* ^content = #complete
* #forsenad "Försenad" "The deadline has passed."
* insert English(forsenad, Late)

CodeSystem: ArendeTillstand
Id: arende-tillstand
Title: "States of a case"
Description: "Where a samordningsärende stands."
* ^url = "https://vardbron.example/fhir/CodeSystem/arende-tillstand"
* ^caseSensitive = true
* ^language = #sv
* ^content = #complete
* #ingen "Ingen" "No notice has opened the case yet."
* insert English(ingen, None)
* #inskriven-ej-meddelad "Inskriven, ej meddelad" "Admitted without need; nobody outside was told."
* insert English(inskriven-ej-meddelad, [[Admitted, nobody notified]])
* #inskriven "Inskriven"
* insert English(inskriven, Admitted)
* #planeras "Planeras"
* insert English(planeras, Being planned)
* #utskrivningsklar "Utskrivningsklar"
* insert English(utskrivningsklar, Ready for discharge)
* #utskriven "Utskriven"
* insert English(utskriven, Discharged)
* #avslutad "Avslutad"
* insert English(avslutad, Closed)
* #avbruten "Avbruten"
* insert English(avbruten, Interrupted)
* #avliden "Avliden"
* insert English(avliden, Dead)
* #makulerad "Makulerad"
* insert English(makulerad, Cancelled)

CodeSystem: Betalningsansvar
Id: betalningsansvar
Title: "What a municipality may be charged for"
Description: "Codes of ChargeItem.code."
* ^url = "https://vardbron.example/fhir/CodeSystem/betalningsansvar"
* ^caseSensitive = true
* ^language = #sv
* ^content = #complete
* #utskrivningsklar-dygn "Vårddygn för utskrivningsklar patient" "Days in hospital of a patient who is ready for discharge."
* insert English(utskrivningsklar-dygn, Days of a patient who is ready for discharge)
* #utskrivningsklar-vantedygn "Väntedygn för utskrivningsklar patient" "Days that a patient who was ready for discharge waited, where the average of the month decides."
* insert English(utskrivningsklar-vantedygn, Days waited by a patient who is ready for discharge)

CodeSystem: Manadsmedelvarde
Id: manadsmedelvarde
Title: "Average of a month"
Description: "What a MeasureReport of the measure manadsmedelvarde consists of."
* ^url = "https://vardbron.example/fhir/CodeSystem/manadsmedelvarde"
* ^caseSensitive = true
* ^language = #sv
* ^content = #complete
* #vantetid "Väntetid" "How long patients who were ready for discharge waited."
* insert English(vantetid, Waiting time)
* #kommun-och-avtal "Kommun och avtal" "By municipality and agreement."
* insert English(kommun-och-avtal, Municipality and agreement)
* #vantedygn "Väntedygn" "Days that the patients of the stays which count waited, together."
* insert English(vantedygn, Days waited)
* #oavgjorda-vantedygn "Oavgjorda väntedygn" "The same of the stays on which a person decides."
* insert English(oavgjorda-vantedygn, Undecided days waited)

CodeSystem: Manadsanmarkning
Id: manadsanmarkning
Title: "Remarks on a month"
Description: "What a person should look at before a month is billed."
* ^url = "https://vardbron.example/fhir/CodeSystem/manadsanmarkning"
* ^caseSensitive = true
* ^language = #sv
* ^content = #complete
* #undecided-stays "Oavgjorda vårdtillfällen" "A condition of the law is open or broken: a person decides."
* insert English(undecided-stays, Undecided stays)
* #no-price "Pris saknas" "No price of a day in the month's year is configured."
* insert English(no-price, No price)
* #no-agreement "Avtal saknas" "The agreement is not configured any more."
* insert English(no-agreement, No agreement)
* #payer-unknown "Betalare okänd" "The organisationsnummer of the municipality is not known."
* insert English(payer-unknown, Payer unknown)
* #changed-after-closing "Ändrad efter stängning" "Late notices have changed a month that was closed."
* insert English(changed-after-closing, Changed after closing)
* #not-comparable "Kan inte jämföras" "What was known when the month was closed is hidden now."
* insert English(not-comparable, Not comparable)
* #own-stays-only "Bara egna vårdtillfällen" "The sum is of the stays of the organisation that asks."
* insert English(own-stays-only, Own stays only)

CodeSystem: BetalningsklockaLage
Id: betalningsklocka-lage
Title: "States of the payment clock"
Description: "Where the clock of one municipality stands in one case."
* ^url = "https://vardbron.example/fhir/CodeSystem/betalningsklocka-lage"
* ^caseSensitive = true
* ^language = #sv
* ^content = #complete
* #vilar "Vilar" "The patient has not been ready for discharge."
* insert English(vilar, At rest)
* #raknar "Räknar" "Days are counted, and none is charged yet."
* insert English(raknar, Counting)
* #betalar "Betalar" "The municipality is liable."
* insert English(betalar, Paying)
* #stannad "Stannad" "Discharged, withdrawn, interrupted, dead, or the municipality left the case."
* insert English(stannad, Stopped)
* #makulerad "Makulerad" "Every notice that set the clock going was cancelled: it never ran."
* insert English(makulerad, Cancelled)

CodeSystem: Datakvalitet
Id: datakvalitet
Title: "Quality of data"
Description: "What a reader should know of a notice's data."
* ^url = "https://vardbron.example/fhir/CodeSystem/datakvalitet"
* ^caseSensitive = true
* ^language = #sv
* ^content = #complete
* #data-ambiguous "Tvetydig tid" "A local time without zone fell into an hour that is there twice or never."
* insert English(data-ambiguous, Ambiguous time)
* #data-doubtful "Tveksamt värde" "A value may not be what its sender meant; the display says which and why."
* insert English(data-doubtful, Doubtful value)
* #unknown-receiver "Okänd mottagare" "A receiver that nobody is who calls this gateway; the display names it. Set by the gateway in what it keeps."
* insert English(unknown-receiver, Unknown receiver)
* #received "Mottaget" "When the gateway took the message, which the display says. Set by the gateway in what it keeps."
* insert English(received, Received)

CodeSystem: Vardteam
Id: vardteam
Title: "Kinds of care teams"
Description: "What a CareTeam is for."
* ^url = "https://vardbron.example/fhir/CodeSystem/vardteam"
* ^caseSensitive = true
* ^language = #sv
* ^content = #complete
* #fast-kontakt "Fast vårdkontakt"
* insert English(fast-kontakt, Fast vårdkontakt)
* #team "Team" "A fast kontakt may be reached through it."
* insert English(team, Team)

CodeSystem: Vardform
Id: vardform
Title: "Kinds of inpatient care"
Description: "Agreements on payment may differ by it."
* ^url = "https://vardbron.example/fhir/CodeSystem/vardform"
* ^caseSensitive = true
* ^language = #sv
* ^content = #complete
* #somatisk "Somatisk vård"
* insert English(somatisk, Somatic care)
* #psykiatrisk "Psykiatrisk vård"
* insert English(psykiatrisk, Psychiatric care)

CodeSystem: BetalningsvillkorKod
Id: betalningsvillkor
Title: "Conditions of the liability"
Description: "What the law asks before a municipality pays (LUS 2-5 kap.)."
* ^url = "https://vardbron.example/fhir/CodeSystem/betalningsvillkor"
* ^caseSensitive = true
* ^language = #sv
* ^content = #complete
* #betalare "Betalare" "Which municipality pays, and its organisationsnummer (5:2)."
* insert English(betalare, Payer)
* #inskrivning "Inskrivningsmeddelande" "It was sent to a unit of the municipality (5:3)."
* insert English(inskrivning, Admission notice)
* #inskrivning-innehall "Inskrivningsmeddelandets innehåll" "Name, address of registration, planned discharge (2:2)."
* insert English(inskrivning-innehall, Content of the admission notice)
* #inskrivning-i-tid "Inskrivningsmeddelande i tid" "Within 24 hours of the admission, or of the assessment (2:3)."
* insert English(inskrivning-i-tid, Admission notice in time)
* #oppenvard-underrattad "Öppenvården underrättad" "The öppenvård got the admission notice too (2:1)."
* insert English(oppenvard-underrattad, Outpatient care notified)
* #utskrivningsklar "Underrättelse om utskrivningsklar" "It was sent to a unit of the municipality (3:1, 5:3)."
* insert English(utskrivningsklar, Notice of ready for discharge)
* #kallelse "Kallelse till SIP" "The öppenvård called within three days (4:3, 5:3)."
* insert English(kallelse, Call to an individual plan)
* #insatser-tillgangliga "Insatser tillgängliga" "None of the öppenvård are missing (5:5)."
* insert English(insatser-tillgangliga, Measures available)

CodeSystem: Villkorslage
Id: villkorslage
Title: "State of a condition"
Description: "Whether a condition of the liability is fulfilled."
* ^url = "https://vardbron.example/fhir/CodeSystem/villkorslage"
* ^caseSensitive = true
* ^language = #sv
* ^content = #complete
* #uppfyllt "Uppfyllt"
* insert English(uppfyllt, Fulfilled)
* #oppet "Öppet" "It can still be fulfilled."
* insert English(oppet, Open)
* #brutet "Brutet" "A person decides."
* insert English(brutet, Broken)

CodeSystem: Amne
Id: amne
Title: "Topics of subscriptions"
Description: "What may be subscribed to. R4 has no SubscriptionTopic: a topic's canonical, which Subscription.criteria names, is https://vardbron.example/fhir/SubscriptionTopic/ and its code."
* ^url = "https://vardbron.example/fhir/CodeSystem/amne"
* ^caseSensitive = true
* ^language = #sv
* ^content = #complete
* #admission "Inskrivning" "A patient who needs help after the stay was admitted."
* insert English(admission, Admission)
* #discharge-ready "Utskrivningsklar" "The patient is ready to be discharged."
* insert English(discharge-ready, Ready for discharge)
* #discharge-ready-withdrawn "Återtagen utskrivningsklar" "The patient is not ready to be discharged after all."
* insert English(discharge-ready-withdrawn, Ready for discharge withdrawn)
* #discharge "Utskrivning" "The patient was discharged."
* insert English(discharge, Discharge)
* #leave "Permission" "The patient went on leave, or came back."
* insert English(leave, Leave)
* #death "Avliden" "The patient died."
* insert English(death, Death)
* #nullified "Makulering" "A notice was cancelled by its sender."
* insert English(nullified, Cancelled notice)
* #update "Uppdatering" "Something else about the stay or its planning changed."
* insert English(update, Update)
* #fast-vardkontakt "Fast vårdkontakt" "A fast vårdkontakt was appointed, changed, confirmed or ended."
* insert English(fast-vardkontakt, Fast vårdkontakt)
* #plan "Plan" "A plan of any kind was needed, called to, agreed, followed up, revised or ended, or who takes part in it changed."
* insert English(plan, Plan)
* #sip "SIP" "The same, of a samordnad individuell plan alone."
* insert English(sip, Individual plan)
* #meeting "Möte" "A meeting of a plan was called to, rebooked, answered, held or called off, or who is called to it changed."
* insert English(meeting, Meeting)
* #task "Uppgift" "A Task of the case was made or changed."
* insert English(task, Task)
* #case "Ärende" "Every event of a case."
* insert English(case, Case)

ValueSet: UtskrivenTillValues
Id: utskriven-till-values
Title: "Discharged to"
Description: "All places."
* ^url = "https://vardbron.example/fhir/ValueSet/utskriven-till-values"
* include codes from system UtskrivenTill

ValueSet: IdentitetsnivaValues
Id: identitetsniva-values
Title: "Level of identity"
Description: "All levels."
* ^url = "https://vardbron.example/fhir/ValueSet/identitetsniva-values"
* include codes from system Identitetsniva

ValueSet: InnehallValues
Id: innehall-values
Title: "What a text is about"
Description: "All subjects."
* ^url = "https://vardbron.example/fhir/ValueSet/innehall-values"
* include codes from system Innehall

ValueSet: SamtyckeOmfattningValues
Id: samtycke-omfattning-values
Title: "What a consent is about"
Description: "All scopes."
* ^url = "https://vardbron.example/fhir/ValueSet/samtycke-omfattning-values"
* include codes from system SamtyckeOmfattning

ValueSet: SamtyckeGrundValues
Id: samtycke-grund-values
Title: "On what a decision rests"
Description: "All of them."
* ^url = "https://vardbron.example/fhir/ValueSet/samtycke-grund-values"
* include codes from system SamtyckeGrund

ValueSet: NarstaendeRollValues
Id: narstaende-roll-values
Title: "Persons close to the patient"
Description: "All of them."
* ^url = "https://vardbron.example/fhir/ValueSet/narstaende-roll-values"
* include codes from system NarstaendeRoll

ValueSet: ArendeTillstandValues
Id: arende-tillstand-values
Title: "States of a case"
Description: "All states."
* ^url = "https://vardbron.example/fhir/ValueSet/arende-tillstand-values"
* include codes from system ArendeTillstand

ValueSet: BetalningsklockaLageValues
Id: betalningsklocka-lage-values
Title: "States of the payment clock"
Description: "All states."
* ^url = "https://vardbron.example/fhir/ValueSet/betalningsklocka-lage-values"
* include codes from system BetalningsklockaLage

ValueSet: EncounterClasses
Id: encounter-classes
Title: "Classes of a stay"
Description: "Admitted, or still in the emergency unit."
* ^url = "https://vardbron.example/fhir/ValueSet/encounter-classes"
* http://terminology.hl7.org/CodeSystem/v3-ActCode#IMP "inpatient encounter"
* http://terminology.hl7.org/CodeSystem/v3-ActCode#EMER "emergency"
