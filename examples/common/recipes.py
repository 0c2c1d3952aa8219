# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The recipes that the examples show, as mx-run names them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Choice:
    """A format for weights and one for activations (None: f32)."""

    weights: str
    activations: str | None

    @property
    def label(self) -> str:
        if self.activations == self.weights:
            return self.weights
        return f"{self.weights} x {self.activations or 'f32'}"

    @property
    def options(self) -> list[str]:
        return [f"--weights={self.weights}", f"--activations={self.activations or 'none'}"]


FORMATS = [
    "mxfp8",
    "mxfp8_e5m2",
    "mxfp6_e2m3",
    "mxfp6_e3m2",
    "mxfp4",
    "mxint8",
    "nvfp4",
    "deepseek_fp8",
]
CHOICES = [Choice(f, f) for f in FORMATS] + [
    Choice("mxfp4", "mxfp8"),
    Choice("mxfp4", None),
]
