#pragma once

#include "gateway/http/message.h"

#include <span>
#include <string>
#include <string_view>

/// Preferences of a caller in the fields of a request. Source: RFC 9110, 8.3 and 12.5.1; RFC 7240.
namespace vardbron::http {

/// The type of Content-Type or of an Accept member, lower case, without parameters: "application/fhir+json".
std::string media_type(std::string_view value);

/// A parameter of such a value, without quotes: charset, fhirVersion. "" when absent.
std::string media_parameter(std::string_view value, std::string_view name);

/// The one of `offered` that Accept gives the greatest weight; among equals the one whose member comes first, then the one
/// offered first; q=0 is a refusal. No Accept: the first offered. "" when nothing offered is acceptable. `offered` is lower case,
/// and may have FHIR's parameter: "application/fhir+json; fhirVersion=5.0" is not what a member with another version is of.
/// Source: FHIR R5 http.html#version-parameter.
std::string_view acceptable(const Fields& fields, std::span<const std::string_view> offered);

/// The value of a preference, "" when it is not asked for, "true" when it has no value: Prefer: respond-async, return=minimal.
std::string preference(const Fields& fields, std::string_view name);

}  // namespace vardbron::http
