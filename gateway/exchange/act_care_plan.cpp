// Tested by tests/rest/plan_acts_test.cpp.

#include "gateway/care/chain/chain.h"
#include "gateway/care/chain/code_systems.h"
#include "gateway/care/plan/plan_kind.h"
#include "gateway/exchange/act.h"
#include "gateway/time/civil.h"
#include "gateway/tree/children.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vardbron::exchange {

namespace {

using care::Place;
using care::PlanContent;
using tree::Item;

constexpr std::string_view plan_kind_system = "https://vardbron.example/fhir/CodeSystem/plan-typ";
constexpr std::string_view nobody_else = "Ingen annan än regionen och kommunen vidtar åtgärder.";

/// What a note is about, as the gateway writes it.
struct KindOfNote {
  std::string_view start;
  std::string PlanContent::*kept;
};
constexpr std::array kinds_of_note{KindOfNote{"Beslut om insatser: ", &PlanContent::decision},
                                   KindOfNote{"Inställning till insatserna: ", &PlanContent::attitude},
                                   KindOfNote{"Om det blir sämre: ", &PlanContent::if_worse}};
constexpr std::string_view note_of_others = "Åtgärder av andra: ";
constexpr std::string_view short_term = "delmal";
constexpr std::string_view when_agreed =
    "This is not kept of a draft: it is said when the plan is agreed (status active). Leave it out until then.";

/// Where the body says what a point of the law asks for.
std::string_view place_of_point(care::plan::Point point) {
  switch (point) {
    case care::plan::Point::MainResponsible: return "CarePlan.author";
    case care::plan::Point::Decision:
    case care::plan::Point::MeasuresOfOthers: return "CarePlan.note";
    default: return "CarePlan.activity";
  }
}

/// Reads what a plan is to state, of the body, and of the plan as it is where the body leaves an element out.
class PlanBody {
 public:
  /// `is_draft`: what is stated only of a plan that is agreed is refused.
  PlanBody(const ActInput& input, bool is_draft) : input_(input), is_draft_(is_draft) {}

  Result<PlanContent> read(std::vector<care::Party>& parties) {
    parties_ = &parties;
    content_.need = source("description").text_of("description");
    if (const Item author = source("author").child("author")) content_.main_responsible = unit({author, "CarePlan.author"});
    if (is_draft_ && changes(input_, "author") && content_.main_responsible != input_.sender)
      refuse(std::string(when_agreed), "CarePlan.author");
    for (const Place& each : list("activity")) read_activity(each);
    for (const Place& each : list("goal")) read_goal(each);
    for (const Place& each : list("note")) read_note(each);
    for (const Place& each : care::places_of({input_.body, "CarePlan"}, "contained"))
      if (!is_referred_to(each.item)) refuse("Nothing in CarePlan.goal refers to this, so it is not kept.", each.where);
    if (fault_) return *std::move(fault_);
    return std::move(content_);
  }

 private:
  void refuse(std::string says, std::string where) {
    if (!fault_) fault_ = not_kept(std::move(says), std::move(where));
  }

  bool is_as_it_was(std::string_view name, Item one) const {
    const care::Items known = care::items_of(input_.current, name);
    return std::any_of(known.begin(), known.end(), [&](Item each) { return care::is_same_element(each, one); });
  }

  Item source(std::string_view name) const { return input_.body.child(name) ? input_.body : input_.current; }
  std::vector<Place> list(std::string_view name) const { return care::places_of({source(name), "CarePlan"}, name); }

  void only(const Place& place, std::initializer_list<std::string_view> names) {
    for (Item child = place.item.first_child(); child; child = child.next())
      if (std::find(names.begin(), names.end(), child.name_text()) == names.end())
        refuse("This is not kept of a plan. Leave it out.", place.where + "." + std::string(child.name_text()));
  }

  std::string unit(const Place& reference) {
    Result<care::Party> party = unit_at(input_, reference);
    if (!party) {
      refuse(party.failure().says, party.failure().where);
      return "";
    }
    const auto is_it = [&](const care::Party& each) { return each.id == party->id; };
    if (std::none_of(parties_->begin(), parties_->end(), is_it)) parties_->push_back(*party);
    return party->id;
  }

  std::string time(const Place& parent, std::string_view name) {
    const std::string text(parent.item.text_of(name));
    if (!text.empty() && !time::parse_civil(text)) refuse("This is no date or time.", parent.where + "." + std::string(name));
    return text;
  }

  void read_activity(const Place& activity) {
    only(activity, {"detail", "reference"});
    if (activity.item.child("reference") && activity.item.child("detail"))
      refuse("An insats is referred to, or said here: leave one of them out.", activity.where + ".detail");
    if (const Item reference = activity.item.child("reference")) return read_task({reference, activity.where + ".reference"});
    const Place detail{activity.item.child("detail"), activity.where + ".detail"};
    only(detail, {"kind", "code", "status", "scheduledPeriod", "performer", "description"});
    const std::string_view kind = detail.item.text_of("kind");
    if (!kind.empty() && kind != "Task") refuse("An insats is a Task.", detail.where + ".kind");
    if (const std::string_view status = detail.item.text_of("status"); status != "not-started" && status != "unknown")
      refuse("An insats that is stated is not-started; what became of it is said of its Task.", detail.where + ".status");
    const Place period{detail.item.child("scheduledPeriod"), detail.where + ".scheduledPeriod"};
    only(period, {"start", "end"});
    const std::vector<Place> performers = care::places_of(detail, "performer");
    if (performers.size() > 1) refuse("One unit is responsible for an insats.", performers[1].where);
    care::PlanActivity said;
    said.text = detail.item.text_of("description");
    said.start = time(period, "start");
    said.due = time(period, "end");
    if (!performers.empty()) read_performer(performers.front(), said);
    if (said.text.empty()) refuse("Which insats it is, is missing.", detail.where + ".description");
    if (!detail.item.child("code")) return content_.activities.push_back(std::move(said));
    read_follow_up(detail, said, activity.item);
  }

  void read_follow_up(const Place& detail, const care::PlanActivity& said, Item activity) {
    const Place code{detail.item.child("code"), detail.where + ".code"};
    only(code, {"coding"});
    const std::vector<Place> codings = care::places_of(code, "coding");
    const bool is_it = codings.size() == 1 && codings[0].item.text_of("system") == care::task_system &&
                       codings[0].item.text_of("code") == "folj-upp-sip";
    if (!is_it || said.due.empty())
      return refuse("Of codes folj-upp-sip is kept, alone, for when the plan is followed up (scheduledPeriod.end).", code.where);
    if (!said.start.empty()) refuse("A follow-up has a day, its end. Leave this out.", detail.where + ".scheduledPeriod.start");
    if (!said.by.empty()) refuse("Who follows up is a unit: name it by its identifier.", detail.where + ".performer[0]");
    if (content_.follow_up) refuse("A plan has one day on which it is followed up.", detail.where);
    content_.follow_up = care::PlanFollowUp{said.due, said.text, said.organisation};
    if (is_draft_ && !is_as_it_was("activity", activity)) refuse(std::string(when_agreed), detail.where);
  }

  void read_performer(const Place& performer, care::PlanActivity& said) {
    if (performer.item.child("identifier")) {
      said.organisation = unit(performer);
      return;
    }
    only(performer, {"display"});
    said.by = performer.item.text_of("display");
  }

  /// What is referred to is said as it was.
  Item found(const Place& reference, std::string_view type) {
    only(reference, {"reference", "type", "display"});
    const auto known = input_.found.find(std::string(reference.item.text_of("reference")));
    if (known != input_.found.end() && known->first.starts_with(type)) return tree::root(known->second);
    refuse("There is no such " + std::string(type) + " that you may see.", reference.where + ".reference");
    return {};
  }

  /// An insats or a goal that has a name goes on under it.
  std::string key_of(Item reference) const {
    const auto known = input_.keys.find(std::string(reference.text_of("reference")));
    return known == input_.keys.end() ? std::string() : known->second;
  }

  void read_task(const Place& reference) {
    const Item task = found(reference, "Task");
    if (!task) return;
    care::PlanActivity said;
    said.key = key_of(reference.item);
    said.text = task.text_of("description");
    said.start = task.child("executionPeriod").text_of("start");
    said.due = task.child("restriction").child("period").text_of("end");
    const Item owner = task.child("owner");
    if (owner.child("identifier"))
      said.organisation = unit({owner, reference.where + ".owner"});
    else
      said.by = owner.text_of("display");
    content_.activities.push_back(std::move(said));
  }

  bool is_referred_to(Item contained) const {
    const std::string reference = "#" + std::string(contained.text_of("id"));
    for (const Item each : care::items_of(input_.body, "goal"))
      if (each.text_of("reference") == reference) return contained.text_of("resourceType") == "Goal";
    return false;
  }

  void read_goal(const Place& reference) {
    const std::string_view literal = reference.item.text_of("reference");
    if (!literal.starts_with('#')) {
      if (const Item goal = found(reference, "Goal")) take_goal(goal, key_of(reference.item));
      return;
    }
    for (const Place& each : care::places_of({input_.body, "CarePlan"}, "contained")) {
      if (each.item.text_of("id") != literal.substr(1)) continue;
      only(each, {"resourceType", "id", "lifecycleStatus", "description", "subject", "target", "expressedBy", "category"});
      check_goal(each);
      only({each.item.child("description"), each.where + ".description"}, {"text"});
      return take_goal(each.item, "");
    }
    refuse("There is nothing contained with this id.", reference.where + ".reference");
  }

  void check_goal(const Place& goal) {
    const std::vector<Place> targets = care::places_of(goal, "target"), categories = care::places_of(goal, "category");
    for (const Place& target : targets) only(target, {"dueDate"});
    if (targets.size() > 1) refuse("A goal has one day until which it is to be reached.", targets[1].where);
    const Item kind = goal.item.child("category");
    const care::Items codings = care::items_of(kind, "coding");
    const bool is_kind = codings.size() == 1 && codings.front().text_of("system") == care::goal_system && !kind.child("text");
    if (!categories.empty() && (categories.size() > 1 || !is_kind))
      refuse("Of categories one code of " + std::string(care::goal_system) + " is kept (mal, delmal), alone.",
             categories.back().where);
    const std::string_view status = goal.item.text_of("lifecycleStatus");
    if (status != "proposed" && status != "planned" && status != "accepted" && status != "active")
      refuse("A goal of a plan is proposed, planned, accepted or active.", goal.where + ".lifecycleStatus");
    const Item by = goal.item.child("expressedBy");
    if (by && by.text_of("type") != "Patient" && !by.text_of("reference").starts_with("Patient/"))
      refuse("That a goal is the person's own is kept (a reference to the Patient), and no other source of it.",
             goal.where + ".expressedBy");
    const care::Items all = care::items_of(input_.body, "contained");
    const auto has_its_id = [&](Item each) { return each.text_of("id") == goal.item.text_of("id"); };
    if (std::count_if(all.begin(), all.end(), has_its_id) > 1)
      refuse("Another contained resource has the same id.", goal.where + ".id");
  }

  void take_goal(Item goal, std::string key) {
    care::PlanGoal said;
    said.key = std::move(key);
    said.text = goal.child("description").text_of("text");
    said.due = goal.child("target").text_of("dueDate");
    said.is_persons = bool(goal.child("expressedBy"));
    said.is_short_term = goal.child("category").child("coding").text_of("code") == short_term;
    said.state = goal.child("achievementStatus").child("coding").text_of("code");
    content_.goals.push_back(std::move(said));
  }

  void read_note(const Place& note) {
    only(note, {"text", "authorReference"});
    const std::string_view text = note.item.text_of("text");
    if (const Item author = note.item.child("authorReference")) {
      only({author, note.where + ".authorReference"}, {"reference", "type"});
      if (!author.text_of("reference").starts_with("Patient/"))
        return refuse("A note is in the person's own words, or the plan's.", note.where + ".authorReference");
      return take_note(content_.own_words, text, note);
    }
    if (is_draft_ && !is_as_it_was("note", note.item)) refuse(std::string(when_agreed), note.where + ".text");
    if (text.starts_with(note_of_others) && text.substr(note_of_others.size()) == nobody_else) {
      content_.nobody_else_acts = true;
      return;
    }
    for (const KindOfNote& each : kinds_of_note)
      if (text.starts_with(each.start)) return take_note(content_.*each.kept, text.substr(each.start.size()), note);
    std::string says = "A note of a plan begins with what it is about (";
    for (const KindOfNote& each : kinds_of_note) says += "\"" + std::string(each.start) + "..\", ";
    refuse(says + "\"" + std::string(note_of_others) + std::string(nobody_else) +
               "\"), or has the Patient as its authorReference: the person's own words.",
           note.where + ".text");
  }

  void take_note(std::string& kept, std::string_view text, const Place& note) {
    if (!kept.empty()) refuse("A plan has one note of each kind: write this in the one before.", note.where);
    kept = text;
  }

  const ActInput& input_;
  bool is_draft_;
  std::vector<care::Party>* parties_ = nullptr;
  PlanContent content_;
  std::optional<Failure> fault_;
};

constexpr std::string_view content_elements[] = {"description", "author", "activity", "goal", "note", "contained"};

bool changes_content(const ActInput& input) {
  return std::any_of(std::begin(content_elements), std::end(content_elements),
                     [&](std::string_view name) { return changes(input, name); });
}

/// Nothing: CarePlan.category names no kind of plan.
std::optional<care::PlanKind> kind_at(Item plan) {
  const care::Items categories = care::items_of(plan, "category");
  if (categories.size() != 1) return std::nullopt;
  const care::Items codings = care::items_of(categories.front(), "coding");
  if (codings.size() != 1) return std::nullopt;
  const std::optional<care::PlanKind> kind = care::find_plan_kind(codings.front().text_of("code"));
  const std::string_view system = codings.front().text_of("system");
  if (!kind || (system != care::plan::kind_of(*kind).system && system != plan_kind_system)) return std::nullopt;
  return kind;
}

/// A notice of the plan with what the body says of it.
ActRead said_of_plan(const ActInput& input, care::Event event, care::PlanKind kind) {
  care::Notice notice;
  notice.event = event;
  Result<PlanContent> content = PlanBody(input, event == care::Event::PlanNeed).read(notice.others);
  if (!content) return std::move(content).failure();
  content->kind = kind;
  if (event == care::Event::PlanAgreed || event == care::Event::PlanRevised) {
    std::vector<care::Party> parties = notice.others;
    if (const auto sender = input.units.find(input.sender); sender != input.units.end()) parties.push_back(sender->second);
    const std::vector<care::plan::Point> missing = care::plan::missing_points(*content, parties);
    if (!missing.empty())
      return not_kept(care::plan::check_points(*content, parties).failure().says, std::string(place_of_point(missing.front())));
  }
  notice.plan = *std::move(content);
  return std::optional(std::move(notice));
}

ActRead begin_plan(const ActInput& input) {
  const Item body = input.body;
  const std::optional<care::PlanKind> kind = kind_at(body);
  if (!kind)
    return not_kept("Which kind of plan it is: one code of plan-typ (SIP, SPU, SPLPTLRV, VP, SAMORDNING).", "CarePlan.category");
  const std::string_view intent = body.text_of("intent"), status = body.text_of("status"), title = body.text_of("title");
  if (intent != "plan" && intent != "proposal") return not_kept("A plan is one, or is proposed.", "CarePlan.intent");
  if (!title.empty() && title != care::plan::kind_of(*kind).title)
    return not_kept("The title is that of its kind: leave it out.", "CarePlan.title");
  if (status != "draft" && status != "active")
    return not_kept("A plan begins as a draft, or is active when it is agreed.", "CarePlan.status");
  const bool is_revision = bool(body.child("replaces"));
  if (is_revision && status != "active") return not_kept("A plan is replaced by one that is active.", "CarePlan.status");
  if (care::items_of(body, "replaces").size() > 1) return not_kept("A plan replaces one.", "CarePlan.replaces[1]");
  const care::Event event = is_revision          ? care::Event::PlanRevised
                            : status == "active" ? care::Event::PlanAgreed
                                                 : care::Event::PlanNeed;
  ActRead said = said_of_plan(input, event, *kind);
  if (!said) return said;
  for (const Place& each : care::places_of({body, "CarePlan"}, "contributor")) {
    Result<care::Party> party = unit_at(input, each);
    if (!party) return std::move(party).failure();
    if (party->id != input.sender) (*said)->receivers.push_back(*std::move(party));
  }
  const std::vector<Place> identifiers = care::places_of({body, "CarePlan"}, "identifier");
  if (identifiers.size() > 1) return not_kept("A plan has one identity.", identifiers[1].where);
  for (const std::string_view part : {"use", "type"})
    if (!identifiers.empty() && identifiers[0].item.child(part))
      return not_kept("Of the identity of a plan system, value and assigner are kept. Leave this out.",
                      identifiers[0].where + "." + std::string(part));
  if (const Item identifier = body.child("identifier"); identifier && !is_revision) {
    (*said)->plan->system = identifier.text_of("system");
    (*said)->plan->value = identifier.text_of("value");
    (*said)->plan->begun_by = organisation_at(identifier.child("assigner").child("identifier"));
  }
  return said;
}

ActRead move_plan(const ActInput& input) {
  const std::string is(input.current.text_of("status"));
  const std::string status(input.body.child("status") ? input.body.text_of("status") : is);
  const bool is_changed = changes_content(input);
  if (status == is && !is_changed) return std::optional<care::Notice>();
  const care::PlanKind kind = kind_at(input.current).value_or(care::PlanKind::Sip);
  if (status == "entered-in-error")
    return not_kept("A plan that was wrong is cancelled by notices nullified that name those of it.", "CarePlan.status");
  if (status == "revoked")
    return not_kept(
        "A plan is revoked when the person does not consent (a Consent with status rejected) or its meeting is called "
        "off (an Appointment with status cancelled); one that was agreed is closed with status completed.",
        "CarePlan.status");
  if (is == "draft" && (status == "draft" || status == "active")) {
    const bool is_approved = care::plan::kind_of(kind).is_approved_by_units && !is_changed && status == "active";
    if (!is_approved) return said_of_plan(input, status == "draft" ? care::Event::PlanNeed : care::Event::PlanAgreed, kind);
    care::Notice notice;
    notice.event = care::Event::PlanApproved;
    return std::optional(std::move(notice));
  }
  if (is_changed)
    return not_kept("What a plan states is changed by POST of a CarePlan that replaces this one.", "CarePlan.status");
  if (status != "completed" || is != "active")
    return not_kept(
        "A plan that is " + is + " does not become " + status + ": a draft becomes active, and an active one completed.",
        "CarePlan.status");
  care::Notice notice;
  notice.event = care::Event::PlanClosed;
  return std::optional(std::move(notice));
}

}  // namespace

ActRead read_care_plan_act(const ActInput& input) { return input.current ? move_plan(input) : begin_plan(input); }

Result<void> check_replaced(Item body, Item replaced) {
  const Item named = body.child("identifier"), own = replaced.child("identifier");
  if (named && own && (named.text_of("value") != own.text_of("value") || named.text_of("system") != own.text_of("system")))
    return not_kept("A plan keeps its identity when it is revised. Send that of the CarePlan that is replaced, or leave it out.",
                    "CarePlan.identifier[0]");
  if (replaced.text_of("status") != "completed") return done();
  return not_kept(
      "This CarePlan is completed: it was closed, or another one has replaced it. Read the plan again, and replace "
      "the CarePlan that is active.",
      "CarePlan.replaces[0]");
}

std::vector<std::string> names_of_plan(const care::Notice& notice) { return {"version|" + care::name_of(notice.identity), ""}; }

}  // namespace vardbron::exchange
