# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# RUN: python3 %s
"""Each check line of a test has a RUN line that reads it."""

import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent / "Inputs"))
from tree import ROOT, files, finish, text_of

CHECK = re.compile(
    r"^\s*(?://|#|;)?\s*([A-Z][A-Z0-9_-]*?)"
    r"(?:-(?:NEXT|SAME|NOT|DAG|LABEL|EMPTY|COUNT-\d+))?(?:\{LITERAL\})?:",
    re.MULTILINE,
)
DIRECTIVES = {"RUN", "REQUIRES", "UNSUPPORTED", "XFAIL", "DEFINE", "REDEFINE", "END", "ALLOW_RETRIES"}

problems = []
for path in files():
    if path.suffix not in (".mlir", ".test") or ROOT / "test" not in path.parents:
        continue
    text = text_of(path)
    runs = " ".join(re.findall(r"R[U]N:(.*)", text))
    used = set()
    for names in re.findall(r"--?check-prefix(?:es)?[= ](\S+)", runs):
        used.update(names.split(","))
    for command in re.split(r"[|;]|&&", runs):
        if re.search(r"\bFileCheck\b", command) and "check-prefix" not in command:
            used.add("CHECK")
    found = {name for name in CHECK.findall(text)} - DIRECTIVES
    problems += [f"{path}: no RUN line reads '{name}:'" for name in sorted(found - used)]
    problems += [f"{path}: no line starts with '{name}:'" for name in sorted(used - found)]
finish(problems)
