#include "gateway/care/chain/notice.h"

#include "gateway/care/chain/branch.h"
#include "gateway/care/chain/notice_reader.h"
#include "gateway/time/civil.h"

#include <chrono>
#include <utility>

namespace vardbron::care {
namespace {

Branch meta_of(tree::Document& bundle) {
  tree::Item meta = tree::root(bundle).child("meta");
  return meta ? Branch(bundle, meta.node) : Branch(bundle, 0).object("meta");
}

}  // namespace

NoticeReader::NoticeReader(const tree::Document& bundle) : bundle_(tree::root(bundle)) {}

Result<Notice> NoticeReader::read(std::vector<Failure>* faults) {
  // Without a known event the rest cannot be checked, so these three stop at the first fault.
  using Reading = Result<void> (NoticeReader::*)();
  for (Reading reading : {&NoticeReader::read_bundle, &NoticeReader::read_event, &NoticeReader::read_correction}) {
    Result<void> read = (this->*reading)();
    if (!read && faults != nullptr) faults->push_back(read.failure());
    if (!read) return std::move(read).failure();
  }
  Result<void> first = done();
  for (Reading reading :
       {&NoticeReader::read_event_time, &NoticeReader::read_sender, &NoticeReader::read_receivers, &NoticeReader::read_patient,
        &NoticeReader::read_case, &NoticeReader::read_stay, &NoticeReader::read_encounter_conditions,
        &NoticeReader::read_payloads, &NoticeReader::read_decision, &NoticeReader::read_plan}) {
    Result<void> read = (this->*reading)();
    if (read) continue;
    if (faults != nullptr) faults->push_back(read.failure());
    if (first) first = std::move(read);
    if (faults == nullptr) break;
  }
  if (!first) return std::move(first).failure();
  read_doubts();
  read_receipt();
  read_contact();
  return std::move(notice_);
}

std::string_view to_string(Role role) { return role_codes[std::size_t(role)]; }

Result<Notice> read_notice(const tree::Document& bundle, std::vector<Failure>* faults) {
  return NoticeReader(bundle).read(faults);
}

void mark_as_ambiguous(tree::Document& bundle) { meta_of(bundle).coding_item("tag", quality_system, ambiguous); }

void mark_as_doubtful(tree::Document& bundle, std::string_view says) {
  meta_of(bundle).item("tag").text("system", quality_system).text("code", doubtful).text("display", says);
}

WallTime mark_received(tree::Document& bundle, WallTime at) {
  const WallTime second = std::chrono::floor<std::chrono::seconds>(at);
  meta_of(bundle)
      .item("tag")
      .text("system", quality_system)
      .text("code", received_tag)
      .text("display", time::format_local(second));
  return second;
}

Doubt mark_unknown_receiver(tree::Document& bundle, std::string says) {
  meta_of(bundle).item("tag").text("system", quality_system).text("code", unknown_receiver).text("display", says);
  return {std::string(unknown_receiver), std::move(says)};
}

}  // namespace vardbron::care
