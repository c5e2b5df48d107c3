#include "gateway/store/sqlite/database.h"

#include "gateway/store/sqlite/dictionaries.h"
#include "gateway/store/sqlite/file_changes.h"
#include "gateway/store/sqlite/page_cache.h"
#include "gateway/store/sqlite/page_sum.h"

#include <sqlite3.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace vardbron::store {

namespace {

constexpr int busy_ms_max = 1000;  // for a lock that another connection holds only for a moment

Trouble trouble_of(int code, int system_error) {
  if (code == SQLITE_IOERR_DATA) return Trouble::Damaged;  // a page whose sum is wrong
  const bool is_no_room = system_error == ENOSPC || system_error == EDQUOT;
  switch (code & 0xFF) {
    case SQLITE_FULL: return Trouble::Full;
    case SQLITE_READONLY: return Trouble::ReadOnly;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return Trouble::Damaged;
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
      if (system_error == EROFS) return Trouble::ReadOnly;
      // A sync that fails for want of room has lost what was written before it; a write has not.
      return is_no_room && code != SQLITE_IOERR_FSYNC && code != SQLITE_IOERR_DIR_FSYNC ? Trouble::Full : Trouble::Failed;
    default: return Trouble::Other;
  }
}

// Never the statement or its values: they may contain data of patients.
Failure failure_of(int code, Trouble trouble, bool is_writing, std::string_view table = {}) {
  const std::string what = std::string(sqlite3_errstr(code)) + " (" + std::to_string(code) + ")";
  switch (trouble) {
    case Trouble::Full: return {Cause::Busy, is_writing ? "The disk is full." : "The disk is full. Ask again.", ""};
    case Trouble::ReadOnly: return {Cause::Busy, "The store's disk takes no writes: " + what + ".", ""};
    case Trouble::Failed:
      return {Cause::Busy, "The store's disk failed: " + what + (is_writing ? "." : ". Nothing was read: ask again."), ""};
    case Trouble::Damaged: {
      std::string where = table.empty() ? "" : " It was met in table " + std::string(table) + ".";
      return {Cause::Broken, "The store's file is damaged: " + what + "." + where, ""};
    }
    case Trouble::None:
    case Trouble::Other: break;
  }
  if ((code & 0xFF) == SQLITE_BUSY) return {Cause::Busy, "The store's file is in use: " + what + ".", ""};
  return {Cause::Broken, "The store's file: " + what + ".", ""};
}

// The first table that a statement names.
std::string_view table_in(std::string_view sql) {
  for (const std::string_view before : {"FROM ", "INTO ", "UPDATE "}) {
    const std::size_t found = sql.find(before);
    if (found == std::string_view::npos) continue;
    const std::string_view rest = sql.substr(found + before.size());
    if (!rest.starts_with('(')) return rest.substr(0, rest.find_first_of(" (,"));
  }
  return {};
}

Failure broken_page(const PageWatch& pages) {
  const std::string place = pages.broken_place == PageWatch::Place::Log ? "log" : "file";
  const std::string page = pages.broken_page == 0 ? "A page" : "Page " + std::to_string(pages.broken_page);
  return {Cause::Broken, page + " of the store's " + place + " is not what was written to it; what lies on it cannot be read.",
          ""};
}

void note(DatabaseHealth& health, sqlite3* database, int code, std::string_view sql = {}) {
  if (health.failure) return;
  int extended = database != nullptr ? sqlite3_extended_errcode(database) : code;
  if ((extended & 0xFF) != (code & 0xFF)) extended = code;
  health.trouble = trouble_of(extended, database != nullptr ? sqlite3_system_errno(database) : 0);
  if (extended == SQLITE_IOERR_DATA && health.pages != nullptr) {
    health.failure = broken_page(*health.pages);
    return;
  }
  health.failure = failure_of(extended, health.trouble, health.is_writing, table_in(sql));
}

}  // namespace

Statement::Statement(sqlite3* database, DatabaseHealth& health, std::string_view sql)
    : sql_(sql), database_(database), health_(&health) {
  is_prepared();
}

Statement::Statement(Statement&& other) noexcept
    : sql_(std::move(other.sql_)),
      statement_(std::exchange(other.statement_, nullptr)),
      database_(other.database_),
      health_(other.health_) {}

// Preparing reads the file. If that fails the statement must not remain one that silently finds no row.
bool Statement::is_prepared() {
  if (statement_ != nullptr) return true;
  if (health_->failure) return false;
  int code =
      sqlite3_prepare_v3(database_, sql_.data(), static_cast<int>(sql_.size()), SQLITE_PREPARE_PERSISTENT, &statement_, nullptr);
  if (code != SQLITE_OK) note(*health_, database_, code, sql_);
  return statement_ != nullptr;
}

Statement::~Statement() { sqlite3_finalize(statement_); }

void Statement::bind(int at, std::int64_t value) { sqlite3_bind_int64(statement_, at, value); }

void Statement::bind(int at, std::string_view value) {
  const char* start = value.data() == nullptr ? "" : value.data();
  sqlite3_bind_text64(statement_, at, start, value.size(), SQLITE_STATIC, SQLITE_UTF8);
}

void Statement::bind(int at, Blob value) {
  const char* start = value.bytes.data() == nullptr ? "" : value.bytes.data();
  sqlite3_bind_blob64(statement_, at, start, value.bytes.size(), SQLITE_STATIC);
}

void Statement::bind(int at, BlobOrText value) { value.is_blob ? bind(at, Blob{value.bytes}) : bind(at, value.bytes); }

void Statement::bind(int at, double value) { sqlite3_bind_double(statement_, at, value); }

bool Statement::step() {
  if (statement_ == nullptr) return false;  // the failure is in health
  // With a full disk SQLite may roll the transaction back by itself. Statements after that would be committed one by one.
  if (health_->failure) return false;
  int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) note(*health_, database_, code, sql_);
  return false;
}

bool Statement::next() {
  bool row = step();
  if (!row) reset();
  return row;
}

void Statement::reset() { sqlite3_reset(statement_); }

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(statement_, column); }

int Statement::columns() const { return sqlite3_column_count(statement_); }

int Statement::type(int column) const { return sqlite3_column_type(statement_, column); }

double Statement::real(int column) const { return sqlite3_column_double(statement_, column); }

std::string_view Statement::text(int column) const {
  const void* bytes = sqlite3_column_blob(statement_, column);
  if (bytes == nullptr) return {};
  return {static_cast<const char*>(bytes), static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

Result<std::unique_ptr<Database>> Database::open(const std::filesystem::path& file, Use use, BrokenPage on_broken_page,
                                                 std::shared_ptr<LogSums> log, std::shared_ptr<FileChanges> changes) {
  CHECK(page_cache_methods() != nullptr);
  int flags = SQLITE_OPEN_NOMUTEX | (use == Use::Write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY);
  sqlite3* handle = nullptr;
  auto files = std::make_unique<StoreFiles>();
  files->pages().on_broken = std::move(on_broken_page);
  files->pages().log = std::move(log);
  files->pages().changes = std::move(changes);
  int code = sqlite3_open_v2(file.c_str(), &handle, flags, files->name().c_str());
  std::unique_ptr<Database> database(new Database(file, std::move(files), handle));
  database->health_.is_writing = use == Use::Write;
  if (code != SQLITE_OK) {
    note(database->health_, handle, code);
    return *database->take_failure();
  }
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_busy_timeout(handle, busy_ms_max);
  // Replaces the hook by which SQLite copies the log inside of commits; PRAGMA wal_autocheckpoint would remove it.
  auto count_pages = [](void* self, sqlite3*, const char*, int pages) {
    static_cast<Database*>(self)->log_pages_ = pages;
    return SQLITE_OK;
  };
  sqlite3_wal_hook(handle, count_pages, database.get());
  return database;
}

Database::Database(std::filesystem::path file, std::unique_ptr<StoreFiles> files, sqlite3* database)
    : file_(std::move(file)), files_(std::move(files)), database_(database) {
  health_.pages = &files_->pages();
}

Database::~Database() { sqlite3_close_v2(database_); }

Statement Database::prepare(std::string_view sql) { return Statement(database_, health_, sql); }

void Database::execute(std::string_view sql) {
  if (health_.failure) return;
  int code = sqlite3_exec(database_, std::string(sql).c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) note(health_, database_, code);
}

std::int64_t Database::number(std::string_view sql) {
  Statement statement = prepare(sql);
  return statement.next() ? statement.integer(0) : 0;
}

std::string Database::word(std::string_view sql) {
  Statement statement = prepare(sql);
  return statement.next() ? statement.string(0) : std::string();
}

int Database::reserved_bytes() const {
  int bytes = -1;  // only asks
  int code = sqlite3_file_control(database_, "main", SQLITE_FCNTL_RESERVE_BYTES, &bytes);
  return code == SQLITE_OK ? bytes : 0;
}

void Database::reserve_bytes(int bytes) {
  if (health_.failure) return;
  int code = sqlite3_file_control(database_, "main", SQLITE_FCNTL_RESERVE_BYTES, &bytes);
  if (code != SQLITE_OK) note(health_, database_, code);
}

void Database::reset_statements() {
  for (sqlite3_stmt* each = sqlite3_next_stmt(database_, nullptr); each != nullptr; each = sqlite3_next_stmt(database_, each)) {
    sqlite3_reset(each);
  }
}

bool Database::in_transaction() const { return sqlite3_get_autocommit(database_) == 0; }

bool Database::checkpoint(Checkpoint how, std::chrono::milliseconds wait) {
  if (health_.failure) return false;
  PageWatch& pages = files_->pages();
  std::shared_lock<std::shared_mutex> writing_file;
  if (pages.changes) writing_file = pages.changes->begin_checkpoint();
  if (pages.changes && !writing_file) return false;
  pages.has_copied = false;
  const int mode = how == Checkpoint::Beside ? SQLITE_CHECKPOINT_PASSIVE
                   : how == Checkpoint::End  ? SQLITE_CHECKPOINT_RESTART
                                             : SQLITE_CHECKPOINT_TRUNCATE;
  sqlite3_busy_timeout(database_, static_cast<int>(wait.count()));
  const int code = sqlite3_wal_checkpoint_v2(database_, nullptr, mode, nullptr, nullptr);
  sqlite3_busy_timeout(database_, busy_ms_max);
  // BUSY and LOCKED: another connection is in the way; the rest stays in the log until next time.
  const bool is_in_the_way = (code & 0xFF) == SQLITE_BUSY || (code & 0xFF) == SQLITE_LOCKED;
  if (code != SQLITE_OK && !is_in_the_way) note(health_, database_, code);
  if ((code == SQLITE_OK || is_in_the_way) && pages.has_copied && pages.changes) pages.changes->checkpoint_succeeded();
  if (code == SQLITE_OK && how != Checkpoint::Beside) log_pages_ = 0;
  return code == SQLITE_OK;
}

std::int64_t Database::log_bytes() {
  constexpr std::int64_t frame_head_bytes = 24;
  if (page_bytes_ == 0) page_bytes_ = number("PRAGMA page_size");
  return log_pages_ * (page_bytes_ + frame_head_bytes);
}

void Database::keep_log_on_close(bool is_kept) {
  sqlite3_db_config(database_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, is_kept ? 1 : 0, nullptr);
}

Result<void> Database::copy_to(const std::filesystem::path& file, const CopyProgress& progress) {
  Result<std::unique_ptr<Database>> target = open(file, Use::Write);
  if (!target) return std::move(target).failure();
  (*target)->files_->pages().is_new_checked = reserved_bytes() != 0;
  sqlite3* copy = (*target)->database_;
  sqlite3_backup* backup = sqlite3_backup_init(copy, "main", database_, "main");
  if (backup == nullptr) return failure_of(sqlite3_errcode(copy), Trouble::Other, true);
  constexpr int pages_at_once = 4096;
  int stepped = SQLITE_OK;
  while (stepped == SQLITE_OK) {
    stepped = sqlite3_backup_step(backup, pages_at_once);
    const std::int64_t all = sqlite3_backup_pagecount(backup);
    if (progress) progress(all - sqlite3_backup_remaining(backup), all);
  }
  const int finished = sqlite3_backup_finish(backup);  // synced by SQLite: a new connection commits with synchronous=FULL
  if (stepped != SQLITE_DONE) return failure_of(stepped, trouble_of(stepped, sqlite3_system_errno(copy)), true);
  if (finished != SQLITE_OK) return failure_of(finished, trouble_of(finished, sqlite3_system_errno(copy)), true);
  return done();
}

std::shared_ptr<const Dictionaries> Database::dictionaries() {
  if (dictionaries_) return dictionaries_;
  auto own = std::make_shared<Dictionaries>();
  own->read(*this);
  return dictionaries_ = std::move(own);
}

Result<std::string> Database::read_file(std::int64_t first, std::size_t pages) {
  sqlite3_file* handle = nullptr;
  sqlite3_int64 size = 0;
  int code = sqlite3_file_control(database_, "main", SQLITE_FCNTL_FILE_POINTER, &handle);
  if (code == SQLITE_OK) code = handle->pMethods->xFileSize(handle, &size);
  const std::int64_t at = (first - 1) * static_cast<std::int64_t>(page_bytes);
  std::string bytes;
  if (code == SQLITE_OK && at < size) {
    bytes.resize(static_cast<std::size_t>(std::min<std::int64_t>(size - at, static_cast<std::int64_t>(pages * page_bytes))));
    code = read_as_it_is(handle, bytes.data(), static_cast<int>(bytes.size()), at);
  }
  if (code == SQLITE_OK || code == SQLITE_IOERR_SHORT_READ) return bytes;
  return failure_of(code, trouble_of(code, sqlite3_system_errno(database_)), false);
}

void Database::fail(Failure failure) {
  if (health_.failure) return;
  health_.failure = std::move(failure);
  health_.trouble = Trouble::Other;
}

std::optional<Failure> Database::take_failure() { return std::exchange(health_.failure, std::nullopt); }

}  // namespace vardbron::store
