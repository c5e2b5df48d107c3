# HL7's definitions of R4 and R5, and a dictionary of HL7 v2: fetched once, checked against a pinned hash, each compiled to one table that programs map into memory.
set(VARDBRON_DEFINITIONS_TGZ "" CACHE FILEPATH "hl7.fhir.r4.examples-4.0.1.tgz, for builds without network")
set(VARDBRON_R5_DEFINITIONS_TGZ "" CACHE FILEPATH "hl7.fhir.r5.core-5.0.0.tgz, for builds without network")
set(VARDBRON_V2_TGZ "" CACHE FILEPATH "hl7-dictionary-1.0.1.tgz, for builds without network")
set(VARDBRON_TABLES "" CACHE PATH "Folder of another build's tables (its share), for one that would compile the same once more")

function(vardbron_add_definitions)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/gateway/fhir/compiler/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  add_library(vardbron_fhir_compiler STATIC ${sources})
  vardbron_precompile(vardbron_fhir_compiler vardbron_base)
  target_link_libraries(vardbron_fhir_compiler PUBLIC vardbron_fhir)
  add_executable(definitions_compiler ${CMAKE_SOURCE_DIR}/gateway/fhir/compiler/main.cpp)
  target_link_libraries(definitions_compiler PRIVATE vardbron_fhir_compiler)

  # sha512-fS56mbNeZUqprk+WUSx7kpLXG3GDZV9PWryz5Qd4WtSarquQIOlIqhVB1gvLz/+TOjziwhodu0HTtzI4/Jjj3A==
  vardbron_fetch(V2 NAME hl7-dictionary VERSION 1.0.1 GIVEN VARDBRON_V2_TGZ
    SHA256 a23751c26d83a897fe5734ca198555c13c0d306d78b5578b103f0d63198182ef)
  # The package is never installed, only packed: what it declares to depend on does not exist. The registry's own records:
  # sha512-DXBdIZOeQaSKIgCU7w6HOC7sw/6BzylmipLkBW4f//pT+Bc94x+8LImwTdvaNThPJoOzpBzvxAzNqjeu3X/zLw==
  vardbron_add_release(R4 NAME hl7.fhir.r4.examples VERSION 4.0.1 GIVEN VARDBRON_DEFINITIONS_TGZ ERRATA errata.tsv
    SHA256 dce87f1b5b9341867033f7d1f544fa1b5232503f6d62813887ac6b8a8b6cb682)
  # sha512-0TvJB1KKtokn/P2mRwcqEY8v8RN8IE/pQjvtlsPaJdYaDfYx4UBhuY4afAGeQjW01p9SNYPphxAFFkEsS6P05A==
  vardbron_add_release(R5 NAME hl7.fhir.r5.core VERSION 5.0.0 GIVEN VARDBRON_R5_DEFINITIONS_TGZ ERRATA errata_r5.tsv
    SHA256 09f22107bef64313545a50d2c127d20f81173c499a395672fae089bc23e72fab)
  set(VARDBRON_DEFINITIONS_PACKAGE ${R4_PACKAGE} PARENT_SCOPE)
  set(VARDBRON_R5_PACKAGE ${R5_PACKAGE} PARENT_SCOPE)
  set(VARDBRON_V2_PACKAGE ${V2_PACKAGE} PARENT_SCOPE)
  set(none ${CMAKE_BINARY_DIR}/share/none.table)
  if(VARDBRON_TABLES)
    add_custom_command(OUTPUT ${none} COMMAND ${CMAKE_COMMAND} -E copy ${VARDBRON_TABLES}/none.table ${none}
      DEPENDS ${VARDBRON_TABLES}/none.table VERBATIM)
  else()
    add_custom_command(OUTPUT ${none} COMMAND definitions_compiler --none ${none} DEPENDS definitions_compiler
      COMMENT "Writing the table of no model" VERBATIM)
  endif()
  add_custom_target(vardbron_definitions_table DEPENDS ${R4_TABLE} ${R5_TABLE} ${none})
endfunction()

# One package of the npm registry. Sets <what>_PACKAGE, its folder, and <what>_FETCHED, a file that is there when it is. A build
# goes on without one that is OPTIONAL, and says so.
function(vardbron_fetch what)
  cmake_parse_arguments(PARSE_ARGV 1 PACKAGE "OPTIONAL" "NAME;VERSION;SHA256;GIVEN" "")
  if(DEFINED ENV{VARDBRON_CACHE})
    set(cache $ENV{VARDBRON_CACHE})
  else()
    set(cache ${CMAKE_SOURCE_DIR}/cache)
  endif()
  string(TOLOWER ${what} lower)
  set(script ${CMAKE_SOURCE_DIR}/cmake/fetch_definitions.cmake)
  set(fetched ${CMAKE_BINARY_DIR}/share/${lower}.fetched)
  add_custom_command(OUTPUT ${fetched}
    COMMAND ${CMAKE_COMMAND} -DNAME=${PACKAGE_NAME} -DVERSION=${PACKAGE_VERSION} -DSHA256=${PACKAGE_SHA256} -DCACHE=${cache}
      -DOPTION=${PACKAGE_GIVEN} -DGIVEN=${${PACKAGE_GIVEN}} -DOPTIONAL=${PACKAGE_OPTIONAL} -DDONE=${fetched} -P ${script}
    DEPENDS ${script} COMMENT "Fetching ${PACKAGE_NAME}" VERBATIM)
  set(${what}_PACKAGE ${cache}/${PACKAGE_NAME}-${PACKAGE_VERSION}/package PARENT_SCOPE)
  set(${what}_FETCHED ${fetched} PARENT_SCOPE)
endfunction()

# One release of FHIR: share/r4.table of R4, with the logical models of HL7 v2. Sets <release>_TABLE, <release>_PACKAGE.
function(vardbron_add_release release)
  cmake_parse_arguments(PARSE_ARGV 1 PACKAGE "" "NAME;VERSION;SHA256;GIVEN;ERRATA" "")
  vardbron_fetch(${release} NAME ${PACKAGE_NAME} VERSION ${PACKAGE_VERSION} SHA256 ${PACKAGE_SHA256} GIVEN ${PACKAGE_GIVEN})
  string(TOLOWER ${release} lower)
  set(errata ${CMAKE_SOURCE_DIR}/gateway/fhir/${PACKAGE_ERRATA})
  set(table ${CMAKE_BINARY_DIR}/share/${lower}.table)
  set(${release}_TABLE ${table} PARENT_SCOPE)
  set(${release}_PACKAGE ${${release}_PACKAGE} PARENT_SCOPE)
  if(VARDBRON_TABLES)
    add_custom_command(OUTPUT ${table} COMMAND ${CMAKE_COMMAND} -E copy ${VARDBRON_TABLES}/${lower}.table ${table}
      DEPENDS ${VARDBRON_TABLES}/${lower}.table VERBATIM)
    return()
  endif()
  add_custom_command(OUTPUT ${table}
    COMMAND definitions_compiler ${${release}_PACKAGE} ${errata} ${V2_PACKAGE} ${table}
    DEPENDS definitions_compiler ${errata} ${${release}_FETCHED} ${V2_FETCHED}
    COMMENT "Compiling HL7's ${release} definitions" VERBATIM)
endfunction()

# Makes a target wait for the tables.
function(vardbron_needs_definitions target)
  add_dependencies(${target} vardbron_definitions_table)
endfunction()
