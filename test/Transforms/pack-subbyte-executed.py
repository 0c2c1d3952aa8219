# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# RUN: python3 %s %t
"""Programs on f4 and f6 tensors give the codes that Python computes.

Packing, unpacking, odd slices of unpacked rows, dynamic extents and a
passing-through of codes, on both targets. Needs nothing but Python's own
library.
"""

import itertools
import pathlib
import random
import struct
import subprocess
import sys

WIDTHS = {"f4E2M1FN": 4, "f6E2M3FN": 6, "f6E3M2FN": 6}


def write_npy(path, rows):
    header = f"{{'descr': '|u1', 'fortran_order': False, 'shape': ({len(rows)}, {len(rows[0])}), }}"
    header += " " * (-(len(header) + 11) % 64) + "\n"
    data = bytes(itertools.chain.from_iterable(rows))
    prefix = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header))
    path.write_bytes(prefix + header.encode() + data)


def read_npy(path):
    data = path.read_bytes()
    (length,) = struct.unpack("<H", data[8:10])
    return list(data[10 + length :])


def pack(row, width, container):
    """Codes to bytes: the row as one number, four or two codes to a group."""
    if container == "byte":
        return list(row)
    codes, size = (2, 1) if width == 4 else (4, 3)
    packed = []
    for start in range(0, len(row), codes):
        word = sum(c << (width * i) for i, c in enumerate(row[start : start + codes]))
        packed += word.to_bytes(size, "little")
    return packed


def flatten(rows):
    return list(itertools.chain.from_iterable(rows))


def pack_program(element, n, packed, container, dynamic):
    m, n, packed = ("?", "?", "?") if dynamic else (3, n, packed)
    return f"""
func.func @main(%x: tensor<{m}x{n}x{element}>) -> tensor<{m}x{packed}xi8> {{
  %p = mx.pack_elements container = {container} %x
      : tensor<{m}x{n}x{element}> -> tensor<{m}x{packed}xi8>
  return %p : tensor<{m}x{packed}xi8>
}}
"""


def unpack_program(element, n, packed, container, dynamic):
    m, r, b = ("?", "?", "?") if dynamic else (3, n, packed)
    extent = "extent %n" if dynamic else ""
    return f"""
func.func @main(%p: tensor<{m}x{b}xi8>) -> tensor<{m}x{r}x{element}> {{
  %n = arith.constant {n} : index
  %x = mx.unpack_elements container = {container} %p {extent}
      : tensor<{m}x{b}xi8> -> tensor<{m}x{r}x{element}>
  return %x : tensor<{m}x{r}x{element}>
}}
"""


def slice_program(element, n, packed, container):
    """Copies the unpacked rows slice by slice, three columns at a time."""
    full, part = f"tensor<3x{n}x{element}>", f"tensor<3x?x{element}>"
    return f"""
func.func @main(%p: tensor<3x{packed}xi8>) -> {full} {{
  %c0 = arith.constant 0 : index
  %c3 = arith.constant 3 : index
  %n = arith.constant {n} : index
  %x = mx.unpack_elements container = {container} %p : tensor<3x{packed}xi8> -> {full}
  %empty = tensor.empty() : {full}
  %r = scf.for %k = %c0 to %n step %c3 iter_args(%acc = %empty) -> ({full}) {{
    %size = affine.min affine_map<(d0) -> (3, {n} - d0)>(%k)
    %s = tensor.extract_slice %x[0, %k] [3, %size] [1, 1] : {full} to {part}
    %next = tensor.insert_slice %s into %acc[0, %k] [3, %size] [1, 1] : {part} into {full}
    scf.yield %next : {full}
  }}
  return %r : {full}
}}
"""


def transpose_program(element, n):
    return f"""
func.func @main(%x: tensor<3x{n}x{element}>) -> tensor<{n}x3x{element}> {{
  %e = tensor.empty() : tensor<{n}x3x{element}>
  %t = linalg.transpose ins(%x : tensor<3x{n}x{element}>)
      outs(%e : tensor<{n}x3x{element}>) permutation = [1, 0]
  return %t : tensor<{n}x3x{element}>
}}
"""


def cast_program(element, n):
    """Ops on whole tensors: to f32, times one, and back."""
    narrow, wide = f"tensor<3x{n}x{element}>", f"tensor<3x{n}xf32>"
    return f"""
func.func @main(%x: {narrow}) -> {narrow} {{
  %one = arith.constant dense<1.0> : {wide}
  %wide = arith.extf %x : {narrow} to {wide}
  %product = arith.mulf %wide, %one : {wide}
  %y = arith.truncf %product : {wide} to {narrow}
  return %y : {narrow}
}}
"""


def cases():
    """Name, program, input rows, expected codes or bytes."""
    rng = random.Random(1)
    for (element, width), n in itertools.product(WIDTHS.items(), (1, 5, 8)):
        rows = [[rng.getrandbits(width) for _ in range(n)] for _ in range(3)]
        for container in ("dense", "byte"):
            packed = [pack(row, width, container) for row in rows]
            size = len(packed[0])
            # Bits that belong to no code are to be ignored.
            dirty = packed
            if container == "byte":
                high = 0xFF << width & 0xFF
                dirty = [[b | rng.getrandbits(8) & high for b in r] for r in packed]
            name = f"{element} {container} {n}"
            for dynamic in (False, True):
                args = (element, n, size, container, dynamic)
                yield f"pack {name}", pack_program(*args), rows, flatten(packed)
                yield f"unpack {name}", unpack_program(*args), dirty, flatten(rows)
            text = slice_program(element, n, size, container)
            yield f"slices {name}", text, dirty, flatten(rows)
        text = cast_program(element, n)
        yield f"casts {element} {n}", text, rows, flatten(rows)
        text = transpose_program(element, n)
        yield f"transpose {element} {n}", text, rows, flatten(zip(*rows))


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    model, source, output = (folder / f for f in ("m.mlir", "x.npy", "y.npy"))
    failures = 0
    for index, (name, text, rows, expected) in enumerate(cases()):
        model.write_text(text)
        write_npy(source, rows)
        # The targets take turns.
        target = ("cpu", "reference")[index % 2]
        command = ["mx-run", str(model), f"--target={target}"]
        command += [f"--input={source}", f"--output={output}"]
        subprocess.run(command, check=True)
        if read_npy(output) != expected:
            print(f"{name} on {target}: {read_npy(output)}, expected {expected}")
            failures += 1
    return failures != 0


if __name__ == "__main__":
    sys.exit(main())
