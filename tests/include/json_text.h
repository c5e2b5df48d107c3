#pragma once

#include "gateway/formats/json/parse.h"
#include "gateway/formats/json/write.h"
#include "r4.h"

#include <string>
#include <string_view>

/// A FHIR document out of JSON written in a test; 'single quotes' become double ones if the text has no others.
inline vardbron::tree::Document from_json(std::string text, const vardbron::tree::Names& names = r4().names()) {
  if (text.find('"') == std::string::npos)
    for (char& letter : text)
      if (letter == '\'') letter = '"';
  vardbron::Result<vardbron::tree::Document> document = vardbron::json::parse(std::move(text), names);
  CHECK(document);
  return *std::move(document);
}

/// JSON with single quotes, to compare with what a test writes.
inline std::string to_json(const vardbron::tree::Document& document) {
  std::string text = vardbron::json::write(document);
  for (char& letter : text)
    if (letter == '"') letter = '\'';
  return text;
}
