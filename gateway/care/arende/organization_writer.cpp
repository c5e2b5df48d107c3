#include "gateway/care/arende/organization_writer.h"

#include "gateway/base/uuid.h"
#include "gateway/care/chain/branch.h"
#include "gateway/care/chain/chain.h"
#include "gateway/care/chain/profiles.h"
#include "gateway/time/civil.h"

#include <array>
#include <map>
#include <string_view>
#include <utility>

namespace vardbron::care {
namespace {

constexpr std::string_view role_system = "https://vardbron.example/fhir/CodeSystem/part-roll";
constexpr std::string_view own_word_url = "https://vardbron.example/fhir/StructureDefinition/egen-uppgift";
constexpr std::array all_roles{Role::SlutenVard, Role::Socialtjanst, Role::KommunalHsv, Role::Oppenvard};

unsigned bit(Role role) { return role == Role::Unknown ? 0u : 1u << unsigned(role); }

bool says_the_same(const OrganizationWord& one, const OrganizationWord& other) {
  return one.name == other.name && one.phone == other.phone;  // the roles are those of a case
}

/// What an organisation says of itself in a notice. A later notice that leaves something out does not take it back.
void hear(OrganizationWord& word, const Notice& notice) {
  const Party& party = notice.sender;
  if (!word.is_own) word = {word.id, word.identifier, party.name, party.phone, word.roles, true, {}};
  if (!party.name.empty()) word.name = party.name;
  if (!party.phone.empty()) word.phone = party.phone;
  word.said = {notice.sent, time::format_local(notice.sent)};
}

}  // namespace

std::string organization_id(const Identity& identifier) {
  return to_string(uuid_v5(uuid_root, "organization|" + name_of(identifier)));
}

std::vector<OrganizationWord> organization_words(const Facts& facts) {
  std::map<std::string_view, OrganizationWord> words;
  for (const auto& [id, member] : facts.members.all()) {
    if (!member.knows() && id != facts.stay.provider) continue;
    const Party& party = member.party;
    words[id] = {organization_id(party.identifier),
                 party.identifier,
                 party.name,
                 party.phone,
                 member.roles_by_hospital == 0 ? member.roles : member.roles_by_hospital,
                 false,
                 {}};
  }
  for (const ChainEntry& link : facts.links) {
    const bool counts = link.notice && link.link_status != LinkStatus::Withheld && link.link_status != LinkStatus::Replaced;
    if (!counts) continue;
    const auto found = words.find(link.notice->sender.id);
    if (found != words.end()) hear(found->second, *link.notice);
  }
  std::vector<OrganizationWord> all;
  for (auto& [id, word] : words) all.push_back(std::move(word));
  return all;
}

Projected organization(const OrganizationWord& word, const tree::Names& names) {
  Projected projected{"Organization", word.id, tree::Document(names), {std::string(every_organisation)}};
  Branch root(projected.document, 0);
  root.text("resourceType", "Organization").text("id", word.id);
  root.object("meta").text_item("profile", profile_of("Organization"));
  if (word.is_own) root.extension(own_word_url).text("valueDateTime", word.said.text);
  root.identifier_item(word.identifier.system, word.identifier.value);
  for (const Role role : all_roles)
    if (word.roles & bit(role)) root.concept_item("type", role_system, to_string(role));
  root.text("name", word.name);
  if (!word.phone.empty()) root.item("telecom").text("system", "phone").text("value", word.phone);
  return projected;
}

std::optional<OrganizationWord> read_organization(const tree::Document& organization) {
  const tree::Item root = tree::root(organization);
  OrganizationWord word;
  word.id = root.text_of("id");
  word.name = root.text_of("name");
  word.phone = root.child("telecom").text_of("value");
  const tree::Item identifier = root.child("identifier");
  word.identifier = {std::string(identifier.text_of("system")), std::string(identifier.text_of("value"))};
  for (tree::Item each = root.first_child(); each; each = each.next()) {
    if (each.name_text() == "type")
      for (const Role role : all_roles)
        if (each.child("coding").text_of("code") == to_string(role)) word.roles |= bit(role);
    if (each.name_text() != "extension" || each.text_of("url") != own_word_url) continue;
    word.is_own = true;
    word.said.text = each.text_of("valueDateTime");
    if (const Result<time::CivilTime> at = time::parse_civil(word.said.text)) word.said.at = at->at;
  }
  if (word.id != organization_id(word.identifier)) return std::nullopt;
  return word;
}

bool replaces(const OrganizationWord& known, const OrganizationWord& newer) {
  if (says_the_same(known, newer) && known.is_own == newer.is_own) return false;
  if (known.is_own != newer.is_own) return newer.is_own;
  return newer.is_own && known.said.at < newer.said.at;
}

}  // namespace vardbron::care
