#include "gateway/access/audit.h"
#include "gateway/access/rules.h"
#include "gateway/base/text.h"
#include "gateway/care/task_body.h"
#include "gateway/exchange/message_path.h"
#include "gateway/formats/json/parse.h"
#include "gateway/formats/json/write.h"

#include <optional>
#include <utility>
#include <vector>

namespace vardbron::exchange {

namespace {

std::string carried_out_text(const store::Resource& task) {
  return replayed_text("Task/" + task.id + " was written, it is version " + std::to_string(task.version) + " now.");
}

}  // namespace

/// The update of a case with a party's PUT of a Task, or with one that was kept in quarantine. A Task belongs to a case: a
/// party's write is one more link of the case's chain, and care makes the Task from the chain.
class MessagePath::TaskStep final : public CaseStep {
 public:
  /// Its input.
  struct Wish {
    access::Caller caller;
    care::Write write;                     // task and organisation at least
    std::int64_t expected_version = 0;     // If-Match; 0 = none
    std::int64_t journal_number = 0;       // above 0: it is replayed from quarantine
    const tree::Document* body = nullptr;  // of the PUT, which is compared with the Task as it is; null: `write` has the change
  };

  TaskStep(const CaseParts& cases, WallTime now, Wish wish) : cases_(cases), now_(now), wish_(std::move(wish)) {}

  /// Reads the Task and the change that is requested.
  Task<Result<void>> look() {
    const store::Reader reader = access::reader_of(wish_.caller);
    Result<store::Resource> current = co_await cases_.store.read(reader, "Task", wish_.write.task);
    if (!current) co_return std::move(current).failure();
    current_ = std::move(*current);
    const bool is_outdated = wish_.expected_version != 0 && wish_.expected_version != current_.version;
    found_ = is_outdated ? Found::AnotherVersion : Found::Wanted;
    if (is_outdated || wish_.body == nullptr) co_return done();
    Result<care::Write> wanted = co_await understand();
    if (!wanted) co_return std::move(wanted).failure();
    wish_.write = std::move(*wanted);
    if (care::is_empty(wish_.write)) found_ = Found::AsWanted;
    co_return done();
  }

  // The requested change is determined again, by the Task as the last change of its case has left it.
  Task<Result<std::optional<Begun>>> begin(const store::Case& known) override {
    Result<void> looked = co_await look();
    if (!looked) co_return std::move(looked).failure();
    if (!is_wanted()) co_return std::optional<Begun>();
    wish_.write.identity = wish_.write.task + "/" + std::to_string(known.version + 1);
    co_return std::optional<Begun>(Begun{wish_.write, now_});
  }

  Result<void> check(const ProjectedCase& projected) override {
    Result<void> allowed = care::check_write(*projected.before, wish_.write);
    if (!allowed) return Failure{allowed.failure().cause, allowed.failure().says, "Task.status"};
    return allowed;
  }

  // A replayed write that changes nothing is carried out nevertheless: its journal entry leaves quarantine.
  bool complete(const ProjectedCase&, CaseChange& made) override {
    store::Change& change = made.change;
    const care::Write& write = wish_.write;
    const bool changes_nothing = change.resources.empty() && change.events.empty();
    if (changes_nothing && wish_.journal_number == 0) return false;
    std::string body = json::write(care::to_document(write, cases_.rules.names));
    change.journal_number = wish_.journal_number;
    if (wish_.journal_number == 0) {
      change.journal = store::RawMessage{
          std::string(task_channel), wish_.caller.organisation, "application/fhir+json", body, write.identity, now_};
    }
    if (!changes_nothing) change.links.push_back({write.identity, "task", std::move(body), write.at.at, 0});
    change.audit.push_back(access::updated(wish_.caller, "Task/" + write.task, change.case_key));
    return true;
  }

  Failure overtaken() const override { return {Cause::Busy, "The case is changing at this moment. Send the Task again.", ""}; }

  /// The Task; nothing: it has another version than the party knows.
  Task<Result<std::optional<store::Resource>>> leave_as_it_is() {
    if (found_ == Found::AnotherVersion) co_return std::optional<store::Resource>();
    std::vector<store::AuditRow> rows;
    rows.push_back(access::updated(wish_.caller, "Task/" + current_.id, current_.case_key));
    rows.back().says = "as it was";
    Result<void> noted = co_await cases_.store.audit(std::move(rows));
    if (!noted) co_return std::move(noted).failure();
    co_return std::optional<store::Resource>(current_);
  }

  bool is_wanted() const { return found_ == Found::Wanted; }
  const Wish& wish() const { return wish_; }
  const std::string& case_key() const { return current_.case_key; }

 private:
  // Elements that the party sent as it had read them request no change, even if the Task has changed since.
  Task<Result<care::Write>> understand() {
    Result<tree::Document> task = json::parse(current_.body, cases_.rules.names);
    if (!task) co_return std::move(task).failure();
    const std::string& organisation = wish_.caller.organisation;
    Result<void> owned = care::check_owner(*task, organisation);
    if (!owned) co_return std::move(owned).failure();
    Result<care::Write> wanted = care::read_task(*wish_.body, {*task}, organisation, now_);
    const std::int64_t version = parse_int(tree::root(*wish_.body).child("meta").text_of("versionId")).value_or(0);
    if (wanted || version <= 0 || version >= current_.version) co_return wanted;
    const store::Reader reader = access::reader_of(wish_.caller);
    Result<store::Resource> earlier = co_await cases_.store.read(reader, "Task", current_.id, version);
    if (!earlier || earlier->deleted) co_return wanted;
    Result<tree::Document> read = json::parse(earlier->body, cases_.rules.names);
    if (!read) co_return std::move(read).failure();
    co_return care::read_task(*wish_.body, {*task, &*read}, organisation, now_);
  }

  const CaseParts& cases_;
  const WallTime now_;
  Wish wish_;
  // As of the last attempt.
  store::Resource current_;
  enum class Found { Wanted, AsWanted, AnotherVersion } found_ = Found::Wanted;
};

Task<Result<std::optional<store::Resource>>> MessagePath::write_task(TaskWrite write) {
  TaskStep::Wish wish{std::move(write.caller), {}, write.expected_version, 0, &write.body};
  wish.write.task = std::move(write.id);
  wish.write.organisation = wish.caller.organisation;
  TaskStep step(parts_.cases, parts_.clock.wall(), std::move(wish));
  Result<std::optional<store::Resource>> written = co_await carry_out(step);
  if (written || written.failure().cause != Cause::TooLarge) co_return written;
  co_return co_await keep_write(step, std::move(written).failure());
}

// The Task is read first to find its case, whose turn the write waits for.
Task<Result<std::optional<store::Resource>>> MessagePath::carry_out(TaskStep& step) {
  Result<void> looked = co_await step.look();
  if (!looked) co_return std::move(looked).failure();
  if (!step.is_wanted()) co_return co_await step.leave_as_it_is();
  const std::string key = step.case_key();
  Result<CaseQueue::Turn> turn = co_await queue_.take(key);
  if (!turn) co_return std::move(turn).failure();
  Result<std::optional<store::Committed>> updated = co_await update_case(parts_.cases, key, step);
  if (!updated) co_return std::move(updated).failure();
  if (!*updated) co_return co_await step.leave_as_it_is();
  const store::Reader reader = access::reader_of(step.wish().caller);
  Result<store::Resource> written = co_await parts_.cases.store.read(reader, "Task", step.wish().write.task);
  if (!written) co_return std::move(written).failure();
  co_return std::optional<store::Resource>(std::move(*written));
}

// Reports to the party that its write is kept, and was not carried out.
Task<Failure> MessagePath::keep_write(const TaskStep& step, Failure failure) {
  care::Write write = step.wish().write;
  write.identity = write.task;  // a replay gets the one of its place in the chain
  InFlightMessage in_flight;
  in_flight.envelope = {step.wish().caller, std::string(task_channel), "application/fhir+json",
                        json::write(care::to_document(write, parts_.cases.rules.names))};
  in_flight.now = write.at.at;
  const Cause cause = failure.cause;
  std::string says = failure.says, where = failure.where;
  Result<Receipt> kept = co_await quarantine(std::move(in_flight), std::move(failure));
  if (!kept) co_return std::move(kept).failure();
  says += " " + kept_in_quarantine(cause, kept->journal_id);
  co_return Failure{cause, std::move(says), std::move(where)};
}

Task<Result<Receipt>> MessagePath::replay_write(InFlightMessage in_flight) {
  Result<tree::Document> document = json::parse(in_flight.envelope.body, parts_.cases.rules.names);
  if (!document) co_return co_await quarantine(std::move(in_flight), std::move(document).failure());
  Result<care::Write> wanted = care::read_write(*document);
  if (!wanted) co_return co_await quarantine(std::move(in_flight), std::move(wanted).failure());
  TaskStep::Wish wish{in_flight.envelope.caller, std::move(*wanted), 0, in_flight.journal_number, nullptr};
  wish.caller.may_receive = true;  // it had the right when it wrote
  wish.write.organisation = wish.caller.organisation;
  TaskStep step(parts_.cases, parts_.clock.wall(), std::move(wish));
  Result<std::optional<store::Resource>> written = co_await carry_out(step);
  if (written) {
    std::string text = carried_out_text(**written);  // without an expected version there is always a Task
    co_return Receipt{store::Outcome::Stored, in_flight.journal_number, in_flight.journal_id, std::move(text), std::nullopt};
  }
  if (may_pass(written.failure().cause)) co_return std::move(written).failure();
  co_return co_await quarantine(std::move(in_flight), std::move(written).failure());
}

}  // namespace vardbron::exchange
