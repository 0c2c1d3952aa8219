# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What scripts/bench measures."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from examples.common.machine import get_last_cache, has_feature
from examples.minilm.model import get_model

from .contestants import Contestant, mx_run, peer
from .convolution import Convolution, write_convolution
from .program import FORMATS, Matmul, write_matmul, write_quantize


@dataclass
class Case:
    """A row of the table. `work` is in units of the limit's rate: operations,
    bytes or elements; `limit` names the rate that mx's is compared with.
    `flop` and `bytes`, operations and operands read, are those of a product; `runs`
    is how often a contestant is timed in a round."""

    name: str
    size: str
    work: float
    unit: str
    limit: str | None
    contestants: Callable[[Path], list[Contestant]]
    flop: float = 0
    bytes: float = 0
    runs: int = 10


@dataclass
class Setting:
    """Where things are."""

    build: Path
    options: list[str]

    @property
    def tool(self) -> Path:
        return self.build / "bin" / "mx-run"


def _dot(case: Matmul, limits: dict) -> str | None:
    """The instruction that the elements' products are exact in and that is fastest, if it
    is one that is measured."""
    integers = {"mxint8", "mxfp6_e2m3", "mxfp4", "nvfp4"}
    if {case.weights, case.activations} <= integers:
        return "dot_i8" if "dot_i8" in limits else None
    return "dot_bf16" if case.activations and "dot_bf16" in limits else "fma_f32"


def _matmul(setting: Setting, limits: dict, case: Matmul, *peers: str) -> Case:
    size = (case.m, case.n, case.k, f"--copies={case.copies}")
    narrow = "bf16" if "dot_bf16" in limits else "f32"
    # Of CPUs that are newer than it, OpenBLAS takes only SSE.
    openblas = {"OPENBLAS_CORETYPE": "SkylakeX"} if has_feature("avx512dq") else {}
    choice = {
        "openblas": lambda: peer("OpenBLAS f32", "openblas", *size, **openblas),
        "haswell": lambda: peer("OpenBLAS f32, Haswell", "openblas", *size, OPENBLAS_CORETYPE="Haswell"),
        "onednn f32": lambda: peer("oneDNN f32", "onednn", *size, "--type=f32"),
        # As it chooses, which is AMX where there is that, and without.
        "onednn bf16": lambda: peer("oneDNN bf16", "onednn", *size, "--type=bf16"),
        "onednn avx512": lambda: peer(
            "oneDNN bf16, no AMX", "onednn", *size, "--type=bf16", ONEDNN_MAX_CPU_ISA="AVX512_CORE_BF16"
        ),
        "iree": lambda: peer(f"IREE {narrow}", "iree", *size, f"--type={narrow}"),
    } | {
        f"ggml {kind}": lambda kind=kind: peer(
            f"ggml {kind}", "ggml", *size, f"--type={kind}", f"--folder={setting.build / 'benchmarks/ggml/bin'}"
        )
        for kind in ("mxfp4", "q8_0", "bf16")
    }  # fmt: skip

    def build(folder: Path) -> list[Contestant]:
        ours = mx_run(setting.tool, *write_matmul(case, folder), folder, *setting.options)
        return [ours, *(choice[name]() for name in peers)]

    label = f"{case.m}x{case.n}x{case.k}" + (f" x{case.copies}" if case.copies > 1 else "")
    runs = 10 if case.flop < 2e11 else 2  # The largest take seconds.
    roof = (case.flop, case.operand_bytes, runs)
    if case.m == 1:
        return Case(case.label, label, case.weight_bytes, "GB/s", "read_memory", build, *roof)
    return Case(case.label, label, case.flop, "GFLOP/s", _dot(case, limits), build, *roof)


def _minilm(setting: Setting, weights: str, batch: int, tokens: int) -> Case:
    def build(folder: Path) -> list[Contestant]:
        ids = np.random.default_rng(0).integers(1000, 20000, (batch, tokens))
        inputs = [folder / "ids.npy", folder / "mask.npy"]
        np.save(inputs[0], ids)
        np.save(inputs[1], np.ones_like(ids))
        quantized = [] if weights == "f32" else [f"--weights={weights}", "--which=weights"]
        return [
            mx_run(setting.tool, get_model(setting.build), inputs, folder, *quantized, *setting.options),
            peer("onnxruntime f32", "onnxruntime_minilm", batch, tokens),
            peer("onnxruntime int8", "onnxruntime_minilm", batch, tokens, "--int8"),
            peer("IREE f32", "iree_minilm", batch, tokens),
        ]  # fmt: skip

    return Case(f"MiniLM, {weights}", f"{batch}x{tokens} tokens", 1, "runs/s", None, build)


def _convolution(setting: Setting, weights: str, case: Convolution) -> Case:
    def build(folder: Path) -> list[Contestant]:
        quantized = [] if weights == "f32" else [f"--weights={weights}"]
        sizes = case.pixels, case.channels, case.filters, case.kernel, case.stride
        return [
            mx_run(setting.tool, *write_convolution(case, folder), folder, *quantized, *setting.options),
            peer("onnxruntime f32", "onnxruntime_convolution", *sizes),
        ]

    label = f"{case.pixels}x{case.pixels}x{case.channels}, {case.kernel}x{case.kernel}/{case.stride} to {case.filters}"
    return Case(f"convolution, {weights}", label, case.flop, "GFLOP/s", None, build)


def _quantize(setting: Setting) -> Case:
    rows, columns = 32, 1024

    def build(folder: Path) -> list[Contestant]:
        files = write_quantize(rows, columns, folder)
        return [mx_run(setting.tool, *files, folder, *setting.options)]

    return Case("quantize f32 to mxfp8", f"{rows}x{columns}", rows * columns, "Gelem/s", None, build, runs=1000)


def get_cases(setting: Setting, limits: dict, sweep: bool) -> list[Case]:
    def matmul(*sizes, peers=("openblas",), **more) -> Case:
        return _matmul(setting, limits, Matmul(*sizes, **more), *peers)

    if sweep:
        squares = [64, 100, 128, 192, 256, 333, 512, 768, 1000, 1024, 1536, 2048, 3000, 4096, 6000, 8192]
        rows = [1, 2, 3, 4, 7, 8, 16, 32, 33, 64, 128, 256, 1024, 4096]
        depths = [32, 64, 128, 512, 1024, 4096, 16384]
        shapes = [(s, s, s) for s in squares] + [(m, 2048, 2048) for m in rows]
        shapes += [(512, 512, k) for k in depths]
        return [matmul(*shape, name, name) for name in FORMATS for shape in dict.fromkeys(shapes)]
    large = (2048, 2048, 2048)
    # Of ggml's formats, those nearest to ours.
    ggml = {"mxfp4": ["ggml mxfp4"], "mxint8": ["ggml q8_0"]}
    onednn = ["onednn f32"]
    if "dot_bf16" in limits:
        onednn += ["onednn bf16", "onednn avx512"] if has_feature("amx_bf16") else ["onednn bf16"]
    cases = [
        matmul(*large, name, name, peers=["openblas", *([*onednn, "iree"] if name == "mxfp8" else ggml.get(name, []))])
        for name in FORMATS
    ]
    cases += [
        matmul(*large, "mxfp8", "mxfp8", peers=("haswell",)),
        matmul(*large, "mxfp8", "mxfp8", constant=True),
    ]

    def uncached(*sizes, constant=False, **more) -> Case:
        """Of so many copies of the weights that they come from memory."""
        one = Matmul(*sizes, constant=constant)
        copies = math.ceil(4 * get_last_cache() / one.weight_bytes)
        return matmul(*sizes, constant=constant, copies=copies, **more)

    cases += [
        uncached(8, 4096, 4096, "mxfp8", None, peers=["openblas", *onednn, "ggml bf16"]),
        uncached(8, 4096, 4096, "mxfp8", "mxfp8"),
        uncached(8, 4096, 4096, "mxfp4", None, peers=["ggml mxfp4"]),
    ]
    for name in ("mxfp8", "mxfp4", "mxint8"):
        for constant in (False, True):
            cases.append(uncached(1, 11008, 4096, name, None, constant=constant))
    cases += [_quantize(setting)]
    for shape in (Convolution(58, 64, 64, 3, 1), Convolution(9, 512, 512, 3, 1), Convolution(229, 3, 64, 7, 2)):
        # Blocks want 16 channels.
        for name in ("f32", "mxfp8", "mxint8", "mxfp4") if shape.channels >= 16 else ("f32",):
            cases.append(_convolution(setting, name, shape))
    # A long text, and as many short ones as the demo has.
    for batch, tokens in ((1, 128), (8, 24)):
        cases += [_minilm(setting, name, batch, tokens) for name in ("f32", "mxfp8", "mxint8")]
    return cases
