# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Programs of mx.quantize, and the comparison of what they give with the oracle."""

import numpy as np

from quantize_oracle import quantize


def tensor(shape, element, dynamic=False):
    return f"tensor<{''.join('?x' if dynamic else f'{n}x' for n in shape)}{element}>"


def scale_map(rank, blocks, results):
    dims = [f"d{i}" for i in range(rank)]
    exprs = [
        "0" if d < 0 else f"d{d}" if block == 1 else f"d{d} floordiv {block}"
        for block, d in zip(blocks, results)
    ]
    return f"affine_map<({', '.join(dims)}) -> ({', '.join(exprs)})>"


def program(shape, dtype, quantizers, dynamic=False, constant=None):
    """Quantizes the argument, or a constant, in several ways. The extents of
    destinations are hidden by casts where shapes are dynamic."""
    kind, lines, values, types = tensor(shape, dtype, dynamic), [], [], []
    for i, (element, rule, special, blocks, results) in enumerate(quantizers):
        extents = [1 if d < 0 else -(-shape[d] // b) for b, d in zip(blocks, results)]
        outs = []
        for name, size, type_ in (("e", shape, element), ("f", extents, "f8E8M0FNU")):
            fixed, open_ = tensor(size, type_), tensor(size, type_, dynamic)
            lines.append(f"  %{name}{i}s = tensor.empty() : {fixed}")
            lines.append(f"  %{name}{i} = tensor.cast %{name}{i}s : {fixed} to {open_}")
            outs.append(open_)
        bits = "fraction_bits = 6" if element == "i8" else ""
        lines.append(
            f"  %q{i}, %s{i} = mx.quantize scale_map = {scale_map(len(shape), blocks, results)}"
            f" rule = {rule} special = {special} {bits} ins(%x : {kind})"
            f" outs(%e{i}, %f{i} : {', '.join(outs)}) -> {', '.join(outs)}"
        )
        values += [f"%q{i}", f"%s{i}"]
        types += outs
    argument = "" if constant is not None else f"%x: {kind}"
    if constant is not None:
        lines.insert(0, f'  %x = arith.constant dense<"0x{constant.tobytes().hex()}"> : {kind}')
    body = "\n".join(lines)
    signature = ", ".join(types)
    return f"func.func @main({argument}) -> ({signature}) {{\n{body}\n  return {', '.join(values)} : {signature}\n}}\n"


def compare(name, x, quantizers, found) -> int:
    failures = 0
    for i, quantizer in enumerate(quantizers):
        for what, y, expected in zip(("elements", "scales"), found[2 * i :], quantize(x, *quantizer)):
            wrong = np.argwhere(y.reshape(expected.shape) != expected)
            if len(wrong):
                at = tuple(wrong[0])
                print(f"{name} {quantizer}: {len(wrong)} {what} differ, at {at}: "
                      f"expected {expected[at]:#x}, found {y.reshape(expected.shape)[at]:#x}")
                failures += 1
    return failures
