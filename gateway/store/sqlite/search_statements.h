#pragma once

// Tested by tests/system/store/sqlite/search_tables_test.cpp.

#include <array>
#include <string_view>

namespace vardbron::store::search_sql {

// All statements of reads, searches and histories. Each that gives rows of resources has the reading party inside, so that the
// rows of others are not looked at. None scans a table or sorts (a test asks EXPLAIN QUERY PLAN). Lists of numbers are cut at a
// limit: a search whose criteria each give more walks the changes that the party may see instead. Beside a party itself -2 is
// asked for, every_party (name_tables.h); beside one without number, or which sees all, the expression is -1, which nobody has.

inline constexpr const char* row =
    "SELECT number, type, id, patient_case, version, at, deleted, audience, change, position, digest, keys FROM resource "
    "WHERE number=?1 AND version>0 AND EXISTS(SELECT 1 FROM audience_party WHERE party IN (?2, (?2<1)-2) AND "
    "audience=resource.audience)";
inline constexpr const char* row_by_name =
    "SELECT number, type, id, patient_case, version, at, deleted, audience, change, position, digest, keys FROM resource "
    "WHERE id=?1 AND type=?2 AND version>0 "
    "AND EXISTS(SELECT 1 FROM audience_party WHERE party IN (?3, (?3<1)-2) AND audience=resource.audience)";
/// The same resource without what its body is found by, and for every party: for deliveries, whose time nobody measures.
inline constexpr const char* head_by_name =
    "SELECT version, at, deleted, patient_case, audience FROM resource WHERE id=?1 AND type=?2 AND version>0";
inline constexpr const char* number = "SELECT number, patient_case FROM resource WHERE id=?1 AND type=?2";
inline constexpr const char* name = "SELECT type, id FROM resource WHERE number=?1";
inline constexpr const char* case_of = "SELECT patient_case FROM resource WHERE number=?1";

// Audience and owner (key_tables.h) of a value: ?1 party, ?2 parameter, the value, the limit.
inline constexpr const char* by_token =
    "SELECT k.audience, k.owner FROM audience_party a CROSS JOIN token_key k ON k.audience=a.audience "
    "WHERE a.party IN (?1, (?1<1)-2) AND k.parameter=?2 AND k.token=?3 LIMIT ?4";
inline constexpr const char* by_reference =
    "SELECT k.audience, k.owner FROM audience_party a CROSS JOIN reference_key k ON k.audience=a.audience "
    "WHERE a.party IN (?1, (?1<1)-2) AND k.parameter=?2 AND k.target=?3 LIMIT ?4";
inline constexpr const char* by_text =
    "SELECT k.audience, k.owner FROM audience_party a CROSS JOIN string_key k ON k.audience=a.audience "
    "WHERE a.party IN (?1, (?1<1)-2) AND k.parameter=?2 AND k.text>=?3 AND k.text<?4 LIMIT ?5";
/// Of all parameters: ?1 party, from ?2 to ?3, the limit.
inline constexpr const char* by_date =
    "SELECT k.audience, k.owner, k.parameter FROM audience_party a CROSS JOIN date_key k ON k.audience=a.audience "
    "WHERE a.party IN (?1, (?1<1)-2) AND k.first>=?2 AND k.first<=?3 LIMIT ?4";
inline constexpr const char* by_period =
    "SELECT k.audience, k.owner FROM audience_party a CROSS JOIN period_key k ON k.audience=a.audience "
    "WHERE a.party IN (?1, (?1<1)-2) AND k.parameter=?2 AND k.last>=?3 AND k.last<=?4 LIMIT ?5";
inline constexpr const char* by_number =
    "SELECT k.audience, k.owner FROM audience_party a CROSS JOIN number_key k ON k.audience=a.audience "
    "WHERE a.party IN (?1, (?1<1)-2) AND k.parameter=?2 LIMIT ?3";
/// Numbers of a case's resources: ?1 case, ?2 type, ?3 audience.
inline constexpr const char* of_owner =
    "SELECT number FROM resource INDEXED BY resource_owner WHERE patient_case=?1 AND patient_case>0 AND type=?2 AND audience=?3";
/// Those that a party may see: ?1 party, ?2 case, ?3 type.
inline constexpr const char* of_case =
    "SELECT r.number FROM audience_party a CROSS JOIN resource r INDEXED BY resource_owner ON r.audience=a.audience "
    "WHERE a.party IN (?1, (?1<1)-2) AND r.patient_case=?2 AND r.patient_case>0 AND r.type=?3";
/// Whether a value has no complete list in an audience of the party.
inline constexpr const char* dense_token =
    "SELECT 1 FROM audience_party a CROSS JOIN dense_value d ON d.audience=a.audience "
    "WHERE a.party IN (?1, (?1<1)-2) AND d.parameter=?2 AND d.token=?3 LIMIT 1";
inline constexpr const char* dense_text =
    "SELECT 1 FROM audience_party a CROSS JOIN dense_value d ON d.audience=a.audience "
    "WHERE a.party IN (?1, (?1<1)-2) AND d.parameter=?2 AND d.token=0 AND d.text>=?3 AND d.text<?4 LIMIT 1";

// Changes in their order, after or before a place: ?1 party, ?2 and ?3 time and number of the first one, ?4 last time.
inline constexpr const char* changes_up =
    "SELECT k.at, k.change, c.heads FROM change_key k CROSS JOIN change c ON c.number=k.change "
    "WHERE k.party=?1 AND (k.at, k.change)>=(?2, ?3) AND k.at<=?4 ORDER BY k.at, k.change";
inline constexpr const char* changes_down =
    "SELECT k.at, k.change, c.heads FROM change_key k CROSS JOIN change c ON c.number=k.change "
    "WHERE k.party=?1 AND (k.at, k.change)<=(?2, ?3) AND k.at>=?4 ORDER BY k.at DESC, k.change DESC";

inline constexpr const char* version = "SELECT change, position, audience FROM version WHERE resource=?1 AND version=?2";
inline constexpr const char* hidden_before = "SELECT hidden_before FROM patient_case WHERE id=?1";
inline constexpr const char* version_time =
    "SELECT c.at FROM version v CROSS JOIN change c ON c.number=v.change WHERE v.resource=?1 AND v.version=?2";

inline constexpr std::array all{row,          row_by_name, head_by_name, number,       name,      case_of,      by_token,
                                by_reference, by_text,     by_date,      by_period,    by_number, of_owner,     of_case,
                                dense_token,  dense_text,  changes_up,   changes_down, version,   version_time, hidden_before};

}  // namespace vardbron::store::search_sql
