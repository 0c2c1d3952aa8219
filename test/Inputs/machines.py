# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Machines that this one is not, with CPUs that qemu emulates."""

from dataclasses import dataclass


@dataclass
class Emulated:
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
    "cortex-a72": Emulated("aarch64-linux-gnu", "cortex-a72"),
    "neoverse-n2": Emulated("aarch64-linux-gnu", "max"),
    "sifive-x280": Emulated("riscv64-linux-gnu", _X280),
}
