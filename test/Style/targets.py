# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# RUN: python3 %s
"""No machine is known by name where programs are transformed: code, as opposed to
comments, names no target and no feature of one. Descriptions do (lib/Run finds the
host's), and so would conversions to a target's dialect."""

import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent / "Inputs"))
from tree import ROOT, finish, sources, text_of

FOLDERS = [ROOT / folder for folder in ("lib/Numerics", "lib/IR", "lib/Transforms", "lib/Pipelines")]
NAME = re.compile(
    r"x86|amd64|avx|vnni|amx|sse\d|aarch64|\barm|neon|sve\d?\b|riscv|rvv|nvvm|nvptx|cuda|rocdl|amdgcn|gfx\d"
    r"|vulkan|opencl|ascend(?!ing)|trainium|musa|\bnpu",
    re.IGNORECASE,
)

problems, checked = [], 0
for path in sources():
    if not any(folder in path.parents for folder in FOLDERS) or path.suffix not in (".cpp", ".h"):
        continue
    checked += 1
    for number, line in enumerate(text_of(path).splitlines(), 1):
        if found := NAME.search(re.sub(r"//.*", "", line)):
            problems.append(f"{path}:{number}: expected no target's name in code, found '{found[0]}'")
if checked < 100:
    problems.append(f"expected the sources of mx, found {checked} files")
finish(problems)
