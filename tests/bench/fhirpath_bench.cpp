#include "gateway/fhirpath/program.h"
#include "gateway/formats/json/composer.h"
#include "gateway/formats/json/parse.h"
#include "r4.h"
#include "tests/bench/allocations.h"

#include <benchmark/benchmark.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace vardbron::fhirpath {
namespace {

/// A patient as in a notice; invented.
std::string patient(int number) {
  return R"({"resourceType":"Patient","id":"p)" + std::to_string(number) +
         R"(","meta":{"versionId":"1","lastUpdated":"2026-03-01T08:15:00.123+01:00"},)"
         R"("extension":[{"url":"https://vardbron.example/fhir/StructureDefinition/x","valueDate":"2026-03-04"}],)"
         R"("identifier":[{"use":"official","system":"http://electronichealth.se/identifier/personnummer","value":"195009072553"}],)"
         R"("active":true,"name":[{"use":"official","family":"Berg","given":["Tolvan","Tage"]},{"use":"usual","given":["Tolle"]},)"
         R"({"use":"maiden","family":"Dal","given":["Tolvan","Tage"]}],)"
         R"("telecom":[{"system":"phone","value":"+46701740605","use":"mobile","rank":1},{"system":"email","value":"tolvan@example.org"},)"
         R"({"system":"phone","value":"+46701740606","use":"home","rank":2}],"gender":"male","birthDate":"1950-09-07",)"
         R"("address":[{"use":"home","line":["Storgatan 12"],"city":"Lund","postalCode":"22234","country":"SE"}],)"
         R"("contact":[{"relationship":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0131","code":"N"}]}],)"
         R"("name":{"text":"Beata Berg"}}],"managingOrganization":{"reference":"Organization/1"}})";
}

std::string bundle() {
  std::string body = R"({"resourceType":"Bundle","id":"b1","type":"collection","entry":[)";
  for (int at = 0; body.size() < 24'500; ++at) {
    if (at > 0) body += ",";
    body += R"({"fullUrl":"urn:uuid:3c3b1a60-5d1e-4c1f-9a55-000000000000","resource":)" + patient(at) + "}";
  }
  return body + "]}";
}

void run_expression(benchmark::State& state, const std::string& body, std::string_view expression) {
  Result<tree::Document> document = json::parse(body, r4().names());
  CHECK(document);
  Value focus = element(tree::root(*document), r4());
  Result<Program> program = compile(expression, {.definitions = r4(), .context = focus.type()});
  CHECK(program);
  Environment environment;
  Collection result;
  CHECK(run_into(result, *program, {&focus, 1}, environment));
  const std::size_t before = bench::allocations();  // a plain path must not allocate
  for (auto _ : state) benchmark::DoNotOptimize(run_into(result, *program, {&focus, 1}, environment).ok());
  state.counters["allocations"] = static_cast<double>(bench::allocations() - before) / static_cast<double>(state.iterations());
  state.counters["items"] = static_cast<double>(result.size());
}

void Path(benchmark::State& state) { run_expression(state, patient(1), "name.given"); }
BENCHMARK(Path);
void PathWithType(benchmark::State& state) { run_expression(state, patient(1), "Patient.name.family"); }
BENCHMARK(PathWithType);
void Where(benchmark::State& state) { run_expression(state, patient(1), "telecom.where(system = 'phone')"); }
BENCHMARK(Where);
void WhereAndMore(benchmark::State& state) {
  run_expression(state, patient(1), "telecom.where(system = 'phone' and rank > 1).value.first()");
}
BENCHMARK(WhereAndMore);
void Select(benchmark::State& state) { run_expression(state, patient(1), "name.select(given.join(' ') & ' ' & family)"); }
BENCHMARK(Select);
void Exists(benchmark::State& state) {
  run_expression(state, patient(1), "name.exists(use = 'usual') and birthDate < @2000-01-01");
}
BENCHMARK(Exists);
void Descendants(benchmark::State& state) { run_expression(state, bundle(), "descendants()"); }
BENCHMARK(Descendants);
void OfType(benchmark::State& state) { run_expression(state, bundle(), "entry.resource.ofType(Patient).name.given"); }
BENCHMARK(OfType);
void Union(benchmark::State& state) { run_expression(state, bundle(), "(entry.resource.id | entry.resource.id).count()"); }
BENCHMARK(Union);

/// A resource with a list of that many distinct items.
template <class Item>
std::string listing(const std::string& before, std::int64_t count, Item item, const std::string& behind) {
  std::string body = before;
  for (std::int64_t number = 0; number < count; ++number) body += (number > 0 ? "," : "") + item(number);
  return body + behind;
}

std::string texts(std::int64_t count) {
  return listing(R"({"resourceType":"Patient","name":[{"given":[)", count,
                 [](std::int64_t number) { return "\"n" + std::to_string(number) + '"'; }, "]}]}");
}

std::string moments(std::int64_t count) {
  const auto two_digits = [](std::int64_t number) { return std::to_string(100 + number).substr(1); };
  return listing(R"({"resourceType":"ServiceRequest","occurrenceTiming":{"event":[)", count,
                 [&](std::int64_t number) {
                   return "\"2026-03-" + two_digits(1 + number / 1440) + "T" + two_digits(number / 60 % 24) + ":" +
                          two_digits(number % 60) + ":00+01:00\"";
                 },
                 "]}}");
}

std::string elements(std::int64_t count) {
  return listing(R"({"resourceType":"Patient","telecom":[)", count,
                 [](std::int64_t number) { return R"({"system":"phone","value":")" + std::to_string(number) + "\"}"; }, "]}");
}

void UnionOfTexts(benchmark::State& state) { run_expression(state, texts(state.range(0)), "(name.given | name.given).count()"); }
BENCHMARK(UnionOfTexts)->Arg(10)->Arg(10'000);
void DistinctTexts(benchmark::State& state) { run_expression(state, texts(state.range(0)), "name.given.distinct().count()"); }
BENCHMARK(DistinctTexts)->Arg(10)->Arg(10'000);
void DistinctMoments(benchmark::State& state) {
  run_expression(state, moments(state.range(0)), "occurrence.event.distinct().count()");
}
BENCHMARK(DistinctMoments)->Arg(10)->Arg(1'000);
void DistinctElements(benchmark::State& state) { run_expression(state, elements(state.range(0)), "telecom.distinct().count()"); }
BENCHMARK(DistinctElements)->Arg(10)->Arg(10'000);
void Intersect(benchmark::State& state) {
  run_expression(state, texts(state.range(0)), "name.given.intersect(name.given).count()");
}
BENCHMARK(Intersect)->Arg(10)->Arg(1'000);

void Compile(benchmark::State& state) {
  for (auto _ : state)
    benchmark::DoNotOptimize(compile("telecom.where(system = 'phone' and rank > 1).value.first()", {.definitions = r4()}).ok());
}
BENCHMARK(Compile);

// --- beside HL7's own engines in JavaScript and Java: the same expressions on the same resources, in the same run ---

std::string one_patient() { return patient(1); }
std::string ten_texts() { return texts(10); }
std::string many_texts() { return texts(1'000); }
std::string ten_moments() { return moments(10); }
std::string ten_elements() { return elements(10); }
std::string many_elements() { return elements(300); }

struct Question {
  const char* expression;
  std::string (*body)();
};
constexpr Question questions[] = {{"name.given", one_patient},
                                  {"Patient.name.family", one_patient},
                                  {"telecom.where(system = 'phone')", one_patient},
                                  {"telecom.where(system = 'phone' and rank > 1).value.first()", one_patient},
                                  {"name.select(given.join(' ') & ' ' & family)", one_patient},
                                  {"name.exists(use = 'usual') and birthDate < @2000-01-01", one_patient},
                                  {"identifier.value.substring(0, 8).toInteger()", one_patient},
                                  {"contact.relationship.coding.exists(code = 'N')", one_patient},
                                  {"descendants()", bundle},
                                  {"entry.resource.ofType(Patient).name.given", bundle},
                                  {"entry.resource.telecom.where(system = 'email').value.distinct()", bundle},
                                  {"(entry.resource.id | entry.resource.id).count()", bundle},
                                  {"(name.given | name.given).count()", one_patient},
                                  {"name.given.union(name.family).count()", one_patient},
                                  {"name.given.distinct().count()", one_patient},
                                  {"(name.given | name.given).count()", ten_texts},
                                  {"(name.given | name.given).count()", many_texts},
                                  {"name.given.distinct().count()", ten_texts},
                                  {"name.given.distinct().count()", many_texts},
                                  {"occurrence.event.distinct().count()", ten_moments},
                                  {"telecom.distinct().count()", ten_elements},
                                  {"telecom.distinct().count()", many_elements},
                                  {"(telecom | telecom).count()", ten_elements}};

double processor_us() {
  timespec used{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) * 1e6 + static_cast<double>(used.tv_nsec) / 1e3;
}

struct Measured {
  double us = 0;
  std::size_t items = 0;
};

/// The best of seven batches, each of at least 20 ms of processor time.
Measured measure(const Question& question, const std::string& body) {
  Result<tree::Document> document = json::parse(body, r4().names());
  CHECK(document);
  Value focus = element(tree::root(*document), r4());
  Result<Program> program = compile(question.expression, {.definitions = r4(), .context = focus.type()});
  CHECK(program);
  Environment environment;
  Collection result;
  auto time = [&](std::size_t rounds) {
    double begin = processor_us();
    for (std::size_t round = 0; round < rounds; ++round) CHECK(run_into(result, *program, {&focus, 1}, environment));
    return processor_us() - begin;
  };
  std::size_t rounds = 1;
  while (time(rounds) < 20'000) rounds *= 2;
  double best = time(rounds);
  for (int batch = 0; batch < 6; ++batch) best = std::min(best, time(rounds));
  return {best / static_cast<double>(rounds), result.size()};
}

std::filesystem::path cache() {
  const char* given = std::getenv("VARDBRON_CACHE");
  return given != nullptr ? given : VARDBRON_SOURCE_DIR "/cache";
}

/// An engine of others: how it is fetched into a folder of the cache, once, and asked there for the questions of a file ($1).
struct Peer {
  const char* name;  ///< with the version; its folder
  const char* fetch;
  const char* ask;
};
constexpr Peer javascript{"fhirpath-4.8.5",  // runs on Debian's nodejs 18
                          "npm install --silent --no-audit --no-fund --ignore-scripts --prefix . fhirpath@4.8.5",
                          "node \"$BENCH/fhirpath_peer.js\" \"$PWD\" \"$1\""};
constexpr Peer java{"hapi-fhirpath-6.10.5",
                    "cp \"$BENCH/fhirpath_peer_pom.xml\" pom.xml && timeout 300 mvn -q -B "
                    "dependency:copy-dependencies -DoutputDirectory=jars && javac -cp 'jars/*' -d classes "
                    "\"$BENCH/FhirpathPeer.java\"",
                    "java -cp 'classes:jars/*' FhirpathPeer \"$1\""};

std::string in_folder(const std::filesystem::path& folder, std::string_view command) {
  return "cd '" + folder.string() + "' && BENCH='" VARDBRON_SOURCE_DIR "/tests/bench' sh -c '" + [&] {
    std::string quoted;
    for (char letter : command) letter == '\'' ? quoted += "'\\''" : quoted += letter;
    return quoted;
  }() + "'";
}

std::filesystem::path questions_file() {
  std::filesystem::path file =
      std::filesystem::temp_directory_path() / ("vardbron-fhirpath-" + std::to_string(getpid()) + ".json");
  std::ofstream out(file);
  for (const Question& question : questions)
    out << (&question == questions ? "[" : ",") << "{\"expression\":" << json::as_json(question.expression)
        << ",\"resource\":" << question.body() << "}";
  out << "]";
  return file;
}

/// Empty: it cannot be had or run here.
std::vector<Measured> measure_peer(const Peer& peer, const std::filesystem::path& file) {
  const std::filesystem::path home = std::filesystem::absolute(cache() / peer.name), fetched = home / "fetched";
  std::filesystem::create_directories(home);
  if (!std::filesystem::exists(fetched)) {
    if (std::system((in_folder(home, peer.fetch) + " >/dev/null 2>&1").c_str()) != 0) return {};
    std::ofstream(fetched) << "\n";
  }
  std::vector<Measured> measured;
  if (FILE* pipe = popen((in_folder(home, peer.ask) + " sh '" + file.string() + "' 2>/dev/null").c_str(), "r")) {
    for (Measured each; std::fscanf(pipe, "%lf %zu", &each.us, &each.items) == 2;) measured.push_back(each);
    pclose(pipe);
  }
  if (measured.size() != std::size(questions)) measured.clear();
  return measured;
}

/// Ours beside one peer.
void compare(const Peer& peer, const std::vector<Measured>& own, const std::filesystem::path& file) {
  const std::vector<Measured> other = measure_peer(peer, file);
  if (other.empty()) {
    std::printf("%s: skipped, it cannot be had or run here (npm or Maven, a network once)\n", peer.name);
    return;
  }
  std::printf("\n%-66s %10s %10s %8s\n", "compiled, microseconds of processor time", "ours", "theirs", peer.name);
  double logs = 0;
  std::size_t count = 0;
  for (std::size_t place = 0; place < std::size(questions); ++place) {
    const bool is_answered = other[place].us > 0, is_same = own[place].items == other[place].items;
    const double ratio = other[place].us / own[place].us;
    if (is_answered) logs += std::log(ratio);
    count += is_answered ? 1 : 0;
    std::printf("%-66s %10.3f %10.3f %7.1fx%s\n", questions[place].expression, own[place].us, other[place].us, ratio,
                !is_answered ? "  (refused)"
                : is_same    ? ""
                             : "  (another number of items)");
  }
  std::printf("%-66s %29.1fx\n", "geometric mean", std::exp(logs / static_cast<double>(count)));
}

void compare() {
  std::vector<Measured> own;
  for (const Question& question : questions) own.push_back(measure(question, question.body()));
  const std::filesystem::path file = questions_file();
  for (const Peer& peer : {javascript, java}) compare(peer, own, file);
  std::filesystem::remove(file);
}

}  // namespace
}  // namespace vardbron::fhirpath

int main(int count, char** words) {
  benchmark::Initialize(&count, words);
  if (benchmark::ReportUnrecognizedArguments(count, words)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  vardbron::fhirpath::compare();
}
