#pragma once

// Tested by tests/fhirpath/errors_test.cpp and tests/fhirpath/strict_test.cpp.

#include "gateway/base/result.h"
#include "gateway/fhirpath/language/code.h"

#include <string>
#include <vector>

namespace vardbron::fhirpath {

/// Binds names to elements, functions, types and variables, infers the Shape of each node, and refuses what can never work.
class Analyser {
 public:
  Analyser(Program::Code& code, const CompileOptions& options) : code_(code), options_(options) {}

  Result<void> run();

 private:
  struct Defined {
    std::string name;
    std::uint32_t slot = 0;
    Shape shape;
  };

  Shape analyse(NodeIndex index, const Shape& self);
  Shape argument(NodeIndex index, const Shape& self);  ///< its variables end with it
  Shape input_of(const Node& node, const Shape& self);
  Shape member(Node& node, const Shape& self);
  Shape first_name(Node& node, const Shape& self, bool& is_type);
  Shape element(Node& node, const Shape& input);
  bool are_resources(fhir::TypeId left, fhir::TypeId right) const;
  void check_system_element(const Node& node, ValueKind kind);
  bool refuse_choice_name(const Node& node, const fhir::Step& step, fhir::TypeId type);
  void unknown_element(const Node& node, fhir::TypeId type);
  Shape environment(Node& node);
  Shape call(Node& node, const Shape& self);
  bool bind_function(Node& node);
  void bind_type(Node& node, NodeIndex name);
  Shape instance(Node& node, const Shape& self);
  bool has_element(const Node& node, fhir::TypeId type, const std::string& name);
  const Service* service_before(const Node& node) const;
  Shape call_service(const Service& service, Node& node, const Shape& self);
  void bind_factory(Node& node);
  Shape define_variable(Node& node, const Shape& input);
  Shape define_named_variable(Node& node, const Shape& input);
  Shape given(const Node& node, const Shape& input, const std::vector<Shape>& arguments);
  Shape value_of(const Shape& element) const;
  Shape either(const std::vector<Shape>& arguments) const;
  Shape narrowed(const Node& node, const Shape& input) const;
  void check_input(const Node& node, const Shape& input);
  void bind_pattern(Node& node);
  Shape binary(Node& node, const Shape& self);
  void check_sign(const Node& node, const Shape& shape);
  void check_index(const Node& node, const Shape& index);
  void check_arguments(const Node& node, const std::vector<Shape>& arguments);
  void check_operands(const Node& node, const Shape& left, const Shape& right);
  bool can_be_equal(const Shape& left, const Shape& right) const;
  TypeTarget type_target(const Node& node, const std::string& name);
  std::string type_argument(NodeIndex index) const;
  std::optional<ValueKind> kind_of(const Shape& shape) const;
  void fail(const Node& node, std::string says);

  Program::Code& code_;
  const CompileOptions& options_;
  std::vector<Defined> scope_;
  int unions_ = 0;  ///< number of unions around the current node
  std::optional<Failure> failure_;
};

/// Replaces constant subexpressions by their values.
void fold_constants(Program::Code& code);

}  // namespace vardbron::fhirpath
