# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""magika's labels of files of many kinds, in f32 and in every recipe."""

import argparse
import json
from pathlib import Path

import numpy as np

from examples.common.mx_run import find_tools, mx_run
from examples.common.recipes import CHOICES

from .model import get_features, get_labels, get_model, run_onnxruntime
from .samples import get_samples


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=Path, default=Path("build"), help="build folder")
    parser.add_argument("--which", default="weights", choices=["all", "weights"])
    arguments = parser.parse_args()
    tool, model = find_tools(arguments.build)[1], get_model(arguments.build)
    samples, labels = get_samples(), get_labels()
    features = np.stack([get_features(content) for content in samples.values()])
    expected = run_onnxruntime(features)
    f32 = mx_run(tool, model, [features], 1).outputs[0]
    names = [labels[i] for i in expected.argmax(1)]
    print(f"magika, {len(samples)} files")
    print(f"f32 against onnxruntime: largest difference {np.abs(f32 - expected).max():.1e}")
    results = {"files": dict(zip(samples, names)), "recipes": {}}
    for choice in CHOICES:
        run = mx_run(tool, model, [features], 1, f"--which={arguments.which}", *choice.options)
        found = [labels[i] for i in run.outputs[0].argmax(1)]
        other = {f: b for f, a, b in zip(samples, names, found) if a != b}
        results["recipes"][choice.label] = {"equal": len(names) - len(other), "other": other}
        note = ", ".join(f"{f}: {label}" for f, label in other.items())
        print(f"{choice.label:16}{len(names) - len(other):4} of {len(names)} labels equal  {note}")
    path = arguments.build / "examples" / "magika.json"
    path.write_text(json.dumps(results, indent=2) + "\n")
    print(f"written: {path}")


if __name__ == "__main__":
    main()
