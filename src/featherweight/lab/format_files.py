"""Every format of lesson 10 as a pair: what a weight leaves in a file, and what is read back from it.

Bytes are those of a file that `torch.save` writes (`measure.bytes_on_disk`), never of a formula.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from featherweight.compression import codebooks, formats
from featherweight.errors import InputError
from featherweight.lab.measure import bytes_on_disk

__all__ = ["FORMATS", "Format", "bits_per_weight", "decoded", "matrices", "packed_state", "through"]

NF4_BLOCK = 64


@dataclass(frozen=True)
class Format:
    """pack: float32 weights → named tensors. unpack: those → float32 of shape (numbers,), at least as many as went in.

    block: weights per scale. `pack` raises InputError for numbers that are not finite and, but for NF4, for a last
    block that is not full.
    """

    pack: Callable[[Tensor], dict[str, Tensor]]
    unpack: Callable[[Mapping[str, Tensor]], Tensor]
    block: int


def _rows(pack: Callable[[Tensor], Tensor], unpack: Callable[[Tensor], Tensor], block: int) -> Format:
    """A format of one tensor, a block in each row."""
    return Format(
        lambda weight: {"blocks": pack(formats.whole_blocks(weight, block))},
        lambda stored: unpack(stored["blocks"]),
        block,
    )


def _nf4(weight: Tensor) -> dict[str, Tensor]:
    codes, absmax = codebooks.nf4_codes(formats.whole_blocks(weight, 1), codebooks.nf4_table(), NF4_BLOCK)
    codes = F.pad(codes, (0, len(codes) % 2))
    return {"codes": codes[::2] | codes[1::2] << 4, "absmax": absmax}


def _nf4_read(stored: Mapping[str, Tensor], absmax: Tensor | None = None) -> Tensor:
    codes = torch.stack([stored["codes"] & 15, stored["codes"] >> 4], dim=1).flatten()
    absmax = stored["absmax"] if absmax is None else absmax
    return codebooks.nf4_values(codes, absmax, codebooks.nf4_table(), NF4_BLOCK)


def _double(weight: Tensor) -> dict[str, Tensor]:
    once = _nf4(weight)
    codes, scales, mean, table = codebooks.double_quantize(once["absmax"])
    return {"codes": once["codes"], "absmax": codes, "scales": scales, "mean": mean, "table": table}


def _double_read(stored: Mapping[str, Tensor]) -> Tensor:
    parts = (stored[name] for name in ("absmax", "scales", "mean", "table"))
    return _nf4_read(stored, codebooks.double_dequantize(*parts))


def _nvfp4(weight: Tensor) -> dict[str, Tensor]:
    blocks, scale = codebooks.nvfp4(weight)
    return {"blocks": blocks, "scale": scale}


FORMATS = {
    "Q8_0": _rows(formats.pack_q8_0, formats.unpack_q8_0, 32),
    "Q4_0": _rows(formats.pack_q4_0, formats.unpack_q4_0, 32),
    "NF4": Format(_nf4, _nf4_read, NF4_BLOCK),
    "NF4, double": Format(_double, _double_read, NF4_BLOCK),
    "MXFP4": _rows(codebooks.mxfp4, codebooks.unpack_mxfp4, 32),
    "NVFP4": Format(_nvfp4, lambda stored: codebooks.unpack_nvfp4(stored["blocks"], stored["scale"]), 16),
}


def through(weight: Tensor, form: str) -> Tensor:
    """The weight as it comes back from a format. Raises InputError for a name that is not in FORMATS."""
    found = _known(form)
    return found.unpack(found.pack(weight.cpu()))[: weight.numel()].view_as(weight).to(weight)


def bits_per_weight(weight: Tensor, form: str) -> float:
    """8 · bytes of the weight's own file / its numbers; a file of `torch.save` has about 1.5 kB of its own."""
    return 8 * bytes_on_disk(_known(form).pack(weight)) / weight.numel()


def matrices(network: nn.Module, tables: bool = True) -> list[str]:
    """Names of the weights of its linear layers and, with tables, of its embeddings: what formats are for.

    A weight that does not fill whole blocks of 64 is left out.
    """
    kinds = (nn.Linear, nn.Embedding) if tables else nn.Linear
    found = {f"{name}.weight": module.weight for name, module in network.named_modules() if isinstance(module, kinds)}
    return [name for name, weight in found.items() if weight.numel() % NF4_BLOCK == 0]


def packed_state(network: nn.Module, names: list[str], form: str | None, pack=None) -> dict[str, Tensor]:
    """What a file of the network holds: the named weights packed, the others as they are.

    form: a name in FORMATS; None packs nothing. pack: your own function, weight → tensor, in place of the form's.
    """
    state = {}
    for name, tensor in network.state_dict().items():
        if form is None or name not in names:
            state[name] = tensor
        elif pack:
            state[f"{name}.blocks"] = pack(tensor.cpu())
        else:
            state |= {f"{name}.{part}": piece for part, piece in _known(form).pack(tensor.cpu()).items()}
    return state


def decoded(network: nn.Module, state: Mapping[str, Tensor], form: str) -> dict[str, Tensor]:
    """The state dict of `network` that comes back from a `packed_state`."""
    found = _known(form)
    back = {}
    for name, tensor in network.state_dict().items():
        parts = {key.removeprefix(f"{name}."): part for key, part in state.items() if key.startswith(f"{name}.")}
        back[name] = found.unpack(parts).view_as(tensor).to(tensor) if parts else state[name]
    return back


def _known(form: str) -> Format:
    if form not in FORMATS:
        raise InputError(f"There is no format {form!r}; wanted one of {', '.join(FORMATS)}.")
    return FORMATS[form]
