# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""From an ONNX model to linalg on tensors, through torch-mlir's ONNX path."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

import onnx
import onnx.shape_inference
import onnx.version_converter

from .mx_run import find_tools

PIPELINE = (
    "builtin.module("
    "func.func(convert-torch-onnx-to-torch),"
    "torch-lower-to-backend-contract,"
    "func.func(canonicalize),"
    "torch-backend-to-linalg-on-tensors-backend-pipeline)"
)


def import_to_linalg(
    model: onnx.ModelProto, output: Path, mx_opt: Path, opset: int = 17
) -> None:
    """Writes `model` as MLIR bytecode, linalg on tensors, to `output`,
    which `mx_opt` encodes.

    Every node's name is kept as the location of its ops. The file appears
    complete or not at all.
    """
    from torch_mlir.dialects import torch as torch_dialect
    from torch_mlir.extras import onnx_importer
    from torch_mlir.ir import Context

    if model.opset_import[0].version < opset:
        model = onnx.version_converter.convert_version(model, opset)
    onnx.checker.check_model(model)
    model = onnx.shape_inference.infer_shapes(model, data_prop=True)
    with Context() as context:
        torch_dialect.register_dialect(context)
        info = onnx_importer.ModelInfo(model)
        module = info.create_module(context=context).operation
        importer = onnx_importer.NodeImporter.define_function(info.main_graph, module)
        importer.import_all()
        with tempfile.TemporaryDirectory(dir=output.parent) as name:
            _lower(module, Path(name), output, mx_opt)


def _lower(module, folder: Path, output: Path, mx_opt: Path) -> None:
    imported, text, encoded = (folder / n for n in ("torch.mlirbc", "linalg.mlir", "linalg.mlirbc"))
    with open(imported, "wb") as file:
        module.write_bytecode(file)
    opt = Path(sys.executable).parent / "torch-mlir-opt"
    # As text, since torch-mlir's bytecode is of a newer MLIR than mx's.
    lower = [str(opt), str(imported), f"--pass-pipeline={PIPELINE}"]
    subprocess.run([*lower, "--mlir-print-debuginfo", "-o", str(text)], check=True)
    subprocess.run([str(mx_opt), str(text), "--emit-bytecode", "-o", str(encoded)], check=True)
    os.replace(encoded, output)


def get_linalg(
    build: Path, name: str, make: Callable[[], onnx.ModelProto], sources: Iterable[Path]
) -> Path:
    """BUILD/examples/NAME.mlirbc, made by importing `make()` where it is missing
    or older than the files it is made from."""
    path = build / "examples" / f"{name}.mlirbc"
    requirements = Path(__file__).parents[2] / "scripts" / "requirements.txt"
    newest = max(source.stat().st_mtime for source in [*sources, Path(__file__), requirements])
    if not path.exists() or path.stat().st_mtime < newest:
        print(f"{name}: importing the model (once)", flush=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        import_to_linalg(make(), path, find_tools(build)[0])
    return path
