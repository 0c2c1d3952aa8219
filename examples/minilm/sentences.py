# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The sentences of the example and what was published about the first three."""

SENTENCES = [
    # sentence-transformers' quick start.
    "The weather is lovely today.",
    "It's so sunny outside!",
    "He drove to the stadium.",
    "A man is eating a piece of bread.",
    "The quick brown fox jumps over the lazy dog near the river bank while it is "
    "raining heavily in the mountains.",
    "Compilers turn programs into code.",
    "Where is the nearest train station?",
    "She sold her old bicycle to a neighbour for forty euros last Tuesday.",
]

# Similarities of the pairs (0, 1), (0, 2), (1, 2).
PUBLISHED = {(0, 1): 0.6660, (0, 2): 0.1046, (1, 2): 0.1411}
