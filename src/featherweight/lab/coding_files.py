"""A pruned and shared network as bytes, after Deep Compression, part by part; and as a .fw file, to compare.

Source: Han et al., arXiv:1510.00149: relative indices, a codebook for each layer, Huffman codes for both streams.
Deviations: "arithmetic" replaces the Huffman codes; counts, tables, shapes and biases are in the bytes, too.
A file has for each linear layer, one part after the other:

| part      | bytes                                                                                               |
|-----------|-----------------------------------------------------------------------------------------------------|
| frame     | HEADER: rows, columns, bits of a gap, gaps, values, entries of the codebook, bytes of both streams  |
| places    | the gaps of `relative_indices`, in the width that takes least; none where no weight is zero         |
| values    | the index of each nonzero weight; float32 where nothing is shared                                   |
| codebooks | float32 values, and a byte for each symbol of both streams: its code's length, or its rough count   |
| biases    | float32                                                                                             |

The learner's functions come in as arguments, with the book's own as defaults.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor, nn

from featherweight import artifact
from featherweight.compression.arithmetic import arithmetic_decode, arithmetic_encode
from featherweight.compression.coding import canonical_code, huffman_code, huffman_decode, huffman_encode
from featherweight.compression.sparse_indices import from_relative_indices, relative_indices
from featherweight.errors import InputError
from featherweight.lab.coding_layers import SharedLinear, plain

__all__ = ["CODINGS", "FW", "PARTS", "fw_tensors", "ledger_of", "read_layers", "written"]

FW = ".fw"
CODINGS = ("fixed width", "Huffman", "arithmetic", FW)
PARTS = ("places", "values", "both in one", "codebooks", "biases", "frame")
"""A .fw file has places and values in one stream, "both in one"."""
HEADER = struct.Struct("<HHBIIHII")
WIDTHS = range(2, 9)
ORDER = ("frame", "places", "values", "codebooks", "biases")


def ledger_of(network: nn.Sequential, coding: str, **functions: Callable) -> dict[str, int]:
    """Bytes of each of PARTS. network: of SharedLinear or Linear layers. coding: one of CODINGS.

    functions: relative_indices and huffman_code, where they are not the book's.
    """
    found = dict.fromkeys(PARTS, 0)
    if coding == FW:
        for _, part, size in artifact.parts(artifact.encode(plain(network), fw_tensors(network))):
            found[{"numbers": "biases", "codebook": "codebooks", "codes": "both in one"}.get(part, "frame")] += size
        if all(isinstance(m, nn.Linear) for m in network if not isinstance(m, nn.ReLU)):  # matrices are numbers as well
            found["values"] = 4 * sum(m.weight.numel() for m in network if isinstance(m, nn.Linear))
            found["biases"] -= found["values"]
        return found
    for layer in written(network, coding, **functions):
        for part, content in layer.items():
            found[part] += len(content)
    return found


def fw_tensors(network: nn.Sequential, coding: str = "adaptive") -> dict[str, artifact.Shared]:
    """How a .fw file is to store the shared layers: name in the state of `plain(network)` → Shared."""
    return {
        f"{number}.weight": artifact.Shared(module.indices, module.codebook().detach(), coding)
        for number, module in enumerate(network)
        if isinstance(module, SharedLinear)
    }


def written(
    network: nn.Sequential,
    coding: str,
    relative_indices: Callable = relative_indices,
    huffman_code: Callable = huffman_code,
) -> list[dict[str, bytes]]:
    """Each linear layer's parts, in the order of the file: joined, they are the file."""
    if coding not in CODINGS[:-1]:
        raise InputError(f"There is no coding {coding!r}; wanted one of {', '.join(CODINGS[:-1])}.")
    layers = [module for module in network if isinstance(module, nn.Linear | SharedLinear)]
    return [_layer(module, coding, relative_indices, huffman_code) for module in layers]


def _layer(module: nn.Module, coding: str, gaps_of: Callable, code_of: Callable) -> dict[str, bytes]:
    shared = isinstance(module, SharedLinear)
    weight = module.indices.cpu() if shared else module.weight.detach().cpu()
    alive, bias = weight != 0, module.bias.detach().cpu()
    width, gaps, (places, table) = _narrowest(alive, coding, gaps_of, code_of)
    if shared:
        book = module.centroids.detach().cpu()
        values, more = _write((weight[alive] - 1).tolist(), len(book), coding, code_of)
        table = _floats(book) + table + more
    else:
        values = _floats(weight[alive])
    entries = len(module.centroids) if shared else 0
    rows, columns = weight.shape
    head = HEADER.pack(rows, columns, width, len(gaps), int(alive.sum()), entries, len(places), len(values))
    return dict(zip(ORDER, (head, places, values, table, _floats(bias)), strict=True))


def _narrowest(alive: Tensor, coding: str, gaps_of: Callable, code_of: Callable) -> tuple:
    """The width of a gap that takes least: (width, gaps, (bytes, table)); a width of 0 where nothing is pruned."""
    if alive.all():
        return 0, [], (b"", b"")
    found = []
    for width in WIDTHS:
        gaps = gaps_of(alive, width)
        found.append((width, gaps, _write(gaps, 2**width, coding, code_of)))
    return min(found, key=lambda one: len(one[2][0]) + len(one[2][1]))


def _write(symbols: Sequence[int], size: int, coding: str, code_of: Callable) -> tuple[bytes, bytes]:
    """Symbols 0 … size − 1 as (bytes, what their decoder needs besides their number)."""
    if coding == "fixed width":
        return huffman_encode(symbols, _fixed(size))[0], b""
    counts = np.bincount(np.array(symbols, int), minlength=size).tolist()
    if coding == "Huffman":
        lengths = [len(bits) for bits in code_of(counts)]
        return huffman_encode(symbols, canonical_code(lengths))[0], bytes(lengths)
    rough = [max(round(255 * count / max(counts)), 1) if count else 0 for count in counts]
    return arithmetic_encode(symbols, rough), bytes(rough)


def _fixed(size: int) -> list[str]:
    width = max((size - 1).bit_length(), 1)
    return [f"{symbol:0{width}b}" for symbol in range(size)]


def _floats(tensor: Tensor) -> bytes:
    return tensor.numpy().astype("<f4").tobytes()


def read_layers(data: bytes, coding: str) -> list[tuple[Tensor, Tensor]]:
    """(weight, bias) of each layer back from the joined parts of `written`, to the last bit.

    It trusts its bytes: the format for files of strangers is `artifact`. Raises InputError for bytes that are left.
    """
    layers, place = [], 0
    while place < len(data):
        if len(data) - place < HEADER.size:
            raise InputError(f"{len(data) - place} bytes after the last layer; wanted none. The file is damaged.")
        layer, place = _read_layer(data, place, coding)
        layers.append(layer)
    return layers


def _read_layer(data: bytes, place: int, coding: str) -> tuple[tuple[Tensor, Tensor], int]:
    rows, columns, width, gaps, count, entries, *sizes = HEADER.unpack_from(data, place)
    place += HEADER.size
    tables = [0, 0] if coding == "fixed width" else [2**width * bool(width), entries]
    streams = []
    for size in (*sizes, 4 * entries, *tables, 4 * rows):
        streams.append(data[place : place + size])
        place += size
    places, values, book, *tables, bias = streams
    alive = torch.ones(rows * columns, dtype=torch.bool)
    if width:
        alive = from_relative_indices(_read(places, tables[0], 2**width, gaps, coding), width, rows * columns)
    weight = torch.zeros(rows * columns)
    indices = _read(values, tables[1], entries, count, coding) if entries else None
    weight[alive] = _numbers(book)[indices] if entries else _numbers(values)
    return (weight.view(rows, columns), _numbers(bias)), place


def _read(data: bytes, table: bytes, size: int, count: int, coding: str) -> list[int]:
    if coding == "arithmetic":
        return arithmetic_decode(data, list(table), count)
    return huffman_decode(data, canonical_code(list(table)) if coding == "Huffman" else _fixed(size), count)


def _numbers(data: bytes) -> Tensor:
    return torch.from_numpy(np.frombuffer(data, "<f4").copy())
