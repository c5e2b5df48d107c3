#pragma once

struct sqlite3_pcache_methods2;

namespace vardbron::store {

/// SQLite keeps pages by its own page cache, with one thing left out: the end of a transaction drops the pages after the end of
/// the file, and looks for them in the whole cache when a page had a number after it for a moment (SQLite 3.40 gives one such
/// number while it puts the pages of a tree in order, in nearly each transaction). Nothing is looked for when no page has such a
/// number any more.
///
/// SQLite takes a page cache before its first use only: it is given this one before main(). Null: it did not take it. Any thread.
const sqlite3_pcache_methods2* page_cache_methods();

}  // namespace vardbron::store
