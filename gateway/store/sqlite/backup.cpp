#include "gateway/store/sqlite/backup.h"

#include "gateway/store/sqlite/backup_socket.h"
#include "gateway/store/sqlite/copy_in_making.h"
#include "gateway/store/sqlite/database.h"
#include "gateway/store/sqlite/log_damage.h"
#include "gateway/store/sqlite/log_sums.h"
#include "gateway/store/sqlite/page_sum.h"
#include "gateway/store/sqlite/schema.h"
#include "gateway/store/sqlite/store_directory.h"

#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

namespace vardbron::store {

namespace {

constexpr std::int64_t reported_pages = 16'384;  // 64 MB
constexpr std::string_view pages_copied = "pages copied";

/// Writes the pages into a new file.
class FileSink final : public PageSink {
 public:
  FileSink(PageWriter writer, const VerifyProgress& progress) : writer_(std::move(writer)), progress_(progress) {}
  bool begin(std::int64_t) override { return true; }
  bool put(std::int64_t first_page, std::string_view pages) override {
    written_ = writer_.put(first_page, pages);
    count_ += static_cast<std::int64_t>(pages.size() / page_bytes);
    if (progress_ && count_ >= reported_ + reported_pages) progress_(pages_copied, reported_ = count_);
    return written_.ok();
  }
  bool end(std::int64_t pages) override {
    written_ = writer_.end(pages);
    return written_.ok();
  }
  const Result<void>& written() const { return written_; }

 private:
  PageWriter writer_;
  const VerifyProgress& progress_;
  Result<void> written_ = done();
  std::int64_t count_ = 0, reported_ = 0;
};

Result<void> copy_open_store(const BackupOptions& options, const std::filesystem::path& into) {
  Result<PageWriter> writer = PageWriter::make(into);
  if (!writer) return std::move(writer).failure();
  FileSink sink(*std::move(writer), options.progress);
  Result<void> received = receive_copy(options.store.directory, sink);
  if (!sink.written()) return sink.written();
  if (!received && received.failure().cause == Cause::NotFound) {
    return Failure{Cause::Broken, "Another process has the store open, and does not answer to be backed up.",
                   options.store.directory.string()};
  }
  return received;
}

/// A store that nobody has open, with the commits in its log.
Result<void> copy_closed_store(const BackupOptions& options, const std::filesystem::path& file,
                               const std::filesystem::path& into) {
  const auto log_sums = std::make_shared<LogSums>();
  if (const std::optional<LogDamage> damage = find_log_damage(file.string() + "-wal", log_sums.get())) {
    return Failure{Cause::Broken, damage->says(), file.string() + "-wal"};
  }
  Result<std::unique_ptr<Database>> database = Database::open(file, Database::Use::Read, {}, log_sums);
  if (!database) return std::move(database).failure();
  (*database)->keep_log_on_close(true);
  Result<void> prepared = prepare_for_reading(**database);
  if (!prepared) return prepared;
  std::int64_t reported = 0;
  return (*database)->copy_to(into, [&](std::int64_t pages, std::int64_t) {
    if (options.progress && pages >= reported + reported_pages) options.progress(pages_copied, reported = pages);
  });
}

/// Whether it was open.
Result<bool> copy(const BackupOptions& options, const std::filesystem::path& into) {
  const std::filesystem::path file = options.store.directory / StoreDirectory::file_name;
  std::error_code error;
  if (!std::filesystem::exists(file, error))
    return Failure{Cause::NotFound, "There is no store.", options.store.directory.string()};
  Result<std::unique_ptr<StoreDirectory>> directory = StoreDirectory::take(options.store.directory);
  Result<void> made = directory ? copy_closed_store(options, file, into) : copy_open_store(options, into);
  return made ? Result<bool>(!directory) : Result<bool>(std::move(made).failure());
}

}  // namespace

Result<Backup> back_up(const BackupOptions& options, const Clock& clock) {
  std::error_code error;
  if (std::filesystem::exists(options.to, error))
    return Failure{Cause::Broken, "There is a file of that name.", options.to.string()};
  const Result<SealKey> key = SealKey::read(seal_key_of(options.store));
  if (!key) return key.failure();
  CopyInMaking making(options.to);
  const Result<bool> was_open = copy(options, making.part());
  if (!was_open) return was_open.failure();
  Result<CopyReport> report = verify_copy(making.part(), *key, clock, options.progress);
  if (!report) return std::move(report).failure();
  Backup backup{*std::move(report), 0, *was_open};
  if (!backup.report.verified.is_clean()) return backup;
  backup.bytes = static_cast<std::int64_t>(std::filesystem::file_size(making.part(), error));
  Result<void> finished = making.finish();
  if (!finished) return std::move(finished).failure();
  return backup;
}

}  // namespace vardbron::store
