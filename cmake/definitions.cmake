# HL7's R4 definitions: fetched once, checked against a pinned hash, compiled to one table that programs map into memory.
set(VARDBRON_DEFINITIONS_TGZ "" CACHE FILEPATH "hl7.fhir.r4.examples-4.0.1.tgz, for builds without network")
set(VARDBRON_DEFINITIONS_TABLE ${CMAKE_BINARY_DIR}/share/r4.table)

function(vardbron_add_definitions)
  if(DEFINED ENV{VARDBRON_CACHE})
    set(cache $ENV{VARDBRON_CACHE})
  else()
    set(cache ${CMAKE_SOURCE_DIR}/cache)
  endif()
  set(package ${cache}/hl7.fhir.r4.examples-4.0.1/package)
  set(VARDBRON_DEFINITIONS_PACKAGE ${package} PARENT_SCOPE)
  set(script ${CMAKE_SOURCE_DIR}/cmake/fetch_definitions.cmake)
  set(fetched ${CMAKE_BINARY_DIR}/share/r4.fetched)
  add_custom_command(OUTPUT ${fetched}
    COMMAND ${CMAKE_COMMAND} -DCACHE=${cache} -DGIVEN=${VARDBRON_DEFINITIONS_TGZ} -DDONE=${fetched} -P ${script}
    DEPENDS ${script} COMMENT "Fetching HL7's R4 definitions" VERBATIM)

  set(errata ${CMAKE_SOURCE_DIR}/gateway/fhir/errata.tsv)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/gateway/fhir/compiler/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  add_library(vardbron_fhir_compiler STATIC ${sources})
  vardbron_precompile(vardbron_fhir_compiler vardbron_base)
  target_link_libraries(vardbron_fhir_compiler PUBLIC vardbron_fhir)
  if(VARDBRON_SANITIZE)
    # RapidJSON 1.1 adds to a null pointer while its stack is empty.
    set_source_files_properties(${CMAKE_SOURCE_DIR}/gateway/fhir/compiler/json_tree.cpp
      PROPERTIES COMPILE_OPTIONS "-fno-sanitize=pointer-overflow")
  endif()
  add_executable(definitions_compiler ${CMAKE_SOURCE_DIR}/gateway/fhir/compiler/main.cpp)
  target_link_libraries(definitions_compiler PRIVATE vardbron_fhir_compiler)
  add_custom_command(OUTPUT ${VARDBRON_DEFINITIONS_TABLE}
    COMMAND definitions_compiler ${package} ${errata} ${VARDBRON_DEFINITIONS_TABLE}
    DEPENDS definitions_compiler ${errata} ${fetched} COMMENT "Compiling HL7's R4 definitions" VERBATIM)
  add_custom_target(vardbron_definitions_table DEPENDS ${VARDBRON_DEFINITIONS_TABLE})
endfunction()

# Makes a target wait for the table.
function(vardbron_needs_definitions target)
  add_dependencies(${target} vardbron_definitions_table)
endfunction()
