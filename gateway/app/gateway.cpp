#include "gateway/app/gateway.h"

#include "gateway/access/authenticator.h"
#include "gateway/access/sealed_text.h"
#include "gateway/access/sender_permissions.h"
#include "gateway/access/strangers.h"
#include "gateway/app/broken_pages.h"
#include "gateway/app/load_own_definitions.h"
#include "gateway/app/map_reload.h"
#include "gateway/app/principals.h"
#include "gateway/app/seal_file.h"
#include "gateway/app/store_samples.h"
#include "gateway/app/stored_keys_of.h"
#include "gateway/base/guarded_clock.h"
#include "gateway/base/limits.h"
#include "gateway/base/log.h"
#include "gateway/base/metrics.h"
#include "gateway/base/process.h"
#include "gateway/base/random.h"
#include "gateway/base/version.h"
#include "gateway/base/within.h"
#include "gateway/exchange/backlog.h"
#include "gateway/exchange/case_clock.h"
#include "gateway/exchange/case_repair.h"
#include "gateway/exchange/message_path.h"
#include "gateway/http/server.h"
#include "gateway/net/tcp.h"
#include "gateway/net/workers.h"
#include "gateway/rest/health_watch.h"
#include "gateway/rest/own_definitions.h"
#include "gateway/rest/service.h"
#include "gateway/search/indexer.h"
#include "gateway/search/served.h"
#include "gateway/store/sqlite/seal_key.h"
#include "gateway/store/sqlite/sqlite_store.h"
#include "gateway/store/watched_store.h"
#include "gateway/subscription/deliverer.h"
#include "gateway/subscription/subscription_service.h"
#include "gateway/workspace/print.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_future.hpp>

#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <future>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace vardbron::app {

namespace {

std::vector<exchange::ChannelSetting> channels_of(const Config& config) {
  std::vector<exchange::ChannelSetting> channels{{"fhir", ""}};  // $process-message
  for (const ChannelConfig& each : config.channels) channels.push_back({each.name, each.map, each.charset});
  return channels;
}

// Before the threads run: blocks.
template <class T>
Result<T> wait_for(Task<Result<T>> work) {
  asio::io_context here;
  std::optional<Result<T>> answer;
  Task<> keeping = detail::keep(std::move(work), answer);
  asio::co_spawn(here, std::move(keeping), [](std::exception_ptr error) {
    if (error) std::rethrow_exception(error);
  });
  here.run();
  return *std::move(answer);
}

void tell_open(const Config& config, const std::string& url, std::uint16_t port, std::size_t maps) {
  const std::string listen = listening_at(config, port);
  const std::string store = std::filesystem::absolute(config.store).lexically_normal().string();
  log::info("the gateway is open", {{"version", version()},
                                    {"url", std::string_view(url)},
                                    {"listen", std::string_view(listen)},
                                    {"store", std::string_view(store)},
                                    {"schema", std::int64_t{store::store_form()}},
                                    {"maps", static_cast<std::int64_t>(maps)}});
}

MapPlaces places_of_maps(const Config& config) { return {config.definitions, config.mappings, channels_of(config)}; }

}  // namespace

/// The objects of one worker thread.
struct Worker {
  exchange::Channels channels;
  std::unique_ptr<exchange::MessagePath> path;
  std::unique_ptr<exchange::Backlog> backlog;
  std::unique_ptr<exchange::CaseClock> case_clock;  // on the first worker only, for all
  std::unique_ptr<rest::Service> service;
  std::unique_ptr<net::Listener> listener;
  std::unique_ptr<http::Server> server;
};

struct Gateway::Parts {
  Parts(const Config& given, std::shared_ptr<const exchange::MapSet> maps)
      : config(given),
        first_maps(std::move(maps)),
        registry(first_maps),
        workers(2 * given.threads + 5),
        reload(registry, places_of_maps(given), workers.executor(given.threads + 1)) {}

  Result<void> open();
  Result<void> open_store();
  Result<void> open_delivery();
  exchange::CaseRules case_rules() const {
    return {definitions().names(), config.policies, *indexer, config.room, store ? store->person_secret() : ""};
  }
  exchange::CaseParts case_parts();
  exchange::PathParts path_of(Worker& worker);
  Result<void> open_worker(std::size_t number, std::uint16_t port);
  const fhir::Definitions& definitions() const { return first_maps->library->definitions(); }
  std::size_t delivery_worker() const { return config.threads; }
  std::size_t loading_worker() const { return config.threads + 1; }
  std::size_t long_case_worker() const { return config.threads + 2; }
  std::size_t fallback_worker() const { return config.threads + 3; }
  std::size_t conversion_worker() const { return config.threads + 4; }
  std::size_t first_preparing_worker() const { return config.threads + 5; }
  void wait_for_hangup();
  void cut_callers_off();
  void hand_out_seal(const std::string& line);
  void close();

  const Config config;
  const std::shared_ptr<const exchange::MapSet> first_maps;  // keeps its definitions when maps are replaced
  exchange::MapRegistry registry;
  RealClock machine_clock;
  GuardedClock clock{machine_clock};
  SystemRandom random;
  const access::SealedText sealed{random};
  Metrics metrics;
  BrokenPages broken_pages{metrics};
  SealFile seals{config.seal.file, metrics};
  std::atomic<bool> has_joined{false};  // no worker is running
  std::string base_url;
  std::optional<search::Indexer> indexer;
  rest::OwnDefinitions own_definitions;
  std::optional<access::Authenticator> authenticator;
  access::SenderPermissions units;
  std::optional<subscription::Endpoints> endpoints;
  std::shared_ptr<const net::Tls> tls;
  net::ConnectionCount connections{net::connection_bounds(static_cast<std::size_t>(process_use().descriptors_max)),
                                   config.trusted_proxies, &metrics};
  FairShares bodies{limits::bodies_under_way_bytes_max};
  FairShares requests{limits::requests_under_way_max};
  std::unique_ptr<store::Store> disk;
  std::unique_ptr<store::AuditFallback> fallback;  // may be null
  std::unique_ptr<store::WatchedStore> store;      // the one that all others use
  exchange::CaseQueue case_queue;
  exchange::CaseCache case_cache;
  exchange::CaseQueue person_queue;
  exchange::OrganizationRegister organizations;
  // `threads` of them serve, as many prepare backlogs; the others deliver, load maps, compute long cases, wait for `fallback`,
  // make XML.
  net::Workers workers;
  MapReload reload;
  std::unique_ptr<net::TcpDialer> dialer;
  std::unique_ptr<subscription::Deliverer> deliverer;
  std::unique_ptr<subscription::SubscriptionService> subscription_service;
  std::unique_ptr<access::StrangerLog> strangers;  // on the first worker's thread
  std::unique_ptr<rest::AnswerLog> answers;
  std::unique_ptr<rest::HealthWatch> health;  // likewise
  std::unique_ptr<exchange::CaseRepair> repair;
  std::vector<std::unique_ptr<Worker>> serving;
  asio::io_context signals_io{1};
  asio::signal_set signals{signals_io, SIGINT, SIGTERM};
  asio::signal_set hangups{signals_io, SIGHUP};
};

Result<void> Gateway::Parts::open() {
  Result<access::Authenticator> keeper = access::Authenticator::open(principals_of(config));
  if (!keeper) return std::move(keeper).failure();
  authenticator.emplace(std::move(*keeper));
  Result<access::SenderPermissions> listed = access::SenderPermissions::open(principals_of(config));
  if (!listed) return std::move(listed).failure();
  units = std::move(*listed);
  Result<subscription::Endpoints> places = subscription::Endpoints::open(places_of(config), config.plain_http_to_loopback);
  if (!places) return std::move(places).failure();
  endpoints.emplace(std::move(*places));
  indexer.emplace(definitions(), search::served());
  Result<rest::OwnDefinitions> ours = load_own_definitions(definitions());
  if (!ours) return std::move(ours).failure();
  own_definitions = std::move(*ours);
  if (!config.tls.certificate.empty()) {
    Result<std::shared_ptr<const net::Tls>> made =
        net::Tls::for_server({config.tls.certificate.string(), config.tls.key.string()});
    if (!made) return std::move(made).failure();
    tls = std::move(*made);
  }
  Result<void> kept = open_store();
  if (!kept) return kept;
  std::uint16_t port = config.listen_port;
  for (std::size_t number = 0; number < config.threads; ++number) {
    Result<void> listening = open_worker(number, port);
    if (!listening) return listening;
    port = serving.front()->listener->port();
  }
  return done();
}

// Opens the store, with its fallback and its checks.
Result<void> Gateway::Parts::open_store() {
  store::SqliteOptions where;
  where.directory = config.store;
  where.callers = workers.size();
  where.on_broken_page = [this](std::int64_t page) { broken_pages.met(page); };
  where.seal_key = config.seal.key;
  where.seal_pause = config.seal.pause;
  where.seal_entries = config.seal.entries;
  where.seal_file = config.seal.file;
  where.on_seal = [this](const std::string& line) { hand_out_seal(line); };
  where.samples = samples_of_maps(config.mappings, channels_of(config), *first_maps->library, case_rules());
  where.on_restored = [this](const store::Restoration& restoration) {
    seals.restored(restoration);
    log::warning(
        "the store was restored from a backup; what was received in between is not in it",
        {{"restored_at", std::string_view(restoration.at)}, {"seal", restoration.seal}, {"handed_out", restoration.handed_out}});
  };
  where.keys_of = stored_keys_of(definitions(), *indexer);
  Result<std::unique_ptr<store::Store>> opened = store::open_sqlite_store(where, clock, random);
  if (!opened) return std::move(opened).failure();
  disk = std::move(*opened);
  Result<WallTime> before = wait_for(disk->written_before());
  if (!before) return std::move(before).failure();
  clock.start_from(*before);
  if (!config.audit_fallback.empty()) {
    Result<store::SealKey> key = store::SealKey::read(store::seal_key_of(where));
    if (!key) return std::move(key).failure();
    Result<std::unique_ptr<store::AuditFallback>> second = store::AuditFallback::open(
        config.audit_fallback, std::move(key->aside), clock, random, workers.executor(fallback_worker()));
    if (!second) return std::move(second).failure();
    fallback = std::move(*second);
  }
  store::WatchedStore::Parts watched{*disk, metrics, clock, fallback.get(), [this] { health->ring(); }};
  store = std::make_unique<store::WatchedStore>(std::move(watched));
  health = std::make_unique<rest::HealthWatch>(*store, fallback.get(), clock, metrics, workers.executor(0));
  health->watch([this] { return broken_pages.check(); });
  if (!config.seal.file.empty()) health->watch([this] { return seals.check(); });
  strangers = std::make_unique<access::StrangerLog>(*store, clock, workers.executor(0));
  answers = std::make_unique<rest::AnswerLog>(metrics, *strangers);
  repair = std::make_unique<exchange::CaseRepair>(case_parts(), clock);
  return done();
}

// Everything that delivery needs; the services' workers get it afterwards.
Result<void> Gateway::Parts::open_delivery() {
  std::vector<std::string> networks;
  if (config.plain_http_to_loopback) networks = {"127.0.0.0/8", "::1/128"};
  Result<net::Destinations> destinations = net::Destinations::allowing(networks);
  if (!destinations) return std::move(destinations).failure();
  Result<std::shared_ptr<const net::Tls>> client_tls = net::Tls::for_client(config.tls.authorities.string());
  if (!client_tls) return std::move(client_tls).failure();
  dialer = std::make_unique<net::TcpDialer>(std::move(*destinations), std::move(*client_tls), config.name_servers);
  const fhir::Definitions& definitions = this->definitions();
  const asio::any_io_executor executor = workers.executor(delivery_worker());
  subscription::DeliveryParts parts{*store,     *dialer,     clock,    random,
                                    *endpoints, definitions, base_url, config.subscriptions_per_organisation};
  parts.metrics = &metrics;
  parts.conversions = workers.executor(conversion_worker());
  for (std::size_t number = 0; number < config.threads; ++number)
    parts.preparations.push_back(workers.executor(first_preparing_worker() + number));
  deliverer = std::make_unique<subscription::Deliverer>(std::move(parts), executor);
  subscription::SubscriptionService::Parts subscription_parts{*store, *deliverer, *endpoints, definitions,
                                                              clock,  random,     base_url};
  subscription_service = std::make_unique<subscription::SubscriptionService>(std::move(subscription_parts));
  return done();
}

exchange::CaseParts Gateway::Parts::case_parts() {
  return {*store,
          case_rules(),
          [this] { return deliverer->matcher(); },
          [this](const store::Committed& committed) { deliverer->notify(committed); },
          [this](WallTime at) { serving.front()->case_clock->expect(at); },
          workers.executor(long_case_worker()),
          limits::short_case_links_max,
          &case_cache,
          &person_queue,
          &organizations};
}

exchange::PathParts Gateway::Parts::path_of(Worker& worker) {
  return {case_parts(), clock, worker.channels, units, &metrics, access::Receivers(principals_of(config)), &case_queue};
}

Result<void> Gateway::Parts::open_worker(std::size_t number, std::uint16_t port) {
  auto worker = std::make_unique<Worker>();
  const asio::any_io_executor executor = workers.executor(number);
  net::ListenOptions listen{config.listen_host, port, config.threads > 1, tls, &connections};
  Result<std::unique_ptr<net::Listener>> listener = net::listen_tcp(executor, std::move(listen));
  if (!listener) return std::move(listener).failure();
  worker->listener = std::move(*listener);
  if (!deliverer) {
    base_url = address_of(config, worker->listener->port()) + "/fhir";
    Result<void> delivery = open_delivery();
    if (!delivery) return delivery;
  }
  Result<exchange::Channels> channels = exchange::Channels::open(channels_of(config), registry);
  if (!channels) return std::move(channels).failure();
  worker->channels = std::move(*channels);
  const fhir::Definitions& definitions = this->definitions();
  worker->path = std::make_unique<exchange::MessagePath>(path_of(*worker));
  worker->backlog = std::make_unique<exchange::Backlog>(*store, *worker->path, clock, executor, &metrics);
  if (serving.empty())
    worker->case_clock = std::make_unique<exchange::CaseClock>(*store, *worker->path, clock, executor, &metrics);
  exchange::Backlog& backlog = serving.empty() ? *worker->backlog : *serving.front()->backlog;
  rest::ServiceParts service{*authenticator,
                             *worker->path,
                             backlog,
                             *store,
                             *subscription_service,
                             workers.executor(delivery_worker()),
                             definitions,
                             *indexer,
                             clock,
                             random,
                             metrics,
                             sealed,
                             base_url,
                             *answers,
                             config.policies,
                             &reload,
                             health.get(),
                             &clock,
                             repair.get(),
                             &requests,
                             &registry,
                             &own_definitions};
  worker->service = std::make_unique<rest::Service>(std::move(service));
  http::Serving handling{[&answering = *worker->service](http::Request request) { return answering.answer(std::move(request)); },
                         [this](std::string_view peer, unsigned status) {
                           if (status == 500) answers->unread(peer, status);  // Service::refuse counts the others
                         },
                         [&answering = *worker->service](http::Request head, http::Refusal refusal) {
                           return answering.refuse(std::move(head), std::move(refusal));
                         },
                         [&answering = *worker->service](const http::Request& head) { return answering.check_head(head); },
                         &bodies,
                         &config.trusted_proxies,
                         [this](std::string_view proxy) { strangers->malformed_origin(proxy); }};
  worker->server = std::make_unique<http::Server>(*worker->listener, std::move(handling), clock);
  serving.push_back(std::move(worker));
  return done();
}

// SIGHUP, as with other daemons: read the files again.
void Gateway::Parts::wait_for_hangup() {
  hangups.async_wait([this](const boost::system::error_code& error, int) {
    if (error) return;
    workers.post(loading_worker(), [this] { reload.reload_now(); });
    wait_for_hangup();
  });
}

namespace {

/// Calls a function after a time, on a thread of its own; not once it is destroyed.
class Alarm {
 public:
  Alarm(Instant time, std::function<void()> work) : work_(std::move(work)), thread_([this, time] { wait(time); }) {}
  ~Alarm() {
    {
      std::lock_guard lock(guard_);
      is_over_ = true;
    }
    over_.notify_all();
    thread_.join();
  }
  Alarm(const Alarm&) = delete;
  Alarm& operator=(const Alarm&) = delete;

 private:
  void wait(Instant time) {
    std::unique_lock lock(guard_);
    if (!over_.wait_for(lock, time, [this] { return is_over_; })) work_();
  }

  std::function<void()> work_;
  std::mutex guard_;
  std::condition_variable over_;
  bool is_over_ = false;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace

// A caller that sends a body slowly or does not read its answer may take longer than the service manager waits.
void Gateway::Parts::cut_callers_off() {
  log::warning("callers that had not finished were cut off");
  for (std::size_t number = 0; number < serving.size(); ++number) {
    workers.post(number, [worker = serving[number].get()] { worker->server->cancel(); });
  }
}

// Called by the store's writer, which must not wait for another disk.
void Gateway::Parts::hand_out_seal(const std::string& line) {
  if (has_joined) return seals.append(line);
  if (seals.put(line)) workers.post(loading_worker(), [this] { seals.append_waiting(); });
}

// First no new callers, then running requests are answered, then the deliveries end, then the store.
void Gateway::Parts::close() {
  std::optional<Alarm> alarm;
  alarm.emplace(limits::shutdown_time_max, [this] { cut_callers_off(); });
  for (std::size_t number = 0; number < serving.size(); ++number) {
    workers.post(number, [worker = serving[number].get()] { worker->server->stop(); });
  }
  serving.front()->backlog->stop();
  serving.front()->case_clock->stop();
  strangers->stop();
  health->stop();
  const Deadline until = clock.in(limits::shutdown_time_max);
  asio::co_spawn(workers.executor(delivery_worker()), deliverer->stop(until), asio::use_future).wait();
  workers.join();
  alarm.reset();
  has_joined = true;
  asio::io_context closing;
  asio::co_spawn(closing, store->close(), [](std::exception_ptr error) {
    if (error) std::rethrow_exception(error);
  });
  closing.run();
}

Gateway::Gateway(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Gateway::~Gateway() = default;

Result<std::unique_ptr<Gateway>> Gateway::open(const Config& config) {
  ReadMaps maps = read_maps(places_of_maps(config));
  if (!maps.set) {
    for (const Failure& failure : maps.failures) workspace::print_failure(failure);
    return Failure{Cause::Invalid, "The maps above must be mended first.", config.mappings.string()};
  }
  for (const Failure& failure : maps.failures)
    log::warning("a map that no channel needs is broken", {{"because", failure.says}, {"where", failure.where}});
  auto parts = std::make_unique<Parts>(config, std::move(maps.set));
  Result<void> opened = parts->open();
  if (!opened) return std::move(opened).failure();
  return std::unique_ptr<Gateway>(new Gateway(std::move(parts)));
}

Result<void> Gateway::run() {
  Parts& parts = *parts_;
  parts.workers.start();
  auto starting = asio::co_spawn(parts.workers.executor(parts.delivery_worker()), parts.deliverer->start(), asio::use_future);
  Result<void> started = starting.get();
  if (!started) return started;
  asio::co_spawn(parts.workers.executor(0), parts.health->look(), asio::use_future).get();
  for (std::size_t number = 0; number < parts.serving.size(); ++number) {
    parts.workers.spawn(number, parts.serving[number]->server->run());
  }
  parts.workers.spawn(0, parts.serving.front()->backlog->run());
  parts.workers.spawn(0, parts.serving.front()->case_clock->run());
  parts.workers.spawn(0, parts.strangers->run());
  parts.workers.spawn(0, parts.health->run());
  tell_open(parts.config, parts.base_url, port(), parts.first_maps->library->maps().size());
  for (const std::string& doubt : doubts_about(parts.config)) log::warning(doubt);
  parts.signals.async_wait([&parts](const boost::system::error_code&, int) { parts.hangups.cancel(); });
  parts.wait_for_hangup();
  parts.signals_io.run();
  log::info("the gateway closes");
  parts.close();
  log::info("the gateway is closed");
  return done();
}

void Gateway::stop() {
  asio::post(parts_->signals_io, [parts = parts_.get()] { parts->signals.cancel(); });
}

std::uint16_t Gateway::port() const { return parts_->serving.front()->listener->port(); }

}  // namespace vardbron::app
