#include "gateway/http/response_reader.h"

#include "gateway/base/limits.h"
#include "gateway/base/text.h"
#include "gateway/http/syntax.h"

#include <boost/beast/http/basic_parser.hpp>

#include <algorithm>
#include <string>

namespace vardbron::http {

namespace {

namespace beast = boost::beast::http;
using boost::beast::string_view;
using boost::system::error_code;

// Beast's parser, which writes directly into our message.
class Parser final : public beast::basic_parser<false> {
 public:
  explicit Parser(bool to_head) {
    eager(true);
    skip(to_head);
    header_limit(limits::header_bytes_max);
    body_limit(limits::answer_bytes_max);
    response.status = 0;
    response.fields.reserve(8);
  }

  Response response;

 private:
  void on_request_impl(beast::verb, string_view, string_view, int, error_code&) override {}
  void on_response_impl(int status, string_view, int, error_code& error) override {
    if (status < 100) error = beast::error::bad_status;
    response.status = static_cast<unsigned>(status);
  }
  void on_field_impl(beast::field field, string_view name, string_view value, error_code& error) override {
    if (is_header_done()) return;  // a trailer
    check_framing(field, value, error);
    if (response.fields.size() < limits::header_fields_max) response.fields.push_back({std::string(name), std::string(value)});
  }
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(string_view part, error_code&) override {
    response.body.append(part);
    return part.size();
  }
  void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, string_view part, error_code&) override {
    response.body.append(part);
    return part.size();
  }
  void on_finish_impl(error_code&) override {}

  // Beast 1.81 accepts two equal lengths, and ignores a coding that it does not know.
  void check_framing(beast::field field, string_view value, error_code& error) {
    bool is_length = field == beast::field::content_length;
    bool is_coding = field == beast::field::transfer_encoding;
    if (is_length && !is_digits(value)) error = beast::error::bad_content_length;
    if (is_coding && !equal_without_case(value, "chunked")) error = beast::error::bad_transfer_encoding;
    if ((is_length || is_coding) && ++framings_ > 1) error = beast::error::multiple_content_length;
  }

  int framings_ = 0;
};

Failure no_answer(const error_code& error) {
  bool too_large = error == beast::error::body_limit || error == beast::error::header_limit;
  return {too_large ? Cause::TooLarge : Cause::Broken, "The peer's answer was refused: " + error.message() + ".", ""};
}

}  // namespace

struct ResponseReader::State {
  explicit State(bool to_head) : parser(to_head) {}

  Parser parser;
  std::optional<Failure> failure;

  std::size_t put(std::string_view bytes) {
    // Beast 1.81 asserts that it is not called twice with so little of a last chunk.
    constexpr std::string_view last_chunk = "0\r\n\r\n";
    if (parser.is_header_done() && parser.chunked() && bytes.size() < last_chunk.size()) return 0;
    error_code error;
    std::size_t used = parser.put(boost::asio::buffer(bytes), error);
    bool is_held_up = error == beast::error::need_more;
    // Lines of chunks and trailers have no limit of Beast's own.
    if (is_held_up && bytes.size() - used > limits::header_bytes_max) error = beast::error::header_limit;
    if (error && error != beast::error::need_more) failure = no_answer(error);
    return used;
  }

  // The status line is read first and alone, so that the status is known whatever follows. Some servers omit the blank before an
  // empty reason.
  std::size_t read_status_line(std::string_view bytes) {
    constexpr std::size_t bytes_without_reason = 12;
    std::size_t end = bytes.find("\r\n");
    if (end == std::string_view::npos) {
      if (bytes.size() > limits::header_bytes_max) failure = no_answer(beast::error::header_limit);
      return 0;
    }
    std::string line(bytes.substr(0, end));
    if (line.size() == bytes_without_reason) line.push_back(' ');
    std::size_t used = put(line + "\r\n");
    if (!failure && used != line.size() + 2) failure = no_answer(beast::error::bad_status);
    return end + 2;
  }
};

ResponseReader::ResponseReader(bool to_head) : state_(new State(to_head)) {}

ResponseReader::~ResponseReader() = default;

std::size_t ResponseReader::read(std::string_view bytes) {
  State& state = *state_;
  std::size_t used = 0;
  if (status() == 0 && !state.failure) used = state.read_status_line(bytes);
  if (status() == 0 || state.failure || is_whole() || used == bytes.size()) return used;
  return used + state.put(bytes.substr(used));
}

void ResponseReader::end() {
  error_code error = beast::error::partial_message;
  if (has_head() && !state_->failure) state_->parser.put_eof(error);
  if (error && !state_->failure) {
    const char* where = has_head() ? "in the middle of a body." : "before its answer.";
    state_->failure = Failure{Cause::Broken, std::string("The peer ended the connection ") + where, ""};
  }
}

bool ResponseReader::has_head() const { return state_->parser.is_header_done(); }

bool ResponseReader::is_whole() const { return state_->parser.is_done() && !state_->failure; }

const std::optional<Failure>& ResponseReader::failure() const { return state_->failure; }

unsigned ResponseReader::status() const { return state_->parser.response.status; }

bool ResponseReader::keep_alive() const { return state_->parser.keep_alive(); }

Response& ResponseReader::response() { return state_->parser.response; }

}  // namespace vardbron::http
