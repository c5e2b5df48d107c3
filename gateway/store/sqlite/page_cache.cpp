#include "gateway/store/sqlite/page_cache.h"

#include <sqlite3.h>

#include <algorithm>
#include <memory>

namespace vardbron::store {

namespace {

sqlite3_pcache_methods2 sqlites_own{};

struct PageCache {
  sqlite3_pcache* pages = nullptr;
  unsigned last = 0;    ///< no page has a later number, but for one
  unsigned beyond = 0;  ///< the one that has; 0: none
};

PageCache& page_cache(sqlite3_pcache* of) { return *reinterpret_cast<PageCache*>(of); }

int init(void*) { return sqlites_own.xInit(sqlites_own.pArg); }
void shut_down(void*) { sqlites_own.xShutdown(sqlites_own.pArg); }

sqlite3_pcache* create(int page_size, int extra_size, int is_purgeable) {
  auto made = std::make_unique<PageCache>();
  made->pages = sqlites_own.xCreate(page_size, extra_size, is_purgeable);
  return made->pages != nullptr ? reinterpret_cast<sqlite3_pcache*>(made.release()) : nullptr;
}

void destroy(sqlite3_pcache* cache) {
  const std::unique_ptr<PageCache> ended(&page_cache(cache));
  sqlites_own.xDestroy(ended->pages);
}

void set_size(sqlite3_pcache* cache, int pages) { sqlites_own.xCachesize(page_cache(cache).pages, pages); }
int count(sqlite3_pcache* cache) { return sqlites_own.xPagecount(page_cache(cache).pages); }
void shrink(sqlite3_pcache* cache) { sqlites_own.xShrink(page_cache(cache).pages); }

sqlite3_pcache_page* fetch(sqlite3_pcache* cache, unsigned number, int how) {
  PageCache& in = page_cache(cache);
  sqlite3_pcache_page* page = sqlites_own.xFetch(in.pages, number, how);
  if (page != nullptr) in.last = std::max(in.last, number);
  return page;
}

void unpin(sqlite3_pcache* cache, sqlite3_pcache_page* page, int discard) {
  sqlites_own.xUnpin(page_cache(cache).pages, page, discard);
}

void give_number(sqlite3_pcache* cache, sqlite3_pcache_page* page, unsigned before, unsigned number) {
  PageCache& in = page_cache(cache);
  sqlites_own.xRekey(in.pages, page, before, number);
  if (before == in.beyond) in.beyond = 0;
  if (number <= in.last) return;
  if (in.beyond == 0) {
    in.beyond = number;
  } else {
    in.last = number;
  }
}

void drop_from(sqlite3_pcache* cache, unsigned number) {
  PageCache& in = page_cache(cache);
  if (number > in.last && in.beyond == 0) return;
  sqlites_own.xTruncate(in.pages, number);
  in.last = std::max(in.last, in.beyond);
  in.last = std::min(in.last, number == 0 ? 0 : number - 1);
  in.beyond = 0;
}

constexpr sqlite3_pcache_methods2 methods{1,     nullptr, init,        shut_down, create,  set_size, count,
                                          fetch, unpin,   give_number, drop_from, destroy, shrink};

bool give_to_sqlite() {
  sqlite3_pcache_methods2 given = methods;
  return sqlite3_config(SQLITE_CONFIG_GETPCACHE2, &sqlites_own) == SQLITE_OK &&
         sqlite3_config(SQLITE_CONFIG_PCACHE2, &given) == SQLITE_OK;
}

const bool is_given = give_to_sqlite();

}  // namespace

const sqlite3_pcache_methods2* page_cache_methods() { return is_given ? &methods : nullptr; }

}  // namespace vardbron::store
