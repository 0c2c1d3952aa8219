# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Debian's OpenBLAS: [m][k] x [n][k] in f32."""

import argparse
import ctypes

import numpy as np

from .timing import print_times

ROW_MAJOR, NO_TRANS, TRANS = 101, 111, 112  # CBLAS_ORDER, CBLAS_TRANSPOSE


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", type=int, nargs=3, metavar="M N K")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--runs", type=int, default=10)
    arguments = parser.parse_args()
    m, n, k = arguments.sizes
    library = ctypes.CDLL("libopenblas.so.0")
    library.openblas_set_num_threads(arguments.threads)
    rng = np.random.default_rng(0)
    a = rng.standard_normal((m, k), np.float32)
    b = rng.standard_normal((n, k), np.float32)
    c = np.zeros((m, n), np.float32)
    pointers = [x.ctypes.data_as(ctypes.c_void_p) for x in (a, b, c)]
    one, zero = ctypes.c_float(1), ctypes.c_float(0)

    def run() -> None:
        library.cblas_sgemm(
            ROW_MAJOR, NO_TRANS, TRANS, m, n, k, one, pointers[0], k, pointers[1], k, zero, pointers[2], n
        )  # fmt: skip

    print_times(run, arguments.runs)
    assert np.allclose(c[0], b @ a[0], rtol=1e-3, atol=1e-2)


if __name__ == "__main__":
    main()
