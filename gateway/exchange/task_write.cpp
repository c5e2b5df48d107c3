#include "gateway/access/audit.h"
#include "gateway/access/rules.h"
#include "gateway/base/limits.h"
#include "gateway/base/reached.h"
#include "gateway/base/text.h"
#include "gateway/care/task_body.h"
#include "gateway/exchange/message_path.h"
#include "gateway/formats/json/parse.h"
#include "gateway/formats/json/write.h"

#include <optional>
#include <utility>

namespace vardbron::exchange {

struct MessagePath::PartyWrite {
  access::Caller caller;
  care::Write write;
  std::int64_t expected_version = 0;     // If-Match; 0 = none
  std::int64_t journal_number = 0;       // above 0: it is kept in quarantine, and replayed
  const tree::Document* body = nullptr;  // of the PUT, which means what it means beside the Task as it is; null: `write` tells
};

namespace {

Failure has_changed() { return {Cause::Conflict, "The Task has changed since; read it again.", "Task.meta.versionId"}; }

// Another event of the case came first; everything else that is in conflict stays so.
bool is_overtaken(const Result<store::Resource>& written) {
  return !written && written.failure().cause == Cause::Conflict && written.failure().where != "Task.status";
}

std::string carried_out_text(const store::Resource& task) {
  return replayed_text("Task/" + task.id + " was written, it is version " + std::to_string(task.version) + " now.");
}

}  // namespace

// A Task belongs to a case: what a party writes is one more link of the case's chain, and the Task is what the fold makes of it.
Task<Result<store::Resource>> MessagePath::write_task(TaskWrite write) {
  const WallTime now = parts_.clock.wall();
  PartyWrite one{std::move(write.caller), {}, write.expected_version, 0, &write.body};
  one.write.task = std::move(write.id);
  one.write.organisation = one.caller.organisation;
  Result<store::Resource> written = co_await carry_out(one, now);
  if (written || written.failure().cause != Cause::TooLarge) co_return written;
  co_return co_await keep_write(std::move(one), std::move(written).failure());
}

Task<Result<store::Resource>> MessagePath::carry_out(PartyWrite& write, WallTime now) {
  std::optional<CaseQueue::Turn> turn;
  for (int attempt = 0; attempt < limits::commit_conflict_retries_max; ++attempt) {
    const store::Reader reader = access::reader_of(write.caller);
    Result<store::Resource> current = co_await parts_.store.read(reader, "Task", write.write.task);
    if (!current) co_return std::move(current).failure();
    if (write.expected_version != 0 && write.expected_version != current->version) co_return has_changed();
    if (write.body) {
      Result<care::Write> wanted = co_await understand(write, *current, now);
      if (!wanted) co_return std::move(wanted).failure();
      write.write = std::move(*wanted);
      if (care::is_empty(write.write)) co_return co_await leave_as_it_is(write, std::move(*current));
    }
    if (!turn) {
      Result<CaseQueue::Turn> taken = co_await queue_.take(current->case_key);
      if (!taken) co_return std::move(taken).failure();
      turn.emplace(std::move(*taken));
      continue;  // it may have changed while we waited
    }
    Result<store::Resource> written = co_await try_write(write, *current, now);
    if (!is_overtaken(written)) co_return written;
    REACHED("exchange: the case moved while a Task was written");
  }
  co_return Failure{Cause::Busy, "The case is changing at this moment. Send the Task again.", ""};
}

// What a party read before it wrote is no wish of its own, though the Task is another by now.
Task<Result<care::Write>> MessagePath::understand(const PartyWrite& write, const store::Resource& current, WallTime now) {
  Result<tree::Document> task = json::parse(current.body, parts_.rules.names);
  if (!task) co_return std::move(task).failure();
  const std::string& organisation = write.caller.organisation;
  Result<void> owned = care::check_owner(*task, organisation);
  if (!owned) co_return std::move(owned).failure();
  Result<care::Write> wanted = care::read_task(*write.body, {*task}, organisation, now);
  const std::int64_t version = parse_int(tree::root(*write.body).child("meta").text_of("versionId")).value_or(0);
  if (wanted || version <= 0 || version >= current.version) co_return wanted;
  const store::Reader reader = access::reader_of(write.caller);
  Result<store::Resource> earlier = co_await parts_.store.read(reader, "Task", current.id, version);
  if (!earlier || earlier->deleted) co_return wanted;
  Result<tree::Document> read = json::parse(earlier->body, parts_.rules.names);
  if (!read) co_return std::move(read).failure();
  co_return care::read_task(*write.body, {*task, &*read}, organisation, now);
}

Task<Result<store::Resource>> MessagePath::leave_as_it_is(const PartyWrite& write, store::Resource current) {
  std::vector<store::AuditRow> rows;
  rows.push_back(access::updated(write.caller, "Task/" + current.id, current.case_key));
  rows.back().says = "as it was";
  Result<void> noted = co_await parts_.store.audit(std::move(rows));
  if (!noted) co_return std::move(noted).failure();
  co_return current;
}

Task<Result<store::Resource>> MessagePath::try_write(const PartyWrite& write, const store::Resource& current, WallTime now) {
  Result<store::Case> known = co_await load(current.case_key);
  if (!known) co_return std::move(known).failure();
  Task<Result<store::Resource>> work = write_into(*known, write, current, now);
  if (known->is_long) work = where_long_cases_are(write_into_long(write, current, now));
  co_return co_await std::move(work);
}

Task<Result<store::Resource>> MessagePath::write_into_long(const PartyWrite& write, const store::Resource& current,
                                                           WallTime now) {
  Result<store::Case> known = co_await parts_.store.load_case(current.case_key);
  if (!known) co_return std::move(known).failure();
  co_return co_await write_into(*known, write, current, now);
}

Task<Result<store::Resource>> MessagePath::write_into(const store::Case& known, const PartyWrite& write,
                                                      const store::Resource& current, WallTime now) {
  care::Write wanted = write.write;
  wanted.identity = wanted.task + "/" + std::to_string(known.version + 1);
  Result<Folded> folded = fold(known, wanted, parts_.rules, now);
  if (!folded) co_return std::move(folded).failure();
  Result<void> allowed = care::check_write(folded->before, wanted);
  if (!allowed) co_return Failure{allowed.failure().cause, allowed.failure().says, "Task.status"};
  std::shared_ptr<const subscription::Matcher> matcher = parts_.matcher();
  store::Change change = change_of(known, *folded, parts_.rules, *matcher);
  const bool changes_nothing = change.resources.empty() && change.events.empty();
  if (changes_nothing && write.journal_number == 0) co_return co_await leave_as_it_is(write, current);
  std::string body = json::write(care::to_document(wanted, parts_.rules.names));
  change.journal_number = write.journal_number;
  if (write.journal_number == 0) {
    change.journal = store::RawMessage{
        std::string(task_channel), write.caller.organisation, "application/fhir+json", body, wanted.identity, now};
  }
  if (!changes_nothing) change.links.push_back({wanted.identity, "task", std::move(body), wanted.at.at, 0});
  change.audit.push_back(access::updated(write.caller, "Task/" + wanted.task, known.key));
  Result<store::Committed> committed = co_await commit(std::move(change));
  if (!committed) co_return std::move(committed).failure();
  const store::Reader reader = access::reader_of(write.caller);
  co_return co_await parts_.store.read(reader, "Task", wanted.task);
}

// The party is told that its write is not lost, and that nothing came of it.
Task<Result<store::Resource>> MessagePath::keep_write(PartyWrite write, Failure failure) {
  write.write.identity = write.write.task;  // replayed it gets the one of its place in the chain
  InFlightMessage in_flight;
  in_flight.envelope = {std::move(write.caller), std::string(task_channel), "application/fhir+json",
                        json::write(care::to_document(write.write, parts_.rules.names))};
  in_flight.now = write.write.at.at;
  const Cause cause = failure.cause;
  std::string says = failure.says, where = failure.where;
  Result<Receipt> kept = co_await quarantine(std::move(in_flight), std::move(failure));
  if (!kept) co_return std::move(kept).failure();
  says += " " + kept_in_quarantine(cause, kept->journal_number);
  co_return Failure{cause, std::move(says), std::move(where)};
}

Task<Result<Receipt>> MessagePath::replay_write(InFlightMessage in_flight) {
  Result<tree::Document> document = json::parse(in_flight.envelope.body, parts_.rules.names);
  if (!document) co_return co_await quarantine(std::move(in_flight), std::move(document).failure());
  Result<care::Write> wanted = care::read_write(*document);
  if (!wanted) co_return co_await quarantine(std::move(in_flight), std::move(wanted).failure());
  PartyWrite one{in_flight.envelope.caller, std::move(*wanted), 0, in_flight.journal_number};
  one.caller.may_receive = true;  // it might write when it wrote
  one.write.organisation = one.caller.organisation;
  const WallTime now = parts_.clock.wall();
  Result<store::Resource> written = co_await carry_out(one, now);
  if (written) {
    std::string text = carried_out_text(*written);
    co_return Receipt{store::Outcome::Stored, in_flight.journal_number, std::move(text), std::nullopt};
  }
  if (may_pass(written.failure().cause)) co_return std::move(written).failure();
  co_return co_await quarantine(std::move(in_flight), std::move(written).failure());
}

}  // namespace vardbron::exchange
