#pragma once

// Tested by tests/fhirpath/instance_test.cpp.

#include "gateway/fhirpath/run/evaluation.h"

namespace vardbron::fhirpath {

/// Builds one element outside the input: for an instance selector or %factory. Elements and values must fit the definitions; else
/// the run fails.
class InstanceBuilder {
 public:
  InstanceBuilder(Evaluation& run, const Node& node, fhir::TypeId type);
  InstanceBuilder(Evaluation& run, const Node& node, const Value& original);  ///< begins as a copy of an element

  /// Appends values to an element's. No values: no effect.
  bool add(std::string_view name, std::span<const Value> values);
  /// Replaces an element's values.
  bool replace(std::string_view name, std::span<const Value> values);
  /// Transfers the element to the run; it lives as long as its results.
  Value finish();

 private:
  /// Name and type of an element's values.
  struct Place {
    tree::NameId name = 0;
    fhir::TypeId type = 0;
    bool in_list = false;
  };

  bool find(std::string_view name, const Value& value, Place& place);
  bool find_choice(const fhir::Element& element, const Value& value, Place& place);
  bool set_own_value(std::span<const Value> values);
  bool add_value(const Place& place, const Value& value);
  bool add_primitive(const Place& place, const Value& value);
  bool add_plain(std::string_view name, std::span<const Value> values);
  bool add_quantity(const Place& place, const Quantity& quantity);
  bool refuse(std::string_view name, std::string_view why);

  Evaluation& run_;
  const Node& node_;
  fhir::TypeId type_;
  tree::Document document_;
};

}  // namespace vardbron::fhirpath
