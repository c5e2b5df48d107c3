#include "gateway/exchange/organization_register.h"

#include "gateway/care/arende/organization_writer.h"
#include "gateway/formats/json/parse.h"
#include "gateway/formats/json/write.h"

#include <utility>

namespace vardbron::exchange {

std::optional<OrganizationRegister::Known> OrganizationRegister::known(const std::string& id) const {
  std::lock_guard lock(guard_);
  const auto found = known_.find(id);
  if (found == known_.end()) return std::nullopt;
  return found->second;
}

void OrganizationRegister::keep(const std::string& id, Known known) {
  std::lock_guard lock(guard_);
  if (known_.size() >= kept_max_) known_.clear();
  known_.insert_or_assign(id, std::move(known));
}

Task<Result<void>> OrganizationRegister::look_up(store::Store& store, std::span<const care::OrganizationWord> words,
                                                 const tree::Names& names) {
  std::vector<store::ResourceName> wanted;
  for (const care::OrganizationWord& word : words)
    if (!known(word.id)) wanted.push_back({"Organization", word.id});
  if (wanted.empty()) co_return done();
  const store::Reader everything{"", true};
  auto read = co_await store.read_all(everything, wanted, store::Bodies::With);
  if (!read) co_return std::move(read).failure();
  for (std::size_t index = 0; index < wanted.size(); ++index) {
    Result<store::Resource>& resource = (*read)[index];
    if (!resource && resource.failure().cause != Cause::NotFound) co_return std::move(resource).failure();
    Known found;
    if (resource) {
      Result<tree::Document> document = json::parse(resource->body, names);
      std::optional<care::OrganizationWord> word;
      if (document) word = care::read_organization(*document);
      if (!word) co_return Failure{Cause::Broken, "A stored Organization cannot be read.", "Organization/" + wanted[index].id};
      found = {resource->version, *std::move(word)};
    }
    keep(wanted[index].id, std::move(found));
  }
  co_return done();
}

Task<Result<OrganizationRegister::Written>> OrganizationRegister::write(store::Store& store,
                                                                        std::span<const care::OrganizationWord> words,
                                                                        const tree::Names& names,
                                                                        const search::Indexer& indexer) {
  Result<void> looked_up = co_await look_up(store, words, names);
  if (!looked_up) co_return std::move(looked_up).failure();
  Written written;
  for (const care::OrganizationWord& word : words) {
    const Known before = known(word.id).value_or(Known{});
    if (before.version > 0 && !care::replaces(before.word, word)) continue;
    care::Projected made = care::organization(word, names);
    store::ResourceWrite one;
    one.type = made.type;
    one.id = made.id;
    one.body = json::write(made.document);
    one.expected_version = before.version;
    one.keys = indexer.keys(tree::root(made.document));
    one.parties = std::move(made.parties);
    written.part.resources.push_back(std::move(one));
    written.words.push_back(word);
  }
  co_return written;
}

void OrganizationRegister::committed(std::span<const care::OrganizationWord> words,
                                     std::span<const store::ResourceVersion> versions) {
  for (std::size_t index = 0; index < words.size() && index < versions.size(); ++index)
    keep(words[index].id, {versions[index].version, words[index]});
}

void OrganizationRegister::forget(std::span<const care::OrganizationWord> words) {
  std::lock_guard lock(guard_);
  for (const care::OrganizationWord& word : words) known_.erase(word.id);
}

}  // namespace vardbron::exchange
