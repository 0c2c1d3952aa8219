# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import glob
import os
import platform
import shutil
import sys

import lit.formats

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "Inputs"))
from machines import MACHINES

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

# The CPUs that tests name, where this machine runs their code, by what Linux calls
# their features.
CPUS = {"x86-64-v2": "cx16 popcnt sse4_2 ssse3"}
CPUS["haswell"] = CPUS["x86-64-v2"] + " abm avx2 bmi1 bmi2 f16c fma movbe"
CPUS["skylake-avx512"] = CPUS["haswell"] + " adx aes avx512bw avx512cd avx512dq avx512f avx512vl pclmulqdq"
CPUS["cascadelake"] = CPUS["skylake-avx512"] + " avx512_vnni"
CPUS["cooperlake"] = CPUS["cascadelake"] + " avx512_bf16"
if platform.machine() == "x86_64":
    config.available_features.add("x86_64")
    with open("/proc/cpuinfo") as cpuinfo:
        flags = next(line.split() for line in cpuinfo if line.startswith("flags"))
    for cpu, needed in CPUS.items():
        if set(needed.split()) <= set(flags):
            config.available_features.add(f"cpu-{cpu}")

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
