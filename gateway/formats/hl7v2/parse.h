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
  /// What the sender really writes: where MSH-18 is empty, or names a set that the bytes are not of. Nothing = ASCII, as the
  /// standard has it; letters beyond it are read as UTF-8 or 8859/1 where the bytes leave no doubt which, and noted.
  std::optional<formats::Charset> charset = {};
  bool charset_is_known = false;  ///< `charset` is what the sender really writes, and counts before another one in MSH-18
  tree::Notes* notes = nullptr;   ///< what was tolerated
  std::size_t nodes_max = limits::document_nodes_max;
  std::size_t parts_max = limits::members_per_object_max;  ///< fields of a segment, repetitions of a field, components ..
};

/// Whether a body is an HL7 v2 message or a batch of them, behind framing bytes, byte order mark and white space.
bool looks_like_message(std::string_view body);

/// Reads one HL7 v2 message in its vertical-bar form (ER7; HL7 v2.5.1, chapter 2) into a plain tree, whatever its version:
///  * the root is named by what MSH-9 says ("ADT_A01"), its children are the segments in their order, named as written;
///  * a field is a child f1, f2 .., one node for each repetition; what is empty has no node. MSH.f1 and f2 are the delimiters;
///  * a field of several components has children c1, c2 .., a component of several sub-components s1, s2 ..; one that has only
///    one is a String itself. gateway/fhir/v2_shape makes them what the message's structure says;
///  * the null value "" is a node of Kind::Null: the sender says that there is nothing;
///  * escapes are decoded (escape.h), the character set is that of MSH-18.
/// MLLP's framing bytes around the message are taken away; CR, LF and CR LF end a segment; empty lines are passed over.
/// Invalid, with "line:column" as the place (a line is a segment): no MSH, delimiters that are no delimiters, a line that is no
/// segment, bytes that are not of the character set, control characters. Unsupported: a batch (FHS, BHS), several messages,
/// another character set. TooLarge: a limit was passed.
Result<tree::Document> parse(std::string body, const tree::Names& names, ParseOptions options = {});

}  // namespace vardbron::hl7v2
