# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Other libraries on the same work: each prints its times in ms as a JSON list."""
