# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python
# RUN: %python %s %t
"""Casts of narrow floats give the bits of ml_dtypes: every code to every wide
type, and to every format all f16 and bf16 values and f32 values around every
boundary; scalar on both targets and without f16, and on vectors. NaNs are compared by place.
"""

import pathlib
import platform
import subprocess
import sys

import ml_dtypes
import numpy as np

ELEMENTS = {
    "f8E4M3FN": (ml_dtypes.float8_e4m3fn, 256),
    "f8E5M2": (ml_dtypes.float8_e5m2, 256),
    "f6E3M2FN": (ml_dtypes.float6_e3m2fn, 64),
    "f6E2M3FN": (ml_dtypes.float6_e2m3fn, 64),
    "f4E2M1FN": (ml_dtypes.float4_e2m1fn, 16),
}
WIDE = {"f32": np.float32, "f16": np.float16, "bf16": ml_dtypes.bfloat16}
LANES = 16
TARGETS = {"reference": ["--target=reference"], "cpu": []}
# A CPU without an instruction that extends f16.
if platform.machine() == "x86_64":
    TARGETS["x86-64-v2"] = ["--cpu=x86-64-v2"]


def generic(inputs, output, cast):
    """A program that applies `cast` to each element; `inputs` are types."""
    rank = ["affine_map<(d0) -> (d0)>"] * (len(inputs) + 1)
    names = [f"%x{i}" for i in range(len(inputs))]
    kinds = [f"tensor<?x{t}>" for t in inputs]
    out = f"tensor<?x{output}>"
    arguments = ", ".join(f"{n}: {k}" for n, k in zip(names, kinds))
    block = ", ".join(f"%a{i}: {t}" for i, t in enumerate(inputs))
    return f"""
func.func @main({arguments}) -> {out} {{
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x0, %c0 : {kinds[0]}
  %e = tensor.empty(%n) : {out}
  %y = linalg.generic {{indexing_maps = [{", ".join(rank)}], iterator_types = ["parallel"]}}
      ins({", ".join(names)} : {", ".join(kinds)}) outs(%e : {out}) {{
  ^bb0({block}, %o: {output}):
    %r = {cast} : {", ".join(inputs)} to {output}
    linalg.yield %r : {output}
  }} -> {out}
  return %y : {out}
}}
"""


def round_trip(element, wide):
    """To the narrow type and back on vectors."""
    vector, kind = f"vector<{LANES}x{wide}>", f"tensor<?x{wide}>"
    return f"""
func.func @main(%x: {kind}) -> {kind} {{
  %c0 = arith.constant 0 : index
  %lanes = arith.constant {LANES} : index
  %pad = arith.constant 0.0 : {wide}
  %n = tensor.dim %x, %c0 : {kind}
  %e = tensor.empty(%n) : {kind}
  %y = scf.for %i = %c0 to %n step %lanes iter_args(%t = %e) -> {kind} {{
    %v = vector.transfer_read %x[%i], %pad {{in_bounds = [true]}} : {kind}, {vector}
    %q = arith.truncf %v : {vector} to vector<{LANES}x{element}>
    %w = arith.extf %q : vector<{LANES}x{element}> to {vector}
    %u = vector.transfer_write %w, %t[%i] {{in_bounds = [true]}} : {vector}, {kind}
    scf.yield %u : {kind}
  }}
  return %y : {kind}
}}
"""


def inputs(element, wide):
    """Values of a wide type: all of 16 bits, or f32 around every boundary."""
    if wide != "f32":
        return np.arange(65536, dtype=np.uint16).view(WIDE[wide])
    dtype, count = ELEMENTS[element]
    values = np.arange(count, dtype=np.uint8).view(dtype).astype(np.float64)
    values = np.unique(values[np.isfinite(values)])
    # The boundary of overflow is that to the value after the largest.
    values = np.concatenate([values, [2 * values[-1] - values[-2], 2 * values[0] - values[1]]])
    values = np.unique(values)
    values = np.concatenate([values, (values[1:] + values[:-1]) / 2]).astype(np.float32)
    values = [np.nextafter(values, np.float32(s * np.inf)) for s in (1, -1)] + [values]
    rng = np.random.default_rng(1)
    anything = rng.integers(0, 1 << 32, 1 << 16, dtype=np.uint32).view(np.float32)
    near = np.float32(rng.standard_normal(1 << 16) * np.exp2(rng.integers(-20, 20, 1 << 16)))
    special = np.array([0, -0.0, np.inf, -np.inf, np.nan, -np.nan, 1e-45, -1e-45], np.float32)
    values = np.concatenate([*values, anything, near, special])
    return np.pad(values, (0, -len(values) % LANES))


def run(folder, text, target, arrays):
    model, output = folder / "model.mlir", folder / "y.npy"
    model.write_text(text)
    command = ["mx-run", str(model), *TARGETS[target], f"--output={output}"]
    for i, array in enumerate(arrays):
        path = folder / f"x{i}.npy"
        np.save(path, array.view(np.uint16) if array.dtype == ml_dtypes.bfloat16 else array)
        command.append(f"--input={path}")
    subprocess.run(command, check=True)
    return np.load(output)


def compare(name, expected, found) -> int:
    """`expected` has its type; `found` may be that type's bits."""
    found = found.view(expected.dtype)
    unsigned = {1: np.uint8, 2: np.uint16, 4: np.uint32}[expected.dtype.itemsize]
    nan = np.isnan(expected.astype(np.float32)) & np.isnan(found.astype(np.float32))
    wrong = np.flatnonzero((expected.view(unsigned) != found.view(unsigned)) & ~nan)
    if len(wrong):
        print(f"{name}: {len(wrong)} differ, at {wrong[0]}: expected {expected[wrong[0]]}, found {found[wrong[0]]}")
    return len(wrong) != 0


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    np.seterr(all="ignore")
    failures = 0
    byte = np.arange(256, dtype=np.uint8)
    power = byte.view(ml_dtypes.float8_e8m0fnu).astype(np.float64)
    for wide, dtype in WIDE.items():
        expected = power.astype(np.float32).astype(dtype)
        found = run(folder, generic(["f8E8M0FNU"], wide, "arith.extf %a0"), "cpu", [byte])
        failures += compare(f"f8E8M0FNU to {wide}", expected, found)
    for element, (narrow, count) in ELEMENTS.items():
        codes = np.arange(count, dtype=np.uint8)
        pairs = np.repeat(codes, 256), np.tile(byte, count)
        product = pairs[0].view(narrow).astype(np.float64) * power[pairs[1]]
        for wide, dtype in WIDE.items():
            value = inputs(element, wide)
            expected = value.astype(narrow)
            if not np.isnan(codes.view(narrow).astype(np.float32)).any():
                expected = np.where(np.isnan(value), np.float32(0).astype(narrow), expected)
            back = expected.astype(np.float32).astype(dtype)
            for target in TARGETS:
                name = f"{element} and {wide} on {target}"
                found = run(folder, generic([element], wide, "arith.extf %a0"), target, [codes])
                failures += compare(f"extf {name}", codes.view(narrow).astype(np.float32).astype(dtype), found)
                found = run(folder, generic([wide], element, "arith.truncf %a0"), target, [value])
                failures += compare(f"truncf {name}", expected, found)
            found = run(folder, round_trip(element, wide), "cpu", [value])
            failures += compare(f"vectors of {element} and {wide}", back, found)
            text = generic([element, "f8E8M0FNU"], wide, "arith.scaling_extf %a0, %a1")
            failures += compare(f"scaling_extf {element} to {wide}", product.astype(np.float32).astype(dtype),
                                run(folder, text, "cpu", pairs))
    return failures != 0


if __name__ == "__main__":
    sys.exit(main())
