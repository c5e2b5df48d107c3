#include "gateway/formats/json/build.h"

#include "gateway/base/limits.h"

namespace vardbron::json {

using tree::Kind;
using tree::NameId;
using tree::no_node;
using tree::NodeId;

void Builder::start(tree::Document& document) {
  document_ = &document;
  frames_.clear();
  members_.clear();
  div_ = options_.fhir ? document.names().find("div") : 0;
  parent_ = 0;
  name_ = 0;
  in_list_ = companion_ = has_companions_ = false;
  fault_ = {};
}

bool Builder::key(std::size_t offset, std::size_t length) {
  std::string_view text = document_->body().substr(offset, length);
  offset -= 1;  // the position of a key is its quote
  companion_ = options_.fhir && text.size() > 1 && text.front() == '_';
  has_companions_ |= companion_;
  if (companion_) {
    text.remove_prefix(1);
    if (text.front() == '_') return refuse("A key starts with one '_' at most.", offset);
  }
  name_ = document_->intern(text);
  if (name_ == 0) return refuse("A key is empty.", offset);
  if (document_->local_names() > limits::local_names_max) return refuse("Too many unknown keys.", offset, Cause::TooLarge);
  if (members_.size() - frames_.back().members_first >= options_.members_max) {
    return refuse("An object has too many members.", offset, Cause::TooLarge);
  }
  members_.add(name_, companion_, offset, document_->last_child(parent_));
  in_list_ = false;
  return true;
}

bool Builder::text(std::size_t offset, std::size_t length) {
  if (frames_.empty()) return refuse("A document is an object.", offset - 1);
  if (companion_) return refuse("The value of a key with '_' is an object.", offset - 1);
  if (!has_room(offset)) return false;
  Kind kind = Kind::String;
  // FHIR R4 narrative.html: the only element named div is XHTML.
  if (name_ == div_ && div_ != 0 && document_->body().substr(offset, length).starts_with("<div")) kind = Kind::Xhtml;
  placed(document_->add_in_body(parent_, name_, kind, offset, length, in_list_), offset - 1);
  return true;
}

bool Builder::literal(Kind kind, std::size_t offset, std::size_t length) {
  if (frames_.empty()) return refuse("A document is an object.", offset);
  if (companion_ && kind != Kind::Null) return refuse("The value of a key with '_' is an object.", offset);
  if (!has_room(offset)) return false;
  const NodeId node = kind == Kind::Null ? document_->add(parent_, name_, kind, in_list_)
                                         : document_->add_in_body(parent_, name_, kind, offset, length, in_list_);
  placed(node, offset);
  return true;
}

bool Builder::start_object(std::size_t offset) { return open(offset, false); }

bool Builder::open(std::size_t offset, bool is_list) {
  if (frames_.size() >= options_.depth_max) return refuse("The document is nested too deep.", offset, Cause::TooLarge);
  if (!has_room(offset)) return false;
  const NodeId node = frames_.empty() ? 0 : document_->add(parent_, name_, Kind::Object, in_list_);
  placed(node, offset);
  frames_.push_back(
      {parent_, name_, static_cast<std::uint32_t>(members_.size()), in_list_, companion_, is_list, has_companions_});
  parent_ = node;
  companion_ = has_companions_ = false;
  return true;
}

bool Builder::end_object() {
  const std::size_t first = frames_.back().members_first;
  Members::Fault fault = members_.find_twin(first);
  if (fault.says == nullptr && has_companions_) fault = members_.join(first, *document_, parent_);
  if (fault.says != nullptr) return refuse(fault.says, fault.offset);
  members_.forget(first);
  close();
  return true;
}

void Builder::close() {
  const Frame& frame = frames_.back();
  parent_ = frame.parent;
  name_ = frame.name;
  in_list_ = frame.in_list;
  companion_ = frame.companion;
  has_companions_ = frame.has_companions;
  frames_.pop_back();
}

bool Builder::start_list(std::size_t offset) {
  if (frames_.empty() && options_.fhir) return refuse("A document is an object.", offset);
  if (!frames_.empty() && !in_list_) {
    in_list_ = true;
    return true;
  }
  if (companion_) return refuse("The value of a key with '_' is an object.", offset);
  if (!open(offset, true)) return false;
  name_ = 0;
  in_list_ = true;
  return true;
}

bool Builder::end_list(std::size_t offset, std::size_t items) {
  if (items == 0 && options_.fhir) return refuse("A list is never empty; leave the key out.", offset);
  if (frames_.back().is_list) {
    close();
  } else {
    in_list_ = false;
  }
  return true;
}

bool Builder::refuse(const char* says, std::size_t offset, Cause cause) {
  fault_ = {cause, says, offset};
  return false;
}

bool Builder::has_room(std::size_t offset) {
  return document_->size() < options_.nodes_max || refuse("The document has too many elements.", offset, Cause::TooLarge);
}

NodeId Builder::placed(NodeId node, std::size_t offset) {
  if (options_.positions) document_->set_offset(node, offset);
  return node;
}

}  // namespace vardbron::json
