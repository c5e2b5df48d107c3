// Tested by tests/care/notice_test.cpp.

#include "gateway/care/chain/branch.h"
#include "gateway/care/chain/code_systems.h"
#include "gateway/care/chain/notice.h"
#include "gateway/time/civil.h"

#include <chrono>
#include <utility>

namespace vardbron::care {
namespace {

Branch meta_of(tree::Document& bundle) {
  tree::Item meta = tree::root(bundle).child("meta");
  return meta ? Branch(bundle, meta.node) : Branch(bundle, 0).object("meta");
}

}  // namespace

void mark_as_ambiguous(tree::Document& bundle) { meta_of(bundle).coding_item("tag", quality_system, ambiguous); }

void mark_as_doubtful(tree::Document& bundle, std::string_view says) {
  meta_of(bundle).item("tag").text("system", quality_system).text("code", doubtful).text("display", says);
}

WallTime mark_received(tree::Document& bundle, WallTime at) {
  const WallTime second = std::chrono::floor<std::chrono::seconds>(at);
  meta_of(bundle)
      .item("tag")
      .text("system", quality_system)
      .text("code", received_tag)
      .text("display", time::format_local(second));
  return second;
}

Doubt mark_unknown_receiver(tree::Document& bundle, std::string says) {
  meta_of(bundle).item("tag").text("system", quality_system).text("code", unknown_receiver).text("display", says);
  return {std::string(unknown_receiver), std::move(says)};
}

}  // namespace vardbron::care
