#pragma once

#include "gateway/fhirpath/run/evaluation.h"

namespace vardbron::fhirpath {

/// Makes one element that stands in no message: with an instance selector, or with %factory. What it is given has to fit the
/// definitions; where it does not, the run fails.
class InstanceBuilder {
 public:
  InstanceBuilder(Evaluation& run, const Node& node, fhir::TypeId type);
  InstanceBuilder(Evaluation& run, const Node& node, const Value& original);  ///< begins as a copy of an element

  /// Puts values behind those an element has. No values: nothing happens.
  bool add(std::string_view name, std::span<const Value> values);
  /// Puts them in the place of those it has.
  bool replace(std::string_view name, std::span<const Value> values);
  /// Gives it away: it lives as long as the results of the run.
  Value finish();

 private:
  /// Where values of a name go.
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
