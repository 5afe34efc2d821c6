"""Find the same verse in other words: the measure of lesson 10's sentence encoders.

A query is a verse of 1769; its document is the verse in today's English, among 2,000. The document vectors are those
of the encoder in float32 and stay, as an index does that was built once: what a compressed encoder gets wrong, it gets
wrong in reading the query.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save
from torch import Tensor, nn

from featherweight import runtime
from featherweight.errors import FileProblem
from featherweight.lab.packaged import MINILM
from featherweight.lab.sentences import encode, minilm
from featherweight.lab.verses import FILE, verses

__all__ = ["found", "index", "ranks", "reciprocal"]


def index(encoder: nn.Module | None = None) -> Tensor:
    """(2,000, 384): what the float32 encoder makes of the documents, on the CPU; 20 s of one core, once.

    encoder: float32 MiniLM where the caller has one at hand. A copy is kept in the cache folder. A damaged one, or one
    of other weights or verses, is made anew; where none can be kept, one printed line says so.
    """
    kept = runtime.cache_folder() / f"verse_vectors_{_key()}.safetensors"
    try:
        return load_file(kept)["documents"]
    except FileNotFoundError:
        pass
    except (OSError, SafetensorError, KeyError):
        print(f"{kept.name}: the copy was damaged; made anew.")
    vectors = encode(encoder or minilm(), verses().documents).cpu()
    try:
        runtime.write_atomically(kept, save({"documents": vectors}))
    except FileProblem as problem:
        print(f"{kept.name}: computed, but no copy kept. {problem}")
    return vectors


def ranks(queries: Tensor, documents: Tensor) -> Tensor:
    """(queries,) int64: how many documents are nearer to query i than document i; 0 is found.

    A vector with NaN or infinity finds nothing: its rank is the number of documents less one.
    """
    documents = documents.to(queries.device)
    scores = queries @ documents.T
    own = scores.diagonal()[:, None]
    before = (scores > own).sum(1)
    return torch.where(scores.isfinite().all(1), before, len(documents) - 1).cpu()


def found(rank: Tensor) -> Tensor:
    """(queries,) bool: whose own document came first."""
    return rank == 0


def reciprocal(rank: Sequence[int] | Tensor) -> float:
    """Mean of 1 / place, which also counts how near a miss was (mean reciprocal rank)."""
    return float((1 / (1 + torch.as_tensor(rank, dtype=torch.float64))).mean())


def _key() -> str:
    """Another name for other weights or other verses."""
    return hashlib.sha256(MINILM.sha256.encode() + FILE.read_bytes()).hexdigest()[:12]
