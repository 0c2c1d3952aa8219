# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs a model that mx-run --emit=shared has written, from NumPy by way of ctypes:

    mx-run minilm.mlirbc --weights=mxfp8 --emit=shared -o DIR
    python examples/library/model.py DIR/libminilm.so input0.npy input1.npy --output=y.npy
"""

import argparse
import ctypes
import pathlib

import numpy as np

ABI_VERSION = 1
VERIFY = 1
# By mx_type. Floats without a NumPy type are their bits.
DTYPES = [None, "?", "i1", "<i2", "<i4", "<i8", "<f2", "<u2", "<f4", "<f8", "u1"]


class Tensor(ctypes.Structure):
    _fields_ = [
        ("data", ctypes.c_void_p),
        ("shape", ctypes.POINTER(ctypes.c_int64)),
        ("rank", ctypes.c_int32),
        ("type", ctypes.c_int32),
    ]


class Array(ctypes.Structure):
    _fields_ = [
        ("type", ctypes.c_int32),
        ("rank", ctypes.c_int32),
        ("element_bytes", ctypes.c_int64),
        ("shape", ctypes.POINTER(ctypes.c_int64)),
    ]


class ModelError(Exception):
    """An error of the library's, with its code."""

    def __init__(self, code: int, text: str):
        super().__init__(text)
        self.code = code


def tensor(kind: int, shape: tuple[int, ...], data: np.ndarray | None = None) -> Tensor:
    return Tensor(
        data.ctypes.data if data is not None else None,
        (ctypes.c_int64 * len(shape))(*shape),
        len(shape),
        kind,
    )


class Model:
    """A library and its weights, DIR/libNAME.so and DIR/NAME.safetensors."""

    def __init__(self, library: str | pathlib.Path, weights: str | pathlib.Path | None = None, verify: bool = False):
        library = pathlib.Path(library)
        self.name = library.stem.removeprefix("lib")
        self.library = ctypes.CDLL(str(library.resolve()))
        self.context = ctypes.c_void_p()
        version = self.function("abi_version")()
        if version != ABI_VERSION:
            raise ValueError(f"{library}: expected ABI version {ABI_VERSION}, found {version}")
        self.inputs, self.outputs = self.describe("inputs"), self.describe("outputs")
        path = weights or library.with_name(self.name + ".safetensors")
        self.call("init", str(path).encode(), VERIFY * verify, ctypes.byref(self.context))
        self.workspace = np.empty(0, np.uint8)

    def close(self) -> None:
        self.function("free")(self.context)
        self.context = ctypes.c_void_p()

    def function(self, name: str):
        return getattr(self.library, f"{self.name}_{name}")

    def call(self, name: str, *arguments) -> None:
        error = ctypes.create_string_buffer(512)
        code = self.function(name)(*arguments, error)
        if code:
            raise ModelError(code, error.value.decode())

    def describe(self, name: str) -> list[Array]:
        count = ctypes.c_int32()
        function = self.function(name)
        function.restype = ctypes.POINTER(Array)
        arrays = function(ctypes.byref(count))
        return [arrays[i] for i in range(count.value)]

    def run(self, *arrays: np.ndarray) -> list[np.ndarray]:
        """The outputs for `arrays`; keeps the workspace for further calls."""
        if len(arrays) != len(self.inputs):
            raise ValueError(f"expected {len(self.inputs)} inputs, found {len(arrays)}")
        arrays = [np.asarray(a, order="C") for a in arrays]  # ascontiguousarray has no rank 0.
        for index, (a, expected) in enumerate(zip(arrays, self.inputs)):
            if a.dtype.kind not in "biuf" or a.dtype.itemsize != expected.element_bytes:
                raise ValueError(f"input {index}: expected {DTYPES[expected.type]}, found {a.dtype}")
        inputs = (Tensor * len(arrays))(*(tensor(e.type, a.shape, a) for e, a in zip(self.inputs, arrays)))
        outputs = (Tensor * len(self.outputs))(*(tensor(e.type, (0,) * e.rank) for e in self.outputs))
        self.call("output_shapes", self.context, inputs, outputs)
        results = []
        for output in outputs:
            results.append(np.empty(output.shape[: output.rank], DTYPES[output.type]))
            output.data = results[-1].ctypes.data
        size = ctypes.c_size_t()
        self.call("workspace_size", self.context, inputs, ctypes.byref(size))
        if self.workspace.size < size.value:
            self.workspace = np.empty(size.value, np.uint8)
        workspace = ctypes.c_void_p(self.workspace.ctypes.data)
        self.call("run", self.context, workspace, ctypes.c_size_t(self.workspace.size), inputs, outputs)
        return results


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("library")
    parser.add_argument("inputs", nargs="*", help=".npy files")
    parser.add_argument("--output", action="append", default=[], help=".npy file for the next output")
    arguments = parser.parse_args()
    model = Model(arguments.library)
    results = model.run(*(np.load(path) for path in arguments.inputs))
    for path, result in zip(arguments.output, results):
        np.save(path, result)
    for index, result in enumerate(results):
        print(f"output {index}: {result.dtype} {result.shape}")
    model.close()


if __name__ == "__main__":
    main()
