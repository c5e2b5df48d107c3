#include "gateway/care/arende/contact_writer.h"
#include "gateway/care/chain/chain.h"
#include "gateway/care/chain/code_systems.h"
#include "gateway/care/contact_body.h"
#include "gateway/exchange/act.h"
#include "gateway/time/civil.h"
#include "gateway/tree/children.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace vardbron::exchange {

namespace {

using care::Contact;
using tree::Item;

bool is_fast_kontakt(Item team) {
  bool is_one = false, is_other = false;
  tree::for_each_child(team, "category", [&](Item category) {
    tree::for_each_child(category, "coding", [&](Item coding) {
      const bool is_it = coding.text_of("system") == care::team_system && coding.text_of("code") == care::fast_kontakt;
      (is_it ? is_one : is_other) = true;
    });
  });
  return is_one && !is_other;
}

ActRead said_of_contact(Contact contact) {
  care::Notice notice;
  notice.event = care::Event::FastVardkontakt;
  notice.contact = std::move(contact);
  return std::optional(std::move(notice));
}

Result<void> check_period_of_contact(Item period) {
  for (Item child = period.first_child(); child; child = child.next()) {
    const std::string_view name = child.name_text();
    if (name != "start" && name != "end")
      return not_kept("Of a period start and end are kept. Leave this out.", "CareTeam.period." + std::string(name));
  }
  return done();
}

ActRead read_new_contact(const ActInput& input) {
  const Item body = input.body;
  if (!is_fast_kontakt(body))
    return not_kept("A CareTeam that is made here is one fast kontakt: category " + std::string(care::team_system) + "|" +
                        std::string(care::fast_kontakt) +
                        ", alone. Who takes part in a plan is said by a notice plan.participants.",
                    "CareTeam.category");
  if (body.text_of("status") != "active")
    return not_kept("A fast vårdkontakt is appointed with status active.", "CareTeam.status");
  const Item period = body.child("period");
  if (Result<void> checked = check_period_of_contact(period); !checked) return std::move(checked).failure();
  if (period.child("end"))
    return not_kept("Who is appointed has no end: send it when it has come, by PUT.", "CareTeam.period.end");
  if (const care::Items units = care::items_of(body, "managingOrganization"); units.size() > 1)
    return not_kept("A fast vårdkontakt is of one unit.", "CareTeam.managingOrganization[1]");
  Result<Contact> contact = care::read_contact_team(body, input.sender);
  if (!contact) return std::move(contact).failure();
  const std::string since(period.text_of("start"));
  if (!since.empty() && !contact->since.empty() && contact->since != since)
    return not_kept("This differs from what the contained role says.", "CareTeam.period.start");
  if (!since.empty()) contact->since = since;
  return said_of_contact(*std::move(contact));
}

/// When the contact ends by this act; "" = it goes on.
Result<std::string> end_of(const ActInput& input) {
  const Item period = input.body.child("period");
  const std::string end(period.text_of("end"));
  if (end.empty()) return input.body.text_of("status") == "inactive" ? time::format_local(input.now) : std::string();
  const Result<time::CivilTime> at = time::parse_civil(end);
  if (!at) return not_kept("This is no date or time.", "CareTeam.period.end");
  if (at->at > input.now)
    return not_kept("This end is still to come, and until then the fast vårdkontakt is one. Send it when it has come.",
                    "CareTeam.period.end");
  return end;
}

/// What would change of a contact beside the telephone numbers, the team and the identifiers; "" = nothing.
std::string other_contact(const Contact& known, const Contact& wanted) {
  if (wanted.name != known.name) return "CareTeam.participant[0].member";
  const auto type = [](const Contact& contact) { return contact.type.empty() ? std::string("1") : contact.type; };
  if (type(wanted) != type(known)) return "CareTeam.participant[0].role";
  if (!wanted.since.empty()) return "CareTeam.contained[0].period";
  return "";
}

std::string taken_away(const Contact& known, const Contact& wanted) {
  if (wanted.phone.empty() && !known.phone.empty()) return "CareTeam.contained[0].telecom";
  if (wanted.identifiers.empty() && !known.identifiers.empty()) return "CareTeam.contained[0].identifier";
  if (wanted.team.empty() && !known.team.empty()) return "CareTeam.participant[0].extension";
  if (wanted.team_phone.empty() && !known.team_phone.empty()) return "CareTeam.telecom";
  return "";
}

ActRead read_end_of_contact(const Contact& known, std::string end, bool is_changed) {
  if (is_changed)
    return not_kept("A contact is changed or ended, one at a time: what is said of who is no contact any more is told to nobody.",
                    "CareTeam.participant");
  Contact ended;
  ended.name = known.name;
  ended.type = known.type;
  ended.until = std::move(end);
  return said_of_contact(std::move(ended));
}

ActRead read_known_contact(const ActInput& input) {
  if (!is_fast_kontakt(input.current))
    return not_kept("Who takes part in a plan is said by a notice plan.participants, not by its CareTeam.", "CareTeam");
  const std::string status(input.body.text_of("status")), is(input.current.text_of("status"));
  const bool is_changed = changes(input, "participant") || changes(input, "contained") || changes(input, "telecom");
  const bool moves = changes(input, "status") || changes(input, "period");
  if (!is_changed && !moves) return std::optional<care::Notice>();
  if (is != "active")
    return not_kept("This one is no fast vårdkontakt any more. Appoint one by POST of a CareTeam.", "CareTeam.status");
  if (status == "entered-in-error")
    return not_kept("An appointment that was wrong is cancelled by a notice nullified that names the notice of it.",
                    "CareTeam.status");
  if (!status.empty() && status != "active" && status != "inactive")
    return not_kept("A fast vårdkontakt is active, and then inactive.", "CareTeam.status");
  const Item period = input.body.child("period");
  if (Result<void> checked = check_period_of_contact(period); !checked) return std::move(checked).failure();
  if (const std::string_view start = period.text_of("start");
      !start.empty() && start != input.current.child("period").text_of("start"))
    return not_kept("Since when it is one is not changed: correct the notice of it, by a notice corrected.",
                    "CareTeam.period.start");
  Result<Contact> known = care::read_contact_team(input.current, input.sender);
  if (!known) return std::move(known).failure();
  Result<std::string> end = end_of(input);
  if (!end) return std::move(end).failure();
  if (!end->empty()) return read_end_of_contact(*known, *std::move(end), is_changed);
  if (!is_changed) return std::optional<care::Notice>();
  if (!input.body.child("participant"))
    return not_kept("Say the whole contact as you change it: participant, contained and telecom.", "CareTeam.participant");
  Result<Contact> wanted = care::read_contact_team(input.body, input.sender);
  if (!wanted) return std::move(wanted).failure();
  if (const std::string other = other_contact(*known, *wanted); !other.empty())
    return not_kept(
        "A CareTeam is one contact. Another one is appointed by POST of a CareTeam, which ends this one where a patient "
        "or a unit has one of that kind; what was wrong is corrected by a notice corrected.",
        other);
  if (const std::string lost = taken_away(*known, *wanted); !lost.empty())
    return not_kept("What is known of a contact is replaced, and not taken away: send it as it was read.", lost);
  return said_of_contact(*std::move(wanted));
}

}  // namespace

ActRead read_care_team_act(const ActInput& input) { return input.current ? read_known_contact(input) : read_new_contact(input); }

std::vector<std::string> names_of_contact(const care::Notice& notice) { return {"kontakt|" + care::name_of(notice.identity)}; }

bool is_team_of_contact(Item team, const care::Notice& notice) {
  const std::string unit = organisation_at(team.child("managingOrganization").child("identifier"));
  if (unit != notice.sender.id || !is_fast_kontakt(team)) return false;
  const Result<Contact> contact = care::read_contact_team(team, unit);
  const std::string type = notice.contact->type.empty() ? "1" : notice.contact->type;
  return contact && contact->name == notice.contact->name && contact->type == type;
}

}  // namespace vardbron::exchange
