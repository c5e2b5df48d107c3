#include "gateway/care/chain/task_status.h"

#include <algorithm>
#include <array>

namespace vardbron::care {
namespace {

struct Row {
  std::string_view from, to;  // `to`: space separated
};

constexpr std::array<Row, 5> moves = {{
    {"requested", "received accepted rejected in-progress completed"},
    {"received", "accepted rejected in-progress completed"},
    {"accepted", "in-progress on-hold completed failed"},
    {"in-progress", "on-hold completed failed"},
    {"on-hold", "in-progress completed failed"},
}};

constexpr std::array<std::string_view, 7> wishes = {"received", "accepted",  "rejected", "in-progress",
                                                    "on-hold",  "completed", "failed"};

bool holds_word(std::string_view words, std::string_view word) {
  std::size_t at = words.find(word);
  while (at != std::string_view::npos) {
    std::size_t end = at + word.size();
    bool begins = at == 0 || words[at - 1] == ' ';
    if (begins && (end == words.size() || words[end] == ' ')) return true;
    at = words.find(word, end);
  }
  return false;
}

Failure refused(std::string says) { return Failure{Cause::Conflict, std::move(says), "Task.status"}; }

}  // namespace

Result<void> may_move(std::string_view from, std::string_view to) {
  if (std::find(wishes.begin(), wishes.end(), to) == wishes.end())
    return refused("A receiver may set a Task to received, accepted, rejected, in-progress, on-hold, completed or failed only.");
  if (from == to) return done();
  auto row = std::find_if(moves.begin(), moves.end(), [from](const Row& one) { return one.from == from; });
  if (row == moves.end()) return refused("The Task is " + std::string(from) + "; nothing more can be done with it.");
  if (!holds_word(row->to, to)) {
    return refused("The Task is " + std::string(from) + "; it cannot become " + std::string(to) +
                   ". It may become: " + std::string(row->to) + ".");
  }
  return done();
}

bool is_open_status(std::string_view status) {
  return std::any_of(moves.begin(), moves.end(), [status](const Row& row) { return row.from == status; });
}

}  // namespace vardbron::care
