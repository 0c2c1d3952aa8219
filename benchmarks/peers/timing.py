# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Times a call as mx-run does: once untimed, then some times more."""

import json
import timeit
from collections.abc import Callable


def print_times(run: Callable[[], object], runs: int) -> None:
    """Prints milliseconds as a JSON list."""
    run()
    print(json.dumps([1e3 * time for time in timeit.repeat(run, number=1, repeat=runs)]))
