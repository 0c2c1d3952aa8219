# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs lit and closes with one line that counts the tests."""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

SKIPPED = {"UNSUPPORTED", "SKIPPED", "EXCLUDED"}
PASSED = {"PASS", "XFAIL", "FLAKYPASS"}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lit", help="the lit program")
    parser.add_argument("suites", nargs="+", help="folders with tests")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [arguments.lit, "-v", "-o", str(report), *arguments.suites]
        status = subprocess.run(command).returncode
        if not report.exists():
            return status or 1
        tests = json.loads(report.read_text())["tests"]
    passed = sum(t["code"] in PASSED for t in tests)
    skipped = [t for t in tests if t["code"] in SKIPPED]
    for test in skipped:
        reason = " ".join(test["output"].split()) or "no reason given"
        print(f"skipped: {test['name']}: {reason}")
    failed = len(tests) - passed - len(skipped)
    print(f"mx: {passed} passed, {failed} failed, {len(skipped)} skipped")
    return 1 if failed or status else 0


if __name__ == "__main__":
    sys.exit(main())
