#pragma once

// Tested by tests/formats/json/parse_test.cpp.

#include "gateway/formats/json/members.h"
#include "gateway/formats/json/parse.h"
#include "gateway/tree/document.h"

#include <cstdint>
#include <string>
#include <vector>

namespace vardbron::json {

/// Builds the tree from the scanner's events and refuses JSON that is not allowed here. An event that returns false ends the
/// parsing; `fault` then has the reason. Offsets refer to the body, in which texts have been decoded in place.
class Builder {
 public:
  struct Fault {
    Cause cause = Cause::Invalid;
    const char* says = nullptr;
    std::size_t offset = 0;
  };

  explicit Builder(const ParseOptions& options) : options_(options), members_(options.short_companions) {}

  void start(tree::Document& document);

  bool key(std::size_t offset, std::size_t length);
  bool text(std::size_t offset, std::size_t length);
  bool literal(tree::Kind kind, std::size_t offset, std::size_t length);  ///< number, boolean, null
  bool start_object(std::size_t offset);
  bool end_object();
  bool start_list(std::size_t offset);
  bool end_list(std::size_t offset, std::size_t items);

  const Fault& fault() const { return fault_; }

 private:
  /// Saved state while an inner object or a nested list is read.
  struct Frame {
    tree::NodeId parent;
    tree::NameId name;
    std::uint32_t members_first;  // where the inner object's members begin
    bool in_list, companion, is_list, has_companions;
  };

  bool refuse(const char* says, std::size_t offset, Cause cause = Cause::Invalid);
  bool open(std::size_t offset, bool is_list);
  void close();
  bool has_room(std::size_t offset);
  tree::NodeId placed(tree::NodeId node, std::size_t offset);

  ParseOptions options_;
  tree::Document* document_ = nullptr;
  std::vector<Frame> frames_;
  Members members_;
  tree::NameId div_ = 0;

  // The position of the next value.
  tree::NodeId parent_ = 0;
  tree::NameId name_ = 0;
  bool in_list_ = false;
  bool companion_ = false;       // the value belongs to a key `_name`
  bool has_companions_ = false;  // the open object has such a key
  Fault fault_;
};

}  // namespace vardbron::json
