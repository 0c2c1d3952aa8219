# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The project's own files, and a list of what is wrong with them."""

import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).parents[3]
SOURCES = {".cpp", ".h", ".td", ".py", ".cmake", ".c"}


def files() -> list[pathlib.Path]:
    """What git does not ignore, or, where there is no git, all files outside of build folders."""
    git = subprocess.run(["git", "-C", ROOT, "ls-files", "-z", "-co", "--exclude-standard"], capture_output=True)
    if git.returncode == 0:
        paths = [ROOT / name for name in git.stdout.decode().split("\0") if name]
    else:
        paths = [p for p in ROOT.rglob("*") if not p.relative_to(ROOT).parts[0].startswith("build")]
    return sorted(p for p in paths if p.is_file())


def sources() -> list[pathlib.Path]:
    return [p for p in files() if p.suffix in SOURCES]


def text_of(path: pathlib.Path) -> str:
    return path.read_text(errors="replace")


def finish(problems: list[str]) -> None:
    """Prints the problems; the exit status says whether there are any."""
    for problem in problems:
        print(problem)
    sys.exit(bool(problems))
