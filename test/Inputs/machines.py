# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""CPUs that tests name: those of other architectures, which qemu emulates, and x86's."""

import platform
from dataclasses import dataclass


@dataclass
class Platform:
    """A triple, and the CPU of qemu's that has the features of LLVM's."""

    triple: str
    cpu: str

    @property
    def emulator(self) -> list[str]:
        """The words before a program's name."""
        return [f"qemu-{self.triple.split('-')[0]}", "-cpu", self.cpu, "-L", f"/usr/{self.triple}"]


_X280 = "rv64,v=true,vlen=512,elen=64,vext_spec=v1.0,zba=true,zbb=true,Zfh=true"
# By LLVM's name of a CPU.
MACHINES = {
    "cortex-a72": Platform("aarch64-linux-gnu", "cortex-a72"),
    "neoverse-n2": Platform("aarch64-linux-gnu", "max"),
    "sifive-x280": Platform("riscv64-linux-gnu", _X280),
}

# x86's, by LLVM's names, and what Linux calls the features that each adds.
X86 = {"x86-64-v2": "cx16 popcnt sse4_2 ssse3"}
X86["haswell"] = X86["x86-64-v2"] + " abm avx2 bmi1 bmi2 f16c fma movbe"
X86["skylake-avx512"] = X86["haswell"] + " adx aes avx512bw avx512cd avx512dq avx512f avx512vl pclmulqdq"
X86["cascadelake"] = X86["skylake-avx512"] + " avx512_vnni"
X86["cooperlake"] = X86["cascadelake"] + " avx512_bf16"
X86["znver4"] = X86["cooperlake"] + (
    " avx512_bitalg avx512_vbmi2 avx512_vpopcntdq avx512ifma avx512vbmi gfni sha_ni sse4a vaes vpclmulqdq"
)


def runs_here(cpu: str) -> bool:
    """Whether this machine has what `cpu` has."""
    if platform.machine() != "x86_64" or cpu not in X86:
        return False
    with open("/proc/cpuinfo") as cpuinfo:
        flags = next(line.split() for line in cpuinfo if line.startswith("flags"))
    return set(X86[cpu].split()) <= set(flags)
