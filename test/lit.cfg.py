# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import glob
import os
import platform
import shutil
import sys

import lit.formats

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "Inputs"))
from machines import MACHINES, runs_here

config.name = "mx"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test", ".py"]
config.excludes = ["lit.cfg.py", "run-tests.py", "CMakeLists.txt", "Inputs", "external", "Unit"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(config.mx_binary_root, "test")

# The Python environment that scripts/setup makes, for tests that compare numbers.
python = os.path.join(config.mx_binary_root, "venv", "bin", "python")
config.substitutions.append(("%python", python))
config.substitutions.append(("%mx_build", config.mx_binary_root))
config.substitutions.append(
    ("%mx_plugin", os.path.join(config.mx_binary_root, "lib", "libmx-plugin.so"))
)
config.substitutions.append(("%cxx", config.cxx))
config.substitutions.append(("%cc", config.cc))
if config.mx_sanitize:
    config.available_features.add("sanitize")
    # LLVM's allocators poison what they have not given out. The same allocator is
    # used from our instrumented code and from libMLIR, which is not and unpoisons
    # nothing.
    config.environment["ASAN_OPTIONS"] = "allow_user_poisoning=0"
else:
    # Stock programs cannot load or link instrumented code.
    config.available_features.update({"plugin", "install"})
# Several tests run at once: threads that wait should not keep others waiting.
config.environment["OMP_NUM_THREADS"] = "2"
config.environment["OMP_WAIT_POLICY"] = "passive"
config.environment["PYTHONPATH"] = config.mx_source_root
if os.path.exists(python):
    config.available_features.add("python")

# Where tests can name CPUs of x86: this machine runs their code as it is, or lowered to
# what it has (Inputs/lowered.py).
if platform.machine() == "x86_64":
    config.available_features.add("x86_64")
    if runs_here("x86-64-v2"):
        config.available_features.add("x86-64-v2")
    if runs_here("haswell"):
        config.available_features.add("x86-cpus")

# Those of other architectures, where an emulator and a cross compiler are there.
for cpu, machine in MACHINES.items():
    if shutil.which(machine.emulator[0]) and shutil.which(f"{machine.triple}-gcc"):
        config.available_features.add(f"emulated-{cpu}")

# Devices of kernels: Mesa's and PoCL's, which run them on the CPU. Theirs are the
# only drivers, whatever else this machine has.
mesa = glob.glob("/usr/share/vulkan/icd.d/lvp_icd.*.json")
if mesa and shutil.which("spirv-val") and os.path.exists("/etc/OpenCL/vendors/pocl.icd"):
    config.available_features.add("devices")
    config.environment["VK_ICD_FILENAMES"] = mesa[0]
    config.environment["OCL_ICD_VENDORS"] = "/etc/OpenCL/vendors/pocl.icd"
    config.environment["POCL_CACHE_DIR"] = os.path.join(config.test_exec_root, "pocl")

config.environment["PATH"] = os.pathsep.join(
    [
        os.path.join(config.mx_binary_root, "bin"),
        config.llvm_tools_dir,
        config.environment["PATH"],
    ]
)
config.environment["FILECHECK_OPTS"] = (
    "-enable-var-scope --allow-unused-prefixes=false"
)
