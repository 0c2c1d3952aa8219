# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Pictures of the results, as SVG."""

import io

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt  # noqa: E402


def _svg(figure: plt.Figure) -> str:
    text = io.StringIO()
    figure.savefig(text, format="svg", bbox_inches="tight")
    plt.close(figure)
    # What stands before is for a file of its own.
    return text.getvalue()[text.getvalue().index("<svg") :]


def _ratios(rows: list[dict]) -> str:
    """A bar for every peer of every row."""
    bars = [
        (f"{row['case']} {row['size']}, {row['threads']} thr.: {peer}", ratio)
        for row in rows
        for peer, ratio in row["ratios"].items()
    ]
    figure, axes = plt.subplots(figsize=(8, 0.4 + 0.22 * len(bars)))
    axes.barh([name for name, _ in bars], [ratio for _, ratio in bars])
    axes.axvline(1, color="black", linewidth=1)
    axes.invert_yaxis()
    axes.set_xlabel("peer's time / mx's")
    axes.tick_params(axis="y", labelsize=7)
    return _svg(figure)


def _roofline(rows: list[dict], limits: dict, threads: int) -> str:
    """Rates over operations per byte, under what memory and multipliers allow."""
    figure, axes = plt.subplots(figsize=(8, 4.5))
    intensities = [2.0**power for power in range(-1, 13)]
    bandwidth = limits["read_memory"][threads]
    for kind, rates in limits.items():
        if kind != "read_memory":
            roof = [min(rates[threads], bandwidth * x) / 1e9 for x in intensities]
            axes.loglog(intensities, roof, label=f"{kind} and memory")
    for row in rows:
        axes.loglog(row["intensity"], row["flops"] / 1e9, "o", markersize=4)
        axes.annotate(f"{row['case']} {row['size']}", (row["intensity"], row["flops"] / 1e9), fontsize=6)
    axes.set_xlabel("operations per byte of operands")
    axes.set_ylabel("GFLOP/s")
    axes.legend(fontsize=7)
    return _svg(figure)


def _sizes(rows: list[dict]) -> str:
    """Rates in the order of the sizes."""
    figure, axes = plt.subplots(figsize=(8, 4.5))
    for threads in sorted({row["threads"] for row in rows}):
        own = [row for row in rows if row["threads"] == threads]
        names = [row["size"] for row in own]
        axes.plot(names, [row["flops"] / 1e9 for row in own], "o-", label=f"mx, {threads} threads")
        for peer in own[0]["ratios"]:
            rates = [row["flops"] / 1e9 / row["ratios"][peer] for row in own]
            axes.plot(names, rates, ".--", label=f"{peer}, {threads} threads")
    axes.set_ylabel("GFLOP/s")
    axes.tick_params(axis="x", rotation=90, labelsize=6)
    axes.legend(fontsize=7)
    return _svg(figure)


def draw(results: dict, sweep: bool) -> list[tuple[str, str]]:
    """Sections of the page: a title and an SVG each."""
    rows, limits = results["rows"], results["limits"]
    products = [row for row in rows if row["flops"]]
    sections = []
    if sweep:
        for case in dict.fromkeys(row["case"] for row in rows):
            sections.append((f"Sizes, {case}", _sizes([row for row in rows if row["case"] == case])))
    if any(row["ratios"] for row in rows):
        sections.append(("Ratios", _ratios(rows)))
    for threads in sorted({row["threads"] for row in products}):
        own = [row for row in products if row["threads"] == threads]
        if threads in limits["read_memory"]:
            sections.append((f"Roofline, {threads} threads", _roofline(own, limits, threads)))
    return sections
