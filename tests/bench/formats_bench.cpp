#include "gateway/fhir/definitions.h"
#include "gateway/fhir/xml_conversion.h"
#include "gateway/formats/json/composer.h"
#include "gateway/formats/json/parse.h"
#include "gateway/formats/json/value.h"
#include "gateway/formats/json/write.h"
#include "gateway/formats/xml/parse.h"
#include "gateway/formats/xml/write.h"
#include "r4.h"

#include <benchmark/benchmark.h>

// Own instance of the library beside the gateway's: the floor is the stock reader, fast settings included.
#define RAPIDJSON_SSE2
#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>
#ifdef VARDBRON_EXPAT
#include <expat.h>
#endif

#include <string>
#include <vector>

namespace vardbron {
namespace {

/// A message Bundle of about 25 KB: invented people, the texts and nesting of real ones.
std::string bundle() {
  std::string body = R"({"resourceType":"Bundle","id":"b1","type":"message","timestamp":"2026-03-01T08:15:00+01:00","entry":[)";
  for (int at = 0; at < 20; ++at) {
    const std::string number = std::to_string(at);
    body += at > 0 ? "," : "";
    body +=
        R"({"fullUrl":"urn:uuid:3c3b1a60-5d1e-4c1f-9a55-0000000000)" + std::to_string(10 + at) +
        R"(","resource":{"resourceType":"Patient","id":"p)" + number +
        R"(","meta":{"versionId":"1","lastUpdated":"2026-03-01T08:15:00.123+01:00","profile":["https://vardbron.example/fhir/StructureDefinition/patient"]},)"
        R"("text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>Astrid Åkerström, född 1950, bor på Östra Storgatan i Växjö.</p></div>"},)"
        R"("extension":[{"url":"https://vardbron.example/fhir/StructureDefinition/beraknad-utskrivning","valueDate":"2026-03-04"}],)"
        R"("identifier":[{"use":"official","system":"http://electronichealth.se/identifier/personnummer","value":"195009072553"}],)"
        R"("active":true,"name":[{"use":"official","family":"Åkerström","given":["Astrid","Maria"],"_given":[{"extension":[{"url":"urn:x-rufname","valueBoolean":true}]},null]}],)"
        R"("telecom":[{"system":"phone","value":"+46701740605","use":"mobile","rank":1},{"system":"email","value":"astrid@example.org"}],)"
        R"("gender":"female","birthDate":"1950-09-07","address":[{"use":"home","line":["Östra Storgatan 12"],"city":"Växjö","postalCode":"35234","country":"SE"}],)"
        R"("multipleBirthInteger":1,"contact":[{"relationship":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0131","code":"N"}]}],"name":{"text":"Björn Åkerström"}}]}})";
  }
  return body + "]}";
}

/// As many names as the gateway has: a few thousand, these among them.
tree::Names many_names() {
  std::vector<std::string> kept = {
      "resourceType", "id",      "type",    "timestamp",    "entry",     "fullUrl",   "resource",    "meta",
      "versionId",    "profile", "text",    "status",       "div",       "extension", "url",         "valueDate",
      "identifier",   "use",     "system",  "value",        "active",    "name",      "family",      "given",
      "valueBoolean", "telecom", "rank",    "gender",       "birthDate", "address",   "line",        "city",
      "postalCode",   "country", "contact", "relationship", "coding",    "code",      "lastUpdated", "multipleBirthInteger"};
  for (int at = 0; at < 3000; ++at) kept.push_back("otherElement" + std::to_string(at));
  const std::vector<std::string_view> texts(kept.begin(), kept.end());
  return tree::Names(texts);
}

void count(benchmark::State& state, std::size_t bytes) {
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * bytes));
}

std::string pretty(const std::string& body, const tree::Names& names) {
  return json::write(*json::parse(body, names), {.pretty = true});
}

void JsonParse(benchmark::State& state) {
  const tree::Names names = many_names();
  const std::string body = state.range(0) != 0 ? pretty(bundle(), names) : bundle();
  json::Parser parser;
  tree::Document document(names);
  for (auto _ : state) benchmark::DoNotOptimize(parser.parse(body, document).ok());
  count(state, body.size());
}
BENCHMARK(JsonParse)->Arg(0)->Arg(1);

void JsonParseOnce(benchmark::State& state) {
  const tree::Names names = many_names();
  const std::string body = bundle();
  for (auto _ : state) benchmark::DoNotOptimize(json::parse(body, names).ok());
  count(state, body.size());
}
BENCHMARK(JsonParseOnce);

void FloorRapidJsonParse(benchmark::State& state) {
  const tree::Names names = many_names();
  const std::string body = state.range(0) != 0 ? pretty(bundle(), names) : bundle();
  for (auto _ : state) {
    std::string copy = body;
    copy.reserve(copy.size() + 16);
    rapidjson::Document document;
    document.ParseInsitu<rapidjson::kParseNumbersAsStringsFlag>(copy.data());
    benchmark::DoNotOptimize(document.HasParseError());
  }
  count(state, body.size());
}
BENCHMARK(FloorRapidJsonParse)->Arg(0)->Arg(1);

void FloorRapidJsonParseChecked(benchmark::State& state) {
  const std::string body = bundle();
  for (auto _ : state) {
    std::string copy = body;
    rapidjson::Document document;
    document.ParseInsitu<rapidjson::kParseNumbersAsStringsFlag | rapidjson::kParseValidateEncodingFlag |
                         rapidjson::kParseIterativeFlag>(copy.data());
    benchmark::DoNotOptimize(document.HasParseError());
  }
  count(state, body.size());
}
BENCHMARK(FloorRapidJsonParseChecked);

void JsonWrite(benchmark::State& state) {
  const tree::Names names = many_names();
  const tree::Document document = *json::parse(bundle(), names);
  const json::WriteOptions options{.pretty = state.range(0) != 0};
  std::string out;
  for (auto _ : state) {
    out.clear();
    json::write_to(out, document, 0, options);
    benchmark::DoNotOptimize(out.data());
  }
  count(state, out.size());
}
BENCHMARK(JsonWrite)->Arg(0)->Arg(1);

void FloorRapidJsonWrite(benchmark::State& state) {
  const std::string body = bundle();
  rapidjson::Document document;
  document.Parse(body.data());
  rapidjson::StringBuffer buffer;
  for (auto _ : state) {
    buffer.Clear();
    rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
    document.Accept(writer);
    benchmark::DoNotOptimize(buffer.GetString());
  }
  count(state, buffer.GetSize());
}
BENCHMARK(FloorRapidJsonWrite);

// What composing costs around stored bodies: argument 0 the frame alone, 1 with a body in each entry.
void JsonCompose(benchmark::State& state) {
  const std::string body = bundle();
  std::string composed;
  for (auto _ : state) {
    json::Composer json;
    json.begin_object().text("resourceType", "Bundle").text("type", "searchset").number("total", 20).begin_list("entry");
    for (int entry = 0; entry < 20; ++entry) {
      json.begin_object().text("fullUrl", "https://gateway.example/fhir/Encounter/0192f0c4-8a3b-7c11-9d7e-1a2b3c4d5e6f");
      if (state.range(0) != 0) json.raw("resource", body);
      json.begin_object("search").text("mode", "match").end_object().end_object();
    }
    composed = json.end_list().end_object().finish();
    benchmark::DoNotOptimize(composed.data());
  }
  count(state, composed.size());
}
BENCHMARK(JsonCompose)->Arg(0)->Arg(1);

void JsonReadValue(benchmark::State& state) {
  const std::string body = bundle();
  for (auto _ : state) benchmark::DoNotOptimize(json::read_value(body));
  count(state, body.size());
}
BENCHMARK(JsonReadValue);

tree::Document as_plain_xml(const tree::Document& document) {
  // JSON's tree is nearly a plain tree: without list marks it is written as elements with text.
  tree::Document plain(document.names());
  plain.set_name(0, plain.intern("Bundle"));
  for (tree::NodeId at = document.first_child(0); at != tree::no_node; at = document.next(at)) plain.copy(0, document, at);
  return plain;
}

void XmlParse(benchmark::State& state) {
  const tree::Names names = many_names();
  const std::string body = xml::write(as_plain_xml(*json::parse(bundle(), names, {.fhir = false})));
  tree::Document document(names);
  const xml::ParseOptions options{.positions = state.range(0) != 0};
  for (auto _ : state) benchmark::DoNotOptimize(xml::parse_into(document, body, options).ok());
  count(state, body.size());
}
BENCHMARK(XmlParse)->Arg(0)->Arg(1);

#ifdef VARDBRON_EXPAT
/// Expat's cost without a tree: namespaces, tags, texts and their positions are discarded.
void FloorExpat(benchmark::State& state) {
  const tree::Names names = many_names();
  const std::string body = xml::write(as_plain_xml(*json::parse(bundle(), names, {.fhir = false})));
  for (auto _ : state) {
    XML_Parser parser = XML_ParserCreateNS("UTF-8", '\n');
    XML_SetUserData(parser, parser);
    XML_SetElementHandler(
        parser,
        [](void* of, const XML_Char* name, const XML_Char** attributes) {
          benchmark::DoNotOptimize(name);
          benchmark::DoNotOptimize(attributes);
          benchmark::DoNotOptimize(XML_GetCurrentByteIndex(static_cast<XML_Parser>(of)));
        },
        [](void*, const XML_Char* name) { benchmark::DoNotOptimize(name); });
    XML_SetCharacterDataHandler(parser, [](void*, const XML_Char* text, int bytes) {
      benchmark::DoNotOptimize(text);
      benchmark::DoNotOptimize(bytes);
    });
    benchmark::DoNotOptimize(XML_Parse(parser, body.data(), static_cast<int>(body.size()), 1));
    XML_ParserFree(parser);
  }
  count(state, body.size());
}
BENCHMARK(FloorExpat);
#endif

void XmlWrite(benchmark::State& state) {
  const tree::Names names = many_names();
  const tree::Document document = as_plain_xml(*json::parse(bundle(), names, {.fhir = false}));
  std::string out;
  for (auto _ : state) {
    out.clear();
    xml::write_to(out, document);
    benchmark::DoNotOptimize(out.data());
  }
  count(state, out.size());
}
BENCHMARK(XmlWrite);

// --- a resource from one format to the other: argument 0 reads, 1 reads and converts, 2 does all ---

std::string xml_bundle() { return xml::write(*fhir::to_xml(*json::parse(bundle(), r4().names()), r4())); }

void XmlToJson(benchmark::State& state) {
  const std::string body = xml_bundle();
  CHECK(json::write(*fhir::from_xml(*xml::parse(body, r4().names()), r4())) == bundle());
  for (auto _ : state) {
    Result<tree::Document> plain = xml::parse(body, r4().names());
    if (state.range(0) == 0) continue;
    Result<tree::Document> document = fhir::from_xml(*plain, r4());
    if (state.range(0) == 1) continue;
    benchmark::DoNotOptimize(json::write(*document));
  }
  count(state, body.size());
}
BENCHMARK(XmlToJson)->DenseRange(0, 2);

void JsonToXml(benchmark::State& state) {
  const std::string body = bundle();
  for (auto _ : state) {
    Result<tree::Document> document = json::parse(body, r4().names());
    if (state.range(0) == 0) continue;
    Result<tree::Document> plain = fhir::to_xml(*document, r4());
    if (state.range(0) == 1) continue;
    benchmark::DoNotOptimize(xml::write(*plain));
  }
  count(state, body.size());
}
BENCHMARK(JsonToXml)->DenseRange(0, 2);

}  // namespace
}  // namespace vardbron

BENCHMARK_MAIN();
