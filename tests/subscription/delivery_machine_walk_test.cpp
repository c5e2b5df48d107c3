// Concern: whatever happens in whatever order, the promises of delivery_machine.h hold.
#include "tests/sim/seeds.h"
#include "tests/subscription/machine_driver.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

namespace vardbron::subscription {
namespace {

using namespace std::chrono_literals;
using Action = DeliveryMachine::Action;
using Step = DeliveryMachine::Step;

// The store, the subscriber and the receiver round a machine, and what they may expect of it. A restart begins from the store.
class World {
 public:
  explicit World(std::uint64_t seed) : chance_(seed) {
    settings_.batch_max = static_cast<std::int64_t>(1 + chance_.below(7));
    settings_.attempts_max = 12;
    if (one_of(2)) settings_.heartbeat = 40s;
    restart();
  }

  void walk(int steps) {
    for (int at = 0; at < steps && !testing::Test::HasFatalFailure(); ++at) {
      happen();
      one_step();
    }
  }

  // Nothing goes wrong any more, and the subscriber asks once more.
  void be_calm() {
    is_calm_ = true;
    restart();
    change();
    const auto is_done = [this] { return done_ == committed_ && stored_.status == Status::Active; };
    for (int at = 0; at < 10'000 && !is_done() && !testing::Test::HasFatalFailure(); ++at) one_step();
    EXPECT_EQ(done_, committed_);
    EXPECT_EQ(stored_.status, Status::Active);
  }

  std::int64_t done() const { return done_; }

 private:
  bool one_of(std::uint64_t bound) { return !is_calm_ && chance_.below(bound) == 0; }
  WallTime wall() const { return WallTime{500'000h} + std::chrono::floor<std::chrono::milliseconds>(now_); }

  // --- what happens meanwhile ---

  void happen() {
    if (one_of(4)) machine_->committed(committed_ += static_cast<std::int64_t>(chance_.below(5)));
    if (one_of(60)) change();
    if (one_of(300)) switch_off();
    if (one_of(300)) stop();
    if (one_of(100) && is_marked()) restart();
    if (machine_->has_ended() && !is_marked()) change();  // the last write was trouble: the subscriber asks again
    if (machine_->has_ended()) restart();
    if (stored_.status == Status::Off && one_of(2)) change();
  }

  void change() {
    const bool is_counted = stored_.status == Status::Active || stored_.status == Status::Error;
    stored_.status = is_counted ? Status::Error : Status::Requested;
    stored_.hold = is_counted ? store::DeliveryHold::HandshakeDue : store::DeliveryHold::None;
    stored_.error.clear();
    needs_handshake_ = true;
    is_off_ = went_well_ = false;
    ++version_;
    if (!machine_->has_ended()) machine_->changed(settings_, DeliveryMachine::Asks::Handshake);
    if (machine_->has_ended()) restart();
  }

  void switch_off() {
    stored_.status = Status::Off;
    stored_.hold = store::DeliveryHold::None;
    is_off_ = true;
    machine_->switched_off();
  }

  void stop() {
    is_stopping_ = true;
    machine_->stop_asked();
  }

  // Whether a restart finds out that a handshake is due. A write of the machine's that was under way during a change may cover
  // the mark until the machine has written it again.
  bool is_marked() const {
    const bool is_sending = stored_.status == Status::Active || stored_.status == Status::Error;
    return !needs_handshake_ || !is_sending || stored_.hold != store::DeliveryHold::None;
  }

  void restart() {
    stored_.committed = committed_;
    stored_.delivered = done_;
    machine_.emplace(settings_, stored_, now_);
    is_stopping_ = is_answered_ = went_well_ = false;
    failures_ = 0;
    not_before_ = Instant{0};
    last_contact_ = now_;
  }

  // --- one step ---

  void one_step() {
    if (machine_->has_ended()) return;
    const Step step = machine_->next(now_, wall());
    ASSERT_NO_FATAL_FAILURE(check(step)) << name(step);
    if (step.action == Action::Wait || step.action == Action::End) return pass(step);
    const int version = version_;
    if (one_of(5)) happen_during();
    bool& is_failed = step.action == Action::Advance ? advance_failed_ : write_failed_;
    is_failed = true;
    if (one_of(12)) return machine_->trouble(now_);
    if (one_of(60)) return throw_at(step);
    is_failed = false;
    if (step.action == Action::Prepare && one_of(8)) return machine_->put_off();
    if (step.action == Action::Prepare && step.type != NotificationType::Handshake && one_of(20)) return share_silence(step);
    come_out(step, version);
  }

  void share_silence(const Step& step) {
    if (step.type == NotificationType::EventNotification) failed(step, no_answer);
    machine_->not_answered_to_others(now_, chance_);
  }

  void pass(const Step& step) {
    if (step.action == Action::End || step.until.at == Instant::max()) return;
    now_ = one_of(3) ? now_ + (step.until.at - now_) / 2 : step.until.at;
  }

  void happen_during() {
    machine_->committed(committed_ += static_cast<std::int64_t>(chance_.below(3)));
    if (one_of(6)) change();
    if (one_of(40)) switch_off();
    if (one_of(40)) stop();
    now_ += std::chrono::milliseconds(chance_.below(3'000));
  }

  void throw_at(const Step& step) {
    const bool is_of_events = step.type == NotificationType::EventNotification;
    if ((step.action == Action::Prepare || step.action == Action::Post) && is_of_events) failed(step, 400);
    machine_->threw(now_, chance_);
  }

  void come_out(const Step& step, int version) {
    switch (step.action) {
      case Action::Prepare: return make(step, version);
      case Action::Post: return answer(step);
      case Action::Begin: stored_.under_way = step.to; break;
      case Action::Advance:
        done_ = step.to;
        is_answered_ = false;
        failures_ = 0;
        break;
      case Action::DeadLetter:
        done_ = step.to;
        failures_ = 0;
        last_from_ = 0;
        not_before_ = Instant{0};
        break;
      case Action::SetStatus:
        went_well_ = false;
        if (is_off_) break;  // that is written after it
        stored_.status = step.status;
        stored_.hold = step.hold;
        stored_.error = step.why;
        break;
      default: break;
    }
    machine_->written();
  }

  void make(const Step& step, int version) {
    if (step.type == NotificationType::EventNotification && one_of(30)) {
      failed(step, 400);
      return machine_->cannot_be_made(now_, chance_);
    }
    // How many fit is the same each time.
    const std::int64_t fitting = step.from % 5 == 0 ? 2 : settings_.batch_max;
    made_ = step;
    if (step.may_end_earlier) made_.to = std::min(step.to, step.from + fitting - 1);
    made_version_ = version;
    machine_->prepared(made_.to);
  }

  void answer(const Step& step) {
    const unsigned answers[] = {200, 200, 200, 204, 0, 503, 429, 404, 400, 422, 410, 500};
    DeliveryMachine::Answer answer;
    const bool is_simple = is_calm_ || (step.type == NotificationType::Handshake && !one_of(6));
    answer.status = is_simple ? 200 : answers[chance_.below(std::size(answers))];
    if (one_of(3)) answer.at_least = std::chrono::seconds(chance_.below(2'000));
    const bool is_well = judge(answer.status) == Verdict::Delivered;
    const bool counts = machine_->answered(answer, now_, chance_);
    if (step.type == NotificationType::EventNotification) {
      is_answered_ = is_well;
      if (!is_well) failed(step, answer.status);
      const bool is_cut = judge(answer.status) == Verdict::Refused && step.to > step.from;
      const auto pause = std::min<std::chrono::nanoseconds>(answer.at_least, settings_.pause_max);
      not_before_ = is_well || is_cut ? Instant{0} : now_ + pause;
    }
    if (step.type != NotificationType::Handshake) return;
    EXPECT_EQ(counts, made_version_ == version_ && !is_stopping_ && !is_off_);
    went_well_ = counts && is_well;
    if (!went_well_) return;
    needs_handshake_ = false;
    not_before_ = Instant{0};
  }

  // A notification of several that is refused is cut; of one event, it stays what it is.
  void failed(const Step& step, unsigned status) {
    ++failures_;
    if (judge(status) == Verdict::Refused && step.to > step.from) last_from_ = 0;
  }

  // --- what may be expected ---

  void check(const Step& step) {
    const bool is_over = is_stopping_ || is_off_ || stored_.status == Status::Off;
    switch (step.action) {
      case Action::Wait:
        ASSERT_GT(step.until.at, now_);
        ASSERT_FALSE(is_over);
        if (step.until.at != Instant::max()) ASSERT_LE(step.until.at - now_, settings_.pause_max);
        break;
      case Action::Prepare:
      case Action::Begin: ASSERT_NO_FATAL_FAILURE(check_sending(step)); break;
      case Action::Post: ASSERT_NO_FATAL_FAILURE(check_post(step)); break;
      case Action::Advance:
        ASSERT_TRUE(is_answered_);
        ASSERT_EQ(step.to, last_to_);
        break;
      case Action::DeadLetter:
        ASSERT_EQ(step.from, done_ + 1);
        ASSERT_GE(failures_, std::min(settings_.refusals_max, settings_.attempts_max));
        break;
      case Action::SetStatus:
        ASSERT_TRUE(!is_over || step.hold == store::DeliveryHold::HandshakeDue);
        ASSERT_NE(step.status, Status::Off);
        // Error stays until a handshake goes well, and what the subscriber changed is not forgotten.
        if (step.status == Status::Active && stored_.status != Status::Active) ASSERT_TRUE(went_well_);
        if (needs_handshake_ && step.type == NotificationType::EventNotification) ASSERT_NE(step.hold, store::DeliveryHold::None);
        break;
      case Action::End:
        ASSERT_TRUE(is_over);
        ASSERT_TRUE(is_off_ || write_failed_ || is_marked()) << "a handshake that is due is forgotten";
        ASSERT_TRUE(advance_failed_ || !is_answered_) << "what was answered is sent again";
        break;
    }
  }

  void check_sending(const Step& step) {
    ASSERT_FALSE(is_stopping_);
    ASSERT_NE(stored_.status, Status::Off);
    ASSERT_FALSE(is_answered_) << "what was answered is written down first";
    if (step.type == NotificationType::Handshake) return;
    ASSERT_FALSE(needs_handshake_);
    ASSERT_EQ(stored_.hold, store::DeliveryHold::None);
    ASSERT_GE(now_, not_before_);
    if (step.type == NotificationType::EventNotification) {
      ASSERT_EQ(step.from, done_ + 1);
      ASSERT_LE(step.to, committed_);
      ASSERT_LT(step.to - step.from, settings_.batch_max);
      return;
    }
    ASSERT_EQ(done_, committed_);
    ASSERT_GT(settings_.heartbeat, 0s);
    if (step.action == Action::Prepare) ASSERT_GE(now_ - last_contact_, settings_.heartbeat);
    last_contact_ = now_;
  }

  void check_post(const Step& step) {
    ASSERT_NO_FATAL_FAILURE(check_sending(step));
    ASSERT_EQ(made_version_, version_);
    ASSERT_EQ(step.type, made_.type);
    last_contact_ = now_;
    if (step.type != NotificationType::EventNotification) return;
    ASSERT_EQ(step.from, made_.from);
    ASSERT_EQ(step.to, made_.to);
    if (last_from_ == step.from) ASSERT_EQ(step.to, last_to_) << "a receiver knows it by its bounds";
    last_from_ = step.from;
    last_to_ = step.to;
  }

  SeededRandom chance_;
  Instant now_{0};
  DeliveryMachine::Settings settings_;
  DeliveryMachine::State stored_;
  std::optional<DeliveryMachine> machine_;
  std::int64_t committed_ = 0, done_ = 0;
  std::int64_t last_from_ = 0, last_to_ = 0;  // of the last notification of events that was posted; 0: it may change
  Step made_;
  Instant not_before_{0}, last_contact_{0};
  int failures_ = 0;                                    // of what is at the head
  bool needs_handshake_ = true;                         // since the last change
  bool went_well_ = false;                              // the handshake, and nothing was changed since
  int version_ = 0, made_version_ = -1;                 // of the Subscription
  bool is_answered_ = false;                            // 2xx, and that is not written down
  bool advance_failed_ = false, write_failed_ = false;  // the last one of these, by trouble of our own
  bool is_stopping_ = false, is_off_ = false, is_calm_ = false;
};

TEST(DeliveryMachineWalk, KeepsItsPromisesWhateverHappens) {
  sim::for_each_seed(400, [](std::uint64_t seed) {
    World world(seed);
    world.walk(2'000);
    if (testing::Test::HasFatalFailure()) return;
    world.be_calm();
    EXPECT_GT(world.done(), 20);
  });
}

}  // namespace
}  // namespace vardbron::subscription
