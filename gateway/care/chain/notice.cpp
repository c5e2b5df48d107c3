#include "gateway/care/chain/notice.h"

#include "gateway/care/chain/notice_reader.h"

#include <utility>

namespace vardbron::care {
NoticeReader::NoticeReader(const tree::Document& bundle) : bundle_(tree::root(bundle)) {}

Result<Notice> NoticeReader::read(std::vector<Failure>* faults) {
  // Without a known event the rest cannot be checked, so these four stop at the first fault.
  using Reading = Result<void> (NoticeReader::*)();
  for (Reading reading :
       {&NoticeReader::read_bundle, &NoticeReader::read_event, &NoticeReader::read_correction, &NoticeReader::look_for_stay}) {
    Result<void> read = (this->*reading)();
    if (!read && faults != nullptr) faults->push_back(read.failure());
    if (!read) return std::move(read).failure();
  }
  Result<void> first = done();
  for (Reading reading :
       {&NoticeReader::read_event_time, &NoticeReader::read_sender, &NoticeReader::read_receivers, &NoticeReader::read_patient,
        &NoticeReader::read_case, &NoticeReader::read_stay, &NoticeReader::read_encounter_conditions,
        &NoticeReader::read_payloads, &NoticeReader::read_decision, &NoticeReader::read_plan, &NoticeReader::read_numbers}) {
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

}  // namespace vardbron::care
