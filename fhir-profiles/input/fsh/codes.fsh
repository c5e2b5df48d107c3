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
* #planned-discharge.changed "Ny beräknad utskrivning" "The planned date of discharge has changed."
* #party.changed "Ändrad medverkande part" "The receivers of the case have changed; the notice names all of them."
* #fast-vardkontakt "Fast vårdkontakt utsedd" "A fast vårdkontakt was appointed."
* #discharge-ready "Utskrivningsklar" "The patient is ready to be discharged."
* #discharge-ready.withdrawn "Återtagen utskrivningsklar" "The patient is not ready to be discharged after all."
* #sip.invitation "Kallelse till SIP" "The parties are called to make an individual plan."
* #discharge "Utskrivningsmeddelande" "The patient has left."
* #leave.start "Permission börjar" "The patient went on leave."
* #leave.end "Permission slutar" "The patient came back from leave."
* #transfer "Flytt" "The patient moved to another unit of the region."
* #interruption "Avbrott" "The process is no longer relevant."
* #death "Avliden" "The patient died."
* #nullified "Makulerad" "An earlier notice is cancelled."
* #corrected "Rättad" "An earlier notice is replaced."
* #case.closed "Avslutat ärende" "The case is closed."

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
