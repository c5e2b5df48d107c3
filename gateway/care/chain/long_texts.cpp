#include "gateway/care/chain/long_texts.h"

#include "gateway/base/limits.h"
#include "gateway/tree/path.h"
#include "gateway/tree/walk.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace vardbron::care {
namespace {

constexpr std::size_t depth_in_resource = 3;  // Bundle.entry.resource.payload

bool is_elsewhere(const tree::Document& bundle, const tree::Walk& walk) {
  const tree::NodeId node = walk.node();
  const std::string_view name = bundle.name_text(bundle.name(node));
  return bundle.kind(node) == tree::Kind::Xhtml || name == "data" || (name == "payload" && walk.depth() == depth_in_resource);
}

}  // namespace

std::vector<Failure> long_texts(const tree::Document& bundle) {
  std::vector<Failure> found;
  for (tree::Walk walk(bundle, 0); walk.node() != tree::no_node;) {
    if (is_elsewhere(bundle, walk)) {
      walk.skip_children();
      continue;
    }
    const std::size_t bytes = bundle.has_value(walk.node()) ? bundle.text(walk.node()).size() : 0;
    if (bytes > limits::notice_text_bytes_max) {
      found.push_back({Cause::Invalid,
                       "The text has " + std::to_string(bytes) + " bytes, and one of a notice has at most " +
                           std::to_string(limits::notice_text_bytes_max) +
                           ". Shorten it; what is longer is sent as a text or file of the notice (Communication.payload).",
                       tree::path_of(bundle, walk.node())});
    }
    walk.advance();
  }
  return found;
}

}  // namespace vardbron::care
