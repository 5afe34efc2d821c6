"""Writes .fw files: a traced network and how each of its tensors is stored become bytes."""

import os
import tempfile
import zlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from featherweight.artifact import adaptive, ranges
from featherweight.artifact.architecture import Traced, trace
from featherweight.artifact.codings import PACKED, pack
from featherweight.artifact.header import Graph, Node, write_graph
from featherweight.artifact.interpreter import Slot, slots
from featherweight.artifact.layout import CODED, CODING_NAMES, FORMATS, MAGIC, PLAIN, SAME, VERSION, numbers
from featherweight.artifact.reading import LIMIT, QUICK, SLOW, decode
from featherweight.artifact.stored import CODINGS, Codes, Plain, Shared, Stored, network_with, value_of
from featherweight.artifact.values import Ref, write_value, write_varint
from featherweight.artifact.weights import decode_weights, packed_names
from featherweight.errors import ArtifactProblem, InputError

__all__ = ["encode", "encode_weights", "format_of", "save"]

LONG = LIMIT // SLOW
"""Codes that the reader decodes one by one, unless it is given a larger limit."""


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


def encode_weights(network: nn.Module, stored: Mapping[str, Stored] | None = None) -> bytes:
    """The tensors of a network's state alone as the bytes of a .fw file; `weights.load_weights` gives them back.

    stored: as `encode` has it. How often batch normalization has counted is left out: it is 0 in the file. The file is
    decoded once. Raises InputError for what cannot be stored.
    """
    state = _state(network)
    packed = packed_names(state)
    nodes = tuple(Node("constant", (tuple(one.shape),)) for one in (packed, *state.values()))
    graph = Graph(nodes, Ref(0))
    names = dict(enumerate(("", *state)))
    kept = {name: one for name, one in (stored or {}).items() if name in state}
    traced = Traced(graph, slots(graph)[0], [packed, *state.values()], names)
    data = _file(traced, kept | {"": Codes(packed, 1.0, coding="raw")})
    wanted, found = network_with(network, kept).state_dict(), decode_weights(data, 8 * len(data) + 2**34)
    same = all(torch.equal(one.to(wanted[name].dtype), wanted[name].cpu()) for name, one in found.items() if one.dim())
    if list(found) != list(state) or not same:
        raise ArtifactProblem("The numbers of the network cannot be written exactly. Give its tensors as float32.")
    return data


def _state(network: nn.Module) -> dict[str, Tensor]:
    """The tensors of `state_dict`, tied ones as one, in kinds of numbers that a file has."""
    named = dict(network.named_parameters(remove_duplicate=False))
    named |= dict(network.named_buffers(remove_duplicate=False))
    zero, found = torch.tensor(0), {}
    for name in network.state_dict():
        tensor = named.get(name)
        if tensor is None or tensor.is_complex() or tensor.is_quantized or tensor.layout != torch.strided:
            raise InputError(f"The network's state has {name}, which is no plain tensor of real numbers. Take it out.")
        exact = tensor.dtype == torch.bool or tensor.is_floating_point() or tensor.dtype == torch.int64
        counter = name.endswith("num_batches_tracked")
        found[name] = zero if counter else tensor if exact else tensor.long()
    return found


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
        tensor = state[place]
        if id(tensor) in owners and tensor.numel():
            head.append(SAME)
            write_varint(head, owners[id(tensor)])
            continue
        owners[id(tensor)] = place
        name, one = _stored_for(traced, place, stored)
        _check(name, slot, one)
        writer.add(slot, one)
    body = bytes(head) + bytes(writer.body) + writer.stream()
    return body + zlib.crc32(body).to_bytes(4, "little")


def _stored_for(traced: Traced, place: int, stored: Mapping[str, Stored]) -> tuple[str, Stored]:
    """How a tensor is to be stored, under whichever of its names that was said."""
    tensor = traced.tensors[place]
    names = [name for other, name in traced.names.items() if traced.tensors[other] is tensor and name in stored]
    if not names:
        return traced.names[place], _as_it_is(tensor)
    first = stored[names[0]]
    for name in names[1:]:
        if stored[name] is not first and not torch.equal(value_of(stored[name]), value_of(first)):
            raise InputError(
                f"{names[0]} and {name} are one tensor and cannot be stored in two ways. Store one of them."
            )
    return names[0], first


def _as_it_is(tensor: Tensor) -> Plain:
    name = str(tensor.dtype).removeprefix("torch.")
    return Plain(tensor, name if name in PLAIN else "float32")


class _Body:
    """Collects what describes tensors in the header, what follows it, and what is coded adaptively at the end."""

    def __init__(self, head: bytearray) -> None:
        self.head, self.body = head, bytearray()
        self.waiting: list[tuple[list[int], tuple[int, ...]]] = []
        self.books: list[Tensor] = []

    def add(self, slot: Slot, one: Stored) -> None:
        """Describe and store one tensor."""
        if isinstance(one, Plain):
            self.head.append(PLAIN.index(one.dtype))
            self.body += numbers(one.tensor, one.dtype)
        elif isinstance(one, Codes):
            scale = torch.as_tensor(one.scale).detach().cpu().float().reshape(-1)
            codes = _whole(one.codes)
            coding = _smallest(codes, 0, slot.shape) if one.coding == "auto" else one.coding
            self._describe("codes" if len(scale) == 1 else "row codes", coding, scale)
            self.body += numbers(scale, format_of(scale))
            self._codes(codes, 0, coding, slot.shape)
        else:
            self._shared(slot, one)

    def stream(self) -> bytes:
        """The adaptive codes of all tensors."""
        return _adaptive(self.waiting) if self.waiting else b""

    def _shared(self, slot: Slot, one: Shared) -> None:
        order = torch.argsort(one.centroids.detach().cpu().float(), stable=True)
        book, indices = one.centroids.detach().cpu().float()[order], torch.argsort(order).numpy()[_whole(one.indices)]
        zero = int(book.abs().argmin()) if len(book) else 0
        coding = _smallest(indices, zero, slot.shape) if one.coding == "auto" else one.coding
        known = [place for place, other in enumerate(self.books) if torch.equal(other, book)]
        self._describe("same book" if known else "book", coding, book)
        write_varint(self.head, known[0] if known else len(book))
        if not known:
            self.books.append(book)
            self.body += numbers(book, format_of(book))
        if coding == "adaptive":
            write_value(self.body, zero, 0)
        self._codes(indices, zero, coding, slot.shape)

    def _describe(self, kind: str, coding: str, values: Tensor) -> None:
        place = CODED.index(kind) * len(FORMATS) + FORMATS.index(format_of(values))
        self.head.append(SAME + 1 + place * len(CODING_NAMES) + CODING_NAMES.index(coding))

    def _codes(self, codes: np.ndarray, zero: int, coding: str, shape: tuple[int, ...]) -> None:
        if coding == "adaptive":
            self.waiting.append(((codes - zero).tolist(), shape))
            return
        for _, data in pack(coding, codes, zero):
            self.body += data


def _whole(codes: Tensor) -> np.ndarray:
    return codes.detach().cpu().reshape(-1).numpy().astype(np.int64)


def _adaptive(waiting: Sequence[tuple[list[int], tuple[int, ...]]]) -> bytes:
    writer = ranges.Writer()
    model = adaptive.Model(writer.code)
    for values, shape in waiting:
        model.walk(values, shape)
    return writer.finish()


def _smallest(codes: np.ndarray, zero: int, shape: tuple[int, ...]) -> str:
    """The coding that takes the fewest bytes for one tensor; a long one is tried only where it is decoded soon."""
    sizes = {}
    for name in PACKED:
        if name in QUICK or codes.size <= LONG:
            with suppress(InputError):  # too many different codes for a table
                sizes[name] = sum(len(data) for _, data in pack(name, codes, zero))
    if codes.size <= LONG:
        sizes["adaptive"] = len(_adaptive([((codes - zero).tolist(), shape)]))
    return min(sizes, key=sizes.get)


def format_of(values: Tensor) -> str:
    """The shortest format that holds all of these numbers exactly."""
    for name in ("float16", "bfloat16"):
        if torch.equal(values.to(getattr(torch, name)).float(), values):
            return name
    return "float32"


def _check(name: str, slot: Slot, one: Stored) -> None:
    """Raises InputError for what cannot be stored."""
    known, said = (PLAIN, one.dtype) if isinstance(one, Plain) else (CODINGS, one.coding)
    if said not in known:
        raise InputError(f"{name} is to be stored as {said!r}; this can be {', '.join(known)}.")
    given = one.tensor if isinstance(one, Plain) else one.codes if isinstance(one, Codes) else one.indices
    if tuple(given.shape) != slot.shape:
        raise InputError(f"{name} has the shape {slot.shape}; got {tuple(given.shape)} to store for it.")
    if isinstance(one, Codes):
        _check_codes(name, slot, one)
    if isinstance(one, Shared) and given.numel() and not 0 <= given.min() <= given.max() < len(one.centroids):
        raise InputError(f"{name} has indices {given.min()} … {given.max()}; there are {len(one.centroids)} centroids.")
    given = torch.as_tensor(one.scale) if isinstance(one, Codes) else one.centroids if isinstance(one, Shared) else None
    if given is not None and torch.isinf(given).any():
        raise InputError(f"{name} has {'scales' if isinstance(one, Codes) else 'centroids'} with infinity in it.")
    value = value_of(one)
    if value.is_floating_point() and torch.isnan(value).any():
        raise InputError(f"{name} holds NaN. A network with it predicts nothing: train it again.")


def _check_codes(name: str, slot: Slot, one: Codes) -> None:
    codes, scales = one.codes, torch.as_tensor(one.scale).numel()
    if scales != 1 and (not slot.shape or scales != slot.shape[0]):
        raise InputError(f"{name} has {scales} scales; wanted 1, or one for each of its {(*slot.shape, 1)[0]} rows.")
    if not codes.numel():
        return
    low, high = float(codes.min()), float(codes.max())
    if (codes.is_floating_point() and not torch.equal(codes, codes.round())) or max(-low, high) > 2**24:
        raise InputError(f"{name} has codes from {low} to {high}; wanted whole numbers up to {2**24:,}.")
    bits = one.bits
    if bits and not (-(2 ** (bits - 1)) <= low and high < 2 ** (bits - 1)) and not (low >= 0 and high < 2**bits):
        raise InputError(f"{name} has codes from {low:.0f} to {high:.0f}, which do not fit in {bits} bits.")
