#include "gateway/store/sqlite/database.h"

#include <sqlite3.h>

#include <utility>

namespace vardbron::store {

namespace {

// Never the statement or its values: they may hold what patients' records say.
Failure failure_of(int code, std::int64_t broken_page = 0) {
  if (code == SQLITE_IOERR_DATA) {
    return {Cause::Broken, "Page " + std::to_string(broken_page) +
                               " of the store's file is not what was written to it; what lies on it cannot be read.", ""};
  }
  std::string says = "The store's file: ";
  says += sqlite3_errstr(code);
  says += " (" + std::to_string(code) + ").";
  return {Cause::Broken, std::move(says), ""};
}

// After a failed sync nobody knows what is on the disk, and the kernel has forgotten that it failed. Only a new start, which
// reads the log again, may go on. A full disk is not such a case: SQLite has rolled back and the next write begins afresh. Nor is
// a page whose sum is wrong: nothing was written, and what does not need that page goes on.
bool is_lie(int code) {
  if (code == SQLITE_IOERR_DATA) return false;
  return (code & 0xFF) == SQLITE_IOERR || (code & 0xFF) == SQLITE_CORRUPT;
}

void note(DatabaseHealth& health, sqlite3* database, int code) {
  int extended = database != nullptr ? sqlite3_extended_errcode(database) : code;
  if ((extended & 0xFF) != (code & 0xFF)) extended = code;
  if (is_lie(extended)) health.disk_lied = true;
  if (!health.failure) health.failure = failure_of(extended, health.pages != nullptr ? health.pages->broken_page : 0);
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

// To prepare reads the file. When that fails the statement must not stay one that finds no row and says nothing.
bool Statement::is_prepared() {
  if (statement_ != nullptr) return true;
  if (health_->failure) return false;
  int code =
      sqlite3_prepare_v3(database_, sql_.data(), static_cast<int>(sql_.size()), SQLITE_PREPARE_PERSISTENT, &statement_, nullptr);
  if (code != SQLITE_OK) note(*health_, database_, code);
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

bool Statement::step() {
  if (statement_ == nullptr) return false;  // health knows
  // A full disk may make SQLite roll the transaction back by itself. What ran after that would be committed on its own.
  if (health_->failure) return false;
  int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) note(*health_, database_, code);
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

Result<std::unique_ptr<Database>> Database::open(const std::filesystem::path& file, Use use, BrokenPage on_broken_page) {
  int flags = SQLITE_OPEN_NOMUTEX | (use == Use::Write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY);
  sqlite3* handle = nullptr;
  auto files = std::make_unique<StoreFiles>(use == Use::Write ? StoreFiles::Log::Gathered : StoreFiles::Log::AsEver);
  files->pages().on_broken = std::move(on_broken_page);
  int code = sqlite3_open_v2(file.c_str(), &handle, flags, files->name().c_str());
  if (code != SQLITE_OK) {
    Failure failure = failure_of(code, files->pages().broken_page);
    sqlite3_close(handle);
    return failure;
  }
  std::unique_ptr<Database> database(new Database(file, std::move(files), handle));
  sqlite3_extended_result_codes(handle, 1);
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

bool Database::in_transaction() const { return sqlite3_get_autocommit(database_) == 0; }

void Database::checkpoint() {
  int code = sqlite3_wal_checkpoint_v2(database_, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  // BUSY and LOCKED say that somebody else is at it; whatever is left stays in the log until next time.
  if (code != SQLITE_OK && code != SQLITE_BUSY && code != SQLITE_LOCKED) note(health_, database_, code);
}

Result<void> Database::copy_to(const std::filesystem::path& file) {
  Result<std::unique_ptr<Database>> target = open(file, Use::Write);
  if (!target) return std::move(target).failure();
  (*target)->files_->pages().is_new_checked = reserved_bytes() != 0;
  sqlite3* copy = (*target)->database_;
  sqlite3_backup* backup = sqlite3_backup_init(copy, "main", database_, "main");
  if (backup == nullptr) return failure_of(sqlite3_errcode(copy));
  constexpr int all_pages = -1;
  const int stepped = sqlite3_backup_step(backup, all_pages);
  const int finished = sqlite3_backup_finish(backup);  // synced by SQLite: a new connection commits with synchronous=FULL
  if (stepped != SQLITE_DONE) return failure_of(stepped);
  if (finished != SQLITE_OK) return failure_of(finished);
  return done();
}

void Database::fail(Failure failure) {
  if (!health_.failure) health_.failure = std::move(failure);
}

std::optional<Failure> Database::take_failure() { return std::exchange(health_.failure, std::nullopt); }

}  // namespace vardbron::store
