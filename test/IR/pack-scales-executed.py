# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# REQUIRES: python
# RUN: %python %s %t
"""Each order of docs/layouts.md is the one of its published formula: executed on
both targets with static and dynamic shapes, folded, and unpacked again."""

import pathlib
import re
import subprocess
import sys

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).parent / "Inputs"))
from scale_layouts import LAYOUTS

DOC = pathlib.Path(__file__).parents[2] / "docs" / "layouts.md"
SHAPES = [(1, 1), (3, 5), (128, 4), (130, 20), (300, 33)]
BATCH = 2


def program(layout: str, kind: str, unpack: str, constant: np.ndarray | None, rank: int) -> str:
    """Packs %s and unpacks what came out; returns both."""
    packed = "!packed"
    if constant is None:
        head, value = f"func.func @main(%s: {kind})", ""
    else:
        value = f'  %s = arith.constant dense<"0x{constant.tobytes().hex()}"> : {kind}\n'
        head = "func.func @main()"
    sizes, lines = [], ""
    if "?" in unpack:
        for dim in range(rank):
            lines += f"  %c{dim} = arith.constant {dim} : index\n  %d{dim} = tensor.dim %s, %c{dim} : {kind}\n"
            sizes.append(f"%d{dim}")
    operand = f" sizes({', '.join(sizes)})" if sizes else ""
    return (
        f"{head} -> ({packed}, {unpack}) {{\n{value}{lines}"
        f"  %p = mx.pack_scales layout = #{layout} %s : {kind} -> {packed}\n"
        f"  %u = mx.unpack_scales layout = #{layout} %p{operand} : {packed} -> {unpack}\n"
        f"  return %p, %u : {packed}, {unpack}\n}}\n"
    )


def packed_type(attribute: str, shape: tuple[int, ...], dynamic: bool) -> str:
    """The extents of the packed tensor, by enumerating the map in Python."""
    dims = re.search(r"<\((.*?)\) ->", attribute)[1].split(", ")
    results = re.search(r"-> \((.*)\), pad", attribute)[1]
    container = re.search(r"container = (\w+)", attribute)[1]
    depth, parts = 0, [""]
    for character in results:
        depth += (character == "(") - (character == ")")
        if character == "," and not depth:
            parts.append("")
        else:
            parts[-1] += character
    found = re.search(r"multiples = \[(.*)\]", attribute)
    multiples = [int(m) for m in found[1].split(",")] if found else [1] * len(shape)
    for dim, name in enumerate(dims):
        divisors = [int(d) for d in re.findall(rf"\b{name} floordiv (\d+)", results)]
        multiples[dim] = max([multiples[dim], *divisors])
    box = [-(-extent // multiple) * multiple for extent, multiple in zip(shape, multiples)]
    grid = dict(zip(dims, np.indices(box)))
    extents = [
        int(np.max(eval(part.replace("floordiv", "//").replace("mod", "%"), {}, grid))) + 1 for part in parts
    ]
    if container == "i32":
        assert extents.pop() == 4
    free = [dynamic and any(re.search(rf"\b{d} floordiv|^ *{d} *$|\b{d} \*", part) for d in dims) for part in parts]
    text = ["?" if is_free else str(extent) for extent, is_free in zip(extents, free)]
    return f"tensor<{'x'.join(text)}x{container}>"


def expected_bytes(layout: str, scales: np.ndarray) -> np.ndarray:
    batches = scales if scales.ndim == 3 else scales[None]
    size, offset = LAYOUTS[layout](*scales.shape[-2:])
    packed = np.zeros((len(batches), size), np.uint8)
    for out, batch in zip(packed, batches):
        for (r, c), byte in np.ndenumerate(batch):
            out[offset(r, c)] = byte
    return packed.reshape(-1)


def run(folder: pathlib.Path, text: str, target: str, arrays: list[np.ndarray]) -> list[np.ndarray]:
    model = folder / "model.mlir"
    model.write_text(text)
    command = ["mx-run", model, f"--target={target}"]
    for index, array in enumerate(arrays):
        np.save(folder / f"x{index}.npy", array)
        command.append(f"--input={folder / f'x{index}.npy'}")
    outputs = [folder / "packed.npy", folder / "unpacked.npy"]
    subprocess.run(command + [f"--output={path}" for path in outputs], check=True)
    return [np.load(path) for path in outputs]


def main() -> int:
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    attributes = dict(re.findall(r"^#(\w+) = (#mx.scale_layout.*)$", DOC.read_text(), re.M))
    failures = 0
    if attributes.keys() != LAYOUTS.keys():
        print(f"{DOC}: expected the layouts {sorted(LAYOUTS)}, found {sorted(attributes)}")
        failures += 1
    rng = np.random.default_rng(5)
    element = {"nv_128x4": "f8E4M3FN"}  # NVFP4's scales
    for layout, attribute in attributes.items():
        for shape in SHAPES:
            if layout == "nv_128x4":
                shape = (BATCH, *shape)
            # Bytes repeat after 256 of them; a random order tells places apart.
            scales = rng.integers(0, 256, shape).astype(np.uint8)
            expected = expected_bytes(layout, scales)
            name = element.get(layout, "f8E8M0FNU")
            static = f"tensor<{'x'.join(map(str, shape))}x{name}>"
            dynamic = f"tensor<{'?x' * len(shape)}{name}>"
            for how, target, kind, constant in (
                ("static", "reference", static, None),
                ("static", "cpu", static, None),
                ("dynamic", "reference", dynamic, None),
                ("dynamic", "cpu", dynamic, None),
                ("folded", "reference", static, scales),
            ):
                packed = packed_type(attribute, shape, how == "dynamic")
                text = f"#{layout} = {attribute}\n!packed = {packed}\n"
                text += program(layout, kind, kind, constant, len(shape))
                if how == "folded":
                    text = subprocess.run(
                        ["mx-opt", "--canonicalize"], input=text, check=True, capture_output=True, text=True
                    ).stdout
                    if "mx." in text.split("func.func")[1]:
                        print(f"{layout} {shape}: not folded")
                        failures += 1
                found = run(folder, text, target, [] if how == "folded" else [scales])
                for what, array, wanted in zip(("packed", "unpacked"), found, (expected, scales.reshape(-1))):
                    array = array.reshape(-1).view(np.uint8)
                    if array.shape != wanted.shape or not np.array_equal(array, wanted):
                        print(f"{layout} {shape} {how} {target}: {what} scales differ")
                        failures += 1
    return failures != 0


if __name__ == "__main__":
    sys.exit(main())
