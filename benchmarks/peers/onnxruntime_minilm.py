# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""onnxruntime on MiniLM, in f32 or with its dynamic int8 quantization."""

import argparse

import numpy as np

from examples.minilm.peer import create_session, embed

from .timing import print_times


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", type=int, nargs=2, metavar="BATCH TOKENS")
    parser.add_argument("--int8", action="store_true")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--runs", type=int, default=10)
    arguments = parser.parse_args()
    session = create_session(arguments.int8, arguments.threads)
    ids = np.random.default_rng(0).integers(1000, 20000, arguments.sizes)
    print_times(lambda: embed(session, ids, np.ones_like(ids)), arguments.runs)


if __name__ == "__main__":
    main()
