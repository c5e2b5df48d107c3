#include "gateway/fhir/bundle.h"

#include "gateway/fhir/reference.h"

namespace vardbron::fhir {

using tree::Item;

BundleIndex::BundleIndex(Item bundle) {
  for (Item each = bundle.child("entry"); each; each = each.next()) {
    if (each.name_text() != "entry") continue;
    Entry entry{each.text_of("fullUrl"), each, each.child("resource")};
    if (!entry.full_url.empty()) by_url_.try_emplace(entry.full_url, entries_.size());
    std::string_view id = entry.resource.text_of("id");
    if (!id.empty())
      by_type_and_id_.try_emplace(std::string(entry.resource.text_of("resourceType")).append("/").append(id), entries_.size());
    if (entry.resource) by_node_.try_emplace(entry.resource.node, entries_.size());
    entries_.push_back(entry);
  }
}

const BundleIndex::Entry* BundleIndex::entry_of(Item resource) const {
  auto found = by_node_.find(resource.node);
  return found == by_node_.end() ? nullptr : &entries_[found->second];
}

Item BundleIndex::resolve(std::string_view literal, Item from) const {
  Reference reference = parse_reference(literal);
  if (reference.form == Reference::Form::Contained) return contained(from, reference.id);
  if (reference.form == Reference::Form::Container) return from;
  std::string_view versionless = literal.substr(0, literal.find("/_history/"));
  if (auto found = by_url_.find(versionless); found != by_url_.end()) return entries_[found->second].resource;
  if (reference.form != Reference::Form::Relative) return {};
  // bundle.html#references: a relative reference is resolved against the base of the entry's own fullUrl, if it has one.
  if (const Entry* own = entry_of(from)) {
    Reference place = parse_reference(own->full_url);
    if (place.form == Reference::Form::Absolute) {
      auto found = by_url_.find(std::string(place.base).append("/").append(versionless));
      return found == by_url_.end() ? Item{} : entries_[found->second].resource;
    }
  }
  auto found = by_type_and_id_.find(local_reference(reference));
  return found == by_type_and_id_.end() ? Item{} : entries_[found->second].resource;
}

Item BundleIndex::resolve(Item reference, Item from) const { return resolve(reference.text_of("reference"), from); }

Item BundleIndex::first(std::string_view type) const {
  for (const Entry& entry : entries_)
    if (entry.resource.text_of("resourceType") == type) return entry.resource;
  return {};
}

std::vector<Item> BundleIndex::all(std::string_view type) const {
  std::vector<Item> found;
  for (const Entry& entry : entries_)
    if (entry.resource.text_of("resourceType") == type) found.push_back(entry.resource);
  return found;
}

bool is_message(Item resource) { return bool(message_header(resource)); }

Item message_header(Item bundle) {
  if (bundle.text_of("resourceType") != "Bundle" || bundle.text_of("type") != "message") return {};
  Item first = bundle.child("entry").child("resource");
  return first.text_of("resourceType") == "MessageHeader" ? first : Item{};
}

Item contained(Item resource, std::string_view id) {
  for (Item each = resource.child("contained"); each; each = each.next())
    if (each.name_text() == "contained" && each.text_of("id") == id) return each;
  return {};
}

}  // namespace vardbron::fhir
