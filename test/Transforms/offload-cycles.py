# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python
# RUN: %python %s %t
"""The cycles that the simulated NPU takes: at most 1.3 times those of its products, or of
its copies."""

import pathlib
import sys

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "IR/Inputs"))
sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "Inputs"))
from accelerators import Accelerator
from contract_case import Case
from contract_formats import FORMATS


def layer(m: int, w: np.ndarray) -> str:
    k, n = w.shape
    return f"""func.func @main(%x: tensor<{m}x{k}xf32>) -> tensor<{m}x{n}xf32> {{
  %w = arith.constant dense<"0x{w.tobytes().hex()}"> : tensor<{k}x{n}xf32>
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<{m}x{n}xf32>
  %z = linalg.fill ins(%zero : f32) outs(%e : tensor<{m}x{n}xf32>) -> tensor<{m}x{n}xf32>
  %y = linalg.matmul ins(%x, %w : tensor<{m}x{k}xf32>, tensor<{k}x{n}xf32>) outs(%z : tensor<{m}x{n}xf32>) -> tensor<{m}x{n}xf32>
  return %y : tensor<{m}x{n}xf32>
}}
"""


def main():
    folder = pathlib.Path(sys.argv[1])
    accelerator, model, failures = Accelerator.example("npu", folder), folder / "m.mlir", 0
    for quantized, m, n, k in ((True, 512, 512, 512), (True, 8, 4096, 4096), (False, 512, 512, 512), (False, 8, 1024, 1024)):
        rng = np.random.default_rng(m)
        if quantized:
            case = Case(rng, "matmul", FORMATS["mxfp8"], (m, n, k), dynamic=False)
            text, arrays, options = case.text(), case.arrays, []
        else:
            w, x = (rng.standard_normal(shape).astype("f4") for shape in ((k, n), (m, k)))
            text, arrays, options = layer(m, w), [x], ["--weights=mxfp8"]
        model.write_text(text)
        _, found, _ = accelerator.run(model, arrays, *options)
        tiles = [-(-extent // 16) for extent in (m, n)]
        products = tiles[0] * tiles[1] * (k // 32) * 16
        copies = ((m + n) * (k + k // 32) + 4 * m * n) / 16
        if not quantized:
            copies += n * (k + k // 32) / 16  # Weights go to the storage first.
        ratio = found / max(products, copies)
        kind = "MXFP8" if quantized else "f32 by constants"
        print(f"{m}x{n}x{k} of {kind}: {found} cycles, {ratio:.3f} times {max(products, copies):.0f}")
        failures += ratio > 1.3
    return int(failures != 0)


if __name__ == "__main__":
    sys.exit(main())
