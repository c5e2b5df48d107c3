// Elements that R4 has no place for. Their urls end in the id.

Extension: EventTime
Id: event-time
Title: "When it happened"
Description: "The moment a notice is about, not the moment it was sent. The case is ordered by it."
* ^context[+].type = #element
* ^context[=].expression = "MessageHeader"
* ^context[+].type = #element
* ^context[=].expression = "Communication"
* value[x] 1..1
* value[x] only dateTime

Extension: Replaces
Id: replaces
Title: "The notice that is corrected or cancelled"
Description: "Bundle.identifier of the earlier notice."
* ^context[+].type = #element
* ^context[=].expression = "MessageHeader"
* ^context[+].type = #element
* ^context[=].expression = "Communication"
* value[x] 1..1
* value[x] only Identifier
* valueIdentifier.value 1..1

Extension: CorrectedEvent
Id: corrected-event
Title: "What a correction says"
Description: "The event of the notice as it is now; usually that of the notice it replaces."
* ^context[+].type = #element
* ^context[=].expression = "MessageHeader"
* value[x] 1..1
* value[x] only code
* valueCode from NoticeEvents (required)

Extension: BeraknadUtskrivning
Id: beraknad-utskrivning
Title: "Beräknad utskrivning"
Description: "The day on which the hospital expects to discharge the patient."
* ^context[+].type = #element
* ^context[=].expression = "Encounter"
* value[x] 1..1
* value[x] only date

Extension: Utskrivningsklar
Id: utskrivningsklar
Title: "Utskrivningsklar"
Description: "Since when the patient is ready to be discharged."
* ^context[+].type = #element
* ^context[=].expression = "Encounter"
* value[x] 1..1
* value[x] only dateTime

Extension: SipSkaGenomforas
Id: sip-ska-genomforas
Title: "SIP ska genomföras"
Description: "Whether a samordnad individuell planering is to be made (LUS 4:1)."
* ^context[+].type = #element
* ^context[=].expression = "Encounter"
* value[x] 1..1
* value[x] only boolean

Extension: HinderOppenvard
Id: hinder-oppenvard
Title: "Hinder i den öppna vården"
Description: "A time in which insatser of the region's öppenvård are not available, or it is not clear that they are (LUS 5:5)."
* ^context[+].type = #element
* ^context[=].expression = "Encounter"
* value[x] 1..1
* value[x] only Period
* valuePeriod.start 1..1

Extension: BehovBedomt
Id: behov-bedomt
Title: "Behov bedömt"
Description: "When the physician found that insatser may be needed, if after the admission (LUS 2:3)."
* ^context[+].type = #element
* ^context[=].expression = "Encounter"
* value[x] 1..1
* value[x] only dateTime

Extension: PlacerandeKommun
Id: placerande-kommun
Title: "Placerande kommun"
Description: "The municipality that decided that the person lives in another one; it pays (LUS 5:2)."
* ^context[+].type = #element
* ^context[=].expression = "Patient"
* value[x] 1..1
* value[x] only code

Extension: ArendeTillstandExtension
Id: arende-tillstand
Title: "Ärendets tillstånd"
Description: "Where the case stands."
* ^url = "https://vardbron.example/fhir/StructureDefinition/arende-tillstand"
* ^context[+].type = #element
* ^context[=].expression = "Encounter"
* value[x] 1..1
* value[x] only code
* valueCode from ArendeTillstandValues (required)

Extension: Betalningsklocka
Id: betalningsklocka
Title: "Betalningsklocka"
Description: "Where the payment clock of the municipality stands."
* ^url = "https://vardbron.example/fhir/StructureDefinition/betalningsklocka"
* ^context[+].type = #element
* ^context[=].expression = "ChargeItem"
* value[x] 1..1
* value[x] only code
* valueCode from BetalningsklockaLageValues (required)

Extension: Betalningsvillkor
Id: betalningsvillkor
Title: "Betalningsvillkor"
Description: "One condition of the municipality's liability (LUS 5:2-5) and whether it is fulfilled."
* ^url = "https://vardbron.example/fhir/StructureDefinition/betalningsvillkor"
* ^context[+].type = #element
* ^context[=].expression = "ChargeItem"
* extension contains villkor 1..1 and lage 1..1 and sedan 0..1 and stod 1..1
* extension[villkor].value[x] only code
* extension[villkor].valueCode from BetalningsvillkorValues (required)
* extension[lage].value[x] only code
* extension[lage].valueCode from VillkorslageValues (required)
* extension[sedan].value[x] only dateTime
* extension[stod].value[x] only string

Extension: Betalningsavtal
Id: betalningsavtal
Title: "Betalningsavtal"
Description: "Name of the agreement by which days are counted: LAW, STHLM_SOMATIC, STHLM_PSYCH, AVERAGE."
* ^url = "https://vardbron.example/fhir/StructureDefinition/betalningsavtal"
* ^context[+].type = #element
* ^context[=].expression = "ChargeItem"
* value[x] 1..1
* value[x] only code

Extension: Betalningsansvarig
Id: betalningsansvarig
Title: "Betalningsansvarig"
Description: "The municipality that pays, by its organisationsnummer. R4 names a payer on Account only."
* ^url = "https://vardbron.example/fhir/StructureDefinition/betalningsansvarig"
* ^context[+].type = #element
* ^context[=].expression = "ChargeItem"
* value[x] 1..1
* value[x] only Reference(Organization)

Extension: VardtillfalleSlut
Id: vardtillfalle-slut
Title: "Vårdtillfällets slut"
Description: "The day, in Stockholm, on which the stay ended: it counts in the average of that month."
* ^url = "https://vardbron.example/fhir/StructureDefinition/vardtillfalle-slut"
* ^context[+].type = #element
* ^context[=].expression = "ChargeItem"
* value[x] 1..1
* value[x] only date

Extension: Manadssumma
Id: manadssumma
Title: "Månadssumma"
Description: "What a municipality pays for a month by an agreement whose price is an average (LUS 4:5)."
* ^url = "https://vardbron.example/fhir/StructureDefinition/manadssumma"
* ^context[+].type = #element
* ^context[=].expression = "MeasureReport.group.stratifier.stratum"
* extension contains betalningsansvarig 1..1 and betalningsavtal 1..1 and stangd 1..1 and stangs 0..1 and fritt-medelvarde 0..1 and betaldygn 0..1 and dygnspris 0..1 and belopp 0..1 and anmarkning 0..*
* extension[betalningsansvarig] ^short = "The municipality that pays"
* extension[betalningsansvarig].value[x] only Reference(Organization)
* extension[betalningsavtal] ^short = "The agreement by which days are counted"
* extension[betalningsavtal].value[x] only string
* extension[stangd] ^short = "Is the month closed?"
* extension[stangd].value[x] only boolean
* extension[stangs] ^short = "When the month is closed; later changes are findings"
* extension[stangs].value[x] only dateTime
* extension[fritt-medelvarde] ^short = "Days that are free on average"
* extension[fritt-medelvarde].value[x] only decimal
* extension[betaldygn] ^short = "Days that are charged"
* extension[betaldygn].value[x] only integer
* extension[dygnspris] ^short = "Price of a day in that year"
* extension[dygnspris].value[x] only Money
* extension[belopp] ^short = "Amount to pay"
* extension[belopp].value[x] only Money
* extension[anmarkning] ^short = "Something a person should look at"
* extension[anmarkning].value[x] only CodeableConcept

Extension: Kommun
Id: kommun
Title: "Folkbokföringskommun"
Description: "Municipality of registration: Statistics Sweden's four digits."
* ^context[+].type = #element
* ^context[=].expression = "Patient"
* value[x] 1..1
* value[x] only code

Extension: IdentitetsnivaExtension
Id: identitetsniva
Title: "Identitetsnivå"
Description: "How sure it is who has a samordningsnummer (lag 2022:1697)."
* ^url = "https://vardbron.example/fhir/StructureDefinition/identitetsniva"
* ^context[+].type = #element
* ^context[=].expression = "Identifier"
* value[x] 1..1
* value[x] only code
* valueCode from IdentitetsnivaValues (required)

Extension: InnehallExtension
Id: innehall
Title: "Vad det handlar om"
Description: "What a text or file of a notice is about."
* ^url = "https://vardbron.example/fhir/StructureDefinition/innehall"
* ^context[+].type = #element
* ^context[=].expression = "Communication.payload"
* value[x] 1..1
* value[x] only code
* valueCode from InnehallValues (required)

Extension: SubscriberExtension
Id: subscriber
Title: "Subscriber"
Description: "Which organisation made a Subscription. Set by the gateway."
* ^url = "https://vardbron.example/fhir/StructureDefinition/subscriber"
* ^context[+].type = #element
* ^context[=].expression = "Subscription"
* value[x] 1..1
* value[x] only string

Extension: EgenUppgift
Id: egen-uppgift
Title: "Egen uppgift"
Description: "The organisation itself says what the Organization has of it, in a notice that was sent then. Without it another organisation's notice says it."
* ^context[+].type = #element
* ^context[=].expression = "Organization"
* value[x] 1..1
* value[x] only dateTime

Extension: OnskadAv
Id: onskad-av
Title: "Who wished for the plan"
Description: "A code of plan-roll: the person, somebody close, region or municipality."
* ^context[+].type = #element
* ^context[=].expression = "CarePlan"
* value[x] 1..1
* value[x] only code
* valueCode from PlanRollValues (required)

Extension: BeslutOmInsatser
Id: beslut-om-insatser
Title: "Decision on the insatser"
Description: "LPT 7 a §."
* ^context[+].type = #element
* ^context[=].expression = "CarePlan"
* value[x] 1..1
* value[x] only string

Extension: Installning
Id: installning
Title: "The person's attitude"
Description: "To the insatser, as far as it is known (LPT 7 a §)."
* ^context[+].type = #element
* ^context[=].expression = "CarePlan"
* value[x] 1..1
* value[x] only string

Extension: EgnaOrd
Id: egna-ord
Title: "What is important to the person"
Description: "In the person's own words."
* ^context[+].type = #element
* ^context[=].expression = "CarePlan"
* value[x] 1..1
* value[x] only string

Extension: OmDetBlirSamre
Id: om-det-blir-samre
Title: "If it gets worse"
Description: "What to do, and whom to call."
* ^context[+].type = #element
* ^context[=].expression = "CarePlan"
* value[x] 1..1
* value[x] only string

Extension: IngenAnnanAtgard
Id: ingen-annan-atgard
Title: "Nobody else acts"
Description: "True: nobody but region and municipality takes measures (HSL 16:4, SoL 10:8, third point)."
* ^context[+].type = #element
* ^context[=].expression = "CarePlan"
* value[x] 1..1
* value[x] only boolean

Extension: PlanTillstandExtension
Id: plan-tillstand
Title: "State of the plan"
Description: "Where the plan is, from the need of it to its end."
* ^context[+].type = #element
* ^context[=].expression = "CarePlan"
* value[x] 1..1
* value[x] only code
* valueCode from PlanTillstandValues (required)

Extension: Videolank
Id: videolank
Title: "Video link"
Description: "Where the meeting is held by video."
* ^context[+].type = #element
* ^context[=].expression = "Appointment"
* value[x] 1..1
* value[x] only url
