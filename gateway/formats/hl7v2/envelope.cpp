#include "gateway/formats/hl7v2/envelope.h"

#include "gateway/base/text.h"
#include "gateway/formats/text_check.h"
#include "gateway/tree/lines.h"

#include <algorithm>
#include <array>
#include <utility>

namespace vardbron::hl7v2 {

namespace {

constexpr char frame_end = 0x1C;           // MLLP: 0B, message, 1C 0D
constexpr std::size_t charset_field = 18;  // MSH-18

Failure fail(Cause cause, std::string says, std::string where = "1:1") { return {cause, std::move(says), std::move(where)}; }

void note(const ParseOptions& options, const char* says) {
  if (options.notes != nullptr) options.notes->push_back({says});
}

bool is_delimiter(char letter) {
  const auto byte = static_cast<unsigned char>(letter);
  const bool is_word = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
  return byte > 0x20 && byte < 0x7F && !is_word && letter != '"';
}

Result<Delimiters> read_delimiters(std::string_view message) {
  Delimiters found;
  found.field = message.size() > 3 ? message[3] : '\0';
  if (!is_delimiter(found.field)) return fail(Cause::Invalid, "The letter behind MSH is no field separator.", "1:4");
  const std::string_view line = message.substr(4, message.find_first_of("\r\n") - 4);
  const std::string_view given = line.substr(0, line.find(found.field));
  const std::array<char*, 5> places{&found.component, &found.repetition, &found.escape, &found.subcomponent, &found.truncation};
  if (given.empty() || given.size() > places.size()) {
    return fail(Cause::Invalid, "MSH-2 must name the delimiters, one to five letters such as ^~\\&.", "1:5");
  }
  for (std::size_t at = 0; at < given.size(); ++at) {
    const bool is_used = given[at] == found.field || given.substr(0, at).find(given[at]) != std::string_view::npos;
    if (is_used || !is_delimiter(given[at])) {
      return fail(Cause::Invalid, "A letter of MSH-2 is no delimiter, or is there twice.", "1:" + std::to_string(at + 5));
    }
    *places[at] = given[at];
  }
  return found;
}

/// The first repetition of MSH-18; further ones are for escapes to other sets.
std::string_view named_charset(std::string_view message, const Delimiters& delimiters) {
  std::string_view line = message.substr(0, message.find_first_of("\r\n"));
  for (std::size_t field = 1; field < charset_field; ++field) {  // MSH-1 is the separator itself
    const std::size_t end = line.find(delimiters.field);
    if (end == std::string_view::npos) return {};
    line.remove_prefix(end + 1);
  }
  line = line.substr(0, line.find(delimiters.field));
  if (delimiters.repetition != 0) line = line.substr(0, line.find(delimiters.repetition));
  return trim(line);
}

/// "2:8", whatever ends the lines.
std::string where_of(std::string_view message, std::size_t offset) {
  std::size_t line = 1, start = 0;
  for (std::size_t at = 0; at < offset; ++at) {
    if (message[at] != '\r' && message[at] != '\n') continue;
    const bool is_pair = message[at] == '\n' && at > 0 && message[at - 1] == '\r';
    line += is_pair ? 0 : 1;
    start = at + 1;
  }
  return std::to_string(line) + ":" + std::to_string(offset - start + 1);
}

/// "PID-5 in line 3": the field of a byte of the message.
std::string place_of(std::string_view message, std::size_t offset, const Delimiters& delimiters) {
  const std::string where = where_of(message, offset);
  const std::string line = where.substr(0, where.find(':'));
  const std::string_view before = message.substr(0, offset);
  const std::string_view segment = before.substr(before.find_last_of("\r\n") + 1);
  std::size_t field = static_cast<std::size_t>(std::count(segment.begin(), segment.end(), delimiters.field));
  if (segment.starts_with("MSH")) ++field;  // MSH-1 is the separator itself
  const std::string place = field == 0 ? "the segment" : std::string(segment.substr(0, 3)) + "-" + std::to_string(field);
  return place + " in line " + line;
}

void doubt(const ParseOptions& options, std::string says) {
  if (options.notes != nullptr) options.notes->push_back({std::move(says), true});
}

/// Windows programs call their own set 8859/1, with letters in place of its control codes.
formats::Charset as_written(formats::Charset charset) {
  return charset == formats::Charset::Latin1 ? formats::Charset::Windows1252 : charset;
}

/// The standard's default is ASCII. Other bytes are accepted only if their set is unambiguous.
Result<formats::Charset> unnamed_charset(std::string_view message, const Delimiters& delimiters, const ParseOptions& options) {
  if (options.charset) return as_written(*options.charset);
  const std::size_t first = formats::find_above_ascii(message);
  if (first == std::string_view::npos) return formats::Charset::Utf8;
  const std::string place = place_of(message, first, delimiters);
  const bool is_utf8 = formats::guess_charset(message) == formats::Charset::Utf8;
  if (!is_utf8 && formats::has_vendor_bytes(message))
    return fail(Cause::Invalid,
                "MSH-18 names no character set, and the bytes of " + place +
                    " are of none that can be told. Name it in MSH-18, or have it set as the channel's charset.",
                where_of(message, first));
  doubt(options, "MSH-18 names no character set, which means ASCII, and " + place +
                     " has other letters: the message was read as " + (is_utf8 ? "UTF-8" : "8859/1") +
                     ". Name the set in MSH-18, or have it set as the channel's charset.");
  return is_utf8 ? formats::Charset::Utf8 : formats::Charset::Windows1252;
}

/// For bytes outside the set in MSH-18: the channel's set, if they fit it, or UTF-8, if they are.
Result<formats::Charset> instead_of(formats::Charset named, std::size_t misfit, std::string_view message,
                                    const Delimiters& delimiters, const ParseOptions& options) {
  const std::string place = place_of(message, misfit, delimiters);
  const std::string set(formats::name_of(named));
  const bool is_utf8 = formats::guess_charset(message) == formats::Charset::Utf8;
  std::optional<formats::Charset> other;
  if (options.charset) other = as_written(*options.charset);
  if (!other || formats::find_misfit(message, *other) != std::string_view::npos)
    other = is_utf8 ? std::optional(formats::Charset::Utf8) : std::nullopt;
  if (!other)
    return fail(Cause::Invalid,
                "MSH-18 says " + set + ", and the bytes of " + place +
                    " are not of it. Name the right set in MSH-18, or have it set as the channel's charset.",
                where_of(message, misfit));
  doubt(options, "MSH-18 says " + set + ", but " + place + " is not of it: the message was read as " +
                     std::string(formats::name_of(*other)) + ".");
  return *other;
}

Result<formats::Charset> charset_for(std::string_view message, const Delimiters& delimiters, const ParseOptions& options) {
  const std::string_view name = named_charset(message, delimiters);
  if (name.empty() || name == "\"\"") return unnamed_charset(message, delimiters, options);
  std::optional<formats::Charset> named = formats::charset_of(name);
  if (!named) {
    return fail(Cause::Unsupported, "MSH-18 names a character set that is not read here; send 8859/1 or UNICODE UTF-8.");
  }
  const std::size_t first = formats::find_above_ascii(message);
  if (first == std::string_view::npos) return *named;
  // Text in another set is almost never valid UTF-8, so the named set is wrong.
  const bool is_utf8 = *named != formats::Charset::Utf8 && formats::guess_charset(message) == formats::Charset::Utf8;
  const bool is_windows = *named == formats::Charset::Latin1 && formats::has_vendor_bytes(message);
  if (is_windows && !is_utf8 && !options.charset) {
    doubt(options, "MSH-18 says 8859/1, which has no letters for the bytes of " + place_of(message, first, delimiters) +
                       ": the message was read as windows-1252.");
    named = formats::Charset::Windows1252;
  }
  const std::size_t misfit = is_utf8 || (is_windows && options.charset) ? first : formats::find_misfit(message, *named);
  if (misfit != std::string_view::npos) return instead_of(*named, misfit, message, delimiters, options);
  const bool may_be_another = options.charset && options.charset_is_known && *named != formats::Charset::Utf8;
  if (!may_be_another || as_written(*options.charset) == as_written(*named)) return *named;
  // Both fit; the channel's set was configured for its senders.
  const formats::Charset set = as_written(*options.charset);
  if (formats::find_misfit(message, set) != std::string_view::npos) return *named;
  const std::string name_of_set(formats::name_of(set));
  doubt(options, "MSH-18 says " + std::string(formats::name_of(*named)) + ", and the channel's charset is " + name_of_set + ": " +
                     place_of(message, first, delimiters) + " was read as " + name_of_set + ".");
  return set;
}

Result<std::string_view> without_frame(std::string_view message, const ParseOptions& options) {
  const std::size_t end = message.find(frame_end);
  if (end == std::string_view::npos) return message;
  const std::string_view rest = message.substr(end + 1);
  if (!without_front(rest).empty()) {
    return fail(Cause::Unsupported, "There is more behind the end of the message; send messages one by one.", "");
  }
  note(options, "MLLP's framing bytes were taken away.");
  return message.substr(0, end);
}

/// Ends every segment with one line feed.
std::string with_line_feeds(std::string text, const ParseOptions& options) {
  std::size_t kept = 0;
  bool has_feeds = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool is_return = text[at] == '\r';
    has_feeds |= text[at] == '\n';
    if (is_return && at + 1 < text.size() && text[at + 1] == '\n') continue;
    text[kept++] = is_return ? '\n' : text[at];
  }
  text.resize(kept);
  if (has_feeds) note(options, "Segments end in a line feed; the standard's end is a carriage return.");
  return text;
}

Result<std::string> checked(std::string text) {
  tree::Lines lines;
  const formats::TextCheck check = formats::check_text(text, lines);
  if (check.fault == formats::TextCheck::Fault::None) return text;
  const bool is_control = check.fault == formats::TextCheck::Fault::ControlCharacter;
  return fail(Cause::Invalid,
              is_control ? "There is a control character."
                         : "The text is not UTF-8; MSH-18 must name its character set (8859/1, UNICODE UTF-8).",
              to_string(lines.at(check.offset)));
}

}  // namespace

std::string_view without_front(std::string_view body) {
  constexpr std::string_view skipped = "\x0B\r\n\t ";
  if (body.starts_with("\xEF\xBB\xBF")) body.remove_prefix(3);
  body.remove_prefix(std::min(body.find_first_not_of(skipped), body.size()));
  return body;
}

Result<Opened> open(std::string body, const ParseOptions& options) {
  constexpr std::string_view wide_marks[] = {"\xFE\xFF", "\xFF\xFE", std::string_view("M\0", 2), std::string_view("\0M", 2)};
  for (std::string_view mark : wide_marks) {
    if (std::string_view(body).starts_with(mark)) return fail(Cause::Unsupported, "UTF-16 is not read here; send UTF-8.");
  }
  const std::string_view front = without_front(body);
  if (front.starts_with("FHS") || front.starts_with("BHS")) {
    return fail(Cause::Unsupported, "This is a batch (FHS, BHS); send its messages one by one.");
  }
  if (!front.starts_with("MSH")) return fail(Cause::Invalid, "An HL7 v2 message begins with MSH.");
  Result<std::string_view> message = without_frame(front, options);
  if (!message) return std::move(message).failure();
  Result<Delimiters> delimiters = read_delimiters(*message);
  if (!delimiters) return std::move(delimiters).failure();
  Result<formats::Charset> charset = charset_for(*message, *delimiters, options);
  if (!charset) return std::move(charset).failure();
  Result<std::string> text = formats::to_utf8(with_line_feeds(std::string(*message), options), *charset);
  if (!text) return std::move(text).failure();
  text = checked(*std::move(text));
  if (!text) return std::move(text).failure();
  return Opened{*std::move(text), *delimiters, *charset};
}

}  // namespace vardbron::hl7v2
