# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs models with the code of an x86 CPU that has what this machine's lacks: the
instructions that the code names are replaced by plain LLVM IR that computes the same
(x86_intrinsics.ll), and vectors of any width are made of those that this CPU has."""

import ctypes
import pathlib
import re
import subprocess
import tempfile

import numpy as np
from safetensors.numpy import load_file

INTRINSICS = pathlib.Path(__file__).with_name("x86_intrinsics.ll")
NUMPY_TYPES = {"f64": "f8", "f32": "f4", "f16": "f2", "bf16": "u2", "i64": "i8", "i32": "i4", "i16": "i2", "i8": "i1", "i1": "?"}


def descriptor(array: np.ndarray | None, rank: int) -> ctypes.Structure:
    """MLIR's memref descriptor of an array in C order; of none: to be written."""

    class Descriptor(ctypes.Structure):
        _fields_ = [
            ("allocated", ctypes.c_void_p),
            ("aligned", ctypes.c_void_p),
            ("offset", ctypes.c_int64),
            ("shape", ctypes.c_int64 * rank),
            ("strides", ctypes.c_int64 * rank),
        ]

    if array is None:
        return Descriptor()
    strides = (stride // array.itemsize for stride in array.strides)
    data = array.ctypes.data
    return Descriptor(data, data, 0, tuple(array.shape), tuple(strides))


def result_types(model: pathlib.Path) -> list[tuple[int, np.dtype]]:
    """The rank and the elements of every result of the model's function."""
    text = subprocess.check_output(["mx-opt", model, "--mlir-elide-resource-strings-if-larger=64"], text=True)
    declared = re.search(r"func[.]func (?!private)@.*[)] -> (.*) {", text)[1]
    shapes = [types.split("x") for types in re.findall(r"tensor<([^<>]*)>", declared)]
    # Formats that NumPy lacks are codes.
    return [(len(dims), np.dtype(NUMPY_TYPES.get(element, np.uint8))) for *dims, element in shapes]


class Lowered:
    """The CPU that LLVM calls `cpu`; keeps its files in `folder`."""

    def __init__(self, cpu: str, folder: pathlib.Path):
        self.folder = folder
        self.options = [f"--cpu={cpu}"]

    def compile(self, model: pathlib.Path, *options: str) -> ctypes.CDLL:
        """The code of `model`, all instructions lowered, and the model's constants."""
        command = ["mx-run", model, *options, *self.options]
        code = subprocess.check_output([*command, "--emit=llvm"], text=True)
        for name in set(re.findall(r"@lowered[.]([\w.]+)", INTRINSICS.read_text())):
            code = code.replace(f"@llvm.{name}(", f"@lowered.{name}(")
        left = set(re.findall(r"@llvm[.]x86[.]avx512[\w.]*", code))
        assert not left, f"{INTRINSICS} has no {left}"
        # Of bf16 only the bits are used, which LLVM would convert where a CPU has none.
        code = code.replace("bfloat", "i16")
        code = re.sub(r'"(target-cpu|target-features|prefer-vector-width)"="[^"]*"', '"lowered"', code)
        code = re.sub(r"_mlir_ciface_\w+", "entry", code)
        # What is external here comes from the file of weights.
        code, external = re.subn(r"(@\w+ =) external constant (.*), align", r"\1 global \2 zeroinitializer, align", code)
        text, bitcode = (self.folder / name for name in ("code.ll", "code.bc"))
        text.write_text(code)
        subprocess.run(["llvm-link", text, INTRINSICS, "-o", bitcode], check=True)
        flags = ["-O0", "-march=native", "-fopenmp", "-fPIC", "-shared", "-Wno-override-module"]
        # What has a name that was loaded before is not read again.
        with tempfile.TemporaryDirectory() as fresh:
            library = f"{fresh}/code.so"
            subprocess.run(["clang", *flags, bitcode, "-lm", "-o", library], check=True)
            loaded = ctypes.CDLL(library)
        if external:
            subprocess.run([*command, "--threads=1", "--emit=shared", "-o", self.folder], check=True)
            for name, array in load_file(self.folder / f"{model.stem}.safetensors").items():
                if name.startswith("mx.pad."):  # Aligns what is behind it.
                    continue
                ctypes.memmove((ctypes.c_char * array.nbytes).in_dll(loaded, name), array.ctypes.data, array.nbytes)
        return loaded

    def run(self, model: pathlib.Path, arrays: list[np.ndarray], outputs: int, *options: str) -> list[np.ndarray]:
        """The first `outputs` outputs of `model`, compiled under `options`, for `arrays`."""
        code = self.compile(model, *options)
        types = result_types(model)
        fields = [(f"result{index}", type(descriptor(None, rank))) for index, (rank, _) in enumerate(types)]
        results = type("Results", (ctypes.Structure,), {"_fields_": fields})()
        # Arguments may be written, and may be results.
        arrays = [array.copy() for array in arrays]
        code.entry(ctypes.byref(results), *(ctypes.byref(descriptor(array, array.ndim)) for array in arrays))
        found = []
        for (name, _), (_, kind) in list(zip(fields, types))[:outputs]:
            result = getattr(results, name)
            size = kind.itemsize * int(np.prod(result.shape))
            data = ctypes.string_at((result.aligned or 0) + result.offset * kind.itemsize, size)
            found.append(np.frombuffer(data, kind).reshape(result.shape))
        return found
