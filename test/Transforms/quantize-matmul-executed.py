# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# RUN: python3 %s %t
"""Every form of contraction computes the same after mx-quantize-matmul.

The operands are integers of at most 3, exact in every format with f8E8M0FNU
scales, so the results are exact integers too. They are compared with sums of
Python integers over the form's index maps, and must be equal. Needs nothing but
Python's own library.
"""

import itertools
import pathlib
import random
import re
import struct
import subprocess
import sys

# Name, op (an einsum for linalg.contract), index maps over the dimensions, their
# extents, and which dimensions are dynamic.
FORMS = [
    ("matmul", "matmul", "m k, k n, m n", "m5 n7 k40", "m"),
    ("batch_matmul", "batch_matmul", "b m k, b k n, b m n", "b2 m3 n5 k72", "b k"),
    ("batch_reduce", "batch_reduce_matmul", "b m k, b k n, m n", "b2 m3 n5 k40", ""),
    ("matvec", "matvec", "m k, k, m", "m5 k40", ""),
    ("vecmat", "vecmat", "k, k n, n", "n5 k40", "k"),
    ("dot", "dot", "k, k,", "k40", ""),
    ("mmt4d", "mmt4d", "m k M K, n k N K, m n M N", "m2 n3 k5 M2 N4 K8", ""),
    ("batch_mmt4d", "batch_mmt4d", "b m k M K, b n k N K, b m n M N", "b2 m2 n3 k5 M2 N4 K8", ""),
    ("transposed", "contract", "k m, n k, n m", "m5 n7 k40", "n"),
    ("several_free", "contract", "a b k, k c d, a b c d", "a2 b3 c2 d3 k40", ""),
    ("adjacent", "contract", "m j k, j k n, m n", "m3 n4 j5 k9", "m"),
    ("apart", "contract", "m j k, k n j, m n", "m3 n4 j5 k33", ""),
    ("batch_4d", "contract", "b m h k, b n h k, b h m n", "b2 h3 m3 n2 k33", "b m n"),
    ("nchw_fchw", "conv_2d_nchw_fchw", "b c y+2*i x+2*j, f c i j, b f y x", "b2 f3 y3 x2 c40 i2 j3", "b"),
    ("nhwc_hwcf", "conv_2d_nhwc_hwcf", "b y+2*i x+2*j c, i j c f, b y x f", "b2 y3 x2 f3 i2 j3 c40", "b"),
    ("nhwc_fhwc", "conv_2d_nhwc_fhwc", "b y+2*i x+2*j c, f i j c, b y x f", "b2 y3 x2 f3 i2 j3 c40", ""),
    ("ncw_fcw", "conv_1d_ncw_fcw", "b c x+2*i, f c i, b f x", "b2 f3 x3 c40 i3", ""),
    ("nwc_wcf", "conv_1d_nwc_wcf", "b x+2*i c, i c f, b x f", "b2 x3 f3 i3 c40", "b"),
    ("grouped", "conv_2d_ngchw_fgchw", "b g c y+2*i x+2*j, f g c i j, b g f y x", "b2 g2 f3 y2 x3 c33 i2 j2", ""),
]
FORMATS = ("mxfp8", "mxfp8_e5m2", "mxfp6_e2m3", "mxfp6_e3m2", "mxfp4", "mxint8", "deepseek_fp8")


def parse(maps, extents):
    """Per operand, one list of (dimension, factor) per index; the extents."""
    sizes = {text[0]: int(text[1:]) for text in extents.split()}
    operands = []
    for operand in maps.split(","):
        indices = []
        for index in operand.split():
            terms = [term.split("*") for term in index.split("+")]
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


def npy(path, shape, values):
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {tuple(shape)}, }}"
    header = header.ljust(117) + "\n"
    data = struct.pack(f"<{len(values)}f", *values)
    path.write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + data)


def read(path):
    data = path.read_bytes()
    (length,) = struct.unpack("<H", data[8:10])
    body = data[10 + length :]
    return list(struct.unpack(f"<{len(body) // 4}f", body))


def module(op, operands, sizes, shapes, dynamic, weight):
    """The op on an argument, a constant or argument, and an init."""

    def kind(indices, shape):
        moving = [len(i) == 1 and i[0][0] in dynamic for i in indices]
        dims = [("?" if m else str(e)) + "x" for m, e in zip(moving, shape)]
        return f"tensor<{''.join(dims)}f32>"

    kinds = [kind(i, s) for i, s in zip(operands, shapes)]
    if weight is not None:
        kinds[1] = f"tensor<{''.join(f'{e}x' for e in shapes[1])}f32>"
    attributes = ""
    if op == "contract":
        dims = ", ".join(sizes)
        maps = [f"affine_map<({dims}) -> ({', '.join(i[0][0] for i in o)})>" for o in operands]
        attributes = f" indexing_maps = [{', '.join(maps)}]"
    elif op.startswith("conv"):
        rank = op[5]
        attributes = (
            f" {{dilations = dense<2> : vector<{rank}xi64>, strides = dense<1> : vector<{rank}xi64>}}"
        )
    second = f", %w: {kinds[1]}" if weight is None else ""
    constant = ""
    if weight is not None:
        data = struct.pack(f"<{len(weight)}f", *weight).hex()
        constant = f'  %w = arith.constant dense<"0x{data}"> : {kinds[1]}\n'
    return (
        f"func.func @main(%x: {kinds[0]}{second}, %z: {kinds[2]}) -> {kinds[2]} {{\n{constant}"
        f"  %0 = linalg.{op}{attributes} ins(%x, %w : {kinds[0]}, {kinds[1]}) "
        f"outs(%z : {kinds[2]}) -> {kinds[2]}\n  return %0 : {kinds[2]}\n}}\n"
    )


def check(folder, form, fmt, constant, target, rng):
    """An error message, or nothing."""
    name, op, maps, extents, dynamic = form
    operands, sizes = parse(maps, extents)
    shapes = [shape_of(o, sizes) for o in operands]
    values = []
    for shape in shapes:
        count = 1
        for extent in shape:
            count *= extent
        values.append([rng.randint(-3, 3) for _ in range(count)])
    model = folder / f"{name}.mlir"
    text = module(op, operands, sizes, shapes, dynamic.split(), values[1] if constant else None)
    model.write_text(text)
    inputs = [0, 2] if constant else [0, 1, 2]
    command = ["mx-run", str(model), f"--weights={fmt}", f"--target={target}"]
    for i in inputs:
        npy(folder / f"{i}.npy", shapes[i], values[i])
        command.append(f"--input={folder / f'{i}.npy'}")
    command.append(f"--output={folder / 'out.npy'}")
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode:
        return run.stderr
    if read(folder / "out.npy") != expect(operands, sizes, shapes, values):
        return "wrong result"
    rewritten = subprocess.run(
        ["mx-opt", str(model), f"--mx-quantize-matmul=weights={fmt}"], capture_output=True, text=True
    )
    return None if re.search(r"mx\.contract", rewritten.stdout) else rewritten.stderr


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    rng = random.Random(3)
    failures = 0
    for number, form in enumerate(FORMS):
        # Constant weights with one format, computed ones with another.
        for constant, target in ((True, "cpu"), (False, "reference")):
            fmt = FORMATS[(number + 3 * constant) % len(FORMATS)]
            message = check(folder, form, fmt, constant, target, rng)
            if message:
                failures += 1
                print(f"{form[0]}, {fmt}, {target}: {message}")
    print(f"{2 * len(FORMS)} cases, {failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
