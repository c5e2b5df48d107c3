#include "gateway/formats/json/members.h"

#include <algorithm>

namespace vardbron::json {

using tree::Document;
using tree::Kind;
using tree::no_node;
using tree::NodeId;

namespace {
// Up to here comparing all pairs is faster than a table, and most FHIR objects have fewer than six members.
constexpr std::size_t compared_in_pairs_max = 16;
constexpr std::size_t nowhere = ~std::size_t{0};
}  // namespace

void Members::clear() { forget(0); }

Members::Fault Members::find_twin(std::size_t first) {
  if (keys_.size() - first > compared_in_pairs_max) {
    stamp_all(first);
    for (std::size_t at = first; at < keys_.size(); ++at) {
      if (stamps_[keys_[at]].member != at) return {"A key comes twice in one object.", members_[at].offset};
    }
    return {};
  }
  for (std::size_t at = first + 1; at < keys_.size(); ++at) {
    const std::uint32_t key = keys_[at];
    bool twin = false;
    for (std::size_t earlier = first; earlier < at; ++earlier) twin |= keys_[earlier] == key;
    if (twin) return {"A key comes twice in one object.", members_[at].offset};
  }
  return {};
}

/// Records for each key the first member with it.
void Members::stamp_all(std::size_t first) {
  const std::uint32_t highest = *std::max_element(keys_.begin() + static_cast<std::ptrdiff_t>(first), keys_.end());
  if (stamps_.size() <= highest) stamps_.resize(highest + 1u);
  if (++object_ == 0) {
    stamps_.assign(stamps_.size(), Stamp{});
    object_ = 1;
  }
  for (std::size_t at = keys_.size(); at-- > first;) stamps_[keys_[at]] = {object_, static_cast<std::uint32_t>(at)};
}

/// The member with a key; with many members only after stamp_all.
std::size_t Members::find(std::uint32_t key, std::size_t first) {
  if (keys_.size() - first > compared_in_pairs_max) {
    if (key >= stamps_.size() || stamps_[key].object != object_) return nowhere;
    return stamps_[key].member;
  }
  const auto found = std::find(keys_.begin() + static_cast<std::ptrdiff_t>(first), keys_.end(), key);
  return found == keys_.end() ? nowhere : static_cast<std::size_t>(found - keys_.begin());
}

Members::Fault Members::join(std::size_t first, Document& document, NodeId parent) {
  const std::vector<Run> runs = runs_of(first, document, parent);
  const auto run = [&](std::size_t member) { return runs[member - first]; };
  const auto is_companion = [&](std::size_t member) { return keys_[member] % 2 == 1; };
  if (keys_.size() - first > compared_in_pairs_max) stamp_all(first);
  NodeId kept = no_node;
  for (std::size_t at = first; at < keys_.size(); ++at) {
    if (run(at).first == no_node) continue;
    const std::size_t primary = is_companion(at) ? find(keys_[at] - 1, first) : nowhere;
    if (primary != nowhere) {
      const char* fault = join_runs(document, run(primary), run(at));
      if (fault != nullptr) return {fault, members_[at].offset};
      document.remove_run(parent, kept, run(at).last);
      continue;
    }
    if (is_companion(at)) {
      for (NodeId node = run(at).first;; node = document.next(node)) {
        document.set_kind(node, Kind::Null);
        if (node == run(at).last) break;
      }
    }
    kept = run(at).last;
  }
  return {};
}

std::vector<Members::Run> Members::runs_of(std::size_t first, const Document& document, NodeId parent) const {
  std::vector<Run> runs;
  runs.reserve(members_.size() - first);
  for (std::size_t at = first; at < members_.size(); ++at) {
    const NodeId before = members_[at].before;
    const NodeId last = at + 1 < members_.size() ? members_[at + 1].before : document.last_child(parent);
    if (last == before) {
      runs.push_back({no_node, no_node});
    } else {
      runs.push_back({before == no_node ? document.first_child(parent) : document.next(before), last});
    }
  }
  return runs;
}

const char* Members::join_runs(Document& document, Run primary, Run companion) const {
  const bool is_list = primary.first != no_node && document.in_list(primary.first);
  if (is_list != document.in_list(companion.first)) return "A key with '_' and the one without must both be lists, or neither.";
  NodeId value = primary.first, extras = companion.first;
  while (true) {
    if (document.kind(value) == Kind::Object) return "A key with '_' belongs to a primitive, but here it goes with an object.";
    if (document.kind(extras) == Kind::Object && document.first_child(extras) == no_node) return "An object is never empty.";
    document.take_children(value, extras);
    const bool value_ends = value == primary.last, extras_end = extras == companion.last;
    if (extras_end && !value_ends && short_companions_) return nullptr;
    if (value_ends != extras_end) return "The lists of a key with '_' and of the one without differ in length.";
    if (value_ends) return nullptr;
    value = document.next(value);
    extras = document.next(extras);
  }
}

}  // namespace vardbron::json
