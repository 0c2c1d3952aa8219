# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python
# RUN: %python %s %t
"""Contractions that test the edges of tiling, on the CPU target against float64:
outer sums within a panel, unit dimensions, products of f16, scales that are
ordinary one by one but not together, f32 whose rows lie apart; and windows out of
bounds, which are an error."""

import pathlib
import subprocess
import sys

import numpy as np

rng = np.random.default_rng(8)


def bf16(x):
    return (np.float32(x).view(np.uint32) >> 16).astype(np.uint16)


def contract(maps, lhs, rhs, init):
    """mx.contract; an operand is its elements' type and shape, a rank if it is dynamic,
    and its scales."""

    def tensor(element, shape):
        extents = ["?"] * shape if isinstance(shape, int) else map(str, shape)
        return f"tensor<{'x'.join([*extents, element])}>"

    maps = ", ".join(f"affine_map<{m}>" for m in maps)
    arguments, texts = [], []
    for operand in (lhs, rhs):
        names, types = [], []
        for element, shape in operand:
            names.append(f"%a{len(arguments)}")
            types.append(tensor(element, shape))
            arguments.append(f"{names[-1]}: {types[-1]}")
        scaled = f" scaled {', '.join(names[1:])}" if names[1:] else ""
        texts.append(f"({names[0]}{scaled} : {', '.join(types)})")
    result = tensor("f32", init)
    return (
        f"func.func @main({', '.join(arguments)}, %z: {result}) -> {result} {{\n"
        f"  %0 = mx.contract indexing_maps = [{maps}] lhs{texts[0]} rhs{texts[1]}"
        f" outs(%z : {result}) -> {result}\n  return %0 : {result}\n}}\n"
    )


def outer_sum(j, k):
    """The rhs has an outer sum between its sum and its columns."""
    dims = "(m, n, j, k) -> "
    text = contract([dims + "(m, j, k)", dims + "(k, j, n)", dims + "(m, n)"], [("bf16", 3)], [("bf16", 3)], 2)
    a, b = (rng.integers(-3, 4, s).astype(np.float32) for s in ((3, j, k), (k, j, 20)))
    return text, [bf16(a), bf16(b), np.zeros((3, 20), np.float32)], np.einsum("mjk,kjn->mn", a, b)


def heads(s):
    """A batch dimension between the sum and the columns."""
    dims = "(h, m, n, s) -> "
    text = contract([dims + "(h, m, s)", dims + "(s, h, n)", dims + "(h, m, n)"], [("f32", 3)], [("bf16", 3)], 3)
    a, b = (rng.integers(-3, 4, shape).astype(np.float32) for shape in ((4, 8, s), (s, 4, 64)))
    return text, [a, bf16(b), np.zeros((4, 8, 64), np.float32)], np.einsum("hms,shn->hmn", a, b)


def distant_rows(m, n, k, static):
    """f32, which many rows read from a copy of a panel: two batches, a dimension between
    the sum and the columns, and what else is in the result."""
    dims = "(h, m, n, k) -> "
    shapes = (2, m, k), (k, 2, n), (2, m, n)
    lhs, rhs, init = shapes if static else (3, 3, 3)
    text = contract([dims + "(h, m, k)", dims + "(k, h, n)", dims + "(h, m, n)"], [("f32", lhs)], [("f32", rhs)], init)
    a, b, c = (rng.integers(-3, 4, s).astype(np.float32) for s in shapes)
    return text, [a, b, c], np.einsum("hmk,khn->hmn", a, b) + c


def unit_init():
    text = """
func.func @main(%a: tensor<5x7xf32>, %b: tensor<7xf32>, %z: tensor<5x1xf32>) -> tensor<5x1xf32> {
  %0 = linalg.generic {indexing_maps = [affine_map<(m, k) -> (m, k)>, affine_map<(m, k) -> (k)>, affine_map<(m, k) -> (m, 0)>],
      iterator_types = ["parallel", "reduction"]} ins(%a, %b : tensor<5x7xf32>, tensor<7xf32>) outs(%z : tensor<5x1xf32>) {
  ^bb0(%x: f32, %y: f32, %sum: f32):
    %p = arith.mulf %x, %y : f32
    %s = arith.addf %sum, %p : f32
    linalg.yield %s : f32
  } -> tensor<5x1xf32>
  return %0 : tensor<5x1xf32>
}
"""
    a, b = (rng.integers(-3, 4, s).astype(np.float32) for s in ((5, 7), (7,)))
    return text, [a, b, np.zeros((5, 1), np.float32)], (a @ b)[:, None]


def f16_products():
    """300 * 300 is Inf in f16, before it is extended."""
    text = """
func.func @main(%a: tensor<2x3xf16>, %b: tensor<3x4xf16>, %z: tensor<2x4xf32>) -> tensor<2x4xf32> {
  %0 = linalg.generic {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, n)>],
      iterator_types = ["parallel", "parallel", "reduction"]} ins(%a, %b : tensor<2x3xf16>, tensor<3x4xf16>) outs(%z : tensor<2x4xf32>) {
  ^bb0(%x: f16, %y: f16, %sum: f32):
    %p = arith.mulf %x, %y : f16
    %e = arith.extf %p : f16 to f32
    %s = arith.addf %sum, %e : f32
    linalg.yield %s : f32
  } -> tensor<2x4xf32>
  return %0 : tensor<2x4xf32>
}
"""
    a, b = np.full((2, 3), 300, np.float16), np.full((3, 4), 300, np.float16)
    return text, [a, b, np.zeros((2, 4), np.float32)], np.full((2, 4), np.inf)


def wide_scaled(value, left, right):
    """f32 elements with E8M0 scales whose product is 1."""
    dims = "(m, n, k) -> "
    maps = [dims + "(m, k)", dims + "(m)", dims + "(k, n)", dims + "(n)", dims + "(m, n)"]
    text = contract(maps, [("f32", 2), ("f8E8M0FNU", 1)], [("f32", 2), ("f8E8M0FNU", 1)], 2)
    a, b = np.full((2, 32), value, np.float32), np.ones((32, 3), np.float32)
    scales = [np.full(2, left, np.uint8), np.full(3, right, np.uint8)]
    expected = 32 * np.float64(np.float32(value)) * 2.0 ** (left + right - 254)
    return text, [a, scales[0], b, scales[1], np.zeros((2, 3), np.float32)], np.full((2, 3), expected)


def levels():
    """Three E8M0 scales on each side."""
    dims = "(m, n, k) -> "
    one = [dims + "(m)"] * 3
    maps = [dims + "(m, k)", *one, dims + "(k, n)", *[dims + "(n)"] * 3, dims + "(m, n)"]
    text = contract(maps, [("f8E5M2", 2), *[("f8E8M0FNU", 1)] * 3], [("f8E5M2", 2), *[("f8E8M0FNU", 1)] * 3], 2)
    a, b = np.full((2, 32), 0x78, np.uint8), np.full((32, 3), 0x78, np.uint8)  # 32768
    left, right = [np.full(2, 167, np.uint8)] * 3, [np.full(3, 87, np.uint8)] * 3
    return text, [a, *left, b, *right, np.zeros((2, 3), np.float32)], np.full((2, 3), 2.0**35)


WINDOW = """
func.func @main(%x: tensor<?xf32>, %w: tensor<?xf32>, %y: tensor<?xf32>) -> tensor<?xf32> {
  %0 = linalg.conv_1d ins(%x, %w : tensor<?xf32>, tensor<?xf32>) outs(%y : tensor<?xf32>) -> tensor<?xf32>
  return %0 : tensor<?xf32>
}
"""


def run(folder, text, arrays):
    model, output = folder / "model.mlir", folder / "y.npy"
    model.write_text(text)
    output.unlink(missing_ok=True)
    command = ["mx-run", model, f"--output={output}"]
    for index, array in enumerate(arrays):
        np.save(folder / f"x{index}.npy", array)
        command.append(f"--input={folder / f'x{index}.npy'}")
    return subprocess.run(command, capture_output=True, text=True), output


def main() -> int:
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    cases = {
        "outer sum": outer_sum(3, 70),
        "outer sum larger than a panel": outer_sum(5000, 2),
        "long sum": outer_sum(2, 5000),
        "heads": heads(300),
        "unit init": unit_init(),
        **{
            f"rows that lie apart, {shape}, {'static' if static else 'dynamic'}": distant_rows(*shape, static)
            for shape in ((1, 64, 30), (12, 140, 300), (13, 37, 1), (29, 100, 300), (40, 67, 1500), (70, 133, 129))
            for static in (False, True)
        },
        "products of f16": f16_products(),
        "large f32 elements": wide_scaled(1e30, 167, 87),
        "small f32 elements": wide_scaled(1e-30, 87, 167),
        "levels": levels(),
    }
    failures = 0
    for name, (text, arrays, expected) in cases.items():
        process, output = run(folder, text, arrays)
        if process.returncode or not np.allclose(np.load(output), expected, rtol=1e-6, atol=0):
            print(f"{name}: expected {expected}\n{process.stderr or np.load(output)}")
            failures += 1
    sizes = [np.ones(n, np.float32) for n in (5, 3, 4000)]
    process, output = run(folder, WINDOW, sizes)
    if process.returncode != 1 or "linalg.conv_1d" not in process.stderr or output.exists():
        print(f"window: expected an error that names linalg.conv_1d, found {process.returncode}: {process.stderr}")
        failures += 1
    return failures != 0


if __name__ == "__main__":
    sys.exit(main())
