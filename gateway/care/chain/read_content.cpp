#include "gateway/care/chain/read_content.h"

#include "gateway/base/limits.h"
#include "gateway/base/text.h"
#include "gateway/tree/children.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <utility>

namespace vardbron::care {
namespace {

using tree::Item;

constexpr std::string_view content_url = "https://vardbron.example/fhir/StructureDefinition/innehall";

// fhir-profiles/README.md, innehall.
constexpr std::array<std::string_view, 12> contents = {"behov",     "insatser",    "adl",           "kognition",
                                                       "risker",    "hjalpmedel",  "lakemedel",     "egenvard",
                                                       "tillstand", "uppfoljning", "arbetsformaga", "sammanfattning"};

class ContentReader {
 public:
  ContentReader(std::string_view path, Notice& notice) : path_(path), notice_(notice) {}

  void read(Item payload) {
    const std::string place = "payload[" + std::to_string(index_++) + "] of the notice's Communication";
    Payload read{about(payload, place), std::string(payload.text_of("contentString")), std::nullopt};
    if (Item attachment = payload.child("contentAttachment")) read.attachment = read_attachment(attachment, place);
    if (trim(read.text).empty() && !read.attachment)
      return doubt("The " + place + " is neither a text nor an attachment; it is not taken over.");
    bytes_ += read.text.size();
    notice_.payloads.push_back(std::move(read));
  }

  Result<void> result() const {
    if (index_ > limits::payloads_per_notice_max)
      return Failure{Cause::TooLarge, "The notice has too many texts and attachments.", std::string(path_) + ".payload"};
    if (bytes_ > limits::payload_bytes_per_notice_max)
      return Failure{Cause::TooLarge, "The notice says more in words than a notice may.", std::string(path_) + ".payload"};
    return done();
  }

 private:
  std::string about(Item payload, const std::string& place) {
    std::string code;
    tree::for_each_child(payload, "extension", [&](Item one) {
      if (one.text_of("url") == content_url) code = trim(one.text_of("valueCode"));
    });
    if (code.empty() || std::find(contents.begin(), contents.end(), code) != contents.end()) return code;
    doubt("What the " + place + " is about is no code of innehall; it is kept as free text.");
    return {};
  }

  /// The file itself is left out where it would be too much for one notice: each receiver gets it with its Communication.
  Attachment read_attachment(Item item, const std::string& place) {
    Attachment read;
    read.content_type = trim(item.text_of("contentType"));
    read.title = trim(item.text_of("title"));
    read.size = parse_int(item.text_of("size")).value_or(0);
    const std::string_view data = item.text_of("data");
    if (bytes_ + data.size() > limits::payload_bytes_per_notice_max) {
      doubt("The attachment in the " + place + " is too large to be passed on; its title, type and size are.");
    } else {
      bytes_ += data.size();
      read.data = data;
    }
    if (read.content_type.empty() && !data.empty()) {
      read.content_type = "application/octet-stream";
      doubt("The attachment in the " + place + " has no type; it is passed on as application/octet-stream.");
    }
    if (read.size == 0 && !data.empty()) read.size = bytes_in(data);
    if (data.empty()) doubt("The attachment in the " + place + " holds no data; its title, type and size are passed on.");
    if (!item.text_of("url").empty())
      doubt("The attachment in the " + place + " names an address, which the receivers could not reach; it is not passed on.");
    return read;
  }

  /// Of base64 without its padding and line breaks.
  static std::int64_t bytes_in(std::string_view base64) {
    const auto is_data = [](char c) { return c != '=' && c != '\n' && c != '\r' && c != ' '; };
    return std::count_if(base64.begin(), base64.end(), is_data) * 3 / 4;
  }

  void doubt(std::string says) { notice_.doubts.push_back({"doubtful-value", std::move(says)}); }

  std::string_view path_;
  Notice& notice_;
  std::size_t index_ = 0, bytes_ = 0;
};

}  // namespace

Result<void> read_content(Item communication, std::string_view path, Notice& notice) {
  ContentReader reader(path, notice);
  tree::for_each_child(communication, "payload", [&](Item payload) { reader.read(payload); });
  return reader.result();
}

}  // namespace vardbron::care
