#include "gateway/fhir/definitions.h"

#include "gateway/fhir/read_structure.h"
#include "gateway/fhir/reference.h"
#include "gateway/fhir/table.h"
#include "gateway/fhir/table_builder.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <mutex>
#include <numeric>
#include <string>

namespace vardbron::fhir {

namespace {

/// The bytes of a table: a mapped file, or memory of our own.
class Bytes {
 public:
  static Result<std::unique_ptr<Bytes>> map(const std::filesystem::path& path);
  explicit Bytes(std::vector<std::byte> own) : own_(std::move(own)), span_(own_) {}
  Bytes(const Bytes&) = delete;
  ~Bytes() {
    if (own_.empty() && !span_.empty()) ::munmap(const_cast<std::byte*>(span_.data()), span_.size());
  }
  std::span<const std::byte> span() const { return span_; }

 private:
  Bytes(const void* mapped, std::size_t size) : span_(static_cast<const std::byte*>(mapped), size) {}
  std::vector<std::byte> own_;
  std::span<const std::byte> span_;
};

Result<std::unique_ptr<Bytes>> Bytes::map(const std::filesystem::path& path) {
  Failure failure{Cause::Broken, "The definitions table cannot be opened.", path.string()};
  int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return failure;
  struct stat about {};
  void* mapped = MAP_FAILED;
  if (::fstat(file, &about) == 0 && about.st_size > 0)
    mapped = ::mmap(nullptr, static_cast<std::size_t>(about.st_size), PROT_READ, MAP_PRIVATE, file, 0);
  ::close(file);
  if (mapped == MAP_FAILED) return failure;
  return std::unique_ptr<Bytes>(new Bytes(mapped, static_cast<std::size_t>(about.st_size)));
}

/// The codes of one set, built at first use.
struct ListedCodes {
  std::once_flag made;
  std::vector<Code> codes;
  std::vector<std::uint32_t> by_code;  ///< indices, sorted by code
};

}  // namespace

struct Definitions::Table {
  Table(std::unique_ptr<Bytes> from, const TableView& over);
  const CodeSetRecord* find(std::span<const CodeSetRecord> sets, std::string_view canonical) const;
  Result<const ListedCodes*> list(std::span<const CodeSetRecord> sets, ListedCodes* listed, std::string_view canonical) const;

  std::unique_ptr<Bytes> bytes;
  TableView view;
  tree::Names names;
  std::vector<TypeId> all_types;
  std::vector<Invariant> invariants;
  std::vector<SearchParameter> search;
  std::vector<CodeLink> links;
  std::vector<MappedCode> mapped;
  std::unique_ptr<ListedCodes[]> value_sets, code_systems;
};

namespace {

tree::Names make_names(const TableView& view) {
  std::vector<std::string_view> texts;
  texts.reserve(view.names.size());
  for (TextId id : view.names) texts.push_back(view.text(id));
  return tree::Names(texts);
}

}  // namespace

Definitions::Table::Table(std::unique_ptr<Bytes> from, const TableView& over)
    : bytes(std::move(from)),
      view(over),
      names(make_names(over)),
      all_types(over.types.size() - 1),
      value_sets(new ListedCodes[over.value_sets.size()]),
      code_systems(new ListedCodes[over.code_systems.size()]) {
  std::iota(all_types.begin(), all_types.end(), TypeId{1});
  invariants.reserve(view.invariants.size());
  for (const InvariantRecord& each : view.invariants)
    invariants.push_back(
        {view.text(each.key), view.text(each.severity), view.text(each.human), view.text(each.expression), view.text(each.path)});
  search.reserve(view.search.size());
  for (const SearchRecord& each : view.search)
    search.push_back(
        {view.text(each.code), view.text(each.base), view.text(each.type), view.text(each.expression), view.text(each.targets)});
  links.reserve(view.links.size());
  for (const LinkRecord& each : view.links) links.push_back({view.text(each.parent), view.text(each.code)});
  mapped.reserve(view.mapped.size());
  for (const MappedRecord& each : view.mapped)
    mapped.push_back({view.text(each.source_system), view.text(each.source), view.text(each.target_system),
                      view.text(each.target), view.text(each.display), view.text(each.relation)});
}

const CodeSetRecord* Definitions::Table::find(std::span<const CodeSetRecord> sets, std::string_view canonical) const {
  std::string_view wanted = without_version(canonical);
  auto found = std::lower_bound(sets.begin(), sets.end(), wanted, [this](const CodeSetRecord& set, std::string_view url) {
    return view.text(set.canonical) < url;
  });
  return found == sets.end() || view.text(found->canonical) != wanted ? nullptr : &*found;
}

Result<const ListedCodes*> Definitions::Table::list(std::span<const CodeSetRecord> sets, ListedCodes* listed,
                                                    std::string_view canonical) const {
  const CodeSetRecord* found = find(sets, canonical);
  if (found == nullptr) return Failure{Cause::NotFound, "The code set is not known here: " + std::string(canonical), ""};
  if (found->codes_count == not_listed)
    return Failure{Cause::Unsupported, "The code set cannot be listed without a terminology server: " + std::string(canonical),
                   ""};
  ListedCodes& codes = listed[found - sets.data()];
  std::call_once(codes.made, [&] {
    for (const CodeRecord& each : view.codes.subspan(found->codes_first, found->codes_count))
      codes.codes.push_back({view.text(each.system), view.text(each.code), view.text(each.display)});
    codes.by_code.resize(codes.codes.size());
    std::iota(codes.by_code.begin(), codes.by_code.end(), 0u);
    std::sort(codes.by_code.begin(), codes.by_code.end(),
              [&](std::uint32_t a, std::uint32_t b) { return codes.codes[a].code < codes.codes[b].code; });
  });
  return &codes;
}

Result<Definitions> Definitions::open(const std::filesystem::path& table) {
  Result<std::unique_ptr<Bytes>> bytes = Bytes::map(table);
  if (!bytes) return std::move(bytes).failure();
  Result<TableView> view = view_table((*bytes)->span());
  if (!view) return Failure{view.failure().cause, view.failure().says, table.string()};
  return Definitions(std::make_unique<Table>(*std::move(bytes), *view));
}

Result<Definitions> Definitions::with_models(std::span<const tree::Document> models) const {
  Result<std::vector<StructureDraft>> structures = read_structures(models, *this);
  if (!structures) return std::move(structures).failure();
  TableBuilder builder(table_->view);
  for (const StructureDraft& structure : *structures) builder.declare(structure);
  for (const StructureDraft& structure : *structures)
    if (Result<void> defined = builder.define(structure); !defined) return std::move(defined).failure();
  auto bytes = std::make_unique<Bytes>(builder.write());
  Result<TableView> view = view_table(bytes->span());
  if (!view) return std::move(view).failure();
  return Definitions(std::make_unique<Table>(std::move(bytes), *view));
}

Definitions::Definitions(std::unique_ptr<Table> table) : table_(std::move(table)) {}
Definitions::Definitions(Definitions&&) noexcept = default;
Definitions& Definitions::operator=(Definitions&&) noexcept = default;
Definitions::~Definitions() = default;

std::string_view Definitions::version() const { return text(table_->view.fhir_version); }
const tree::Names& Definitions::names() const { return table_->names; }
std::string_view Definitions::text(std::uint32_t id) const { return table_->view.text(id); }

TypeId Definitions::find_type(std::string_view name) const { return table_->view.find_type(name); }
std::string_view Definitions::name(TypeId type) const { return text(table_->view.types[type].name); }
std::string_view Definitions::canonical(TypeId type) const { return text(table_->view.types[type].canonical); }
TypeKind Definitions::kind(TypeId type) const { return table_->view.types[type].kind; }
bool Definitions::is_abstract(TypeId type) const { return table_->view.types[type].is_abstract; }
TypeId Definitions::base(TypeId type) const { return table_->view.types[type].base; }
TypeId Definitions::system_type(TypeId type) const { return table_->view.types[type].system_type; }
tree::Kind Definitions::json_kind(TypeId type) const { return table_->view.types[type].json_kind; }
std::string_view Definitions::xml_namespace(TypeId type) const { return text(table_->view.types[type].xml_namespace); }
std::span<const TypeId> Definitions::all_types() const { return table_->all_types; }

bool Definitions::is_a(TypeId type, TypeId ancestor) const {
  while (type != 0 && type != ancestor) type = base(type);
  return type != 0;
}

std::span<const Element> Definitions::elements(TypeId type) const {
  const TypeRecord& record = table_->view.types[type];
  return table_->view.elements.subspan(record.elements_first, record.elements_count);
}

std::span<const ElementType> Definitions::types(const Element& element) const {
  return table_->view.element_types.subspan(element.types_first, element.types_count);
}

std::span<const TypeId> Definitions::targets(const ElementType& type) const {
  return table_->view.targets.subspan(type.targets_first, type.targets_count);
}

std::span<const ValueNode> Definitions::values(const Element& element) const {
  return table_->view.values.subspan(element.values_first, element.values_count);
}

Step Definitions::step(TypeId from, tree::NameId name) const {
  const TableView& view = table_->view;
  const TypeRecord& record = view.types[from];
  if (record.steps_size == 0 || name == 0) return {};
  std::span<const StepRecord> steps = view.steps.subspan(record.steps_first, record.steps_size);
  std::uint32_t mask = record.steps_size - 1;
  for (std::uint32_t at = name_hash(name) & mask; steps[at].name != 0; at = (at + 1) & mask)
    if (steps[at].name == name) return {&view.elements[steps[at].element], steps[at].type};
  return {};
}

std::span<const Invariant> Definitions::invariants(TypeId type) const {
  const TypeRecord& record = table_->view.types[type];
  return std::span(table_->invariants).subspan(record.invariants_first, record.invariants_count);
}

std::span<const SearchParameter> Definitions::search_parameters(TypeId resource) const {
  const TypeRecord& record = table_->view.types[resource];
  return std::span(table_->search).subspan(record.search_first, record.search_count);
}

Result<std::span<const Code>> Definitions::value_set(std::string_view canonical) const {
  Result<const ListedCodes*> found = table_->list(table_->view.value_sets, table_->value_sets.get(), canonical);
  if (!found) return std::move(found).failure();
  return std::span<const Code>((*found)->codes);
}

Result<std::span<const Code>> Definitions::code_system(std::string_view canonical) const {
  Result<const ListedCodes*> found = table_->list(table_->view.code_systems, table_->code_systems.get(), canonical);
  if (!found) return std::move(found).failure();
  return std::span<const Code>((*found)->codes);
}

Result<bool> Definitions::holds(std::string_view value_set, std::string_view code) const {
  Result<const ListedCodes*> found = table_->list(table_->view.value_sets, table_->value_sets.get(), value_set);
  if (!found) return std::move(found).failure();
  const ListedCodes& listed = **found;
  auto place = std::lower_bound(listed.by_code.begin(), listed.by_code.end(), code,
                                [&](std::uint32_t at, std::string_view wanted) { return listed.codes[at].code < wanted; });
  return place != listed.by_code.end() && listed.codes[*place].code == code;
}

Result<bool> Definitions::holds(std::string_view value_set, std::string_view system, std::string_view code) const {
  Result<const ListedCodes*> found = table_->list(table_->view.value_sets, table_->value_sets.get(), value_set);
  if (!found) return std::move(found).failure();
  const ListedCodes& listed = **found;
  auto place = std::lower_bound(listed.by_code.begin(), listed.by_code.end(), code,
                                [&](std::uint32_t at, std::string_view wanted) { return listed.codes[at].code < wanted; });
  for (; place != listed.by_code.end() && listed.codes[*place].code == code; ++place)
    if (listed.codes[*place].system == system) return true;
  return false;
}

Result<std::span<const CodeLink>> Definitions::hierarchy(std::string_view code_system) const {
  const CodeSetRecord* found = table_->find(table_->view.hierarchies, code_system);
  if (found != nullptr) return std::span<const CodeLink>(table_->links).subspan(found->codes_first, found->codes_count);
  Result<const ListedCodes*> known = table_->list(table_->view.code_systems, table_->code_systems.get(), code_system);
  if (!known) return std::move(known).failure();
  return std::span<const CodeLink>();
}

Result<std::span<const MappedCode>> Definitions::concept_map(std::string_view canonical) const {
  const CodeSetRecord* found = table_->find(table_->view.concept_maps, canonical);
  if (found == nullptr) return Failure{Cause::NotFound, "The ConceptMap is not known here: " + std::string(canonical), ""};
  return std::span<const MappedCode>(table_->mapped).subspan(found->codes_first, found->codes_count);
}

std::size_t Definitions::value_sets() const {
  auto is_listed = [](const CodeSetRecord& set) { return set.codes_count != not_listed; };
  return static_cast<std::size_t>(std::count_if(table_->view.value_sets.begin(), table_->view.value_sets.end(), is_listed));
}

std::size_t Definitions::code_systems() const {
  auto is_listed = [](const CodeSetRecord& set) { return set.codes_count != not_listed; };
  return static_cast<std::size_t>(std::count_if(table_->view.code_systems.begin(), table_->view.code_systems.end(), is_listed));
}

TypeId resource_type(const Definitions& definitions, tree::Item resource) {
  std::string_view named = resource.text_of("resourceType");
  TypeId type = definitions.find_type(named);
  return type != 0 && definitions.kind(type) == TypeKind::Resource ? type : 0;
}

}  // namespace vardbron::fhir
