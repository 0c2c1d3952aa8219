# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python
# RUN: %python %s %t
"""mx.dequantize gives exact bits: every code with every scale, on both targets.

The oracle takes codes apart with ml_dtypes and multiplies in float64, where
these products are exact; NaNs are compared by their places.
"""

import itertools
import pathlib
import subprocess
import sys

import ml_dtypes
import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).parent / "Inputs"))
from quantize_oracle import ELEMENTS, decode

NUMPY = {"f32": np.float32, "f16": np.float16, "bf16": ml_dtypes.bfloat16}
COUNTS = {"f6E3M2FN": 64, "f6E2M3FN": 64, "f4E2M1FN": 16}


def exponent(byte):
    """2^(byte - 127) in float64, NaN for 255."""
    return np.where(byte == 255, np.nan, np.ldexp(1.0, byte.astype(np.int64) - 127))


def program(element, scales, result, dynamic, fraction):
    """`scales` are pairs of a type and an extent; none is a scale per tensor."""
    rows = "?" if dynamic else "256"
    q, y = (f"tensor<{rows}x{COUNTS.get(element, 256)}x{t}>" for t in (element, result))
    kinds = [f"tensor<{rows}x{t}>" if extent else f"tensor<{t}>" for t, extent in scales]
    maps = [f"affine_map<(m, k) -> ({'m' if extent else ''})>" for _, extent in scales]
    names = [f"%s{i}" for i in range(len(scales))]
    parameters = "".join(f", {n}: {t}" for n, t in zip(names, kinds))
    scaled = f"scaled {', '.join(names)}" if names else ""
    types = ", ".join([q, *kinds])
    return f"""
func.func @main(%q: {q}{parameters}) -> {y} {{
  %c0 = arith.constant 0 : index
  %rows = tensor.dim %q, %c0 : {q}
  %y0 = tensor.empty({"%rows" if dynamic else ""}) : {y}
  %y = mx.dequantize scale_maps = [{", ".join(maps)}] {"fraction_bits = 6" if fraction else ""}
      ins(%q {scaled} : {types}) outs(%y0 : {y}) -> {y}
  return %y : {y}
}}
"""


def run(model, target, inputs):
    paths = [model.with_name(f"x{i}.npy") for i in range(len(inputs))]
    for path, value in zip(paths, inputs):
        np.save(path, value)
    output = model.with_name("y.npy")
    command = ["mx-run", str(model), f"--target={target}", f"--output={output}"]
    subprocess.run(command + [f"--input={path}" for path in paths], check=True)
    return np.load(output)


def cases():
    """Element, scales, result, their arrays, and the product of the values."""
    byte = np.arange(256, dtype=np.uint8)
    f32 = np.random.default_rng(1).standard_normal(256).astype(np.float32)
    f32[:8] = 0, -0.0, np.inf, np.nan, 1e-45, 3e38, 2.0**-126, -1e-30
    for element in ELEMENTS:
        codes = np.tile(np.arange(COUNTS.get(element, 256), dtype=np.uint8), (256, 1))
        value = decode(codes, element)
        for result in NUMPY:
            scale = exponent(byte)
            yield element, [("f8E8M0FNU", 1)], result, [codes, byte], value * scale[:, None]
        # Exponents add: neither 2^254 nor 2^-254 may be formed in f32.
        for other in (0, 60, 254, 255):
            second = np.array(other, np.uint8)
            product = exponent(byte) * exponent(second)
            scales = [("f8E8M0FNU", 1), ("f8E8M0FNU", 0)]
            yield element, scales, "f32", [codes, byte, second], value * product[:, None]
        yield element, [], "f32", [codes], value
        # NVFP4's two levels: the product of the scales is rounded first.
        level = decode(byte, "f8E4M3FN").astype(np.float32)
        for g in (1.0, 0.0123, 3e-42, 3e38, 0.0):
            g = np.array(g, np.float32)
            product = (level * g).astype(np.float32)
            scales = [("f8E4M3FN", 1), ("f32", 0)]
            yield element, scales, "f32", [codes, byte, g], value * product.astype(np.float64)[:, None]
        # An f32 scale, then an exponent: the product with the first is rounded.
        first = (value * f32.astype(np.float64)[:, None]).astype(np.float32)
        scales = [("f32", 1), ("f8E8M0FNU", 0)]
        second = np.array(100, np.uint8)
        product = first.astype(np.float64) * exponent(second)
        yield element, scales, "f32", [codes, f32, second], product
    plain = np.tile(np.arange(256, dtype=np.uint8), (256, 1))
    yield "plain", [("f32", 1)], "f32", [plain, f32], plain.view(np.int8) * f32.astype(np.float64)[:, None]


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    model = folder / "model.mlir"
    np.seterr(all="ignore")
    failures = 0
    modes = itertools.cycle([("reference", True), ("cpu", False), ("cpu", True), ("reference", False)])
    for element, scales, result, inputs, exact in cases():
        expected = exact.astype(np.float32).astype(NUMPY[result])
        for target, dynamic in itertools.islice(modes, 2):
            type_ = "i8" if element == "plain" else element
            model.write_text(program(type_, scales, result, dynamic, element == "i8"))
            found = run(model, target, inputs).view(NUMPY[result]).reshape(expected.shape)
            unsigned = np.uint32 if result == "f32" else np.uint16
            same = (found.view(unsigned) == expected.view(unsigned)) | (np.isnan(found) & np.isnan(expected))
            if not same.all():
                at = tuple(int(i) for i in np.argwhere(~same)[0])
                print(f"{element} {scales} to {result} on {target}, dynamic={dynamic}: {(~same).sum()} differ, "
                      f"at {at}: expected {expected[at]}, found {found[at]}")
                failures += 1
    return failures != 0


if __name__ == "__main__":
    sys.exit(main())
