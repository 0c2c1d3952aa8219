# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# RUN: python3 %s %t
"""Folding gives the bits that executing gives, for every recipe and rule.

Writes one function per case, runs it as it is and after mx-fold-weights, and
compares the outputs byte by byte. Needs nothing but Python's own library.
"""

import pathlib
import random
import struct
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent / "Inputs"))
from constant_views import VIEWS

FLOATS = {
    "f8E4M3FN": ("floor", "ceil", "even", "rceil", "deepseek", "tosa"),
    "f8E5M2": ("floor", "ceil", "even", "rceil", "tosa"),
    "f6E3M2FN": ("floor", "ceil", "even", "rceil", "tosa"),
    "f6E2M3FN": ("floor", "ceil", "even", "rceil", "tosa"),
    "f4E2M1FN": ("floor", "ceil", "even", "rceil", "tosa"),
    "i8": ("floor", "ceil", "even", "rceil", "tosa"),
}
POLICIES = ("default", "te", "deepseek", "tosa")
BITS = {"f32": 32, "f16": 16, "bf16": 16}
MANTISSA = {"f32": 23, "f16": 10, "bf16": 7}
COPY = "affine_map<(d0, d1) -> ({0})>"


def codes(dtype, count, rng, finite):
    """Codes in runs of 8 of one kind: zeros, subnormals, normals, anything."""
    bits, mantissa = BITS[dtype], MANTISSA[dtype]
    sign = 1 << (bits - 1)
    infinity = (sign - 1) >> mantissa << mantissa
    values = []
    while len(values) < count:
        kind = rng.random()
        for _ in range(8):
            code = rng.getrandbits(bits)
            if kind < 0.1:
                code &= sign
            elif kind < 0.2:
                code &= sign | ((1 << mantissa) - 1)
            elif kind < 0.8:
                # Magnitudes within a few binades of 1.
                exponent = (infinity >> mantissa) // 2 + rng.randint(-6, 4)
                code &= sign | ((1 << mantissa) - 1)
                code |= exponent << mantissa
            if (finite or kind < 0.95) and (code & infinity) == infinity:
                code ^= 1 << mantissa
            values.append(code)
    return values[:count]


def constant(dtype, shape, rng, finite=False):
    count = shape[0] * shape[1]
    layout = "<I" if BITS[dtype] == 32 else "<H"
    data = b"".join(
        struct.pack(layout, code) for code in codes(dtype, count, rng, finite)
    )
    kind = f"tensor<{shape[0]}x{shape[1]}x{dtype}>"
    return f'arith.constant dense<"0x{data.hex()}"> : {kind}', kind


def defined(rule, policy, element):
    """The special-value policies that each rule is defined with."""
    if policy == "te":
        return rule == "rceil" and element in ("f8E4M3FN", "f8E5M2")
    return policy in ("default", rule)


def scale_extent(extent, block):
    return -(-extent // block) if block else 1


def case(dtype, element, options, blocks, rng, shape=(6, 72), scale="f8E8M0FNU"):
    """A function that quantizes the transpose of a constant."""
    nvfp4 = scale == "f8E4M3FN"
    value, stored = constant(dtype, shape, rng, finite=nvfp4)
    m, k = shape[1], shape[0]
    kind = f"tensor<{m}x{k}x{dtype}>"
    elements = f"tensor<{m}x{k}x{element}>"
    extents = "x".join(str(scale_extent(e, b)) for e, b in zip((m, k), blocks))
    scales = f"tensor<{extents}x{scale}>"
    results = [f"d{d} floordiv {b}" if b else "0" for d, b in enumerate(blocks)]
    tensor = f"global %g : {kind}, tensor<f32>" if nvfp4 else f": {kind}"
    scalar = "%g = arith.constant dense<0.0123> : tensor<f32>" if nvfp4 else ""
    return f"""
func.func @main() -> ({elements}, {scales}) {{
  {scalar}
  %c = {value}
  %e = tensor.empty() : {kind}
  %t = linalg.transpose ins(%c : {stored}) outs(%e : {kind}) permutation = [1, 0]
  %q0 = tensor.empty() : {elements}
  %s0 = tensor.empty() : {scales}
  %q, %s = mx.quantize scale_map = {COPY.format(", ".join(results))} {options}
      ins(%t {tensor}) outs(%q0, %s0 : {elements}, {scales})
      -> {elements}, {scales}
  return %q, %s : {elements}, {scales}
}}
"""


def view_case(ops, shape, rng):
    """A function that quantizes a constant seen through `ops`."""
    value, _ = constant("f32", (6, 72), rng)
    dims = [f"d{i}" for i in range(len(shape))]
    results = dims[:-1] + [dims[-1] + " floordiv 8"]
    kind, elements, scales = (
        f"tensor<{'x'.join(map(str, extents))}x{element}>"
        for extents, element in (
            (shape, "f32"),
            (shape, "f6E2M3FN"),
            (shape[:-1] + (scale_extent(shape[-1], 8),), "f8E8M0FNU"),
        )
    )
    return f"""
func.func @main() -> ({elements}, {scales}) {{
  %c = {value}
  {ops}
  %q0 = tensor.empty() : {elements}
  %s0 = tensor.empty() : {scales}
  %q, %s = mx.quantize scale_map = affine_map<({", ".join(dims)}) -> ({", ".join(results)})>
      rule = floor ins(%v : {kind}) outs(%q0, %s0 : {elements}, {scales})
      -> {elements}, {scales}
  return %q, %s : {elements}, {scales}
}}
"""


def contraction(element, block, rng, shape=(7, 40)):
    """A function that multiplies by a constant; NVFP4 with its own amax."""
    nvfp4 = block == 16
    value, weight = constant("f32", shape, rng, finite=True)
    left, right = f"tensor<1x{shape[1]}xf32>", f"tensor<{shape[0]}x{shape[1]}x{element}>"
    scale = "f8E4M3FN" if nvfp4 else "f8E8M0FNU"
    scales = f"tensor<{shape[0]}x{scale_extent(shape[1], block)}x{scale}>"
    out = f"tensor<1x{shape[0]}xf32>"
    rule = "" if nvfp4 else "rule = floor"
    fraction = "fraction_bits = 6" if element == "i8" else ""
    attributes = "{rhs_fraction_bits = 6 : i64}" if element == "i8" else ""
    operand = f"global %g : {weight}, tensor<f32>" if nvfp4 else f": {weight}"
    global_map = "affine_map<(m, n, k) -> ()>," if nvfp4 else ""
    global_use, global_type = (", %g", ", tensor<f32>") if nvfp4 else ("", "")
    return f"""
func.func @main() -> ({out}, {left}) {{
  %x = arith.constant dense<0.75> : {left}
  %w = {value}
  %zero = arith.constant dense<0.0> : tensor<f32>
  %amax = linalg.generic {{indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> ()>],
      iterator_types = ["reduction", "reduction"]}} ins(%w : {weight}) outs(%zero : tensor<f32>) {{
  ^bb0(%in: f32, %acc: f32):
    %inf = arith.constant 0x7F800000 : f32
    %z = arith.constant 0.0 : f32
    %abs = math.absf %in : f32
    %finite = arith.cmpf olt, %abs, %inf : f32
    %number = arith.select %finite, %abs, %z : f32
    %max = arith.maximumf %number, %acc : f32
    linalg.yield %max : f32
  }} -> tensor<f32>
  %e = tensor.empty() : tensor<f32>
  %g = linalg.generic {{indexing_maps = [affine_map<() -> ()>, affine_map<() -> ()>], iterator_types = []}}
      ins(%amax : tensor<f32>) outs(%e : tensor<f32>) {{
  ^bb0(%in: f32, %o: f32):
    %limit = arith.constant 2688.0 : f32
    %d = arith.divf %in, %limit : f32
    linalg.yield %d : f32
  }} -> tensor<f32>
  %q0 = tensor.empty() : {right}
  %s0 = tensor.empty() : {scales}
  %q, %s = mx.quantize scale_map = {COPY.format(f"d0, d1 floordiv {block}")} {rule} {fraction}
      ins(%w {operand}) outs(%q0, %s0 : {right}, {scales}) -> {right}, {scales}
  %init = arith.constant dense<0.0> : {out}
  %r = mx.contract indexing_maps = [
        affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>,
        affine_map<(m, n, k) -> (n, k floordiv {block})>, {global_map}
        affine_map<(m, n, k) -> (m, n)>] {attributes}
      lhs(%x : {left})
      rhs(%q scaled %s{global_use} : {right}, {scales}{global_type})
      outs(%init : {out}) -> {out}
  return %r, %x : {out}, {left}
}}
"""


def cases():
    rng = random.Random(1)
    for element, rules in FLOATS.items():
        bits = "fraction_bits = 6" if element == "i8" else ""
        for rule in rules:
            policies = [policy for policy in POLICIES if defined(rule, policy, element)]
            for policy in policies:
                options = f"rule = {rule} special = {policy} {bits}"
                # Blocks along either axis, the last one ragged.
                blocks = rng.choice([(1, 4), (32, 1), (5, 1)])
                yield f"{element} {options}", case("f32", element, options, blocks, rng)
        for dtype in ("f16", "bf16"):
            options = f"rule = floor {bits}"
            yield f"{element} {dtype}", case(dtype, element, options, (32, 1), rng)
    deepseek = ("f32", "f8E4M3FN", "rule = deepseek", (32, 4), rng)
    yield "two-dimensional blocks", case(*deepseek)
    yield "one scale", case("f32", "f4E2M1FN", "rule = rceil", (0, 0), rng)
    for dtype in BITS:
        nvfp4 = case(dtype, "f4E2M1FN", "", (16, 1), rng, scale="f8E4M3FN")
        yield f"nvfp4 {dtype}", nvfp4
    for name, (shape, ops) in VIEWS.items():
        yield name, view_case(ops, shape, rng)
    for element in FLOATS:
        yield f"contraction {element}", contraction(element, 32, rng)
    yield "contraction nvfp4", contraction("f4E2M1FN", 16, rng)
    large = case("f32", "f4E2M1FN", "rule = even", (1, 32), rng, (72, 160))
    yield "resources", large


def run(model, folder, name, target):
    outputs = [folder / f"{name}.{index}.npy" for index in range(2)]
    command = ["mx-run", str(model), f"--target={target}"]
    subprocess.run(command + [f"--output={path}" for path in outputs], check=True)
    return [path.read_bytes() for path in outputs]


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    model, folded = folder / "model.mlir", folder / "folded.mlir"
    failures = 0
    for index, (name, text) in enumerate(cases()):
        model.write_text(text)
        subprocess.run(
            ["mx-opt", str(model), "--mx-fold-weights", "-o", str(folded)],
            check=True,
        )
        if "mx.quantize" in folded.read_text():
            print(f"{name}: not folded")
            failures += 1
            continue
        # The targets take turns, but for sums: on the CPU their order is free.
        target = ("reference", "cpu")[index % 2 and "contraction" not in name]
        expected = run(model, folder, "executed", target)
        found = run(folded, folder, "folded", target)
        if expected != found:
            different = [
                sum(a != b for a, b in zip(*pair)) for pair in zip(expected, found)
            ]
            print(f"{name} on {target}: {different} bytes of the two outputs differ")
            failures += 1
    return failures != 0


if __name__ == "__main__":
    sys.exit(main())
