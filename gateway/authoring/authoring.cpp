#include "gateway/authoring/authoring.h"

#include "gateway/workspace/print.h"

#include <CLI/CLI.hpp>

namespace vardbron::authoring {

struct Authoring::Options {
  FormatOptions format;
  LintOptions lint;
  GenerateOptions generate;
  DiffOptions diff;
  RoundtripOptions roundtrip;
};

namespace {

CLI::Validator whole_number() {
  return CLI::Validator([](std::string& text) { return workspace::whole_number_fault(text); }, "", "whole number");
}

void add_format(CLI::App& app, FormatOptions& options) {
  CLI::App* format = app.add_subcommand("format", "Bring maps into the one layout; without --write it shows what would change");
  format->add_option("files", options.files, "Maps, or folders of maps; - formats standard input")->required();
  CLI::Option* write = format->add_flag("--write", options.write, "Change the files");
  format->add_flag("--check", options.check, "Only name the files that would change; ends with 1 when there are any")
      ->excludes(write);
}

void add_lint(CLI::App& app, LintOptions& options) {
  CLI::App* lint = app.add_subcommand("lint", "Say what a reader or another engine will stumble over in maps");
  lint->add_option("folders", options.folders, "Folders of maps, or maps (default: mappings)");
  lint->add_option("--level", options.level, "The least that is told: note, warning or error")
      ->check(CLI::IsMember({"note", "warning", "error"}))
      ->capture_default_str();
  lint->add_flag("--json", options.json, "One JSON object a line: level, rule, file, line, column, says");
  lint->add_flag("--strict", options.strict, "End with 1 on warnings too");
  lint->add_flag("--rules", options.rules, "List the rules of the linter and end");
  lint->footer("Example: vardbron lint --level note mappings/cosmic-notice\n" + app.get_footer());
}

void add_generate(CLI::App& app, GenerateOptions& options) {
  CLI::App* generate =
      app.add_subcommand("generate", "Make random valid messages of a model; the same seed gives the same bytes");
  generate->add_option("model", options.model, "Url or name of a logical model or FHIR type, such as Patient")->required();
  generate->add_option("--mappings", options.mappings, "Folder with models beside those that are built in (default: mappings)");
  generate->add_option("--map", options.map, "Take codes the model does not list from this map's concept maps (a .fml file)");
  generate->add_option("--count", options.count, "How many")->check(whole_number())->capture_default_str();
  generate->add_option("--seed", options.seed, "Which ones")->check(whole_number())->capture_default_str();
  generate->add_option("--format", options.format, "json or xml")->check(CLI::IsMember({"json", "xml"}))->capture_default_str();
  generate->add_option("--out", options.out, "Folder for files named <model>-<seed>.json (default: standard output)");
}

void add_diff(CLI::App& app, DiffOptions& options) {
  CLI::App* diff = app.add_subcommand("diff", "Run two maps on the same messages and tell what changes, rule by rule");
  diff->add_option("old", options.before, "Map: a .fml file")->required();
  diff->add_option("new", options.after, "Map: a .fml file")->required();
  diff->add_option("inputs", options.inputs, "Messages, or folders: every input.* and loose message below them")->required();
  diff->add_option("--mappings", options.mappings, "Folder of imported maps and code lists (default: each map's own)");
  diff->add_option("--examples", options.examples, "Shown of each rule")->check(whole_number())->capture_default_str();
  diff->footer("Example: vardbron diff old.fml new.fml mappings/cosmic-notice/cases --mappings mappings/cosmic-notice\n" +
               app.get_footer());
}

void add_roundtrip(CLI::App& app, RoundtripOptions& options) {
  CLI::App* roundtrip = app.add_subcommand("roundtrip", "Derive the inverse of a map, prove it, and list what is lost");
  roundtrip->add_option("map", options.map, "Map: a .fml file")->required();
  roundtrip->add_option("samples", options.samples, "Messages to prove it on, besides generated ones");
  roundtrip->add_option("--mappings", options.mappings, "Folder of imported maps and code lists (default: the map's own)");
  roundtrip->add_option("--write", options.write, "File for the inverse map");
  roundtrip->add_option("--random", options.random, "How many generated messages prove it")
      ->check(whole_number())
      ->capture_default_str();
  roundtrip->add_option("--seed", options.seed, "Which ones")->check(whole_number())->capture_default_str();
  roundtrip->footer("Example: vardbron roundtrip mappings/cosmic-notice/cosmic-notice.fml mappings/cosmic-notice/cases\n" +
                    app.get_footer());
}

}  // namespace

Authoring::Authoring(CLI::App& app) : options_(std::make_unique<Options>()) {
  add_format(app, options_->format);
  add_lint(app, options_->lint);
  add_roundtrip(app, options_->roundtrip);
  add_generate(app, options_->generate);
  add_diff(app, options_->diff);
}

Authoring::~Authoring() = default;

std::optional<int> Authoring::run(const CLI::App& app) const {
  if (app.got_subcommand("format")) return format(options_->format);
  if (app.got_subcommand("lint")) return lint(options_->lint);
  if (app.got_subcommand("roundtrip")) return roundtrip(options_->roundtrip);
  if (app.got_subcommand("generate")) return generate(options_->generate);
  if (app.got_subcommand("diff")) return diff(options_->diff);
  return std::nullopt;
}

}  // namespace vardbron::authoring
