# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Times a call as mx-run does: once untimed, then some times more."""

import json
import time
from collections.abc import Callable


def print_times(run: Callable[[], object], runs: int) -> None:
    """Prints milliseconds as a JSON list."""
    run()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        run()
        times.append(1e3 * (time.perf_counter() - start))
    print(json.dumps(times))
