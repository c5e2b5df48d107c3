#include "gateway/fhirpath/run/evaluation.h"

#include "gateway/base/limits.h"
#include "gateway/tree/path.h"

#include <algorithm>
#include <cstring>

namespace vardbron::fhirpath {

Value* ListArena::take(std::size_t count) {
  while (size() - used_ < count) {
    ++page_;
    used_ = 0;
    if (page_ > blocks_.size()) {
      std::size_t values = std::max(count, size_t{1024} << std::min<std::size_t>(page_, 8));
      blocks_.push_back({std::make_unique_for_overwrite<std::byte[]>(values * sizeof(Value)), values});
      bytes_ += values * sizeof(Value);
    }
  }
  Value* place = reinterpret_cast<Value*>(base()) + used_;
  used_ += count;
  return place;
}

bool ListArena::extend(Value* data, std::size_t room, std::size_t more) {
  if (data + room != reinterpret_cast<Value*>(base()) + used_ || size() - used_ < more) return false;
  used_ += more;
  return true;
}

Evaluation::Evaluation(const Program::Code& code, const Environment& environment, Collection& keeper)
    : code_(code),
      environment_(environment),
      keeper_(keeper),
      steps_left_(environment.steps_max),
      defined_(code.defined_variables) {}

bool Evaluation::run(std::span<const Value> focus, List& out) {
  context_ = environment_.context;
  if (!context_ && !focus.empty()) context_ = focus[0];
  resource_ = environment_.resource ? environment_.resource : context_;
  root_resource_ = environment_.root_resource ? environment_.root_resource : resource_;
  Frame frame{focus, 0, {}};
  return evaluate(code_.root, frame, out) && step(code_.nodes[code_.root]);
}

bool Evaluation::evaluate(NodeIndex index, const Frame& frame, List& out) {
  const Node& node = code_.nodes[index];
  if (!step(node)) return false;
  switch (node.form) {
    case Form::Empty: return true;
    case Form::Literal:
      if (node.constants.empty()) {
        push(out, node.constant);
      } else {
        append(out, node.constants);
      }
      return true;
    case Form::This: append(out, frame.self); return true;
    case Form::Index: push(out, Value::of(frame.index)); return true;
    case Form::Total: append(out, frame.total); return true;
    case Form::Environment: return environment_value(node, out);
    case Form::Member: return member(node, frame, out);
    case Form::Indexer: return indexer(node, frame, out);
    case Form::Polarity: return polarity(node, frame, out);
    case Form::TypeTest: return type_test(node, frame, out);
    case Form::Binary: return binary(*this, node, frame, out);
    case Form::Instance: return make_instance(*this, node, frame, out);
    case Form::Call: break;
  }
  List input;
  if (!evaluate_input(node, frame, input)) return false;
  Call invoked{*this, node, frame, input, out};
  return step(node, input.size) && node.function->run(invoked);
}

bool Evaluation::evaluate_input(const Node& node, const Frame& frame, List& input) {
  if (node.input != no_index) return evaluate(node.input, frame, input);
  // $this is not copied; input lists are never written to.
  input = {const_cast<Value*>(frame.self.data()), static_cast<std::uint32_t>(frame.self.size()),
           static_cast<std::uint32_t>(frame.self.size())};
  return true;
}

bool Evaluation::refuse_step(const Node& node, std::size_t count) {
  if (failure_) return false;
  fail(node, exhausted_
                 ? "This expression makes a collection of more than " + std::to_string(limits::collection_items_max) + " items."
             : is_out_of_memory() ? "This expression takes more memory for its lists than it may (" +
                                        std::to_string(limits::evaluation_list_bytes_max >> 20) + " MB)."
             : count > steps_left_ ? "This expression does not come to an end within its steps."
                                   : "This expression makes more text than it may.");
  failure_->cause = Cause::TooLarge;
  return false;
}

bool Evaluation::fail(const Node& node, std::string says, const Value* at) {
  if (failure_) return false;
  std::string where = code_.where(node.at);
  std::optional<Value> place = at != nullptr && at->is_element() ? *at : context_;
  if (place && place->is_element() && place->item()) {
    std::string path = tree::path_of(*place->item().document, place->item().node);
    if (!path.empty()) where += " " + path;
  }
  failure_ = Failure{Cause::Invalid, std::move(says), std::move(where)};
  return false;
}

void Evaluation::grow(List& list) {
  const bool is_full = list.size >= limits::collection_items_max;
  if (is_full || is_out_of_memory()) {
    exhausted_ = exhausted_ || is_full;
    list.size = 0;  // the next step ends the run; until then no list grows
    if (list.room > 0) return;
  }
  std::size_t more = std::max<std::size_t>(list.room, 4);
  if (list.room < limits::collection_items_max) more = std::min(more, limits::collection_items_max - list.room);
  if (list.data != nullptr && scratch_.extend(list.data, list.room, more)) {
    list.room += static_cast<std::uint32_t>(more);
    return;
  }
  Value* bigger = scratch_.take(list.room + more);
  if (list.size > 0) std::memcpy(static_cast<void*>(bigger), list.data, list.size * sizeof(Value));
  list.data = bigger;
  list.room += static_cast<std::uint32_t>(more);
}

void Evaluation::reserve(List& list, std::size_t count) {
  if (list.room - list.size >= count) return;
  std::size_t wanted = list.size + count;
  Value* bigger = scratch_.take(wanted);
  if (list.size > 0) std::memcpy(static_cast<void*>(bigger), list.data, list.size * sizeof(Value));
  list.data = bigger;
  list.room = static_cast<std::uint32_t>(wanted);
}

bool Evaluation::boolean(const Node& node, std::span<const Value> values, std::optional<bool>& truth) {
  truth.reset();
  if (values.empty()) return true;
  if (values.size() > 1)
    return fail(node, "One truth value is needed here, and there are " + std::to_string(values.size()) + " items.",
                values.data());
  if (lacks_value(values[0])) return true;
  std::optional<Value> value = system(values[0]);
  // N1 4.5: a single item that is no Boolean counts as true.
  truth = value && value->kind() == ValueKind::Boolean ? value->boolean() : true;
  return true;
}

bool Evaluation::evaluate_boolean(NodeIndex index, const Frame& frame, std::optional<bool>& truth) {
  ListArena::Mark mark = scratch_.mark();
  List values;
  if (!evaluate(index, frame, values)) return false;
  bool done = boolean(code_.nodes[index], values.span(), truth);
  scratch_.release(mark);
  return done;
}

bool Evaluation::indexer(const Node& node, const Frame& frame, List& out) {
  List input, index;
  if (!evaluate(node.input, frame, input) || !evaluate(node.arguments[0], frame, index)) return false;
  index = known(index);
  if (index.empty()) return true;
  std::optional<Value> place = index.size == 1 ? system(index[0]) : std::nullopt;
  if (!place || (place->kind() != ValueKind::Integer && place->kind() != ValueKind::Long)) {
    return fail(node, "An index is one whole number.");
  }
  if (place->integer() >= 0 && place->integer() < input.size) push(out, input[static_cast<std::size_t>(place->integer())]);
  return true;
}

bool Evaluation::polarity(const Node& node, const Frame& frame, List& out) {
  List operand;
  if (!evaluate(node.arguments[0], frame, operand)) return false;
  operand = known(operand);
  if (operand.empty()) return true;
  std::optional<Value> value = operand.size == 1 ? system(operand[0]) : std::nullopt;
  std::optional<Decimal> number = value ? as_number(*value) : std::nullopt;
  bool is_quantity = value && value->kind() == ValueKind::Quantity;
  if (!number && !is_quantity) return fail(node, "Only one number or quantity can have a sign.", operand.data);
  if (node.op == Operator::Add) {
    push(out, *value);
  } else if (is_quantity) {
    Quantity changed = value->quantity();
    changed.value = changed.value.negated();
    push(out, Value::of(arena().keep(changed)));
  } else if (value->kind() == ValueKind::Decimal) {
    push(out, Value::of(number->negated()));
  } else if (value->integer() != INT64_MIN) {
    push(out, Value::of(-value->integer(), value->kind()));
  }
  return true;
}

bool Evaluation::type_test(const Node& node, const Frame& frame, List& out) {
  List operand;
  if (!evaluate(node.arguments[0], frame, operand)) return false;
  if (operand.size > 1)
    return fail(node, "The type of one item can be asked, and there are " + std::to_string(operand.size) + ".", operand.data);
  if (operand.empty()) return true;
  if (node.op == Operator::Is) {
    push(out, Value(code_.model.is(operand[0], node.target)));
  } else if (code_.model.as(operand[0], node.target)) {
    push(out, narrowed(operand[0], node.target));
  }
  return true;
}

bool Evaluation::name_variable(std::string_view name, std::uint32_t slot) {
  if (is_reserved_variable(name)) return false;
  auto [place, is_new] = named_.try_emplace(std::string(name), slot);
  return is_new || place->second == slot;  // the same definition, for the next item
}

bool Evaluation::environment_value(const Node& node, List& out) {
  switch (node.known) {
    case Known::Context:
      if (context_) push(out, *context_);
      return true;
    case Known::Resource:
      if (resource_) push(out, *resource_);
      return true;
    case Known::RootResource:
      if (root_resource_) push(out, *root_resource_);
      return true;
    case Known::Constant: push(out, node.constant); return true;
    case Known::Defined: append(out, defined_[node.slot].span()); return true;
    case Known::Given:
      if (node.slot < environment_.variables.size()) append(out, environment_.variables[node.slot]);
      return true;
    case Known::Named:
      if (auto named = named_.find(node.text); named != named_.end()) {
        append(out, defined_[named->second].span());
        return true;
      }
      break;
    case Known::Service: return true;
    case Known::None: break;
  }
  return fail(node, "There is no variable %" + node.text + ".");
}

}  // namespace vardbron::fhirpath
