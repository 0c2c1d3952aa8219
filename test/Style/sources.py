# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# RUN: python3 %s
"""Source files carry a licence and no leftovers, and are short."""

import pathlib
import re
import statistics
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent / "Inputs"))
from tree import ROOT, files, finish, sources, text_of

LICENCE = "SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception"
# Joined, so that this file does not hold them.
LEFTOVER = re.compile("|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X:", r"\.\./" + "shared")))
MEDIAN, LONGEST = 120, 300

problems = []
scripts = [p for p in files() if p.parent == ROOT / "scripts" and text_of(p).startswith("#!")]
for path in sources() + scripts + [p for p in files() if p.name == "CMakeLists.txt"]:
    if LICENCE not in "".join(text_of(path).splitlines(True)[:3]):
        problems.append(f"{path}: expected '{LICENCE}' in the first lines")
for path in files():
    for number, line in enumerate(text_of(path).splitlines(), 1):
        if found := LEFTOVER.search(line):
            problems.append(f"{path}:{number}: found '{found[0]}'")
lengths = {path: len(text_of(path).splitlines()) for path in sources()}
median = statistics.median(lengths.values())
if median >= MEDIAN:
    problems.append(f"expected a median below {MEDIAN} lines per file, found {median}")
problems += [
    f"{path}: expected at most {LONGEST} lines, found {n}"
    for path, n in lengths.items()
    if n > LONGEST
]
print(f"{len(lengths)} source files, median {median} lines, longest {max(lengths.values())}")
finish(problems)
