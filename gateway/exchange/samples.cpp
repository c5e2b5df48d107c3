#include "gateway/exchange/samples.h"

#include "gateway/care/chain/notice.h"
#include "gateway/exchange/person_chains.h"
#include "gateway/exchange/receipt.h"
#include "gateway/formats/json/write.h"
#include "gateway/store/rules.h"

#include <utility>

namespace vardbron::exchange {

namespace {

// A HSA-id of a hospital is about as long.
constexpr std::string_view sender = "SE2321000000-0000";

/// What the store gets of a notice: nothing if the case cannot be worked out.
void add_bodies(care::Notice notice, const CaseRules& rules, store::Samples& samples) {
  store::Case fresh;
  fresh.key = std::string(sender) + "|" + notice.case_key;
  notice.case_key = fresh.key;
  const WallTime at = notice.happened.at;
  Result<KeptCase> known = read_case(std::move(fresh), rules);
  if (!known) return;
  Result<ProjectedCase> projected = project_case(*known, care::Link{notice}, rules, at);
  if (!projected) return;
  CaseChange made = change_of(*known, *projected, rules, subscription::Matcher());
  PersonChains person;
  for (const care::Identity& each : projected->after.stay.person.identifiers) {
    NumberChain& chain = person.numbers.emplace_back();
    chain.number = each;
    chain.key = care::person_key(rules.person_secret, each);
  }
  add_person(person, {}, projected->after.stay, false, rules, made.change);
  std::string all;
  for (const store::CasePart* part : store::parts_of(made.change)) {
    for (const store::ResourceWrite& write : part->resources) all += write.body;
    for (const store::ChainLink& link : part->links) samples.links.push_back(link.body);
  }
  samples.changes.push_back(std::move(all));
  const access::Receivers all_known;
  const Stored stored{notice, projected->after, made.change.resources.size(), false, made.notified, all_known};
  samples.receipts.push_back(stored_text(stored));
}

}  // namespace

store::Samples samples_of(Channels& channels, const std::vector<SampleMessage>& messages, const CaseRules& rules) {
  store::Samples samples;
  for (const SampleMessage& message : messages) {
    samples.messages[message.channel].push_back(message.body);
    Channel* channel = channels.find(message.channel);
    if (channel == nullptr) continue;
    Result<tree::Document> bundle = channel->to_notice(message.content_type, message.body, sender, WallTime{});
    if (!bundle) continue;
    Result<care::Notice> notice = care::read_notice(*bundle);
    if (!notice) continue;
    notice->received = care::mark_received(*bundle, notice->happened.at);
    samples.links.push_back(json::write(*bundle));
    if (!notice->is_about_person_alone()) add_bodies(*std::move(notice), rules, samples);
  }
  return samples;
}

}  // namespace vardbron::exchange
