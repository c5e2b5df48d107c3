# The organisationsnummer of gateway/care/betalare.csv (kommun,organisationsnummer,source) as a table of the program.
function(vardbron_add_payer_numbers)
  set(list ${CMAKE_SOURCE_DIR}/gateway/care/betalare.csv)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${list})
  file(STRINGS ${list} lines REGEX "^[0-9][0-9][0-9][0-9],")
  list(SORT lines)
  set(rows "")
  foreach(line IN LISTS lines)
    string(SUBSTRING "${line}" 0 4 kommun)
    string(SUBSTRING "${line}" 5 10 number)
    string(APPEND rows "    {\"${kommun}\", \"${number}\"},\n")
  endforeach()
  set(made ${CMAKE_BINARY_DIR}/generated/payer_numbers.cpp)
  file(CONFIGURE OUTPUT ${made} CONTENT "#include \"gateway/care/arende/payer.h\"

namespace vardbron::care {

namespace {

constexpr PayerNumber numbers[] = {
${rows}};

}  // namespace

std::span<const PayerNumber> payer_numbers() { return numbers; }

}  // namespace vardbron::care
" @ONLY)
  target_sources(vardbron_care PRIVATE ${made})
endfunction()
