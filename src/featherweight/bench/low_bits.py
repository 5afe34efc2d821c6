"""What few bits are worth in milliseconds: one layer in float32, in 8 bits two ways, in 4 bits and in 1 bit, packed.

One thread, all forms in turns, each by its fastest call (`lab.sparse_speed.fastest`). Before anything is timed, every
form must compute what it stands for: 8 and 4 bits the float layer to within their rounding, signs exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from featherweight.bench.optimizers import one_thread
from featherweight.bench.report import Row
from featherweight.compression.packed_layers import BinaryLinear, FourBitLinear
from featherweight.compression.packing import pack_signs, xnor_popcount_matmul
from featherweight.compression.quantization import dequantize, per_channel_scale, quantize
from featherweight.errors import FeatherweightError
from featherweight.lab import measure
from featherweight.lab.integer_network import IntegerLayer, integer_layers
from featherweight.lab.networks import seeded
from featherweight.lab.onnx_network import UP, eight_bit_model, float_model, session
from featherweight.lab.popcount import signs_product, words
from featherweight.lab.sparse_speed import BATCHES, SIZE, fastest, machine

__all__ = ["check_equal", "forms", "low_bit_rows"]

EIGHT_GOAL = 0.5  # of the float time at batch 64, in the same library: half, where four times fewer bytes are read
OFF = {"int8, ONNX Runtime": 0.03, "int8, torch._int_mm": 0.03, "4 bits, unpacked at every call": 0.2}
"""How far a form may be from the float layer, relative: several times the roundings of random weights in that width."""

NUMPY, PACKED = "signs, NumPy counts 64 at a time", "the same, inputs packed before"
SIGNS = ("signs, the clear form", NUMPY, PACKED)


def low_bit_rows(size: int = SIZE, rounds: int = 15) -> Iterator[Row]:
    """Milliseconds and ratios for batches of 1 and 64, bytes of each layer, and the processor.

    Raises FeatherweightError where a form computes something else.
    """
    layer, inputs = drawn(size)
    with one_thread():
        check_equal(layer, inputs)
        found = {batch: fastest(forms(layer, inputs[:batch]), rounds) for batch in BATCHES}
    for batch, seconds in found.items():
        what = f"{size}² layer, batch {batch}"
        for name, second in seconds.items():
            yield Row(f"{what}: {name}", 1000 * second, "ms")
        eight, full = seconds["int8, ONNX Runtime"], seconds["fp32, ONNX Runtime"]
        yield Row(f"{what}: ONNX Runtime, int8 ÷ fp32", eight / full, "×", EIGHT_GOAL if batch > 1 else None)
        for name in ("int8, torch._int_mm", "4 bits, unpacked at every call", NUMPY, PACKED):
            yield Row(f"{what}: {name} ÷ fp32, torch", seconds[name] / seconds["fp32, torch"], "×")
    for name, small in {"4 bits": FourBitLinear.from_linear(layer), "signs": BinaryLinear.from_linear(layer)}.items():
        share = measure.bytes_on_disk(layer) / measure.bytes_on_disk(small)
        yield Row(f"{size}² layer: bytes on disk, fp32 ÷ {name}", share, "×")
    yield Row("measured on", None, "", note=machine())


def drawn(size: int) -> tuple[nn.Linear, Tensor]:
    """A layer and 64 examples between 0 and 1, as pixels are, from seed 0."""
    with seeded(0):
        return nn.Linear(size, size).requires_grad_(False), torch.rand(max(BATCHES), size)


def forms(layer: nn.Linear, inputs: Tensor) -> dict[str, Callable[[], object]]:
    """One call of each form, in the order of the rows; weights are prepared, inputs but for one form are not."""
    float_session = session(float_model(nn.Sequential(layer)))
    eight_session = session(eight_bit_model([_integer(layer, inputs)]))
    four, one = FourBitLinear.from_linear(layer), BinaryLinear.from_linear(layer)
    pixels, codes, packed = inputs.numpy(), words(one.packed), one.packed
    ready = words(pack_signs(inputs - 0.5))
    scale = per_channel_scale(layer.weight, 8)
    weight = quantize(layer.weight, scale, 0, -127, 127).to(torch.int8).T.contiguous()
    return {
        "fp32, torch": lambda: layer(inputs),
        "fp32, ONNX Runtime": lambda: float_session.run(None, {"x": pixels}),
        "int8, ONNX Runtime": lambda: eight_session.run(None, {"x": pixels}),
        "int8, torch._int_mm": lambda: int_mm(inputs, weight, scale, layer.bias),
        "4 bits, unpacked at every call": lambda: four(inputs),
        "signs, the clear form": lambda: xnor_popcount_matmul(pack_signs(inputs - 0.5), packed, inputs.shape[1]),
        NUMPY: lambda: signs_product(words(pack_signs(inputs - 0.5)), codes, inputs.shape[1]),
        PACKED: lambda: signs_product(ready, codes, inputs.shape[1]),
    }


def int_mm(inputs: Tensor, weight: Tensor, scale: Tensor, bias: Tensor) -> Tensor:
    """Inputs rounded to int8 with one scale for each example, multiplied as integers, scaled back.

    weight: int8 (in, out). scale: (out, 1).
    """
    mine = inputs.abs().amax(1, keepdim=True).clamp(min=1e-12) / 127
    codes = (inputs / mine).round().to(torch.int8)
    return torch._int_mm(codes, weight) * (mine * scale.T) + bias


def check_equal(layer: nn.Linear, inputs: Tensor, made: Callable[..., dict] = forms) -> None:
    """Compare every form with the float layer, or signs with the product of signs. Raises FeatherweightError."""
    actions, right = made(layer, inputs), layer(inputs)
    eight = _integer(layer, inputs)
    for name, bound in OFF.items():
        found = actions[name]()
        if isinstance(found, list):
            found = dequantize(torch.from_numpy(found[0]).to(torch.int32), eight.scale_out, eight.zero_out + UP)
        apart = float((found - right).norm() / right.norm())
        _demand(apart <= bound, f"{name}: differs from the float layer by {apart:.2g} of its output; wanted {bound:g}")
    exact = F.linear(torch.where(inputs >= 0.5, 1.0, -1.0), torch.where(layer.weight >= 0, 1.0, -1.0)).to(torch.int32)
    for name in SIGNS:
        apart = int((actions[name]() != exact).sum())
        _demand(apart == 0, f"{name}: differs from the product of signs in {apart} entries; wanted none")


def _demand(holds: bool, otherwise: str) -> None:
    if not holds:
        raise FeatherweightError(f"{otherwise}. Mend it: a wrong product is not timed.")


def _integer(layer: nn.Linear, inputs: Tensor) -> IntegerLayer:
    return integer_layers(nn.Sequential(layer), inputs)[0]
