# Our own profiles and models: FSH sources compiled by SUSHI to build/<preset>/share/models/*.json.
function(vardbron_add_profiles)
  if(DEFINED ENV{VARDBRON_CACHE})
    set(cache $ENV{VARDBRON_CACHE})
  else()
    set(cache ${CMAKE_SOURCE_DIR}/cache)
  endif()
  set(models ${CMAKE_BINARY_DIR}/share/models)
  set(compiled ${CMAKE_BINARY_DIR}/share/models.compiled)
  set(script ${CMAKE_SOURCE_DIR}/cmake/compile_profiles.cmake)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/fhir-profiles/*.fsh ${CMAKE_SOURCE_DIR}/fhir-profiles/sushi-config.yaml)
  add_custom_command(OUTPUT ${compiled}
    COMMAND ${CMAKE_COMMAND} -DCACHE=${cache} -DSOURCE=${CMAKE_SOURCE_DIR}/fhir-profiles
      -DR4=${VARDBRON_DEFINITIONS_PACKAGE} -DOUT=${models} -P ${script}
    COMMAND ${CMAKE_COMMAND} -E touch ${compiled}
    DEPENDS ${sources} ${script} vardbron_definitions_table COMMENT "Compiling our FHIR profiles" VERBATIM)
  add_custom_target(vardbron_models DEPENDS ${compiled})
endfunction()
