#include "gateway/access/audit.h"
#include "gateway/access/rules.h"
#include "gateway/base/limits.h"
#include "gateway/care/write.h"
#include "gateway/exchange/message_path.h"
#include "gateway/formats/json/write.h"

#include <utility>

namespace vardbron::exchange {

// A Task belongs to a case: what a party writes is one more link of the case's chain, and the Task is what the fold makes of it.
Task<Result<store::Resource>> MessagePath::write_task(TaskWrite write) {
  const WallTime now = parts_.clock.wall();
  Result<care::Write> wanted = care::read_task(write.body, write.caller.organisation, now);
  if (!wanted) co_return std::move(wanted).failure();
  for (int attempt = 0; attempt < limits::commit_conflict_retries_max; ++attempt) {
    const store::Reader reader = access::reader_of(write.caller);
    Result<store::Resource> current = co_await parts_.store.read(reader, "Task", write.id);
    if (!current) co_return std::move(current).failure();
    if (write.expected_version != 0 && write.expected_version != current->version) {
      co_return Failure{Cause::Conflict, "The Task has changed since; read it again.", "Task.meta.versionId"};
    }
    Result<store::Resource> written = co_await try_write(write, *wanted, *current, now);
    if (written || written.failure().cause != Cause::Conflict || written.failure().where == "Task.status") co_return written;
    REACHED("exchange: the case moved while a Task was written");
  }
  co_return Failure{Cause::Busy, "The case is changing at this moment. Send the Task again.", ""};
}

Task<Result<store::Resource>> MessagePath::try_write(const TaskWrite& write, care::Write wanted, const store::Resource& current,
                                                     WallTime now) {
  Result<store::Case> known = co_await parts_.store.load_case(current.case_key);
  if (!known) co_return std::move(known).failure();
  wanted.identity = wanted.task + "/" + std::to_string(known->version + 1);
  Result<Folded> folded = fold(*known, wanted, parts_.rules, now);
  if (!folded) co_return std::move(folded).failure();
  Result<void> allowed = care::check_write(folded->before, wanted);
  if (!allowed) co_return Failure{allowed.failure().cause, allowed.failure().says, "Task.status"};
  std::shared_ptr<const subscription::Matcher> matcher = parts_.matcher();
  store::Change change = change_of(*known, *folded, parts_.rules, *matcher);
  std::string body = json::write(care::to_document(wanted, parts_.rules.names));
  change.journal = store::RawMessage{"task", write.caller.organisation, "application/fhir+json", body, wanted.identity, now};
  change.links.push_back({wanted.identity, "task", std::move(body), now, 0});
  change.audit.push_back(access::updated(write.caller, "Task/" + write.id, known->key));
  Result<store::Committed> committed = co_await commit(std::move(change));
  if (!committed) co_return std::move(committed).failure();
  const store::Reader reader = access::reader_of(write.caller);
  co_return co_await parts_.store.read(reader, "Task", write.id);
}

}  // namespace vardbron::exchange
