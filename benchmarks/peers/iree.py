# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""IREE with data tiling and microkernels: [m][k] x [n][k] in f32 or bf16."""

import iree.compiler
import iree.runtime
import ml_dtypes
import numpy as np

from .arguments import parse_product
from .timing import print_times

FLAGS = [
    "--iree-opt-data-tiling=true",
    "--iree-llvmcpu-enable-ukernels=all",
    "--iree-llvmcpu-target-cpu=host",
]


def write_matmul(m: int, n: int, k: int, kind: str) -> str:
    return f"""
func.func @main(%a: tensor<{m}x{k}x{kind}>, %b: tensor<{n}x{k}x{kind}>) -> tensor<{m}x{n}xf32> {{
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<{m}x{n}xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<{m}x{n}xf32>) -> tensor<{m}x{n}xf32>
  %c = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>]
      ins(%a, %b : tensor<{m}x{k}x{kind}>, tensor<{n}x{k}x{kind}>) outs(%init : tensor<{m}x{n}xf32>) -> tensor<{m}x{n}xf32>
  return %c : tensor<{m}x{n}xf32>
}}
"""


def compile_program(text: str, *flags: str) -> bytes:
    return iree.compiler.compile_str(text, target_backends=["llvm-cpu"], extra_args=[*FLAGS, *flags])


def time_function(program: bytes, name: str, calls: list[list[np.ndarray]], threads: int, runs: int) -> None:
    """Each run calls the function with each of the lists of arrays, on as many threads;
    with one, the caller's own."""
    driver = "local-sync"
    if threads > 1:
        driver = "local-task"
        iree.runtime.flags.parse_flags(f"--task_topology_group_count={threads}")
    config = iree.runtime.Config(driver)
    context = iree.runtime.SystemContext(config=config)
    context.add_vm_module(iree.runtime.VmModule.copy_buffer(context.instance, program))
    function = getattr(context.modules.module, name)
    arrays = [[iree.runtime.asdevicearray(config.device, array) for array in call] for call in calls]

    def run() -> None:
        for call in arrays:
            function(*call)

    print_times(run, runs)


def main() -> None:
    arguments = parse_product(__doc__, type={"choices": ["f32", "bf16"], "default": "f32"})
    rng = np.random.default_rng(0)
    m, n, k = arguments.sizes
    inputs = [rng.standard_normal((rows, k), np.float32) for rows in (m, n)]
    if arguments.type == "bf16":
        inputs = [array.astype(ml_dtypes.bfloat16) for array in inputs]
    program = compile_program(write_matmul(m, n, k, arguments.type))
    calls = [[inputs[0], inputs[1].copy()] for _ in range(arguments.copies)]
    time_function(program, "main", calls, arguments.threads, arguments.runs)


if __name__ == "__main__":
    main()
