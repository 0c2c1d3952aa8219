# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Debian's OpenBLAS: [m][k] x [n][k] in f32."""

import ctypes

import numpy as np

from .arguments import parse_product
from .timing import print_times

ROW_MAJOR, NO_TRANS, TRANS = 101, 111, 112  # CBLAS_ORDER, CBLAS_TRANSPOSE


def main() -> None:
    arguments = parse_product(__doc__)
    m, n, k = arguments.sizes
    library = ctypes.CDLL("libopenblas.so.0")
    library.openblas_set_num_threads(arguments.threads)
    rng = np.random.default_rng(0)
    a = rng.standard_normal((m, k), np.float32)
    b = rng.standard_normal((n, k), np.float32)
    c = np.zeros((m, n), np.float32)
    copies = [b.copy() for _ in range(arguments.copies)]
    one, zero = ctypes.c_float(1), ctypes.c_float(0)

    def pointer(array: np.ndarray) -> ctypes.c_void_p:
        return array.ctypes.data_as(ctypes.c_void_p)

    def run() -> None:
        for weights in copies:
            library.cblas_sgemm(
                ROW_MAJOR, NO_TRANS, TRANS, m, n, k, one, pointer(a), k, pointer(weights), k, zero, pointer(c), n
            )  # fmt: skip

    print_times(run, arguments.runs)
    assert np.allclose(c[0], b @ a[0], rtol=1e-3, atol=1e-2)


if __name__ == "__main__":
    main()
