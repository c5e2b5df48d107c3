# The one-byte character sets of gateway/formats/charsets.tsv as a table of the program.
function(vardbron_add_charsets)
  set(list ${CMAKE_SOURCE_DIR}/gateway/formats/charsets.tsv)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${list})
  file(STRINGS ${list} lines REGEX "^[^#]")
  set(rows "")
  foreach(line IN LISTS lines)
    string(REGEX REPLACE "\t.*" "" names "${line}")
    string(REGEX REPLACE "^[^\t]*\t" "" points "${line}")
    string(REPLACE " " ";" points "${points}")
    set(row "")
    set(byte 128)
    foreach(point IN LISTS points)
      if(point STREQUAL "=")
        string(APPEND row "${byte},")
      elseif(point STREQUAL "-")
        string(APPEND row "0,")
      else()
        string(APPEND row "0x${point},")
      endif()
      math(EXPR byte "${byte} + 1")
    endforeach()
    if(NOT byte EQUAL 256)
      message(FATAL_ERROR "${list}: the set ${names} does not have 128 code points")
    endif()
    string(APPEND rows "    {\"${names}\", {{${row}}}},\n")
  endforeach()
  set(made ${CMAKE_BINARY_DIR}/generated/charset_table.cpp)
  file(CONFIGURE OUTPUT ${made} CONTENT "#include \"gateway/formats/charset.h\"

namespace vardbron::formats {

namespace {

constexpr OneByteSet sets[] = {
${rows}};

}  // namespace

std::span<const OneByteSet> one_byte_sets() { return sets; }

}  // namespace vardbron::formats
" @ONLY)
  target_sources(vardbron_formats PRIVATE ${made})
endfunction()
