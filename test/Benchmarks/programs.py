# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python
# RUN: %python %s %mx_build %t
"""The programs that scripts/bench times compute what it says: products of raw and of
constant weights against numpy in float64, for every format, with f32 and with
quantized activations; and the table's own arithmetic."""

import dataclasses
import pathlib
import sys

import ml_dtypes
import numpy as np

from benchmarks.cases import Case, Setting, get_cases
from benchmarks.program import FORMATS, Matmul, write_matmul, write_quantize
from benchmarks.result import Row
from examples.common.blocks import quantize
from examples.common.mx_run import mx_run

build, folder = map(pathlib.Path, sys.argv[1:])
tool = build / "bin" / "mx-run"
folder.mkdir(parents=True, exist_ok=True)

ELEMENTS = {
    "mxfp8": ml_dtypes.float8_e4m3fn,
    "mxfp6_e2m3": ml_dtypes.float6_e2m3fn,
    "mxfp4": ml_dtypes.float4_e2m1fn,
    "nvfp4": ml_dtypes.float4_e2m1fn,
    "deepseek": ml_dtypes.float8_e4m3fn,
}


def decode(name, codes, scales):
    """Codes and bytes of scales as float64."""
    if name == "mxint8":
        elements = codes.view(np.int8) / 64.0
    else:
        elements = codes.view(ELEMENTS[name]).astype(np.float64)
    block = FORMATS[name].block
    if name == "nvfp4":
        factors = scales.view(ml_dtypes.float8_e4m3fn).astype(np.float64)
    else:
        factors = np.exp2(scales.astype(np.float64) - 127)
    for axis, size in ((-1, block), (-2, -(-codes.shape[-2] // scales.shape[-2]))):
        factors = np.repeat(factors, size, axis).take(range(codes.shape[axis]), axis)
    return elements * factors


for name in FORMATS:
    for activations in (None, name):
        raw = Matmul(5, 256, 160, name, activations, copies=2)
        program, files = write_matmul(raw, folder)
        arrays = [np.load(path) for path in files]
        found = mx_run(tool, program, arrays, 1).outputs[0]
        x = decode(activations, *arrays[:2]) if activations else arrays[0].astype(np.float64)
        w = decode(name, *arrays[-2:])
        exact = np.einsum("cmk,cnk->cmn", x, w)
        bound = np.einsum("cmk,cnk->cmn", abs(x), abs(w)) * 160 * 2.0**-24
        assert (abs(found - exact) <= bound).all(), raw
        constant = dataclasses.replace(raw, constant=True)
        program, files = write_matmul(constant, folder)
        again = mx_run(tool, program, [np.load(path) for path in files], 1).outputs[0]
        assert (abs(again - exact) <= bound).all(), constant

program, files = write_quantize(8, 64, folder)
x = np.load(files[0])
codes, scales = mx_run(tool, program, [x], 2).outputs
blocks = quantize(x, "mxfp8")
assert (decode("mxfp8", codes, scales) == (blocks.elements * blocks.scales[..., None]).reshape(8, 64)).all()

case = Case("product", "2x3", 6e6, "GFLOP/s", "fma_f32", None, flop=6e6, bytes=3e6)
row = Row(case, 2, {"mx": 2.0, "peer": 3.0}, 6e9, None)
assert row.rate == 3e9 and row.ratios == {"peer": 1.5}
assert row.cells()[3:] == ["2.000", "3 GFLOP/s", "0.50 fma_f32", "peer 1.50"]
assert row.to_json()["intensity"] == 2.0 and row.to_json()["of_limit"] == 0.5
for sweep in (False, True):
    names = [(case.name, case.size, case.limit) for case in get_cases(Setting(build, []), {}, sweep)]
    assert len(set(names)) > 10, names
