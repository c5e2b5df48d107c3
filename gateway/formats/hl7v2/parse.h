#pragma once

#include "gateway/base/limits.h"
#include "gateway/base/result.h"
#include "gateway/formats/charset.h"
#include "gateway/tree/document.h"
#include "gateway/tree/notes.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace vardbron::hl7v2 {

struct ParseOptions {
  bool positions = false;  ///< Document::position works afterwards
  /// The sender's actual set, used if MSH-18 is empty or the bytes are not in the set that it names. Nothing = ASCII, the
  /// standard's default; other bytes are read as UTF-8 or 8859/1 if that is unambiguous, with a note.
  std::optional<formats::Charset> charset = {};
  bool charset_is_known = false;  ///< `charset` takes precedence over MSH-18
  tree::Notes* notes = nullptr;   ///< tolerated deviations
  std::size_t nodes_max = limits::document_nodes_max;
  std::size_t parts_max = limits::members_per_object_max;  ///< fields of a segment, repetitions of a field, components ..
};

/// True if a body is an HL7 v2 message or a batch, after framing bytes, byte order mark and white space.
bool looks_like_message(std::string_view body);

/// Parses one HL7 v2 message in its vertical-bar form (ER7; HL7 v2.5.1, chapter 2) into a plain tree, for any version:
///  * the root is named by MSH-9 ("ADT_A01"), its children are the segments in their order, named as written;
///  * a field is a child f1, f2 .., one node for each repetition; empty ones have no node. MSH.f1 and f2 are the delimiters;
///  * a field of several components has children c1, c2 .., a component of several sub-components s1, s2 ..; one with only
///    one is a String itself. gateway/fhir/v2_conversion converts them by the message's structure;
///  * the null value "" is a node of Kind::Null: explicitly no value;
///  * escapes are decoded (escape.h), the character set is that of MSH-18.
/// MLLP's framing bytes around the message are removed; CR, LF and CR LF end a segment; empty lines are skipped.
/// Invalid, with "line:column" as the place (a line is a segment): no MSH, delimiters that are no delimiters, a line that is no
/// segment, bytes outside the character set, control characters. Unsupported: a batch (FHS, BHS), several messages,
/// another character set. TooLarge: a limit was exceeded.
Result<tree::Document> parse(std::string body, const tree::Names& names, ParseOptions options = {});

}  // namespace vardbron::hl7v2
