# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python
# RUN: %python %s %t
"""mx-offload on simulators of two accelerators: contractions in every format and form
against float64."""

import pathlib
import sys

import numpy as np

ROOT = pathlib.Path(__file__).parents[2]
sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "IR/Inputs"))
sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "Inputs"))
from accelerators import Accelerator
from contract_case import Case
from contract_formats import E4M3, FORMATS as ALL, Format, mx
from contract_forms import FORMS
from contract_operands import decode

SIZES = [(1, 20, 100), (7, 5, 40), (33, 17, 200), (8, 16, 64), (33, 1, 31), (0, 3, 40), (5, 4, 0), (130, 150, 300)]
GIVEN = "given to the accelerator"
# DeepSeek V3.1's: 1x128 by 128x128, scales in UE8M0.
UE8M0 = {"deepseek_ue8m0": (mx(E4M3, 128), Format(E4M3, (("f8E8M0FNU", {"k": 128, "n": 128}),)), "f32")}
FORMATS = ALL | UE8M0
# What each can do, in these forms.
FORMATS_OF = {
    "npu": "mxfp8 mxfp8_e5m2 mxfp6_e2m3 mxfp6_e3m2 mxfp4 mxint8 deepseek_ue8m0".split()
    + ["mxfp4 weights, mxfp8 activations", "blocks of 64 and 32", "blocks of 32 and 128"],
    "outer": ["nvfp4"],
}
# The NPU scales the sums of so many products, fewer than have one scale.
STEPS = {"deepseek_ue8m0": {"k": 32}}
PRODUCTS = "matmul matmul_transpose_a matmul_transpose_b matmul_transposed_result batch_matmul broadcast_weights matvec dot"


def cases(name):
    number = 0
    for turn, form in enumerate(FORMS):
        for format_ in FORMATS_OF[name]:
            if form == "matmul" or (number + turn) % 2 == 0 or name == "outer":
                yield form, format_, SIZES[(number + turn) % len(SIZES)]
            number += 1
    for format_ in FORMATS:
        if format_ not in FORMATS_OF[name]:
            yield "matmul", format_, (7, 140, 300)


def main():
    np.seterr(all="ignore")  # Inf and NaN are among the inputs.
    folder = pathlib.Path(sys.argv[1])
    failures, given, seen = 0, 0, np.zeros(3, dtype=int)
    for name in FORMATS_OF:
        accelerator = Accelerator.example(name, folder)
        model = folder / "m.mlir"
        for number, (form, format_, size) in enumerate(cases(name)):
            expected = format_ in FORMATS_OF[name] and form in PRODUCTS.split() and size[2] > 0
            steps = STEPS.get(format_, {}) if expected else {}
            case = Case(np.random.default_rng(number), form, FORMATS[format_], size, False, steps)
            model.write_text(case.text())
            y, _, remarks = accelerator.run(model, case.arrays)
            error = case.expected.errors(decode(y, case.result))
            if (GIVEN in remarks) != expected:
                error += f" expected it {'on' if expected else 'not on'} the accelerator, found {remarks}"
            if error:
                failures += 1
                print(f"{form} {format_} {size} on {name}: {error}")
            if expected:
                given += 1
                exact = case.expected.exact
                seen += [np.isfinite(exact).sum(), np.isinf(exact).sum(), np.isnan(exact).sum()]
    failures += published_orders(folder, folder / "m.mlir")
    failures += quantized_there(folder, folder / "m.mlir")
    failures += rows_that_vary(folder, folder / "m.mlir")
    failures += operands_in_common(folder, folder / "m.mlir")
    failures += repeated_constants(folder, folder / "m.mlir")
    failures += far_scales(folder, folder / "m.mlir")
    print(f"{given} given away, {failures} failures; {seen[0]} finite, {seen[1]} Inf, {seen[2]} NaN")
    return int(failures != 0 or min(seen) < 200 or given < 30)


def published_orders(folder, model) -> int:
    """Units whose scales are where published sources have them, in tiles that are not full."""
    failures = 0
    orders = sorted(path.stem for path in (ROOT / "examples/accelerators/published").glob("*.mlir"))
    assert len(orders) == 7
    for number, order in enumerate(orders):
        accelerator = Accelerator.published(order, folder)
        for format_ in ("mxfp8", "mxint8"):
            case = Case(np.random.default_rng(number), "matmul", FORMATS[format_], (150, 140, 700), dynamic=False)
            model.write_text(case.text())
            y, _, remarks = accelerator.run(model, case.arrays)
            error = case.expected.errors(decode(y, case.result))
            if error or GIVEN not in remarks:
                failures += 1
                print(f"{format_} with scales of {order}: {remarks} {error}")
    return failures


def quantized_there(folder, model) -> int:
    """An accelerator that quantizes what it copies gives the bits of one to which the host
    gives what it has quantized."""
    there, here = Accelerator.example("npu", folder), Accelerator.without_abilities("npu", folder)
    failures, rng = 0, np.random.default_rng(12)
    for format_ in FORMATS_OF["npu"]:
        if not format_.startswith("mx") or "weights" in format_:
            continue
        for batch, rows, depth in ((1, 1, 20), (3, 37, 200), (2, 0, 40), (1, 64, 4096)):
            exponents = rng.integers(-140, 60, (batch, rows, -(-depth // 32))).repeat(32, 2)[:, :, :depth]
            x = (rng.standard_normal((batch, rows, depth)) * 2.0**exponents).astype("f4")
            if rows > 30:
                x[0, :7, 3], x[0, 7:9] = [np.nan, np.inf, -np.inf, 0, -0.0, 1e-45, 3e38], [[0], [-0.0]]
            w = rng.standard_normal((batch, depth, 24)).astype("f4")
            model.write_text(f"""func.func @main(%x: tensor<{batch}x?x{depth}xf32>, %w: tensor<{batch}x{depth}x24xf32>) -> tensor<{batch}x?x24xf32> {{
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f32
  %m = tensor.dim %x, %c1 : tensor<{batch}x?x{depth}xf32>
  %e = tensor.empty(%m) : tensor<{batch}x?x24xf32>
  %z = linalg.fill ins(%zero : f32) outs(%e : tensor<{batch}x?x24xf32>) -> tensor<{batch}x?x24xf32>
  %y = linalg.batch_matmul ins(%x, %w : tensor<{batch}x?x{depth}xf32>, tensor<{batch}x{depth}x24xf32>) outs(%z : tensor<{batch}x?x24xf32>) -> tensor<{batch}x?x24xf32>
  return %y : tensor<{batch}x?x24xf32>
}}
""")
            found, longer, remarks = there.run(model, [x, w], f"--weights={format_}")
            expected, cycles, _ = here.run(model, [x, w], f"--weights={format_}")
            # Four times as many bytes are copied, where there are many.
            same = found.tobytes() == expected.tobytes() and (longer > cycles or rows < 30)
            if GIVEN not in remarks or not same:
                failures += 1
                print(f"{format_} of {x.shape}: other bits, or no more cycles ({longer}, {cycles}), if quantized there; {remarks}")
    return failures


def rows_that_vary(folder, model) -> int:
    """Any number of rows by one program, whose weights are constants in the accelerator's
    order, in tiles that are not full; the contractions of one operand share its tiles."""
    accelerator, failures = Accelerator.example("npu", folder), 0
    rng = np.random.default_rng(3)
    weights = [(rng.standard_normal((90, 44)) * 2.0 ** rng.integers(-4, 4, (90, 44))).astype("f4") for _ in "ab"]
    layers = "".join(
        f'''
  %w{i} = arith.constant dense<"0x{w.tobytes().hex()}"> : tensor<90x44xf32>
  %y{i} = linalg.matmul ins(%x, %w{i} : tensor<?x90xf32>, tensor<90x44xf32>) outs(%z : tensor<?x44xf32>) -> tensor<?x44xf32>'''
        for i, w in enumerate(weights)
    )
    model.write_text(f"""func.func @main(%x: tensor<?x90xf32>) -> tensor<?x44xf32> {{
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f32
  %m = tensor.dim %x, %c0 : tensor<?x90xf32>
  %e = tensor.empty(%m) : tensor<?x44xf32>
  %z = linalg.fill ins(%zero : f32) outs(%e : tensor<?x44xf32>) -> tensor<?x44xf32>{layers}
  %y = arith.subf %y0, %y1 : tensor<?x44xf32>
  return %y : tensor<?x44xf32>
}}
""")
    for rows in (0, 1, 16, 50):
        x = rng.standard_normal((rows, 90)).astype("f4")
        np.save(folder / "x.npy", x)
        for format_ in ("mxfp8", "mxfp4", "mxint8"):
            # What is compared with runs on the host alone.
            y, _, remarks = accelerator.run(model, [x], f"--weights={format_}", "--compare=f32")
            (host,) = reference(model, [x], f"--weights={format_}")
            if remarks.count(GIVEN) != 2 or not np.allclose(y, host, rtol=1e-5, atol=1e-5):
                failures += 1
                print(f"{rows} rows of {format_}: {remarks}, off by {np.abs(y - host).max()}")
    # Constants are uploaded by the first of two runs, whose cycles are those of both by two.
    (_, once, _), (_, twice, _) = (accelerator.run(model, [x], "--weights=mxfp8", f"--time={n}") for n in (0, 1))
    uploads = 2 * (96 * 48 + 3 * 48) / 16  # Of whole tiles.
    if not uploads / 2 <= once - twice <= uploads + 400:
        failures += 1
        print(f"{once} cycles of one run, {twice} of two: expected uploads of {uploads}")
    return failures


def operands_in_common(folder, model) -> int:
    """One constant as both operands, and one operand with its scales read in two ways."""
    accelerator = Accelerator.example("npu", folder)
    rng = np.random.default_rng(8)
    codes = rng.integers(0, 0x70, (64, 64), dtype=np.uint8)
    scales = rng.integers(120, 134, (2, 2), dtype=np.uint8)
    model.write_text(f"""
#mk = affine_map<(m, n, k) -> (m, k)>
#nk = affine_map<(m, n, k) -> (n, k)>
#mn = affine_map<(m, n, k) -> (m, n)>
#ms = affine_map<(m, n, k) -> (m, k floordiv 32)>
#sm = affine_map<(m, n, k) -> (k floordiv 32, m)>
#ns = affine_map<(m, n, k) -> (n, k floordiv 32)>
func.func @main(%x: tensor<2x64xf8E4M3FN>, %xs: tensor<2x2xf8E8M0FNU>, %c: tensor<64x64xf32>, %d: tensor<2x64xf32>) -> tensor<66x64xf32> {{
  %w = arith.constant dense<"0x{codes.tobytes().hex()}"> : tensor<64x64xf8E4M3FN>
  %ws = arith.constant dense<"0x{np.resize(np.arange(118, 139, dtype=np.uint8), (64, 2)).tobytes().hex()}"> : tensor<64x2xf8E8M0FNU>
  %g = mx.contract indexing_maps = [#mk, #ms, #nk, #ns, #mn] lhs(%w scaled %ws : tensor<64x64xf8E4M3FN>, tensor<64x2xf8E8M0FNU>) rhs(%w scaled %ws : tensor<64x64xf8E4M3FN>, tensor<64x2xf8E8M0FNU>) outs(%c : tensor<64x64xf32>) -> tensor<64x64xf32>
  %y = mx.contract indexing_maps = [#mk, #ms, #nk, #ns, #mn] lhs(%x scaled %xs : tensor<2x64xf8E4M3FN>, tensor<2x2xf8E8M0FNU>) rhs(%w scaled %ws : tensor<64x64xf8E4M3FN>, tensor<64x2xf8E8M0FNU>) outs(%d : tensor<2x64xf32>) -> tensor<2x64xf32>
  %z = mx.contract indexing_maps = [#mk, #sm, #nk, #ns, #mn] lhs(%x scaled %xs : tensor<2x64xf8E4M3FN>, tensor<2x2xf8E8M0FNU>) rhs(%w scaled %ws : tensor<64x64xf8E4M3FN>, tensor<64x2xf8E8M0FNU>) outs(%y : tensor<2x64xf32>) -> tensor<2x64xf32>
  %r = tensor.concat dim(0) %g, %z : (tensor<64x64xf32>, tensor<2x64xf32>) -> tensor<66x64xf32>
  return %r : tensor<66x64xf32>
}}
""")
    arrays = [codes[:2], scales, np.zeros((64, 64), "f4"), np.zeros((2, 64), "f4")]
    y, _, remarks = accelerator.run(model, arrays)
    (expected,) = reference(model, arrays)
    if remarks.count(GIVEN) == 3 and np.allclose(y, expected, rtol=1e-5):
        return 0
    print(f"operands in common: {remarks}, off by {np.abs(y - expected).max()}")
    return 1


def repeated_constants(folder, model) -> int:
    """Constant scales of blocks of 128 rows and 128 columns, in tiles that are not full."""
    accelerator, rng = Accelerator.example("npu", folder), np.random.default_rng(9)
    codes, scales = rng.integers(0, 0x78, (150, 300), dtype=np.uint8), np.arange(120, 126, dtype=np.uint8)
    model.write_text(f"""
#mk = affine_map<(m, n, k) -> (m, k)>
#nk = affine_map<(m, n, k) -> (n, k)>
#mn = affine_map<(m, n, k) -> (m, n)>
#ms = affine_map<(m, n, k) -> (m, k floordiv 128)>
#ns = affine_map<(m, n, k) -> (n floordiv 128, k floordiv 128)>
func.func @main(%x: tensor<5x300xf8E4M3FN>, %xs: tensor<5x3xf8E8M0FNU>, %c: tensor<5x150xf32>) -> tensor<5x150xf32> {{
  %w = arith.constant dense<"0x{codes.tobytes().hex()}"> : tensor<150x300xf8E4M3FN>
  %ws = arith.constant dense<"0x{scales.tobytes().hex()}"> : tensor<2x3xf8E8M0FNU>
  %y = mx.contract indexing_maps = [#mk, #ms, #nk, #ns, #mn] lhs(%x scaled %xs : tensor<5x300xf8E4M3FN>, tensor<5x3xf8E8M0FNU>) rhs(%w scaled %ws : tensor<150x300xf8E4M3FN>, tensor<2x3xf8E8M0FNU>) outs(%c : tensor<5x150xf32>) -> tensor<5x150xf32>
  return %y : tensor<5x150xf32>
}}
""")
    arrays = [codes[7:12], rng.integers(118, 132, (5, 3), dtype=np.uint8), np.zeros((5, 150), "f4")]
    y, _, remarks = accelerator.run(model, arrays)
    (expected,) = reference(model, arrays)
    if GIVEN in remarks and np.allclose(y, expected, rtol=1e-5):
        return 0
    print(f"scales of 128x128: {remarks}, off by {np.abs(y - expected).max()}")
    return 1


def far_scales(folder, model) -> int:
    """Scales of tensors whose product is no f32, a row of zeros among them."""
    accelerator, failures = Accelerator.example("outer", folder), 0
    rng = np.random.default_rng(6)
    model.write_text("""func.func @main(%x: tensor<3x64xf32>, %w: tensor<64x8xf32>) -> tensor<3x8xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<3x8xf32>
  %z = linalg.fill ins(%zero : f32) outs(%e : tensor<3x8xf32>) -> tensor<3x8xf32>
  %y = linalg.matmul ins(%x, %w : tensor<3x64xf32>, tensor<64x8xf32>) outs(%z : tensor<3x8xf32>) -> tensor<3x8xf32>
  return %y : tensor<3x8xf32>
}
""")
    for size in ((1e22, 1e15), (1e-20, 1e-18)):
        x, w = ((rng.standard_normal(s) * f).astype("f4") for s, f in zip(((3, 64), (64, 8)), size))
        x[1] = 0
        y, _, remarks = accelerator.run(model, [x, w], "--weights=nvfp4")
        (expected,) = reference(model, [x, w], "--weights=nvfp4")
        if GIVEN not in remarks or not np.allclose(y, expected, rtol=1e-4, atol=1e-44):
            failures += 1
            print(f"scales of {size}: {remarks} {y} for {expected}")
    return failures


def reference(model, arrays, *options):
    from examples.common.mx_run import mx_run

    return mx_run("mx-run", model, arrays, 1, "--target=reference", *options).outputs


if __name__ == "__main__":
    sys.exit(main())
