"""Writes .fw files: a traced network and how each of its tensors is stored become bytes."""

import os
import tempfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from featherweight.artifact import adaptive
from featherweight.artifact.architecture import Traced, trace
from featherweight.artifact.codings import pack_bits
from featherweight.artifact.header import write_graph
from featherweight.artifact.interpreter import Slot
from featherweight.artifact.layout import CODING_NAMES, FORMATS, KINDS, MAGIC, VERSION, numbers
from featherweight.artifact.reading import decode
from featherweight.artifact.stored import CODINGS, DTYPES, Codes, Plain, Shared, Stored, network_with, value_of
from featherweight.artifact.values import write_value, write_varint
from featherweight.errors import ArtifactProblem, InputError

__all__ = ["encode", "save"]


def encode(
    network: nn.Module, stored: Mapping[str, Stored] | None = None, inputs: Sequence[Tensor] | Tensor | None = None
) -> bytes:
    """A network as the bytes of a .fw file.

    stored: how to keep tensors, by their names in `network.state_dict()`; those that are not named are Plain float32.
    inputs: examples to trace a network that is no Sequential with; with them the file is decoded once, and must predict
    for them exactly what the network with these tensors predicts. Raises ArtifactProblem for a network that does not
    fit the format, InputError for what cannot be stored.
    """
    examples = (inputs,) if isinstance(inputs, Tensor) else inputs
    traced = trace(network, examples)
    wanted = {name: stored[name] for name in stored or {}}
    for name in wanted:
        if name not in traced.names.values():
            raise InputError(
                f"No tensor of the network is called {name!r}; got it in stored. Use names of state_dict()."
            )
    data = _file(traced, wanted)
    if examples is not None:
        _check_same(network_with(network, wanted), data, examples)
    return data


def save(
    path: str | os.PathLike,
    network: nn.Module,
    stored: Mapping[str, Stored] | None = None,
    inputs: Sequence[Tensor] | Tensor | None = None,
) -> int:
    """Write `encode(network, stored, inputs)` to a file, wholly or not at all; returns its bytes on disk."""
    data, path = encode(network, stored, inputs), Path(path)
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=path.name, delete=False) as stream:
            stream.write(data)
        Path(stream.name).chmod(0o644)
        Path(stream.name).replace(path)
    except OSError as problem:
        raise ArtifactProblem(
            f"{path} cannot be written: {problem.strerror}. Look at the folder and the rights."
        ) from problem
    return path.stat().st_size


def _check_same(network: nn.Module, data: bytes, examples: Sequence[Tensor]) -> None:
    with torch.no_grad():
        wanted, found = network.eval()(*examples), decode(data, 8 * len(data) + 2**34, 10**15)(*examples)
    pairs = zip(wanted, found, strict=True) if isinstance(wanted, tuple | list) else [(wanted, found)]
    if not all(torch.equal(one, other) for one, other in pairs):
        raise ArtifactProblem(
            "The network does not predict the same when it is written as a .fw file: it does something that the file "
            "does not know, such as changing a tensor in place that is used again. Write that part without."
        )


def _file(traced: Traced, stored: Mapping[str, Stored]) -> bytes:
    head = bytearray(MAGIC + bytes([VERSION]))
    write_graph(head, traced.graph)
    body, writer, state = bytearray(), _Body(head), traced.tensors
    owners: dict[int, int] = {}
    for place, slot in enumerate(traced.slots):
        name, tensor = traced.names[place], state[place]
        if id(tensor) in owners and tensor.numel():
            head.append(KINDS.index("same") << 3)
            write_varint(head, owners[id(tensor)])
            continue
        owners[id(tensor)] = place
        writer.add(name, slot, stored.get(name) or _as_it_is(tensor))
    body = bytes(head) + bytes(writer.body) + writer.stream()
    return body + zlib.crc32(body).to_bytes(4, "little")


def _as_it_is(tensor: Tensor) -> Plain:
    name = str(tensor.dtype).removeprefix("torch.")
    return Plain(tensor, name if name in DTYPES else "float32")


class _Body:
    """Collects what describes tensors in the header, what follows it, and what is coded adaptively at the end."""

    def __init__(self, head: bytearray) -> None:
        self.head, self.body = head, bytearray()
        self.waiting: list[tuple[list[int], int, int]] = []
        self.books: list[Tensor] = []

    def add(self, name: str, slot: Slot, one: Stored) -> None:
        """Describe and store one tensor."""
        _check(name, slot, one)
        if isinstance(one, Plain):
            self.head.append(KINDS.index(one.dtype) << 3)
            self.body += numbers(one.tensor, one.dtype)
        elif isinstance(one, Codes):
            self._codes(slot, one)
        else:
            self._shared(slot, one)

    def stream(self) -> bytes:
        """The adaptive codes of all tensors."""
        if not self.waiting:
            return b""
        writer = adaptive.Writer()
        for values, rows, columns in self.waiting:
            adaptive.walk(writer.code, values, rows, columns)
        return writer.finish()

    def _codes(self, slot: Slot, one: Codes) -> None:
        scale = torch.as_tensor(one.scale).detach().cpu().float().reshape(-1)
        codes = one.codes.detach().cpu().reshape(-1).numpy().astype(np.int64)
        low = int(codes.min()) if codes.size else 0
        kind = "row codes" if slot.shape and slot.shape[0] == len(scale) and len(scale) > 1 else "codes"
        coding = self._chosen(one.coding)
        low = 0 if coding == "adaptive" else low
        self.head.append(KINDS.index(kind) << 3 | CODING_NAMES.index(coding))
        write_value(self.head, low, 0)
        self._width(codes - low, coding, scale)
        self.body += numbers(scale, _format(scale))
        self._symbols(slot, codes, low, coding)

    def _shared(self, slot: Slot, one: Shared) -> None:
        indices = one.indices.detach().cpu().reshape(-1).numpy().astype(np.int64)
        book = one.centroids.detach().cpu().float()
        coding, low = self._chosen(one.coding), 0
        if coding == "adaptive":
            order = torch.argsort(book, stable=True)
            indices, book = torch.argsort(order).numpy()[indices], book[order]
            low = int(book.abs().argmin())
        known = [place for place, other in enumerate(self.books) if torch.equal(other, book)]
        self.head.append(KINDS.index("same book" if known else "book") << 3 | CODING_NAMES.index(coding))
        write_varint(self.head, known[0] if known else len(book))
        if coding == "adaptive":
            write_value(self.head, low, 0)
        self._width(indices, coding, book)
        if not known:
            self.books.append(book)
            self.body += numbers(book, _format(book))
        self._symbols(slot, indices, low, coding)

    def _width(self, symbols: np.ndarray, coding: str, values: Tensor) -> None:
        width = int(symbols.max()).bit_length() if symbols.size and coding == "raw" else 0
        self.head.append(width << 2 | FORMATS.index(_format(values)))

    def _chosen(self, coding: str) -> str:
        return "adaptive" if coding == "auto" else coding

    def _symbols(self, slot: Slot, codes: np.ndarray, low: int, coding: str) -> None:
        """Store codes whose zero is `low` (adaptive: subtracted here) or whose smallest is `low`."""
        if coding == "raw":
            symbols = codes - low
            self.body += pack_bits(symbols, int(symbols.max()).bit_length() if symbols.size else 0)
        elif codes.size:
            rows = slot.shape[0] if len(slot.shape) > 1 else 1
            self.waiting.append(((codes - low).tolist(), rows, codes.size // max(rows, 1)))


def _format(values: Tensor) -> str:
    """The shortest format that holds all of these numbers exactly."""
    for name in ("float16", "bfloat16"):
        if torch.equal(values.to(DTYPES[name]).float(), values):
            return name
    return "float32"


def _check(name: str, slot: Slot, one: Stored) -> None:
    """Raises InputError for what cannot be stored."""
    known = DTYPES if isinstance(one, Plain) else (*CODINGS, "auto")
    said = one.dtype if isinstance(one, Plain) else one.coding
    if said not in known:
        raise InputError(f"{name} is to be stored as {said!r}; this can be {', '.join(known)}.")
    given = one.tensor if isinstance(one, Plain) else one.codes if isinstance(one, Codes) else one.indices
    if tuple(given.shape) != slot.shape:
        raise InputError(f"{name} has the shape {slot.shape}; got {tuple(given.shape)} to store for it.")
    value = value_of(one)
    if value.is_floating_point() and torch.isnan(value).any():
        raise InputError(f"{name} holds NaN. A network with it predicts nothing: train it again.")
