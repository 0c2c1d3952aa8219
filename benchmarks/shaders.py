# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Measures contractions on a Vulkan device by turns with f32 shaders: benchmarks/matmul.comp
in tiles of 16 and 32, with 1 to 16 elements of the result in an invocation.

The fastest run of each counts; a ratio is the time of the fastest shader by ours.
"""

import argparse
import json
import subprocess
import tempfile
from pathlib import Path

import numpy as np
from tqdm import tqdm

from examples.common.machine import describe_machine
from examples.common.mx_run import find_tools, mx_run
from examples.common.output import print_table, write

SHADER = Path(__file__).with_name("matmul.comp")
# Tile; rows and columns of an invocation.
SWEEP = [
    (tile, rows, columns)
    for tile in (16, 32)
    for rows, columns in ((1, 1), (2, 1), (2, 2), (4, 1), (4, 2), (8, 1), (4, 4), (8, 2), (16, 1))
]
# Elements, and how many codes count from 0.
FORMATS = {"mxfp8": ("f8E4M3FN", 120), "mxfp6": ("f6E2M3FN", 64), "mxfp4": ("f4E2M1FN", 16)}


class Shader:
    """f32, `extent` cubed, by one shader of the sweep."""

    def __init__(self, build: Path, folder: Path, extent: int, tile: int, rows: int, columns: int):
        self.name = f"f32 shader, tile {tile}, {rows} x {columns}"
        binary = folder / f"{tile}-{rows}-{columns}.spv"
        defines = [f"-DTILE={tile}", f"-DROWS={rows}", f"-DCOLUMNS={columns}"]
        command = ["glslangValidator", "-V", "--target-env", "vulkan1.2", *defines, SHADER, "-o", binary]
        subprocess.run(command, check=True, capture_output=True)
        numbers = (tile, tile * tile // (rows * columns), extent, 2)
        self.command = [build / "bin" / "mx-bench-shader", binary, *map(str, numbers)]

    def measure(self) -> float:
        words = subprocess.run(self.command, check=True, capture_output=True, text=True).stdout.split()
        assert float(words[-1]) < 1e-3, f"{self.name} is {words[-1]} off"
        return min(map(float, words[:-1]))


class Kernel:
    """A contraction of `format_`, by mx."""

    def __init__(self, build: Path, folder: Path, extent: int, format_: str):
        element, codes = FORMATS[format_]
        self.name, self.tool, self.model = format_, find_tools(build)[1], folder / f"{format_}.mlir"
        blocks = extent // 32
        operand, scale = f"tensor<{extent}x{extent}x{element}>", f"tensor<{extent}x{blocks}xf8E8M0FNU>"
        result = f"tensor<{extent}x{extent}xf32>"
        maps = ["(m, k)", "(m, k floordiv 32)", "(n, k)", "(n, k floordiv 32)", "(m, n)"]
        self.model.write_text(
            f"func.func @main(%a: {operand}, %s: {scale}, %b: {operand}, %t: {scale}) -> {result} {{\n"
            "  %zero = arith.constant 0.0 : f32\n"
            f"  %empty = tensor.empty() : {result}\n"
            f"  %init = linalg.fill ins(%zero : f32) outs(%empty : {result}) -> {result}\n"
            f"  %r = mx.contract indexing_maps = [{', '.join(f'affine_map<(m, n, k) -> {m}>' for m in maps)}]\n"
            f"    lhs(%a scaled %s : {operand}, {scale}) rhs(%b scaled %t : {operand}, {scale})\n"
            f"    outs(%init : {result}) -> {result}\n"
            f"  return %r : {result}\n}}\n"
        )
        rng = np.random.default_rng(1)
        self.inputs = [
            rng.integers(0, high, shape).astype(np.uint8) + np.uint8(low)
            for _ in "ab"
            for high, shape, low in ((codes, (extent, extent), 0), (16, (extent, blocks), 120))
        ]

    def measure(self) -> float:
        return mx_run(self.tool, self.model, self.inputs, 0, "--target=vulkan", "--time=2").report["time_ms"]["min"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=Path, default=Path("build"), help="build folder")
    parser.add_argument("--rounds", type=int, default=3, help="rounds (default: 3)")
    parser.add_argument("--extent", type=int, default=1024, help="rows, columns and sums (default: 1024)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        places = (arguments.build, Path(name), arguments.extent)
        contestants = [Shader(*places, *shape) for shape in SWEEP] + [Kernel(*places, f) for f in FORMATS]
        best: dict[str, float] = {}
        for contestant in tqdm(contestants * arguments.rounds):
            best[contestant.name] = min(best.get(contestant.name, np.inf), contestant.measure())
    fastest = min(time for name, time in best.items() if name not in FORMATS)
    print(describe_machine())
    rows = [[name, f"{time:.0f}", f"{fastest / time:.2f}"] for name, time in best.items()]
    print_table([f"{arguments.extent} cubed", "ms", "fastest shader / this"], rows)
    folder = arguments.build / "benchmarks"
    folder.mkdir(exist_ok=True)
    write(folder / "shaders.json", json.dumps({"machine": describe_machine(), "milliseconds": best}, indent=2))


if __name__ == "__main__":
    main()
