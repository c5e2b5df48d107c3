#include "gateway/workspace/load.h"

#include "gateway/base/text.h"
#include "gateway/fhir/model_xml.h"
#include "gateway/fhir/narrative.h"
#include "gateway/fhir/plain_conversion.h"
#include "gateway/fhir/xml_conversion.h"
#include "gateway/formats/read.h"
#include "gateway/formats/xml/parse.h"
#include "gateway/formats/xml/write.h"
#include "gateway/mapping/run/source.h"
#include "gateway/mapping/syntax/parse.h"
#include "gateway/mapping/syntax/structure_map.h"
#include "gateway/tree/path.h"
#include "gateway/tree/walk.h"
#include "gateway/workspace/suggestions.h"

#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>
#include <system_error>

namespace vardbron::workspace {

namespace {

namespace fs = std::filesystem;

/// A byte order mark is not part of JSON or XML, but files have it.
void drop_mark(std::string& text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
}

bool is_resource_text(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && (text[first] == '{' || text[first] == '<');
}

/// A conformance resource in the shape of JSON, with positions.
Result<tree::Document> read_resource(const fhir::Definitions& definitions, const std::string& file, const std::string& text) {
  const bool is_xml = text[text.find_first_not_of(" \t\r\n")] == '<';
  formats::ReadOptions options;
  options.positions = true;
  Result<tree::Document> document =
      formats::read(is_xml ? formats::Format::Xml : formats::Format::Json, text, definitions.names(), options);
  if (!document) return Failure{document.failure().cause, document.failure().says, file + ":" + document.failure().where};
  return is_xml ? fhir::from_plain_xml(*document, text, definitions.names()) : std::move(document);
}

Result<void> add_map(mapping::Library& library, mapping::syntax::Map map, KnownDefinitions& known) {
  const std::string key = "StructureMap|" + std::string(map.url());
  if (!map.url().empty() && !known.insert(key).second) return done();
  return library.add_map(std::move(map));
}

Result<void> add_resource(mapping::Library& library, const fhir::Definitions& definitions, const std::string& file,
                          const std::string& text, tree::Document resource, KnownDefinitions& known) {
  const tree::Item root = tree::root(resource);
  const std::string type(root.text_of("resourceType"));
  if (type == "StructureMap") {
    Result<mapping::syntax::Map> map = mapping::from_structure_map(file, text, resource);
    if (!map) return std::move(map).failure();
    return add_map(library, std::move(*map), known);
  }
  if (type == "Bundle") {
    for (tree::Item entry = root.first_child(); entry; entry = entry.next()) {
      const tree::Item inner = entry.name_text() == "entry" ? entry.child("resource") : tree::Item{};
      if (!inner) continue;
      tree::Document one(definitions.names());
      for (tree::Item part = inner.first_child(); part; part = part.next())
        one.copy(0, resource, part.node, part.name(), resource.in_list(part.node));
      Result<void> added = add_resource(library, definitions, file, text, std::move(one), known);
      if (!added) return added;
    }
    return done();
  }
  if (type != "StructureDefinition" && type != "ConceptMap") return done();
  if (!known.insert(type + "|" + std::string(root.text_of("url"))).second) return done();
  return library.add_resource(file, std::move(resource));
}

// The url of a code list is "ConceptMap/<file name>".
Result<void> add_file(Workspace& workspace, const fs::path& file, const std::string& name, KnownDefinitions& known) {
  const std::string type = file.extension().string();
  if (type != ".fml" && type != ".map" && type != ".csv" && type != ".json" && type != ".xml") return done();
  Result<std::string> text = read_file(file);
  if (!text) return Failure{text.failure().cause, text.failure().says, name};
  if (type == ".xml" && text->find("<StructureMap") == std::string::npos &&
      text->find("<StructureDefinition") == std::string::npos)
    return done();
  return add_definitions(workspace.library, workspace.definitions, name, std::move(*text), known);
}

/// A file and its name in messages.
struct Found {
  fs::path file;
  std::string name;
};

std::vector<Found> all_below(const std::vector<fs::path>& folders, FileNames names) {
  std::vector<Found> found;
  const auto add = [&found](const fs::path& folder, const fs::path& from) {
    for (const fs::path& file : files_below(folder))
      found.push_back({file, from.empty() ? file.string() : file.lexically_proximate(from).generic_string()});
  };
  const bool is_short = names == FileNames::BelowTheirFolder;
  add(share_folder() / "models", is_short ? share_folder() : fs::path());
  for (const fs::path& folder : folders) add(folder, is_short ? folder : fs::path());
  return found;
}

/// The table for the first map's release; nothing if it cannot be read, which is reported when it is added.
fs::path table_for(const fs::path& first) {
  Result<std::string> text = first.empty() ? Result<std::string>(std::string()) : read_file(first);
  Result<fhir::Definitions> names = load_definitions({});
  if (!text || text->empty() || !names) return {};
  Result<mapping::syntax::Map> map = read_map(*names, first.string(), std::move(*text));
  return map ? table_of(share_folder(), releases_of(*map).base) : fs::path();
}

/// Loads the other release, if some map needs it.
Result<void> add_other_release(Workspace& workspace) {
  const bool is_r5 = workspace.definitions.version().starts_with("5.");
  if (!workspace.library.names_release(is_r5 ? "4.0" : "5.0")) return done();
  Result<fhir::Definitions> other = load_definitions(table_of(share_folder(), is_r5 ? "r4" : "r5"));
  if (!other) return std::move(other).failure();
  workspace.other = std::move(*other);
  return load_release(workspace.library, *workspace.other, workspace.definitions);
}

/// A `div` in JSON is written as markup, so it must be well-formed.
Result<void> check_markup(const tree::Document& document) {
  for (tree::Walk walk(document, 0); walk.node() != tree::no_node; walk.advance()) {
    if (document.kind(walk.node()) != tree::Kind::Xhtml) continue;
    std::string fault = fhir::markup_fault(document.text(walk.node()));
    if (!fault.empty()) return Failure{Cause::Invalid, std::move(fault), tree::path_of(document, walk.node())};
  }
  return done();
}

bool is_map_text(const fs::path& file) { return file.extension() == ".fml" || file.extension() == ".map"; }

}  // namespace

// Sorted, so that all machines load in the same order and report the same failure first.
std::vector<fs::path> files_below(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (at->is_directory() && at->path().filename() == "cases") at.disable_recursion_pending();
    if (at->is_regular_file()) files.push_back(at->path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

fs::path folder_of(const fs::path& map) { return fs::proximate(fs::absolute(map).parent_path()); }

Result<mapping::syntax::Map> read_map(const fhir::Definitions& definitions, const std::string& file, std::string text) {
  drop_mark(text);
  if (!is_resource_text(text)) return mapping::parse(file, std::move(text));
  Result<tree::Document> resource = read_resource(definitions, file, text);
  if (!resource) return std::move(resource).failure();
  return mapping::from_structure_map(file, std::move(text), *resource);
}

Result<void> add_definitions(mapping::Library& library, const fhir::Definitions& definitions, const std::string& file,
                             std::string text, KnownDefinitions& known) {
  drop_mark(text);
  const fs::path path(file);
  if (path.extension() == ".csv") {
    const std::string url = "ConceptMap/" + path.stem().string();
    return known.insert("ConceptMap|" + url).second ? library.add_codes(url, file, std::move(text)) : done();
  }
  if (is_resource_text(text)) {
    Result<tree::Document> resource = read_resource(definitions, file, text);
    if (!resource) return std::move(resource).failure();
    return add_resource(library, definitions, file, text, std::move(*resource), known);
  }
  Result<mapping::syntax::Map> map = mapping::parse(file, std::move(text));
  if (!map) return std::move(map).failure();
  return add_map(library, std::move(*map), known);
}

std::filesystem::path share_folder() {
  std::error_code error;
  fs::path program = fs::read_symlink("/proc/self/exe", error);
  return program.parent_path().parent_path() / "share";
}

Result<std::string> read_file(const std::filesystem::path& file) {
  if (file == "-") return std::string(std::istreambuf_iterator<char>(std::cin), {});
  std::error_code error;
  if (fs::is_directory(file, error)) return Failure{Cause::NotFound, "This is a folder; a file is needed.", file.string()};
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return unreadable(file);
  std::ostringstream text;
  text << stream.rdbuf();
  return std::move(text).str();
}

Result<fhir::Definitions> load_definitions(const std::filesystem::path& table) {
  return fhir::Definitions::open(table.empty() ? share_folder() / "r4.table" : table);
}

Result<LoadedMaps> load_maps(const std::filesystem::path& table, const std::vector<std::filesystem::path>& folders,
                             const std::filesystem::path& first, FileNames names) {
  Result<fhir::Definitions> definitions = load_definitions(table.empty() ? table_for(first) : table);
  if (!definitions) return std::move(definitions).failure();
  LoadedMaps loaded{std::make_unique<Workspace>(std::move(*definitions)), {}};
  std::vector<Found> files = all_below(folders, names);
  std::stable_partition(files.begin(), files.end(), [](const Found& each) { return is_map_text(each.file); });
  if (!first.empty()) {
    const auto same = [&first](const Found& each) {
      std::error_code error;
      return fs::equivalent(each.file, first, error);
    };
    files.erase(std::remove_if(files.begin(), files.end(), same), files.end());
    files.insert(files.begin(), {first, first.string()});
  }
  KnownDefinitions known;
  for (const Found& each : files) {
    Result<void> added = add_file(*loaded.workspace, each.file, each.name, known);
    if (!added) loaded.failures.push_back(std::move(added).failure());
  }
  if (Result<void> added = add_other_release(*loaded.workspace); !added) return std::move(added).failure();
  std::vector<Failure> failures = loaded.workspace->library.build();
  loaded.failures.insert(loaded.failures.end(), failures.begin(), failures.end());
  return loaded;
}

std::string content_type_of(const std::string& said, std::string_view file) {
  if (said.empty()) return std::string(formats::content_type_of(file));
  return said == "json"    ? "application/json"
         : said == "xml"   ? "application/xml"
         : said == "hl7v2" ? "x-application/hl7-v2+er7"
         : said == "csv"   ? "text/csv"
                           : said;
}

std::string format_fault(const std::string& said) {
  if (formats::guess(content_type_of(said, ""), "") != formats::Format::Unknown) return {};
  return "'" + said + "' is none of json, xml, hl7v2, csv, and no Content-Type of them";
}

Result<tree::Document> read_document(std::string body, std::string_view content_type, const fhir::Definitions& definitions,
                                     std::string_view file, fhir::TypeId model) {
  tree::Notes notes;
  Result<tree::Document> document = mapping::read_source(content_type, std::move(body), definitions, {model, &notes});
  if (file.empty()) return document;
  for (const tree::Note& note : notes) std::cerr << visible(std::string(file) + ": " + note.says) << "\n";
  return document;
}

Result<std::string> xml_text(const tree::Document& document, const fhir::Definitions& definitions, bool pretty) {
  const xml::WriteOptions shape{.pretty = pretty, .declaration = pretty};
  const tree::Item named = tree::root(document).child("resourceType");
  if (!named) {  // an HL7 v2 message, a CSV file
    if (Result<void> whole = check_markup(document); !whole) return std::move(whole).failure();
    std::string text = xml::write(document, shape);
    if (xml::parse(text, definitions.names())) return text;
    return Failure{Cause::Unsupported, "A name in it is no name of XML, such as a column with a blank; write it as JSON.", ""};
  }
  const fhir::TypeId type = definitions.find_type(named.text());
  const bool is_model = type != 0 && definitions.kind(type) == fhir::TypeKind::Logical;
  Result<tree::Document> plain = is_model ? fhir::to_model_xml(document, definitions) : fhir::to_xml(document, definitions);
  if (!plain) return std::move(plain).failure();
  return xml::write(*plain, shape);
}

}  // namespace vardbron::workspace
