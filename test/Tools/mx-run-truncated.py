# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python
# RUN: mx-opt %S/Inputs/matmul.mlir --emit-bytecode -o %t.mlirbc
# RUN: %python %s %t.mlirbc
"""Bytecode cut at every offset is an error with exit code 1, never a crash."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

source = Path(sys.argv[1])
content = source.read_bytes()


def run(length: int) -> str | None:
    path = source.with_suffix(f".{length}.mlirbc")
    path.write_bytes(content[:length])
    result = subprocess.run(["mx-run", str(path)], capture_output=True, text=True)
    path.unlink()
    if result.returncode != 1 or "mx-run: error: " not in result.stderr:
        return f"{length} bytes: exit code {result.returncode}: {result.stderr[-300:]}"
    return None


with ThreadPoolExecutor(2) as pool:
    failures = [f for f in pool.map(run, range(len(content))) if f]
assert not failures, "\n".join(failures[:5])
print(f"{len(content)} prefixes refused")
