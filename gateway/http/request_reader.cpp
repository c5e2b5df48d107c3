#include "gateway/http/request_reader.h"

#include "gateway/base/limits.h"
#include "gateway/base/text.h"
#include "gateway/http/guard.h"

#include <boost/beast/http/basic_parser.hpp>

#include <algorithm>
#include <string>

namespace vardbron::http {

namespace {

namespace beast = boost::beast::http;
using boost::beast::string_view;
using boost::system::error_code;

// Beast's parser, which writes directly into our message.
class Parser final : public beast::basic_parser<true> {
 public:
  Parser() {
    eager(true);
    header_limit(limits::header_bytes_max);
    body_limit(boost::none);  // checked by the guard
    request.fields.reserve(16);
  }

  Request request;
  bool is_1_0 = false;

 private:
  void on_request_impl(beast::verb, string_view method, string_view target, int version, error_code&) override {
    request.method = method;
    request.target = target;
    is_1_0 = version == 10;
  }
  void on_response_impl(int, string_view, int, error_code&) override {}
  void on_field_impl(beast::field, string_view name, string_view value, error_code&) override {
    request.fields.push_back({std::string(name), std::string(value)});
  }
  void on_header_impl(error_code&) override {}
  // Memory for a body is only allocated as it arrives, so that a head with a large length costs nothing.
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code&) override {
    request.body.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(length.value_or(0), 64u << 10)));
  }
  std::size_t on_body_impl(string_view part, error_code&) override {
    request.body.append(part);
    return part.size();
  }
  void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, string_view part, error_code&) override {
    request.body.append(part);
    return part.size();
  }
  void on_finish_impl(error_code&) override {}
};

// The guard has checked that an absolute target has the same host as Host.
void make_origin_form(std::string& target) {
  if (target.starts_with('/') || target == "*") return;
  std::size_t path = std::min(target.find_first_of("/?", target.find("://") + 3), target.size());
  target.erase(0, path);
  if (!target.starts_with('/')) target.insert(0, 1, '/');
}

}  // namespace

struct RequestReader::State {
  Guard guard;
  Parser parser;
  std::optional<Refusal> refusal;

  void parse(std::string_view bytes) {
    bool was_head = !parser.is_header_done();
    error_code error;
    std::size_t used = parser.put(boost::asio::buffer(bytes), error);
    bool wants_more = error == beast::error::need_more;
    if (error && !wants_more) {
      refusal = Refusal{400, "This cannot be read as HTTP: " + error.message() + "."};
    } else if (used != bytes.size() || !parser.is_header_done() || parser.is_done() != guard.is_at_end()) {
      refusal = Refusal{400, "This can be read in two ways."};
    } else if (was_head) {
      make_origin_form(parser.request.target);
    }
  }
};

RequestReader::RequestReader() : state_(new State) {}

RequestReader::~RequestReader() = default;

std::size_t RequestReader::read(std::string_view bytes) {
  State& state = *state_;
  if (state.refusal || is_whole()) return 0;
  std::size_t passed = state.guard.let_pass(bytes);
  state.refusal = state.guard.refusal();
  if (passed > 0) state.parse(bytes.substr(0, passed));
  return passed;
}

bool RequestReader::has_head() const { return state_->parser.is_header_done(); }

bool RequestReader::is_whole() const { return state_->parser.is_done(); }

const std::optional<Refusal>& RequestReader::refusal() const { return state_->refusal; }

bool RequestReader::keep_alive() const { return !state_->parser.is_1_0 && state_->parser.keep_alive(); }

bool RequestReader::expects_continue() const {
  return !is_whole() && !state_->parser.is_1_0 && !find(state_->parser.request.fields, "Expect").empty();
}

Request& RequestReader::request() { return state_->parser.request; }

}  // namespace vardbron::http
