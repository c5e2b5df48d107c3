#include "gateway/app/commands.h"
#include "gateway/authoring/authoring.h"
#include "gateway/authoring/commands.h"
#include "gateway/base/text.h"
#include "gateway/base/version.h"
#include "gateway/clients/commands.h"
#include "gateway/workspace/load.h"
#include "gateway/workspace/print.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

namespace vardbron::app {
namespace {

// Options of every command, filled in by the command line.
struct Options {
  ServeOptions serve;
  CheckOptions check;
  VerifyOptions verify;
  BackupOptions backup;
  RestoreOptions restore;
  authoring::MapOptions map;
  authoring::ConvertOptions convert;
  authoring::FhirPathOptions fhirpath;
  authoring::TestOptions test;
  clients::SendOptions send;
  clients::GetOptions get;
  clients::ReportOptions report;
  clients::ReceiveOptions receive;
  std::string token_file;
};

constexpr const char* from_says =
    "What the input is: json, xml, hl7v2, csv, or a Content-Type (default: as its name or beginning tells)";

bool is_month(const std::string& text) {
  const auto is_digit = [](char letter) { return letter >= '0' && letter <= '9'; };
  return text.size() == 7 && text[4] == '-' && std::count_if(text.begin(), text.end(), is_digit) == 6;
}

// With this option a command takes no other option and no file.
void stands_alone(CLI::App& command, CLI::Option* alone) {
  for (CLI::Option* each : command.get_options([&](CLI::Option* one) { return one != alone && one != command.get_help_ptr(); }))
    alone->excludes(each);
}

void add_server(CLI::App& app, Options& options) {
  CLI::App* serve = app.add_subcommand("serve", "Run the gateway until it is told to stop (SIGINT, SIGTERM)");
  serve->add_option("--config", options.serve.config, "Configuration (gateway.toml)")->required();
  CLI::App* check = app.add_subcommand("check", "Read a configuration and all it names, start nothing");
  check->add_option("config", options.check.config, "Configuration (gateway.toml)")->required();
  CLI::App* verify = app.add_subcommand("verify", "Look whether a store holds what was stored, while no gateway has it open");
  verify->add_option("--config", options.verify.config, "Configuration (gateway.toml)")->required();
  verify->add_option("--seals", options.verify.seals,
                     "Files or logs with seals that were handed outside (default: the file that the configuration names)");
  verify->add_flag("--json", options.verify.json, "The findings as JSON");
  verify->add_flag("--seal-anew", options.verify.seal_anew,
                   "Instead: seal the store as it stands, after it was put back or mended");
  CLI::App* backup = app.add_subcommand("backup", "Copy the store into one file and verify the copy, also while a gateway runs");
  backup->add_option("--config", options.backup.config, "Configuration (gateway.toml)")->required();
  backup->add_option("--to", options.backup.to, "The file to make, or a folder to make one in")->required();
  CLI::App* restore = app.add_subcommand("restore", "Verify a backup and put it in the store's place, while no gateway runs");
  restore->add_option("--config", options.restore.config, "Configuration (gateway.toml)")->required();
  restore->add_option("--from", options.restore.from, "The backup; it is only read")->required();
  restore->add_flag("--replace", options.restore.replace, "Move a store that is there aside (it is never deleted)");
}

void add_offline(CLI::App& app, Options& options) {
  const CLI::IsMember formats({"json", "xml"});
  const CLI::IsMember releases({"r4", "r5"});
  const CLI::Validator input_format([](std::string& text) { return workspace::format_fault(text); }, "", "format");
  CLI::App* map = app.add_subcommand("map", "Map files, offline; prints FHIR");
  map->add_option("map", options.map.map, "Map: a .fml file or StructureMap, or the url or name of one below --mappings");
  map->add_option("input", options.map.inputs, "Files or folders to map; - is standard input");
  map->add_option("--from", options.map.from, from_says)->check(input_format);
  map->add_option("--mappings", options.map.mappings, "Folder of imported maps and code lists (default: the map's own)");
  map->add_option("--out", options.map.out, "Folder for the results (default: standard output)");
  map->add_option("--format", options.map.format, "json or xml")->check(formats)->capture_default_str();
  map->add_option("--model", options.map.model, "r4 or r5 (default: as the map's canonicals say)")->check(releases);
  map->add_flag("--compact", options.map.compact, "One line, without indentation");
  CLI::Option* explain = map->add_flag("--explain{table}", options.map.reports.explain,
                                       "Instead: for each value of the output, which rule wrote it from what (--explain=json)")
                             ->check(CLI::IsMember({"table", "json"}));
  CLI::Option* trace = map->add_flag("--trace", options.map.reports.trace, "Instead: each step of the run")->excludes(explain);
  map->add_flag("--coverage", options.map.reports.coverage, "Instead: what the map read of the input, and what it did not")
      ->excludes(explain)
      ->excludes(trace);
  stands_alone(*map, map->add_flag("--batch", options.map.batch,
                                   "Lines of JSON in, lines of JSON out, for other programs (mappings/README.md)"));
  CLI::App* convert =
      app.add_subcommand("convert", "Write FHIR, HL7 v2 or CSV as JSON or XML, a map also as StructureMap or FML");
  convert->add_option("file", options.convert.file, "FHIR JSON or XML, HL7 v2, CSV (.csv, .tsv), or a map; - is standard input")
      ->required();
  convert->add_option("--from", options.convert.from, from_says)->check(input_format);
  convert->add_option("--to", options.convert.to, "json or xml; fml for a map")
      ->required()
      ->check(CLI::IsMember({"json", "xml", "fml"}));
  convert->add_option("--model", options.convert.model, "Release of the StructureMap: r4 or r5")->check(releases);
  convert->add_flag("--compact", options.convert.compact, "One line, without indentation");
}

void add_expressions(CLI::App& app, Options& options) {
  CLI::App* path = app.add_subcommand("fhirpath", "Evaluate a FHIRPath expression; one result per line");
  path->add_option("expression", options.fhirpath.expression, "Such as \"Patient.name.given\"");
  path->add_option("file", options.fhirpath.file, "FHIR JSON or XML; - is standard input (default: the expression stands alone)");
  path->add_option("--from", options.fhirpath.from, from_says)
      ->check(CLI::Validator([](std::string& text) { return workspace::format_fault(text); }, "", "format"));
  path->add_option("--model", options.fhirpath.model, "r4, r5, or none: names lead where the data has them")
      ->check(CLI::IsMember({"r4", "r5", "none"}))
      ->capture_default_str();
  path->add_option("--variables", options.fhirpath.variables, "name=value for %name; the value is JSON, or else a text")
      ->allow_extra_args(false);
  path->add_flag("--types", options.fhirpath.types, "The type in front of each result");
  path->add_flag("--strict", options.fhirpath.strict, "Refuse what the types say can never work");
  stands_alone(*path, path->add_flag("--batch", options.fhirpath.batch,
                                     "Lines of JSON in, lines of JSON out, for other programs (mappings/README.md)"));
  path->footer("Example: vardbron fhirpath \"name.where(use = 'official').given\" patient.json\n" + app.get_footer());
}

void add_test(CLI::App& app, authoring::TestOptions& options) {
  const CLI::Validator whole_number([](std::string& text) { return workspace::whole_number_fault(text); }, "", "whole number");
  CLI::App* test = app.add_subcommand("test", "Run the cases of maps: folders with an input and what must come of it");
  test->add_option("folders", options.folders, "Folders of maps, or of single cases")->required();
  test->add_option("--only", options.only, "Cases of this name only; * and ? stand for any letters")->allow_extra_args(false);
  test->add_option("--mappings", options.mappings, "Folder of the maps (default: what lies above the cases)");
  test->add_flag("--bless", options.bless, "Write what is found as what is expected, and say what changed");
  test->add_flag("--watch", options.watch, "Stay, and run again what changes touch");
  test->add_option("--junit", options.junit, "Write the results to this file as JUnit XML");
  test->add_flag("--coverage", options.coverage, "Print what the maps read of the inputs, and what they never did");
  test->add_option("--coverage-html", options.coverage_html, "The same as a page");
  test->add_option("--coverage-lcov", options.coverage_lcov, "The same as an LCOV tracefile");
  test->add_option("--random", options.random, "Instead of the cases: so many generated messages through each map")
      ->check(whole_number);
  test->add_option("--seed", options.seed, "With --random: which messages")->check(whole_number)->capture_default_str();
  test->footer("Exit codes: 0 all pass, 1 a case or a map fails, 2 wrong use, 3 the environment is broken.");
}

void add_players(CLI::App& app, Options& options) {
  CLI::App* send = app.add_subcommand("send", "Play a hospital: send files to a gateway, print the receipts");
  send->add_option("--to", options.send.to, "Where to, such as http://127.0.0.1:8080/intake/cosmic")->required();
  send->add_option("--token-file", options.token_file, "File with the token in its first line (or set VARDBRON_TOKEN)");
  send->add_option("--authorities", options.send.authorities, "PEM file of the authorities to trust");
  send->add_option("--content-type", options.send.content_type, "Instead of the one the file's ending tells");
  send->add_option("--times", options.send.times, "Send everything so many times")->capture_default_str();
  send->add_flag("--async", options.send.later, "Ask for 202 before the message is read (Prefer: respond-async)");
  send->add_option("files", options.send.files, "Notices")->required();
  CLI::App* get = app.add_subcommand("get", "Read or search at a gateway, print the answer");
  get->add_option("url", options.get.url, "Such as http://127.0.0.1:8080/fhir/Task?status=requested")->required();
  get->add_option("--token-file", options.token_file, "File with the token in its first line (or set VARDBRON_TOKEN)");
  get->add_option("--authorities", options.get.authorities, "PEM file of the authorities to trust");
  get->add_flag("--summary", options.get.summary, "One line per entry: of a search, of the quarantine, or the one resource");
  CLI::App* receive = app.add_subcommand(
      "receive", "Play a municipal system: subscribe, print what comes, and at the end (Ctrl-C) take the subscription away");
  receive->add_option("--gateway", options.receive.gateway,
                      "Subscribe here, such as http://127.0.0.1:8080 (default: only listen)");
  receive->add_option("--token-file", options.token_file, "File with the token in its first line (or set VARDBRON_TOKEN)");
  receive->add_option("--authorities", options.receive.authorities, "PEM file of the authorities to trust");
  receive->add_option("--listen", options.receive.listen, "Address and port for notifications")->capture_default_str();
  receive->add_option("--name", options.receive.name, "Name in the printed lines")->capture_default_str();
  receive->add_option("--topic", options.receive.topic, "Topic to subscribe to")->capture_default_str();
  receive->add_option("--content", options.receive.content, "empty, id-only or full-resource")
      ->check(CLI::IsMember({"empty", "id-only", "full-resource"}))
      ->capture_default_str();
  receive->add_flag("--accept", options.receive.accept_tasks, "Accept every Task that is requested");
  receive->add_option("--fail", options.receive.fail_first, "Answer so many notifications with 503 first");
  receive->add_option("--slow", options.receive.slow_ms, "Wait so many milliseconds before each answer");
  receive->add_option("--stop-after", options.receive.stop_after, "End after so many events (default: run until stopped)");
  receive->add_option("--ready-file", options.receive.ready_file, "File to make when the subscription has begun");
  receive->add_flag("--quiet", options.receive.quiet, "Print nothing");
}

void add_report(CLI::App& app, Options& options) {
  const CLI::Validator month(
      [](std::string& text) { return is_month(text) ? "" : "'" + text + "' is no month, such as 2026-03"; }, "", "month");
  const CLI::Validator number(
      [](std::string& text) {
        const bool is_plain = text.find_first_not_of("0123456789-") == std::string::npos;
        return is_plain ? "" : "'" + text + "' is no organisationsnummer, such as 212000-1124";
      },
      "", "organisationsnummer");
  CLI::App* report = app.add_subcommand("report", "What municipalities pay for a month by an average (LUS 4:5), as CSV");
  report->add_option("--gateway", options.report.gateway, "Ask here, such as http://127.0.0.1:8080")->required();
  report->add_option("--month", options.report.month, "The month in which the stays ended, such as 2026-03")
      ->required()
      ->check(month);
  report
      ->add_option("--municipality", options.report.municipality,
                   "Organisationsnummer of one municipality (default: each that the token may see)")
      ->check(number);
  report->add_option("--token-file", options.token_file, "File with the token in its first line (or set VARDBRON_TOKEN)");
  report->add_option("--authorities", options.report.authorities, "PEM file of the authorities to trust");
}

// What is wrong with a command line, what was probably meant, and which command's help to read.
std::string in_words(const CLI::App* app, const CLI::Error& error) {
  const std::vector<CLI::App*> given = app->get_subcommands();
  const std::vector<std::string> left = app->remaining(true);
  std::vector<std::string> names;
  for (const CLI::App* each : app->get_subcommands([](const CLI::App*) { return true; })) names.push_back(each->get_name());
  if (!given.empty()) {
    names.clear();
    for (const CLI::Option* each : given.front()->get_options()) names.push_back(each->get_name());
  }
  std::string says = error.what();
  if (given.empty() && !left.empty()) says = "There is no command '" + left.front() + "'";
  if (!left.empty()) {
    const std::string meant(nearest(left.front(), {names.begin(), names.end()}));
    if (!meant.empty()) says += "; did you mean '" + meant + "'?";
  }
  const std::string command = given.empty() ? "" : given.front()->get_name() + " ";
  return "vardbron: " + says + "\n`vardbron " + command + "--help` tells more.\n";
}

// A token on the command line is seen by everybody on the machine; a file or the environment is not.
Result<std::string> read_token(const std::string& file) {
  const char* given = std::getenv("VARDBRON_TOKEN");
  if (file.empty()) return std::string(given ? given : "");
  Result<std::string> text = workspace::read_file(file);
  if (!text) return std::move(text).failure();
  return std::string(trim(split(*text, '\n').front()));
}

// https://no-color.org: any value that is not empty means no colour.
bool wants_no_color() {
  const char* given = std::getenv("NO_COLOR");
  return given != nullptr && *given != '\0';
}

int run(const CLI::App& app, Options& options) {
  options.test.no_color = wants_no_color();
  Result<std::string> token = read_token(options.token_file);
  if (!token) return workspace::print_failure(token.failure());
  options.send.token = *token;
  options.get.token = *token;
  options.report.token = *token;
  options.receive.token = *token;
  if (app.got_subcommand("serve")) return serve(options.serve);
  if (app.got_subcommand("check")) return check(options.check);
  if (app.got_subcommand("verify")) return verify(options.verify);
  if (app.got_subcommand("backup")) return backup(options.backup);
  if (app.got_subcommand("restore")) return restore(options.restore);
  if (app.got_subcommand("map")) return authoring::map(options.map);
  if (app.got_subcommand("convert")) return authoring::convert(options.convert);
  if (app.got_subcommand("fhirpath")) return authoring::fhirpath(options.fhirpath);
  if (app.got_subcommand("test")) return authoring::test(options.test);
  if (app.got_subcommand("send")) return clients::send(options.send);
  if (app.got_subcommand("get")) return clients::get(options.get);
  if (app.got_subcommand("report")) return clients::report(options.report);
  return clients::receive(options.receive);
}

}  // namespace
}  // namespace vardbron::app

#ifdef VARDBRON_JEMALLOC
extern "C" {
// jemalloc reads this when the program starts, and the environment's MALLOC_CONF after it. Memory that a load or a large search
// needed goes back to the system within seconds; four arenas serve the gateway's threads.
const char* malloc_conf = "background_thread:true,narenas:4,dirty_decay_ms:1000,muzzy_decay_ms:0";
}
#endif

int main(int argc, char** argv) {
  using namespace vardbron;
  using namespace vardbron::app;
  CLI::App app("Vårdbron: an HL7 FHIR R4 gateway for the Swedish discharge process", "vardbron");
  app.footer("Exit codes: 0 done, 1 the input was refused, 2 wrong use, 3 the environment is broken.");
  app.set_version_flag("--version", "vardbron " + std::string(vardbron::version()));
  app.require_subcommand(1);
  app.failure_message(in_words);
  Options options;
  add_server(app, options);
  add_offline(app, options);
  add_expressions(app, options);
  add_test(app, options.test);
  const authoring::Authoring authors(app);
  add_players(app, options);
  add_report(app, options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return workspace::end_of_output(app.exit(error) == 0 ? workspace::Done : workspace::WrongUse);
  }
  const std::optional<int> code = authors.run(app);
  return workspace::end_of_output(code ? *code : run(app, options));
}
