# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Measures mx and its peers by turns, and prints the ratios.

Every contestant of a row runs once in each round, so that what else the machine
does meets all of them; the fastest run of each counts.
"""

import argparse
import json
import re
import tempfile
from pathlib import Path

from tqdm import tqdm

from examples.common.machine import describe_machine
from examples.common.output import print_table, write
from examples.common.page import page, table

from .cases import Case, Setting, get_cases
from .contestants import measure_limits
from .plots import draw
from .result import HEADER, Row


def measure(case: Case, threads: list[int], limits: dict, rounds: int) -> list[Row]:
    rows = []
    with tempfile.TemporaryDirectory() as name:
        contestants = case.contestants(Path(name))
        for count in threads:
            best: dict[str, float] = {}
            for _ in range(rounds):
                for contestant in contestants:
                    fastest = min(contestant.measure(count, case.runs))
                    best[contestant.name] = min(best.get(contestant.name, fastest), fastest)
            limit = limits.get(case.limit, {}).get(count) if case.limit else None
            rows.append(Row(case, count, best, limit, contestants[0].compile_seconds))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=Path, default=Path("build"), help="build folder")
    parser.add_argument("--threads", default="1,2", help="numbers of threads (default: 1,2)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds (default: 3)")
    parser.add_argument("--case", default="", help="regular expression: only rows that match")
    parser.add_argument("--sweep", action="store_true", help="every format over sizes, in place of the table")
    parser.add_argument("--mx-run", default="", help="further options of mx-run, such as --cpu=haswell")
    arguments = parser.parse_args()
    threads = [int(text) for text in arguments.threads.split(",")]
    limits = measure_limits(arguments.build / "bin" / "mx-bench-limits")
    machine = describe_machine()
    print(machine)
    for kind, rates in limits.items():
        print(f"{kind}: " + ", ".join(f"{r / 1e9:.1f} G/s on {n}" for n, r in rates.items()))
    setting = Setting(arguments.build, arguments.mx_run.split())
    cases = [
        case
        for case in get_cases(setting, limits, arguments.sweep)
        if re.search(arguments.case, f"{case.name} {case.size}")
    ]
    rows: list[Row] = []
    bar = tqdm(cases, disable=None)
    for case in bar:
        bar.set_description(f"{case.name} {case.size}")
        rows += measure(case, threads, limits, arguments.rounds)
    cells = [row.cells() for row in rows]
    print_table(HEADER, cells)
    output = arguments.build / "benchmarks"
    output.mkdir(exist_ok=True)
    results = {"machine": machine, "limits": limits, "rows": [row.to_json() for row in rows]}
    write(output / "bench.json", json.dumps(results, indent=1) + "\n")
    sections = [(machine, table(HEADER, cells))]
    sections += draw(results, arguments.sweep)
    write(output / "bench.html", page("mx beside its peers", sections))
    print(f"also in {output / 'bench.json'} and {output / 'bench.html'}")


if __name__ == "__main__":
    main()
