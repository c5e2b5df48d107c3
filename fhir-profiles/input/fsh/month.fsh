// The average of a month, by which some agreements charge municipalities (LUS 4:5).

Instance: manadsmedelvarde
InstanceOf: Measure
Usage: #definition
Title: "Average of a month"
Description: "How long the patients of a municipality who were ready for discharge waited on average, of the stays that ended in a month."
* url = "https://vardbron.example/fhir/Measure/manadsmedelvarde"
* version = "0.1.0"
* name = "Manadsmedelvarde"
* title = "Average of a month"
* status = #draft
* experimental = false
* date = "2026-12-01"
* description = "How long the patients of a municipality who were ready for discharge waited on average, of the stays that ended in a month. What is above the free average of the agreement is charged (LUS 4:5)."
* scoring = http://terminology.hl7.org/CodeSystem/measure-scoring#continuous-variable
* rateAggregation = "Days of all stays divided by the number of stays."
* group[+].code = Manadsmedelvarde#vantetid
* group[=].population[+].code = http://terminology.hl7.org/CodeSystem/measure-population#initial-population
* group[=].population[=].description = "Stays that ended in the month, and under such an agreement."
* group[=].population[=].criteria.language = #text/fhirpath
* group[=].population[=].criteria.expression = "ChargeItem.extension('https://vardbron.example/fhir/StructureDefinition/vardtillfalle-slut').exists()"
* group[=].population[+].code = http://terminology.hl7.org/CodeSystem/measure-population#measure-population
* group[=].population[=].description = "Of these, those that count: every condition of the law is fulfilled, or they lasted no longer than the free average."
* group[=].population[=].criteria.language = #text/fhirpath
* group[=].population[=].criteria.expression = "ChargeItem.extension('https://vardbron.example/fhir/StructureDefinition/betalningsvillkor').extension('lage').where(value != 'uppfyllt').empty()"
* group[=].population[+].code = http://terminology.hl7.org/CodeSystem/measure-population#measure-population-exclusion
* group[=].population[=].description = "Of these, those on which a person decides: a condition of the law is open or broken."
* group[=].population[=].criteria.language = #text/fhirpath
* group[=].population[=].criteria.expression = "ChargeItem.extension('https://vardbron.example/fhir/StructureDefinition/betalningsvillkor').extension('lage').where(value != 'uppfyllt').exists()"
* group[=].population[+].code = Manadsmedelvarde#vantedygn
* group[=].population[=].description = "Days that the patients of the stays which count waited."
* group[=].population[=].criteria.language = #text/fhirpath
* group[=].population[=].criteria.expression = "ChargeItem.quantity.value"
* group[=].population[+].code = Manadsmedelvarde#oavgjorda-vantedygn
* group[=].population[=].description = "Days of the stays on which a person decides."
* group[=].population[=].criteria.language = #text/fhirpath
* group[=].population[=].criteria.expression = "ChargeItem.quantity.value"
* group[=].stratifier[+].code = Manadsmedelvarde#kommun-och-avtal
* group[=].stratifier[=].criteria.language = #text/fhirpath
* group[=].stratifier[=].criteria.expression = "ChargeItem.extension('https://vardbron.example/fhir/StructureDefinition/betalningsansvarig').value.identifier.value & ' ' & ChargeItem.extension('https://vardbron.example/fhir/StructureDefinition/betalningsavtal').value"

Instance: operation-manadsmedelvarde
InstanceOf: OperationDefinition
Usage: #definition
Title: "Evaluate the average of a month"
Description: "What the gateway offers of Measure/$evaluate-measure."
* id = "manadsmedelvarde"
* url = "https://vardbron.example/fhir/OperationDefinition/manadsmedelvarde"
* version = "0.1.0"
* name = "EvaluateManadsmedelvarde"
* title = "Evaluate the average of a month"
* status = #draft
* kind = #operation
* date = "2026-12-01"
* description = "Sums what municipalities pay for one month. A municipality gets its own sum over all stays, a hospital that of its own stays, an operator each; nobody else gets anything (404)."
* affectsState = false
* code = #evaluate-measure
* base = "http://hl7.org/fhir/OperationDefinition/Measure-evaluate-measure"
* resource = #Measure
* system = false
* type = true
* instance = true
* parameter[+].name = #periodStart
* parameter[=].use = #in
* parameter[=].min = 1
* parameter[=].max = "1"
* parameter[=].documentation = "The first day of a month, or the month."
* parameter[=].type = #date
* parameter[+].name = #periodEnd
* parameter[=].use = #in
* parameter[=].min = 1
* parameter[=].max = "1"
* parameter[=].documentation = "The last day of the same month, or the month."
* parameter[=].type = #date
* parameter[+].name = #measure
* parameter[=].use = #in
* parameter[=].min = 0
* parameter[=].max = "1"
* parameter[=].documentation = "manadsmedelvarde, or its canonical; where the path does not name it."
* parameter[=].type = #string
* parameter[+].name = #reportType
* parameter[=].use = #in
* parameter[=].min = 0
* parameter[=].max = "1"
* parameter[=].documentation = "population"
* parameter[=].type = #code
* parameter[+].name = #reporter
* parameter[=].use = #in
* parameter[=].min = 0
* parameter[=].max = "1"
* parameter[=].documentation = "Organisationsnummer of one municipality; without it each that the caller may see. R5 has this parameter, R4 not."
* parameter[=].type = #string
* parameter[+].name = #return
* parameter[=].use = #out
* parameter[=].min = 1
* parameter[=].max = "1"
* parameter[=].documentation = "A stratum per municipality and agreement."
* parameter[=].type = #MeasureReport
