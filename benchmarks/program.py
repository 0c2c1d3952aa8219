# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The programs and inputs that mx-run gets."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass(frozen=True)
class Format:
    """Element and scale type of a recipe and its block, which spans `rows` of weights."""

    element: str
    bits: int
    scale: str = "f8E8M0FNU"
    block: int = 32
    rows: int = 1


FORMATS = {
    "mxfp8": Format("f8E4M3FN", 8),
    "mxfp6_e2m3": Format("f6E2M3FN", 6),
    "mxfp4": Format("f4E2M1FN", 4),
    "mxint8": Format("i8", 8),
    "nvfp4": Format("f4E2M1FN", 4, "f8E4M3FN", 16),
    "deepseek": Format("f8E4M3FN", 8, block=128, rows=128),
}


@dataclass(frozen=True)
class Matmul:
    """`copies` times [m][k] x [n][k]: weights in `weights`, activations in
    `activations` or, if None, in f32. Weights that are `constant` are part of the
    program. Several copies read more memory than the caches hold."""

    m: int
    n: int
    k: int
    weights: str
    activations: str | None
    constant: bool = False
    copies: int = 1

    @property
    def label(self) -> str:
        kind = "constants" if self.constant else "raw"
        return f"{self.weights} x {self.activations or 'f32'}, {kind}"

    @property
    def flop(self) -> float:
        return 2.0 * self.copies * self.m * self.n * self.k

    @property
    def weight_bytes(self) -> float:
        """Codes and scales as they stand in memory, packed where they are constants."""
        format = FORMATS[self.weights]
        bits = format.bits if self.constant else 8
        scales = -(-self.n // format.rows) * -(-self.k // format.block)
        return self.copies * (self.n * self.k * bits / 8 + scales)

    @property
    def operand_bytes(self) -> float:
        """Those of the weights and of the activations, codes or f32."""
        return self.weight_bytes + self.copies * self.m * self.k * (1 if self.activations else 4)


def _type(shape: tuple[int, ...], element: str) -> str:
    return f"{'x'.join(map(str, shape))}x{element}"


def _operand(rng: np.random.Generator, name: str | None, shape: tuple[int, ...], weights: bool):
    """Types and arrays of an operand's elements and scales."""
    if name is None:
        return [(_type(shape, "f32"), rng.standard_normal(shape, np.float32))]
    format = FORMATS[name]
    rows = format.rows if weights else 1
    scales = (*shape[:-2], -(-shape[-2] // rows), -(-shape[-1] // format.block))
    codes = rng.integers(0, 1 << format.bits, shape, np.uint8)
    if format.element == "f8E4M3FN":
        codes[(codes & 0x7F) == 0x7F] = 0  # NaN
    low, high = (120, 134) if format.scale == "f8E8M0FNU" else (0x30, 0x50)
    return [
        (_type(shape, format.element), codes),
        (_type(scales, format.scale), rng.integers(low, high, scales, np.uint8)),
    ]


def write_matmul(case: Matmul, folder: Path) -> tuple[Path, list[Path]]:
    """The program of `case` and its inputs, as files in `folder`."""
    rng = np.random.default_rng(0)
    lhs = _operand(rng, case.activations, (case.copies, case.m, case.k), weights=False)
    rhs = _operand(rng, case.weights, (case.copies, case.n, case.k), weights=True)
    result = f"{case.copies}x{case.m}x{case.n}xf32"
    values = [("a", lhs[0]), ("as", lhs[-1])][: len(lhs)] + [("b", rhs[0]), ("bs", rhs[1])]
    constants = {"b", "bs"} if case.constant else set()
    arguments = [f"%{name}: tensor<{v[0]}>" for name, v in values if name not in constants]
    body, resources = [], []
    for name, (type, array) in values:
        if name in constants:
            body.append(f"  %{name} = arith.constant dense_resource<{name}> : tensor<{type}>")
            # Four bytes of alignment, then the elements.
            resources.append(f'{name}: "0x04000000{array.tobytes().hex()}"')
    maps, operands, attributes = [], [], []
    for side, dim, names in (("lhs", "m", ("a", "as")), ("rhs", "n", ("b", "bs"))):
        format = FORMATS.get(case.weights if side == "rhs" else case.activations or "")
        types = [f"tensor<{v[0]}>" for name, v in values if name in names]
        maps.append(f"affine_map<(c, m, n, k) -> (c, {dim}, k)>")
        if format:
            rows = f"{dim} floordiv {format.rows}" if side == "rhs" and format.rows > 1 else dim
            maps.append(f"affine_map<(c, m, n, k) -> (c, {rows}, k floordiv {format.block})>")
            operands.append(f"{side}(%{names[0]} scaled %{names[1]} : {', '.join(types)})")
        else:
            operands.append(f"{side}(%{names[0]} : {types[0]})")
        if format and format.element == "i8":
            attributes.append(f"{side}_fraction_bits = 6")
    maps.append("affine_map<(c, m, n, k) -> (c, m, n)>")
    text = "\n".join(
        [
            f"func.func @matmul({', '.join(arguments)}) -> tensor<{result}> {{",
            *body,
            "  %zero = arith.constant 0.0 : f32",
            f"  %empty = tensor.empty() : tensor<{result}>",
            f"  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<{result}>)"
            f" -> tensor<{result}>",
            f"  %y = mx.contract indexing_maps = [{', '.join(maps)}]"
            + (f" {{{', '.join(attributes)}}}" if attributes else ""),
            f"    {' '.join(operands)} outs(%init : tensor<{result}>) -> tensor<{result}>",
            f"  return %y : tensor<{result}>",
            "}",
        ]
    )
    if resources:
        text += "\n{-# dialect_resources: { builtin: {\n" + ",\n".join(resources) + "\n} } #-}"
    program = folder / "matmul.mlir"
    program.write_text(text + "\n")
    inputs = []
    for name, (_, array) in values:
        if name not in constants:
            inputs.append(folder / f"{name}.npy")
            np.save(inputs[-1], array)
    return program, inputs


def write_quantize(rows: int, columns: int, folder: Path) -> tuple[Path, list[Path]]:
    """f32 to MXFP8 in blocks of 32."""
    x, q = _type((rows, columns), "f32"), _type((rows, columns), "f8E4M3FN")
    s = _type((rows, columns // 32), "f8E8M0FNU")
    program = folder / "quantize.mlir"
    program.write_text(
        f"func.func @quantize(%x: tensor<{x}>) -> (tensor<{q}>, tensor<{s}>) {{\n"
        f"  %q0 = tensor.empty() : tensor<{q}>\n  %s0 = tensor.empty() : tensor<{s}>\n"
        "  %q, %s = mx.quantize scale_map = affine_map<(m, k) -> (m, k floordiv 32)> rule = floor\n"
        f"    ins(%x : tensor<{x}>) outs(%q0, %s0 : tensor<{q}>, tensor<{s}>)"
        f" -> tensor<{q}>, tensor<{s}>\n"
        f"  return %q, %s : tensor<{q}>, tensor<{s}>\n}}\n"
    )
    array = folder / "x.npy"
    np.save(array, np.random.default_rng(0).standard_normal((rows, columns), np.float32))
    return program, [array]
