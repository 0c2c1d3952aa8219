# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Finds LLVM's OpenMP runtime beside LLVM: the target Libomp::Libomp. GCC's
# runtime lacks the functions that compiled programs call.
find_library(Libomp_LIBRARY NAMES omp HINTS "${LLVM_LIBRARY_DIR}")
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Libomp REQUIRED_VARS Libomp_LIBRARY
  REASON_FAILURE_MESSAGE
  "LLVM 22's OpenMP runtime is in Debian's libomp-22-dev, which scripts/setup installs. -DLibomp_LIBRARY=FILE names another")
if(Libomp_FOUND AND NOT TARGET Libomp::Libomp)
  add_library(Libomp::Libomp UNKNOWN IMPORTED)
  set_target_properties(Libomp::Libomp PROPERTIES
    IMPORTED_LOCATION "${Libomp_LIBRARY}")
endif()
