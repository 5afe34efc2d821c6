"""MiniLM, a real sentence encoder (22 M parameters), from the file that a package carries: loaded, run, searched with.

all-MiniLM-L6-v2 (Apache-2.0) is a BERT of six layers (arXiv:1810.04805) distilled from a larger one (arXiv:2002.10957)
and trained to bring sentences of one meaning together (arXiv:1908.10084). A sentence becomes the mean of its tokens'
last vectors, scaled to length 1; the cosine of two sentences is a dot product.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from featherweight.errors import FileProblem
from featherweight.lab.packaged import MINILM

__all__ = ["Encoder", "Layer", "encode", "linears", "minilm", "tokenize"]

WIDTH, HEADS, LAYERS, INNER, EPSILON = 384, 12, 6, 1536, 1e-12
LONGEST, BATCH = 256, 64  # tokens of a sentence (the rest is cut off, as its authors do); sentences at once
NAMES = {  # here → in the file
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "mix": "attention.output.dense",
    "mix_norm": "attention.output.LayerNorm",
    "up": "intermediate.dense",
    "down": "output.dense",
    "down_norm": "output.LayerNorm",
}


class Layer(nn.Module):
    """Attention, then two linear layers with a GELU between them; each adds to the stream and is normalized."""

    def __init__(self) -> None:
        super().__init__()
        for name in ("query", "key", "value", "mix"):
            self.add_module(name, nn.Linear(WIDTH, WIDTH))
        self.up, self.down = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)
        self.mix_norm, self.down_norm = nn.LayerNorm(WIDTH, EPSILON), nn.LayerNorm(WIDTH, EPSILON)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """x: (sentences, tokens, 384). mask: (sentences, 1, 1, tokens), True where there is a token."""
        heads = (part(x).unflatten(-1, (HEADS, -1)).transpose(1, 2) for part in (self.query, self.key, self.value))
        seen = F.scaled_dot_product_attention(*heads, attn_mask=mask).transpose(1, 2).flatten(2)
        x = self.mix_norm(x + self.mix(seen))
        return self.down_norm(x + self.down(F.gelu(self.up(x))))


class Encoder(nn.Module):
    """Token numbers in, one vector of length 1 for each sentence out."""

    def __init__(self) -> None:
        super().__init__()
        self.words, self.places = nn.Embedding(30522, WIDTH), nn.Embedding(512, WIDTH)
        self.kind = nn.Parameter(torch.zeros(WIDTH))  # BERT can tell two sentences apart; here there is one
        self.norm = nn.LayerNorm(WIDTH, EPSILON)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))

    def forward(self, tokens: Tensor) -> Tensor:
        """tokens: (sentences, longest) int64, 0 behind the end of a sentence. Returns (sentences, 384)."""
        present = tokens != 0
        x = self.norm(self.words(tokens) + self.places.weight[: tokens.shape[1]] + self.kind)
        for layer in self.layers:
            x = layer(x, present[:, None, None])
        return F.normalize((x * present[..., None]).sum(1), dim=-1)


def minilm() -> Encoder:
    """The encoder with its packaged weights, on the CPU. Raises MissingTool (no package) or FileProblem."""
    path = MINILM.path()
    try:
        stored = load_file(path)
    except (OSError, SafetensorError) as problem:
        raise FileProblem(f"{path} cannot be read ({problem}): install {MINILM.project} again.") from problem
    state = {
        "words.weight": stored["embeddings.word_embeddings.weight"],
        "places.weight": stored["embeddings.position_embeddings.weight"],
        "kind": stored["embeddings.token_type_embeddings.weight"][0],
    }
    parts = {"norm": "embeddings.LayerNorm"}
    for number in range(LAYERS):
        parts |= {f"layers.{number}.{here}": f"encoder.layer.{number}.{there}" for here, there in NAMES.items()}
    for here, there in parts.items():
        state |= {f"{here}.{kind}": stored[f"{there}.{kind}"] for kind in ("weight", "bias")}
    with torch.device("meta"):  # no random numbers for weights that are replaced at once
        encoder = Encoder()
    encoder.load_state_dict(state, assign=True)
    return encoder.eval().requires_grad_(False)


def linears(encoder: nn.Module) -> dict[str, nn.Linear]:
    """Its 36 matrices by name, in the order in which data passes."""
    return {name: module for name, module in encoder.named_modules() if isinstance(module, nn.Linear)}


def tokenize(sentences: Sequence[str]) -> list[list[int]]:
    """Token numbers of each sentence, with the marks of its beginning (101) and end (102)."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(MINILM.path().with_name("tokenizer.json")))
    tokenizer.no_padding()
    tokenizer.enable_truncation(LONGEST)
    return [found.ids for found in tokenizer.encode_batch(list(sentences))]


@torch.no_grad()
def encode(encoder: nn.Module, sentences: Sequence[str], batch: int = BATCH) -> Tensor:
    """(sentences, 384): their vectors, in the order given, computed where the encoder is; short ones go first.

    batch: sentences at once; with 1 nothing is padded.
    """
    numbers = tokenize(sentences)
    order = sorted(range(len(numbers)), key=lambda place: len(numbers[place]))
    place = next(encoder.parameters()).device
    vectors = []
    for start in range(0, len(order), batch):
        rows = [torch.tensor(numbers[i]) for i in order[start : start + batch]]
        vectors.append(encoder(nn.utils.rnn.pad_sequence(rows, batch_first=True).to(place)))
    return torch.cat(vectors)[torch.tensor(order, device=place).argsort()]
