#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

/// Command-line clients that act as the other side. Every command returns an exit code (workspace/print.h).
namespace vardbron::clients {

struct SendOptions {
  std::string to;  ///< http://127.0.0.1:8080/intake/cosmic
  std::string token;
  std::string authorities;
  std::vector<std::string> files;
  std::string content_type;  ///< "" = by the file's extension
  std::size_t times = 1;
  bool later = false;  ///< Prefer: respond-async
};
/// Acts as a hospital.
int send(const SendOptions& options);

struct GetOptions {
  std::string url;
  std::string token;
  std::string authorities;
  bool summary = false;  ///< one line per entry of a searchset
};
/// Reads or searches at a gateway.
int get(const GetOptions& options);

struct ReportOptions {
  std::string gateway;  ///< http://127.0.0.1:8080
  std::string token;
  std::string authorities;
  std::string month;         ///< 2026-03
  std::string municipality;  ///< organisationsnummer; "" = each that the token may see
};
/// Prints what municipalities pay for a month by an average, as CSV.
int report(const ReportOptions& options);

struct ReceiveOptions {
  std::string name = "receiver";
  std::string listen = "127.0.0.1:0";
  std::string gateway;  ///< http://127.0.0.1:8080/fhir; "" = only listen
  std::string token;
  std::string authorities;
  std::string topic = "case";
  std::string content = "id-only";
  bool accept_tasks = false;         ///< answers every Task it owns with `accepted`
  std::size_t fail_first = 0;        ///< answers this many notifications with 503
  std::uint64_t slow_ms = 0;         ///< waits this long before each answer
  std::size_t stop_after = 0;        ///< ends after this many events; 0 = runs until it is stopped
  std::filesystem::path ready_file;  ///< created when the subscription is active
  bool quiet = false;
};
/// Acts as a municipal system: subscribes, answers the handshake, and prints the notifications.
int receive(const ReceiveOptions& options);

}  // namespace vardbron::clients
