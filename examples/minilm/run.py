# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""MiniLM in f32 and in every block-scaled recipe: accuracy, weights, time.

Prints a table and writes the same as JSON and as an HTML page.
"""

import argparse
import html
import json
from pathlib import Path

import numpy as np

from examples.common.machine import describe_machine
from examples.common.mx_run import find_tools
from examples.common.output import print_table, write
from examples.common.page import bars, page, table

from .measure import Row, measure_all
from .model import get_model, run_onnxruntime
from .sentences import PUBLISHED, SENTENCES
from .weights import tokenize

HEADER = ["recipe", "worst cosine", "mean cosine", "weights MB", "ratio", "ms"]


def cells(row: Row) -> list[str]:
    return [
        row.label,
        f"{row.worst_cosine:.4f}",
        f"{row.mean_cosine:.4f}",
        "" if row.weight_bytes is None else f"{row.weight_bytes / 1e6:.2f}",
        "" if row.weight_ratio is None else f"{row.weight_ratio:.3f}",
        f"{row.milliseconds:.1f}",
    ]


def render(rows: list[Row], facts: str) -> str:
    quantized = [row for row in rows if row.layers]
    weighed = [row for row in rows if row.weight_bytes is not None]
    sections = [
        ("Recipes", facts + table(HEADER, [cells(row) for row in rows])),
        ("1 - worst cosine to f32", bars([(r.label, 1 - r.worst_cosine) for r in rows[1:]], "")),
        ("Linear weights", bars([(r.label, r.weight_bytes / 1e6) for r in weighed], "MB", "#2a9d6f")),
        ("Time", bars([(r.label, r.milliseconds) for r in rows], "ms", "#c77d2b")),
    ]
    for row in quantized:
        errors = [(layer["location"], float(layer["relative"])) for layer in row.layers]
        sections.append((f"Relative error per contraction, {row.label}", bars(errors, "", "#a04c9e")))
    return page("MiniLM-L6 in block-scaled formats", sections)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=Path, default=Path("build"), help="build folder")
    parser.add_argument("--output", type=Path, help="folder for results (BUILD/examples)")
    parser.add_argument("--time", type=int, default=5, help="timed runs per recipe")
    arguments = parser.parse_args()
    output = arguments.output or arguments.build / "examples"
    output.mkdir(parents=True, exist_ok=True)
    tool = find_tools(arguments.build)[1]
    model = get_model(arguments.build)
    ids, mask = tokenize(SENTENCES)
    expected = run_onnxruntime(ids, mask)
    f32, rows = measure_all(tool, model, [ids, mask], arguments.time)

    difference = float(np.abs(f32 - expected).max())
    print(f"\nMiniLM-L6, {len(SENTENCES)} sentences of up to {ids.shape[1]} tokens")
    machine = describe_machine()
    print(f"on {machine}")
    print(f"f32 against onnxruntime: largest difference {difference:.1e}")
    similarities = {}
    for (a, b), published in PUBLISHED.items():
        found = float(f32[a] @ f32[b])
        similarities[f"{a}-{b}"] = found
        print(f"similarity of sentences {a} and {b}: {found:.4f} (published {published:.4f})")
    print("\nLinear layers quantized, activations as they come:")
    print_table(HEADER, [cells(row) for row in rows])
    data = {
        "machine": machine,
        "f32_max_difference": difference,
        "similarities": similarities,
        "tokens": list(ids.shape),
        "recipes": [row.to_json() for row in rows],
    }
    write(output / "minilm.json", json.dumps(data, indent=2) + "\n")
    facts = f"<p>Measured on {html.escape(machine)}. f32 against onnxruntime: largest difference {difference:.1e}.</p>"
    write(output / "minilm.html", render(rows, facts))
    print(f"\nwritten: {output / 'minilm.json'}, {output / 'minilm.html'}")


if __name__ == "__main__":
    main()
