# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""oneDNN: [m][k] x [n][k] in f32 or bf16, the weights reordered before they are timed."""

import ctypes
import os
import sys
from ctypes import byref, c_int, c_int64, c_void_p
from pathlib import Path

import numpy as np

from .arguments import parse_product
from .timing import print_times

# Of oneAPI/dnnl/dnnl_types.h, version 3: dnnl_cpu, dnnl_stream_in_order,
# dnnl_format_tag_any, dnnl_query_weights_md, DNNL_ARG_*, dnnl_data_type_t.
CPU, IN_ORDER, ANY, QUERY_WEIGHTS = 1, 1, 1, 131
SRC, DST, WEIGHTS = 1, 17, 33
TYPES = {"bf16": 2, "f32": 3}


class Argument(ctypes.Structure):
    _fields_ = [("arg", c_int), ("memory", c_void_p)]


class Library:
    """libdnnl of this Python environment."""

    def __init__(self) -> None:
        self.library = ctypes.CDLL(str(Path(sys.prefix) / "lib" / "libdnnl.so.3"))
        self.engine = self.make("engine_create", CPU, ctypes.c_size_t(0))
        self.stream = self.make("stream_create", self.engine, IN_ORDER)

    def call(self, name: str, *arguments) -> None:
        code = getattr(self.library, f"dnnl_{name}")(*arguments)
        if code:
            raise SystemExit(f"dnnl_{name}: error {code}")

    def make(self, name: str, *arguments) -> c_void_p:
        result = c_void_p()
        self.call(name, byref(result), *arguments)
        return result

    def describe(self, kind: int, extents: tuple[int, int], strides: tuple[int, int] | None) -> c_void_p:
        """Without strides, an order of oneDNN's choice."""
        dims = (c_int64 * 2)(*extents)
        if strides is None:
            return self.make("memory_desc_create_with_tag", 2, dims, kind, ANY)
        return self.make("memory_desc_create_with_strides", 2, dims, kind, (c_int64 * 2)(*strides))

    def memory(self, described: c_void_p, array: np.ndarray) -> c_void_p:
        return self.make("memory_create", described, self.engine, c_void_p(array.ctypes.data))

    def execute(self, primitive: c_void_p, memories: dict[int, c_void_p]) -> None:
        arguments = (Argument * len(memories))(*(Argument(a, m) for a, m in memories.items()))
        self.call("primitive_execute", primitive, self.stream, len(memories), arguments)
        self.call("stream_wait", self.stream)


def store(values: np.ndarray, kind: str) -> np.ndarray:
    """As the bits of `kind`; those of bf16 without rounding."""
    return values if kind == "f32" else (values.view(np.uint32) >> 16).astype(np.uint16)


def main() -> None:
    arguments = parse_product(__doc__, type={"choices": TYPES, "default": "f32"})
    os.environ["OMP_NUM_THREADS"] = str(arguments.threads)
    m, n, k = arguments.sizes
    kind = TYPES[arguments.type]
    dnnl = Library()
    source = dnnl.describe(kind, (m, k), (k, 1))
    plain = dnnl.describe(kind, (k, n), (1, k))
    any_order = dnnl.describe(kind, (k, n), None)
    result = dnnl.describe(TYPES["f32"], (m, n), (n, 1))
    matmul = dnnl.make("matmul_primitive_desc_create", dnnl.engine, source, any_order, None, result, None)
    query = dnnl.library.dnnl_primitive_desc_query_md
    query.restype = c_void_p
    chosen = c_void_p(query(matmul, QUERY_WEIGHTS, 0))
    dnnl.library.dnnl_memory_desc_get_size.restype = ctypes.c_size_t
    size = dnnl.library.dnnl_memory_desc_get_size(chosen)

    rng = np.random.default_rng(0)
    a = rng.standard_normal((m, k), np.float32)
    b = rng.standard_normal((n, k), np.float32)
    c = np.zeros((m, n), np.float32)
    stored_a, stored_b = store(a, arguments.type), store(b, arguments.type)
    packed = [np.zeros(size, np.uint8) for _ in range(arguments.copies)]
    reorder = dnnl.make(
        "primitive_create",
        dnnl.make("reorder_primitive_desc_create", plain, dnnl.engine, chosen, dnnl.engine, None),
    )
    weights = [dnnl.memory(chosen, array) for array in packed]
    for copy in weights:
        dnnl.execute(reorder, {SRC: dnnl.memory(plain, stored_b), DST: copy})
    others = {SRC: dnnl.memory(source, stored_a), DST: dnnl.memory(result, c)}
    primitive = dnnl.make("primitive_create", matmul)

    def run() -> None:
        for copy in weights:
            dnnl.execute(primitive, {**others, WEIGHTS: copy})

    print_times(run, arguments.runs)
    tolerance = 1e-3 if arguments.type == "f32" else 0.03
    assert np.allclose(c[0], b @ a[0], rtol=tolerance, atol=tolerance * k**0.5), "wrong product"


if __name__ == "__main__":
    main()
