# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Compile settings shared by every mx target, and the functions that make them.

add_library(mx_settings INTERFACE)
target_compile_options(mx_settings INTERFACE
  -Wall -Wextra -Werror -Wno-unused-parameter)
target_link_options(mx_settings INTERFACE -fuse-ld=lld)
if(MX_SANITIZE)
  set(MX_SANITIZER_FLAGS -fsanitize=address,undefined
    -fno-sanitize=vptr,function -fno-sanitize-recover=all
    -fno-omit-frame-pointer -g1)
  target_compile_options(mx_settings INTERFACE ${MX_SANITIZER_FLAGS})
  target_link_options(mx_settings INTERFACE ${MX_SANITIZER_FLAGS} -shared-libsan)
  target_compile_definitions(mx_settings INTERFACE MX_SANITIZE=1)
  # clang's shared runtime lies outside the loader's path.
  execute_process(
    COMMAND "${CMAKE_CXX_COMPILER}" -print-file-name=libclang_rt.asan-x86_64.so
    OUTPUT_VARIABLE MX_ASAN_RUNTIME OUTPUT_STRIP_TRAILING_WHITESPACE)
  get_filename_component(MX_ASAN_FOLDER "${MX_ASAN_RUNTIME}" DIRECTORY)
endif()

# libMLIR.so is built without RTTI, so what derives from its classes is too.
add_library(mx_mlir_settings INTERFACE)
target_link_libraries(mx_mlir_settings INTERFACE mx_settings)
target_compile_options(mx_mlir_settings INTERFACE -fno-rtti -fno-exceptions)
target_compile_definitions(mx_mlir_settings INTERFACE ${MX_LLVM_DEFINITIONS}
  MX_LLVM_ASSERTIONS=$<BOOL:${LLVM_ENABLE_ASSERTIONS}>)
target_compile_options(mx_mlir_settings INTERFACE
  "SHELL:-include ${PROJECT_SOURCE_DIR}/cmake/StatisticABI.h")
target_include_directories(mx_mlir_settings SYSTEM INTERFACE
  ${LLVM_INCLUDE_DIRS} ${MLIR_INCLUDE_DIRS})

# mx_add_library(NAME SOURCES... [DEPENDS TARGETS...] [LINK LIBRARIES...])
# A static library of the compiler, linked against libMLIR and libLLVM.
function(mx_add_library name)
  cmake_parse_arguments(ARG "" "" "DEPENDS;LINK" ${ARGN})
  add_library(${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  add_library(MX::${name} ALIAS ${name})
  target_include_directories(${name} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
    $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/include>
    $<INSTALL_INTERFACE:include>)
  target_link_libraries(${name} PRIVATE $<BUILD_INTERFACE:mx_mlir_settings>
                                PUBLIC ${ARG_LINK} MLIR LLVM)
  if(ARG_DEPENDS)
    add_dependencies(${name} ${ARG_DEPENDS})
  endif()
  set_property(GLOBAL APPEND PROPERTY MX_LIBRARIES ${name})
endfunction()

# mx_add_tool(NAME SOURCES... [LINK LIBRARIES...])
function(mx_add_tool name)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE mx_mlir_settings ${ARG_LINK} MLIR LLVM)
  set_target_properties(${name} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin"
    BUILD_RPATH "${LLVM_LIBRARY_DIR};${MX_ASAN_FOLDER}"
    INSTALL_RPATH "${LLVM_LIBRARY_DIR}")
  install(TARGETS ${name} RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
endfunction()

# mx_add_doc(TD NAME.md ARGS...)
# A page of the reference, made from ODS: docs/NAME.md in the build folder.
function(mx_add_doc td page)
  set(LLVM_TARGET_DEFINITIONS ${td})
  mlir_tablegen(${page} ${ARGN})
  set(copy "${PROJECT_BINARY_DIR}/docs/${page}")
  add_custom_command(OUTPUT "${copy}"
    COMMAND "${CMAKE_COMMAND}" -E copy "${CMAKE_CURRENT_BINARY_DIR}/${page}" "${copy}"
    DEPENDS "${CMAKE_CURRENT_BINARY_DIR}/${page}")
  add_custom_target(mx-doc-${page} DEPENDS "${copy}")
  add_dependencies(mx-doc mx-doc-${page})
endfunction()
