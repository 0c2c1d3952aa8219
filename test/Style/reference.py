# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# RUN: python3 %s %mx_build/docs
"""The generated reference describes every op and pass; each op's example is part
of a test, and each of its numbered verifier rules has a test that breaks it."""

import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent / "Inputs"))
from tree import ROOT, finish, text_of

docs = pathlib.Path(sys.argv[1])
problems = []


def squeeze(text: str) -> str:
    return " ".join(text.split())


tests = [text_of(path) for path in (ROOT / "test/IR").glob("*.mlir")]
valid = [squeeze(text) for text in tests if "expected-error" not in text]
# A file may hold several programs.
invalid = [part for text in tests if "expected-error" in text for part in text.split("// -----")]

ops = re.split(r"^### `mx\.(\w+)`.*$", text_of(docs / "dialect.md").split("\n## Attributes")[0], flags=re.M)
ops = dict(zip(ops[1::2], ops[2::2]))
if not {"quantize", "dequantize", "contract"} <= set(ops):
    problems.append(f"{docs / 'dialect.md'}: expected the ops of mx, found {sorted(ops)}")
for name, text in ops.items():
    examples = re.findall(r"```mlir\n(.*?)```", text, re.S)
    if not examples:
        problems.append(f"mx.{name}: expected an example in its description")
    for example in examples:
        if not any(squeeze(example) in test for test in valid):
            problems.append(f"mx.{name}: expected a test in test/IR that holds its example:\n{example}")
    rules = re.search(r"Verifier rules:\n(.*?)\n\n", text, re.S)
    for rule in re.findall(r"^(\d+)\. ", rules[1], re.M) if rules else []:
        if not any(re.search(rf"// Rule {rule}\b", part) and f"mx.{name}" in part for part in invalid):
            problems.append(f"mx.{name}: expected a test in test/IR that breaks rule {rule}")

pages = [docs / "passes.md", docs / "library-passes.md"]
passes = [flag for page in pages for flag in re.findall(r"^### `-(mx-[\w-]+)`", text_of(page), re.M)]
listed = subprocess.run(["mx-opt", "--help"], check=True, capture_output=True, text=True).stdout
for flag in re.findall(r"^ {6}--(mx-[\w-]+)", listed, re.M):
    if flag not in passes and not flag.startswith("mx-to-"):
        problems.append(f"{pages[0]} or {pages[1]}: expected a section on {flag}")
finish(problems)
