# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# RUN: python3 %s
"""A flag is a file and a test of its name: each pass, pipeline and option."""

import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent / "Inputs"))
from tree import ROOT, files, finish, text_of


def help_of(tool: str) -> str:
    return subprocess.run([tool, "--help"], check=True, capture_output=True, text=True).stdout


def camel(flag: str) -> str:
    """mx-lower-memref-copy, say, without mx and in whatever case a file has it."""
    return flag.removeprefix("mx-").replace("-", "")


def exists(folders: list[str], stem: str, suffixes: tuple[str, ...]) -> bool:
    return any(
        path.suffix in suffixes and path.stem.replace("-", "").lower() == stem
        for folder in folders
        for path in (ROOT / folder).iterdir()
    )


problems = []
tests = {p: text_of(p) for p in files() if (ROOT / "test") in p.parents and p.parent.name != "Style"}

def is_used(option: str) -> bool:
    return any(option in text for text in tests.values())


# Passes are indented by six places, their options by eight.
passes = {}
for line in help_of("mx-opt").splitlines():
    if found := re.match(r" {6}--([\w-]+)", line):
        flag = found[1]
        if flag.startswith(("mx-", "convert-mx-")):
            passes[flag] = []
    elif (found := re.match(r" {8}--([\w-]+)", line)) and flag in passes:
        passes[flag].append(found[1])
if not {"mx-quantize-matmul", "mx-to-cpu"} <= set(passes):
    problems.append(f"mx-opt --help: expected the passes of mx, found {sorted(passes)}")
for flag, options in passes.items():
    # convert-mx-to-emitc, say, is MXToEmitC.cpp and mx-to-emitc.mlir.
    name = flag.removeprefix("convert-" if flag.startswith("convert-") else "mx-")
    pipeline = flag.startswith("mx-to-")
    folder = "Pipelines" if pipeline else "Conversion" if flag.startswith("convert-") else "Transforms"
    if not pipeline and not exists([f"lib/{folder}"], name.replace("-", ""), (".cpp",)):
        problems.append(f"{flag}: expected a file of its name in lib/{folder}")
    test = ROOT / "test" / folder / f"{name}.mlir"
    if f"--{flag}" not in tests.get(test, ""):
        problems.append(f"{flag}: expected {test} to run it")
    for option in options:
        if not is_used(f"{option}="):
            problems.append(f"{flag}: expected a test of its option {option}")

for path in (ROOT / "lib").rglob("*.cpp"):
    if (found := re.search(r'#define DEBUG_TYPE "(.*)"', text_of(path))) and camel(
        found[1]
    ) != path.stem.lower():
        problems.append(f"{path}: expected the flag of this file as DEBUG_TYPE, found {found[1]}")

options = re.findall(r"^  --([\w-]+)", help_of("mx-run"), re.MULTILINE)
if "weights" not in options:
    problems.append(f"mx-run --help: expected its options, found {options}")
for option in options:
    if not option.startswith(("help", "version")) and not is_used(f"--{option}"):
        problems.append(f"mx-run: expected a test of --{option}")
finish(problems)
