#include "gateway/subscription/subscription_resource.h"

#include "gateway/base/text.h"
#include "gateway/formats/json/write.h"

#include <algorithm>
#include <array>

namespace vardbron::subscription {

namespace {

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> list) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

std::string_view header_name(std::string_view header) { return header.substr(0, std::min(header.find(':'), header.size())); }

bool is_masked(std::string_view header) {
  std::size_t colon = header.find(':');
  return colon != std::string_view::npos && trim(header.substr(colon + 1)) == header_mask;
}

// The n-th header of that name, so that two of one name keep their values apart.
std::string_view header_of(tree::Item resource, std::string_view name, std::size_t nth) {
  for (tree::Item child = resource.child("channel").first_child(); child; child = child.next()) {
    if (child.name_text() != "header" || !equal_without_case(header_name(child.text()), name)) continue;
    if (nth-- == 0) return child.text();
  }
  return {};
}

// Copies a resource element by element.
class Copier {
 public:
  explicit Copier(tree::Item from) : from_(from), to_(from.document->names()) {}

  void text(std::string_view name, std::string_view value) { to_.add_text(0, to_.intern(name), tree::Kind::String, value); }

  void meta(tree::Item meta) {
    tree::NodeId made = to_.add(0, to_.intern("meta"), tree::Kind::Object);
    if (!meta) return;
    for (tree::Item child = meta.first_child(); child; child = child.next()) {
      if (!is_one_of(child.name_text(), {"versionId", "lastUpdated"})) copy(made, child);
    }
  }

  void subscriber(std::string_view organisation) {
    tree::NodeId made = to_.add(0, to_.intern("extension"), tree::Kind::Object, true);
    to_.add_text(made, to_.intern("url"), tree::Kind::String, subscriber_extension);
    to_.add_text(made, to_.intern("valueString"), tree::Kind::String, organisation);
  }

  // The channel with each header replaced by the result of `rewrite`.
  template <class Rewrite>
  void channel(tree::Item channel, Rewrite rewrite) {
    tree::NodeId made = to_.add(0, to_.intern("channel"), tree::Kind::Object);
    for (tree::Item child = channel.first_child(); child; child = child.next()) {
      if (child.name_text() != "header") {
        copy(made, child);
        continue;
      }
      to_.add_text(made, to_.intern("header"), tree::Kind::String, rewrite(child), true);
    }
  }

  void copy(tree::NodeId parent, tree::Item branch) {
    to_.copy(parent, *from_.document, branch.node, branch.name(), branch.document->in_list(branch.node));
  }

  std::string json() const { return json::write(to_); }

 private:
  tree::Item from_;
  tree::Document to_;
};

bool is_our_extension(tree::Item child) {
  return child.name_text() == "extension" && child.text_of("url") == subscriber_extension;
}

}  // namespace

std::string subscription_resource(tree::Item resource, const Identity& identity, Status status, tree::Item before) {
  Copier copier(resource);
  copier.text("resourceType", "Subscription");
  copier.text("id", identity.id);
  copier.meta(resource.child("meta"));
  copier.subscriber(identity.organisation);
  copier.text("status", to_string(status));
  std::vector<std::string> seen;
  auto unmask = [&](tree::Item header) {
    std::string name = to_lower(header_name(header.text()));
    auto nth = static_cast<std::size_t>(std::count(seen.begin(), seen.end(), name));
    seen.push_back(name);
    if (!before || !is_masked(header.text())) return std::string(header.text());
    std::string_view kept = header_of(before, name, nth);
    return std::string(kept.empty() ? header.text() : kept);
  };
  for (tree::Item child = resource.first_child(); child; child = child.next()) {
    if (is_one_of(child.name_text(), {"resourceType", "id", "meta", "status", "error"}) || is_our_extension(child)) continue;
    if (child.name_text() == "channel") {
      copier.channel(child, unmask);
    } else {
      copier.copy(0, child);
    }
  }
  return copier.json();
}

std::string shown_form(tree::Item stored, const store::SubscriptionState& state) {
  Copier copier(stored);
  auto mask = [](tree::Item header) { return std::string(header_name(header.text())) + ": " + std::string(header_mask); };
  std::string error = shown_error(state);
  for (tree::Item child = stored.first_child(); child; child = child.next()) {
    if (child.name_text() == "status") {
      copier.text("status", to_string(shown_status(state)));
      if (!error.empty()) copier.text("error", error);
    } else if (child.name_text() == "channel") {
      copier.channel(child, mask);
    } else {
      copier.copy(0, child);
    }
  }
  return copier.json();
}

Status shown_status(const store::SubscriptionState& state) {
  if (state.hold == store::DeliveryHold::HandshakeDue) return Status::Requested;
  return parse_status(state.status).value_or(Status::Off);
}

std::string shown_error(const store::SubscriptionState& state) {
  if (shown_status(state) != Status::Error) return {};
  return state.error;
}

}  // namespace vardbron::subscription
