#pragma once

#include "gateway/base/result.h"
#include "gateway/tree/document.h"
#include "gateway/tree/names.h"
#include "gateway/tree/path.h"

#include <gtest/gtest.h>

#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace vardbron::formats {

/// Common helpers of parser tests: the tree of a text, and where it is refused.
template <typename Options, Result<tree::Document> (*read)(std::string, const tree::Names&, Options)>
class Parsing : public testing::Test {
 protected:
  explicit Parsing(std::span<const std::string_view> known = {}) : names(known) {}

  tree::Document parsed(std::string body, Options options = {}) const {
    Result<tree::Document> document = read(std::move(body), names, options);
    if (!document) {
      ADD_FAILURE() << document.failure().where << " " << document.failure().says;
      return tree::Document(names);
    }
    return *std::move(document);
  }
  /// "line:column why", or "accepted".
  std::string refusal(std::string body, Options options = {}) const {
    const Result<tree::Document> document = read(std::move(body), names, options);
    return document ? "accepted" : document.failure().where + " " + document.failure().says;
  }
  static std::string text_at(const tree::Document& document, std::string_view path) {
    const tree::NodeId node = find(document, path);
    return node == tree::no_node ? "(none)" : std::string(document.text(node));
  }
  const tree::Names names;
};

}  // namespace vardbron::formats
