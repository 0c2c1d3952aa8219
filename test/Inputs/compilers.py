# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The C compilers that emitted C is tested with, by name."""

import pathlib

from c_source import CSource
from machines import MACHINES

CROSS = {"aarch64-gcc": "cortex-a72", "riscv64-gcc": "sifive-x280"}


def get_compiler(name: str, folder: pathlib.Path, *flags: str) -> CSource:
    """gcc, clang, or gcc for another architecture, whose programs run under emulation."""
    if name in CROSS:
        machine = MACHINES[CROSS[name]]
        return CSource(folder, f"{machine.triple}-gcc", *flags, emulator=machine.emulator)
    return CSource(folder, {"gcc": "gcc", "clang": "clang-22"}[name], *flags)
