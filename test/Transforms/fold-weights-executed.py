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
    large = case("f32", "f4E2M1FN", "rule = even", (1, 32), rng, (72, 160))
    yield "resources", large


def run(model, folder, name):
    outputs = [folder / f"{name}.{index}.npy" for index in range(2)]
    command = ["mx-run", str(model), "--target=reference"]
    subprocess.run(command + [f"--output={path}" for path in outputs], check=True)
    return [path.read_bytes() for path in outputs]


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    model, folded = folder / "model.mlir", folder / "folded.mlir"
    failures = 0
    for name, text in cases():
        model.write_text(text)
        subprocess.run(
            ["mx-opt", str(model), "--mx-fold-weights", "-o", str(folded)],
            check=True,
        )
        if "mx.quantize" in folded.read_text():
            print(f"{name}: not folded")
            failures += 1
            continue
        expected, found = run(model, folder, "executed"), run(folded, folder, "folded")
        if expected != found:
            different = [
                sum(a != b for a, b in zip(*pair)) for pair in zip(expected, found)
            ]
            print(f"{name}: {different[0]} elements and {different[1]} scales differ")
            failures += 1
    return failures != 0


if __name__ == "__main__":
    sys.exit(main())
