# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Which machine a measurement was made on, and when."""

import datetime
import platform
from pathlib import Path


def describe_machine() -> str:
    """The CPU's model and the date, as in "AMD EPYC 9R14, 2026-01-31"."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    models = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    model = models[0] if models else platform.processor() or platform.machine()
    return f"{model}, {datetime.date.today().isoformat()}"
