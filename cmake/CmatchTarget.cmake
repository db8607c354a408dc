# What every target of this project has in common. Warnings and sanitizers are PRIVATE: they are ours,
# not those of a project that builds us in.

set(CMATCH_WARNINGS
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wold-style-cast -Wcast-qual -Wcast-align
  -Wdouble-promotion -Wformat=2 -Wnon-virtual-dtor -Woverloaded-virtual -Wundef
  -Wextra-semi -Wsuggest-override -Wzero-as-null-pointer-constant -Wimplicit-fallthrough -Wswitch-enum)
# g++ 12 with optimisation reports -Wnull-dereference and -Wmaybe-uninitialized inside libstdc++ (streams,
# std::variant) for code that is right; clang keeps the former.
set(CMATCH_WARNINGS_GNU
  -Wno-maybe-uninitialized
  -Wshadow -Wduplicated-cond -Wduplicated-branches -Wlogical-op -Wuseless-cast -Wmissing-declarations
  -Wredundant-decls)
# clang reports the temporary buffer that libstdc++ 12's own std::stable_sort uses as deprecated.
set(CMATCH_WARNINGS_CLANG
  -Wnull-dereference -Wno-deprecated-declarations
  -Wshadow-all -Wcomma -Wunreachable-code -Wmissing-prototypes -Wheader-hygiene -Wrange-loop-analysis)

# Standard, warnings, sanitizers, position-independent code.
function(cmatch_target target)
  target_compile_features(${target} PUBLIC cxx_std_23)
  set_target_properties(${target} PROPERTIES
    CXX_EXTENSIONS OFF POSITION_INDEPENDENT_CODE ON
    CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  target_compile_options(${target} PRIVATE
    $<$<COMPILE_LANGUAGE:CXX>:${CMATCH_WARNINGS}>
    $<$<COMPILE_LANG_AND_ID:CXX,GNU>:${CMATCH_WARNINGS_GNU}>
    $<$<COMPILE_LANG_AND_ID:CXX,Clang>:${CMATCH_WARNINGS_CLANG}>
    $<$<BOOL:${CMATCH_WERROR}>:-Werror>)
  # g++ 12 at -O3 gives false -Wrestrict warnings; nothing here gains from it.
  target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O2>)
  if(CMATCH_SANITIZE)
    target_compile_options(${target} PRIVATE
      -fsanitize=${CMATCH_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_compile_definitions(${target} PRIVATE _GLIBCXX_ASSERTIONS)
    target_link_options(${target} PUBLIC -fsanitize=${CMATCH_SANITIZE})
  endif()
endfunction()

# With CMATCH_COVERAGE (clang) the components below count what runs of them reach, each process into a file in
# coverage/ of the build folder: scripts/coverage reads those. The tests themselves are not counted.
set(CMATCH_COUNT -fprofile-instr-generate=${PROJECT_BINARY_DIR}/coverage/%4m.profraw -fcoverage-mapping)
if(CMATCH_COVERAGE)
  add_link_options(-fprofile-instr-generate)
endif()
function(cmatch_count target)
  if(CMATCH_COVERAGE)
    target_compile_options(${target} PRIVATE ${CMATCH_COUNT})
  endif()
endfunction()

# A library of one component: its own headers public under include/, everything else private. Target
# all_verify_interface_header_sets shows that each public header compiles alone.
function(cmatch_component name)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/src/*.cc ${CMAKE_CURRENT_SOURCE_DIR}/src/*/*.cc)
  file(GLOB headers CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/include/cmatch/*.h)
  add_library(cmatch_${name} STATIC ${sources})
  target_sources(cmatch_${name} PUBLIC
    FILE_SET HEADERS BASE_DIRS ${CMAKE_CURRENT_SOURCE_DIR}/include FILES ${headers})
  target_include_directories(cmatch_${name} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/src)
  set_target_properties(cmatch_${name} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON)
  cmatch_target(cmatch_${name})
  cmatch_count(cmatch_${name})
endfunction()
