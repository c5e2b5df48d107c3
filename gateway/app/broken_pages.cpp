#include "gateway/app/broken_pages.h"

#include "gateway/base/counted.h"
#include "gateway/base/log.h"

#include <string>

namespace vardbron::app {

BrokenPages::BrokenPages(Metrics& metrics)
    : counter_(metrics.counter("vardbron_store_broken_pages_total",
                               "Pages of the store, in its file or in its log, whose checksum is wrong")) {}

void BrokenPages::met(std::int64_t page) {
  log::error("a page of the store is not what was written to it; what lies on it is refused", {{"page", page}});
  counter_.add();
  last_ = page;
  ++count_;
}

rest::Check BrokenPages::check() const {
  const std::int64_t count = count_;
  rest::Check check{"pages", rest::Health::Ok, "", {{"broken", count}}};
  if (count == 0) return check;
  check.health = rest::Health::Warn;
  check.facts.push_back({"last", last_.load()});
  check.says = counted(static_cast<std::size_t>(count), "page") + " of the store " + (count == 1 ? "is" : "are") +
               " not what was written there: what needs them is refused, however often it is asked for. GET /operate/verify says "
               "which tables and indices they belong to. Stop the gateway and put a copy of the store back.";
  return check;
}

}  // namespace vardbron::app
