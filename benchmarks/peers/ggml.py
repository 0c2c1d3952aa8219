# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""ggml: activations [m][k] in f32 by weights [n][k] in a format of ggml's, repacked for
this CPU before they are timed, where ggml can."""

import ctypes
from ctypes import c_bool, c_char_p, c_int, c_int64, c_size_t, c_void_p
from pathlib import Path

import numpy as np

from .arguments import parse_product
from .timing import print_times

# ggml_type of ggml.h.
TYPES = {"q8_0": 8, "bf16": 30, "mxfp4": 39}
F32 = 0


class InitParams(ctypes.Structure):
    _fields_ = [("mem_size", c_size_t), ("mem_buffer", c_void_p), ("no_alloc", c_bool)]


class Library:
    """ggml's functions by their names without the prefix; pointers unless said."""

    def __init__(self, folder: Path) -> None:
        self.libraries = [
            ctypes.CDLL(str(folder / f"lib{name}.so"), ctypes.RTLD_GLOBAL)
            for name in ("ggml-base", "ggml-cpu")
        ]

    def __call__(self, name: str, *arguments, result=c_void_p):
        function = next(f for f in (getattr(lib, f"ggml_{name}", None) for lib in self.libraries) if f)
        function.restype = result
        return function(*arguments)


class Product:
    """mul_mat, with its weights in a buffer of one type."""

    def __init__(self, ggml: Library, sizes: tuple[int, int, int], kind: int, weights_buffer: c_void_p, plain: c_void_p):
        m, n, k = map(c_int64, sizes)
        of_weights, of_others = (c_void_p(ggml("init", InitParams(1 << 20, None, True))) for _ in range(2))
        self.weights = c_void_p(ggml("new_tensor_2d", of_weights, kind, k, n))
        self.x = c_void_p(ggml("new_tensor_2d", of_others, F32, k, m))
        self.y = c_void_p(ggml("mul_mat", of_others, self.weights, self.x))
        self.graph = c_void_p(ggml("new_graph", of_others))
        ggml("build_forward_expand", self.graph, self.y, result=None)
        for tensors, buffer in ((of_weights, weights_buffer), (of_others, plain)):
            if not ggml("backend_alloc_ctx_tensors_from_buft", tensors, buffer):
                raise MemoryError


def get_buffer_types(ggml: Library, device: c_void_p) -> list[c_void_p]:
    """The types of buffers that weights can be in, the plain one last."""
    registry = c_void_p(ggml("backend_cpu_reg"))
    address = ggml("backend_reg_get_proc_address", registry, c_char_p(b"ggml_backend_dev_get_extra_bufts"))
    repacked = ctypes.CFUNCTYPE(ctypes.POINTER(c_void_p), c_void_p)(address)(device)
    types = []
    while repacked and repacked[len(types)]:
        types.append(c_void_p(repacked[len(types)]))
    return [*types, c_void_p(ggml("backend_cpu_buffer_type"))]


def get_product(ggml: Library, device: c_void_p, sizes: tuple[int, int, int], kind: int) -> Product:
    """The product with weights in the first type of buffers that it can have."""
    types = get_buffer_types(ggml, device)
    for buffer_type in types:
        product = Product(ggml, sizes, kind, buffer_type, types[-1])
        if ggml("backend_dev_supports_op", device, product.y, result=c_bool):
            return product
    raise SystemExit("ggml has no such product")


def main() -> None:
    arguments = parse_product(
        __doc__,
        folder={"type": Path, "required": True, "help": "where ggml's libraries are"},
        type={"choices": TYPES, "default": "mxfp4"},
    )
    m, n, k = arguments.sizes
    kind = TYPES[arguments.type]
    ggml = Library(arguments.folder)
    backend = c_void_p(ggml("backend_cpu_init"))
    ggml("backend_cpu_set_n_threads", backend, arguments.threads, result=None)
    device = c_void_p(ggml("backend_get_device", backend))
    products = [get_product(ggml, device, (m, n, k), kind) for _ in range(arguments.copies)]

    def pointer(array: np.ndarray) -> c_void_p:
        return c_void_p(array.ctypes.data)

    rng = np.random.default_rng(0)
    a = rng.standard_normal((m, k), np.float32)
    b = rng.standard_normal((n, k), np.float32)
    size = ggml("nbytes", products[0].weights, result=c_size_t)
    codes = np.zeros(size, np.uint8)
    ggml("quantize_chunk", kind, pointer(b), pointer(codes), c_int64(0), c_int64(n), c_int64(k), None, result=c_size_t)
    for product in products:
        ggml("backend_tensor_set", product.weights, pointer(codes), c_size_t(0), c_size_t(size), result=None)
        ggml("backend_tensor_set", product.x, pointer(a), c_size_t(0), c_size_t(a.nbytes), result=None)

    def run() -> None:
        for product in products:
            ggml("backend_graph_compute", backend, product.graph, result=c_int)

    print_times(run, arguments.runs)
    c = np.zeros((m, n), np.float32)
    ggml("backend_tensor_get", products[-1].y, pointer(c), c_size_t(0), c_size_t(c.nbytes), result=None)
    exact = a[0] @ b.T
    assert np.linalg.norm(c[0] - exact) < 0.2 * np.linalg.norm(exact), "wrong product"


if __name__ == "__main__":
    main()
