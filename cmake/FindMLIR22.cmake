# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Finds the installed MLIR 22 (MLIR_DIR overrides) and takes over its settings.

find_package(MLIR CONFIG QUIET HINTS /usr/lib/llvm-22/lib/cmake/mlir)
if(NOT MLIR_FOUND)
  message(FATAL_ERROR
    "mx: MLIR 22 was not found. Run scripts/setup, or pass "
    "-DMLIR_DIR=<prefix>/lib/cmake/mlir.")
endif()
if(NOT LLVM_VERSION_MAJOR EQUAL 22)
  message(FATAL_ERROR
    "mx: expected MLIR 22, found MLIR ${LLVM_PACKAGE_VERSION} in ${MLIR_DIR}. "
    "Pass -DMLIR_DIR=<prefix>/lib/cmake/mlir of an MLIR 22 installation.")
endif()
message(STATUS "mx: MLIR ${LLVM_PACKAGE_VERSION} in ${MLIR_DIR}")

list(APPEND CMAKE_MODULE_PATH "${MLIR_CMAKE_DIR}" "${LLVM_CMAKE_DIR}")
include(TableGen)
include(AddLLVM)
include(AddMLIR)
separate_arguments(MX_LLVM_DEFINITIONS NATIVE_COMMAND "${LLVM_DEFINITIONS}")
