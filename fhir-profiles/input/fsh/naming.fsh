// The namespaces that are this project's own. Those of registers (personnummer, HSA-id ..) are their registers' to define.

Instance: reservnummer
InstanceOf: NamingSystem
Usage: #definition
Title: "Reserve numbers of an unknown register"
Description: "Reserve numbers whose sender does not say which register gave them."
* name = "ReservnummerOfUnknownRegister"
* status = #draft
* kind = #identifier
* date = "2026-12-01"
* responsible = "Vårdbron"
* description = "Reserve numbers whose sender does not say which register gave them. Two of one value need not be one person's."
* uniqueId.type = #uri
* uniqueId.value = "https://vardbron.example/fhir/sid/reservnummer"
* uniqueId.preferred = true

Instance: arende
InstanceOf: NamingSystem
Usage: #definition
Title: "Ärenden by their number"
Description: "Names of ärenden that senders number without a namespace."
* name = "ArendeByNumber"
* status = #draft
* kind = #identifier
* date = "2026-12-01"
* responsible = "Vårdbron"
* description = "Begins the namespace of the ärenden of one hospital whose numbers come without a namespace; what follows it names the hospital: urn:vardbron:arende:SE2321990018."
* uniqueId.type = #uri
* uniqueId.value = "urn:vardbron:arende"
* uniqueId.preferred = true

Instance: avslutsdygn
InstanceOf: NamingSystem
Usage: #definition
Title: "Days on which a stay ended"
Description: "Tags of a ChargeItem whose code is a day, so that the stays of a month can be searched for."
* name = "Avslutsdygn"
* status = #draft
* kind = #codesystem
* date = "2026-12-01"
* responsible = "Vårdbron"
* description = "Days (2026-03-14) on which a notice ended the stay; beside it a namespace for each municipality that pays: the same, a slash, and its organisationsnummer."
* uniqueId.type = #uri
* uniqueId.value = "https://vardbron.example/fhir/avslutsdygn"
* uniqueId.preferred = true
