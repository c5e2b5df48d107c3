#include "gateway/fhirpath/evaluation.h"
#include "gateway/tree/path.h"

namespace vardbron::fhirpath {
namespace {

bool children(Call& call) {
  for (const Value& value : call.input) {
    std::uint32_t before = call.out.size;
    call.run.children(value, call.out);
    if (!call.run.step(call.node, call.out.size - before)) return false;
  }
  return true;
}

/// All nodes below, in the order of the document: what is found is looked into again.
bool descendants(Call& call) {
  std::uint32_t next = call.out.size;
  if (!children(call)) return false;
  for (; next < call.out.size; ++next) {
    Value value = call.out[next];
    std::uint32_t before = call.out.size;
    call.run.children(value, call.out);
    if (!call.run.step(call.node, call.out.size - before)) return false;
  }
  return true;
}

bool type_test(Call& call) {
  if (call.input.size > 1)
    return call.fail(call.node.text + "() works on one item, and there are " + std::to_string(call.input.size) + ".");
  if (call.input.empty()) return true;
  if (call.node.function == Function::Is) return call.give(call.run.model().is(call.input[0], call.node.target));
  return !call.run.model().as(call.input[0], call.node.target) || call.give(call.run.narrowed(call.input[0], call.node.target));
}

bool type(Call& call) {
  const fhir::Definitions& definitions = call.run.model().definitions();
  for (const Value& value : call.input) {
    TypeInfo info{"System", system_name(value.kind()), "System.Any"};
    if (value.is_element()) {
      std::optional<Value> plain = value.type() == 0 ? call.run.system(value) : std::nullopt;
      if (plain) {
        info.name = system_name(plain->kind());
      } else if (value.type() == 0) {
        info = {"", value.item().name_text(), "System.Any"};
      } else {
        fhir::TypeId base = definitions.base(value.type());
        std::string_view base_name = base == 0 ? "System.Any" : joined(call.run.pages(), "FHIR.", definitions.name(base));
        info = {"FHIR", definitions.name(value.type()), base_name};
      }
    }
    call.give(Value::of(call.run.pages().keep(info)));
  }
  return true;
}

bool trace(Call& call) {
  std::optional<std::string_view> name;
  if (!call.text_argument(0, name)) return false;
  List shown = call.input;
  if (call.has_argument(1)) {
    shown = List{};
    for (std::uint32_t place = 0; place < call.input.size; ++place) {
      Frame frame{{call.input.data + place, 1}, place, call.frame.total};
      if (!call.run.evaluate(call.node.arguments[1], frame, shown)) return false;
    }
  }
  Hooks* hooks = call.run.environment().hooks;
  if (hooks != nullptr && name) hooks->trace(*name, shown.span());
  call.run.append(call.out, call.input.span());
  return true;
}

/// The variable was bound to a slot when the program was compiled, and where its name was written out, so was the name.
bool define_variable(Call& call) {
  if (call.node.known == Known::Named) {
    std::optional<std::string_view> name;
    if (!call.text_argument(0, name)) return false;
    if (!name || name->empty()) return call.fail("defineVariable() takes the variable's name as a text.");
    if (!call.run.name_variable(*name, call.node.slot))
      return call.fail("There is a variable %" + std::string(*name) + " already.");
  }
  List value = call.input;
  if (call.has_argument(1)) {
    value = List{};
    if (!call.run.evaluate(call.node.arguments[1], Frame{call.input.span(), call.frame.index, call.frame.total}, value))
      return false;
  }
  call.run.defined()[call.node.slot] = value;
  call.run.append(call.out, call.input.span());
  return true;
}

bool pathname(Call& call) {
  for (const Value& value : call.input) {
    if (!value.is_element()) continue;
    call.give_text(tree::path_of(*value.item().document, value.item().node));
    if (!call.run.step(call.node, value.item().document->size())) return false;
  }
  return true;
}

}  // namespace

bool call_tree(Call& call) {
  switch (call.node.function) {
    case Function::Children: return children(call);
    case Function::Descendants: return descendants(call);
    case Function::Is:
    case Function::As: return type_test(call);
    case Function::Type: return type(call);
    case Function::Trace: return trace(call);
    case Function::DefineVariable: return define_variable(call);
    default: return pathname(call);
  }
}

}  // namespace vardbron::fhirpath
