#include "gateway/workbench/difference_match.h"

#include "gateway/formats/json/write.h"

#include <algorithm>
#include <array>
#include <deque>
#include <string_view>
#include <unordered_map>

namespace vardbron::workbench {

namespace {

constexpr std::size_t nobody = SIZE_MAX;

/// Partners found so far, by index; `nobody` = none.
struct Match {
  Match(std::size_t expected, std::size_t found) : of_expected(expected, nobody), of_found(found, nobody) {}
  void join(std::size_t expected, std::size_t found) {
    of_expected[expected] = found;
    of_found[found] = expected;
  }
  std::vector<std::size_t> of_expected, of_found;
};

/// Pairs unmatched items with the same key; of several the first with the first.
void join_by_key(Match& match, const std::vector<std::string>& expected, const std::vector<std::string>& found) {
  std::unordered_map<std::string_view, std::deque<std::size_t>> free;
  for (std::size_t at = 0; at < found.size(); ++at) {
    if (match.of_found[at] == nobody && !found[at].empty()) free[found[at]].push_back(at);
  }
  for (std::size_t at = 0; at < expected.size(); ++at) {
    if (match.of_expected[at] != nobody || expected[at].empty()) continue;
    auto there = free.find(expected[at]);
    if (there == free.end() || there->second.empty()) continue;
    match.join(at, there->second.front());
    there->second.pop_front();
  }
}

std::vector<std::string> texts_of(const std::vector<tree::Item>& items) {
  std::vector<std::string> texts;
  for (const tree::Item& item : items) {
    const bool is_leaf = item.has_value() && !item.first_child();
    texts.push_back(is_leaf ? "=" + std::string(item.text()) : json::write(*item.document, item.node));
  }
  return texts;
}

void join_rest(Match& match) {
  std::size_t next = 0;
  for (std::size_t at = 0; at < match.of_expected.size(); ++at) {
    if (match.of_expected[at] != nobody) continue;
    while (next < match.of_found.size() && match.of_found[next] != nobody) ++next;
    if (next == match.of_found.size()) return;
    match.join(at, next);
  }
}

void add(std::vector<std::string>& keys, std::string_view name, std::string value) {
  const bool says_something = !value.empty() && value != "|";
  keys.push_back(says_something ? std::string(name) + "=" + value : "");
}

std::string pair_of(tree::Item item, std::string_view one, std::string_view other) {
  const std::string_view left = item.text_of(one), right = item.text_of(other);
  if (right.empty()) return {};
  return std::string(left) + "|" + std::string(right);
}

std::string first_code(tree::Item concept_or_coding) {
  tree::Item coding = concept_or_coding.child("coding");
  return pair_of(coding ? coding : concept_or_coding, "system", "code");
}

}  // namespace

// Every item has the same ranks in the same order, "" if it has no value for one, so that ranks can be compared.
std::vector<std::string> identities_of(tree::Item item) {
  std::vector<std::string> keys;
  const tree::Item resource = item.child("resource") ? item.child("resource") : item;
  const tree::Item identifier = resource.child("identifier");
  add(keys, "fullUrl", std::string(item.text_of("fullUrl")));
  add(keys, "resource", pair_of(resource, "resourceType", "id"));
  add(keys, "identifier", identifier ? pair_of(identifier, "system", "value") : "");
  add(keys, "id", std::string(item.text_of("id")));
  add(keys, "linkId", std::string(item.text_of("linkId")));
  add(keys, "value", pair_of(item, "system", "value"));
  add(keys, "code", pair_of(item, "system", "code"));
  add(keys, "coding", first_code(item));
  add(keys, "reference", std::string(item.text_of("reference")));
  add(keys, "url", std::string(item.text_of("url")));
  add(keys, "of code", item.child("code") ? first_code(item.child("code")) : "");
  add(keys, "of type", item.child("type") ? first_code(item.child("type")) : "");
  add(keys, "type", std::string(resource.text_of("resourceType")));
  add(keys, "use", pair_of(item, "system", "use"));
  return keys;
}

Pairs match_items(const std::vector<tree::Item>& expected, const std::vector<tree::Item>& found) {
  Match match(expected.size(), found.size());
  join_by_key(match, texts_of(expected), texts_of(found));
  std::vector<std::vector<std::string>> expected_keys, found_keys;
  for (const tree::Item& item : expected) expected_keys.push_back(identities_of(item));
  for (const tree::Item& item : found) found_keys.push_back(identities_of(item));
  const std::size_t ranks = expected_keys.empty() ? 0 : expected_keys.front().size();
  for (std::size_t rank = 0; rank < ranks; ++rank) {
    std::vector<std::string> ours, theirs;
    for (const std::vector<std::string>& keys : expected_keys) ours.push_back(keys[rank]);
    for (const std::vector<std::string>& keys : found_keys) theirs.push_back(keys[rank]);
    join_by_key(match, ours, theirs);
  }
  join_rest(match);
  Pairs pairs;
  for (std::size_t at = 0; at < expected.size(); ++at) {
    if (match.of_expected[at] != nobody) pairs.emplace_back(at, match.of_expected[at]);
  }
  return pairs;
}

}  // namespace vardbron::workbench
