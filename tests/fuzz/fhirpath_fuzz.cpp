#include "gateway/base/check.h"
#include "gateway/fhirpath/program.h"
#include "gateway/formats/json/parse.h"
#include "r4.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

using namespace vardbron;

const tree::Document& patient() {
  static const tree::Document document = [] {
    Result<tree::Document> read = json::parse(
        R"({"resourceType":"Patient","id":"p","active":true,"name":[{"use":"official","family":"Berg","given":["Tolvan","Tage"]}],"birthDate":"1950-09-07",)"
        R"("telecom":[{"system":"phone","rank":2}],"extension":[{"url":"x","valueQuantity":{"value":7.5,"system":"http://unitsofmeasure.org","code":"kg"}}]})",
        r4().names());
    CHECK(read);
    return *std::move(read);
  }();
  return document;
}

}  // namespace

/// Whatever parses is checked and run; each refusal has a message and a position. What runs in strict mode runs without it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  Result<void> syntax = fhirpath::check_syntax(text);
  if (!syntax) CHECK(!syntax.failure().where.empty());
  fhirpath::Value focus = fhirpath::element(tree::root(patient()), r4());
  for (bool strict : {true, false}) {
    Result<fhirpath::Program> program = fhirpath::compile(text, {.definitions = r4(), .context = focus.type(), .strict = strict});
    if (!program) continue;
    CHECK(syntax.ok());
    fhirpath::Environment environment;
    environment.steps_max = 20'000;
    Result<fhirpath::Collection> result = fhirpath::run(*program, focus, environment);
    if (!result) CHECK(!result.failure().says.empty());
    if (result) {
      for (const fhirpath::Value& value : *result) (void)fhirpath::describe(value, r4());
    }
  }
  return 0;
}
