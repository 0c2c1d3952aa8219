# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What was measured of a case, for people and for machines."""

from dataclasses import dataclass

from .cases import Case

HEADER = ["what", "size", "threads", "mx ms", "rate", "of the limit", "peers' time / mx's"]


@dataclass
class Row:
    case: Case
    threads: int
    # The least milliseconds, by contestant; mx is the first.
    best: dict[str, float]
    limit: float | None
    compile_seconds: float | None

    @property
    def rate(self) -> float:
        return self.case.work / (1e-3 * self.best["mx"])

    @property
    def ratios(self) -> dict[str, float]:
        return {n: t / self.best["mx"] for n, t in self.best.items() if n != "mx"}

    def cells(self) -> list[str]:
        scale = 1 if self.case.unit == "runs/s" else 1e9
        return [
            self.case.name,
            self.case.size,
            str(self.threads),
            f"{self.best['mx']:.3f}",
            f"{self.rate / scale:.3g} {self.case.unit}",
            f"{self.rate / self.limit:.2f} {self.case.limit}" if self.limit else "",
            ", ".join(f"{name} {ratio:.2f}" for name, ratio in self.ratios.items()),
        ]

    def to_json(self) -> dict:
        return {
            "case": self.case.name,
            "size": self.case.size,
            "threads": self.threads,
            "milliseconds": self.best,
            "rate": self.rate,
            "unit": self.case.unit,
            "limit": self.case.limit,
            "of_limit": self.rate / self.limit if self.limit else None,
            "ratios": self.ratios,
            "flops": self.case.flop / (1e-3 * self.best["mx"]),
            "intensity": self.case.flop / self.case.bytes if self.case.bytes else None,
            "compile_seconds": self.compile_seconds,
        }
