# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Which machine a measurement was made on, and when."""

import datetime
import platform
from pathlib import Path


def _read(field: str) -> str:
    """What Linux says of the first CPU, or nothing."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith(field)), "")


def describe_machine() -> str:
    """The CPU's model and the date, as in "AMD EPYC 9R14, 2026-01-31"."""
    model = _read("model name") or platform.processor() or platform.machine()
    return f"{model}, {datetime.date.today().isoformat()}"


def has_feature(name: str) -> bool:
    """Whether the CPU has what Linux calls so."""
    return name in _read("flags").split()


def get_last_cache(default: int = 32 << 20) -> int:
    """Bytes of the first CPU's largest cache as Linux tells, or `default`."""
    sizes = Path("/sys/devices/system/cpu/cpu0/cache").glob("index*/size")
    return max((int(path.read_text().strip()[:-1]) << 10 for path in sizes), default=default)
