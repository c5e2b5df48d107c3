#include "gateway/formats/hl7v2/parse.h"

#include "gateway/formats/hl7v2/envelope.h"
#include "gateway/formats/hl7v2/escape.h"
#include "gateway/tree/lines.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vardbron::hl7v2 {

namespace {

struct Fault {
  Cause cause = Cause::Invalid;
  const char* says = nullptr;
  std::size_t offset = 0;
};

// The names f1, f2 .. of one level, interned once per document.
class NumberedNames {
 public:
  NumberedNames(tree::Document& document, char letter) : document_(document), letter_(letter) {}

  tree::NameId at(std::size_t number) {
    if (number >= ids_.size()) ids_.resize(number + 1, 0);
    if (ids_[number] == 0) ids_[number] = document_.intern(letter_ + std::to_string(number));
    return ids_[number];
  }

 private:
  tree::Document& document_;
  char letter_;
  std::vector<tree::NameId> ids_;
};

class Scanner {
 public:
  Scanner(tree::Document& document, const Opened& opened, const ParseOptions& options)
      : document_(document),
        text_(document.body()),
        delimiters_(opened.delimiters),
        charset_(opened.charset),
        options_(options),
        fields_(document, 'f'),
        components_(document, 'c'),
        subcomponents_(document, 's') {}

  bool scan() {
    for (std::size_t from = 0; from < text_.size();) {
      const std::size_t to = std::min(text_.find('\n', from), text_.size());
      if (to > from && !segment(from, to)) return false;
      from = to + 1;
    }
    return true;
  }
  const Fault& fault() const { return fault_; }

 private:
  bool segment(std::size_t from, std::size_t to);
  bool field(tree::NodeId segment, std::size_t number, std::size_t from, std::size_t to);
  bool repetition(tree::NodeId segment, std::size_t number, std::size_t from, std::size_t to, bool in_list);
  bool component(tree::NodeId field, std::size_t number, std::size_t from, std::size_t to);
  bool leaf(tree::NodeId parent, tree::NameId name, std::size_t from, std::size_t to, bool in_list);
  tree::NodeId branch(tree::NodeId parent, tree::NameId name, std::size_t from, bool in_list);

  std::string_view part(std::size_t from, std::size_t to) const { return text_.substr(from, to - from); }
  bool has(char delimiter, std::size_t from, std::size_t to) const {
    return delimiter != 0 && part(from, to).find(delimiter) != std::string_view::npos;
  }
  std::size_t end_of(char delimiter, std::size_t from, std::size_t to) const {
    // Searches this part only: searching the rest of the message for each of a million segments would be quadratic.
    const std::size_t place = delimiter == 0 ? std::string_view::npos : part(from, to).find(delimiter);
    return place == std::string_view::npos ? to : from + place;
  }
  /// Calls `use` for each part between delimiters: number from 1, from, to.
  template <class Use>
  bool each_part(char delimiter, std::size_t from, std::size_t to, Use use) {
    for (std::size_t number = 1;; ++number) {
      if (number > options_.parts_max)
        return refuse(Cause::TooLarge, "There are too many fields, repetitions or components.", from);
      const std::size_t end = end_of(delimiter, from, to);
      if (!use(number, from, end)) return false;
      if (end == to) return true;
      from = end + 1;
    }
  }
  bool refuse(Cause cause, const char* says, std::size_t offset) {
    fault_ = {cause, says, offset};
    return false;
  }

  tree::Document& document_;
  std::string_view text_;
  const Delimiters delimiters_;
  const formats::Charset charset_;
  const ParseOptions& options_;
  NumberedNames fields_, components_, subcomponents_;
  std::string decoded_;
  bool is_header_ = true;
  Fault fault_;
};

bool is_segment_name(std::string_view name) {
  if (name.size() != 3 || name[0] < 'A' || name[0] > 'Z') return false;
  for (char letter : name.substr(1)) {
    if ((letter < 'A' || letter > 'Z') && (letter < '0' || letter > '9')) return false;
  }
  return true;
}

bool Scanner::segment(std::size_t from, std::size_t to) {
  const std::size_t end = end_of(delimiters_.field, from, to);
  const std::string_view name = part(from, end);
  if (!is_segment_name(name)) {
    return refuse(Cause::Invalid, "A line is no segment; a line break inside a text is written \\.br\\.", from);
  }
  if (name == "MSH" && !is_header_) {
    return refuse(Cause::Unsupported, "There is a second MSH; send messages one by one.", from);
  }
  const tree::NodeId node = branch(0, document_.intern(name), from, false);
  if (node == tree::no_node) return false;
  if (!std::exchange(is_header_, false)) {
    if (end == to) return true;
    return each_part(delimiters_.field, end + 1, to,
                     [&](std::size_t number, std::size_t at, std::size_t stop) { return field(node, number, at, stop); });
  }
  // MSH-1 and MSH-2 are the delimiters, and no escapes.
  const std::size_t second = end_of(delimiters_.field, end + 1, to);
  document_.set_offset(document_.add_in_body(node, fields_.at(1), tree::Kind::String, end, 1), end);
  document_.set_offset(document_.add_in_body(node, fields_.at(2), tree::Kind::String, end + 1, second - end - 1), end + 1);
  if (second == to) return true;
  return each_part(delimiters_.field, second + 1, to,
                   [&](std::size_t number, std::size_t at, std::size_t stop) { return field(node, number + 2, at, stop); });
}

bool Scanner::field(tree::NodeId segment, std::size_t number, std::size_t from, std::size_t to) {
  if (from == to) return true;
  const bool in_list = has(delimiters_.repetition, from, to);
  return each_part(delimiters_.repetition, from, to,
                   [&](std::size_t, std::size_t at, std::size_t stop) { return repetition(segment, number, at, stop, in_list); });
}

// Skips repetitions that contain delimiters only.
bool Scanner::repetition(tree::NodeId segment, std::size_t number, std::size_t from, std::size_t to, bool in_list) {
  const bool has_components = has(delimiters_.component, from, to);
  if (!has_components && !has(delimiters_.subcomponent, from, to)) return leaf(segment, fields_.at(number), from, to, in_list);
  const char delimiters[] = {delimiters_.component,
                             delimiters_.subcomponent != 0 ? delimiters_.subcomponent : delimiters_.component};
  if (part(from, to).find_first_not_of(std::string_view(delimiters, 2)) == std::string_view::npos) return true;
  const tree::NodeId node = branch(segment, fields_.at(number), from, in_list);
  if (node == tree::no_node) return false;
  return each_part(delimiters_.component, from, to,
                   [&](std::size_t at_number, std::size_t at, std::size_t stop) { return component(node, at_number, at, stop); });
}

bool Scanner::component(tree::NodeId field, std::size_t number, std::size_t from, std::size_t to) {
  if (!has(delimiters_.subcomponent, from, to)) return leaf(field, components_.at(number), from, to, false);
  if (part(from, to).find_first_not_of(delimiters_.subcomponent) == std::string_view::npos) return true;
  const tree::NodeId node = branch(field, components_.at(number), from, false);
  if (node == tree::no_node) return false;
  return each_part(delimiters_.subcomponent, from, to, [&](std::size_t at_number, std::size_t at, std::size_t stop) {
    return leaf(node, subcomponents_.at(at_number), at, stop, false);
  });
}

bool Scanner::leaf(tree::NodeId parent, tree::NameId name, std::size_t from, std::size_t to, bool in_list) {
  if (from == to) return true;
  if (document_.size() >= options_.nodes_max) return refuse(Cause::TooLarge, "The message has too many parts.", from);
  tree::NodeId node = tree::no_node;
  if (part(from, to) == "\"\"") {
    node = document_.add(parent, name, tree::Kind::Null, in_list);
  } else if (has(delimiters_.escape, from, to)) {
    decoded_.clear();
    unescape(part(from, to), delimiters_, charset_, decoded_);
    if (decoded_.empty()) return true;
    node = document_.add_text(parent, name, tree::Kind::String, decoded_, in_list);
  } else {
    node = document_.add_in_body(parent, name, tree::Kind::String, from, to - from, in_list);
  }
  document_.set_offset(node, from);
  return true;
}

tree::NodeId Scanner::branch(tree::NodeId parent, tree::NameId name, std::size_t from, bool in_list) {
  if (document_.size() >= options_.nodes_max) {
    refuse(Cause::TooLarge, "The message has too many parts.", from);
    return tree::no_node;
  }
  const tree::NodeId node = document_.add(parent, name, tree::Kind::Object, in_list);
  document_.set_offset(node, from);
  return node;
}

// MSH-9: message code, event, structure. A part that cannot be a name is left out.
std::string message_name(tree::Item root) {
  const tree::Item type = root.child("MSH").child("f9");
  std::string name(type.text_of("c3"));
  if (type && name.empty()) name = type.has_value() ? type.text() : type.text_of("c1");
  if (type && type.text_of("c3").empty() && !type.text_of("c2").empty()) name.append("_").append(type.text_of("c2"));
  for (char letter : name) {
    const bool is_word = (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') || letter == '_';
    if (!is_word || name.size() > 20) return "message";
  }
  return name.empty() ? "message" : name;
}

}  // namespace

bool looks_like_message(std::string_view body) {
  const std::string_view front = without_front(body);
  const bool has_name = front.starts_with("MSH") || front.starts_with("FHS") || front.starts_with("BHS");
  const auto next = static_cast<unsigned char>(front.size() > 3 ? front[3] : 'x');
  return has_name && next > 0x20 && next < 0x7F && !(next >= '0' && next <= '9') &&
         !((next | 0x20) >= 'a' && (next | 0x20) <= 'z');
}

Result<tree::Document> parse(std::string body, const tree::Names& names, ParseOptions options) {
  if (body.size() > tree::Document::body_bytes_max / 3) return Failure{Cause::TooLarge, "The message is too large.", {}};
  Result<Opened> opened = open(std::move(body), options);
  if (!opened) return std::move(opened).failure();
  tree::Document document(names);
  document.own_body(std::move(opened->text));
  if (options.positions) document.keep_positions();
  Scanner scanner(document, *opened, options);
  if (!scanner.scan()) {
    tree::Lines lines;
    lines.note(document.body());
    return Failure{scanner.fault().cause, scanner.fault().says, to_string(lines.at(scanner.fault().offset))};
  }
  document.set_name(0, document.intern(message_name(tree::root(document))));
  return document;
}

}  // namespace vardbron::hl7v2
