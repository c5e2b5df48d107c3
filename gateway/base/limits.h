#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

/// The limits of the gateway, by subject.
namespace vardbron::limits {

using namespace std::chrono_literals;

// Documents
inline constexpr std::size_t body_bytes_max = 8u << 20;
inline constexpr std::size_t document_depth_max = 64;
inline constexpr std::size_t document_nodes_max = 4u << 20;
inline constexpr std::size_t members_per_object_max = 10'000;
inline constexpr std::size_t local_names_max = 10'000;
inline constexpr std::size_t namespaces_max = 256;       // declared around one XML element
inline constexpr std::size_t unread_named_max = 20;      // elements of a message that no rule reads, named in its receipt
inline constexpr std::size_t faults_reported_max = 100;  // of one message that is refused; the others are counted
inline constexpr std::size_t codes_reported_max = 20;    // of a code list, where a code is refused
inline constexpr std::size_t shape_characters_max = 40;  // of a value, as a refusal describes it
inline constexpr std::size_t tolerated_notes_max = 100;  // about one v2 message, which may have a million segments
inline constexpr std::int64_t escaped_blanks_max = 99;   // of one v2 escape; no text needs more

// HTTP, as server
inline constexpr std::size_t bodies_under_way_bytes_max = 256u << 20;  ///< of all requests that are in progress
inline constexpr std::size_t requests_under_way_max = 2048;            ///< of all callers; each has a fair share of it
inline constexpr std::size_t header_bytes_max = 16u << 10;
inline constexpr std::size_t header_fields_max = 100;
inline constexpr std::size_t target_bytes_max = 8u << 10;
inline constexpr std::size_t chunk_extension_bytes_max = 256;
inline constexpr std::chrono::nanoseconds header_time_max = 10s;
inline constexpr std::chrono::nanoseconds body_time_max = 30s;
inline constexpr std::size_t body_rate_bytes_per_s_min = 1024;
inline constexpr std::chrono::nanoseconds body_rate_grace = 5s;  ///< after this the rate must be reached
inline constexpr std::chrono::nanoseconds idle_time_max = 60s;
inline constexpr std::chrono::nanoseconds linger_time_max = 1s;  ///< for the peer to end its side before we close
inline constexpr std::chrono::nanoseconds answer_write_time_max = 30s;
inline constexpr std::chrono::nanoseconds caller_look_pause = 250ms;  ///< between two looks whether callers that wait are there
inline constexpr std::chrono::nanoseconds tls_handshake_time_max = 5s;
inline constexpr std::chrono::nanoseconds tls_ticket_key_time =
    1h;  ///< seals tickets for this time, and opens them for as long again
inline constexpr std::size_t requests_per_connection_max = 100'000;
inline constexpr std::size_t connections_max = 4096;
inline constexpr std::size_t connections_per_address_max = 1024;
inline constexpr std::size_t connections_beside_proxies_min = 256;  ///< that trusted proxies leave free

// HTTP, as client
inline constexpr std::size_t answer_bytes_max = 64u << 10;
inline constexpr std::chrono::nanoseconds dial_time_max = 5s;
inline constexpr std::chrono::nanoseconds kept_connection_time_max = 20s;
inline constexpr std::size_t kept_connections_per_address_max = 16;
inline constexpr std::size_t kept_connections_max = 512;             ///< to all addresses together
inline constexpr std::size_t tls_sessions_max = 512;                 ///< of receivers, to be resumed
inline constexpr std::size_t interim_answers_bytes_max = 64u << 10;  ///< of answers 1xx before the answer
inline constexpr std::size_t lookups_max =
    4096;  ///< names that are looked up at one time; two queries each, of 65,536 possible ones
inline constexpr std::chrono::milliseconds lookup_try_time_max{1000};  ///< the second try waits twice as long
inline constexpr int lookup_tries_max = 2;
inline constexpr std::size_t addresses_per_name_max = 16;

// FHIRPath and mapping
inline constexpr std::size_t expression_bytes_max = 64u << 10;
inline constexpr std::size_t expression_depth_max = 200;
inline constexpr std::size_t expression_chain_max = 1000;
inline constexpr std::size_t evaluation_bytes_max = 64u << 20;       // texts of one evaluation
inline constexpr std::size_t evaluation_list_bytes_max = 96u << 20;  // its lists and their indices
inline constexpr std::int64_t pattern_bytes_max = 2 << 20;           // of a compiled regular expression, its states included
inline constexpr std::size_t evaluation_steps_max = 20'000'000;
inline constexpr std::size_t collection_items_max = 1'000'000;
inline constexpr std::size_t map_depth_max = 200;
inline constexpr std::size_t map_target_nodes_max = 2u << 20;

// The workbench, and what is kept between the lines of a batch; at a limit all are forgotten
inline constexpr std::size_t kept_files_max = 256;
inline constexpr std::size_t kept_files_bytes_max = 256u << 20;
inline constexpr std::size_t kept_programs_max = 10'000;
inline constexpr std::size_t kept_programs_bytes_max = 4u << 20;  // of their texts; a program takes some ten times as much
inline constexpr std::size_t kept_model_sets_max = 32;
inline constexpr std::size_t kept_maps_per_model_set_max = 256;
inline constexpr std::size_t neighbours_of_map_max = 200;  // files beside a map that are searched for its imports
inline constexpr std::size_t result_warnings_max = 10;     // about what a model refuses in one result
inline constexpr std::size_t line_pairs_max = 16u << 20;   // compared; above, the changed middle is reported as one block

// The case and the store
inline constexpr std::size_t notices_per_case_max = 1'500;         // of one sender, besides the decisive ones
inline constexpr std::size_t decisive_notices_per_case_max = 200;  // of one sender and each decisive kind
inline constexpr std::size_t task_writes_per_case_max = 100;       // of one party
inline constexpr std::size_t notes_per_task_max = 100;
inline constexpr std::size_t task_text_bytes_max = 8u << 10;      // of one text that a party writes into a Task
inline constexpr std::size_t links_per_case_max = 20'000;         // the store's own bound, far above the three limits before it
inline constexpr std::size_t short_case_links_max = 60;           // a longer case is computed on a thread of its own
inline constexpr std::size_t kept_cases_max = 1'000;              // in memory, with what was computed of them
inline constexpr std::size_t kept_case_bytes_max = 48u << 20;     // of all of them
inline constexpr std::size_t numbers_per_person_max = 16;         // personnummer, samordningsnummer, reserve numbers ..
inline constexpr std::size_t numbers_looked_at_max = 64;          // those too that only merges name which do not count
inline constexpr std::size_t merges_per_number_max = 32;          // of one organisation; cancellations count too
inline constexpr std::size_t person_links_read_max = 256;         // the newest of what stays say of a person
inline constexpr std::size_t kept_organizations_max = 20'000;     // in memory, of the register of organisations
inline constexpr std::size_t quarantined_remembered_max = 1'000;  // to recognise a message that is kept already; in memory
inline constexpr std::size_t quarantined_looked_at_max = 2'000;   // by one list of the quarantine; the next page continues
inline constexpr std::size_t quarantined_per_look = 100;          // entries read at once, bodies included
inline constexpr std::size_t waiting_per_case_max = 64;           // notices that wait for their case's turn
inline constexpr std::size_t receivers_per_notice_max = 100;
inline constexpr std::size_t plan_items_per_notice_max = 300;            // goals, insatser and participants together
inline constexpr std::size_t payloads_per_notice_max = 100;              // its texts and attachments
inline constexpr std::size_t payload_bytes_per_notice_max = 256u << 10;  // of all of them; each receiver gets them all
inline constexpr std::size_t notice_text_bytes_max = 32u << 10;          // of each other text of a notice
inline constexpr std::size_t related_persons_max = 20;                   // of one patient
inline constexpr std::size_t due_cases_per_look_max = 64;
inline constexpr std::chrono::seconds due_cases_look_pause_max{60};  // the time of day may be set while we sleep
inline constexpr std::chrono::seconds due_case_busy_pause{1};        // until a case is tried again that a notice is changing
inline constexpr std::chrono::minutes due_case_pause_first{1};       // until a case is tried again that cannot be computed
inline constexpr std::chrono::minutes due_case_pause_max{60};
inline constexpr std::size_t failing_due_cases_max = 10'000;
inline constexpr int commit_conflict_retries_max = 16;
inline constexpr std::size_t commit_group_changes_max = 64;
inline constexpr std::chrono::nanoseconds backlog_pause = 1s;
inline constexpr std::chrono::nanoseconds backlog_pause_max = 1min;
inline constexpr std::size_t backlog_at_once_max = 8;       // entries in progress, each of another case
inline constexpr std::size_t backlog_waiting_max = 10'000;  // entries that wait for another try, or for their case
inline constexpr std::size_t backlog_waiting_per_sender_max = 1'000;
inline constexpr int backlog_attempts_max = 5;  // of one entry that causes its failures; then it goes to quarantine
inline constexpr std::chrono::nanoseconds shutdown_time_max = 10s;
inline constexpr std::size_t search_results_per_page_max = 200;
inline constexpr std::size_t search_looked_up_max = 1000;  // resources that an index gives a search; more are met soon by a walk
/// Dates of an organisation in the period that is asked for, of all parameters; of more the search walks the changes.
inline constexpr std::size_t search_dates_looked_at_max = 5'000;
inline constexpr std::size_t search_chain_steps_max = 20'000;  // resources that the chains of one search look at
inline constexpr std::size_t search_sorted_max = 20'000;       // results of a search that is sorted by more than its time
inline constexpr std::size_t search_included_max = 1000;       // resources beside the results of a page
inline constexpr std::size_t search_estimated_max = 10'000;    // results that an estimate counts
inline constexpr std::size_t search_operands_max = 200;        // values in one search, all parameters together
inline constexpr std::size_t stored_body_bytes_max = 64u << 20;
inline constexpr std::size_t store_waiting_changes_max = 10'000;
inline constexpr std::size_t store_changes_without_keys_max = 64;  // their keys are written together
inline constexpr std::chrono::nanoseconds store_keys_wait_time_max = 2s;
inline constexpr std::size_t store_waiting_reads_max = 10'000;
inline constexpr std::int64_t store_log_copy_bytes = 4 << 20;     // of new log after which it is copied beside the commits
inline constexpr std::int64_t store_log_finish_bytes = 32 << 20;  // from this size the writer ends the log between two commits
inline constexpr std::int64_t store_log_wait_bytes = 48 << 20;    // and from this size it waits for readers of the log
inline constexpr std::chrono::milliseconds store_log_finish_time_max{20};
inline constexpr std::chrono::milliseconds store_log_wait_time_max{1000};
inline constexpr std::chrono::nanoseconds store_snapshot_time_max = 100ms;  // a long read takes a new one after that,
inline constexpr std::size_t store_snapshot_rows_max = 2'000;               // or after so many rows,
inline constexpr std::size_t store_snapshot_bytes_max = 4u << 20;           // or bytes of bodies
inline constexpr std::chrono::nanoseconds store_retry_pause_first = 100ms;  // after a disk error
inline constexpr std::chrono::nanoseconds store_retry_pause_max = 10s;
inline constexpr int store_retries_before_reopen = 3;
inline constexpr std::chrono::nanoseconds store_vouched_age_max = 1s;  // a commit that is no older shows that the disk works
inline constexpr std::chrono::nanoseconds store_vouch_time_max = 2s;
inline constexpr std::size_t samples_of_map_max = 32;       // cases of a map from which the store learns its bodies
inline constexpr std::size_t store_dictionaries_max = 100;  ///< of bodies; later ones are compressed with the last
inline constexpr std::int64_t store_counted_entries_max = 10'000;
inline constexpr std::size_t recent_commits_bytes_max = 16u << 20;  // kept in memory for deliveries
inline constexpr std::size_t reported_broken_pages_max = 1'000;     ///< of the store's file; further ones are not reported
inline constexpr std::size_t verify_findings_max = 1'000;           ///< reported one by one; all are counted
inline constexpr std::size_t verify_followed_rows_max = 200'000;    ///< that are written during a verification
inline constexpr std::int64_t seal_minutes_max = 24 * 60;           ///< between two seals that are handed outside

// Delivery
inline constexpr std::size_t events_per_notification_max = 100;
inline constexpr std::chrono::nanoseconds delivery_time_max = 30s;
inline constexpr std::chrono::nanoseconds retry_pause_first = 1s;
inline constexpr std::chrono::nanoseconds retry_pause_max = 15min;
inline constexpr int delivery_attempts_max = 300;         // with the pauses above: about three days
inline constexpr int delivery_attempts_before_error = 5;  // with the pauses above: about half a minute
inline constexpr int delivery_refusals_max = 5;
inline constexpr std::size_t notification_bytes_max = 1u << 20;  ///< as JSON; common servers take no larger body by themselves
inline constexpr std::size_t prompt_events_max = 16;             // a notification of more is prepared in turns
inline constexpr std::size_t backlogs_prepared_at_once_max = 4;  // notifications of that many events,
inline constexpr std::size_t prepared_bytes_max = 32u << 20;     // all of them together until they are answered,
inline constexpr std::size_t repeated_bytes_max = 16u << 20;     // and those of receivers that failed before, of any size
inline constexpr std::size_t calls_per_address_max = 32;         // under way at one time; half of them may repeat failed ones
inline constexpr std::size_t calls_per_endpoint_max = 8;         // of these; one, while the endpoint does not answer
inline constexpr std::size_t events_per_query_max = 1'000;
inline constexpr std::size_t subscription_filters_max = 32;
inline constexpr std::size_t subscription_headers_max = 32;
inline constexpr std::size_t subscription_bytes_max = 64u << 10;       ///< as it is sent
inline constexpr std::size_t forgotten_events_per_commit_max = 1'000;  ///< of a subscription that was deleted
inline constexpr std::size_t subscriptions_max = 10'000;               ///< that are not off, of all organisations
inline constexpr std::size_t subscriptions_per_organisation = 100;     ///< unless the configuration says otherwise

// The log
inline constexpr std::size_t log_waiting_bytes_max = 4u << 20;            ///< of lines that standard error does not take yet
inline constexpr std::chrono::milliseconds log_last_lines_time_max{500};  ///< for what waits when the program ends

// The time of day (base/guarded_clock.h)
inline constexpr std::chrono::minutes clock_step_forward_max{15};  // within one window; further ahead it is not followed
inline constexpr std::chrono::hours clock_set_back_max{1};         // a clock that is set back further was wrong before
inline constexpr std::chrono::hours clock_step_window{1};
inline constexpr std::chrono::minutes clock_agrees_within{1};  // a clock in doubt that comes this near is trusted again
inline constexpr std::chrono::hours clock_ahead_of_last_commit_max{30 * 24};  // at the start
inline constexpr std::chrono::seconds clock_look_pause{5};
inline constexpr std::size_t repaired_cases_per_call_max = 1'000;

// Health: checks in the background, so that requests to /health cost nothing
inline constexpr std::chrono::seconds health_look_pause{10};
inline constexpr std::chrono::seconds health_look_time_max{5};
inline constexpr std::chrono::seconds health_age_max{30};  // an older answer counts as none
inline constexpr std::chrono::minutes health_undelivered_age_max{60};
inline constexpr std::int64_t health_free_bytes_min = 512LL << 20;

// The second place of the access log
inline constexpr std::size_t audit_fallback_bytes_max = 1u << 30;
inline constexpr std::size_t audit_fallback_rows_per_take_over = 500;

// Access
inline constexpr std::chrono::minutes stranger_row_pause{1};  // one row of the access log per minute and address
inline constexpr std::size_t stranger_addresses_max = 100;    // recorded one by one; all further ones are recorded together
inline constexpr std::size_t token_bytes_min = 16;
inline constexpr std::size_t token_bytes_max = 512;
inline constexpr std::size_t principals_max = 10'000;

}  // namespace vardbron::limits
