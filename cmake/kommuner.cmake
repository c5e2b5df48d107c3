# The codes of gateway/sweden/kommuner.csv (code,name; SCB's list, CC0) as a table of the program.
function(vardbron_add_kommuner)
  set(list ${CMAKE_SOURCE_DIR}/gateway/sweden/kommuner.csv)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${list})
  file(STRINGS ${list} lines REGEX "^[0-9][0-9][0-9][0-9],")
  list(SORT lines)
  set(rows "")
  foreach(line IN LISTS lines)
    string(SUBSTRING "${line}" 0 4 code)
    string(APPEND rows "    \"${code}\",\n")
  endforeach()
  set(made ${CMAKE_BINARY_DIR}/generated/kommun_codes.cpp)
  file(CONFIGURE OUTPUT ${made} CONTENT "#include \"gateway/sweden/kommun.h\"

namespace vardbron::sweden {

namespace {

constexpr std::string_view codes[] = {
${rows}};

}  // namespace

std::span<const std::string_view> kommun_codes() { return codes; }

}  // namespace vardbron::sweden
" @ONLY)
  target_sources(vardbron_sweden PRIVATE ${made})
endfunction()
