#include "tests/care/scenario.h"

#include "gateway/time/civil.h"
#include "gateway/tree/children.h"

#include <utility>

namespace vardbron::care {
namespace {

Party scenario_unit(std::string id, std::string name, Role role) {
  return {id, {"urn:oid:1.2.752.29.4.19", id}, std::move(name), "010-1234567", role};
}

void set_time(Notice& notice, std::string_view happened, std::string_view sent) {
  notice.happened = {moment(happened), time::format_local(moment(happened))};
  notice.sent = moment(sent);
}

}  // namespace

Party med5() { return scenario_unit("SE2321990018-MED5", "Medicinavdelning 5", Role::SlutenVard); }
Party vc07() { return scenario_unit("SE2321990018-VC07", "Vårdcentralen Linden", Role::Oppenvard); }
Party hsv1() { return scenario_unit("SE2120990011-HSV1", "Hemsjukvården, Exempelstads kommun", Role::KommunalHsv); }
Party soc1() { return scenario_unit("SE2120990011-SOC1", "Biståndsenheten, Exempelstads kommun", Role::Socialtjanst); }
Party soc_1280() { return scenario_unit("SE2120001124-SOC9", "En annan kommun", Role::Socialtjanst); }
Party home_care_ltd() { return scenario_unit("SE5565594230-ABC", "Hemvård AB", Role::KommunalHsv); }

Start::Start(std::vector<Party> to, std::string_view admitted, std::string_view sent)
    : receivers(std::move(to)), n1(ward(Event::Admission, sent)) {
  // The numbers of the cast are in no list: that of 0880 is taken from its units.
  organisationsnummer.clear();
  n1.stay.period_start = time::format_local(moment(admitted));
  n1.stay.planned_discharge = time::format_day(time::day_of(moment(admitted)) + std::chrono::days(7));
}

Notice& Start::ward(Event event, std::string_view at) {
  Notice& notice = from(add(event, at), med5(), receivers);
  notice.stay.provider = med5().id;
  notice.stay.planned_discharge.clear();
  return notice;
}

Notice& Start::n6(std::string_view assessed, std::string_view sent) {
  Notice& notice = ward(Event::DischargeReady, assessed);
  notice.stay.discharge_ready = notice.happened;
  if (!sent.empty()) set_time(notice, assessed, sent);
  return notice;
}

Notice& Start::n8(std::string_view at) { return party(vc07(), Event::SipInvitation, at); }

Notice& Start::party(const Party& by, Event event, std::string_view at) {
  Notice& notice = ward(event, at);
  std::vector<Party> others{med5()};
  for (const Party& each : receivers)
    if (each.id != by.id) others.push_back(each);
  notice.stay.provider.clear();
  return from(notice, by, std::move(others));
}

Charged charged(const Projection& now) {
  Charged found;
  for (const Projected& resource : now.resources) {
    if (resource.type != "ChargeItem") continue;
    const tree::Item root = tree::root(resource.document);
    ++found.items;
    found.text = to_text(resource.document);
    found.status = root.text_of("status");
    found.days = root.child("quantity").text_of("value");
    found.first = root.child("occurrencePeriod").text_of("start");
    tree::for_each_child(root, "extension", [&](tree::Item extension) {
      const std::string_view url = extension.text_of("url");
      if (url.ends_with("/betalningsklocka")) found.state = extension.text_of("valueCode");
      if (url.ends_with("/betalningsansvarig"))
        found.payer = extension.child("valueReference").child("identifier").text_of("value");
    });
  }
  return found;
}

std::string villkor(const Projection& now, std::string_view code) {
  std::string state = "none";
  for (const Projected& resource : now.resources) {
    if (resource.type != "ChargeItem") continue;
    tree::for_each_child(tree::root(resource.document), "extension", [&](tree::Item extension) {
      std::string named, lage;
      tree::for_each_child(extension, "extension", [&](tree::Item part) {
        if (part.text_of("url") == "villkor") named = part.text_of("valueCode");
        if (part.text_of("url") == "lage") lage = part.text_of("valueCode");
      });
      if (named == code) state = lage;
    });
  }
  return state;
}

bool finding_says(const Projection& now, const Notice& about, std::string_view code, std::string_view words) {
  for (const Finding& finding : now.findings)
    if (finding.identity == about.identity.system + "|" + about.identity.value && finding.code == code &&
        text_of(finding).find(words) != std::string::npos)
      return true;
  return false;
}

}  // namespace vardbron::care
