// Codes of the discharge process. Their meaning: README.md of this folder, and lag (2017:612) om samverkan vid utskrivning.

CodeSystem: NoticeEvent
Id: notice-event
Title: "Notice events"
Description: "What a canonical notice says happened."
* ^url = "https://vardbron.example/fhir/CodeSystem/notice-event"
* ^caseSensitive = true
* ^content = #complete
* #admission.local "Inskrivning utan behov" "Admitted, no need found; nothing leaves the region."
* #admission "Inskrivningsmeddelande" "Admitted, with need of care from others after the stay."
* #receipt "Kvittens" "A receiver acknowledges a notice."
* #planning "Planeringsunderlag" "A party adds to the planning."
* #care-request "Vårdbegäran" "A party asks the sluten vård to take care of the patient."
* #municipal.report "Vårdrapport" "What the municipality knows of the patient, for the sluten vård."
* #admin "Administrativt meddelande" "Words of any party to any parties of the case."
* #consent "Samtycke" "What the patient, or somebody for the patient, decided of the sharing of information."
* #planned-discharge.changed "Ny beräknad utskrivning" "The planned date of discharge has changed."
* #party.changed "Ändrad medverkande part" "The receivers of the case have changed; the notice names all of them."
* #fast-vardkontakt "Fast vårdkontakt utsedd" "A fast vårdkontakt was appointed."
* #discharge-ready "Utskrivningsklar" "The patient is ready to be discharged."
* #discharge-ready.withdrawn "Återtagen utskrivningsklar" "The patient is not ready to be discharged after all."
* #sip.invitation "Kallelse till SIP" "The parties are called to make an individual plan."
* #discharge "Utskrivningsmeddelande" "The patient has left."
* #discharge.information "Utskrivningsinformation" "What those who take over need to know of the stay."
* #patient.information "Information till patienten" "The patient got the written information about the time after the stay."
* #leave.start "Permission börjar" "The patient went on leave."
* #leave.end "Permission slutar" "The patient came back from leave."
* #transfer "Flytt" "The patient moved to another unit of the region."
* #interruption "Avbrott" "The process is no longer relevant."
* #death "Avliden" "The patient died."
* #nullified "Makulerad" "An earlier notice is cancelled."
* #corrected "Rättad" "An earlier notice is replaced."
* #case.closed "Avslutat ärende" "The case is closed."
* #plan.need "Behov av plan" "A plan is needed, or wished for by the person or somebody close."
* #plan.participants "Ändrade deltagare" "All who take part in the plan from now on."
* #plan.answer "Svar på kallelse" "Whether who was called comes to the meeting."
* #plan.held "Möte hållet" "The meeting was held."
* #plan.agreed "Plan upprättad" "The plan as it was agreed; one that units approve (LPT 7 a §) as it was drawn up."
* #plan.approved "Plan justerad" "The sender, a unit that is responsible for an insats, approves the plan (LPT 7 a §)."
* #plan.activity "Insats" "What became of insatser of the plan."
* #plan.followed-up "Plan uppföljd" "The plan was followed up; when it is to be the next time."
* #plan.revised "Plan reviderad" "The plan as it is from now on."
* #plan.cancelled "Möte inställt" "The meeting is called off."
* #plan.closed "Plan avslutad" "The plan is closed."
* #person.merged "Sammanslagning" "Numbers are one person's; of no case."
* #person.unmerged "Isärtagning" "Numbers are two persons', whatever the sender's merges before it said; of no case."

CodeSystem: PartRoll
Id: part-roll
Title: "Roles of the parties"
Description: "What an organisation is in a case."
* ^url = "https://vardbron.example/fhir/CodeSystem/part-roll"
* ^caseSensitive = true
* ^content = #complete
* #sluten-vard "Sluten vård"
* #socialtjanst "Socialtjänst"
* #kommunal-hsv "Kommunal hälso- och sjukvård"
* #oppenvard "Regionfinansierad öppen vård"

CodeSystem: UtskrivenTill
Id: utskriven-till
Title: "Discharged to"
Description: "Where the patient went."
* ^url = "https://vardbron.example/fhir/CodeSystem/utskriven-till"
* ^caseSensitive = true
* ^content = #complete
* #hem "Hem"
* #sarskilt-boende "Särskilt boende"
* #korttidsplats "Korttidsplats"
* #annat-sjukhus "Annat sjukhus"
* #avliden "Avliden"

CodeSystem: Skydd
Id: skydd
Title: "Protected identity"
Description: "Protection of personal data in the population register."
* ^url = "https://vardbron.example/fhir/CodeSystem/skydd"
* ^caseSensitive = true
* ^content = #complete
* #sekretessmarkering "Sekretessmarkering"
* #skyddadFolkbokforing "Skyddad folkbokföring"

CodeSystem: Identitetsniva
Id: identitetsniva
Title: "Level of identity"
Description: "How sure it is who has a samordningsnummer."
* ^url = "https://vardbron.example/fhir/CodeSystem/identitetsniva"
* ^caseSensitive = true
* ^content = #complete
* #styrkt "Styrkt" "The identity was proved."
* #sannolik "Sannolik" "The identity is probable."
* #osaker "Osäker" "The identity is uncertain."

CodeSystem: Innehall
Id: innehall
Title: "What a text is about"
Description: "Subjects of the texts and files of a notice."
* ^url = "https://vardbron.example/fhir/CodeSystem/innehall"
* ^caseSensitive = true
* ^content = #complete
* #behov "Behov av insatser" "What the patient will need."
* #insatser "Pågående insatser" "What the patient has from the municipality or the öppenvård."
* #adl "ADL" "What the patient can do without help."
* #kognition "Kognition"
* #risker "Risker" "Risks that were found, and what is done about them."
* #hjalpmedel "Hjälpmedel" "Aids."
* #lakemedel "Läkemedel" "Medicines, and what was changed."
* #egenvard "Egenvård" "What the patient, or somebody close, does on the instruction of health care."
* #tillstand "Aktuellt tillstånd" "How the patient is."
* #uppfoljning "Uppföljning" "Planned visits and controls."
* #arbetsformaga "Arbetsförmåga" "Ability to work."
* #sammanfattning "Sammanfattning" "Why the patient was in hospital, and what was done."

CodeSystem: SamtyckeOmfattning
Id: samtycke-omfattning
Title: "What a consent is about"
Description: "Scopes of a patient's consent."
* ^url = "https://vardbron.example/fhir/CodeSystem/samtycke-omfattning"
* ^caseSensitive = true
* ^content = #complete
* #sip "SIP" "That an individual plan is made (HSL 16:4, SoL 10:8)."
* #utlamnande "Utlämnande" "That the parties give each other what they know of the patient."
* #sammanhallen-journal "Sammanhållen journalföring" "That other care givers read the record (lag 2022:913)."
* #arbetsgivare "Kontakt med arbetsgivaren"

CodeSystem: SamtyckeGrund
Id: samtycke-grund
Title: "On what a decision rests"
Description: "Who decided."
* ^url = "https://vardbron.example/fhir/CodeSystem/samtycke-grund"
* ^caseSensitive = true
* ^content = #complete
* #samtycke "Samtycke" "The patient's own word, or that of somebody who represents the patient."
* #menprovning "Menprövning" "The staff's: the patient could not be asked, and is not harmed by it."

CodeSystem: NarstaendeRoll
Id: narstaende-roll
Title: "Persons close to the patient"
Description: "What somebody is to the patient."
* ^url = "https://vardbron.example/fhir/CodeSystem/narstaende-roll"
* ^caseSensitive = true
* ^content = #complete
* #narstaende "Närstående"
* #god-man "God man"
* #forvaltare "Förvaltare"
* #framtidsfullmakt "Framtidsfullmaktshavare"

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
* ^content = #complete
* #kvittera-inskrivning "Kvittera inskrivning" "Acknowledge the admission notice."
* #utse-fast-vardkontakt "Utse fast vårdkontakt" "Appoint a fast vårdkontakt before the patient leaves."
* #kalla-till-sip "Kalla till SIP" "Call the parties to make an individual plan, within three days of discharge-ready."
* #ta-over-patient "Ta över patient" "Take the patient home; the betalningsklocka runs until then."
* #informationsoverforing "Informationsöverföring" "Give those who take over what they need to know, on the day of the discharge. The hospital's own."
* #insats "Insats" "What a plan gives a unit to do."
* #folj-upp-sip "Följ upp plan" "Follow the plan up on the day that was agreed."

CodeSystem: PlanTyp
Id: plan-typ
Title: "Kinds of plans"
Description: "Kinds that GetCarePlans 2.0 (typeOfCarePlan) does not have."
* ^url = "https://vardbron.example/fhir/CodeSystem/plan-typ"
* ^caseSensitive = true
* ^content = #complete
* #SAMORDNING "Samordning" "The mission of a coordination function."

CodeSystem: PlanRoll
Id: plan-roll
Title: "Roles in a plan"
Description: "What somebody is in a plan."
* ^url = "https://vardbron.example/fhir/CodeSystem/plan-roll"
* ^caseSensitive = true
* ^content = #complete
* #patient "Den enskilde"
* #narstaende "Närstående"
* #god-man "God man"
* #fast-vardkontakt "Fast vårdkontakt"
* #lakare "Läkare"
* #kommunsjukskoterska "Kommunsjuksköterska"
* #bistandshandlaggare "Biståndshandläggare"
* #vardsamordnare "Vårdsamordnare"
* #rehabkoordinator "Rehabkoordinator"
* #samordningsfunktion "Samordningsfunktion"
* #skola "Skola"
* #forsakringskassan "Försäkringskassan"
* #arbetsgivare "Arbetsgivare"
* #region "Regionen" "Who wished for the plan."
* #kommun "Kommunen" "Who wished for the plan."

CodeSystem: PlanMal
Id: plan-mal
Title: "Kinds of goals"
Description: "Goal.category."
* ^url = "https://vardbron.example/fhir/CodeSystem/plan-mal"
* ^caseSensitive = true
* ^content = #complete
* #mal "Mål"
* #delmal "Delmål" "On the way to a goal."

CodeSystem: PlanTillstand
Id: plan-tillstand
Title: "States of a plan"
Description: "Where a plan is, from the need of it to its end."
* ^url = "https://vardbron.example/fhir/CodeSystem/plan-tillstand"
* ^caseSensitive = true
* ^content = #complete
* #ingen "Ingen" "Nothing that was said of it counts."
* #behov-bedomt "Behov bedömt"
* #ej-aktuell "Ej aktuell" "The person does not consent to it, or no more."
* #samtyckt "Samtyckt"
* #kallad "Kallad"
* #ombokad "Ombokad"
* #hallen "Möte hållet"
* #justeras "Justeras" "Drawn up, and not approved by every unit yet."
* #upprattad "Upprättad"
* #uppfoljd "Uppföljd"
* #reviderad "Reviderad"
* #avslutad "Avslutad"
* #installd "Inställd"
* #makulerad "Makulerad"
* #avliden "Avliden"

CodeSystem: UppgiftLage
Id: uppgift-lage
Title: "State of a work item"
Description: "What FHIR's Task.status cannot say."
* ^url = "https://vardbron.example/fhir/CodeSystem/uppgift-lage"
* ^caseSensitive = true
* ^content = #complete
* #forsenad "Försenad" "The deadline has passed."

CodeSystem: ArendeTillstand
Id: arende-tillstand
Title: "States of a case"
Description: "Where a samordningsärende stands."
* ^url = "https://vardbron.example/fhir/CodeSystem/arende-tillstand"
* ^caseSensitive = true
* ^content = #complete
* #ingen "Ingen" "No notice has opened the case yet."
* #inskriven-ej-meddelad "Inskriven, ej meddelad" "Admitted without need; nobody outside was told."
* #inskriven "Inskriven"
* #planeras "Planeras"
* #utskrivningsklar "Utskrivningsklar"
* #utskriven "Utskriven"
* #avslutad "Avslutad"
* #avbruten "Avbruten"
* #avliden "Avliden"
* #makulerad "Makulerad"

CodeSystem: Betalningsansvar
Id: betalningsansvar
Title: "What a municipality may be charged for"
Description: "Codes of ChargeItem.code."
* ^url = "https://vardbron.example/fhir/CodeSystem/betalningsansvar"
* ^caseSensitive = true
* ^content = #complete
* #utskrivningsklar-dygn "Vårddygn för utskrivningsklar patient" "Days in hospital of a patient who is ready for discharge."
* #utskrivningsklar-vantedygn "Väntedygn för utskrivningsklar patient" "Days that a patient who was ready for discharge waited, where the average of the month decides."

CodeSystem: Manadsmedelvarde
Id: manadsmedelvarde
Title: "Average of a month"
Description: "What a MeasureReport of the measure manadsmedelvarde consists of."
* ^url = "https://vardbron.example/fhir/CodeSystem/manadsmedelvarde"
* ^caseSensitive = true
* ^content = #complete
* #vantetid "Väntetid" "How long patients who were ready for discharge waited."
* #kommun-och-avtal "Kommun och avtal" "By municipality and agreement."
* #vantedygn "Väntedygn" "Days that the patients of the stays which count waited, together."
* #oavgjorda-vantedygn "Oavgjorda väntedygn" "The same of the stays on which a person decides."

CodeSystem: Manadsanmarkning
Id: manadsanmarkning
Title: "Remarks on a month"
Description: "What a person should look at before a month is billed."
* ^url = "https://vardbron.example/fhir/CodeSystem/manadsanmarkning"
* ^caseSensitive = true
* ^content = #complete
* #undecided-stays "Oavgjorda vårdtillfällen" "A condition of the law is open or broken: a person decides."
* #no-price "Pris saknas" "No price of a day in the month's year is configured."
* #no-agreement "Avtal saknas" "The agreement is not configured any more."
* #payer-unknown "Betalare okänd" "The organisationsnummer of the municipality is not known."
* #changed-after-closing "Ändrad efter stängning" "Late notices have changed a month that was closed."
* #not-comparable "Kan inte jämföras" "What was known when the month was closed is hidden now."
* #own-stays-only "Bara egna vårdtillfällen" "The sum is of the stays of the organisation that asks."

CodeSystem: BetalningsklockaLage
Id: betalningsklocka-lage
Title: "States of the payment clock"
Description: "Where the clock of one municipality stands in one case."
* ^url = "https://vardbron.example/fhir/CodeSystem/betalningsklocka-lage"
* ^caseSensitive = true
* ^content = #complete
* #vilar "Vilar" "The patient has not been ready for discharge."
* #raknar "Räknar" "Days are counted, and none is charged yet."
* #betalar "Betalar" "The municipality is liable."
* #stannad "Stannad" "Discharged, withdrawn, interrupted, dead, or the municipality left the case."
* #makulerad "Makulerad" "Every notice that set the clock going was cancelled: it never ran."

CodeSystem: Datakvalitet
Id: datakvalitet
Title: "Quality of data"
Description: "What a reader should know of a notice's data."
* ^url = "https://vardbron.example/fhir/CodeSystem/datakvalitet"
* ^caseSensitive = true
* ^content = #complete
* #data-ambiguous "Tvetydig tid" "A local time without zone fell into an hour that is there twice or never."
* #data-doubtful "Tveksamt värde" "A value may not be what its sender meant; the display says which and why."
* #received "Mottaget" "When the gateway took the message, which the display says. Set by the gateway in what it keeps."

CodeSystem: Vardteam
Id: vardteam
Title: "Kinds of care teams"
Description: "What a CareTeam is for."
* ^url = "https://vardbron.example/fhir/CodeSystem/vardteam"
* ^caseSensitive = true
* ^content = #complete
* #fast-kontakt "Fast vårdkontakt"
* #team "Team" "A fast kontakt may be reached through it."

CodeSystem: Vardform
Id: vardform
Title: "Kinds of inpatient care"
Description: "Agreements on payment may differ by it."
* ^url = "https://vardbron.example/fhir/CodeSystem/vardform"
* ^caseSensitive = true
* ^content = #complete
* #somatisk "Somatisk vård"
* #psykiatrisk "Psykiatrisk vård"

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
