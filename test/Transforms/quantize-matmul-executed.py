# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# RUN: python3 %s %t
"""Every form of contraction computes the same after mx-quantize-matmul.

The operands are integers of at most 3 times powers of two that differ between
blocks, exact in every format with f8E8M0FNU scales, so the results are exact
integers too. They are compared with sums of Python integers over the form's
index maps, and must be equal. Needs nothing but Python's own library.
"""

import itertools
import pathlib
import random
import struct
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent / "Inputs"))
from contraction_ops import ops

# Name, op, index maps over the dimensions, their extents, which dimensions are
# dynamic, and after how many indices of a contracted dimension powers change.
FORMS = [
    ("matmul", "matmul", "m k, k n, m n", "m5 n7 k40", "m", "k32"),
    ("batch_matmul", "batch_matmul", "b m k, b k n, b m n", "b2 m3 n5 k72", "b k", "k32"),
    ("batch_reduce", "batch_reduce_matmul", "b m k, b k n, m n", "b2 m3 n5 k40", "", "b1 k32"),
    ("matvec", "matvec", "m k, k, m", "m5 k40", "", "k32"),
    ("vecmat", "vecmat", "k, k n, n", "n5 k40", "k", "k32"),
    ("dot", "dot", "k, k,", "k40", "", "k32"),
    ("mmt4d", "mmt4d", "m k M K, n k N K, m n M N", "m2 n3 k5 M2 N4 K8", "", "k4"),
    ("batch_mmt4d", "batch_mmt4d", "b m k M K, b n k N K, b m n M N", "b2 m2 n3 k5 M2 N4 K8", "", "k4"),
    ("transposed", "contract", "k m, n k, n m", "m5 n7 k40", "n", "k32"),
    ("several_free", "contract", "a b k, k c d, a b c d", "a2 b3 c2 d3 k40", "", "k32"),
    ("adjacent", "contract", "m j k, j k n, m n", "m3 n4 j5 k9", "m", ""),
    ("apart", "contract", "m j k, k n j, m n", "m3 n4 j5 k33", "", "j1 k32"),
    ("batch_4d", "contract", "b m h k, b n h k, b h m n", "b2 h3 m3 n2 k33", "b m n", "k32"),
    ("nchw_fchw", "conv_2d_nchw_fchw", "b c y+2*i x+2*j, f c i j, b f y x", "b2 f3 y3 x2 c40 i2 j3", "b", "c32"),
    ("nhwc_hwcf", "conv_2d_nhwc_hwcf", "b y+2*i x+2*j c, i j c f, b y x f", "b2 y3 x2 f3 i2 j3 c40", "b", "c32"),
    ("nhwc_fhwc", "conv_2d_nhwc_fhwc", "b y+2*i x+2*j c, f i j c, b y x f", "b2 y3 x2 f3 i2 j3 c40", "", "c32"),
    ("ncw_fcw", "conv_1d_ncw_fcw", "b c x+2*i, f c i, b f x", "b2 f3 x3 c40 i3", "", "c32"),
    ("nwc_wcf", "conv_1d_nwc_wcf", "b x+2*i c, i c f, b x f", "b2 x3 f3 i3 c40", "b", "c32"),
    ("grouped", "conv_2d_ngchw_fgchw", "b g c y+2*i x+2*j, f g c i j, b g f y x", "b2 g2 f3 y2 x3 c33 i2 j2", "", "c32"),
    ("fused", "fma", "m k, k n, m n", "m5 n7 k40", "m", "k32"),
    ("unit_init", "generic", "m k, k n, m 0 n", "m5 n7 k40", "m", "k32"),
    ("tensor_product", "reduce", "m k, m k, m", "m5 k40", "m", "k32"),
    ("broadcast_row", "split", "m k, 0 k, m 0", "m5 k40", "", "k32"),
    ("one_query", "split", "b m k, b 0 k, b m", "b3 m5 k40", "", "k32"),
    ("extended_sum", "split_f16", "m k, k, m", "m5 k40", "", "k32"),
    ("collapsed", "collapse", "b m k, k n, b m n", "b6 m3 n5 k40", "", "k32"),
    ("cast", "cast", "b m k, k n, b m n", "b6 m3 n5 k40", "b", "k32"),
    ("reshaped", "reshape", "m k, k n, m n", "m5 n7 k40", "", "k32"),
    ("tile_is_block", "mmt4d", "m k M K, n k N K, m n M N", "m2 n9 k3 M2 N16 K128", "", "k1"),
    ("rows_inside_tile", "mmt4d", "m k M K, n k N K, m n M N", "m2 n2 k3 M1 N256 K32", "", ""),
    ("batch_inside_rows", "contract", "m b k, n b k, b m n", "b3 m2 n130 k130", "", "k128"),
]
# Where blocks are to span rows of the weight.
ROWS = ("tile_is_block", "rows_inside_tile", "batch_inside_rows")
FORMATS = ("mxfp8", "mxfp8_e5m2", "mxfp6_e2m3", "mxfp6_e3m2", "mxfp4", "mxint8", "deepseek_fp8")


def parse(maps, extents):
    """Per operand, one list of (dimension, factor) per index; the extents."""
    sizes = {text[0]: int(text[1:]) for text in extents.split()}
    operands = []
    for operand in maps.split(","):
        indices = []
        for index in operand.split():
            terms = [term.split("*") for term in index.split("+") if term != "0"]
            indices.append([(t[-1], int(t[0]) if len(t) == 2 else 1) for t in terms])
        operands.append(indices)
    return operands, sizes


def shape_of(indices, sizes):
    return [sum(factor * (sizes[d] - 1) for d, factor in i) + 1 for i in indices]


def offset(indices, shape, at):
    place = 0
    for index, extent in zip(indices, shape):
        place = place * extent + sum(factor * at[d] for d, factor in index)
    return place


def expect(operands, sizes, shapes, values):
    """The sums, on Python integers."""
    result = list(values[2])
    for point in itertools.product(*(range(extent) for extent in sizes.values())):
        at = dict(zip(sizes, point))
        a, b, c = (offset(o, s, at) for o, s in zip(operands, shapes))
        result[c] += values[0][a] * values[1][b]
    return result


def integers(indices, shape, free, steps, rng):
    """Random integers, with one power of two for each block."""
    values = []
    for at in itertools.product(*(range(extent) for extent in shape)):
        plain = [(index[0][0], i) for index, i in zip(indices, at) if len(index) == 1]
        power = sum(i for d, i in plain if d in free) % 3
        power += sum(i // steps[d] for d, i in plain if d in steps) % 2
        values.append(rng.randint(-3, 3) << power)
    return values


def npy(path, shape, values, code):
    header = f"{{'descr': '<{code}', 'fortran_order': False, 'shape': {tuple(shape)}, }}"
    header = header.ljust(117) + "\n"
    data = struct.pack(f"<{len(values)}{'e' if code == 'f2' else 'f'}", *values)
    path.write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + data)


def read(path):
    data = path.read_bytes()
    (length,) = struct.unpack("<H", data[8:10])
    body = data[10 + length :]
    return list(struct.unpack(f"<{len(body) // 4}f", body))


def module(op, operands, sizes, shapes, dynamic, weight):
    """The op on an argument, a constant or argument, and an init."""
    element = "f16" if op.endswith("f16") else "f32"

    def kind(indices, shape, element):
        moving = [len(i) == 1 and i[0][0] in dynamic for i in indices]
        dims = [("?" if m else str(e)) + "x" for m, e in zip(moving, shape)]
        return f"tensor<{''.join(dims)}{element}>"

    kinds = [kind(i, s, e) for i, s, e in zip(operands, shapes, (element, element, "f32"))]
    # A product of whole tensors has factors of one type.
    if weight is not None and op != "reduce":
        kinds[1] = f"tensor<{''.join(f'{e}x' for e in shapes[1])}{element}>"
    second = f", %w: {kinds[1]}" if weight is None else ""
    constant = ""
    if weight is not None:
        data = struct.pack(f"<{len(weight)}{'e' if element == 'f16' else 'f'}", *weight).hex()
        static = f"tensor<{''.join(f'{e}x' for e in shapes[1])}{element}>"
        constant = f'  %w = arith.constant dense<"0x{data}"> : {static}\n'
        if static != kinds[1]:
            constant = constant.replace("%w", "%d") + f"  %w = tensor.cast %d : {static} to {kinds[1]}\n"
    return (
        f"func.func @main(%x: {kinds[0]}{second}, %z: {kinds[2]}) -> {kinds[2]} {{\n{constant}"
        f"{ops(op, operands, sizes, kinds)}  return %0 : {kinds[2]}\n}}\n"
    )


def check(folder, form, fmt, constant, target, rng):
    """An error message, or nothing."""
    name, op, maps, extents, dynamic, changes = form
    operands, sizes = parse(maps, extents)
    shapes = [shape_of(o, sizes) for o in operands]
    free = {d for index in operands[2] for d, _ in index}
    steps = {text[0]: int(text[1:]) for text in changes.split()}
    values = [integers(o, s, free, steps, rng) for o, s in zip(operands, shapes)]
    model = folder / f"{name}.mlir"
    text = module(op, operands, sizes, shapes, dynamic.split(), values[1] if constant else None)
    model.write_text(text)
    inputs = [0, 2] if constant else [0, 1, 2]
    command = ["mx-run", str(model), f"--weights={fmt}", f"--target={target}"]
    for i in inputs:
        npy(folder / f"{i}.npy", shapes[i], values[i], "f2" if i < 2 and op.endswith("f16") else "f4")
        command.append(f"--input={folder / f'{i}.npy'}")
    command.append(f"--output={folder / 'out.npy'}")
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode:
        return run.stderr
    if read(folder / "out.npy") != expect(operands, sizes, shapes, values):
        return "wrong result"
    option = f"weights={fmt} which={'weights' if constant else 'all'}"
    rewritten = subprocess.run(
        ["mx-opt", str(model), f"--mx-quantize-matmul={option}"], capture_output=True, text=True
    )
    if "mx.contract" not in rewritten.stdout:
        return rewritten.stderr
    return "the broadcast is left" if "linalg.broadcast" in rewritten.stdout else None


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    rng = random.Random(3)
    failures = 0
    for number, form in enumerate(FORMS):
        # Constant weights with one format, computed ones with another.
        for constant, target in ((True, "cpu"), (False, "reference")):
            fmt = FORMATS[(number + 3 * constant) % len(FORMATS)]
            if form[0] in ROWS:
                fmt = "deepseek_fp8"
            message = check(folder, form, fmt, constant, target, rng)
            if message:
                failures += 1
                print(f"{form[0]}, {fmt}, {target}: {message}")
    print(f"{2 * len(FORMS)} cases, {failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
