# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Measures mx beside what one would use instead; scripts/bench runs it."""
