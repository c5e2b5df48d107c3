#pragma once

#include "gateway/base/result.h"
#include "gateway/clients/commands.h"
#include "gateway/clients/web_client.h"
#include "gateway/tree/document.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::clients {

/// Receives notifications for the demonstration's municipal system: checks the event numbers for gaps and repetitions, fetches
/// the focus of an event from the gateway, and prints it in plain words. One thread.
class NotificationClient {
 public:
  explicit NotificationClient(const ReceiveOptions& options);

  /// Subscribes at the gateway. Invalid: refused, with the gateway's reason. Else fails like WebClient.
  Result<void> subscribe(const std::string& endpoint);
  /// Deletes its subscription; prints it if that fails.
  void unsubscribe();

  /// A handshake, a heartbeat or events. Invalid: no notification.
  Result<void> take(const std::string& body);
  static bool is_event_notification(std::string_view body);

  std::size_t events() const { return events_; }
  void say(std::string_view words) const;

 private:
  void take_event(tree::Item event);
  std::string in_words(const std::string& reference);
  void accept_task(const std::string& path);
  std::optional<tree::Document> fetch(const std::string& reference);

  const ReceiveOptions& options_;
  tree::Names names_;
  std::optional<WebClient> gateway_;
  std::string subscription_;  ///< its id; "" = there is none
  std::int64_t last_number_ = 0;
  std::size_t events_ = 0;
  std::vector<std::string> to_accept_;       ///< Tasks of the current event, accepted after it is printed
  std::map<std::string, std::string> said_;  ///< last printed text by reference, so that nothing is printed twice
};

}  // namespace vardbron::clients
