# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What programs that multiply [m][k] by [n][k] are called with."""

import argparse


def parse_product(description: str | None, **more: dict) -> argparse.Namespace:
    """Sizes, threads, runs and copies; `more` has further options with the keywords of
    add_argument. A run multiplies with each of the copies of the weights in
    turn, which together are more than the caches hold."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("sizes", type=int, nargs=3, metavar="M N K")
    parser.add_argument("--copies", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--runs", type=int, default=10)
    for name, options in more.items():
        parser.add_argument(f"--{name}", **options)
    return parser.parse_args()
