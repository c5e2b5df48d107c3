#include "gateway/care/chain/read_merge.h"

#include "gateway/base/limits.h"
#include "gateway/care/chain/chain.h"
#include "gateway/sweden/person_identifier.h"
#include "gateway/time/civil.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string>
#include <utility>

namespace vardbron::care {
namespace {

Failure no_merge(std::string says, std::string where) { return Failure{Cause::Invalid, std::move(says), std::move(where)}; }

Result<void> read_link(tree::Item link, const std::string& where, Notice& notice) {
  if (link.text_of("type") != "replaces")
    return no_merge(
        "A link of the patient names by \"replaces\" a number that is used no more; numbers that both go on are "
        "identifiers of the patient.",
        where + ".type");
  const tree::Item identifier = link.child("other").child("identifier");
  const std::chrono::year_month_day today(time::day_of(notice.sent));
  Result<sweden::PersonIdentifier> read =
      sweden::parse_person_identifier(identifier.text_of("system"), identifier.text_of("value"), today);
  if (!read) return no_merge(std::move(read).failure().says, where + ".other.identifier.value");
  Identity number{std::move(read->uri), std::move(read->value)};
  if (contains(notice.person.identifiers, number))
    return no_merge("The number that is used no more is the one that remains: a merge names two numbers.",
                    where + ".other.identifier.value");
  if (!contains(notice.replaced_numbers, number)) notice.replaced_numbers.push_back(std::move(number));
  return done();
}

void leave_out(Notice& notice, std::string says) { notice.doubts.push_back({"not-of-a-person", std::move(says)}); }

void leave_out_the_rest(Notice& notice) {
  if (!notice.receivers.empty())
    leave_out(notice, "Of a notice about the person alone nobody is notified: its receivers are not used.");
  if (notice.person.protection != Protection::None && notice.says() == Event::PersonUnmerged)
    leave_out(notice, "The protected identity is not taken over from here: say it in a notice of an ärende of the person.");
  if (notice.person.deceased)
    leave_out(notice, "The death is not taken over from here: say it in a notice of an ärende of the person.");
  if (!notice.payloads.empty() || notice.consent)
    leave_out(notice, "Texts, files and consent are not taken over from here: send them in a notice of an ärende.");
}

}  // namespace

Result<void> read_merge(tree::Item patient, std::string_view path, Notice& notice) {
  std::size_t index = 0;
  for (tree::Item child = patient.child("link"); child; child = child.next()) {
    if (child.name_text() != "link") continue;
    Result<void> read = read_link(child, std::string(path) + ".link[" + std::to_string(index++) + "]", notice);
    if (!read) return read;
  }
  const std::size_t named = notice.person.identifiers.size() + notice.replaced_numbers.size();
  if (is_of_person(notice.says()) && named < 2)
    return no_merge(
        "A merge names at least two numbers: what the patient has now is an identifier, and what is used no more a link.",
        std::string(path) + ".link");
  if (notice.says() == Event::PersonUnmerged && notice.replaced_numbers.empty())
    return no_merge("Of two numbers that are two persons' one is an identifier of the patient, and the other one a link.",
                    std::string(path) + ".link");
  if (named > limits::numbers_per_person_max)
    return Failure{
        Cause::TooLarge,
        "The notice names more than " + std::to_string(limits::numbers_per_person_max) + " numbers, and a person has no more.",
        std::string(path) + ".link"};
  leave_out_the_rest(notice);
  return done();
}

}  // namespace vardbron::care
