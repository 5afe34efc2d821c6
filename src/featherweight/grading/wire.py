"""Questions and answers as bytes: plain JSON, and raw arrays of a declared dtype and shape. Nothing is ever unpickled.

A message is two lengths of eight bytes, a JSON text of the first length, and array bytes of the second. Whatever is
read is checked before it is believed: the other side may be hostile. Only the standard library and torch are imported,
since this file also runs inside the sandbox.

A value is one of
    null, true, false, "text"                    itself
    {"int": "12"}, {"float": "0x1.8p+1"}         a number, exactly
    {"list": [...]}, {"tuple": [...]}            a sequence of values
    {"tensor": [dtype, shape]}, {"array": …}     the next bytes of the second part, in order
    {"other": "dict"}                            a type that no exercise asks for
"""

import json
import math
import numbers

import torch

__all__ = ["DTYPES", "MAX_BYTES", "Other", "WireError", "pack", "read_message", "unpack", "write_message"]

MAX_BYTES = 64 * 2**20
"""Of one message."""

MAX_TEXT = 8 * 2**20
"""Of the JSON in a message from the other side: a Python object of a few letters takes many bytes."""

MAX_DEPTH, MAX_VALUES, MAX_DIGITS, MAX_AXES = 8, 100_000, 4_000, 8
DTYPES = {
    str(dtype).removeprefix("torch."): dtype
    for dtype in (
        *(torch.bool, torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64),
        *(torch.float16, torch.bfloat16, torch.float32, torch.float64),
    )
}


class WireError(Exception):
    """A message that is no message: cut short, too large, or not what the format says."""


def pack(value) -> tuple[object, bytes]:
    """A value as JSON data and array bytes. Types that no exercise asks for become their name."""
    arrays = []
    return _packed(value, arrays, 0), b"".join(arrays)


def _packed(value, arrays, depth):
    kind = type(value)
    if value is None or kind is bool:
        return value
    if kind is str:
        return value[:MAX_DIGITS]
    if isinstance(value, list | tuple) and depth < MAX_DEPTH:
        name = "list" if isinstance(value, list) else "tuple"
        return {name: [_packed(part, arrays, depth + 1) for part in value]}
    if isinstance(value, torch.Tensor):
        return _packed_tensor("tensor", value.detach().cpu().to_dense().resolve_neg(), arrays)
    if kind.__module__ == "numpy" and hasattr(value, "__array_interface__"):
        return _packed_array(value, arrays)
    if isinstance(value, numbers.Real):
        return _packed_number(value)
    return {"other": kind.__name__[:80]}


def _packed_number(value):
    if not isinstance(value, numbers.Integral):
        return {"float": float(value).hex()}
    whole = int(value)
    return {"int": str(whole)} if abs(whole) < 10 ** (MAX_DIGITS - 1) else {"other": "int of too many digits"}


def _packed_tensor(kind, tensor, arrays):
    name = str(tensor.dtype).removeprefix("torch.")
    if name not in DTYPES or tensor.dim() > MAX_AXES:
        return {"other": f"{kind} of {tensor.dim()} axes and {name}"}
    flat = tensor.reshape(-1).clone(memory_format=torch.contiguous_format)  # one entry may have any stride until here
    arrays.append(flat.view(torch.uint8).numpy().tobytes())
    return {kind: [name, list(tensor.shape)]}


def _packed_array(value, arrays):
    try:
        tensor = torch.as_tensor(value.copy())
    except (TypeError, ValueError):  # objects, texts, dates, bytes in the other order
        return {"other": f"array of {value.dtype}"[:80]}
    return _packed_tensor("array", tensor, arrays)


def unpack(data, blob: bytes):
    """A value from what `pack` made; an unknown type comes back as `Other`. Raises WireError for anything else."""
    reader = _Reader(memoryview(blob))
    value = reader.value(data, 0)
    if reader.place != len(blob):
        raise WireError(f"{len(blob) - reader.place} bytes that belong to no array")
    return value


class Other:
    """Stands for a value of a type that no exercise asks for."""

    def __init__(self, kind: str) -> None:
        self.kind = kind


class _Reader:
    def __init__(self, blob) -> None:
        self.blob, self.place, self.count = blob, 0, 0

    def value(self, data, depth):
        self.count += 1
        if depth > MAX_DEPTH or self.count > MAX_VALUES:
            raise WireError("a value that is too deep or has too many parts")
        if data is None or isinstance(data, bool | str):
            return data
        if not isinstance(data, dict) or len(data) != 1:
            raise WireError("a value that is none")
        [(kind, content)] = data.items()
        if kind in ("list", "tuple") and isinstance(content, list):
            parts = [self.value(part, depth + 1) for part in content]
            return parts if kind == "list" else tuple(parts)
        if kind in ("tensor", "array"):
            try:
                return self.tensor(content) if kind == "tensor" else self.tensor(content).numpy()
            except (RuntimeError, TypeError) as problem:  # a shape beyond torch, a dtype beyond numpy
                raise WireError("an array that there cannot be") from problem
        return _scalar(kind, content)

    def tensor(self, content):
        name, shape = _declared(content)
        count = math.prod(shape)
        size = count * torch.empty((), dtype=DTYPES[name]).element_size()
        if size > len(self.blob) - self.place:
            raise WireError("an array that is longer than its bytes")
        piece = self.blob[self.place : self.place + size]
        self.place += size
        if not count:
            return torch.empty(shape, dtype=DTYPES[name])
        stored = torch.uint8 if name == "bool" else DTYPES[name]  # a byte of a bool may be none
        tensor = torch.frombuffer(bytearray(piece), dtype=stored).reshape(shape)
        return tensor != 0 if name == "bool" else tensor


def _declared(content):
    if not isinstance(content, list) or len(content) != 2:
        raise WireError("an array without dtype and shape")
    name, shape = content
    if not isinstance(name, str) or name not in DTYPES:
        raise WireError("an array of an unknown dtype")
    sizes = isinstance(shape, list) and len(shape) <= MAX_AXES and all(type(n) is int and 0 <= n < 2**40 for n in shape)
    if not sizes:
        raise WireError("an array of an impossible shape")
    return name, shape


def _scalar(kind, content):
    if not isinstance(content, str) or len(content) > MAX_DIGITS:
        raise WireError("a value that is none")
    try:
        return {"int": int, "float": float.fromhex, "other": Other}[kind](content)
    except (KeyError, ValueError, OverflowError) as problem:
        raise WireError("a value that is none") from problem


def write_message(stream, content, blob: bytes = b"") -> None:
    """Write JSON data and array bytes to a binary stream."""
    text = json.dumps(content, allow_nan=False).encode()
    stream.write(len(text).to_bytes(8, "big") + len(blob).to_bytes(8, "big") + text + blob)
    stream.flush()


def read_message(stream, limit: int | None = None) -> tuple[object, bytes]:
    """Read JSON data and array bytes. Raises WireError for what is no message, EOFError at the end of the stream.

    limit: bytes of a message from a side that is not trusted, whose text may then have few parts only.
    """
    head = _exactly(stream, 16)
    sizes = [int.from_bytes(head[:8], "big"), int.from_bytes(head[8:], "big")]
    most = MAX_BYTES if limit is None else limit
    if sum(sizes) > most or (limit is not None and sizes[0] > MAX_TEXT):
        raise WireError(f"a message of {sum(sizes):,} bytes; at most {most:,} are read, {MAX_TEXT:,} of them as text")
    text, blob = (_exactly(stream, size) for size in sizes)
    if limit is not None and sum(map(text.count, (b"[", b"{", b","))) > 4 * MAX_VALUES:
        raise WireError("a message that has too many parts")
    try:
        return json.loads(text), blob
    except (ValueError, RecursionError) as problem:
        raise WireError("a message that is no JSON") from problem


def _exactly(stream, size: int) -> bytes:
    found = bytearray()
    while len(found) < size:
        piece = stream.read(min(size - len(found), 2**20))
        if not piece:
            raise EOFError("the other side closed")
        found += piece
    return bytes(found)
