#pragma once

// Tested by tests/fhirpath/runaway_test.cpp and tests/fhirpath/limits_test.cpp.

#include "gateway/base/limits.h"
#include "gateway/fhir/bundle.h"
#include "gateway/fhirpath/language/code.h"
#include "gateway/fhirpath/values/arena.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace vardbron::fhirpath {

/// Memory for the lists of one run, released in reverse order. The first part is inside the object, so that a plain path does not
/// allocate.
class ListArena {
 public:
  struct Mark {
    std::size_t page = 0;
    std::size_t used = 0;
  };

  Value* take(std::size_t count);
  /// True if the space directly after it was free; it then belongs to `data`.
  bool extend(Value* data, std::size_t room, std::size_t more);
  Mark mark() const { return {page_, used_}; }
  std::size_t bytes() const { return bytes_; }  ///< allocated, in use or not
  void release(Mark mark) {
    page_ = mark.page;
    used_ = mark.used;
  }

 private:
  static constexpr std::size_t first_values = 192;
  struct Page {
    std::unique_ptr<std::byte[]> bytes;
    std::size_t values = 0;
  };

  std::byte* base() { return page_ == 0 ? first_ : blocks_[page_ - 1].bytes.get(); }
  std::size_t size() const { return page_ == 0 ? first_values : blocks_[page_ - 1].values; }

  alignas(Value) std::byte first_[first_values * sizeof(Value)];
  std::vector<Page> blocks_;
  std::size_t page_ = 0;
  std::size_t used_ = 0;
  std::size_t bytes_ = 0;
};

/// Values in scratch memory. Copying copies the view.
struct List {
  Value* data = nullptr;
  std::uint32_t size = 0;
  std::uint32_t room = 0;

  bool empty() const { return size == 0; }
  const Value& operator[](std::size_t place) const { return data[place]; }
  const Value* begin() const { return data; }
  const Value* end() const { return data + size; }
  std::span<const Value> span() const { return {data, size}; }
};

/// $this, $index and $total.
struct Frame {
  std::span<const Value> self;
  std::int64_t index = 0;
  std::span<const Value> total;
};

/// One run of a program.
class Evaluation {
 public:
  /// `keeper` owns the computed texts.
  Evaluation(const Program::Code& code, const Environment& environment, Collection& keeper);

  bool run(std::span<const Value> focus, List& out);
  /// Appends the result of the node. False: failed; see failure().
  bool evaluate(NodeIndex index, const Frame& frame, List& out);
  Failure& failure() { return *failure_; }

  const Program::Code& code() const { return code_; }
  const Model& model() const { return code_.model; }
  const Environment& environment() const { return environment_; }
  Arena& arena() {
    Arena& arena = keeper_.arena();
    if (arena.bytes() > limits::evaluation_bytes_max) too_much_text_ = true;
    return arena;
  }
  ListArena& scratch() { return scratch_; }

  void push(List& list, const Value& value) {
    if (list.size == list.room) grow(list);
    list.data[list.size] = value;
    ++list.size;
  }
  void append(List& list, std::span<const Value> values) {
    for (const Value& value : values) push(list, value);
  }
  /// Capacity for `count` values without moving.
  void reserve(List& list, std::size_t count);

  bool fail(const Node& node, std::string says, const Value* at = nullptr);
  /// Counts work; false when the limit is reached.
  bool step(const Node& node, std::size_t count = 1) {
    if (count > steps_left_ || exhausted_ || too_much_text_ || is_out_of_memory()) [[unlikely]]
      return refuse_step(node, count);
    steps_left_ -= count;
    return true;
  }

  /// Counts work on texts, which is not proportional to items; the next step fails if it is too much.
  void charge(std::size_t bytes) { steps_left_ -= std::min(steps_left_, bytes / text_bytes_per_step); }

  /// Memory beside the lists, counted against the same limit.
  void take_bytes(std::size_t bytes) { index_bytes_ += bytes; }
  void give_back_bytes(std::size_t bytes) { index_bytes_ -= bytes; }
  bool is_out_of_memory() const { return scratch_.bytes() + index_bytes_ > limits::evaluation_list_bytes_max; }

  /// Counts children skipped in a search by name: work that no result shows.
  void charge_children(std::size_t count) { steps_left_ -= std::min(steps_left_, count / children_per_step); }
  /// Counts a comparison, which may be one of many within a step; false when the limit is reached.
  bool compare_step() {
    if (steps_left_ == 0) return false;
    --steps_left_;
    return true;
  }

  /// Returns false, with the failure that the limit of text was exceeded.
  bool refuse_text(const Node& node) {
    too_much_text_ = true;
    return step(node);
  }

  std::optional<Value> system(const Value& value) {
    if (!value.is_element()) return value;
    if (value.type() == 0) return to_system(value, code_.model, keeper_);
    KnownKind& known = kinds_[value.type() % kinds_.size()];
    if (known.type != value.type()) known = {value.type(), code_.model.system_kind(value.type())};
    if (!known.kind) return std::nullopt;
    if (*known.kind != ValueKind::String) return system_value(value.item(), *known.kind, keeper_);
    return value.item().has_value() ? std::optional(Value::of(value.item().text())) : std::nullopt;
  }
  bool lacks_value(const Value& value) const { return code_.model.lacks_value(value); }
  /// The same, also for a FHIR Quantity that is no FHIRPath Quantity.
  bool has_unknown_value(const Value& value) {
    return lacks_value(value) || (value.is_element() && code_.model.is_quantity(value.type()) && !system(value));
  }
  /// A list as operands: a single item without value is empty (N1 5.5, FHIR R4 fhirpath.html#types).
  List known(const List& list) const { return list.size == 1 && lacks_value(list[0]) ? List{} : list; }
  /// The result of as and ofType for a value that is of the type: a primitive becomes its value for a System type.
  Value narrowed(const Value& value, const TypeTarget& target) {
    if (!value.is_element() || !target.system || target.type != 0) return value;
    return system(value).value_or(value);
  }
  /// Singleton evaluation as Boolean.
  bool boolean(const Node& node, std::span<const Value> values, std::optional<bool>& truth);
  bool evaluate_boolean(NodeIndex index, const Frame& frame, std::optional<bool>& truth);

  const std::optional<Value>& root_resource() const { return root_resource_; }
  bool stands_on_something() const { return context_.has_value(); }
  std::vector<List>& defined() { return defined_; }
  /// Binds a name computed at run time; false if it is taken.
  bool name_variable(std::string_view name, std::uint32_t slot);
  void children(const Value& value, List& out);
  /// Target of a reference in `from`: contained, in the current Bundle, or resolved by the hooks.
  Result<std::optional<Value>> resolve(std::string_view reference, const Value& from);
  /// The resource of that url in the input: itself, contained, or in the Bundle; else an empty handle.
  tree::Item canonical_at_hand(std::string_view canonical);

 private:
  static constexpr std::size_t text_bytes_per_step = 64;
  static constexpr std::size_t children_per_step = 16;

  bool refuse_step(const Node& node, std::size_t count);
  fhir::TypeId settled(fhir::TypeId type, tree::Item item);  ///< as by the model
  bool evaluate_input(const Node& node, const Frame& frame, List& input);
  bool member(const Node& node, const Frame& frame, List& out);
  bool first_member(const Node& node, const Value& value, List& out);
  void member_of(const Node& node, const Value& value, List& out);
  void type_member(std::string_view name, const TypeInfo& info, List& out);
  void typed_member(const Node& node, const Value& value, List& out);
  void spread(tree::Item item, List& out);
  void mark(const List& list, std::uint32_t first) const;
  bool indexer(const Node& node, const Frame& frame, List& out);
  bool polarity(const Node& node, const Frame& frame, List& out);
  bool type_test(const Node& node, const Frame& frame, List& out);
  bool environment_value(const Node& node, List& out);
  tree::NameId name_in(const Node& node, const tree::Document& document) const;
  void grow(List& list);

  const Program::Code& code_;
  const Environment& environment_;
  Collection& keeper_;
  ListArena scratch_;
  std::optional<Failure> failure_;
  std::size_t steps_left_;
  std::size_t index_bytes_ = 0;
  struct KnownKind {
    fhir::TypeId type = 0;
    std::optional<ValueKind> kind;
  };
  std::array<KnownKind, 16> kinds_;  // what system_kind() said
  std::string_view settled_name_;    // and the last resourceType, with its type
  fhir::TypeId settled_type_ = 0;
  bool exhausted_ = false;
  bool too_much_text_ = false;
  std::optional<Value> context_, resource_, root_resource_;  // none without a focus
  std::vector<List> defined_;
  std::unordered_map<std::string, std::uint32_t> named_;  // slots of the variables with computed names
  std::unique_ptr<fhir::BundleIndex> bundle_;
  using ByUrl = std::unordered_map<std::string_view, tree::Item>;
  std::unique_ptr<ByUrl> canonicals_;  // built at first use
};

/// A function being called.
struct Call {
  Evaluation& run;
  const Node& node;
  const Frame& frame;
  List& input;
  List& out;

  bool give(const Value& value) {
    run.push(out, value);
    return true;
  }
  bool give(bool value) { return give(Value(value)); }
  bool give_text(std::string_view text) {
    if (text.size() > limits::evaluation_bytes_max) return run.refuse_text(node);  // it was cut off at the limit
    return give(Value::of(run.arena().keep(text)));
  }
  bool fail(std::string says) { return run.fail(node, std::move(says), input.empty() ? nullptr : input.data); }

  bool has_argument(std::size_t place) const { return place < node.arguments.size(); }
  bool argument(std::size_t place, List& values) { return run.evaluate(node.arguments[place], frame, values); }
  /// The single System value of an argument; nullopt if it is empty or has no value.
  bool argument(std::size_t place, std::optional<Value>& value);
  bool text_argument(std::size_t place, std::optional<std::string_view>& text);
  bool integer_argument(std::size_t place, std::optional<std::int64_t>& number);
  /// The single item of the input, as a System value if it has one; nullopt if the input is empty or has no value.
  bool one(std::optional<Value>& value);
  bool one_text(std::optional<std::string_view>& text);
};

bool make_instance(Evaluation& run, const Node& node, const Frame& frame, List& out);

/// Operators; see operators.cpp and equality.cpp.
bool binary(Evaluation& run, const Node& node, const Frame& frame, List& out);
/// By node.op: + - * / div mod.
bool arithmetic(Evaluation& run, const Node& node, const Value& left, const Value& right, List& out);
std::string_view joined(Arena& arena, std::string_view left, std::string_view right);
std::optional<Decimal> as_number(const Value& value);  ///< of an Integer, Long or Decimal

std::optional<bool> equal(Evaluation& run, const Value& left, const Value& right);
std::optional<bool> equal(Evaluation& run, std::span<const Value> left, std::span<const Value> right);
bool equivalent(Evaluation& run, std::span<const Value> left, std::span<const Value> right);
/// -1, 0, 1; nullopt: not known. False: these two have no order.
bool compare(Evaluation& run, const Node& node, const Value& left, const Value& right, std::optional<int>& order);
bool contains(Evaluation& run, std::span<const Value> values, const Value& wanted);

}  // namespace vardbron::fhirpath
